"""A static picture of the map of small areas, with its table."""

from collections.abc import Mapping

import pandas as pd

from core.crime.geography.map import MOST_NAMED, LsoaMapData
from core.exports.static_maps import picked_note, static_map
from core.presentation.charts import Figure
from core.presentation.maps import BEYOND_CHANCE
from core.presentation.numbers import YES_NO
from core.tables.geometry import Shape


def static_lsoa_map(
    shown: LsoaMapData, outlines: Mapping[str, Shape], borders: Mapping[str, Shape], picked: str = ""
) -> Figure:
    """The map of small areas, shaded, with its figures as its table.

    Parameters
    ----------
    outlines
        Shape of each LSOA by code; an LSOA without one is left out.
    borders
        Shapes of districts to draw lines around, by name; named where they are several and not many.
    picked
        Code of the LSOA with a strong outline; empty for none.
    """
    rows = shown.rows.sort_values("value", ascending=False)
    table = pd.DataFrame(
        {
            "LSOA": rows["LSOA"],
            "LSOA code": rows["lsoa11_code"],
            "Value": rows["value"],
            BEYOND_CHANCE: rows["clear"].map(YES_NO),
            "longitude": rows["longitude"],
            "latitude": rows["latitude"],
        }
    )
    areas = shown.rows.set_index("lsoa11_code")
    there = {code: outlines[code] for code in areas.index if code in outlines}
    named = 1 < len(borders) <= MOST_NAMED
    chart = static_map(there, areas, shown.scale, shown.classes, shown.title, picked, borders, named=named)
    names = areas["LSOA"].to_dict()
    alternative = f"Map of small areas (LSOAs). {shown.finding}."
    return Figure("lsoa_map", f"{shown.finding}.", (chart,), alternative, table, picked_note(names.get(picked, "")))
