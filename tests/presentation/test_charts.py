"""What no figure may get wrong in a chart, whatever its rows."""

import json

import altair as alt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.presentation import charts
from core.presentation.charts import with_theme
from core.presentation.charts.style import GREY, broken_labels, row_step
from core.presentation.charts.usual import CLEAR, NAME, bar_name


@given(st.lists(st.floats(50, 400), min_size=2, max_size=2), st.floats(50, 400))
def test_lines_over_time_labels_do_not_overlap(ends: list[float], start: float) -> None:
    """The line of London and that of a borough may end at the same height; their names must not."""
    rows = pd.DataFrame(
        {
            "quarter_end": pd.to_datetime(["2020-03-31", "2020-06-30"] * 2),
            "quarter_label": ["Jan-Mar 2020", "Apr-Jun 2020"] * 2,
            "line": ["London", "London", "Barnet", "Barnet"],
            "value": [start, ends[0], start, ends[1]],
        }
    )
    named = charts.lines_over_time(rows, "London", "Trust (%)", ".0f").layer[-1].data
    height = rows["value"].max() - rows["value"].min()
    low, high = sorted(named["place"])
    assert high - low >= charts.LABEL_GAP * height * (1 - 1e-9)
    assert named["place"].mean() == pytest.approx(np.mean(ends))


def test_named_lines_are_ordered_by_their_ends_with_fixed_colours() -> None:
    rows = pd.DataFrame(
        {
            "quarter_end": pd.to_datetime(["2020-03-31", "2020-06-30"] * 3),
            "quarter_label": ["Jan-Mar 2020", "Apr-Jun 2020"] * 3,
            "line": ["a", "a", "b", "b", "c", "c"],
            "share": [0.9, 0.1, 0.5, 0.6, 0.2, 0.3],
        }
    )
    scale = with_theme(charts.named_lines(rows, "share", "Share", ".0%"), dark=False)["layer"][0]["encoding"]["color"][
        "scale"
    ]
    assert scale["domain"] == ["b", "c", "a"]
    assert scale["range"] == [charts.PARTS[1], charts.PARTS[2], charts.PARTS[0]]


@given(st.integers(5, 2000), st.data())
def test_sorted_estimates_labels_are_apart_and_inside_the_plot(count: int, data: st.DataObject) -> None:
    first, last = sorted(data.draw(st.lists(st.integers(1, count), min_size=2, max_size=2, unique=True)))
    effects = np.linspace(-1.0, 1.0, count)
    rows = pd.DataFrame({"rank": range(1, count + 1), "effect": effects, "clear": True})
    rows = rows.assign(effect_low=effects - 0.1, effect_high=effects + 0.1)
    marked = pd.DataFrame({"rank": [first, last], "effect": effects[[first - 1, last - 1]], "label": ["one", "other"]})
    named = charts.sorted_estimates(rows, marked, "Points").layer[-1].data.set_index("label")
    assert named.loc["one", "down"] - named.loc["other", "down"] > 30  # pixels; the last one is also the higher
    for _, name in named.iterrows():
        assert name["side"] != "right" or name["rank"] > count / 2
        assert name["side"] != "left" or name["rank"] <= count / 2
        assert (name["side"] == "center") == (charts.EDGE <= name["rank"] / (count + 1) <= 1 - charts.EDGE)


def test_choice_panel_does_not_have_the_colour_of_clear_estimates() -> None:
    ticks = pd.DataFrame({"rank": [1, 2], "alternative": ["a", "b"]})
    assert with_theme(charts.choice_panel(ticks), dark=False)["mark"]["color"] == GREY


def test_stacked_bars_legend_has_lines_that_fit() -> None:
    parts = ["Subject arrested", "Subject detained under the Mental Health Act, taken to a place of safety"]
    rows = pd.DataFrame({"borough": "Barnet", "part": parts, "share": [0.4, 0.6]})
    drawn = with_theme(
        charts.stacked_bars(rows, "share", "borough", "part", alt.X("share:Q"), ("Borough", "Outcome", "Share"), ".0%"),
        dark=False,
    )
    legend = drawn["encoding"]["color"]["legend"]["labelExpr"]
    lines = json.loads(legend.removesuffix("[datum.label]"))
    assert {" ".join(sentence): sentence for sentence in lines.values()} == {part: lines[part] for part in parts}
    assert max(len(line) for sentence in lines.values() for line in sentence) <= charts.LEGEND_WIDTH


