"""Sentences of the page on bicycle theft: where it is rarer, how certain that is, and what no theft means."""

from dataclasses import dataclass

import pandas as pd

from core.crime.lsoa_rates import worst
from core.crime.text import interval, per_residents, rate, rate_digits, rate_interval
from core.presentation.numbers import count_is, number, upper_first
from core.sources.small_areas.places import UNIVERSITY
from core.stats.regression.errors import listed
from core.tables.panel import POINTS

TITLE = "Where is the safest place to park a bicycle?"
NAMED = 3
WIDE = 4  # a rank interval over a quarter of all ranks says little
THEFTS = "recorded bicycle thefts"
TOO_FEW_COLUMNS = "The figures of this place have no records of bicycle theft; choose another place."
NO_BICYCLES = (
    "There is no figure of how many bicycles are parked where. Thefts per resident are high where many come by bicycle "
    "who live elsewhere; thefts per 1,000 records of all types are high where little else is recorded. Neither is the "
    "chance that a bicycle is stolen, and a place without thefts may be one without bicycles. Many thefts are not "
    "reported, and students may report more or less often than others."
)
DISTANCE_NOTE = (
    "Distances are in a straight line, from a point inside each LSOA to the nearest university campus. Bars are 95% "
    "intervals by the spread between MSOAs. Measuring against all recorded crime allows for busier areas. The axes are "
    "logarithmic."
)
EXTREMES_NOTE = (
    "Dots are smoothed rates, bars their 95% credible intervals, the dashed line the average. Each chart has its own "
    "axis. Among LSOAs without a theft, larger ones get a lower estimate because none is stronger evidence there."
)


@dataclass(frozen=True)
class NoTheft:
    """LSOAs without a recorded theft, and how many chance alone would give.

    Parameters
    ----------
    lsoas, total
        How many have none, of how many.
    if_alike
        How many chance alone would leave without one, had all LSOAs the same rate.
    next_time
        How many of them to expect with a theft in another period like this one, if nothing changes but chance.
    size
        Their median base (residents).
    chance
        Probability that an LSOA of that size has none at the average rate.
    at_most
        Upper end of the 95% interval of its rate per 1,000 of the base, given that it had none.
    average
        Rate of all LSOAs per 1,000 of the base.
    """

    lsoas: int
    total: int
    if_alike: float
    next_time: float
    size: float
    chance: float
    at_most: float
    average: float


def answer(rates: pd.DataFrame, shares: pd.DataFrame, bands: pd.DataFrame | None, period: str) -> str:
    """Where it is safest, in a sentence or two: by distance, else by district, and whether one LSOA stands out.

    Parameters
    ----------
    rates
        Of all LSOAs, from ``lsoa_rates`` per resident.
    shares
        From ``district_shares``.
    bands
        Profile by distance to the nearest campus; ``None`` where the place has none.
    period
        Label of the months counted.
    """
    unit = per_residents(period)
    where = _by_distance(bands, unit) if bands is not None else _by_district(shares, unit)
    return f"{where} {_single(rates, unit)}".strip()


def _by_distance(bands: pd.DataFrame, unit: str) -> str:
    near, far = bands.iloc[0], bands.iloc[-1]
    ends = [_per_1000(row, "per_1000_residents") for row in (near, far)]
    if near["per_1000_residents_low"] > far["per_1000_residents_high"]:
        return (
            f"Away from universities. {upper_first(near['band'])} from a campus there are {ends[0]} {THEFTS} {unit}; "
            f"{far['band']} away, {ends[1]}."
        )
    return (
        f"Distance from a university campus makes no clear difference: {ends[0]} {THEFTS} {unit} "
        f"{near['band']}, {ends[1]} {far['band']} away."
    )


def _by_district(shares: pd.DataFrame, unit: str) -> str:
    if len(shares) == 1:
        return ""
    low = shares.sort_values("per_1000").iloc[0]
    lowest = rate_interval(low["per_1000"], low["low"], low["high"])
    return f"Of the districts {low['district']} has the lowest rate: {lowest} {THEFTS} {unit}."


def _single(rates: pd.DataFrame, unit: str) -> str:
    last = rates.iloc[-1]
    if last["rank_low"] < len(rates):
        return "No single neighbourhood can be called the safest."
    digits = rate_digits(last["shrunk"])
    interval_text = interval(last["shrunk_low"], last["shrunk_high"], digits, "credible interval")
    return (
        f"Of single LSOAs, {last['LSOA']} has the lowest rate: {number(last['shrunk'], digits)} {THEFTS} "
        f"{unit}, smoothed ({interval_text})."
    )


