"""Tables written in any mixture of conventions: what is read is the truth, or refused; never another table."""

import math
from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.user_panel.panel import Roles, panel_of
from core.user_panel.read import UserPanelError
from tests.sources.files.open_document import as_ods
from tests.user_panel.peoples_files import AREAS, as_text, as_workbook, read
from tests.user_panel.test_peoples_periods import WRITERS

FEW, MANY = 30, 2_000
SPANS = {"year": 8, "financial year": 8, "quarter": 8, "month": 15, "half-year": 8, "week": 12, "day": 12, "number": 14}
MISSING = ("", "..", ":", "[c]", "-", "n/a", "*", "<5")
FLAGS = ("", "", "", " [p]", "r", " (e)")


@st.composite
def conventions(draw: st.DrawFn) -> dict[str, object]:
    """How a table is written: its separator, periods, decimals, thousands, signs, marks, and what stands around it."""
    comma = draw(st.booleans())
    return {
        "periods": draw(st.sampled_from(sorted(WRITERS))),
        "separator": draw(st.sampled_from(";\t|" if comma else ",;\t|")),
        "decimal": "," if comma else ".",
        "thousands": draw(st.sampled_from(("", ".", " ") if comma else ("", ",", " "))),
        "minus": draw(st.sampled_from(("-", "\u2212", "("))),
        "missing": draw(st.sampled_from(MISSING)),
        "flag": draw(st.sampled_from(FLAGS)),
        "currency": draw(st.sampled_from(("", "", "\u00a3", "\u20ac"))),
        "before": draw(st.sampled_from(("", "Table 3: a title\n\n", "Title\nSource: us\n"))),
        "after": draw(st.sampled_from(("", "\nSource: an office\n", "\n\n\n"))),
        "encoding": draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16"))),
        "file": draw(st.sampled_from(("text", "text", "workbook", "ods"))),
        "values": draw(
            st.lists(
                st.one_of(
                    st.none(),
                    st.integers(-9_999_999, 9_999_999).map(lambda cents: cents / 100),
                ),
                min_size=len(AREAS) * 15,
                max_size=len(AREAS) * 15,
            )
        ),
    }


def number(value: float | None, how: dict[str, object]) -> str:
    """`value` in the conventions of a table; always with two decimals, so that it can be read in one way."""
    if value is None:
        return str(how["missing"])
    whole, cents = f"{abs(value):,.2f}".split(".")
    digits = whole.replace(",", str(how["thousands"])) + str(how["decimal"]) + cents
    text = f"{how['currency']}{digits}"
    minus = str(how["minus"])
    signed = text if value >= 0 else f"({text})" if minus == "(" else f"{minus}{text}"
    return signed + str(how["flag"])


def truth_and_file(how: dict[str, object]) -> tuple[pd.DataFrame, bytes]:
    write, unit = WRITERS[str(how["periods"])]
    values = how["values"]
    assert isinstance(values, list)
    keys = [(area, step) for area in AREAS for step in range(SPANS[unit])]
    truth = pd.DataFrame(keys, columns=["Area", "step"]).assign(
        value=[math.nan if value is None else value for value in values[: len(keys)]]
    )
    table = pd.DataFrame(
        {
            "Area": truth["Area"],
            "Time": truth["step"].map(write),
            "Balance": [number(value, how) for value in values[: len(keys)]],
            "Trust": [f"{50 + place % 9}{how['decimal']}5" for place in range(len(keys))],
        }
    )
    rows = [[line] for line in str(how["before"]).split("\n")[:-1]] + [list(table), *table.to_numpy().tolist()]
    if how["file"] != "text":
        return truth, as_workbook(rows) if how["file"] == "workbook" else as_ods({"Data": rows})
    written = as_text(table, str(how["separator"]), str(how["before"]), str(how["after"]), str(how["encoding"]))
    return truth, written


def is_truth_or_refused(how: dict[str, object]) -> None:
    truth, content = truth_and_file(how)
    try:
        panel = panel_of(read(content), Roles("Area", "Time"))
    except UserPanelError:
        return
    assert list(panel.areas) == sorted(AREAS)
    steps = panel.frame["Time"].map(panel.steps.places)
    assert (steps.to_numpy() // 1 == truth["step"].to_numpy()).all()
    if "Balance" in panel.frame.select_dtypes("number"):
        assert panel.frame["Balance"].to_numpy() == pytest.approx(truth["value"].to_numpy(), nan_ok=True)
    else:
        assert truth["value"].isna().all() or truth["value"].nunique() < 1


RULES: Callable[[int], settings] = lambda examples: settings(  # noqa: E731 - the same rules for both runs
    max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


@RULES(FEW)
@given(conventions())
def test_table_in_any_conventions_is_read_as_the_truth_or_refused(how: dict[str, object]) -> None:
    is_truth_or_refused(how)


@pytest.mark.exhaustive
@RULES(MANY)
@given(conventions())
def test_table_in_any_conventions_is_read_as_the_truth_or_refused_two_thousand_times(how: dict[str, object]) -> None:
    is_truth_or_refused(how)
