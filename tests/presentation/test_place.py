"""A place over time next to the whole: what the lines are called, and a chart that Vega-Lite accepts."""

from typing import Any

import pandas as pd
import pytest

from core.presentation.charts import place_over_time
from core.presentation.numbers import ordinal
from core.tables.quarters import quarter_end, quarter_label

QUARTERS = ("2023Q1", "2023Q2", "2023Q3")


def rows(line: str, values: tuple[float, ...], kind: str = "known", band: float = float("nan")) -> pd.DataFrame:
    quarters = QUARTERS[: len(values)] if kind == "known" else QUARTERS[-len(values) :]
    return pd.DataFrame(
        {
            "quarter_end": [quarter_end(quarter) for quarter in quarters],
            "quarter_label": [quarter_label(quarter) for quarter in quarters],
            "line": line,
            "kind": kind,
            "value": values,
            "low": [value - band for value in values],
            "high": [value + band for value in values],
        }
    )


def data_of(drawn: dict[str, Any], column: str) -> list[Any]:
    return [row[column] for part in drawn["datasets"].values() for row in part if column in row]


def test_place_over_time_names_lines_with_last_figures_and_forecast() -> None:
    parts = rows("Brent", (60, 64), band=5), rows("Brent", (64, 70), "ahead", band=2), rows("London", (70, 69))
    drawn = place_over_time(pd.concat(parts), "Brent", "Trust (%)", "%", sign="%").to_dict(validate=True)
    assert set(data_of(drawn, "name")) == {"Brent 64%\nforecast 70%\nJul\N{EN DASH}Sep 2023", "London 69%"}
    places = data_of(drawn, "place")
    assert abs(places[0] - places[1]) >= 0.18 * 10


def test_place_over_time_hovers_with_rounded_figures_units_and_bands() -> None:
    ahead = rows("Brent", (64.987,), "ahead", band=2), rows("Brent", (64.987,), "ahead", band=0)
    parts = rows("Brent", (60.123, 64.987), band=5), *ahead, rows("London", (70.4, 69.0))
    drawn = place_over_time(pd.concat(parts), "Brent", "Trust (%)", "%").to_dict(validate=True)
    assert set(data_of(drawn, "says")) == {
        "60% (95% margin 55% to 65%)",
        "65% (95% margin 60% to 70%)",
        "65% (80% range 63% to 67%)",
        "65%",
        "70%",
        "69%",
    }


@pytest.mark.parametrize(
    ("place", "written"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (22, "22nd")]
)
def test_ordinal_has_the_ending_that_is_spoken(place: int, written: str) -> None:
    assert ordinal(place) == written
