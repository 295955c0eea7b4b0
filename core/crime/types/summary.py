"""The first screen on types of crime: which is most common, and what stands out in the place or district chosen."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from core.crime.area import EVERYWHERE, CrimeArea
from core.crime.summary import BY_CHANCE, NOT_PEOPLE, NOT_UNREPORTED, beyond_chance, source, times, with_chip
from core.crime.text import the, type_inside
from core.crime.types.figures import shares_of_types_figure
from core.crime.types.text import several, shown_area
from core.presentation.charts import Figure
from core.presentation.numbers import number, upper_first
from core.presentation.summary import Fact, Summary
from core.tables.panel import POINTS

NOT_AMOUNT = "How much crime there is: a high share of one type may only mean that other types are low."
SAME, SAME_MEANS = "Same everywhere", "The most common type is the same in all districts."
DIFFERS, DIFFERS_MEANS = "Differs by district", "Districts differ in which type is most common."
PICTURE_NOTE = "Each bar is a share of all recorded crime; the line on it shows where the share very likely lies."
MOST = 3


def summary(
    compositions: pd.DataFrame, quotients: pd.DataFrame, area: CrimeArea, district: str, publishers: Sequence[str]
) -> Summary:
    """The first screen.

    Parameters
    ----------
    compositions, quotients
        From :mod:`core.crime.types.design_effects`.
    district
        Empty for all of them.
    """
    line = source(publishers, area)
    shares = compositions[compositions["area"] == shown_area(quotients, district)]
    if shares.empty:
        return _nothing(district or the(area.name), line)
    if not several(quotients):
        return _one_district(shares, area, line)
    clear = beyond_chance(quotients["quotient"], quotients["low"], quotients["high"])
    own = quotients["area"] == district if district else pd.Series(True, quotients.index)
    common = quotients[own & clear & (quotients["quotient"] > 1)].sort_values("low")
    where = district or the(area.name)
    answer = _of_district(shares, common, district) if district else _of_all(compositions, area)
    found = Summary(
        answer=answer,
        chip="none",
        facts=(_most(shares, where), _unusual(common, district), _count(clear[own], district)),
        can_say=(answer, _quotable(shares, where, area.period)),
        cannot_say=(NOT_AMOUNT, NOT_PEOPLE, NOT_UNREPORTED),
        source=line,
    )
    return with_chip(found, len(common) > 0) if district else _with_sameness(found, compositions)


def picture(compositions: pd.DataFrame, area: str, period: str) -> Figure:
    """The share of each type in `area`, said for anyone."""
    top = compositions[compositions["area"] == area].iloc[0]
    drawn = shares_of_types_figure(compositions, area, period)
    title = f"{area}: {_whole(top['share'])} of recorded crime is {type_inside(top['crime_type'])}"
    marks = f" Triangles: {EVERYWHERE.lower()} together." if "Triangles" in drawn.note else ""
    return replace(drawn, title=title, note=f"{PICTURE_NOTE}{marks}")


def _of_district(shares: pd.DataFrame, common: pd.DataFrame, district: str) -> str:
    first = type_inside(shares["crime_type"].iloc[0])
    if common.empty:
        return f"In {district}, the most common type of crime is {first}; no type clearly stands out."
    top = common.iloc[-1]
    return (
        f"In {district}, the most common is {first}; {type_inside(top['crime_type'])} is {_as_common(top['quotient'])} "
        "as usual."
    )


def _of_all(compositions: pd.DataFrame, area: CrimeArea) -> str:
    firsts = _firsts(compositions)
    name, count = firsts.iloc[0], firsts.nunique()
    if count > 1:
        top = compositions.loc[compositions["area"] == EVERYWHERE, "crime_type"].iloc[0]
        return f"In {the(area.name)}, the most common type of crime is {type_inside(top)}, but not in every district."
    return f"{upper_first(type_inside(name))} is the most common type of crime in every district of {the(area.name)}."


def _firsts(compositions: pd.DataFrame) -> pd.Series:
    """The most common type of each district."""
    return compositions[compositions["kind"] == "district"].groupby("area")["crime_type"].first()


def _with_sameness(found: Summary, compositions: pd.DataFrame) -> Summary:
    if _firsts(compositions).nunique() == 1:
        return replace(found, chip="clear", chip_text=SAME, chip_help=SAME_MEANS)
    return replace(found, chip="depends", chip_text=DIFFERS, chip_help=DIFFERS_MEANS)


def _one_district(shares: pd.DataFrame, area: CrimeArea, line: str) -> Summary:
    """The first screen of a place of one district: its types, with nothing to compare them with."""
    place, first = the(area.name), shares.iloc[0]
    answer = f"In {place}, the most common type of crime is {type_inside(first['crime_type'])}."
    facts = tuple(
        Fact(str(row["crime_type"]), _whole(row["share"]), "Share of recorded crime.")
        for _, row in shares.head(MOST).iterrows()
    )
    found = Summary(
        answer=answer,
        chip="none",
        facts=facts,
        can_say=(answer, _quotable(shares, place, area.period)),
        cannot_say=(NOT_AMOUNT, NOT_PEOPLE, NOT_UNREPORTED),
        source=line,
    )
    return with_chip(found, bool((first["low"] > shares["high"].iloc[1:]).all()))


def _nothing(where: str, line: str) -> Summary:
    """The first screen where no crime is recorded at all."""
    sentence = f"In {where}, these figures hold no recorded crime to compare."
    return Summary(sentence, "cannot_tell", (), (sentence,), (NOT_PEOPLE, NOT_UNREPORTED), line)


def _most(shares: pd.DataFrame, where: str) -> Fact:
    top = shares.iloc[0]
    return Fact(
        f"Most common: {type_inside(top['crime_type'])}", _whole(top["share"]), f"Of recorded crime in {where}."
    )


def _unusual(common: pd.DataFrame, district: str) -> Fact:
    if common.empty:
        return Fact("What stands out", "Nothing", f"{BY_CHANCE}: all differences from the other districts.")
    top = common.iloc[-1]
    place = "" if district else f" in {top['area']}"
    label = f"Stands out most: {type_inside(top['crime_type'])}{place}"
    return Fact(label, times(top["quotient"]).capitalize(), "As large a share as in all districts together.")


def _count(clear: pd.Series, district: str) -> Fact:
    label = f"Types clearly more or less common in {district}" if district else "Shares that clearly differ"
    return Fact(label, f"{int(clear.sum())} of {len(clear)}", "After allowing for looking at all of them.")


def _quotable(shares: pd.DataFrame, where: str, period: str) -> str:
    top = shares.iloc[0]
    return f"In {where}, {_whole(top['share'])} of recorded crime in {period} was {type_inside(top['crime_type'])}."


def _as_common(quotient: float) -> str:
    """'twice as common', '2.1 times as common'."""
    return f"{times(quotient)} as common"


def _whole(share: float) -> str:
    return f"{number(share * POINTS, 0)}%"
