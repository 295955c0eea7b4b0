from collections.abc import Callable
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pandas as pd
import pytest

from core.sources import attitude_survey
from core.sources.boroughs import NAMES
from core.sources.checks import check_complete, check_declared
from core.sources.reading import SourceError

from .conftest import survey_rows, write_workbook

Rows = list[list[object]]


def test_the_quirks_of_the_workbook_are_read_away(tmp_path: Path) -> None:
    write_workbook(tmp_path, survey_rows())
    boroughs, london = attitude_survey.read(tmp_path)
    for tidy in (boroughs, london):
        check_declared(tidy)
    check_complete(boroughs, "borough", NAMES)
    assert boroughs.frame["quarter"].unique().tolist() == ["2015Q4", "2016Q1", "2016Q2"]
    assert {"Richmond upon Thames", "Westminster"} < set(boroughs.frame["borough"])
    assert (boroughs.frame["good_job_local"] == 0.56).all()
    assert boroughs.frame.loc[boroughs.frame["trust_mps"].isna(), "quarter"].unique().tolist() == ["2015Q4"]
    assert london.frame["listen_to_concerns"].tolist() == [0.61, 0.61, 0.61]


def test_columns_beside_the_figures_cause_no_warning(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_workbook(tmp_path, survey_rows())
    attitude_survey.read(tmp_path)
    assert "dtype" not in capfd.readouterr().err


def cell(row: int, column: int, value: object) -> Callable[[Rows], Rows]:
    def put(rows: Rows) -> Rows:
        rows[row][column] = value
        return rows

    return put


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (cell(4, 4, "n/a"), r"sheet Borough, row 6, column Proportion: 'n/a' is not a number"),
        (cell(4, 0, "30/12/2015"), r"sheet Borough, row 6, column Date: '30/12/2015' is not the last day"),
        (cell(4, 0, "Christmas"), r"row 6, column Date: 'Christmas' is not the last day"),
        (cell(4, 2, "Slough"), r"sheet Borough, row 6, column Borough: 'Slough' is not one of the 32"),
        (cell(4, 3, "Good looks"), r"row 6, column Measure: 'Good looks' is not a known measure"),
        (lambda rows: [*rows, rows[0]], r"Barking and Dagenham, 2015Q4, \"Good Job\" local is there more than once"),
        (lambda rows: [row for row in rows if row[3] != "Trust MPS"], "has no rows for trust_mps"),
        (lambda rows: rows[:-33] + rows[-32:] if rows[-33][3] == "Trust MPS" else [], "no Trust MPS for Westminster"),
    ],
)
def test_a_spoiled_workbook_is_refused_with_the_place(
    tmp_path: Path, spoil: Callable[[Rows], Rows], words: str
) -> None:
    write_workbook(tmp_path, spoil(survey_rows()))
    with pytest.raises(SourceError, match=words):
        attitude_survey.read(tmp_path)


def test_a_share_above_one_is_refused(tmp_path: Path) -> None:
    write_workbook(tmp_path, cell(4, 4, 56)(survey_rows()))
    with pytest.raises(SourceError, match=r"good_job_local for .*, 2015Q4: 56.0 must be at most 1"):
        check_declared(attitude_survey.read(tmp_path)[0])


def test_sheets_that_disagree_about_london_are_refused(tmp_path: Path) -> None:
    path = write_workbook(tmp_path, survey_rows())
    book = openpyxl.load_workbook(path)
    book["MPS"]["E2"] = 0.99
    book.save(path)
    with pytest.raises(SourceError, match=r"2015Q4 is 0\.61 on sheet Borough and 0\.99 on sheet MPS"):
        attitude_survey.read(tmp_path)


def test_a_missing_workbook_sheet_or_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not there; put the published file in that folder"):
        attitude_survey.read(tmp_path)
    pd.DataFrame({"Date": []}).to_excel(tmp_path / attitude_survey.FILE, sheet_name="Borough")
    with pytest.raises(SourceError, match="sheet Borough has no column Borough, Measure, Proportion, MPS"):
        attitude_survey.read(tmp_path)
    pd.DataFrame({"Date": []}).to_excel(tmp_path / attitude_survey.FILE, sheet_name="Notes")
    with pytest.raises(SourceError, match=r"has no sheet Borough \(it has Notes\)"):
        attitude_survey.read(tmp_path)
    (tmp_path / attitude_survey.FILE).write_text("<html>moved</html>")
    with pytest.raises(SourceError, match="cannot be read as an Excel workbook"):
        attitude_survey.read(tmp_path)
