"""Charts as files: SVG and PNG, drawn without a browser, in the light theme so that they print."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from textwrap import wrap
from typing import Any

from core.tables.characters import strip_control_characters

WIDTH = 720
PNG_SCALE = 2.0  # sharp on paper and on fine screens
MARGIN, GAP = 16, 14
TITLE_SIZE, FOOT_SIZE, LEADING = 17, 11, 1.35
LETTER = 0.52  # width of a usual letter for its height; a little too much, so that no line runs over the edge
_IDS = re.compile(r'<\w+ id="([^"]+)"')
_USES = re.compile(r'(<\w+ id="|url\(#|href="#)([\w-]+)')
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
        Vega-Lite, as :func:`core.presentation.charts.with_theme` makes it for a light page.
    width
        In pixels, for a chart that takes the width that it is given; a map that is wider is made smaller.
    """
    import vl_convert  # ninety megabytes when it first draws: only where a picture is asked for

    return named(vl_convert.vegalite_to_svg(_still(chart, width), allowed_base_urls=[]), "part")


def named(drawn: str, start: str) -> str:
    """`drawn` with ids that begin with `start` and count from 0, where Vega counts on from picture to picture."""
    names = {old: f"{start}{number}" for number, old in enumerate(dict.fromkeys(_IDS.findall(drawn)))}
    return _USES.sub(lambda found: found[1] + names.get(found[2], found[2]), drawn)


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
    own = still.get("width")
    if isinstance(own, int | float):  # a map, which keeps its form
        still |= {"width": width, "height": round(still["height"] * width / own)} if own > width else {}
    elif not {"hconcat", "vconcat", "concat", "facet"} & still.keys():
        still |= {"width": width, "autosize": {"type": "fit-x", "contains": "padding"}}
    return {key: _one_line(value) for key, value in still.items()}


def _one_line(value: Any) -> Any:
    """`value` with its words as the drawing can take them: control characters would end the whole program."""
    if isinstance(value, str):
        return strip_control_characters(" ".join(value.splitlines()))
    if isinstance(value, Mapping):
        return {_one_line(key): _one_line(part) for key, part in value.items()}
    return [_one_line(part) for part in value] if isinstance(value, list | tuple) else value


def sheet(
    charts: Sequence[Mapping[str, Any]], title: str, foot: str, text: str = "", across: int = 1, width: int = WIDTH
) -> str:
    """Charts on one white sheet that stands alone, as SVG: the finding above, where it comes from below.

    Parameters
    ----------
    charts
        Vega-Lite as :func:`svg` takes it; a title that a chart has of its own stays over its part.
    title
        The finding, broken into lines as wide as the sheet.
    foot
        Sources, licences and what else a reader needs who has nothing but the sheet; each line a paragraph.
    text
        What the sheet shows, for those who cannot see it.
    across
        How many charts stand beside each other, each `width` over `across` wide and half as much again.
    """
    each = width if across == 1 else 3 * width // (2 * across)
    parts = [_Part.of(svg(chart, each), f"part{number}-") for number, chart in enumerate(charts)]
    rows = [parts[start : start + across] for start in range(0, len(parts), across)]
    whole = max(width, *(sum(part.width for part in row) + (len(row) - 1) * GAP for row in rows))
    head, top = _paragraphs(title, whole, TITLE_SIZE, MARGIN, 'font-weight="600" fill="#0d141c"')
    drawn = []
    for row in rows:
        lefts = accumulate((part.width + GAP for part in row[:-1]), initial=MARGIN)
        drawn += [part.at(left, top + GAP) for part, left in zip(row, lefts, strict=True)]
        top += max(part.height for part in row) + GAP
    below, end = _paragraphs(foot, whole, FOOT_SIZE, top + GAP, 'fill="#4a5763"')
    size = f'width="{whole + 2 * MARGIN:g}" height="{end + MARGIN:g}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {size} role="img">'
        f"<title>{_text(title)}</title><desc>{_text(text)}</desc>"
        f'<rect width="100%" height="100%" fill="white"/>{head}{"".join(drawn)}{below}</svg>'
    )


def sheet_png(drawn: str, scale: float = PNG_SCALE) -> bytes:
    """A sheet of :func:`sheet` as PNG."""
    import vl_convert

    picture: bytes = vl_convert.svg_to_png(drawn, scale=scale)
    return picture


@dataclass(frozen=True)
class _Part:
    """A chart as a piece of SVG and its size."""

    drawn: str
    width: float
    height: float

    @classmethod
    def of(cls, drawn: str, prefix: str) -> "_Part":
        """`prefix` goes before names that the pieces of one sheet may not share, such as those of clip paths."""
        own = named(drawn, prefix)
        width, height = (float(re.search(rf'<svg[^>]* {side}="([\d.]+)', own)[1]) for side in ("width", "height"))  # type: ignore[index]
        return cls(own, width, height)

    def at(self, left: float, top: float) -> str:
        return self.drawn.replace("<svg ", f'<svg x="{left:g}" y="{top:g}" ', 1)


def _paragraphs(text: str, width: float, size: int, top: float, look: str) -> tuple[str, float]:
    """`text` as lines of text no wider than `width` from `top` on, and where they end."""
    broken = [line for paragraph in text.splitlines() for line in wrap(paragraph, int(width / (LETTER * size)))]
    lines = "".join(
        f'<text x="{MARGIN}" y="{top + size + number * LEADING * size:g}" font-size="{size}" '
        f'font-family="{escape(FONT)}" {look}>{_text(line)}</text>'
        for number, line in enumerate(broken)
    )
    return lines, top + len(broken) * LEADING * size


def _text(text: str) -> str:
    """`text` as text of an XML file."""
    return escape(strip_control_characters(text))
