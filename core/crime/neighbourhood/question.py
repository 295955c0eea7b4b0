"""How much crime is recorded in one neighbourhood, and is that unusual? What a reader may choose, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.presentation.numbers import lower_first
from core.sources.small_areas.deprivation2025 import OVERALL

PAGE = "neighbourhood"
TITLE = "How much crime is recorded in your neighbourhood, and is that unusual?"
NEAREST = 100
FEWEST = 39  # neighbourhoods from which the most and the least recorded of them hold another one 95 times in 100
SIMILAR = 5
WITHOUT_CRIME, INCOME = "imd25_score_without_crime", "imd25_income_score"
# The domains of the Indices of Deprivation 2025, by the name that their columns have in the table.
DOMAINS: Mapping[str, str] = {
    "imd25": "All seven domains",
    "imd25_income": "Income",
    "imd25_employment": "Employment",
    "imd25_education": "Education",
    "imd25_health": "Health",
    "imd25_crime": "Crime",
    "imd25_housing_and_services": "Housing and services",
    "imd25_environment": "Living environment",
}
# Types of crime that follow visitors, shoppers and people who go out rather than residents.
VISITORS = ("Bicycle theft", "Shoplifting", "Theft from the person", "Theft")


@dataclass(frozen=True)
class NeighbourhoodView:
    """The neighbourhood that the page is about.

    Parameters
    ----------
    district
        Name of its district; empty for none yet.
    lsoa
        Its code; empty for none yet.
    place
        The place of today whose figures it is among, for the sources of what is taken from the page; follows from the
        district.
    """

    district: str = ""
    lsoa: str = ""
    place: str = ""


@dataclass(frozen=True)
class Comparison:
    """One way to say what is usual for a neighbourhood.

    Parameters
    ----------
    score
        Measure of deprivation by which other neighbourhoods of the force are alike.
    residents
        What a rate is per.
    nearest
        How many other neighbourhoods it is compared with: those nearest in `score`.
    """

    score: str = WITHOUT_CRIME
    residents: str = "residents_2022"
    nearest: int = NEAREST


SCORES: Mapping[str, str] = {
    WITHOUT_CRIME: "Six domains, without crime",
    OVERALL: "All seven domains",
    INCOME: "Income alone",
}
RESIDENTS: Mapping[str, str] = {
    "residents_2022": "Residents in mid-2022",
    "census_residents": "Residents at the 2021 census",
    "with_young": "Residents, those aged 16 to 24 twice",
}
NUMBERS = (50, NEAREST, 200)
AS_SHOWN = "As shown"


def comparisons(chosen: Comparison) -> dict[str, Comparison]:
    """`chosen` and what else could have been, one choice changed at a time, by label."""
    others = {f"Deprivation: {lower_first(label)}": replace(chosen, score=score) for score, label in SCORES.items()}
    others |= {f"Per: {lower_first(label)}": replace(chosen, residents=name) for name, label in RESIDENTS.items()}
    others |= {f"The {number} nearest in deprivation": replace(chosen, nearest=number) for number in NUMBERS}
    return {AS_SHOWN: chosen} | {label: other for label, other in others.items() if other != chosen}
