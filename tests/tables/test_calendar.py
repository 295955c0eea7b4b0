"""Steps in time are those of the calendar, and periods without one are taken in their order."""

from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tables.calendar import MOST_STEPS, Steps, steps_of

CASES: dict[str, tuple[Sequence[str], str, int, list[int], tuple[str, ...]]] = {
    "years": (["2016", "2017", "2020"], "year", 1, [0, 1, 4], ("2018", "2019")),
    "every other year": (["2016", "2018", "2022"], "year", 2, [0, 1, 3], ("2020",)),
    "financial years": (["2008/09", "2009/10", "2011/12"], "financial year", 1, [0, 1, 3], ("2010/11",)),
    "financial years with a dash": (["2010-11", "2011-12"], "financial year", 1, [0, 1], ()),
    "financial years in full": (["1998/1999", "2000/2001"], "financial year", 2, [0, 1], ()),
    "the end of a century": (["1998-99", "1999-00", "2001-02"], "financial year", 1, [0, 1, 3], ("2000-01",)),
    "quarters": (["2019Q3", "2019Q4", "2020Q2"], "quarter", 1, [0, 1, 3], ("2020Q1",)),
    "months": (["2019-11", "2019-12", "2020-02"], "month", 1, [0, 1, 3], ("2020-01",)),
    "weeks": (["2020-02-17", "2020-02-24", "2020-03-09"], "day", 7, [0, 1, 3], ("2020-03-02",)),
    "days that come in no rhythm": (["2020-01-06", "2020-02-03", "2020-03-09", "2020-03-14"], "", 1, [0, 1, 2, 3], ()),
    "waves": (["01", "02", "04"], "number", 1, [0, 1, 3], ("03",)),
    "numbers that do not rise": (["10", "9"], "", 1, [0, 1], ()),
    "text": (["Autumn", "Spring", "Summer"], "", 1, [0, 1, 2], ()),
    "a day that is none": (["2020-02-29", "2021-02-29"], "", 1, [0, 1], ()),
    "partly text": (["2016", "2017", "later"], "", 1, [0, 1, 2], ()),
    "digits of another script": (["٢٠١٦", "٢٠١٨"], "", 1, [0, 1], ()),
    "far apart": (["1", str(MOST_STEPS), str(2 * MOST_STEPS + 1)], "", 1, [0, 1, 2], ()),
    "one": (["2020"], "year", 1, [0], ()),
    "none": ([], "", 1, [], ()),
}


@pytest.mark.parametrize("case", CASES)
def test_steps_of_periods_are_those_of_the_calendar(case: str) -> None:
    periods, unit, size, places, missing = CASES[case]
    assert steps_of(periods) == Steps(unit, size, dict(zip(periods, places, strict=True)), missing)


@given(st.sets(st.integers(0, 300), min_size=2), st.sampled_from(["Y", "M", "Q", "D"]))
def test_steps_of_periods_with_gaps_cover_all_steps_in_order(numbers: set[int], freq: str) -> None:
    dates = pd.period_range("1990-01-01", periods=301, freq=freq).astype("str")
    periods = [dates[number] for number in sorted(numbers)]
    steps = steps_of(periods)
    if steps.unit:
        together = sorted([*periods, *steps.missing])
        assert len(together) == steps.places[periods[-1]] + 1
        assert all(together[place] == period for period, place in steps.places.items())


@given(st.lists(st.text(max_size=10), unique=True))
def test_steps_of_any_text_has_rising_places(texts: list[str]) -> None:
    places = list(steps_of(sorted(texts)).places.values())
    assert places == sorted(set(places))
