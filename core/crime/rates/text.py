"""Sentences of the page on shares and rates of recorded crime."""

import math
from collections.abc import Mapping, Sequence
from typing import Literal

import pandas as pd

from core.crime.area import PER_RESIDENTS
from core.crime.intervals import TAILS
from core.crime.lsoa_rates import worst
from core.crime.text import Scope, interval, rate, rate_interval
from core.presentation.numbers import lower_first, number, number_word
from core.stats.regression.errors import listed
from core.tables.panel import POINTS

Population = Literal["2019", "2011"]
POPULATIONS: Mapping[Population, str] = {"2019": "Mid-2019 estimate", "2011": "2011 census (as published)"}
SUFFIX: Mapping[Population, str] = {"2019": "", "2011": "_2011"}
TITLE = "Which areas have the highest crime rates?"
NAMED = 3
LITTLE_ROOM, NEARLY_ALL = 0.9, 0.99

FOOTFALL = (
    "Smoothing removes random noise; it does not allow for visitors. Where many come to work, to shop or to go out, "
    "residents are the wrong number to divide by, and no figure here says how many people were there."
)
DISTANCES = (
    "Distances are in a straight line, from a point inside each LSOA to the nearest place. Intervals take the spread "
    "between MSOAs; a band with few LSOAs has a wide one. The axes of rates are logarithmic."
)
TOGETHER = (
    "Centres, campuses and hospitals lie close together, so what is near one is near another. Taken together, each "
    "figure is for LSOAs that are equally far from the other two. An association with distance does not say what draws "
    "crime there: shops, stations, night life and the people who visit come with it."
)


def share_per_cent(share: float) -> str:
    """A share with one decimal, or more where it is small."""
    value = share * POINTS
    return f"{number(value, max(1, min(3, -math.floor(math.log10(value)))) if 0 < value < 1 else 1)}%"


def answer(shares: pd.DataFrame, rates: pd.DataFrame, scope: Scope, district: str, population: Population) -> str:
    """Who has more than their share, in a sentence; about `district` where one is chosen.

    Parameters
    ----------
    shares, rates
        From :func:`core.crime.district_rates.district_shares` and :func:`core.crime.lsoa_rates.lsoa_rates`.
    """
    if len(shares) == 1:
        return f"{scope.place} is one district; of its LSOAs {_highest(rates, scope)}."
    return of_districts(shares, scope, district, population)


def of_districts(shares: pd.DataFrame, scope: Scope, district: str, population: Population) -> str:
    """:func:`answer` for a place of several districts, which needs no figures of LSOAs."""
    rows = shares.set_index("district")
    ratios = rows[[f"ratio{SUFFIX[population]}{end}" for end in ("", "_low", "_high")]].set_axis(
        ["ratio", "low", "high"], axis=1
    )
    if district:
        return _one_district(rows.loc[[district]].iloc[0], ratios.loc[[district]].iloc[0], scope, population)
    more, less = ratios[ratios["low"] > 1], ratios[ratios["high"] < 1].sort_values("ratio")
    rest = len(ratios) - len(more) - len(less)
    if more.empty and less.empty:
        top = ratios.iloc[0]
        return (
            f"No district of {scope.place} has clearly more or less than its share of {scope.crime}; the highest is "
            f"{top.name} ({_times(top)})."
        )
    parts = [_named_ratios(part, f"{word} than") for part, word in ((more, "more"), (less, "less")) if len(part)]
    rest_text = f"; the other {number_word(rest)} are about average" if rest > 1 else ""
    rest_text = "; the other one is about average" if rest == 1 else rest_text
    first = parts[0].replace(" share", f" share of {scope.crime}", 1)
    return f"{', and '.join([first, *parts[1:]])}{rest_text}."


def _named_ratios(ratios: pd.DataFrame, word: str) -> str:
    """'Dudley has less than its share (0.82 times, ...)', or the same of several."""
    if len(ratios) == 1:
        return f"{ratios.index[0]} has {word} its share ({_times(ratios.iloc[0])})"
    named = [f"{row.name} ({_times(row)})" for _, row in ratios.head(NAMED).iterrows()]
    named += [f"{number_word(len(ratios) - NAMED)} more"] if len(ratios) > NAMED else []
    return f"{listed(named)} have {word} their share"


def _times(ratio: pd.Series) -> str:
    return f"{number(ratio['ratio'])} times, {interval(ratio['low'], ratio['high'], 2)}"


def _one_district(row: pd.Series, ratio: pd.Series, scope: Scope, population: Population) -> str:
    shares = (
        f"{share_per_cent(row['share_of_records'])} of the {scope.records} and "
        f"{share_per_cent(row[f'share_of_residents{SUFFIX[population]}'])} of the residents"
    )
    numbers = f"{shares}, {number(ratio['ratio'])} times its share ({interval(ratio['low'], ratio['high'], 2)})"
    if ratio["low"] > 1:
        return f"{row.name} has more than its share of {scope.crime}: {numbers}."
    if ratio["high"] < 1:
        return f"{row.name} has less than its share of {scope.crime}: {numbers}."
    return f"{row.name} has about its share of {scope.crime}: {numbers}."


def single_lsoas(rates: pd.DataFrame, scope: Scope) -> str:
    """Single LSOAs differ far more than districts: the one with the highest rate; see ``lsoa_rates``."""
    return f"Single LSOAs differ far more: in {scope.place} {_highest(rates, scope)}."


