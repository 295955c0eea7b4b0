"""The first screen of the forecast page: trust in the next published figure, and how good such forecasts have been."""

from collections.abc import Sequence

import pandas as pd

from core.london.forecast.view import LIKELY
from core.presentation.numbers import number, number_word
from core.presentation.summary import Chip, Fact, Summary, some_of, source_of
from core.tables.panel import POINTS
from core.tables.quarters import last_month, months_of

OF_THE_FIGURE = (
    "A forecast is of the next published figure. Its range can be narrower than the survey's own margin, because that "
    "figure shares most of its interviews with the last."
)
CHIP_HELP = (
    "A rise or a fall counts as likely where today's figure lies outside the range that holds the next one four times "
    "in five."
)
EXACTLY = "That the next figure will be exactly as forecast: about one in five falls outside its range."
CANNOT_SAY = (
    EXACTLY,
    "Why trust will rise or fall: the forecast knows earlier survey figures and nothing else.",
    "What single residents, or groups of them, will think.",
)


def forecast_summary(
    rows: pd.DataFrame, score: pd.Series, last: str, coming: str, publishers: Sequence[str]
) -> Summary:
    """What the first screen says of trust in all boroughs.

    Parameters
    ----------
    rows
        From :func:`core.london.forecast.view.borough_outlook`.
    score
        Scores of the method in the back-test, as :func:`core.london.forecast.view.score_of` gives them.
    last, coming
        The quarters of the last survey and of the forecast.
    """
    mean = f"{number(rows['mean'].mean() * POINTS, 0)}%"
    clear = int(rows["clear"].sum())
    return Summary(
        answer=(
            f"On average over London's boroughs, trust in the Met is forecast at about {mean} for {months_of(coming)}, "
            f"{_against_last(rows)}."
        ),
        chip=_chip(clear, len(rows)),
        facts=(_likely(rows), typical_error(score), _held(score)),
        can_say=(
            f"Trust in the Met is forecast at about {mean} on average over London's boroughs for {months_of(coming)}.",
            f"Such forecasts have been off by {_error(score)} percentage points on average.",
        ),
        cannot_say=CANNOT_SAY,
        source=source_of(publishers, f"survey to {last_month(last)}"),
        below=OF_THE_FIGURE,
        chip_text=_chip_text(clear),
        chip_help=CHIP_HELP,
    )


def typical_error(score: pd.Series) -> Fact:
    """How far off such forecasts have been, against saying that nothing changes."""
    low, high, skill = score["skill_lower"], score["skill_upper"], score["skill"]
    share = f"{number(abs(skill) * POINTS, 0)}%"
    if low <= 0 <= high:
        note = "Not clearly less than by assuming no change."
    else:
        note = f"{share} {'less' if skill > 0 else 'more'} than by assuming no change."
    return Fact("Typical error so far", f"{_error(score)} points", note)


def _error(score: pd.Series) -> str:
    return number(score["mae"] * POINTS, 1)


def _against_last(rows: pd.DataFrame) -> str:
    """'close to 71% in the last survey', or 'up from 66%' where that is a point or more."""
    now, mean = (rows[name].mean() * POINTS for name in ("now", "mean"))
    before = f"{number(now, 0)}%"
    if abs(mean - now) < 1:
        return f"close to {before} in the last survey"
    return f"{'up' if mean > now else 'down'} from {before}"


def _chip(clear: int, boroughs: int) -> Chip:
    return "clear" if clear == boroughs else "depends" if clear else "none"


def _chip_text(clear: int) -> str:
    if not clear:
        return "No clear change"
    return f"Change likely in {number_word(clear)} borough{'s' if clear > 1 else ''}"


def _likely(rows: pd.DataFrame) -> Fact:
    """In how many boroughs a rise or a fall is likely, and in which, the largest first."""
    clear = rows[rows["clear"]].sort_values("change", key=abs, ascending=False)
    ways = ((clear[clear["change"] > 0], "Rise"), (clear[clear["change"] < 0], "Fall"))
    parts = [f"{word}: {some_of(part.index.tolist())}." for part, word in ways if len(part)]
    note = " ".join(parts) or "Everywhere today's figure lies in the range of the forecast."
    return Fact("Boroughs with a likely change", f"{len(clear)} of {len(rows)}", note)


def _held(score: pd.Series) -> Fact:
    note = f"Of {number(score['forecasts'], 0)} earlier forecasts; the aim is {LIKELY}%."
    return Fact("Ranges that held", f"{number(score['coverage_80'] * POINTS, 0)}%", note)
