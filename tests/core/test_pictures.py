"""Charts as files that stand alone."""

import io
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from core.charts import dressed
from core.pictures import WIDTH, png, svg

ROWS = pd.DataFrame({"borough": ["Brent", "Sutton & <Merton>"], "score": [61.5, 72.25]})


@pytest.fixture(scope="module")
def chart() -> dict[str, Any]:
    return dressed(alt.Chart(ROWS).mark_bar().encode(alt.X("score").title("Score (%)"), alt.Y("borough")), dark=False)


def test_svg_has_the_words_and_asks_for_nothing_outside_itself(chart: dict[str, Any]) -> None:
    drawn = svg(chart)
    assert all(word in drawn for word in (">Score (%)<", ">Brent<", "Sutton &amp; &lt;Merton&gt;"))
    assert "http" not in drawn.replace("http://www.w3.org/", "")


def test_png_shows_ink_at_twice_the_size(chart: dict[str, Any]) -> None:
    picture = Image.open(io.BytesIO(png(chart)))
    assert picture.width == pytest.approx(2 * WIDTH, abs=2)
    shades = np.asarray(picture.convert("L"))
    assert shades.min() < 120
    assert shades.max() == 255


def test_the_words_are_drawn_in_letters(chart: dict[str, Any]) -> None:
    unnamed = dressed(
        alt.Chart(ROWS).mark_bar().encode(alt.X("score").title(None), alt.Y("borough").title(None)), False
    )
    dark = [
        (Image.open(io.BytesIO(png(drawn))).convert("L").point(lambda v: v < 90)).getbbox()
        for drawn in (chart, unnamed)
    ]
    assert all(dark)
    assert dark[0] != dark[1]


def test_a_chart_may_not_fetch_figures_from_elsewhere() -> None:
    foreign = {"data": {"url": "http://127.0.0.1:9/rows.csv"}, "mark": "bar", "encoding": {"x": {"field": "a"}}}
    with pytest.raises(ValueError, match=r"127\.0\.0\.1"):
        svg(foreign)
