"""The neighbourhoods of one borough: their deprivation in 2025 and the crime recorded in the last 12 months."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.london.panel import PER_RESIDENTS
from core.sources.small_areas.areas import CODE
from core.stats.dispersion import dispersion
from core.stats.uncertainty import count_margin
from core.tables.calendar import MONTHS
from core.tables.catalogue import Catalogue
from core.tables.geometry import Shape, shape_of

MOST_DEPRIVED = {"tenth": 1, "fifth": 2}  # deciles of England that they hold


@dataclass(frozen=True, eq=False)
class Neighbourhoods:
    """The neighbourhoods of a borough.

    Parameters
    ----------
    rows
        One row each: ``lsoa21_code``, ``place`` (ward and name), ``name``, ``ward``, ``residents``, ``decile`` (1: most
        deprived tenth of
        England), ``offences`` of 12 months, ``rate`` per 1,000 residents with ``low`` and ``high`` (95%), and
        ``clear``, whether that leaves out the average.
    dispersion
        How many times the variance of a neighbourhood's count is that of a Poisson count, over the months.
    average
        Offences per 1,000 residents in all of them.
    month
        The last of the 12 months, such as ``"2026-02"``.
    shapes
        Their outlines by code.
    """

    borough: str
    rows: pd.DataFrame
    average: float
    month: str
    shapes: dict[str, Shape]
    dispersion: float

    def share(self, part: str) -> float:
        """Share of them, in per cent, in the most deprived ``"tenth"`` or ``"fifth"`` of England."""
        return float((self.rows["decile"] <= MOST_DEPRIVED[part]).mean() * 100)


@dataclass(frozen=True, eq=False)
class Offences:
    """Offences in London by neighbourhood (rows) and month (columns, in order)."""

    by_month: pd.DataFrame

    @property
    def month(self) -> str:
        """The last month."""
        return str(self.by_month.columns[-1])

    @property
    def counts(self) -> pd.Series:
        """Offences of the last 12 months in each neighbourhood."""
        return self.by_month.iloc[:, -MONTHS:].sum(axis=1)


def offences(catalogue: Catalogue) -> Offences:
    """The offences of all of London."""
    crime = catalogue.read_table("london_area_crime", [CODE, "month", "offences"])
    return Offences(crime.groupby([CODE, "month"], observed=True)["offences"].sum().unstack(fill_value=0))


def neighbourhoods(catalogue: Catalogue, borough: str, counted: Offences) -> Neighbourhoods:
    """The neighbourhoods of `borough`; of each table but that of the offences only its rows are read."""
    names = {"lsoa21_name": "name", "ward24_name": "ward", "residents_2022": "residents"}
    areas = catalogue.read_table("areas", [CODE, "ltla24_code", *names], {"ltla24_name": [borough]})
    codes = areas[CODE].tolist()
    deprived = catalogue.read_table("deprivation_2025", [CODE, "imd25_decile"], {CODE: codes})
    outlines = catalogue.read_table(
        "area_shapes", [CODE, "outline"], {"ltla24_code": areas["ltla24_code"].head(1).tolist()}
    )
    times = dispersion(counted.by_month.reindex(codes).dropna().to_numpy(dtype=float))
    rows = areas.rename(columns=names).merge(deprived.rename(columns={"imd25_decile": "decile"}), on=CODE)
    rows["offences"] = rows[CODE].map(counted.counts).fillna(0).astype(int)
    rows["place"] = [f"{ward} ({name})" for ward, name in zip(rows["ward"], rows["name"], strict=True)]
    average = rows["offences"].sum() / rows["residents"].sum() * PER_RESIDENTS
    shapes = {code: _shape(text) for code, text in zip(outlines[CODE], outlines["outline"], strict=True)}
    return Neighbourhoods(borough, _with_rates(rows, average, times), float(average), counted.month, shapes, times)


def _with_rates(rows: pd.DataFrame, average: float, times: float) -> pd.DataFrame:
    per = PER_RESIDENTS / rows["residents"].where(rows["residents"] > 0, np.nan)
    margin = count_margin(rows["offences"], times) * per
    rate = rows["offences"] * per
    return rows.assign(
        rate=rate, low=(rate - margin).clip(lower=0), high=rate + margin, clear=(rate - average).abs() > margin
    )


def _shape(text: str) -> Shape:
    return shape_of({"type": "MultiPolygon", "coordinates": json.loads(text)})
