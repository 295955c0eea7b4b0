"""A briefing as one HTML file: it loads nothing from elsewhere, runs no scripts, and prints on A4."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from core.exports.briefing import content
from core.exports.briefing.content import Briefing
from core.exports.briefing.markdown import to_html
from core.exports.images import named, svg
from core.presentation.charts import Figure, with_theme
from core.tables.characters import strip_control_characters

TEMPLATE = Path(__file__).with_name("briefing.html.j2")
TALL = 640  # pixels: higher charts have so many rows that they need more of a page to be read
PRINTED, PHONE = 656, 344  # widths in pixels: the text on A4, and on a phone
SIDE_BY_SIDE = 372  # of each of two charts in a row: drawn wider than shown, so that labels have room
_HEIGHT = re.compile(r'<svg [^>]*\bheight="([\d.]+)"')
_LONG = re.compile(r"\d+\.\d{2,}")
_PLACES = re.compile(r'(?<= d=")[^"]+|(?<= transform=")[^"]+')


def html_page(briefing: Briefing, day: date) -> str:
    """The briefing as a complete HTML page.

    Parameters
    ----------
    day
        The day on which it is made.
    """
    return strip_control_characters(_template().render(briefing=briefing, day=day))


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE.parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {"markdown": lambda marked: Markup(to_html(marked)), "css_string": _css_string}
    return environment.get_template(TEMPLATE.name, globals={"content": content, "plots": _plots})


def _css_string(text: str) -> Markup:
    """`text` for between quotation marks in a style sheet."""
    return Markup(re.sub(r'[\\"<>\r\n\f]', "", text))


def _plots(figure: Figure, number: int) -> Iterator[tuple[str, Markup]]:
    """Each chart with its CSS classes: as wide as the printed page and as wide as a phone, where the two differ."""
    width = SIDE_BY_SIDE if figure.side_by_side else PRINTED
    for at, chart in enumerate(figure.charts):
        drawn = with_theme(chart, dark=False)
        drawn["config"] |= {"aria": False}
        on_paper, on_phone = svg(drawn, width), svg(drawn, PHONE)
        if on_paper == on_phone:
            yield f"plot{_tall(on_paper)}", _inline(on_paper, f"f{number}p{at}")
        else:
            yield f"plot paper{_tall(on_paper)}", _inline(on_paper, f"f{number}p{at}w")
            yield "plot phone", _inline(on_phone, f"f{number}p{at}n")


def _tall(drawn: str) -> str:
    found = _HEIGHT.search(drawn)
    return " tall" if found and float(found[1]) > TALL else ""


def _inline(drawn: str, name: str) -> Markup:
    """SVG to inline in a figure with a text alternative: unique ids, coordinates to a tenth of a pixel."""
    drawn = named(drawn, name).replace("<svg ", '<svg aria-hidden="true" ', 1)
    return Markup(_PLACES.sub(lambda places: _LONG.sub(lambda place: f"{float(place[0]):.1f}", places[0]), drawn))
