"""Keys of what is kept for all: the same for equal arguments, however they came about, and for no others."""

import gc
import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.app.keys import kept, key
from core.catalogue import catalogue
from core.london import london_panel
from core.panel import Panel
from core.questions import LONDON_OUTCOMES, RECOMMENDED
from core.regression import fit

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.tuples(inner, inner) | st.lists(inner, max_size=3).map(tuple),
    max_leaves=8,
)
SPEC = LONDON_OUTCOMES.presets[RECOMMENDED]


def test_how_much_is_kept_can_be_told() -> None:
    assert kept({}) == 1000
    assert kept({"EXPLORER_KEPT": "100"}) == 100


@pytest.mark.parametrize("told", ["", "0", "-5", "many", "1.5", "²", "٣"])
def test_what_is_no_number_of_results_is_refused_by_name(told: str) -> None:
    with pytest.raises(ValueError, match="EXPLORER_KEPT says how many results are kept"):
        kept({"EXPLORER_KEPT": told})


@given(PLAIN, PLAIN)
def test_a_key_tells_values_apart(one: object, other: object) -> None:
    assert (key((one,)) == key((other,))) == (repr(one) == repr(other))


@given(PLAIN)
def test_equal_values_have_one_key_whether_they_are_one_object_or_two(value: object) -> None:
    again = pickle.loads(pickle.dumps(value))
    assert key((value, value)) == key((value, again)) == key((again, value))


def test_a_model_and_what_it_found_are_told_by_what_they_hold() -> None:
    found = fit(london_panel(), SPEC, wild=False)
    assert key((found, SPEC)) == key((pickle.loads(pickle.dumps(found)), replace(SPEC)))
    assert key((SPEC,)) != key((replace(SPEC, lag=SPEC.lag + 1),))


@pytest.mark.parametrize("row", [0, 59_999])
def test_a_large_table_is_told_by_every_row(row: int) -> None:
    rows = pd.DataFrame({"area": [f"area {at}" for at in range(60_000)], "crimes": np.arange(60_000.0)})
    other = rows.assign(crimes=rows["crimes"].where(rows.index != row, -1.0))
    assert key((rows,)) == key((rows.copy(),)) != key((other,))
    assert key((rows,)) != key((rows.rename(columns={"crimes": "thefts"}),))


def test_large_objects_that_all_share_are_told_by_which_one_it_is() -> None:
    one, other = (Panel(london_panel().frame.head(40)) for _ in range(2))
    assert key((one,)) == key((one,)) != key((other,))
    assert len(key((one,))) < 200
    before = key((other,))
    del other
    gc.collect()
    assert key((Panel(one.frame),)) != before  # not even where it lies in the same place


def test_words_are_told_by_their_version_and_studies() -> None:
    words = catalogue()
    assert key((words,)) == key((replace(words),)) != key((replace(words, version="another"),))
    assert key((words.of("london"),)) != key((words,))
