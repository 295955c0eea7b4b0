"""The map of a borough's neighbourhoods by crime per 1,000 residents."""

import math
from typing import Any

import pandas as pd

from core.exports.static_maps import static_map
from core.london.borough.neighbourhoods import Neighbourhoods
from core.presentation.charts import Figure
from core.presentation.maps import (
    FADED_ALPHA,
    LAYER,
    LINE,
    PHONE_HEIGHT,
    PHONE_WIDTH,
    SOLID_ALPHA,
    TILE,
    WIDE_HEIGHT,
    WIDE_WIDTH,
    ColourScale,
    class_labels,
    compact_deck,
    legend_html,
    level_scale,
    mercator,
    rgb,
)
from core.presentation.numbers import YES_NO, number, ordinal
from core.sources.small_areas.areas import CODE
from core.tables.geometry import extent

MARGIN = 0.94  # of the window that the borough fills


def scale_of(found: Neighbourhoods, dark: bool = False) -> ColourScale:
    """Five classes of about as many neighbourhoods each, on a page that is `dark` or not."""
    return level_scale(found.rows["rate"]).on(dark)


def write(value: float) -> str:
    """A rate in whole numbers."""
    return number(value, 0)


def title(found: Neighbourhoods) -> str:
    """What the map shows."""
    return f"Recorded crime per 1,000 residents, 12 months to {_month(found)} (average {write(found.average)})"


def _month(found: Neighbourhoods) -> str:
    return f"{pd.Timestamp(f'{found.month}-01'):%B %Y}"


def finding(found: Neighbourhoods) -> str:
    """The neighbourhoods with the most and the least, as far as they have residents."""
    ordered = found.rows.dropna(subset=["rate"]).sort_values("rate")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    return (
        f"Recorded crime per 1,000 residents runs from {write(low['rate'])} in {low['place']} to "
        f"{write(high['rate'])} in {high['place']}"
    )


def neighbourhood_deck(found: Neighbourhoods, phone: bool = False, dark: bool = False) -> Any:
    """The pydeck map, as large as the window of a `phone` or of a page allows."""
    import pydeck

    scale = scale_of(found, dark)
    features = [_feature(row, found, scale) for row in found.rows.to_dict("records")]
    layer = pydeck.Layer(
        "GeoJsonLayer",
        id=LAYER,
        data={"type": "FeatureCollection", "features": features},
        pickable=True,
        stroked=True,
        auto_highlight=True,
        highlight_color=[184, 98, 27, 60],
        get_fill_color="properties.fill",
        get_line_color=[*rgb(LINE), 120],
        get_line_width=1,
        line_width_units="'pixels'",
    )
    return compact_deck([layer], _view(found, phone), "{name}\n{text}")


def _feature(row: dict[Any, Any], found: Neighbourhoods, scale: ColourScale) -> dict[str, Any]:
    alpha = SOLID_ALPHA if row["clear"] else FADED_ALPHA
    properties = {"name": row["place"], "text": _text(row), "fill": [*rgb(scale.colour(row["rate"])), alpha]}
    geometry = {"type": "MultiPolygon", "coordinates": found.shapes[row[CODE]]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _text(row: dict[Any, Any]) -> str:
    doubt = "" if row["clear"] else "\nNot clearly different from the borough's average"
    return (
        f"Crime: {write(row['rate'])} per 1,000 residents\n"
        f"95% margin: {write(row['low'])} to {write(row['high'])} per 1,000\n"
        f"Deprivation: {ordinal(row['decile'])} tenth of England (1st is most deprived){doubt}"
    )


def _view(found: Neighbourhoods, phone: bool) -> dict[str, float]:
    """Middle and zoom that hold all of the borough."""
    west, south, east, north = extent(found.shapes.values())
    (left, top), (right, bottom) = mercator(west, north), mercator(east, south)
    width, height = (PHONE_WIDTH, PHONE_HEIGHT) if phone else (WIDE_WIDTH, WIDE_HEIGHT)
    zoom = math.log2(MARGIN * min(width / (right - left), height / (bottom - top)) / TILE)
    return {"longitude": (west + east) / 2, "latitude": (south + north) / 2, "zoom": round(zoom, 2)}


def static_neighbourhood_map(found: Neighbourhoods) -> Figure:
    """The map as a picture, with its table."""
    scale, words = scale_of(found), finding(found)
    labels = class_labels(scale, write)
    chart = static_map(
        found.shapes, found.rows.rename(columns={"rate": "value"}).set_index(CODE), scale, labels, title(found), ""
    )
    return Figure("map", f"{words}.", (chart,), f"Map of {found.borough}. {words}.", neighbourhood_table(found))


def neighbourhood_table(found: Neighbourhoods) -> pd.DataFrame:
    """Every neighbourhood with its figures, from the highest rate down."""
    rows = found.rows.sort_values("rate", ascending=False)
    return pd.DataFrame(
        {
            "Neighbourhood": rows["place"],
            "Crime per 1,000 residents": rows["rate"],
            "95% margin from": rows["low"],
            "95% margin to": rows["high"],
            "Clearly not the average": rows["clear"].map(YES_NO),
            "Offences": rows["offences"],
            "Residents": rows["residents"],
            "Tenth of England by deprivation": rows["decile"],
        }
    )


def legend(found: Neighbourhoods, dark: bool = False) -> str:
    """The legend as HTML."""
    scale = scale_of(found, dark)
    return legend_html(scale, title(found), class_labels(scale, write), faded=not found.rows["clear"].all())
