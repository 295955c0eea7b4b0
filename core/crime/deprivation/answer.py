"""The answer on crime and deprivation by rule: for all of a place, or for one of its districts."""

from dataclasses import dataclass, replace

import pandas as pd

from core.crime.area import RELATIVE, CrimeArea, panel
from core.crime.deprivation.analysis import SCORES
from core.crime.deprivation.figures import score_steps
from core.crime.deprivation.question import crime_and_deprivation
from core.crime.deprivation.text import LABELS, OUTCOMES, per_cent
from core.questions.question import Question
from core.questions.robustness import Robustness, Tried, robustness
from core.stats.regression import ModelError

FIFTHS = 5
FEWEST = 10  # neighbourhoods of which there can be an answer


@dataclass(frozen=True)
class Answer:
    """What is found for a place, or for a district of it.

    Parameters
    ----------
    robust
        The recommended model and the others, with effects in per cent of the usual crime for ten points of the score;
        ``None`` where the neighbourhoods are too few.
    fifths
        Records per resident in the most deprived fifth of neighbourhoods, as a multiple of those in the least
        deprived; ``None`` where that cannot be said.
    neighbourhoods
        How many there are.
    """

    robust: Robustness | None
    fifths: float | None
    neighbourhoods: int


def question_in(area: CrimeArea, place: str, district: str = "") -> Question:
    """The question put to `place`, or to the neighbourhoods of one `district` of it."""
    scores = tuple(score for score in SCORES if score not in area.missing)
    lsoas = _of(area, district)
    names = tuple(lsoas["LSOA"]) if district else None
    return crime_and_deprivation(place, OUTCOMES, scores, lsoas["district"].nunique(), lsoas["MSOA"].nunique(), names)


def answer_in(area: CrimeArea, place: str, district: str = "") -> Answer:
    """The answer of the recommended model for `place` or one `district`, and whether the others agree."""
    lsoas, question = _of(area, district), question_in(area, place, district)
    if len(lsoas) < FEWEST:
        return Answer(None, None, len(lsoas))
    try:
        ((score, found),) = robustness(panel(area), question, question.recommended, LABELS).items()
    except ModelError:
        return Answer(None, None, len(lsoas))
    return Answer(_in_per_cent(area, found, score, lsoas), fifths_ratio(area, lsoas, score), len(lsoas))


def fifths_ratio(area: CrimeArea, lsoas: pd.DataFrame, score: str) -> float | None:
    """Records per resident in the most deprived fifth of `lsoas`, as a multiple of those in the least deprived."""
    fifth = pd.qcut(lsoas[score].rank(method="first"), FIFTHS, labels=False)
    sums = lsoas[["residents"]].assign(records=area.records().loc[lsoas.index]).groupby(fifth).sum()
    rates = sums["records"] / sums["residents"]
    return float(rates.iloc[-1] / rates.iloc[0]) if rates.iloc[0] > 0 else None


def _of(area: CrimeArea, district: str) -> pd.DataFrame:
    return area.lsoas[area.lsoas["district"] == district] if district else area.lsoas


def _in_per_cent(area: CrimeArea, found: Robustness, score: str, lsoas: pd.DataFrame) -> Robustness:
    """`found` with effects in per cent of the usual crime of `lsoas` for ten points more on the score."""
    frame = panel(area).frame
    means = frame.filter(like=RELATIVE).set_index(frame["LSOA"]).loc[lsoas["LSOA"]].mean()
    steps = score_steps(area, score)

    def stated(one: Tried) -> Tried:
        usual, ten = float(means.get(one.spec.outcome, 1.0)), steps[one.spec.form] / steps["count"]
        value, low, high = (
            per_cent(change / one.step * ten, one.spec, usual) for change in (one.value, one.low, one.high)
        )
        return replace(one, value=value, low=low, high=high)

    return replace(found, recommended=stated(found.recommended), others=tuple(map(stated, found.others)))
