"""Text that the crime pages share: rates and intervals, names of areas, and caveats."""

import math
from dataclasses import dataclass

from core.crime.area import ALL_RECORDS, ASB, EVERYWHERE, LOW, LOW_SCORE, NOT_LOW, WITHOUT_ASB
from core.presentation.numbers import lower_first, number, quoted
from core.tables.panel import POINTS

NAMES_ONLY = (
    "Drugs",
    "Public order",
    "Other 11 types",
)  # types whose names are no offences, so quoted
WITH_ARTICLE = ("City of London", "Isles of Scilly", "West Midlands")
LEGAL = (", City of", ", County of")  # what the register has after a name, and nobody says
ROUNDED_OFF = 0.005  # smaller shares are 0 in whole per cents
AREAS_NOT_PEOPLE = "These are figures of areas, not of people: offenders and victims may live elsewhere."
RECORDED_ONLY = (
    "Recorded crime is what police recorded: offences that nobody reported are not included, and each record lies at "
    "the nearest of a fixed set of map points, not at its address."
)
TWO_INTERVALS = (
    "The wide bar is the 95% interval that allows for differences between neighbourhoods (MSOAs, about 8,000 people "
    "each). The short thick bar would hold if every crime were independent of the others (Poisson), and is too narrow."
)
SHRUNK = (
    "A smoothed rate is pulled towards the average of all LSOAs, the more so the fewer records there are. Ranks are "
    "those of the smoothed rates, 1 the highest; their intervals hold the rank in 95% of 500 draws of what the rates "
    "may be. Intervals of single LSOAs treat each record as independent (Poisson), and so are too narrow."
)


ONE_DISTRICT = "There is only one district here, so nothing to compare it with."
ASB_NOTE = "Anti-social behaviour is an incident, not a crime: totals leave it out unless you choose otherwise."


@dataclass(frozen=True)
class Scope:
    """What is counted, where and when.

    Parameters
    ----------
    place, period
        Labels of the place and of the months counted.
    crime_type
        Type of crime, or one of :data:`~core.crime.area.TOTALS`.
    """

    place: str
    period: str
    crime_type: str = ALL_RECORDS

    @property
    def records(self) -> str:
        """'recorded crimes', 'records of bicycle theft'; what is counted."""
        return counted(self.crime_type)

    @property
    def crime(self) -> str:
        """'recorded crime', 'recorded bicycle theft'."""
        wholes = {WITHOUT_ASB: "recorded crime", ALL_RECORDS: f"recorded crime and {lower_first(ASB)}"}
        return wholes.get(self.crime_type) or f"recorded {type_inside(self.crime_type)}"

    @property
    def per_residents(self) -> str:
        """'per 1,000 residents in 2019': a rate names the months that it is of."""
        return per_residents(self.period)


def type_inside(crime_type: str) -> str:
    """A type of crime inside a sentence: 'bicycle theft', '“drugs”'."""
    return quoted(crime_type) if crime_type in NAMES_ONLY else lower_first(crime_type)


def counted(crime_type: str) -> str:
    """What is counted: 'recorded crimes', 'incidents of anti-social behaviour', 'records of bicycle theft'."""
    wholes = {
        WITHOUT_ASB: "recorded crimes",
        ALL_RECORDS: f"recorded crimes and incidents of {lower_first(ASB)}",
        ASB: f"incidents of {lower_first(ASB)}",
    }
    return wholes.get(crime_type) or f"records of {type_inside(crime_type)}"


def per_residents(period: str) -> str:
    """'per 1,000 residents in January to April 2021 (3 of 4 months)'."""
    return f"per 1,000 residents in {period}"


def rate_digits(value: float) -> int:
    """Decimals that leave a rate two or three figures."""
    return max(0, min(3, 1 - math.floor(math.log10(abs(value))))) if value else 0


def rate(value: float) -> str:
    """A rate with two or three figures: '3,146', '7.6', '0.47'."""
    return number(value, rate_digits(value))


def ends(low: float, high: float, digits: int) -> str:
    """'1.05 to 1.22'; ends of an interval of what cannot be negative."""
    return f"{number(low, digits)} to {number(high, digits)}"


def interval(low: float, high: float, digits: int, kind: str = "interval") -> str:
    """'95% interval 1.05 to 1.22', or that there is none."""
    if math.isnan(low) or math.isnan(high):
        return f"no {kind} can be given"
    return f"95% {kind} {ends(low, high, digits)}"


def rate_interval(value: float, low: float, high: float) -> str:
    """'3,146 (95% interval 3,057 to 3,238)'."""
    digits = rate_digits(value)
    return f"{number(value, digits)} ({interval(low, high, digits)})"


def per_cent(share: float, digits: int | None = None) -> str:
    """A fraction in per cent, with one decimal more below one per cent, or with `digits`."""
    return f"{number(share * POINTS, percent_digits(share) if digits is None else digits)}%"


def chance(probability: float) -> str:
    """A probability in whole per cent: '7%', 'under 1%', 'over 99%'."""
    if probability < ROUNDED_OFF:
        return "under 1%"
    return "over 99%" if probability > 1 - ROUNDED_OFF else f"{number(probability * POINTS, 0)}%"


def percent_digits(*shares: float) -> int:
    """Decimals for shares in per cent: enough for the largest to have two figures."""
    return 1 if max(map(abs, shares)) * POINTS >= 1 else 2


def place_text(area: str) -> str:
    """An area inside a sentence: 'Coventry', 'areas with an IMD score under 5'."""
    return {
        EVERYWHERE: "all districts",
        LOW: f"areas with an IMD score under {LOW_SCORE}",
        NOT_LOW: f"areas with an IMD score of {LOW_SCORE} or more",
    }.get(area, area)


def the(place: str) -> str:
    """Name of a place inside a sentence: 'the West Midlands', 'Herefordshire' for 'Herefordshire, County of'."""
    for ending in LEGAL:
        place = place.removesuffix(ending)
    return f"the {place}" if place.startswith(WITH_ARTICLE) else place
