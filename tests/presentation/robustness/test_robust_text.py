"""How many other ways of asking agree, in words that fit none, one, two and many; and which of them are counted."""

import pytest

from core.london.questions import VOCABULARY
from core.presentation.models.model_summary import clause
from core.presentation.robustness.robust_figures import robustness_picture
from core.presentation.robustness.robust_text import agreement
from core.presentation.text import curve_text
from core.questions.robustness import Robustness, Tried
from core.stats.regression import ModelSpec

SPEC = ModelSpec("score_trust", ("records",))


def judged(ways: int, agreeing: int) -> Robustness:
    """A link that depends on the choices: as many `ways` to ask besides, of which some find it too."""

    def tried(sign: int) -> Tried:
        return Tried("another way", "which years are used", -0.2, -0.4, -0.1, sign, SPEC, 0.1)

    signs = [-1] * agreeing + [0] * (ways - agreeing)
    return Robustness(SPEC, tried(-1), tuple(map(tried, signs)), (), None, "depends")


@pytest.mark.parametrize(
    ("ways", "agreeing", "said", "title"),
    [
        (0, 0, "No other way to ask could be tried.", "no variation of it could be tried"),
        (1, 1, "The one other way to ask finds the same.", "its one variation finds the same"),
        (1, 0, "The one other way to ask finds something else;", "its one variation finds something else"),
        (2, 2, "Both other ways to ask find the same.", "both of its variations find the same"),
        (2, 1, "Of two other ways to ask, one finds the same;", "1 of its 2 variations finds the same"),
        (3, 0, "All three other ways to ask find something else;", "none of its 3 variations finds the same"),
        (13, 13, "All 13 other ways to ask find the same.", "all 13 of its variations find the same"),
        (13, 11, "Of 13 other ways to ask, 11 find the same;", "11 of its 13 variations find the same"),
    ],
)
def test_agreement_counts_in_words_that_fit(ways: int, agreeing: int, said: str, title: str) -> None:
    one = judged(ways, agreeing)
    assert agreement(one).startswith(said)
    picture = robustness_picture(one, 1.0, "records", curve_text(VOCABULARY))
    assert picture.title == f"The main analysis finds a clear link; {title}"


def test_summary_says_that_variations_of_the_main_analysis_are_counted() -> None:
    one = judged(13, 11)
    said = clause({"records": one}, "force", "trust", VOCABULARY, " of it")
    assert said == "most variations of it link more force to lower trust"
    note = robustness_picture(one, 1.0, "records", curve_text(VOCABULARY)).note
    assert "Each variation changes one choice. The specification curve, for analysts, combines all choices" in note
