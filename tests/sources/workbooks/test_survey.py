"""The survey workbook of any edition gives the same tables; what is wrong with one is said with its place."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from core.sources.files.cells import SourceError
from core.sources.files.limits import UploadedFile, in_memory, on_disk
from core.sources.files.validate import check_complete, check_declared
from core.sources.london.boroughs import NAMES
from core.sources.london.renewal import renew_survey
from core.sources.london.survey import survey_workbook
from core.sources.london.survey.attitude_survey import BOROUGHS, LONDON
from core.sources.london.survey.survey_workbook import Survey, read_survey
from core.tables.catalogue import Catalogue
from tests.sources.workbooks.conftest import survey_file
from tests.sources.workbooks.survey import COLUMN_OF, Edition, write_survey
from tests.sources.workbooks.xlsx import Row, Style

SPELLINGS = {
    "Westminster": "City of Westminster",
    "Richmond upon Thames": "Richmond Upon Thames",
    "Kingston upon Thames": "Kingston-upon-Thames",
    "Barking and Dagenham": "BARKING & DAGENHAM",
    "Camden": " London Borough of  Camden ",
    "Trust MPS": "Trust  mps",
}
EDITIONS = {
    "as published": Edition(),
    "real dates": Edition(real_dates=True),
    "dates of 1904": Edition(real_dates=True, style=Style(from_1904=True)),
    "other spellings": Edition(names=SPELLINGS),
    "other order": Edition(headings=("Notes", "Proportion", "Measure", "", "MPS", "Borough", "Date", "Weight")),
    "titles": Edition(title_rows=4),
    "text": Edition(shares="{:.2f}"),
    "decimal commas": Edition(shares="{:.2f}", comma=True),
    "percentages": Edition(shares="{:.0%}"),
    "percentages with a space and a comma": Edition(shares="{:.1%} ", comma=True),
    "other XML": Edition(style=Style(inline=True, prefix="x:", placed=False, indented=True)),
    "no sheet for London": Edition(london=False),
    "stray notes": Edition(extra=({}, {0: "Source: MOPAC"}, {8: "Trust", 9: 0.71})),
}


def part(catalogue: Catalogue, table: str) -> pd.DataFrame:
    rows = catalogue.read_table(table)
    return rows[rows["quarter"].between("2015Q3", "2016Q2")].reset_index(drop=True)


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_read_survey_in_each_layout_gives_the_same_tables(edition: Edition, catalogue: Catalogue) -> None:
    survey = read_survey(survey_file(catalogue, edition))
    assert survey.london is not None
    for tidy, declared in ((survey.boroughs, BOROUGHS), (survey.london, LONDON)):
        check_declared(tidy)
        assert tidy.table == declared
        rows = tidy.frame.sort_values(declared.key, ignore_index=True)
        pd.testing.assert_frame_equal(rows, part(catalogue, declared.name), check_dtype=False)
    check_complete(survey.boroughs, "borough", NAMES)
    assert all(report.read == report.used + sum(part.rows for part in report.left_out) for report in survey.reports)


def test_read_survey_report_lists_rows_read_and_left_out(catalogue: Catalogue) -> None:
    unknown: list[Row] = [{0: "30/06/2016", 2: name, 3: "Stop and search", 4: 0.5, 5: 0.5} for name in NAMES]
    extra: tuple[Row, ...] = (
        {0: "Source: MOPAC"},
        *unknown,
        {0: "30/06/2016", 2: "City of London", 3: "Trust MPS", 4: 0.5},
    )
    survey = read_survey(survey_file(catalogue, Edition(extra=extra, london=False)))
    (report,) = survey.reports
    rows = 32 * (7 * 4 + 2)
    assert (report.read, report.used) == (rows + 34, rows)
    assert report.lines() == [
        f"survey.xlsx, sheet Borough: {rows + 34} rows read, {rows} used",
        "  1 row left out: neither measure nor figure, so a note "
        f"(the first: survey.xlsx, sheet Borough, row {rows + 2}: Source: MOPAC)",
        "  32 rows left out: a measure that this app has no words for "
        f"(the first: survey.xlsx, sheet Borough, row {rows + 3}: Stop and search, Barking and Dagenham, 30/06/2016)",
        "  1 row left out: City of London: policed by its own force, and not in the survey "
        f"(the first: survey.xlsx, sheet Borough, row {rows + 35}: Trust MPS, City of London, 30/06/2016)",
        "  quarters 2015Q3 to 2016Q2",
        "  Trust MPS runs from 2016Q1 to 2016Q2 only",
        "  Stop and search used fairly is not in this edition",
    ]


def test_read_survey_with_absent_or_ending_measure_notes_it(catalogue: Catalogue) -> None:
    fewer = tuple(measure for measure in Edition().measures if measure != "Listen to concerns")
    survey = read_survey(survey_file(catalogue, Edition(measures=fewer)))
    assert survey.boroughs.frame["listen_to_concerns"].isna().all()
    assert "Listen to concerns is not in this edition" in survey.reports[0].notes
    check_declared(survey.boroughs)
    survey = read_survey(until("2016Q1", catalogue))
    assert "Understand issues runs from 2015Q3 to 2016Q1 only" in survey.reports[0].notes
    check_declared(survey.boroughs)


def until(quarter: str, catalogue: Catalogue) -> UploadedFile:
    """An edition in which one measure has no figures after `quarter`."""
    tables = [part(catalogue, name) for name in ("survey", "survey_london")]
    for table in tables:
        table.loc[table["quarter"] > quarter, "understand_issues"] = float("nan")
    return in_memory("survey.xlsx", write_survey(tables[0], tables[1]))


def cell(row: int, column: str, value: object) -> Callable[[list[dict[str, Any]]], None]:
    def put(rows: list[dict[str, Any]]) -> None:
        rows[row][column] = value

    return put


def spoiled(catalogue: Catalogue, spoil: Callable[[list[dict[str, Any]]], None]) -> UploadedFile:
    """The survey as CSV, with its rows changed."""
    long = part(catalogue, "survey").melt(["borough", "quarter"], list(COLUMN_OF.values()), "measure", "share").dropna()
    names = {column: published for published, column in COLUMN_OF.items()}
    rows = [
        {
            "Date": f"{row['quarter']}",
            "Borough": row["borough"],
            "Measure": names[row["measure"]],
            "Proportion": row["share"],
        }
        for row in long.to_dict("records")
    ]
    ends = {"2015Q3": "30/09/2015", "2015Q4": "31/12/2015", "2016Q1": "31/03/2016", "2016Q2": "30/06/2016"}
    for row in rows:
        row["Date"] = ends[row["Date"]]
    spoil(rows)
    return in_memory("survey.csv", pd.DataFrame(rows).to_csv(index=False).encode())


def delete(row: int) -> Callable[[list[dict[str, Any]]], None]:
    return lambda rows: rows.__delitem__(row)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (cell(4, "Proportion", "n/a"), r"^survey.csv, row 6, column Proportion: 'n/a' is not a number"),
        (
            cell(4, "Proportion", "56"),
            r"row 6, column Proportion: 56 is not between 0 and 1; write a share such as 0.62, or",
        ),
        (cell(4, "Proportion", "120%"), r"row 6, column Proportion: 120% is not between 0 and 1"),
        (cell(4, "Proportion", "-0,1"), r"row 6, column Proportion: -0,1 is not between 0 and 1"),
        (cell(4, "Proportion", "inf"), r"row 6, column Proportion: inf is not between 0 and 1"),
        (cell(4, "Date", "30/12/2015"), r"row 6, column Date: '30/12/2015' is not the last day of a quarter; correct"),
        (cell(4, "Date", "12/31/2015"), r"row 6, column Date: '12/31/2015' is not .*; write the day before the month"),
        (cell(4, "Date", "31/02/2015"), r"row 6, column Date: '31/02/2015' is not the last day of a quarter"),
        (cell(4, "Date", ""), r"row 6, column Date: '' is not the last day of a quarter"),
        (cell(4, "Borough", "Slough"), r"row 6, column Borough: 'Slough' is not one of the 32 boroughs; correct"),
        (cell(4, "Borough", "<script>"), r"row 6, column Borough: '<script>' is not one of the 32"),
        (cell(4, "Measure", "Good looks"), r"has no \"Good Job\" local for Barnet in 2015Q3, though it runs from"),
        (
            cell(1, "Date", "30/09/2015"),
            r"row 3: Barking and Dagenham, 2015Q3, \"Good Job\" local is there more than once",
        ),
        (delete(-1), r"has no Understand issues for Westminster in 2016Q2, though it runs from 2015Q3 to 2016Q2; add"),
    ],
)
def test_read_survey_with_spoiled_edition_names_the_place(
    spoil: Callable[[list[dict[str, Any]]], None], message: str, catalogue: Catalogue
) -> None:
    with pytest.raises(SourceError, match=message):
        read_survey(spoiled(catalogue, spoil))


def test_read_survey_with_conflicting_london_figures_is_refused(catalogue: Catalogue) -> None:
    extra: tuple[Row, ...] = ({0: "30/06/2016", 2: "MPS", 3: "Trust MPS", 4: 0.99},)
    with pytest.raises(SourceError, match=r"Trust MPS for London in 2016Q2 is 0\.\d+ in the column MPS .* and 0\.99"):
        read_survey(survey_file(catalogue, Edition(london=False, extra=extra)))


@pytest.mark.parametrize(
    ("edition", "message"),
    [
        (
            Edition(headings=("Date", "Borough", "Measures", "Proportion")),
            r"^survey.xlsx, sheet Borough has no column Measure \(it has 'Measures'\); rename the column in the file",
        ),
        (
            Edition(headings=("A", "B")),
            r"^survey.xlsx has no sheet with the columns Date, Borough, Measure, Proportion "
            r"\(it has sheet Borough, sheet MPS\); choose the file that has them",
        ),
    ],
)
def test_read_survey_with_missing_sheet_or_column_names_it(
    edition: Edition, message: str, catalogue: Catalogue
) -> None:
    with pytest.raises(SourceError, match=message):
        read_survey(survey_file(catalogue, edition))


def test_read_survey_without_boroughs_is_refused() -> None:
    rows = [f"30/06/2016,MPS,{measure},0.5" for measure in ("Trust MPS", "Understand issues")]
    content = "\n".join(["Date,Borough,Measure,Proportion", *rows]).encode()
    with pytest.raises(SourceError, match="has no figures for boroughs"):
        read_survey(in_memory("survey.csv", content))


# New editions over the available figures


@pytest.fixture
def available(catalogue: Catalogue) -> dict[str, pd.DataFrame]:
    return {name: to_2023(catalogue.read_table(name)) for name in ("survey", "survey_london")}


def to_2023(table: pd.DataFrame) -> pd.DataFrame:
    """The quarters of the workbook, in the columns that it has."""
    return table[table["quarter"] <= "2023Q4"].drop(columns="stop_and_search_fair").reset_index(drop=True)


def edition_of(catalogue: Catalogue, change: Callable[[pd.DataFrame], pd.DataFrame], name: str = "new.xlsx") -> Survey:
    tables = [change(to_2023(catalogue.read_table(name))) for name in ("survey", "survey_london")]
    return read_survey(in_memory(name, write_survey(tables[0], tables[1])))


def a_quarter_later(table: pd.DataFrame) -> pd.DataFrame:
    """The table without its first years, with one more quarter that has no figure for one measure."""
    last = table[table["quarter"] == "2023Q4"].assign(quarter="2024Q1", informed_local=float("nan"))
    return pd.concat([table[table["quarter"] >= "2020Q1"], last], ignore_index=True)


def test_renew_survey_retains_old_quarters_and_adds_new_ones(
    catalogue: Catalogue, available: dict[str, pd.DataFrame]
) -> None:
    renewal = renew_survey([edition_of(catalogue, a_quarter_later)], available)
    boroughs, london = renewal.tables
    assert renewal.differences.empty
    for tidy, old in ((boroughs, available["survey"]), (london, available["survey_london"])):
        rows = tidy.frame.sort_values(tidy.table.key, ignore_index=True)
        before = rows[rows["quarter"] <= "2023Q4"].reset_index(drop=True)
        pd.testing.assert_frame_equal(before[old.columns], old, check_dtype=False)
        new = rows[rows["quarter"] == "2024Q1"]
        assert new["informed_local"].isna().all()
        assert new["trust_mps"].notna().all()
    required = {field.name for field in boroughs.table.fields if field.required}
    assert required == {"borough", "quarter", "good_job_local", "treat_everyone_fairly"}
    assert boroughs.table.changes.endswith("Renewed from new.xlsx.")


def test_renew_survey_with_two_editions_uses_newer_and_lists_differences(
    catalogue: Catalogue, available: dict[str, pd.DataFrame]
) -> None:
    def corrected(table: pd.DataFrame) -> pd.DataFrame:
        rows = a_quarter_later(table)
        is_wrong = (rows["quarter"] == "2023Q4") & (rows["borough"] == "Barnet" if "borough" in rows else False)
        return rows.assign(trust_mps=rows["trust_mps"].where(~is_wrong, 0.11))

    older = edition_of(catalogue, lambda table: table.assign(good_job_local=0.5), "older.xlsx")
    renewal = renew_survey([edition_of(catalogue, corrected), older], available)
    rows = renewal.tables[0].frame.set_index(["borough", "quarter"])
    assert rows.loc[("Barnet", "2023Q4"), "trust_mps"] == 0.11
    assert rows.loc[("Barnet", "2019Q4"), "good_job_local"] == 0.5
    newest = renewal.differences[renewal.differences["column"] == "trust_mps"]
    assert newest[["table", "borough", "quarter", "newer"]].to_numpy().tolist() == [
        ["survey", "Barnet", "2023Q4", 0.11]
    ]
    assert any(
        line.startswith("older.xlsx and the figures at hand differ in 1,148 figures, and the newer count; the first: ")
        for line in renewal.lines
    )
    assert any(line.startswith("new.xlsx and older.xlsx differ in") for line in renewal.lines)


def test_renew_survey_with_older_edition_fills_gaps_only(
    catalogue: Catalogue, available: dict[str, pd.DataFrame]
) -> None:
    old = edition_of(catalogue, lambda table: table[table["quarter"] <= "2019Q4"].assign(trust_mps=0.5))
    renewal = renew_survey([old], available)
    rows = renewal.tables[0].frame.set_index(["borough", "quarter"])["trust_mps"]
    before = available["survey"].set_index(["borough", "quarter"])["trust_mps"]
    assert rows.dropna().loc[before.dropna().index].equals(before.dropna())
    assert rows.loc[("Barnet", "2014Q4")] == 0.5
    assert any(line.startswith("the figures at hand and new.xlsx differ in") for line in renewal.lines)


def test_renew_survey_with_missing_quarters_is_refused(
    catalogue: Catalogue, available: dict[str, pd.DataFrame]
) -> None:
    far = edition_of(catalogue, lambda table: table[table["quarter"] == "2023Q4"].assign(quarter="2024Q3"))
    with pytest.raises(SourceError, match=r"has no row for Barking and Dagenham, 2024Q1 \(64 missing in all\)"):
        renew_survey([far], available)


@pytest.mark.sources
def test_read_survey_of_published_workbook_reproduces_the_tables(sources_dir: Path, catalogue: Catalogue) -> None:
    path = sources_dir / "london" / survey_workbook.FILE
    for file in (on_disk(path), in_memory(path.name, path.read_bytes())):
        survey = read_survey(file)
        assert survey.london is not None
        for tidy in (survey.boroughs, survey.london):
            stored = catalogue.read_table(tidy.table.name)
            to_2023 = stored[stored["quarter"] <= "2023Q4"].reset_index(drop=True)
            rows = tidy.frame.sort_values(tidy.table.key, ignore_index=True)
            pd.testing.assert_frame_equal(rows, to_2023, check_dtype=False)
        assert [(report.read, report.used) for report in survey.reports] == [(9312, 9312), (291, 291)]


def test_survey_workbook_read_with_missing_file_asks_for_it(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not there; put the published file in that folder"):
        survey_workbook.read(tmp_path)


def test_read_survey_progress_lies_between_zero_and_one(catalogue: Catalogue) -> None:
    reported: list[float] = []
    read_survey(survey_file(catalogue), progress=reported.append)
    assert reported
    assert all(0 <= share <= 1 for share in reported)
