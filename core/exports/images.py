"""Charts as SVG and PNG files, drawn without a browser, in the light theme for printing."""

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
LETTER = 0.52  # average width of a letter relative to its height, rounded up so that lines fit
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
        In pixels, for a chart of flexible width; a map that is wider is scaled down.
    """
    import vl_convert  # imported here because it takes ninety megabytes when it first draws

    return named(vl_convert.vegalite_to_svg(_still(chart, width), allowed_base_urls=[]), "part")


def named(drawn: str, start: str) -> str:
    """`drawn` with ids that begin with `start` and count from 0; those of Vega go on counting across charts."""
    names = {old: f"{start}{number}" for number, old in enumerate(dict.fromkeys(_IDS.findall(drawn)))}
    return _USES.sub(lambda found: found[1] + names.get(found[2], found[2]), drawn)


def png(chart: Mapping[str, Any], width: int = WIDTH, scale: float = PNG_SCALE) -> bytes:
    """A chart as PNG; `width` as in :func:`svg`, `scale` pixels of the picture for one of the chart."""
    import vl_convert

    drawn: bytes = vl_convert.svg_to_png(svg(chart, width), scale=scale)
    return drawn


def _still(chart: Mapping[str, Any], width: int) -> dict[str, Any]:
    """`chart` with the configuration of the page, and a fixed width."""
    look = {
        key: value | chart.get("config", {}).get(key, {}) if isinstance(value, dict) else value
        for key, value in LOOK.items()
    }
    still = dict(chart) | {"config": dict(chart.get("config", {})) | look}
    fixed = still.get("width")
    if isinstance(fixed, int | float):  # a map, which keeps its proportions
        still |= {"width": width, "height": round(still["height"] * width / fixed)} if fixed > width else {}
    elif not {"hconcat", "vconcat", "concat", "facet"} & still.keys():
        still |= {"width": width, "autosize": {"type": "fit-x", "contains": "padding"}}
    return {key: _one_line(value) for key, value in still.items()}


def _one_line(value: Any) -> Any:
    """`value` with its texts on one line, without control characters, which would crash the renderer."""
    if isinstance(value, str):
        return strip_control_characters(" ".join(value.splitlines()))
    if isinstance(value, Mapping):
        return {_one_line(key): _one_line(part) for key, part in value.items()}
    return [_one_line(part) for part in value] if isinstance(value, list | tuple) else value


def sheet(
    charts: Sequence[Mapping[str, Any]],
    title: str,
    foot: str,
    description: str = "",
    across: int = 1,
    width: int = WIDTH,
) -> str:
    """Charts on one white sheet as a self-contained SVG, with the finding above and the sources below.

    Parameters
    ----------
    charts
        Vega-Lite as :func:`svg` takes it; the title of a single chart stays above it.
    title
        The finding, broken into lines as wide as the sheet.
    foot
        Sources, licences and notes, since the sheet must be complete; each line a paragraph.
    description
        Text alternative of the sheet.
    across
        Number of charts in a row, each `width` over `across` wide plus a half.
    """
    each = width if across == 1 else 3 * width // (2 * across)
    parts = [_Part.of(svg(chart, each), f"part{number}-") for number, chart in enumerate(charts)]
    rows = [parts[start : start + across] for start in range(0, len(parts), across)]
    total_width = max(width, *(sum(part.width for part in row) + (len(row) - 1) * GAP for row in rows))
    head, top = _paragraphs(title, total_width, TITLE_SIZE, MARGIN, 'font-weight="600" fill="#0d141c"')
    drawn = []
    for row in rows:
        lefts = accumulate((part.width + GAP for part in row[:-1]), initial=MARGIN)
        drawn += [part.at(left, top + GAP) for part, left in zip(row, lefts, strict=True)]
        top += max(part.height for part in row) + GAP
    below, end = _paragraphs(foot, total_width, FOOT_SIZE, top + GAP, 'fill="#4a5763"')
    size = f'width="{total_width + 2 * MARGIN:g}" height="{end + MARGIN:g}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {size} role="img">'
        f"<title>{_text(title)}</title><desc>{_text(description)}</desc>"
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
        """A part whose ids, such as those of clip paths, begin with `prefix`, to be unique on the sheet."""
        prefixed = named(drawn, prefix)
        width, height = (float(re.search(rf'<svg[^>]* {side}="([\d.]+)', prefixed)[1]) for side in ("width", "height"))  # type: ignore[index]
        return cls(prefixed, width, height)

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
    """`text` escaped for XML."""
    return escape(strip_control_characters(text))