def _highest(rates: pd.DataFrame, scope: Scope) -> str:
    top = worst(rates, 1, "rate").iloc[0]
    records, residents = top["records"] / rates["records"].sum(), top["base"] / rates["base"].sum()
    return (
        f"{top['LSOA']} has {share_per_cent(records)} of the {scope.records} and {share_per_cent(residents)} of the "
        f"residents, {rate(top['ratio'])} times its share"
    )


def population_text(shares: pd.DataFrame) -> str:
    """The effect of the 2011 census, in the district where it is largest; empty where there is no census figure."""
    known = shares.dropna(subset=["ratio_2011"])
    if known.empty:
        return ""
    moved = (known["ratio"] / known["ratio_2011"]).map(math.log).abs()
    row = known.iloc[int(moved.argmax())]
    growth = row["residents"] / row["residents_2011"] - 1
    word = "more" if growth >= 0 else "fewer"
    return (
        f"The study used the residents of the 2011 census. By mid-2019 {row['district']} had "
        f"{share_per_cent(abs(growth))} {word}: with the later figure its crime is {number(row['ratio'])} times its "
        f"share of residents, not {number(row['ratio_2011'])} times."
    )


def dispersion(shares: pd.DataFrame) -> str:
    """How much more than by chance the counts of a district's LSOAs vary."""
    low, high = (number(shares["dispersion"].agg(end), 0) for end in ("min", "max"))
    return (
        f"Counts of the LSOAs of one district vary {low if low == high else f'{low} to {high}'} times as much as they "
        "would by chance if all had the same rate."
    )


def why_explodes(rates: pd.DataFrame, scope: Scope) -> str:
    """Why rates look so high where few people live, on the LSOA that has the highest."""
    top, average = worst(rates, 1, "rate").iloc[0], rates["records"].sum() / rates["base"].sum() * PER_RESIDENTS
    needed = top["ratio"] * top["base"]
    return (
        f"**{top['LSOA']}** has {number(top['records'], 0)} {scope.records} and {number(top['base'], 0)} residents: "
        f"{rate_interval(top['rate'], top['low'], top['high'])} {scope.per_residents}, {rate(top['ratio'])} times the "
        f"average of {rate(average)}. Crime is counted where it happens, people where they live. For this area to be "
        f"average, {number(needed, 0)} people would have to live there, not {number(top['base'], 0)}."
    )


def footfall_comparison(rates: pd.DataFrame, scope: Scope) -> str:
    """The LSOA with most records apart from that with the highest rate, and its rank by rate."""
    top = worst(rates, 1, "rate").iloc[0]
    others = rates[rates["lsoa11_code"] != top["lsoa11_code"]]
    if others.empty:
        return ""
    other = worst(others, 1, "records").iloc[0]
    rank = int((rates["rate"] > other["rate"]).sum()) + 1
    return (
        f"Of the others, **{other['LSOA']}** has the most {scope.records}, {number(other['records'], 0)}; with "
        f"{number(other['base'], 0)} residents that is {rate(other['rate'])} per 1,000 in {scope.period}, rank "
        f"{number(rank, 0)} of {number(len(rates), 0)} by rate."
    )


def what_shrinking_does(top: pd.Series, weight: float, rare: pd.Series | None, scope: Scope) -> str:
    """The effect of shrinkage on a rate with many records, and on one with few.

    Parameters
    ----------
    top
        Row of ``lsoa_rates``.
    weight
        Weight of its own rate in its shrunk rate.
    rare
        The same LSOA's row for a rarer type of crime, if there is one.
    scope
        Of that rarer type.
    """
    room = "little room" if weight > LITTLE_ROOM else "room"
    part = f"more than {number(NEARLY_ALL * POINTS, 0)}" if weight > NEARLY_ALL else number(weight * POINTS, 0)
    effect = (
        f"The smoothed rate of {top['LSOA']} is {rate(top['shrunk'])}: {part}% its own rate and the rest the "
        f"average, because {number(top['records'], 0)} records leave chance {room}."
    )
    if rare is None:
        return effect
    return (
        f"{effect} For {lower_first(scope.crime_type)}, with {number(rare['records'], 0)} records there, smoothing "
        f"moves the rate from {rate(rare['rate'])} to {rate(rare['shrunk'])} {scope.per_residents}."
    )


def gradients(found: pd.DataFrame, scope: Scope) -> str:
    """How rates change with each doubling of the distance, all kinds of places taken together.

    Parameters
    ----------
    found
        Rows ``kind``, ``ratio``, ``low``, ``high`` of places taken together.
    """
    ratios = [
        f"{number(row['ratio'])} times as many for the nearest {row['kind']} ({interval(row['low'], row['high'], 2)})"
        for _, row in found.iterrows()
    ]
    unclear = found[(found["high"] >= 1) & (found["low"] <= 1)]
    verdict = f"No change cannot be ruled out for: {listed(unclear['kind'])}." if len(unclear) else ""
    return (
        f"At twice the distance, with the other places equally far, {scope.records} per resident are "
        f"{listed(ratios)}. {verdict}"
    ).strip()


def lsoa_place(row: pd.Series, total: int) -> str:
    """Rank of the shrunk rate with its interval, as text."""
    ranks: Sequence[int] = [int(row[name]) for name in ("rank", "rank_low", "rank_high")]
    return f"{ranks[0]:,} of {total:,} (95% interval {ranks[1]:,} to {ranks[2]:,})"


def against_average(row: pd.Series) -> str:
    """How a rate compares with the average of the place, as text."""
    clear = "above" if row["above"] > TAILS[1] else "below" if row["above"] < TAILS[0] else ""
    times = f"{rate(row['ratio'])} times"
    return f"{times}, clearly {clear}" if clear else f"{times}, which chance could explain"
