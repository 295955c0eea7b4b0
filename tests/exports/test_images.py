"""Charts as self-contained files."""

import io
import re
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from core.exports.images import WIDTH, named, png, svg
from core.presentation.charts import with_theme

ROWS = pd.DataFrame({"borough": ["Brent", "Sutton & <Merton>"], "score": [61.5, 72.25]})


@pytest.fixture(scope="module")
def chart() -> dict[str, Any]:
    return with_theme(
        alt.Chart(ROWS).mark_bar().encode(alt.X("score").title("Score (%)"), alt.Y("borough")), dark=False
    )


def test_svg_has_its_text_and_no_external_address(chart: dict[str, Any]) -> None:
    drawn = svg(chart)
    assert all(word in drawn for word in (">Score (%)<", ">Brent<", "Sutton &amp; &lt;Merton&gt;"))
    assert "http" not in drawn.replace("http://www.w3.org/", "")


def test_png_is_twice_the_size_and_not_blank(chart: dict[str, Any]) -> None:
    picture = Image.open(io.BytesIO(png(chart)))
    assert picture.width == pytest.approx(2 * WIDTH, abs=2)
    shades = np.asarray(picture.convert("L"))
    assert shades.min() < 120
    assert shades.max() == 255


def test_png_draws_the_text(chart: dict[str, Any]) -> None:
    unnamed = with_theme(
        alt.Chart(ROWS).mark_bar().encode(alt.X("score").title(None), alt.Y("borough").title(None)), False
    )
    dark = [
        (Image.open(io.BytesIO(png(drawn))).convert("L").point(lambda v: v < 90)).getbbox()
        for drawn in (chart, unnamed)
    ]
    assert all(dark)
    assert dark[0] != dark[1]


def test_svg_with_data_from_address_raises_error() -> None:
    foreign = {"data": {"url": "http://127.0.0.1:9/rows.csv"}, "mark": "bar", "encoding": {"x": {"field": "a"}}}
    with pytest.raises(ValueError, match=r"127\.0\.0\.1"):
        svg(foreign)


@pytest.mark.parametrize(
    "odd", ["\x00", "\x0b", "\x1b", "\x7f", "\ufffe", "\n", "\u2028"], ids=lambda odd: f"U+{ord(odd):04X}"
)
def test_svg_and_png_leave_out_control_characters(odd: str) -> None:
    rows = pd.DataFrame({f"a{odd}b": [f"Brent{odd}", "Sutton"], "n": [1, 2]})
    tip = alt.Tooltip("n:Q", title=f"tip{odd}s")
    marks = alt.Chart(rows, title=f"T{odd}T").mark_bar().encode(x="n:Q", y=f"a{odd}b:N", tooltip=tip)
    drawn = svg(with_theme(marks, dark=False))
    assert ">Brent" in drawn
    assert odd not in drawn.replace("</g>\n", "")
    assert png(with_theme(marks, dark=False)).startswith(b"\x89PNG")


def test_svg_ids_do_not_depend_on_earlier_drawings() -> None:
    marks = with_theme(alt.Chart(ROWS).mark_bar(clip=True).encode(x="score:Q", y="borough:N"), dark=False)
    first = svg(marks)
    assert first == svg(marks)
    assert 'id="part0"' in first
    assert "url(#part0)" in first
    assert named(first, "other").replace("other", "part") == first


def test_svg_of_narrow_map_has_the_same_proportions() -> None:
    square = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [2, 1], [2, 0], [0, 0]]]}
    shape = {"type": "Feature", "properties": {}, "geometry": square}
    drawn = with_theme(alt.Chart(alt.Data(values=[shape]), width=720, height=360).mark_geoshape(), dark=False)
    sizes = [
        [float(side) for side in re.findall(r' (?:width|height)="([\d.]+)"', svg(drawn, width))[:2]]
        for width in (900, 344)
    ]
    padding = sizes[0][0] - 720
    assert sizes == [[720 + padding, 360 + padding], [344 + padding, 172 + padding]]
