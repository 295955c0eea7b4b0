"""Counts, shares and the rest of several as words, at the few where a rule of thumb breaks."""

import pytest

from core.presentation.numbers import all_of, count_is, exceeded, the_others


@pytest.mark.parametrize(
    ("count", "every", "others", "verb"),
    [
        (1, "the one", "the other", "one is"),
        (2, "both", "the other two", "2 are"),
        (5, "all five", "the other five", "5 are"),
        (1680, "all 1,680", "the other 1,680", "1,680 are"),
    ],
)
def test_counts_in_words_agree_with_what_follows(count: int, every: str, others: str, verb: str) -> None:
    assert (all_of(count), the_others(count), count_is(count)) == (every, others, verb)
    assert count_is(0) == "none is"


@pytest.mark.parametrize(
    ("share", "text"), [(0.64, "more than 64%"), (0.0, "more than 0%"), (1.0, "all"), (0.996, "all")]
)
def test_share_that_is_exceeded_is_never_more_than_all(share: float, text: str) -> None:
    assert exceeded(share) == text
