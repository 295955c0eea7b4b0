"""One district of England by the indices of deprivation 2025: how deprived it is, and the crime that they count in it.

The eight rates of the crime domain are there for every force, so also where there is no full year of street-level
figures.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.crime.england.tables import England
from core.crime.text import per_cent, the
from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.numbers import lower_first, number, upper_first
from core.sources.small_areas.areas import CODE, DISTRICT_CODE
from core.stats.regression.errors import listed
from core.tables.catalogue import Catalogue

NOTE = (
    "Rates per 1,000 people or properties at risk, as the crime domain of the indices of deprivation 2025 has them, on "
    "average over residents; the publisher draws them towards those of larger areas. The line is all of England."
)
NAMED = 2


@dataclass(frozen=True, eq=False)
class District:
    """A district by the indices of deprivation 2025.

    Parameters
    ----------
    name
        Its name.
    score
        Average score of its neighbourhoods, weighted by residents.
    place, of
        Its place by that score, 1 for the most deprived, among how many districts.
    most_deprived
        Share of its neighbourhoods that are in the most deprived tenth of England.
    indicators
        ``indicator`` (label), ``district`` and ``england`` (rates, weighted by residents) and ``times``, one over the
        other; from the highest.
    """

    name: str
    score: float
    place: int
    of: int
    most_deprived: float
    indicators: pd.DataFrame


def read_district(england: England, tables: Catalogue, code: str) -> District:
    """The district with the `code` of 2024.

    Raises
    ------
    core.tables.catalogue.CatalogueError
        If a table is missing or damaged.
    """
    summaries = tables.read_table("district_summaries_2025")
    row = summaries.set_index(DISTRICT_CODE).T[code]
    return District(
        str(row["ltla24_name"]),
        float(row["imd25_average_score"]),
        int(row["imd25_place_by_average_score"]),
        len(summaries),
        float(row["imd25_share_most_deprived"]),
        _indicators(england, tables, code),
    )


def _indicators(england: England, tables: Catalogue, code: str) -> pd.DataFrame:
    fields = [field for field in tables.table("crime_indicators_2025").fields if field.role != "key"]
    rates = tables.read_table("crime_indicators_2025").merge(
        england.areas[[CODE, DISTRICT_CODE, "residents_2022"]], on=CODE
    )
    inside = (rates[DISTRICT_CODE] == code).to_numpy()
    names, weights = [field.name for field in fields], rates["residents_2022"].to_numpy(float)
    values = rates[names].to_numpy(float)
    here, everywhere = (np.average(values[rows], axis=0, weights=weights[rows]) for rows in (inside, slice(None)))
    found = pd.DataFrame(
        {
            "indicator": [field.label.removesuffix(" in the indices") for field in fields],
            "district": here,
            "england": everywhere,
            "times": here / everywhere,
        }
    )
    return found.sort_values("times", ascending=False, ignore_index=True)


def district_text(found: District) -> str:
    """How deprived the district is, in a sentence or two."""
    rank = "the most deprived" if found.place == 1 else f"number {found.place} from the most deprived"
    return (
        f"{upper_first(the(found.name))} is {rank} of {found.of} districts by its average score, "
        f"{number(found.score, 1)}. {per_cent(found.most_deprived, 0)} of its neighbourhoods are in the most deprived "
        "tenth of England."
    )


def indicators_figure(found: District) -> Figure:
    """The rates of the crime domain in the district as times those of England."""
    rows = found.indicators
    highest = [
        f"{lower_first(name)} ({number(times, 1)} times)"
        for name, times in zip(rows["indicator"].head(NAMED), rows["times"], strict=False)
    ]
    finding = f"Compared with England, the highest rates in {the(found.name)} are {listed(highest)}"
    drawn = pd.DataFrame(
        {
            "label": rows["indicator"],
            "value": rows["times"],
            "low": rows["times"],
            "high": rows["times"],
            "text": rows["times"].map(number),
            "highlighted": rows["times"] > 1,
        }
    )
    return Figure(
        name="district_indicators",
        title=finding,
        charts=(charts.intervals(drawn, "Times the rate of England", "Times the rate of England", 1.0),),
        alt=f"Dots: eight rates of crime in {the(found.name)} as times those of England. {finding}.",
        table=rows.rename(
            columns={
                "indicator": "Indicator",
                "district": "Rate in the district",
                "england": "Rate in England",
                "times": "Times the rate of England",
            }
        ),
        note=NOTE,
    )
