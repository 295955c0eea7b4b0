import io
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.stats.regression import ModelSpec, fit
from core.user_panel.panel import Roles, as_periods, guessed_roles, panel_of, usable_outcomes
from core.user_panel.read import MOST_BYTES, MOST_ROWS, UserPanelError, read_table_file

AREAS, YEARS = ["Ash", "Beech", "Cedar", "Elm"], [2018, 2019, 2020, 2021, 2022]


def made(**columns: Any) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    keys = pd.MultiIndex.from_product([AREAS, YEARS], names=["Region", "Year"]).to_frame(index=False)
    x = rng.normal(size=len(keys))
    noise = rng.normal(scale=0.01, size=len(keys))
    return keys.assign(x=x, y=2 * x + noise + pd.factorize(keys["Region"])[0], **columns)


def as_csv(frame: pd.DataFrame, **options: object) -> bytes:
    return frame.to_csv(index=False, **options).encode()  # type: ignore[call-overload,no-any-return]


def as_parquet(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("content", [as_csv(made()), as_parquet(made())], ids=["csv", "parquet"])
def test_read_table_file_gives_a_panel_that_can_be_fitted(content: bytes) -> None:
    table = read_table_file("mine.csv", content)
    roles = guessed_roles(table)
    assert roles == Roles("Region", "Year")
    assert usable_outcomes(table, roles) == ["x", "y"]
    panel = panel_of(table, roles)
    assert panel.areas == AREAS
    assert panel.periods == [str(year) for year in YEARS]
    spec = ModelSpec("y", ("x",), form="count", effects=("Region", "Year"))
    assert fit(panel, spec, {}).estimate("x").estimate == pytest.approx(2, abs=0.05)


def test_read_table_file_fingerprint_depends_on_the_bytes() -> None:
    first, again, other = (read_table_file("a.csv", as_csv(made(z=z))).fingerprint for z in (1, 1, 2))
    assert first == again != other


def test_read_table_file_reads_and_reports_european_numbers() -> None:
    frame = made(share=[f"{value}%" for value in range(20)])
    table = read_table_file("eu.csv", as_csv(frame, sep=";", decimal=","))
    assert table.frame["x"].to_numpy() == pytest.approx(frame["x"].to_numpy())
    assert table.frame["share"].tolist() == pytest.approx([value / 100 for value in range(20)])
    assert any("commas are read as decimal points" in note for note in table.notes)
    assert any("read as shares" in note for note in table.notes)


def test_read_table_file_reports_text_among_numbers() -> None:
    counts = [f"{1000 * value:,}" for value in range(1, 20)] + ["n/a."]
    table = read_table_file("mine.csv", as_csv(made(count=counts)))
    assert table.frame["count"].iloc[:19].tolist() == [1000.0 * value for value in range(1, 20)]
    assert np.isnan(table.frame["count"].iloc[19])
    assert any("'n/a.'" in note for note in table.notes)


@pytest.mark.parametrize("separator", [",", ";"])
def test_read_table_file_reads_powers_of_ten(separator: str) -> None:
    values = [float(f"{place + 1.5}e{power}") for place, power in enumerate(range(-12, 8))]
    frame = made(tiny=[f"{value:.3e}" for value in values])
    content = as_csv(frame, sep=separator, decimal="," if separator == ";" else ".")
    table = read_table_file("mine.csv", content.replace(b".", b",") if separator == ";" else content)
    assert table.frame["tiny"].to_numpy() == pytest.approx(values)


def test_read_table_file_drops_empty_columns_and_leaves_text() -> None:
    table = read_table_file("mine.csv", as_csv(made(empty=None, remark="=1+1 <script>")))
    assert "empty" not in table.frame
    assert table.frame["remark"].iloc[0] == "=1+1 <script>"
    assert any(note.startswith("empty is empty") for note in table.notes)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        (["2017-06-30", "2017-09-30"], ["2017Q2", "2017Q3"]),
        (["2017-06-30 00:00:00", "2017-09-30 00:00:00"], ["2017Q2", "2017Q3"]),
        (["2017-06-15", "2017-09-30"], ["2017-06-15", "2017-09-30"]),
        (["2017-12-31", "2018-12-31", "2018-12-31"], ["2017", "2018", "2018"]),
        (["2019-02-28", "2020-02-29"], ["2019", "2020"]),
        (["2017-12-31"], ["2017Q4"]),
        (["2017-01-01", "2017-02-01"], ["2017-01", "2017-02"]),
        (["2017-01-31", "2017-02-28", "2018-05-31"], ["2017-01", "2017-02", "2018-05"]),
        (["2017-06-30", "2017-12-31"], ["2017Q2", "2017Q4"]),
        (["2017-06-30", "2017-99-30"], ["2017-06-30", "2017-99-30"]),
        ([2017.0, 2018.0], ["2017", "2018"]),
        ([2017.5, 2018.0], ["2017.5", "2018.0"]),
        (["2017Q2", "spring"], ["2017Q2", "spring"]),
        (["Q1 2018", "Q4 2017", "q2-2018"], ["2018Q1", "2017Q4", "2018Q2"]),
        (["2018 Quarter 1", "2017 Q4"], ["2018Q1", "2017Q4"]),
        (["Q1", "Q2"], ["Q1", "Q2"]),
        (["Apr 2018", "Dec 2017"], ["2018-04", "2017-12"]),
        (["04/2018", "12/2017"], ["2018-04", "2017-12"]),
        (["April 2018", "12 sheep"], ["April 2018", "12 sheep"]),
        ([None, "Q1 2018"], [None, "2018Q1"]),
    ],
)
def test_as_periods_gives_sortable_periods(written: list[object], wanted: list[str]) -> None:
    found = as_periods(pd.Series(written)).astype(object)
    assert found.where(found.notna(), None).tolist() == wanted


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "is empty"),
        (b"a,b\n1,2\n", "has 2 columns"),
        (b"a,b,c\n", "has no rows"),
        (b"a,a,c\n1,2,3\n", "two columns called a"),
        (b"PK\x03\x04rest", "is damaged or not whole"),
        (b"PAR1 and then nothing", "cannot be read as Parquet"),
        (b"\xff\xfe\x00\x01,\x00", "one column|is not|header|columns"),
        (b"x" * (MOST_BYTES + 1), "at most 50 MB"),
        (b"a,b,c\n" + b"1,2,3\n" * (MOST_ROWS + 1), "over 500,000 rows"),
        (as_csv(made()).replace(b"Region,Year,x,y", b"Region,Year,x,x"), "two columns called x"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_read_table_file_with_bad_file_raises_error(content: bytes, text: str) -> None:
    with pytest.raises(UserPanelError, match=text):
        read_table_file("mine.csv", content)


def test_read_table_file_with_huge_parquet_is_rejected_before_reading() -> None:
    long = pd.DataFrame({"area": ["a"], "year": [2020], "y": [1.0]}).loc[np.zeros(MOST_ROWS + 1, dtype=int)]
    with pytest.raises(UserPanelError, match="unpacked"):
        read_table_file("mine.parquet", as_parquet(long))


@pytest.mark.parametrize(
    ("frame", "roles", "text"),
    [
        (pd.concat([made(), made().tail(1).assign(x=9)]), Roles("Region", "Year"), "more than one row .*rows 21, 22"),
        (made(Year=[None, *YEARS[1:], *YEARS * 3]), Roles("Region", "Year"), "Row 2 of mine.csv has no Year"),
        (made(), Roles("Year", "Year"), "both the area and the period"),
        (made(people=0), Roles("Region", "Year", "people"), "must be above 0"),
    ],
    ids=["twice", "empty key", "one key", "no residents"],
)
def test_user_panel_with_unusable_table_says_why(frame: pd.DataFrame, roles: Roles, text: str) -> None:
    table = read_table_file("mine.csv", as_csv(frame))
    with pytest.raises(UserPanelError, match=text):
        panel_of(table, roles)


def test_guessed_roles_without_area_name_some_column_to_choose_from() -> None:
    roles = guessed_roles(read_table_file("mine.csv", as_csv(made().drop(columns="Region"))))
    assert roles.period == "Year"
    assert roles.area in {"x", "y"}


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_read_table_file_with_any_bytes_gives_table_or_error(content: bytes) -> None:
    with suppress(UserPanelError):
        table = read_table_file("fuzz.csv", content)
        panel_of(table, guessed_roles(table))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab12,;\n\"'=%-. \x00é", max_size=200))
def test_read_table_file_with_any_text_gives_table_or_error(text: str) -> None:
    with suppress(UserPanelError):
        table = read_table_file("fuzz.csv", text.encode())
        panel_of(table, guessed_roles(table))
