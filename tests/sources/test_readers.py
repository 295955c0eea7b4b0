"""Readers of CSV files: use of force, recorded crime, findings, and the shapes."""

import gzip
import json
from pathlib import Path

import pandas as pd
import pytest

from core.sources.files.cells import SourceError, Tidy, as_counts, read_csv
from core.sources.files.validate import check_complete, check_declared
from core.sources.london import boundaries, published_findings, recorded_crime
from core.sources.london.boroughs import BOROUGH, NAMES
from core.sources.london.force import use_of_force
from core.tables.catalogue import Catalogue
from core.tables.schema import Table
from tests.sources.conftest import change


def test_use_of_force_read_reproduces_the_tables_of_data(force_folder: Path, catalogue: Catalogue) -> None:
    for tidy in use_of_force.read(force_folder):
        check_declared(tidy)
        check_complete(tidy, "borough", NAMES)
        assert tidy.content() == catalogue.path(tidy.table.name).read_text(encoding="utf-8")


def test_use_of_force_read_with_other_places_reports_them(force_folder: Path) -> None:
    _, after, _ = use_of_force.read(force_folder)
    assert after.dropped == ("Heathrow: not a borough (633 records)",)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            use_of_force.QUARTERLY_FILE,
            "208,165,11,1,43",
            "208,209,11,1,43",
            "2017Q2 the arrested is more than the records",
        ),
        (use_of_force.QUARTERLY_FILE, "208,165,11,1,43", "209,165,11,1,43", "Dagenham the records differ from the sum"),
        (use_of_force.QUARTERLY_FILE, "208,165", "n/a,165", "row 2, column records: 'n/a' is not a number"),
        (use_of_force.QUARTERLY_FILE, "2017-06-30,Barking", "2017-06-29,Barking", "'2017-06-29' is not the last day"),
        (
            use_of_force.QUARTERLY_FILE,
            "2017-09-30,Barking",
            "2017-06-30,Barking",
            "Dagenham, 2017Q2 is there more than",
        ),
        (use_of_force.QUARTERLY_FILE, "E09000002", "E09000003", "row 2, column gss_code: 'E09000003' is not the code"),
        (use_of_force.QUARTERLY_FILE, "hospitalised", "hospital", "has no column hospitalised"),
        (use_of_force.AFTER_FILE, "98,304,188,43", "99,304,188,43", "in 2024Q1 the age bands do not add up"),
        (use_of_force.AGES_FILE, "198,3100", "198,3101", "do not add up to the recovered count"),
    ],
)
def test_use_of_force_read_with_impossible_figures_is_refused(
    force_folder: Path, file: str, old: str, new: str, message: str
) -> None:
    change(force_folder / file, old, new)
    with pytest.raises(SourceError, match=message):
        use_of_force.read(force_folder)


def test_use_of_force_read_with_another_span_of_quarters_is_refused(force_folder: Path) -> None:
    path = force_folder / use_of_force.QUARTERLY_FILE
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("2023-12-31")), encoding="utf-8")
    with pytest.raises(SourceError, match="runs from 2017Q2 to 2023Q3; it must run from 2017Q2 to 2023Q4"):
        use_of_force.read(force_folder)


def test_recorded_crime_read_sums_months_to_complete_quarters(crime_folder: Path) -> None:
    tidy = recorded_crime.read(crime_folder)
    check_declared(tidy)
    check_complete(tidy, "borough", NAMES)
    barnet = tidy.frame[tidy.frame["borough"] == "Barnet"].set_index("quarter")
    assert barnet["burglary"].to_dict() == {"2014Q1": 1 + 2 + 3, "2014Q2": 4 + 5 + 6}
    assert (barnet["recorded_crime"] == 12 * barnet["burglary"]).all()
    assert [text.split(":")[0] for text in tidy.dropped] == [
        recorded_crime.NOT_A_BOROUGH,
        "months before 2014Q1",
        "2014Q3",
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("2014-02,Barnet", "2014-03,Barnet", "2014-03, Barnet is there more than once"),
        ("2014-02,Barnet", "2013-02,Barnet", "lacks a month for Barnet in 2014Q1"),
        ("2014-02,Barnet,2", "2014-02,Barnet,3", "the crime types of Barnet in 2014-02 do not add up"),
        ("2014-02,Barnet", "Feb 14,Barnet", "'Feb 14' is not a month"),
        ("2014-02,Barnet", "2014-02,Heathrow", "'Heathrow' is not one of the 32 boroughs"),
    ],
)
def test_recorded_crime_read_with_broken_figures_is_refused(
    crime_folder: Path, old: str, new: str, message: str
) -> None:
    change(crime_folder / recorded_crime.FILE, old, new)
    with pytest.raises(SourceError, match=message):
        recorded_crime.read(crime_folder)


