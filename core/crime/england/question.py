"""Is crime higher in more deprived neighbourhoods, everywhere? What a reader may choose, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.crime.area import ALL_RECORDS, TOTALS, WITHOUT_ASB
from core.sources.small_areas.deprivation2025 import OVERALL
from core.tables.options import Option, Weights

PAGE, TITLE = "england", "Is crime higher in more deprived neighbourhoods, everywhere?"
OVERALL_WITHOUT_CRIME = "imd25_score_without_crime"
SCORES: Mapping[str, Option] = {
    OVERALL: Option("All seven domains", "The Index of Multiple Deprivation 2025. A domain of it, 9.3%, is crime."),
    OVERALL_WITHOUT_CRIME: Option("Six domains, without crime", "The same index, calculated without its crime domain."),
    "imd25_income_score": Option("Income", "People in families with low income, after housing costs."),
    "imd25_employment_score": Option("Employment", "People of working age who are kept out of work."),
    "imd25_education_score": Option("Education", "Attainment of children, skills of adults."),
    "imd25_health_score": Option("Health", "Early death, illness and disability."),
    "imd25_crime_score": Option("Crime", "The crime domain alone: nearly the same records again, so circular."),
    "imd25_housing_and_services_score": Option("Housing and services", "Access to housing and local services."),
    "imd25_environment_score": Option("Living environment", "Condition of housing, air quality, road accidents."),
}
RESIDENTS: Mapping[str, Option] = {
    "residents_2022": Option("Residents in mid-2022", "Estimated by the ONS, first issue."),
    "census_residents": Option("Residents at the 2021 census", "Counted during a lockdown."),
    "with_young": Option(
        "Residents, those aged 16 to 24 twice",
        "A stand-in for visitors: young people live and go out where crowds are. It raises the number in city centres.",
    ),
}
FIFTHS: Mapping[str, Option] = {
    "england": Option("Fifths of England", "A neighbourhood is compared with all of England, then within its force."),
    "pfa24_name": Option("Fifths of each force", "Each force's own neighbourhoods in five groups of the same number."),
    "ltla24_name": Option("Fifths of each district", "Each district's own neighbourhoods in five groups."),
}
INDEPENDENT = "independent"
ERRORS: Mapping[str, Option] = {
    "MSOA": Option("Clustered by larger neighbourhood", "Neighbours may resemble each other."),
    "ltla24_name": Option("Clustered by district", "All neighbourhoods of a district may; some forces have two."),
    INDEPENDENT: Option("Each neighbourhood by itself", "Too narrow where neighbours resemble each other."),
}


@dataclass(frozen=True)
class EnglandSpec:
    """One way to compare crime between deprived and other neighbourhoods.

    Parameters
    ----------
    score
        Measure of deprivation: one of :data:`SCORES`.
    crime_type
        One of :data:`core.crime.area.TOTALS`, or a type of the publisher's.
    residents
        What a rate is per: one of :data:`RESIDENTS`.
    fifths
        What neighbourhoods are put into fifths of: one of :data:`FIFTHS`.
    weights
        Whether a fifth's rate is all its records over all its residents, or the mean of its neighbourhoods' rates.
    errors
        One of :data:`ERRORS`.
    busiest
        Whether the 1% of neighbourhoods with the highest rates are in, such as city centres.
    """

    score: str = OVERALL
    crime_type: str = WITHOUT_ASB
    residents: str = "residents_2022"
    fifths: str = "england"
    weights: Weights = "population"
    errors: str = "MSOA"
    busiest: bool = True


@dataclass(frozen=True)
class EnglandMapView:
    """The district whose neighbourhoods the map shows, by code; empty for none."""

    district: str = ""


def variants(spec: EnglandSpec) -> dict[str, EnglandSpec]:
    """`spec` and what else could have been chosen in its place, one choice changed at a time, by label."""
    other = ALL_RECORDS if spec.crime_type == WITHOUT_ASB else WITHOUT_ASB
    every = {
        "As chosen": spec,
        "Deprivation without its crime domain": replace(spec, score=OVERALL_WITHOUT_CRIME),
        "Income domain alone": replace(spec, score="imd25_income_score"),
        "Per resident at the census": replace(spec, residents="census_residents"),
        "Residents aged 16 to 24 counted twice": replace(spec, residents="with_young"),
        "Without the busiest 1%": replace(spec, busiest=False),
        "Fifths of each force": replace(spec, fifths="pfa24_name"),
        "Fifths of each district": replace(spec, fifths="ltla24_name"),
        "Every neighbourhood counts the same": replace(spec, weights="equal"),
    }
    if spec.crime_type in TOTALS:
        every[TOTALS[other]] = replace(spec, crime_type=other)
    return {label: variant for label, variant in every.items() if label == "As chosen" or variant != spec}
