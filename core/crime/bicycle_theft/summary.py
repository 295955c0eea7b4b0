"""The first screen on bicycle theft: where it is rarer, or where the district chosen stands."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from core.crime.area import PER_RESIDENTS, CrimeArea
from core.crime.bicycle_theft.figures import campus_figure
from core.crime.rate_figures import clear_count
from core.crime.summary import NOT_UNREPORTED, beyond_chance, rank_fact, rate_note, source, times, with_chip
from core.crime.text import rate, the
from core.presentation.charts import Figure
from core.presentation.numbers import number, upper_first
from core.presentation.summary import Fact, Summary

NOT_CHANCE = "How likely it is that a bicycle is stolen: nobody counts how many are parked where."
NOT_SAFE = "That a neighbourhood without a theft is safe: it may have few bicycles, or have been lucky."
NOT_SAID = (NOT_CHANCE, NOT_SAFE, NOT_UNREPORTED)
CAMPUS_NOTE = (
    "Each dot is a rate, the bar where it very likely lies. Distances are in a straight line. Each step along the axis "
    "multiplies."
)
THEFTS = "bicycle thefts per resident"


def not_counted(area: CrimeArea, publishers: Sequence[str]) -> Summary:
    """The first screen of a place whose police do not publish bicycle theft by itself."""
    answer = f"The figures of {the(area.name)} do not count bicycle theft by itself; choose another place."
    return Summary(answer, "cannot_tell", (), (answer,), NOT_SAID, source(publishers, area))


def summary(
    rates: pd.DataFrame,
    shares: pd.DataFrame,
    bands: pd.DataFrame | None,
    area: CrimeArea,
    district: str,
    publishers: Sequence[str],
) -> Summary:
    """The first screen.

    Parameters
    ----------
    rates, shares
        Of bicycle theft, from ``shrunk_rates`` per resident and from ``district_shares``.
    bands
        Profile by distance to the nearest campus; ``None`` where the place has none.
    district
        Empty for all of them.
    """
    ordered = shares.sort_values("per_1000", ascending=False, ignore_index=True)
    at = int(ordered.index[ordered["district"] == district][0]) if district else len(ordered) - 1
    clear = beyond_chance(ordered["ratio"], ordered["ratio_low"], ordered["ratio_high"])
    place = the(area.name)
    if district and len(ordered) > 1:
        answer, differs = _of_district(ordered.iloc[at], place, bool(clear[at])), bool(clear[at])
    elif bands is not None:
        answer, differs = _by_distance(bands, place)
    else:
        answer, differs = _by_district(ordered, place, bool(clear[at]))
    own = rates[rates["district"] == district] if district else rates
    found = Summary(
        answer=answer,
        chip="none",
        facts=(_rate_fact(ordered, at, district, place), _rank(ordered, at, district), _above(own)),
        can_say=(answer, _quotable(ordered, at, district, place, area.period)),
        cannot_say=NOT_SAID,
        source=source(publishers, area),
    )
    return with_chip(found, differs)


def campus_picture(bands: pd.DataFrame, place: str, period: str) -> Figure:
    """Thefts per resident by distance to the nearest campus, said for anyone."""
    drawn = campus_figure(bands, period)
    title = f"{place}: bicycle thefts are most frequent near a university campus"
    if not bands["per_1000_residents"].iloc[0] > bands["per_1000_residents"].iloc[1:].max():
        title = f"{place}: bicycle thefts by distance to a university campus"
    return replace(drawn, charts=drawn.charts[:1], title=title, note=CAMPUS_NOTE, side_by_side=False)


def _of_district(row: pd.Series, place: str, clear: bool) -> str:
    if not clear:
        return f"In {row['district']}, {THEFTS} are too close to the average of {place} to call."
    return f"{row['district']} had {_as_many(row['ratio'])} {THEFTS} as {place} as a whole."


def _by_distance(bands: pd.DataFrame, place: str) -> tuple[str, bool]:
    """Whether thefts are fewer far from a campus."""
    near, far = bands.iloc[0], bands.iloc[-1]
    if near["per_1000_residents_low"] > far["per_1000_residents_high"]:
        ratio = near["per_1000_residents"] / far["per_1000_residents"]
        many = f"police record {times(ratio)} as many {THEFTS} as far from one"
        return f"Away from universities: near a campus in {place}, {many}.", True
    return f"Whether {THEFTS} in {place} are fewer away from universities is too close to call.", False


def _as_many(ratio: float) -> str:
    return f"{times(ratio)} as many"


def _by_district(ordered: pd.DataFrame, place: str, clear: bool) -> tuple[str, bool]:
    if len(ordered) == 1:
        return f"No neighbourhood of {place} can be called the safest for a bicycle.", False
    if not clear:
        return f"No district of {place} has clearly fewer {THEFTS} than the others.", False
    return f"Of the districts of {place}, {ordered['district'].iloc[-1]} had the fewest {THEFTS}.", True


def _average(ordered: pd.DataFrame) -> float:
    return float(ordered["records"].sum() / ordered["residents"].sum() * PER_RESIDENTS)


def _rate_fact(ordered: pd.DataFrame, at: int, district: str, place: str) -> Fact:
    average, label = rate(_average(ordered)), "Bicycle thefts per 1,000 residents"
    if not district:
        thefts = f"{number(ordered['records'].sum(), 0)} recorded thefts."
        return Fact(f"{label}, {place}", average, thefts)
    row = ordered.iloc[at]
    note = rate_note(row["low"], row["high"], f"{upper_first(place)}: {average}.")
    return Fact(f"{label}, {district}", rate(row["per_1000"]), note)


def _rank(ordered: pd.DataFrame, at: int, district: str) -> Fact:
    if district:
        return rank_fact(district, at, len(ordered))
    top = ordered.iloc[0]
    return Fact("Highest district", str(top["district"]), f"{rate(top['per_1000'])} per 1,000 residents.")


def _above(rates: pd.DataFrame) -> Fact:
    above, _ = clear_count(rates)
    return Fact(
        "Neighbourhoods clearly above average", f"{above:,} of {len(rates):,}", "Most of the rest cannot be ranked."
    )


def _quotable(ordered: pd.DataFrame, at: int, district: str, place: str, period: str) -> str:
    value = ordered["per_1000"].iloc[at] if district else _average(ordered)
    return f"In {period}, {district or place} had {rate(float(value))} recorded bicycle thefts per 1,000 residents."
