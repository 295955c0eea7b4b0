"""Figures of small areas for the map: counts, rates, and shrunk rates."""

import math
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from core.crime.area import ALL_RECORDS, PER_RESIDENTS, CrimeArea
from core.crime.geography.clusters import CLUSTERS, HIGH_HIGH, LABELS, LOW_LOW, NEITHER
from core.crime.geography.map import LsoaMapData
from core.crime.intervals import TAILS
from core.crime.lsoa_rates import Base
from core.crime.text import Scope, interval, rate, rate_digits
from core.presentation.maps import DIVERGING, SEQUENTIAL, ColourScale, level_scale
from core.presentation.numbers import number

RateKind = Literal["records", "rate", "shrunk", "clusters"]
RATE_KINDS: Mapping[RateKind, str] = {
    "records": "Records",
    "rate": "Rate",
    "shrunk": "Smoothed rate",
    CLUSTERS: "Clusters",
}
BASES: Mapping[Base, str] = {"residents": "residents", "records": "records of all types"}
NO_BASE = "Nothing to divide by"
NOT_CLEAR = "Not clearly above or below the average"
MOST_HAVE_SOME = 0.8
UPPER_CLASSES = 3
TIMES = (0.5, 1, 2, 4)
BETWEEN_CLUSTERS = (-1.5, -0.5, 0.5, 1.5)


def lsoa_map_data(
    area: CrimeArea,
    rates: pd.DataFrame,
    crime_type: str = ALL_RECORDS,
    figure: RateKind = "rate",
    per: Base = "residents",
    district: str = "",
) -> LsoaMapData:
    """The data of the map of `crime_type` in the LSOAs of `district`, or in all.

    Colours are those of the whole place, so that its districts compare. Rates that are not clearly above or below its
    average are faded; counts are not compared.

    Parameters
    ----------
    rates
        From :func:`core.crime.lsoa_rates.lsoa_rates` for this type and base; for clusters with what
        :func:`core.crime.geography.clusters.with_clusters` adds.
    """
    lsoas = area.lsoas[["lsoa11_code", "LSOA", "district", "longitude", "latitude"]]
    known = rates.drop(columns=["LSOA", "MSOA", "district", "records"])
    rows = lsoas.assign(records=area.records(crime_type)).merge(known, on="lsoa11_code", how="left")
    rows = rows.assign(value=rows[figure], clear=True if figure == "records" else is_clear(rows["above"]))
    shown = rows[rows["district"] == district].reset_index(drop=True) if district else rows
    average = rates["records"].sum() / rates["base"].sum() * PER_RESIDENTS
    if figure == CLUSTERS:
        return _clusters_data(shown, Scope(area.name, area.period, crime_type), per)
    scale = _count_scale(rows["value"]) if figure == "records" else _rate_scale(average)
    title, digits = _title(Scope(area.name, area.period, crime_type), figure, per), _digits(scale.breaks)
    return LsoaMapData(
        rows=shown.assign(text=[_text(row, figure, per) for row in shown[_TEXT_COLUMNS].itertuples()]),
        scale=scale,
        title=title if figure == "records" else f"{title} (average {rate(average)})",
        write=lambda value: number(value, digits),
        finding=_finding(shown, title, figure, average),
        heat="records",
    )


def _clusters_data(rows: pd.DataFrame, scope: Scope, per: Base) -> LsoaMapData:
    """The map of clusters; `rows` as :func:`lsoa_map_data` makes them, with the cluster as the value."""
    names = rows["value"].fillna(NEITHER).astype(int).map(LABELS)
    rates = [
        _text(row, "shrunk", per) for row in rows.assign(value=rows["shrunk"], clear=True)[_TEXT_COLUMNS].itertuples()
    ]
    high, low = (int((rows["value"] == cluster).sum()) for cluster in (HIGH_HIGH, LOW_LOW))
    return LsoaMapData(
        rows=rows.assign(
            clear=rows["value"].fillna(NEITHER) != NEITHER,
            text=[f"{name}\n{text}" for name, text in zip(names, rates, strict=True)],
        ),
        scale=ColourScale(BETWEEN_CLUSTERS, DIVERGING[::-1]),
        title=_title(scope, "shrunk", per),
        write=lambda value: LABELS[round(value)],
        finding=f"High rates gather in {high:,} of {len(rows):,} small areas, low rates in {low:,}",
        heat="records",
        labels=tuple(LABELS.values()),
    )