def test_published_findings_read_separates_numbers_text_and_decimals(tmp_path: Path) -> None:
    text = (
        "id,topic,quantity,value,note\nb,ages,constant,0.6250,\na,amount,sign,negative,said so\nc,data,n,-5.579e-05,\n"
    )
    (tmp_path / published_findings.FILE).write_text(text)
    tidy = published_findings.read(tmp_path)
    check_declared(tidy)
    assert tidy.content() == (
        "id,topic,quantity,value,decimals,text,note\n"
        "a,amount,sign,,,negative,said so\n"
        "b,ages,constant,0.625,4,,\n"
        "c,data,n,-5.579e-05,8,,\n"
    )


def test_published_findings_read_crime_limits_decimals_to_six(tmp_path: Path) -> None:
    text = (
        "id,question,quantity,value,note\nr2,deprivation,R2,0.07523949043166604,\nn,types,n,3,\nw,rates,said,yes,so\n"
    )
    (tmp_path / published_findings.FILE).write_text(text)
    tidy = published_findings.read_crime(tmp_path)
    check_declared(tidy)
    rows = tidy.frame.set_index("id")
    assert rows.loc["r2", "value"] == 0.07523949043166604
    assert rows["decimals"].fillna(-1).tolist() == [6, 0, -1]
    assert rows["topic"].tolist() == ["deprivation", "types", "rates"]


def test_read_csv_with_binary_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "figures.csv").write_bytes(b"\xff\xfe\x00broken")
    with pytest.raises(SourceError, match="save it again as CSV in UTF-8"):
        read_csv(tmp_path, "figures.csv", ["borough"])


def test_read_csv_with_truncated_gzip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "figures.csv.gz").write_bytes(gzip.compress(b"borough\n" + b"Barnet\n" * 999)[:40])
    with pytest.raises(SourceError, match=r"cannot be unpacked .*; download it again"):
        read_csv(tmp_path, "figures.csv.gz", ["borough"])


def test_as_counts_with_fraction_or_missing_figure_names_the_row() -> None:
    for wrong in (2.5, float("nan"), float("inf")):
        with pytest.raises(SourceError, match=rf"^file.csv, row 3, column n: {wrong} is not a whole number; enter one"):
            as_counts(pd.Series([1.0, wrong], name="n"), "file.csv")
    assert as_counts(pd.Series([1.0, 3.0]), "file.csv").tolist() == [1, 3]


def test_tidy_encoded_as_gzip_has_no_time_or_name() -> None:
    table = Table("example", "example.csv.gz", "Example", "One row per borough.", (), (BOROUGH,))
    packed = Tidy(table, pd.DataFrame({"borough": ["Brent", "Barnet"]}), ("file.csv",)).encoded()
    assert gzip.decompress(packed) == b"borough\nBarnet\nBrent\n"
    assert packed[3:8] == bytes(5)  # no flags, so no name; no time


def test_boundaries_read_with_missing_or_repeated_area_is_refused(tmp_path: Path, catalogue: Catalogue) -> None:
    shapes = json.loads(catalogue.path("borough_shapes").read_text(encoding="utf-8"))
    shapes["features"] = shapes["features"][1:]
    (tmp_path / boundaries.FILE).write_text(json.dumps(shapes))
    with pytest.raises(SourceError, match="each of the 33 areas once; look at E09000002"):
        boundaries.read(tmp_path)
    shapes["features"] *= 2
    (tmp_path / boundaries.FILE).write_text(json.dumps(shapes))
    with pytest.raises(SourceError, match="is there more than once; keep one row for each gss_code"):
        boundaries.read(tmp_path)
    (tmp_path / boundaries.FILE).write_text("{}")
    with pytest.raises(SourceError, match="is not GeoJSON"):
        boundaries.read(tmp_path)