def district_text(shares: pd.DataFrame, district: str, period: str) -> str:
    """The districts with the lowest and the highest rate and whether their intervals overlap; or the one chosen."""
    if district:
        row = shares[shares["district"] == district].iloc[0]
        rate_text = rate_interval(row["per_1000"], row["low"], row["high"])
        times = interval(row["ratio_low"], row["ratio_high"], 2)
        return (
            f"{district} has {rate_text} {THEFTS} {per_residents(period)}, {number(row['ratio'])} times the average of "
            f"all districts ({times})."
        )
    ordered = shares.sort_values("per_1000")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    least, most = (
        f"{row['district']} {rate_interval(row['per_1000'], row['low'], row['high'])}" for row in (low, high)
    )
    clear_areas = "their intervals lie apart" if low["high"] < high["low"] else "their intervals overlap"
    unit = upper_first(per_residents(period))
    return f"{unit}, {least} is the lowest of the districts and {most} the highest; {clear_areas}."


def advice(rates: pd.DataFrame, above: int, below: int, where: str) -> str:
    """Advice to cyclists from the rates of single LSOAs.

    Parameters
    ----------
    rates
        Of the selected LSOAs, the highest shrunk rate first.
    above, below
        How many of them are clearly above and below the average.
    where
        Label of all of them.
    """
    rest = len(rates) - above - below
    counts = (
        f"Of {number(len(rates), 0)} small areas (LSOAs) in {where}, {count_is(above)} clearly above the average of "
        f"the place and {count_is(below)} clearly below; {count_is(rest)} too close to it to call."
    )
    if not above:
        return f"{counts} None stands out as one to avoid."
    top = listed(list(worst(rates, min(NAMED, above))["LSOA"]))
    return f"{counts} The data show better where to take care than where it is safe, most of all in {top}."


def clear_areas(rates: pd.DataFrame, total: int) -> str:
    """How certain the ranks of LSOAs are, from the width of their intervals.

    Parameters
    ----------
    total
        LSOAs that are ranked.
    """
    width, safest = (rates["rank_high"] - rates["rank_low"] + 1).median(), rates.iloc[-1]
    wide = "Most LSOAs cannot be ranked reliably: half" if width > total / WIDE else "Half"
    last = (
        f"is at rank {number(safest['rank_low'], 0)} in at least 95% of draws"
        if safest["rank_low"] == safest["rank_high"]
        else f"may be anywhere from rank {number(safest['rank_low'], 0)} to {number(safest['rank_high'], 0)}"
    )
    places = "place" if width == 1 else "places"
    return (
        f"{wide} of the rank intervals are {number(width, 0)} {places} wide or wider, of {number(total, 0)}. "
        f"{safest['LSOA']}, lowest by smoothed rate, {last}."
    )


def gradient_text(residents: pd.DataFrame, records: pd.DataFrame) -> str:
    """How thefts fall with each doubling of the distance from a campus, alone and with centres and hospitals.

    Parameters
    ----------
    residents, records
        Gradients per resident and per record of all types; rows ``kind``, ``taken``, ``ratio``, ``low``, ``high``.
    """
    alone, crimes = _ratio(residents, "alone"), _ratio(records, "alone")
    return (
        f"With each doubling of the distance to the nearest campus, thefts per resident are {alone} times as many, "
        f"and thefts per 1,000 records of all types {crimes} times. Campuses lie near centres and hospitals: among "
        f"LSOAs equally far from those, thefts per resident are {_ratio(residents, 'together')} times as many."
    )


def no_theft(found: NoTheft, base: str) -> str:
    """Why an LSOA without a theft is not thereby safe."""
    more = ": some have lower rates than others, but having had none does not show which"
    more = more if found.lsoas > found.if_alike else ""
    return (
        f"{number(found.lsoas, 0)} of {number(found.total, 0)} LSOAs had no recorded theft. Even if every LSOA had the "
        f"same risk, {number(found.if_alike, 0)} would have had none by chance{more}. Half of those without have "
        f"{number(found.size, 0)} {base} or fewer: at the average of {rate(found.average)} per 1,000, such an LSOA has "
        f"none with probability {number(found.chance)}, and even with none its rate may be as high as "
        f"{rate(found.at_most)} (upper end of its 95% interval, by the count alone). In another period like this one, "
        f"about {number(found.next_time, 0)} of the {number(found.lsoas, 0)} ("
        f"{number(found.next_time / found.lsoas * POINTS, 0)}%) would be expected to have a theft by chance alone."
    )


def _ratio(gradients: pd.DataFrame, taken: str) -> str:
    row = gradients[(gradients["kind"] == UNIVERSITY) & (gradients["taken"] == taken)].iloc[0]
    return f"{number(row['ratio'])} ({interval(row['low'], row['high'], 2)})"


def _per_1000(row: pd.Series, column: str) -> str:
    return rate_interval(row[column], row[f"{column}_low"], row[f"{column}_high"])
