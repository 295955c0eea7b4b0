"""Sentences of the forecast page, made from the scores of the back-test."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from core.london.borough_map import boroughs
from core.london.forecast.view import LIKELY, ForecastKind, ForecastView
from core.london.forecasting import BASELINE, METHODS
from core.london.survey_error import interviews, score_margin
from core.london.survey_text import sampling_text
from core.presentation.numbers import number, number_word, quoted, upper_first
from core.tables.catalogue import Catalogue
from core.tables.panel import POINTS
from core.tables.quarters import months_of

TITLE = "What will trust be next?"
WHY_ROLLING = (
    "A published figure is the average of 12 months of interviews, so nine months of the next one are known already. "
    "The recommended method estimates the separate quarters, and so knows which one drops out next."
)
RANKS_NOTE = (
    "Rank 1 is the highest score. The bars show the range of ranks that is 80% likely, given the survey's sampling "
    "error and the part of the forecast error that boroughs do not share."
)
EVERY_SCORE = (
    "The last survey is that of {last}. It and the forecast are averages over the boroughs, lowest and highest are "
    "single boroughs. Measures that are no longer published are not forecast. The typical "
    "error is the mean absolute error of a borough's forecast in the back-test; skill is by how much it is smaller "
    "than that of no change."
)
BACK_TEST = (
    "For every quarter since the end of 2018 we ran each method again with only the data available at the time, then "
    "compared its forecasts of the next four quarters with what the survey later found."
)
MAP_NOTES: Mapping[ForecastKind, str] = {
    "survey": "95% intervals: {sampling}.",
    "forecast": (
        "The 80% range is where the result is expected to fall four times out of five; the back-test shows how often "
        "it did."
    ),
    "change": "Faded boroughs could equally stay the same: no change lies inside the 80% range of their forecast.",
}
FOREST_ASKED = (
    "The study drew its test rows at random from all boroughs and quarters. Other quarters of the same borough, which "
    "share its interviews, were then among the rows that it learned from. Asked to predict later "
    "quarters, which it has not seen, it does worse than guessing the average."
)
FEATURES_TRIED: Mapping[Any, str] = {
    "sqrt": "the square root of their number",
    "log2": "the logarithm of their number",
    1.0: "all",
}
AGES_LEFT_OUT = (
    "The study's forest also had force by age, which is not published for single quarters; here it is fed the "
    "logarithm of the records and the four outcome counts."
)


def headline(view: ForecastView, score: pd.Series, catalogue: Catalogue) -> str:
    """The page's answer: how much better than no change the method is, and its average error."""
    label, ahead = quoted(catalogue.label(view.measure)), quarters_ahead(view.ahead)
    error = f"{number(score['mae'] * POINTS, 1)} points on average {ahead}, in {label}"
    if view.method == BASELINE:
        return f"Assuming no change is wrong by {error}: the mark that a forecast has to beat."
    return f"The forecast is {against(score)}: it is wrong by {error}."


def against(score: pd.Series) -> str:
    """Skill against no change with its interval, as the middle of a sentence; a tie is called a tie."""
    low, high = score["skill_lower"], score["skill_upper"]
    if low <= 0 <= high:
        ends = f"skill {_per_cent(score['skill'])}, 95% interval {_per_cent(low, '')} to {_per_cent(high)}"
        return f"not clearly better than assuming no change ({ends})"
    near, far = sorted((abs(low), abs(high)))
    word = "better" if score["skill"] > 0 else "worse"
    ends = f"95% interval {_per_cent(near, '')} to {_per_cent(far)}"
    return f"{_per_cent(abs(score['skill']))} {word} than assuming no change ({ends})"


def map_note(show: ForecastKind, last: str) -> str:
    """How to read the map; `last` is the quarter of the survey."""
    return MAP_NOTES[show].format(sampling=sampling_text(last))


def meaning(score: pd.Series, baseline: pd.Series, last: str) -> str:
    """The meaning of a point of the score, and of one per cent of skill; `last` is the quarter of the survey."""
    error, asked = baseline["mae"] * POINTS, interviews(last)
    return (
        f"A point is one resident in a hundred, {asked // 100} of the {asked} asked in a borough in a year. Assuming "
        f"no change is wrong by {number(error, 1)} points on average. In {number(score['forecasts'], 0)} past "
        f"forecasts the result fell inside the {LIKELY}% range {_per_cent(score['coverage_80'])} of the time, and "
        f"inside the 95% range {_per_cent(score['coverage_95'])}."
    )


def quarters_ahead(ahead: int) -> str:
    """'one quarter ahead'."""
    return f"{number_word(ahead)} quarter{'s' if ahead > 1 else ''} ahead"


def method_text(name: str) -> str:
    """A method in a sentence: its name and what it does."""
    return f"**{METHODS[name].label}.** {METHODS[name].about}"


def coming(rows: pd.DataFrame, label: str, last: str, when: str) -> str:
    """The forecast for the average of the boroughs, in a sentence; `last` and `when` are the two quarters."""
    now, mean = rows["now"].mean() * POINTS, rows["mean"].mean() * POINTS
    moves = likely_moves(rows.assign(value=rows["mean"] - rows["now"]))
    return (
        f"For {when} the boroughs' average of {quoted(label)} is forecast at {number(mean, 0)}% (survey "
        f"of {last}: {number(now, 0)}%). {upper_first(moves)}."
    )


def likely_moves(rows: pd.DataFrame) -> str:
    """In how many boroughs a rise is likely, and in how many a fall: staying the same is outside the interval there.

    Parameters
    ----------
    rows
        ``value`` (the change) and ``clear``, a row for each borough.
    """
    rises, falls = (int((rows["clear"] & side).sum()) for side in (rows["value"] > 0, rows["value"] < 0))
    if not rises and not falls:
        return f"in no borough of {len(rows)} is a rise or a fall likely"
    return f"a rise is likely in {boroughs(rises)} of {len(rows)} and a fall in {boroughs(falls)}"


def survey_margin(share: float, quarter: str) -> str:
    """What a forecast's interval leaves out: the sampling error of a `share` of `quarter`."""
    margin = number(float(score_margin(pd.Series([share]), quarter).iloc[0]) * POINTS, 0)
    return (
        f"The ranges are for the survey of {months_of(quarter)}. Its figure has a margin of its own of about {margin} "
        f"points either way, with about {interviews(quarter)} people asked in a borough in a year. What all residents "
        "think may lie further away than the range shows."
    )


def forest_settings(settings: Mapping[str, Any]) -> str:
    """The settings of a forest that was fitted on the page."""
    return (
        f"Fitted again on this page: {settings['n_estimators']} trees of depth {settings['max_depth']}, features tried "
        f"at each split: {FEATURES_TRIED[settings['max_features']]}."
    )


def _per_cent(share: float, unit: str = "%") -> str:
    return f"{number(share * POINTS, 0)}{unit}"
