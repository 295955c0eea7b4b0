"""The English indices of deprivation 2025 summed up by district."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from core.sources.files.cells import SourceError, Tidy, as_counts, read_csv, refuse_repeats
from core.sources.small_areas.areas import DISTRICT24, DISTRICT24_CODE, FORCE_AREA, read_forces
from core.sources.small_areas.deprivation2025 import IMD_2025
from core.sources.small_areas.small_areas import ONS_CODES
from core.tables.schema import Field, Table

FILE = "imd2025_local_authorities_2024.csv"
WITHIN = 0.1  # where few people live, the later issue of the residents moves an average by half of that
PUBLISHED = {
    "imd_average_score": "imd25_average_score",
    "imd_average_rank": "imd25_average_rank",
    "imd_proportion_of_lso_as_in_most_deprived_10_percent_nationally": "imd25_share_most_deprived",
    "imd25_extent": "imd25_extent",
    "imd25_local_concentration": "imd25_local_concentration",
}
PUBLISHED_PLACES = {
    "imd_rank_of_average_score": "imd25_place_by_average_score",
    "imd_rank_of_proportion_of_lso_as_in_most_deprived_10_percent_nationally": "imd25_place_by_share_most_deprived",
}


def _summary(name: str, title: str, description: str, unit: str, most: float | None = None) -> Field:
    return Field(name, "number", title, description, "control", unit=unit, minimum=0, maximum=most)


def _place(name: str, title: str, by: str) -> Field:
    return Field(
        name,
        "integer",
        title,
        f"Place among the 296 districts by {by}; 1 is the most deprived.",
        "control",
        unit="rank",
        minimum=1,
        maximum=296,
    )


TABLE = Table(
    "district_summaries_2025",
    "districts.csv",
    "Deprivation 2025, by district",
    "One row per district of England, as of 2024.",
    (IMD_2025, ONS_CODES),
    (
        replace(DISTRICT24_CODE, role="key", unique=True),
        replace(DISTRICT24, unique=True),
        Field("csp24_name", "string", "Community safety partnership", "Partnerships of 2024.", "context"),
        FORCE_AREA,
        _summary(
            "imd25_average_score",
            "Average deprivation score 2025",
            "Average score of the neighbourhoods of the district, weighted by residents.",
            "score",
        ),
        _summary(
            "imd25_average_rank",
            "Average deprivation rank 2025",
            "Average rank of the neighbourhoods, weighted by residents; here a higher figure is more deprived.",
            "rank",
        ),
        _summary(
            "imd25_share_most_deprived",
            "Neighbourhoods in the most deprived tenth",
            "Share of the neighbourhoods of the district that are in the most deprived tenth of England.",
            "share of neighbourhoods",
            1,
        ),
        _summary(
            "imd25_extent",
            "Extent of deprivation 2025",
            "Share of residents in the most deprived 30% of neighbourhoods, those less deprived counting less.",
            "share of residents",
            1,
        ),
        _summary(
            "imd25_local_concentration",
            "Local concentration of deprivation 2025",
            "Average rank of the most deprived neighbourhoods that hold 10% of the district's residents; here a higher "
            "figure is more deprived.",
            "rank",
        ),
        _place("imd25_place_by_average_score", "Place by average score", "the average score"),
        _place(
            "imd25_place_by_share_most_deprived",
            "Place by neighbourhoods in the most deprived tenth",
            "the share of neighbourhoods in the most deprived tenth",
        ),
    ),
    "Summaries of the single domains left out.",
)


def read(folder: Path) -> Tidy:
    """Summaries of the index by district, with the district's partnership and force."""
    codes = ["ltla24_code", "ltla24_name"]
    frame = read_csv(folder, FILE, codes, [*PUBLISHED, *PUBLISHED_PLACES])
    refuse_repeats(frame, codes[:1], FILE)
    places = {name: as_counts(frame[name], FILE) for name in PUBLISHED_PLACES}
    frame = frame.assign(**places).rename(columns=PUBLISHED | PUBLISHED_PLACES)
    forces = read_forces(folder)[["ltla24_code", "csp24_name", "pfa24_name"]]
    return Tidy(TABLE, frame.merge(forces, on="ltla24_code", how="left")[TABLE.columns], (FILE,))


def check_averages(summaries: Tidy, areas: pd.DataFrame) -> None:
    """Raise :class:`SourceError` unless the published averages are those of the neighbourhoods.

    Parameters
    ----------
    summaries
        The table of this module.
    areas
        ``ltla24_code``, ``imd25_score`` and ``residents_2022`` of the neighbourhoods. The publisher weighs by a later
        issue of the residents, so averages may differ by a little.
    """
    weighed = areas["imd25_score"] * areas["residents_2022"]
    sums = areas.assign(weighed=weighed).groupby("ltla24_code")[["weighed", "residents_2022"]].sum()
    published = summaries.frame.set_index("ltla24_code")["imd25_average_score"]
    apart = (sums["weighed"] / sums["residents_2022"] - published).abs()
    wrong = apart[~(apart <= WITHIN)].index
    if len(wrong):
        raise SourceError(
            f"{FILE} has an average score for {wrong[0]} that its neighbourhoods do not give ({len(wrong)} in all); "
            "use files of one edition of the indices."
        )