def ranked_by(figure: RateKind) -> RateKind:
    """The figure by which LSOAs are ranked where the map shows `figure`: clusters are of shrunk rates."""
    return "shrunk" if figure == CLUSTERS else figure


def notes(figure: RateKind, heat: bool, times: float = 1.0) -> str:
    """How to read the map of `figure`, shaded or as a `heat` layer.

    Parameters
    ----------
    times
        How many times the variance of a count is that of a Poisson count, over months; 1 where that is not known.
    """
    if heat:
        return HEAT_NOTE
    groups = f" Counts vary {number(times, 1)} times as much from month to month as independent records would."
    return CLUSTER_NOTE if figure == CLUSTERS else f"{MAP_NOTE}{groups if times > 1 else ''}"


def is_clear(above: pd.Series) -> pd.Series:
    """Whether a rate is clearly above or below the average, from the probability that it is above."""
    return (above < TAILS[0]) | (above > TAILS[1])


def _title(scope: Scope, figure: RateKind, per: Base) -> str:
    crime = scope.crime[:1].upper() + scope.crime[1:]
    if figure == "records":
        return f"{crime}, {scope.period}"
    return f"{crime} per 1,000 {BASES[per]}{', smoothed' if figure == 'shrunk' else ''}, {scope.period}"


_TEXT_COLUMNS = ["records", "rate", "base", "low", "high", "shrunk_low", "shrunk_high", "value", "clear"]


def _text(row: Any, figure: RateKind, per: Base) -> str:
    counted = f"{number(row.records, 0)} records"
    if math.isnan(row.rate):
        return f"{counted}\n{NO_BASE}"
    counted = f"{counted}, {number(row.base, 0)} {BASES[per]}"
    if figure == "records":
        return counted
    low, high = (row.low, row.high) if figure == "rate" else (row.shrunk_low, row.shrunk_high)
    digits = rate_digits(row.value)
    interval_text = interval(low, high, digits, "interval" if figure == "rate" else "credible interval")
    lines = [
        f"{number(row.value, digits)} per 1,000 {BASES[per]}",
        interval_text,
        counted,
        *([] if row.clear else [NOT_CLEAR]),
    ]
    return "\n".join(lines)


def _rate_scale(average: float) -> ColourScale:
    """Classes that double, about the average: the few LSOAs that are far above it stand out, however many are below."""
    digits = 1 - math.floor(math.log10(average))
    return ColourScale(tuple(round(times * average, digits) for times in TIMES), SEQUENTIAL)


def _count_scale(counts: pd.Series) -> ColourScale:
    """Classes with about as many LSOAs each; where many have no records, the lowest class is theirs."""
    some = counts[counts > 0]
    if len(some) > MOST_HAVE_SOME * len(counts):
        return level_scale(counts)
    upper = [edge for edge in level_scale(some).breaks if edge > 1]
    breaks = (1.0, *upper[-UPPER_CLASSES:])
    return ColourScale(breaks, SEQUENTIAL[-len(breaks) - 1 :])


def _digits(breaks: tuple[float, ...]) -> int:
    """Decimals that `breaks` need."""
    return next(digits for digits in range(10) if np.allclose(np.round(breaks, digits), breaks, rtol=0, atol=1e-9))


def _finding(rows: pd.DataFrame, title: str, figure: RateKind, average: float) -> str:
    ordered = rows.dropna(subset=["value"]).sort_values("value")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    ends = [number(end["value"], 0 if figure == "records" else rate_digits(end["value"])) for end in (low, high)]
    extremes = f"{title}: from {ends[0]} in {low['LSOA']} to {ends[1]} in {high['LSOA']}"
    if figure == "records":
        return extremes
    clear = f"{number(rows['clear'].sum(), 0)} of {len(rows):,} LSOAs"
    return f"{extremes}; clearly above or below the average of {rate(average)} in {clear}"


CLUSTER_NOTE = (
    "High among high: the smoothed rate of the area and the mean of its neighbours are both above the average of the "
    "place, further than chance would put them (local Moran's I). Of the areas in colour at most 5% are expected to be "
    "chance (Benjamini and Hochberg). The others may be anything."
)
MAP_NOTE = (
    "Rates are compared with the average of all LSOAs of the place. Faded: the chance that the LSOA's rate lies above "
    "it is between 2.5 and 97.5%. Counts are not compared with anything, so none is faded."
)
HEAT_NOTE = (
    "The heat layer adds up the records of LSOAs that lie close together, each at one point inside it. It shows where "
    "records are dense, whichever figure is chosen, and takes no account of residents or of chance."
)
