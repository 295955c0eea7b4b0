"""The map of the neighbourhoods of one district by recorded crime per resident."""

from collections.abc import Mapping

import pandas as pd

from core.crime.geography.map import LsoaMapData
from core.crime.neighbourhood.analysis import rates
from core.crime.neighbourhood.tables import NAME, WARD, ForceNeighbourhoods
from core.crime.neighbourhood.text import decile_value
from core.crime.text import rate
from core.crime.today import label
from core.presentation.maps import level_scale
from core.presentation.numbers import number
from core.sources.small_areas.areas import CODE, DISTRICT
from core.tables.geometry import Shape, extent


def district_map(force: ForceNeighbourhoods, outlines: pd.DataFrame, shapes: Mapping[str, Shape]) -> LsoaMapData:
    """Crime per 1,000 residents in each neighbourhood of a district.

    Parameters
    ----------
    outlines
        From :func:`core.crime.today.area_outlines`, for the district.
    shapes
        The outlines as shapes, by code.
    """
    there = outlines[outlines[CODE].isin(force.rows.index)].set_index(CODE)
    rows = force.rows.loc[there.index]
    frame = pd.DataFrame(
        {
            "lsoa11_code": there.index,
            "LSOA": [label(*names) for names in zip(rows[WARD], rows[NAME], strict=True)],
            "district": rows[DISTRICT].to_numpy(),
            "value": rates(force).loc[there.index].to_numpy(),
            "clear": True,
            "longitude": there["longitude"].to_numpy(),
            "latitude": there["latitude"].to_numpy(),
        }
    )
    counts = zip(frame["value"], force.crimes.loc[there.index], rows["imd25_decile"], strict=True)
    frame["text"] = [_text(*each) for each in counts]
    ordered = frame.dropna(subset=["value"]).sort_values("value")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    ends = f"in {low['LSOA']} to {rate(high['value'])} in {high['LSOA']}"
    finding = f"From {rate(low['value'])} crimes per 1,000 residents {ends}"
    if len(ordered) == 1:
        finding = f"{rate(low['value'])} crimes per 1,000 residents in {low['LSOA']}, the only neighbourhood"
    title = f"Recorded crimes per 1,000 residents in {force.year}"
    return LsoaMapData(frame, level_scale(ordered["value"]), title, rate, finding, bounds=extent(shapes.values()))


def _text(value: float, crimes: int, decile: int) -> str:
    per = "No residents" if pd.isna(value) else f"{rate(value)} per 1,000 residents"
    return f"{per}\n{number(crimes, 0)} recorded crimes\n{decile_value(int(decile))} of England by deprivation"