def test_ranges_of_ranks_have_an_axis_of_the_ranks_that_there_are() -> None:
    rows = pd.DataFrame({"label": ["a", "b"], "value": [1.0, 2.0], "low": 1.0, "high": 2.0, "before": 1.0})
    drawn = charts.ranges(rows.assign(highlighted=False), "Rank", "Survey", ".0f", extent=(1, 2))
    dots = with_theme(drawn, dark=False)["layer"][-1]
    assert dots["encoding"]["x"]["scale"]["domain"] == [1, 2]
    assert dots["encoding"]["x"]["scale"]["nice"] is False


def test_figure_side_by_side_has_titles_of_equal_height() -> None:
    rows = pd.DataFrame({"label": ["a", "b"], "value": [1.0, 2.0], "highlighted": False})
    rows = rows.assign(low=rows["value"] - 1, high=rows["value"] + 1, before=rows["value"])
    labels = "Trust the Met, forecast for Jan-Mar 2024 (% of residents asked)", "Rank"
    pair = tuple(charts.ranges(rows, axis, "Survey", ".1f") for axis in labels)
    charts.Figure("both", "A finding", pair, "Dots.", rows, side_by_side=True)
    left, right = (with_theme(chart, dark=False)["title"]["text"] for chart in pair)
    assert len(left) == len(right) > 1
    assert (" ".join(left), " ".join(right).strip()) == labels


def test_sorted_bars_with_long_axis_title_breaks_it_into_lines() -> None:
    rows = pd.DataFrame({"row": ["a", "b"], "moves": [1.0, 2.0]})
    axis = "Percentage points between alternatives, all else the same"
    drawn = with_theme(charts.sorted_bars(rows, "moves", "row", axis), dark=False)
    lines = drawn["layer"][0]["encoding"]["x"]["title"]
    assert " ".join(lines) == axis
    assert max(map(len, lines)) <= charts.AXIS_WIDTH


@given(st.lists(st.floats(0, 1), min_size=2, max_size=2), st.floats(0, 1))
def test_bar_name_of_usual_ranges_never_lies_over_that_of_the_dot(ends: list[float], value: float) -> None:
    low, high = sorted(ends)
    column, align, beside = bar_name(low, high, value)
    at = {"low": low, "high": high, "value": value}[column] + (CLEAR if beside > 0 else -CLEAR if beside else 0)
    start, end = (at, at + NAME) if align == "left" else (at - NAME, at)
    assert start >= value + CLEAR - 1e-6 or end <= value - CLEAR + 1e-6
    assert start >= -1e-6


def test_usual_ranges_numbers_stand_in_a_column_beyond_bars_and_marks() -> None:
    rows = pd.DataFrame({"label": ["a", "b"], "value": [3.0, 80.0], "low": [1.0, 2.0], "high": [9.0, 99.0]})
    drawn = with_theme(
        charts.usual_ranges(rows.assign(middle=4.0, says="within"), "Records", "Usual range"), dark=False
    )
    (numbers,) = [part for part in drawn["layer"] if part["encoding"].get("text", {}).get("field") == "value"]
    (dots,) = [part for part in drawn["layer"] if part["mark"]["type"] == "circle"]
    assert numbers["encoding"]["x"]["datum"] == dots["encoding"]["x"]["scale"]["domain"][1] > rows["high"].max()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Our count less the published one (%)", ["Our count less the", "published one (%)"]),
        ("Percentage points of the score for 10% more force", ["Percentage points of the score", "for 10% more force"]),
        ("Number of claims", ["Number of claims"]),
    ],
)
def test_axis_title_leaves_no_short_word_alone_on_its_last_line(text: str, lines: list[str]) -> None:
    rows = pd.DataFrame({"row": ["a", "b"], "moves": [1.0, 2.0]})
    drawn = with_theme(charts.sorted_bars(rows, "moves", "row", text), dark=False)
    assert drawn["layer"][0]["encoding"]["x"]["title"] == (lines if len(lines) > 1 else text)


