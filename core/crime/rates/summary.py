"""The first screen on rates of crime: which district has most per resident, or where the chosen one stands."""

from collections.abc import Sequence

import pandas as pd

from core.crime.area import PER_RESIDENTS, CrimeArea
from core.crime.lsoa_rates import worst
from core.crime.summary import (
    NOT_PEOPLE,
    NOT_RISK,
    NOT_UNREPORTED,
    TWICE,
    beyond_chance,
    compared,
    rank_fact,
    rate_note,
    source,
    times,
    with_chip,
)
from core.crime.text import Scope, rate, the
from core.presentation.numbers import number, number_word, upper_first
from core.presentation.summary import Fact, Summary
from core.tables.panel import POINTS

CENTRES = "City centres have many visitors and few residents. Rates there are high whatever the risk of one person."
NOT_SAID = (NOT_RISK, NOT_PEOPLE, NOT_UNREPORTED)


def summary(
    shares: pd.DataFrame, rates: pd.DataFrame, area: CrimeArea, scope: Scope, district: str, publishers: Sequence[str]
) -> Summary:
    """The first screen.

    Parameters
    ----------
    shares, rates
        From :func:`core.crime.district_rates.district_shares` and :func:`core.crime.lsoa_rates.shrunk_rates`.
    district
        Empty for all of them.
    """
    ordered = shares.sort_values("per_1000", ascending=False, ignore_index=True)
    line = source(publishers, area)
    if len(ordered) == 1:
        return _one_district(ordered.iloc[0], rates, scope, line)
    clear = beyond_chance(ordered["ratio"], ordered["ratio_low"], ordered["ratio_high"])
    at = int(ordered.index[ordered["district"] == district][0]) if district else 0
    row, own = ordered.iloc[at], rates[rates["district"] == district] if district else rates
    answer = _of_district(row, scope, bool(clear[at])) if district else _of_all(ordered, scope, bool(clear[at]))
    found = Summary(
        answer=answer,
        chip="none",
        facts=(_rate_fact(row, _whole(ordered, scope), scope), _order(ordered, at, district), _highest(own, scope)),
        can_say=(
            answer,
            f"{row['district']} had {rate(row['per_1000'])} {scope.records} per 1,000 residents in {scope.period}.",
        ),
        cannot_say=NOT_SAID,
        source=line,
        below=CENTRES,
    )
    return with_chip(found, bool(clear[at]))


def _whole(ordered: pd.DataFrame, scope: Scope) -> str:
    """'The West Midlands as a whole: 101.'"""
    average = ordered["records"].sum() / ordered["residents"].sum() * PER_RESIDENTS
    return f"{upper_first(the(scope.place))} as a whole: {rate(average)}."


def _order(ordered: pd.DataFrame, at: int, district: str) -> Fact:
    if district:
        return rank_fact(district, at, len(ordered))
    last = ordered.iloc[-1]
    return Fact("Lowest district", str(last["district"]), f"{rate(last['per_1000'])} per 1,000 residents.")


def _of_district(row: pd.Series, scope: Scope, clear: bool) -> str:
    """'Coventry recorded 6% less crime per resident than the West Midlands as a whole.'"""
    place = the(scope.place)
    if not clear:
        return (
            f"{upper_first(scope.crime)} per resident in {row['district']} is too close to the average "
            f"of {place} to call."
        )
    size = compared(row["ratio"], f"{scope.crime} per resident", f"{place} as a whole")
    return f"{row['district']} had {size}."


def _of_all(ordered: pd.DataFrame, scope: Scope, clear: bool) -> str:
    top, place = ordered.iloc[0], the(scope.place)
    if not clear:
        return f"No district of {place} clearly stands out by {scope.crime} per resident."
    return (
        f"{top['district']} had the most {scope.crime} per resident of the {number_word(len(ordered))} districts of "
        f"{place}: {_against(top['ratio'])} the average."
    )


def _against(ratio: float) -> str:
    """'13% above', '3.8 times'."""
    return times(ratio) if ratio >= TWICE else f"{number((ratio - 1) * POINTS, 0)}% above"


def _one_district(row: pd.Series, rates: pd.DataFrame, scope: Scope, line: str) -> Summary:
    """The first screen of a place of one district, in which only neighbourhoods can be compared."""
    place, top = the(scope.place), worst(rates, 1).iloc[0]
    answer = (
        f"In {place}, the neighbourhood with the most {scope.crime} had {times(top['ratio'])} the average per resident."
    )
    highest = worst(rates, 1, "records").iloc[0]
    found = Summary(
        answer=answer,
        chip="none",
        facts=(
            _rate_fact(row, "", scope),
            _highest(rates, scope),
            Fact("Most in number", number(highest["records"], 0), f"{scope.records} in {highest['LSOA']}."),
        ),
        can_say=(answer,),
        cannot_say=NOT_SAID,
        source=line,
        below=CENTRES,
    )
    return with_chip(found, bool(beyond_chance(*_ratios(rates))[rates["LSOA"] == top["LSOA"]].any()))


def _ratios(rates: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Ratios of neighbourhoods to the average with the ends of their intervals."""
    average = rates["records"].sum() / rates["base"].sum() * PER_RESIDENTS
    return rates["ratio"], rates["low"] / average, rates["high"] / average


def _rate_fact(row: pd.Series, other: str, scope: Scope) -> Fact:
    label = f"{upper_first(scope.records)} per 1,000 residents, {row['district']}"
    return Fact(label, rate(row["per_1000"]), rate_note(row["low"], row["high"], other))


def _highest(rates: pd.DataFrame, scope: Scope) -> Fact:
    top = worst(rates, 1).iloc[0]
    value = f"{times(top['ratio']).capitalize()} the average"
    return Fact("Highest neighbourhood", value, f"{top['LSOA']}, against the average of {the(scope.place)}.")
