import pandas as pd
import pytest

from core.sources.files.cells import SourceError, Tidy
from core.sources.files.validate import check_complete, check_covers, check_declared
from core.sources.london.boroughs import BOROUGH, NAMES, QUARTER, borough_names, check_codes
from core.sources.london.boroughs import read as read_boroughs
from core.tables.quarters import quarters_between
from core.tables.schema import Field, Table

TRUST = Field("trust", "number", "Trust", "Share who trust.", "outcome", required=False, minimum=0, maximum=1)
RECORDS = Field("records", "integer", "Records", "Count.", "force", minimum=0)
KIND = Field("kind", "string", "Kind", "Kind of figure.", "context", enum=("estimate", "count"))
TABLE = Table(
    "example",
    "example.csv",
    "Example",
    "One row per borough and quarter.",
    (),
    (BOROUGH, QUARTER, TRUST, RECORDS, KIND),
)


def rows() -> pd.DataFrame:
    keys = pd.MultiIndex.from_product([NAMES, quarters_between("2017Q2", "2018Q1")], names=["borough", "quarter"])
    return keys.to_frame(index=False).assign(trust=0.7, records=5, kind="count")


def tidy(frame: pd.DataFrame) -> Tidy:
    return Tidy(TABLE, frame, ("example.xlsx",))


def with_value(column: str, value: object) -> pd.DataFrame:
    frame = rows()
    frame[column] = frame[column].astype(object)
    frame.iloc[5, frame.columns.get_loc(column)] = value  # type: ignore[call-overload]
    return frame.infer_objects()


def test_check_declared_and_check_complete_with_complete_table_pass() -> None:
    check_declared(tidy(rows()))
    check_declared(tidy(rows().assign(trust=float("nan"))))
    check_complete(tidy(rows()), "borough", NAMES)


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        (with_value("trust", 1.2), r"trust for Barnet, 2017Q3: 1\.2 must be at most 1"),
        (with_value("records", -3), r"records for Barnet, 2017Q3: -3 must be at least 0"),
        (with_value("kind", "guess"), r"kind for Barnet, 2017Q3: guess must be one of estimate, count"),
        (with_value("quarter", "2017-Q3"), r"quarter for Barnet, 2017-Q3: 2017-Q3 must match"),
        (with_value("kind", None), r"kind for Barnet, 2017Q3 is empty"),
        (rows().drop(columns="records"), r"lacks the column records"),
        (rows().assign(extra=1), r"has the column extra, which is not declared"),
        (rows()[["quarter", "borough", "trust", "records", "kind"]], r"out of order"),
        (pd.concat([rows(), rows().head(1)], ignore_index=True), r"more than one row for Barking and Dagenham, 2017Q2"),
    ],
)
def test_check_declared_with_invalid_table_names_file_and_mistake(frame: pd.DataFrame, text: str) -> None:
    with pytest.raises(SourceError, match=rf"^example\.xlsx, table example: .*{text}"):
        check_declared(tidy(frame))


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        (rows().query("borough != 'Sutton'"), "lacks Sutton"),
        (rows().replace({"borough": {"Sutton": "Slough"}}), "lacks Sutton"),
        (pd.concat([rows(), rows().head(1).assign(borough="Slough")]), "has Slough"),
        (rows().query("quarter != '2017Q4'"), r"no row for Barking and Dagenham, 2017Q4 \(32 missing"),
        (rows().drop(index=7), r"no row for Barnet, 2018Q1 \(1 missing"),
    ],
)
def test_check_complete_with_missing_borough_or_quarter_names_it(frame: pd.DataFrame, text: str) -> None:
    with pytest.raises(SourceError, match=text):
        check_complete(tidy(frame), "borough", NAMES)


def test_check_covers_with_missing_quarters_names_them() -> None:
    later = tidy(rows().query("quarter > '2017Q3'"))
    check_covers(tidy(rows()), later, "quarter")
    with pytest.raises(SourceError, match="no quarter 2017Q2, 2017Q3"):
        check_covers(later, tidy(rows()), "quarter")


def test_borough_names_with_other_spellings_are_normalised() -> None:
    published = pd.Series(["Richmond Upon Thames", "City of Westminster", " Hammersmith & Fulham ", "Barnet"])
    assert borough_names(published, "file").tolist() == [
        "Richmond upon Thames",
        "Westminster",
        "Hammersmith and Fulham",
        "Barnet",
    ]


def test_borough_names_with_unknown_borough_names_its_row() -> None:
    published = pd.Series(["Barnet", "Barnett"], name="Borough")
    with pytest.raises(SourceError, match=r"survey.xlsx, row 3, column Borough: 'Barnett' is not one of the 32"):
        borough_names(published, "survey.xlsx")


def test_check_codes_with_code_of_another_borough_is_refused() -> None:
    boroughs = read_boroughs().frame
    check_codes(boroughs, "file.csv")
    swapped = boroughs.assign(gss_code=boroughs["gss_code"].iloc[::-1].to_numpy())
    with pytest.raises(SourceError, match="is not the code of Barking and Dagenham"):
        check_codes(swapped, "file.csv")


def test_read_boroughs_has_13_inner_and_19_outer_boroughs() -> None:
    counts = read_boroughs().frame["inner_outer"].value_counts()
    assert counts.to_dict() == {"Outer London": 19, "Inner London": 13}


def test_field_constraints_with_limit_of_zero_include_it() -> None:
    assert RECORDS.constraints() == {"required": True, "minimum": 0}
    assert TRUST.constraints() == {"minimum": 0, "maximum": 1}
