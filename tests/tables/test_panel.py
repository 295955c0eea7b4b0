import numpy as np
import pandas as pd
import pytest

from core.tables.options import FORMS, WINDOWS
from core.tables.panel import Panel, PanelError

QUARTERS = ("2020Q1", "2020Q2", "2020Q3", "2020Q4", "2021Q1", "2021Q2")


def small(without: tuple[tuple[str, str], ...] = ()) -> Panel:
    """Two boroughs over six quarters, in no order; Barnet has 1 to 6 records, Camden 10 to 60."""
    rows = [
        {
            "borough": borough,
            "quarter": quarter,
            "records": times * (position + 1),
            "arrested": position,
            "population": 1000 * times,
        }
        for position, quarter in enumerate(QUARTERS)
        for borough, times in (("Camden", 10), ("Barnet", 1))
        if (borough, quarter) not in without
    ]
    return Panel(pd.DataFrame(rows))


def of(panel: Panel, borough: str, values: pd.Series) -> list[float | None]:
    """`values` of one borough in time order, ``None`` where missing."""
    own = values[panel.frame["borough"] == borough]
    return [None if np.isnan(value) else round(float(value), 10) for value in own]


def test_panel_sorts_rows_and_lists_keys() -> None:
    panel = small()
    assert panel.areas == ["Barnet", "Camden"]
    assert panel.periods == list(QUARTERS)
    assert panel.frame["borough"].tolist() == ["Barnet"] * 6 + ["Camden"] * 6
    assert panel.frame["quarter"].tolist() == list(QUARTERS) * 2


def test_panel_values_in_each_form_agree_with_hand_calculation() -> None:
    panel = small()
    assert of(panel, "Camden", panel.values("records")) == [10, 20, 30, 40, 50, 60]
    assert of(panel, "Camden", panel.values("records", "per_1000")) == [1, 2, 3, 4, 5, 6]
    np.testing.assert_allclose(panel.values("records", "log"), np.log(panel.frame["records"]))
    np.testing.assert_allclose(panel.values("records", "log_per_1000"), np.log([1, 2, 3, 4, 5, 6] * 2))
    share = [position / (position + 1) for position in range(6)]
    np.testing.assert_allclose(panel.values("arrested", "share"), [*share, *np.divide(share, 10)])


def test_panel_values_of_log_or_share_of_zero_are_missing() -> None:
    panel = small()
    assert of(panel, "Barnet", panel.values("arrested", "log"))[0] is None
    assert of(panel, "Barnet", panel.values("arrested", "log_per_1000"))[0] is None
    nothing = Panel(panel.frame.assign(records=0))
    assert nothing.values("arrested", "share").isna().all()


def test_panel_values_with_year_window_sum_four_quarters() -> None:
    panel = small()
    assert of(panel, "Barnet", panel.values("records", window="year")) == [None, None, None, 10, 14, 18]
    shares = of(panel, "Barnet", panel.values("arrested", "share", "year"))
    assert shares == [None, None, None, round(6 / 10, 10), round(10 / 14, 10), round(14 / 18, 10)]


def test_panel_values_with_lag_take_the_earlier_quarter_of_the_borough() -> None:
    panel = small()
    assert of(panel, "Camden", panel.values("records", lag=2)) == [None, None, 10, 20, 30, 40]
    assert of(panel, "Barnet", panel.values("records", lag=2)) == [None, None, 1, 2, 3, 4]
    assert of(panel, "Barnet", panel.values("records", window="year", lag=1)) == [None, None, None, None, 10, 14]
    assert panel.values("records", lag=6).isna().all()


def test_panel_values_with_missing_row_are_not_shifted() -> None:
    panel = small(without=(("Barnet", "2020Q3"),))
    quarters = panel.frame.loc[panel.frame["borough"] == "Barnet", "quarter"].tolist()
    assert quarters == ["2020Q1", "2020Q2", "2020Q4", "2021Q1", "2021Q2"]
    assert of(panel, "Barnet", panel.values("records", lag=1)) == [None, 1, None, 4, 5]
    assert of(panel, "Barnet", panel.values("records", lag=2)) == [None, None, 2, None, 4]
    assert of(panel, "Barnet", panel.values("records", window="year")) == [None] * 5
    assert of(panel, "Camden", panel.values("records", lag=1)) == [None, 10, 20, 30, 40, 50]


