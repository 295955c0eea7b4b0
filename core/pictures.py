"""Charts as files: SVG and PNG, drawn without a browser, in the light theme so that they print."""

from collections.abc import Mapping
from typing import Any

WIDTH = 720
PNG_SCALE = 2.0  # sharp on paper and on fine screens
FONT = "'Source Sans 3', 'Source Sans Pro', Arial, 'Liberation Sans', sans-serif"
LOOK: Mapping[str, Any] = {
    "font": FONT,
    "background": "white",
    "axis": {"labelColor": "#31404f", "titleColor": "#31404f", "titleFontWeight": "normal", "gridColor": "#e6eaee"},
    "view": {"stroke": None},
}


def svg(chart: Mapping[str, Any], width: int = WIDTH) -> str:
    """A chart as SVG.

    Parameters
    ----------
    chart
        Vega-Lite, as :func:`core.charts.dressed` makes it for a light page.
    width
        In pixels, for a chart that takes the width that it is given.
    """
    import vl_convert  # ninety megabytes when it first draws: only where a picture is asked for

    drawn: str = vl_convert.vegalite_to_svg(_still(chart, width), allowed_base_urls=[])
    return drawn


def png(chart: Mapping[str, Any], width: int = WIDTH, scale: float = PNG_SCALE) -> bytes:
    """A chart as PNG; `width` as in :func:`svg`, `scale` pixels of the picture for one of the chart."""
    import vl_convert

    drawn: bytes = vl_convert.svg_to_png(svg(chart, width), scale=scale)
    return drawn


def _still(chart: Mapping[str, Any], width: int) -> dict[str, Any]:
    """`chart` with the look that the page would give it, and a width of its own."""
    look = {
        key: value | chart.get("config", {}).get(key, {}) if isinstance(value, dict) else value
        for key, value in LOOK.items()
    }
    still = dict(chart) | {"config": dict(chart.get("config", {})) | look}
    if not {"hconcat", "vconcat", "concat", "facet"} & still.keys() and not isinstance(still.get("width"), int | float):
        still |= {"width": width, "autosize": {"type": "fit-x", "contains": "padding"}}
    return still
