"""Maps of England: crime per resident in its districts, and in the neighbourhoods of one of them."""

from collections.abc import Mapping

import pandas as pd

from core.crime.area import PER_RESIDENTS
from core.crime.england.analysis import neighbourhoods
from core.crime.england.figures import FIFTH_NAMES
from core.crime.england.question import RESIDENTS, EnglandSpec
from core.crime.england.tables import England
from core.crime.geography.map import LsoaMapData
from core.crime.text import counted, rate
from core.presentation.maps import level_scale
from core.presentation.numbers import lower_first, number, upper_first
from core.sources.police.street_crime_2025 import YEAR
from core.sources.small_areas.areas import CODE, DISTRICT, DISTRICT_CODE
from core.tables.geometry import Shape, centroid, extent


def middles(outlines: Mapping[str, Shape]) -> pd.DataFrame:
    """``longitude`` and ``latitude`` of the middle of each of `outlines`, by code."""
    index = pd.Index(outlines, name="lsoa11_code")
    points = [centroid(shape) for shape in outlines.values()]
    return pd.DataFrame(points, index, ["longitude", "latitude"])


def districts_map(
    england: England, spec: EnglandSpec, outlines: Mapping[str, Shape], places: pd.DataFrame
) -> LsoaMapData:
    """Rate of each district of England; those of forces without figures have none.

    Parameters
    ----------
    outlines
        Shapes of the districts, by code.
    places
        From :func:`middles`, of the same.
    """
    rows = neighbourhoods(england, spec)
    sums = rows.groupby(DISTRICT_CODE, observed=True)[["records", "residents"]].sum()
    frame = places.assign(LSOA=england.once(_district_names).loc[places.index].to_numpy())
    frame["value"] = sums["records"] / sums["residents"] * PER_RESIDENTS
    frame["text"] = [_rate_text(value) for value in frame["value"]]
    named = frame.reset_index().assign(district=frame["LSOA"].to_numpy())
    return _map_data(named, spec, "district", outlines)


def _district_names(england: England) -> pd.Series:
    return england.areas.drop_duplicates(DISTRICT_CODE).set_index(DISTRICT_CODE)[DISTRICT].astype("str")


def neighbourhoods_map(
    england: England, spec: EnglandSpec, outlines: pd.DataFrame, shapes: Mapping[str, Shape], names: pd.Series
) -> LsoaMapData:
    """Rate and deprivation of each neighbourhood of one district.

    Parameters
    ----------
    outlines
        From :func:`core.crime.today.area_outlines`.
    shapes
        The outlines as shapes, by code.
    names
        From :func:`core.crime.today.neighbourhood_names`.
    """
    known = neighbourhoods(england, spec)
    known = known[known[CODE].isin(names.index)].set_index(CODE)
    named = england.areas[england.areas[CODE].isin(names.index)].set_index(CODE)
    frame = outlines.drop(columns="outline").rename(columns={CODE: "lsoa11_code"}).reset_index(drop=True)
    frame["LSOA"] = names.reindex(frame["lsoa11_code"]).to_numpy()
    frame["district"] = named[DISTRICT].astype("str").reindex(frame["lsoa11_code"]).to_numpy()
    frame["value"] = (known["rate"] * PER_RESIDENTS).reindex(frame["lsoa11_code"]).to_numpy()
    frame = frame[frame["lsoa11_code"].isin(known.index)].reset_index(drop=True)  # without the busiest, if left out
    fifths = known["fifth"].reindex(frame["lsoa11_code"]).map(FIFTH_NAMES)
    counts = known[["records", "residents"]].reindex(frame["lsoa11_code"]).to_numpy()
    frame["text"] = [
        _area_text(value, fifth, *pair) for value, fifth, pair in zip(frame["value"], fifths, counts, strict=True)
    ]
    return _map_data(frame, spec, "neighbourhood", shapes)


def _map_data(frame: pd.DataFrame, spec: EnglandSpec, kind: str, shapes: Mapping[str, Shape]) -> LsoaMapData:
    known = frame.dropna(subset=["value"]).sort_values("value")
    per = lower_first(RESIDENTS[spec.residents].label)
    title = f"{upper_first(counted(spec.crime_type))} per 1,000, {YEAR}; per {per}"
    low, high = known.iloc[0], known.iloc[-1]
    finding = (
        f"By {kind}, from {rate(low['value'])} per 1,000 in {low['LSOA']} to {rate(high['value'])} in {high['LSOA']}"
    )
    if len(known) == 1:
        finding = f"{rate(low['value'])} per 1,000 in {low['LSOA']}, the only {kind} with figures"
    return LsoaMapData(
        frame.assign(clear=True), level_scale(known["value"]), title, rate, finding, bounds=extent(shapes.values())
    )


def _rate_text(value: float) -> str:
    return "No full year of figures here" if pd.isna(value) else f"{rate(value)} per 1,000 residents"


def _area_text(value: float, fifth: object, records: float, residents: float) -> str:
    counted = f"{number(records, 0)} records, {number(residents, 0)} residents"
    return f"{_rate_text(value)}\n{counted}\nDeprivation fifth: {fifth}"
