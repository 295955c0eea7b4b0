"""Sentences of the sections below the first screen: changes, force, crime, neighbourhoods, what stands out."""

from collections.abc import Mapping, Sequence

import pandas as pd

from core.london.borough.analysis import SETTLED
from core.london.borough.neighbourhoods import Neighbourhoods
from core.london.borough.stand_out import LEVEL, SINCE, YEAR
from core.london.borough.text import per_1000
from core.presentation.numbers import all_of, number, number_word, possessive, quoted, upper_first
from core.tables.catalogue import Catalogue
from core.tables.quarters import last_month, quarter_label

STANDS_OUT = "stands_out"
SECTIONS: Mapping[str, str] = {
    "changes": "What has changed since a year before, and since 2016?",
    "force": "How often do police use force?",
    "crime": "How much crime is recorded?",
    "neighbourhoods": "Where is crime recorded, and how deprived is it?",
    "similar": "Which boroughs are most like it?",
    STANDS_OUT: "What stands out, allowing for having looked at everything?",
}
CHANGES_NOTE = (
    "Each dot is a change in percentage points, each bar its 95% margin. A change in colour is larger than chance "
    "would explain. With many measures, one in twenty may look clear by chance."
)
FORCE_NOTE = (
    f"Shown from {quarter_label(SETTLED)} on, when the recording of force had settled. Each record is one officer's; "
    "several officers can record one incident. More records need not mean more force."
)
CRIME_NOTE = (
    "Crime that was reported and recorded, which is not all crime. Visitors are not counted as residents, so town "
    "centres look high. Where residents are not estimated yet, the last estimate is used."
)
NEIGHBOURHOOD_NOTE = (
    "Each area is home to about 1,700 people. Faded: not clearly different from the borough's average. Sexual "
    "offences and fraud are left out."
)
SIMILAR_NOTE = (
    "Similar in deprivation (2019), recorded crime per resident and number of residents. Trust and force play no part "
    "in the choice. The distance is in standard deviations: the smaller, the more alike."
)
STANDS_OUT_NOTE = (
    "Each figure is compared with the average of the other boroughs. Holm's method corrects for all comparisons at "
    "once: the chance of even one false alarm among them is at most 5%."
)
KIND_TEXT: Mapping[str, str] = {LEVEL: "latest figure", YEAR: "change over a year", SINCE: "change since 2016"}


def changes(rows: pd.DataFrame, borough: str) -> str:
    """How many measures changed beyond chance since 2016 and over a year; `rows` as the figure has them."""
    parts = [
        f"{_counted(rows[rows['kind'] == kind])} {when}"
        for kind, when in ((SINCE, "since 2016"), (YEAR, "in the last year"))
        if (rows["kind"] == kind).any()
    ]
    return f"{borough}: {', '.join(parts)}, beyond chance"


def _counted(rows: pd.DataFrame) -> str:
    """'6 of 8 measures fell', 'no measure changed', '2 rose and 1 fell'."""
    clear = rows[rows["highlighted"]]
    rose, fell = int((clear["points"] > 0).sum()), int((clear["points"] < 0).sum())
    if not rose and not fell:
        return "no measure changed"
    if rose and fell:
        return f"{number_word(rose)} of {number_word(len(rows))} measures rose and {number_word(fell)} fell"
    some = f"{number_word(rose or fell)} of {number_word(len(rows))}"
    count = all_of(len(rows)) if max(rose, fell) == len(rows) else some
    return f"{count} measures {'rose' if rose else 'fell'}"


def trend(table: pd.DataFrame, borough: str, what: str) -> str:
    """How a rate moved from the first to the last 12 months of `table`, in a sentence."""
    rates = table[borough].dropna()
    first, last = per_1000(rates.iloc[0]), per_1000(rates.iloc[-1])
    since, until = (f"year to {last_month(quarter)}" for quarter in rates.index[[0, -1]])
    if first == last:
        return f"{what} per 1,000 residents was as high in the {until} as in the {since}: {last}."
    moved = "rose" if rates.iloc[-1] > rates.iloc[0] else "fell"
    return f"{what} per 1,000 residents {moved} from {first} ({since}) to {last} ({until})."


def neighbourhood_note(found: Neighbourhoods) -> str:
    """How to read the map of neighbourhoods, and what its margins allow for."""
    times = number(found.dispersion, 1)
    return (
        f"{NEIGHBOURHOOD_NOTE} Margins allow for records coming in groups: from month to month counts vary {times} "
        "times as much as independent ones would."
    )


def deprivation(found: Neighbourhoods) -> str:
    """How many of the neighbourhoods are among the most deprived of England."""
    tenth, fifth = _share(found.share("tenth")), _share(found.share("fifth"))
    return (
        f"{upper_first(tenth)} of {possessive(found.borough)} neighbourhoods are in the most deprived tenth of "
        f"England, and {fifth} in the most deprived fifth (2025)."
    )


def _share(share: float) -> str:
    """'20%', 'under 1%' or 'none'."""
    return "none" if share == 0 else "under 1%" if share < 1 else f"{number(share, 0)}%"


def stands_out(rows: pd.DataFrame, borough: str, catalogue: Catalogue) -> list[str]:
    """What stands out in `borough`, a sentence each; `rows` are the comparisons of all boroughs."""
    own = rows[(rows["borough"] == borough) & rows["stands_out"]].sort_values("points", key=abs, ascending=False)
    if own.empty:
        return [f"Nothing in the survey stands out in {borough} once all comparisons are allowed for."]
    named = zip(own["measure"].map(catalogue.label), own["kind"], own["points"], strict=True)
    return [
        f"{quoted(label)}, {KIND_TEXT[kind]}: {number(abs(points), 0)} points {'above' if points > 0 else 'below'} the "
        "other boroughs' mean."
        for label, kind, points in named
    ]


def compared(rows: pd.DataFrame) -> str:
    """How many comparisons were made."""
    boroughs, measures = rows["borough"].nunique(), rows["measure"].nunique()
    return f"{number(len(rows), 0)} comparisons were made: {boroughs} boroughs on {number_word(measures)} measures."


def similar(names: Sequence[str], why: Sequence[str], borough: str) -> str:
    """Which boroughs are most like `borough`, and in what, as a list."""
    listed = [f"- **{name}**: {reason}." for name, reason in zip(names, why, strict=True)]
    return "\n".join(
        [f"Most like {borough}, the nearest first (its own figure, then the other's; crime in a quarter):", "", *listed]
    )