def test_panel_values_of_late_starting_borough_lack_earlier_figures() -> None:
    panel = small(without=tuple(("Barnet", quarter) for quarter in QUARTERS[:2]))
    assert of(panel, "Barnet", panel.values("records", lag=1)) == [None, 3, 4, 5]
    assert of(panel, "Barnet", panel.values("records", window="year")) == [None, None, None, 18]


def test_panel_values_align_with_the_frame_and_leave_it_unchanged(panel: Panel) -> None:
    before = panel.frame.copy()
    for form in FORMS:
        for window in WINDOWS:
            values = panel.values("arrested", form, window, lag=1)
            assert values.index.equals(panel.frame.index)
            assert values.dtype == float
            assert not np.isinf(values).any()
    pd.testing.assert_frame_equal(panel.frame, before)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda frame: frame.drop(columns="quarter"), "no column quarter"),
        (lambda frame: frame.drop(columns=["borough", "quarter"]), "no column borough, quarter"),
        (lambda frame: frame.assign(borough=frame["borough"].where(frame.index > 0)), "no borough or no quarter"),
        (lambda frame: pd.concat([frame, frame.head(1)]), "Barnet has more than one row for 2020Q1"),
    ],
)
def test_panel_with_invalid_table_raises_panel_error(change: object, message: str) -> None:
    assert callable(change)
    with pytest.raises(PanelError, match=message):
        Panel(change(small().frame))


def test_panel_with_a_missing_quarter_has_no_lag_or_sum_across_the_gap() -> None:
    whole = small()
    panel = Panel(whole.frame[whole.frame["quarter"] != "2020Q4"])
    assert panel.steps.missing == ("2020Q4",)
    after = panel.frame["quarter"] == "2021Q1"
    assert panel.values("arrested", "count", "quarter", lag=1)[after].isna().all()
    assert panel.values("arrested", "count", "year")[after].isna().all()


def test_panel_periods_other_than_quarters_may_have_any_name() -> None:
    frame = pd.DataFrame({"borough": ["Barnet", "Barnet"], "quarter": ["2020", "2023"], "records": [1.0, 2.0]})
    assert Panel(frame).periods == ["2020", "2023"]


def by_period(periods: list[str]) -> Panel:
    """Two areas; figures count the periods from 1 in the one and from 10 in the other."""
    rows = [
        (area, period, first + place)
        for area, first in (("Ash", 1.0), ("Elm", 10.0))
        for place, period in enumerate(periods)
    ]
    return Panel(pd.DataFrame(rows, columns=["area", "year", "x"]), "area", "year")


@pytest.mark.parametrize(
    ("periods", "one_earlier", "two_earlier"),
    [
        (["2016", "2017", "2019", "2020"], [None, 1, None, 3], [None, None, 2, None]),
        (["2016-11", "2016-12", "2017-02", "2017-03"], [None, 1, None, 3], [None, None, 2, None]),
        (["2016/17", "2017/18", "2019/20", "2020/21"], [None, 1, None, 3], [None, None, 2, None]),
        (["2016", "2018", "2022", "2024"], [None, 1, None, 3], [None, None, 2, None]),
        (["early", "later", "mid", "now"], [None, 1, 2, 3], [None, None, 1, 2]),
    ],
    ids=["years", "months", "financial years", "every other year", "text"],
)
def test_panel_values_with_lag_step_by_the_calendar_over_missing_periods(
    periods: list[str], one_earlier: list[float | None], two_earlier: list[float | None]
) -> None:
    panel = by_period(periods)
    for lag, expected in ((1, one_earlier), (2, two_earlier)):
        values = panel.values("x", lag=lag)
        for area, first in (("Ash", 0), ("Elm", 9)):
            found = values[panel.frame["area"] == area]
            assert [None if pd.isna(value) else value - first for value in found] == expected


def test_panel_values_with_lag_build_no_table_of_all_areas_and_periods() -> None:
    """A table of all areas and periods would have 40,000 million cells."""
    keys = [f"{number:06}" for number in range(200_000)]
    panel = Panel(pd.DataFrame({"area": keys, "year": keys, "x": 1.0}), "area", "year")
    assert panel.values("x", lag=1).isna().all()


def test_once_works_out_each_question_once_for_each_panel() -> None:
    asked = []

    def total(panel: Panel, name: str) -> float:
        asked.append(name)
        return float(panel.frame[name].sum())

    panel, other = small(), small(without=(("Camden", "2020Q1"),))
    assert [panel.once(total, "records") for _ in range(2)] == [231, 231]
    assert panel.once(total, "arrested") == 30
    assert other.once(total, "records") == 221
    assert asked == ["records", "arrested", "records"]
