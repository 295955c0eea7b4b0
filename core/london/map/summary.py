"""The first screen of the borough map: in how many boroughs trust changed beyond chance in a year."""

from collections.abc import Sequence

import pandas as pd

from core.london.borough_map import BoroughMapData
from core.london.map.figures import MapView
from core.london.panel import TRUST
from core.presentation.numbers import number, number_word
from core.presentation.summary import Chip, Fact, Summary, some_of, source_of
from core.tables.quarters import last_month, months_of

CHANGE = MapView(TRUST, kind="change")
NO_YEAR = "These figures do not reach back a year, so nothing can be said about change."
CHIP_HELP = (
    "A change counts as clear if it is larger than chance would explain, allowing for a look at all boroughs at once."
)
CANNOT_SAY = (
    "Why trust rose or fell: the survey does not show causes.",
    "That one borough is ahead of a neighbour: most are too close to tell apart.",
    "That trust stayed the same in the other boroughs: a small change could go unnoticed.",
)


def map_summary(change: BoroughMapData, view: MapView, level: BoroughMapData, publishers: Sequence[str]) -> Summary:
    """What the first screen says of trust in all boroughs.

    Parameters
    ----------
    change
        The change of trust over a year; `view` has its quarters.
    level
        Trust in the last quarter.
    """
    source = source_of(publishers, months_of(view.quarter))
    if view.since == view.quarter:
        return Summary(NO_YEAR, "cannot_tell", (_ends(level, view),), (NO_YEAR,), CANNOT_SAY[:1], source)
    rose, fell = moved(change, 1), moved(change, -1)
    answer = _answer(rose, fell, view)
    chip: Chip = "clear" if rose or fell else "none"
    total = len(change.rows)
    return Summary(
        answer=answer,
        chip=chip,
        facts=(
            _counted("Boroughs where trust rose", rose, total),
            _counted("Boroughs where trust fell", fell, total),
            _ends(level, view),
        ),
        can_say=(answer, _named(rose, fell)) if rose or fell else (answer,),
        cannot_say=CANNOT_SAY,
        source=source,
        below="Rises and falls are counted only where they are beyond chance, allowing for a look at all boroughs.",
        chip_text="Clear change" if chip == "clear" else "No clear change",
        chip_help=CHIP_HELP,
    )


def moved(change: BoroughMapData, sign: int) -> list[str]:
    """Boroughs with a rise (`sign` 1) or a fall (-1) beyond chance, the largest first."""
    rows = change.rows[change.rows["clear"] & (change.rows["value"] * sign > 0)]
    return rows.sort_values("value", key=abs, ascending=False)["borough"].tolist()


def _answer(rose: list[str], fell: list[str], view: MapView) -> str:
    start = f"Over the year to {last_month(view.quarter)}, trust in the Met"
    if not rose and not fell:
        return f"{start} changed beyond chance in no London borough."
    parts = [f"{word} in {_boroughs(names)}" for word, names in (("rose", rose), ("fell", fell)) if names]
    other = "" if rose and fell else f" and {'rose' if fell else 'fell'} in none"
    return f"{start} {' and '.join(parts)}{other}, by more than chance would explain."


def _boroughs(names: list[str]) -> str:
    return f"{number_word(len(names))} borough{'s' if len(names) > 1 else ''}"


def _counted(label: str, names: list[str], total: int) -> Fact:
    return Fact(label, f"{len(names)} of {total}", f"{some_of(names)}." if names else "None beyond chance.")


def _named(rose: list[str], fell: list[str]) -> str:
    """The sentence that names the boroughs."""
    parts = [f"{word} in {some_of(names)}" for word, names in (("It rose", rose), ("It fell", fell)) if names]
    return f"{'. '.join(parts)}."


def _ends(level: BoroughMapData, view: MapView) -> Fact:
    rows: pd.DataFrame = level.rows.sort_values("value", ascending=False)
    highest, lowest = rows.iloc[0], rows.iloc[-1]
    return Fact(
        "Highest and lowest trust",
        f"{number(highest['value'], 0)}% and {number(lowest['value'], 0)}%",
        f"{highest['borough']} and {lowest['borough']}, {months_of(view.quarter)}.",
    )