def test_sorted_bars_numbers_of_bars_below_zero_lie_outside_them() -> None:
    rows = pd.DataFrame({"row": ["a", "b"], "moves": [1.0, -2.0]})
    drawn = with_theme(charts.sorted_bars(rows, "moves", "row", "Points"), dark=False)
    numbers = drawn["layer"][1]["mark"]
    assert numbers["align"] == {"expr": "datum['moves'] < 0 ? 'right' : 'left'"}
    assert numbers["dx"] == {"expr": "datum['moves'] < 0 ? -4 : 4"}


def test_sorted_bars_rows_have_room_for_the_name_with_most_lines() -> None:
    labels = "Brent", "Home Office: London, 2017-18", "First release, 2017: Westminster, April to June 2017"
    steps = []
    for count in range(1, len(labels) + 1):
        rows = pd.DataFrame({"label": labels[:count], "value": 1.0})
        drawn = with_theme(charts.sorted_bars(rows, "value", "label", "Records"), dark=False)
        names = drawn["datasets"][drawn["data"]["name"]] if "name" in drawn["data"] else drawn["data"]["values"]
        lines = max(len(name["row"].split("|")) for name in names)
        steps.append(drawn["height"]["step"])
        assert lines == count
        assert steps[-1] > 13 * lines
    assert steps == sorted(set(steps))


@pytest.mark.parametrize(("quarters", "named"), [(4, True), (20, False)])
def test_lines_over_few_quarters_name_each_quarter_on_the_axis(quarters: int, named: bool) -> None:
    """Years begin between quarters: a year from March to December has no beginning of a year to be labelled."""
    ends = pd.date_range("2024-03-31", periods=quarters, freq="QE")
    rows = pd.DataFrame({"quarter_end": ends, "quarter_label": "a quarter", "line": "London", "value": range(quarters)})
    drawn = with_theme(charts.lines_over_time(rows, "London", "Trust", ".0f"), dark=False)
    axis = drawn["layer"][0]["encoding"]["x"]["axis"]
    assert [(day["year"], day["month"]) for day in axis.get("values", [])] == (
        [(end.year, end.month) for end in ends] if named else []
    )
    assert ("quarter(datum.value)" in axis.get("labelExpr", "")) == named


@pytest.mark.parametrize("dark", [False, True])
def test_lines_of_intervals_on_bars_have_the_colour_of_text(dark: bool) -> None:
    rows = pd.DataFrame({"label": ["a"], "value": [3.0], "low": [2.0], "high": [4.0], "text": ["3%"]})
    drawn = with_theme(charts.interval_bars(rows.assign(highlighted=True), "Share"), dark)
    (interval,) = (layer for layer in drawn["layer"] if layer["mark"]["type"] == "rule")
    assert "color" not in interval["mark"]
    assert drawn["config"]["rule"]["color"] == drawn["config"]["text"]["color"]


@pytest.mark.parametrize(
    ("alt", "sentence"),
    [
        ("Bars of trust.", "Bars of trust. Brent is highest."),
        ("Bars of trust. Brent is highest, by far.", "Bars of trust. Brent is highest, by far."),
    ],
)
def test_figure_alternative_has_the_finding_once(alt: str, sentence: str) -> None:
    for title in ("Brent is highest", "Brent is highest."):
        assert charts.Figure("bars", title, (), alt, pd.DataFrame()).alternative == sentence


def test_room_for_rows_is_that_of_the_name_with_most_lines_and_of_none_where_there_are_none() -> None:
    names = ["Ash", "A very long name of a place that takes two lines"]
    short, long = (row_step(broken_labels(pd.Series(rows))) for rows in (names[:1], names))
    assert row_step(pd.Series([], dtype=str)).to_dict() == short.to_dict()
    assert long.to_dict()["step"] > short.to_dict()["step"]
