"""Yearly workbooks give the counts that they were made from, whatever their layout; what is wrong with one is said."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from core.sources.files.cells import SourceError
from core.sources.files.limits import UploadedFile, in_memory, on_disk
from core.sources.files.validate import check_complete, check_declared
from core.sources.london.boroughs import NAMES
from core.sources.london.force.force_quarters import STUDY, Counting, ForceCounts, spans, tabulate
from core.sources.london.force.force_workbook import ForceFile, read_force
from core.sources.london.force.use_of_force import OUTCOMES, QUARTERLY
from core.sources.london.renewal import renew_force
from core.tables.catalogue import Catalogue
from tests.sources.workbooks.conftest import DIVISOR, force_file
from tests.sources.workbooks.force import FLAGS, Layout, Records, scaled, with_repeats, write_year
from tests.sources.workbooks.xlsx import Style

COUNTS = ["records", *(field.name for field in OUTCOMES)]
LAYOUTS = {
    "as published": Layout(),
    "dates as text": Layout(dates="dd/mm/yyyy"),
    "dates with a time": Layout(dates="iso"),
    "another year": Layout(drifted=True),
    "titles": Layout(title_rows=3),
    "other XML": Layout(style=Style(inline=True, prefix="x:")),
    "dates of 1904": Layout(style=Style(from_1904=True)),
}


def counted(frame: pd.DataFrame) -> pd.DataFrame:
    """Records and outcomes by borough and calendar quarter, as pandas counts them."""
    rows = frame[frame["borough"].isin(NAMES)].drop_duplicates()
    quarters = rows["day"].dt.year.astype(str) + "Q" + rows["day"].dt.quarter.astype(str)
    counts = rows.assign(records=1, quarter=quarters).groupby(["borough", "quarter"])[COUNTS].sum()
    index = pd.MultiIndex.from_product([NAMES, sorted(quarters.unique())], names=["borough", "quarter"])
    return counts.reindex(index, fill_value=0).reset_index()


def assert_same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    rows = found[list(expected.columns)].sort_values(["borough", "quarter"], ignore_index=True)
    other = expected.sort_values(["borough", "quarter"], ignore_index=True)
    pd.testing.assert_frame_equal(rows, other, check_dtype=False)


@pytest.fixture(scope="session")
def force(years: list[ForceFile]) -> ForceCounts:
    return tabulate(years, STUDY)


def test_tabulate_of_all_years_reproduces_the_quarterly_table(force: ForceCounts, catalogue: Catalogue) -> None:
    assert_same(force.quarterly.frame, scaled(catalogue.read_table("use_of_force"), DIVISOR)[QUARTERLY.columns])
    check_declared(force.quarterly)
    check_complete(force.quarterly, "borough", NAMES)


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_read_force_in_each_layout_gives_the_same_counts(
    layout: Layout, suffix: str, one_year: pd.DataFrame, tmp_path: Path
) -> None:
    file = read_force(force_file(tmp_path, one_year, layout, f"force.{suffix}"))
    assert_same(tabulate([file]).quarterly.frame, counted(one_year))
    (report,) = file.reports
    assert (report.read, report.used) == (len(one_year), len(one_year))


def test_read_force_from_bytes_equals_that_from_a_path(one_year: pd.DataFrame, tmp_path: Path) -> None:
    path = write_year(tmp_path / "force.xlsx", one_year)
    there, sent = read_force(on_disk(path)), read_force(in_memory("C:\\fakepath\\force.xlsx", path.read_bytes()))
    pd.testing.assert_frame_equal(there.counts, sent.counts)
    assert sent.name == "force.xlsx"


def test_read_force_with_required_columns_only_is_read(one_year: pd.DataFrame, tmp_path: Path) -> None:
    only = ("IncidentDate", "Borough", *FLAGS.values())
    frame = one_year.drop_duplicates(["day", "borough", *FLAGS])
    file = read_force(force_file(tmp_path, frame, Layout(only=only)))
    table = tabulate([file]).quarterly
    assert table.table.columns == QUARTERLY.columns
    assert "SubjectAge" in file.reports[0].notes[1]
    assert_same(table.frame, counted(frame))


# Ages, gender, ethnicity, tactics


def test_tabulate_counts_ages_and_recovers_those_recorded_as_dates(years: list[ForceFile], drawn: Records) -> None:
    rows = tabulate(years, STUDY).quarterly.frame
    bands = ["age_under_18", "age_18_34", "age_35_49", "age_50_plus", "age_unknown"]
    assert (rows[bands].sum(axis=1) == rows["records"]).all()
    frame = drawn.frame[drawn.frame["borough"].isin(NAMES)].drop_duplicates()
    young = frame["age"].isin(["0-10", "11-17"])
    spoiled = frame["age"] == "2017-11-01 00:00:00"
    assert rows["age_under_18"].sum() == (young | spoiled).sum()
    assert rows["age_recorded_as_date"].sum() == spoiled.sum() > 0
    assert rows.loc[rows["quarter"] > "2018Q1", "age_recorded_as_date"].sum() == 0
    assert rows["age_50_plus"].sum() == frame["age"].isin(["50-64", "65 and over"]).sum()


@pytest.mark.parametrize(
    ("age", "column"),
    [
        ("0-10", "age_under_18"),
        ("11 - 17", "age_under_18"),
        ("11\N{EN DASH}17", "age_under_18"),
        ("17", "age_under_18"),
        ("18", "age_18_34"),
        ("18-34", "age_18_34"),
        ("49", "age_35_49"),
        ("50-64", "age_50_plus"),
        ("65 and over", "age_50_plus"),
        ("65+", "age_50_plus"),
        ("", "age_unknown"),
        ("Not known", "age_unknown"),
        ("999", "age_unknown"),
        *(
            (text, "age_recorded_as_date")
            for text in ("2017-11-01 00:00:00", "01/11/2017", "43040", "Nov-17", "17-Nov")
        ),
    ],
)
def test_read_force_with_each_spelling_of_age_finds_the_band(age: str, column: str) -> None:
    rows = counts_of({"SubjectAge": age})
    assert rows[column] == rows["records"]
    assert (rows["age_under_18"] > 0) == (column in ("age_under_18", "age_recorded_as_date"))


@pytest.mark.parametrize(
    ("column", "value", "counts"),
    [
        ("SubjectGender", "male", {"gender_male": 1, "gender_female": 0, "gender_other": 0}),
        ("SubjectGender", "F", {"gender_female": 1}),
        ("SubjectGender", "", {"gender_other": 1}),
        ("SubjectEthnicity", "Black (or Black British)", {"ethnicity_black": 1, "ethnicity_white": 0}),
        ("SubjectEthnicity", "Mixed - White and Asian", {"ethnicity_mixed": 1, "ethnicity_white": 0}),
        ("SubjectEthnicity", "Any other ethnic group", {"ethnicity_other": 1}),
        ("CED Used", "yes", {"ced_used": 1}),
        ("CED3 Fired", "Yes", {"ced_fired": 1}),
        ("CED Fired", "No", {"ced_fired": 0}),
        ("Firearms Aimed", "TRUE", {"firearms_aimed": 1}),
        ("Outcome: No Further Action", "Yes", {"no_further_action": 1}),
        ("Outcome: Fatality", "", {"fatality": 0}),
        ("Outcome: Made off/escaped", "Y", {"made_off": 1}),
    ],
)
def test_tabulate_counts_what_each_column_records(column: str, value: str, counts: dict[str, int]) -> None:
    rows = counts_of({column: value})
    assert {name: rows[name] / rows["records"] for name in counts} == counts


def test_tabulate_with_two_devices_fired_counts_one_record() -> None:
    rows = counts_of({"CED Fired": "Yes", "CED2 Fired": "Yes"})
    assert rows["ced_fired"] == rows["records"]


def year(
    change: Callable[[list[dict[str, Any]]], None] | None = None, columns: dict[str, str] | None = None
) -> UploadedFile:
    """A small CSV: four records a day of three months, each with `columns`."""
    rows = [
        {"IncidentDate": f"{day:%d/%m/%Y}", "IncidentTime": str(hour), "Borough": NAMES[(3 * hour + day.day) % 32]}
        | dict.fromkeys(FLAGS.values(), "No")
        | (columns or {})
        for day in pd.date_range("2020-04-01", "2020-06-30")
        for hour in range(4)
    ]
    if change:
        change(rows)
    return in_memory("force.csv", pd.DataFrame(rows).to_csv(index=False).encode())


def counts_of(columns: dict[str, str]) -> dict[str, int]:
    """Totals of a year in which every record has `columns`."""
    frame = tabulate([read_force(year(columns=columns))]).quarterly.frame
    totals = {name: int(frame[name].sum()) for name in frame.columns if name not in ("borough", "quarter")}
    assert totals["records"] == 4 * 91
    return totals


# Choices


def test_tabulate_with_repeats_retained_reports_the_effect(one_year: pd.DataFrame, tmp_path: Path) -> None:
    once = one_year[one_year["borough"].isin(NAMES)].drop_duplicates()
    file = read_force(force_file(tmp_path, with_repeats(once, 50, 3)))
    dropped, kept = tabulate([file]), tabulate([file], Counting(repeats="kept"))
    assert_same(dropped.quarterly.frame, counted(once))
    assert kept.quarterly.frame["records"].sum() == len(once) + 50
    effects = {(effect.counting.repeats, effect.counting.quarters): effect for effect in dropped.effects}
    assert effects["dropped", "calendar"].change == 0
    assert effects["kept", "calendar"].records == len(once) + 50
    assert effects["kept", "calendar"].change == pytest.approx(50 / len(once))
    assert f"{len(once):,} records in boroughs; with exact duplicates kept, {len(once) + 50:,} (+" in " ".join(
        dropped.notes
    )
    assert dropped.quarterly.table.description.startswith("One row per borough and quarter, 2020Q2 to 2021Q1. Exact")


def test_tabulate_drops_repeats_only_if_equal_in_all_columns() -> None:
    def repeat(rows: list[dict[str, Any]]) -> None:
        rows += [rows[0] | {"IncidentTime": "same but for the time"}, dict(rows[1])]

    assert tabulate([read_force(year(repeat))]).quarterly.frame["records"].sum() == 4 * 91 + 1


def test_tabulate_by_study_quarters_moves_the_last_day_on(drawn: Records, tmp_path: Path) -> None:
    frame = drawn.years["FY21-22"]
    file = read_force(force_file(tmp_path, frame))
    by_study = tabulate([file], STUDY).quarterly.frame
    moved = frame.assign(day=frame["day"] + pd.Timedelta(days=1))
    expected = counted(moved)
    assert_same(by_study, expected[expected["quarter"].isin(by_study["quarter"])])
    assert not by_study.equals(tabulate([file]).quarterly.frame)


def test_tabulate_with_other_places_counts_them_separately(force: ForceCounts, drawn: Records) -> None:
    outside = drawn.frame[~drawn.frame["borough"].isin(NAMES)]
    totals = force.apart.groupby("area")["records"].sum()
    assert totals.to_dict() == outside.groupby("borough").size().to_dict()
    assert set(totals.index) == {"Heathrow", "Out of force"}
    assert f"Heathrow: not a borough, so counted apart ({totals['Heathrow']:,.0f} records)" in force.notes
    assert set(force.quarterly.frame["borough"]) == set(NAMES)


def test_tabulate_with_column_absent_in_some_years_leaves_it_missing(force: ForceCounts) -> None:
    by_quarter = force.quarterly.frame.groupby("quarter")[["made_off", "no_further_action"]].count()
    assert set(by_quarter.to_numpy().flat) == {0, 32}
    assert (by_quarter["made_off"] == 0).sum() == 8
    fields = {field.name: field.required for field in force.quarterly.table.fields}
    assert (fields["made_off"], fields["records"], fields["age_under_18"]) == (False, True, True)


# Several files


def test_tabulate_with_incomplete_quarter_leaves_it_out(one_year: pd.DataFrame, tmp_path: Path) -> None:
    short = one_year[one_year["day"] <= "2021-02-15"]
    found = tabulate([read_force(force_file(tmp_path, short))])
    assert found.quarterly.frame["quarter"].max() == "2020Q4"
    assert any(note.startswith("left out, not whole: 2021Q1 (") for note in found.notes)
    few = one_year[one_year["day"].between("2020-05-01", "2020-08-01")]
    with pytest.raises(SourceError, match=r"has no whole quarter: 2020Q2 \(.*; 2020Q3 \(.*Choose the year's complete"):
        tabulate([read_force(force_file(tmp_path, few, name="few.xlsx"))])


def test_tabulate_with_two_editions_of_a_year_uses_the_newer(one_year: pd.DataFrame, tmp_path: Path) -> None:
    early = one_year[one_year["day"] <= "2020-12-31"].sample(frac=0.9, random_state=1)
    old = read_force(force_file(tmp_path, early, name="first edition.xlsx"))
    new = read_force(force_file(tmp_path, one_year, name="second edition.xlsx"))
    for order in ([old, new], [new, old]):
        found = tabulate(order)
        assert_same(found.quarterly.frame, counted(one_year))
        rows = found.differences
        assert rows["quarter"].tolist() == ["2020Q2", "2020Q3", "2020Q4"]
        assert set(rows["older"]) == {"first edition.xlsx"}
        assert (rows["older_records"] < rows["newer_records"]).all()
    assert any("2020Q2: second edition.xlsx counts" in note for note in found.notes)


def test_tabulate_with_equal_editions_uses_the_last_named(one_year: pd.DataFrame, tmp_path: Path) -> None:
    file = read_force(force_file(tmp_path, one_year))
    twice = tabulate([file, replace(file, name="again.xlsx")])
    assert_same(twice.quarterly.frame, counted(one_year))
    assert set(twice.differences["newer"]) == {"again.xlsx"}
    assert any("has as many on the same days" in note for note in twice.notes)


def test_tabulate_with_late_records_in_another_workbook_adds_them(drawn: Records, tmp_path: Path) -> None:
    before = drawn.years["FY19-20"].drop_duplicates()
    late = before.sample(20, random_state=2)
    this = before.drop(late.index)
    following = pd.concat([drawn.years["FY20-21"], late])
    files = [
        read_force(force_file(tmp_path, frame, name=f"{number}.xlsx")) for number, frame in enumerate((this, following))
    ]
    found = tabulate(files)
    assert_same(found.quarterly.frame, counted(pd.concat([this, following])))
    assert found.differences.empty


def test_tabulate_with_misdated_records_ignores_them_in_edition_order(one_year: pd.DataFrame, tmp_path: Path) -> None:
    stray = one_year.head(3).assign(day=pd.Timestamp("2024-03-30"))
    older = read_force(
        force_file(tmp_path, pd.concat([one_year[one_year["day"] < "2020-12-20"], stray]), name="a.xlsx")
    )
    newer = read_force(force_file(tmp_path, one_year, name="b.xlsx"))
    found = tabulate([newer, older])
    assert set(found.differences["newer"]) == {"b.xlsx"}
    assert any("2024Q1 (3 records" in note for note in found.notes)


def test_tabulate_without_files_raises_source_error() -> None:
    with pytest.raises(SourceError, match="No file with use-of-force records was given"):
        tabulate([])


def test_spans_joins_consecutive_quarters() -> None:
    assert spans(["2020Q1", "2019Q4", "2021Q1"]) == "2019Q4 to 2020Q1, 2021Q1"
    assert spans([]) == ""


# Over the available figures


def test_renew_force_retains_quarters_that_no_file_covers(years: list[ForceFile], catalogue: Catalogue) -> None:
    available = {"use_of_force": catalogue.read_table("use_of_force")}
    new = tabulate(years[4:])
    renewal = renew_force(new, available)
    (tidy,) = renewal.tables
    rows = tidy.frame
    kept = rows[rows["quarter"] < "2021Q2"]
    old = available["use_of_force"]
    assert_same(kept, old[old["quarter"] < "2021Q2"])
    assert kept["age_under_18"].isna().all()
    assert rows.loc[rows["quarter"] >= "2021Q2", "age_under_18"].notna().all()
    assert "kept from the figures at hand: 2017Q2 to 2021Q1" in renewal.lines
    assert "Kept from before: 2017Q2 to 2021Q1. One row per borough" in tidy.table.changes
    assert set(renewal.differences["column"]) == set(COUNTS)


def test_renew_force_with_gap_between_old_and_new_is_refused(years: list[ForceFile], catalogue: Catalogue) -> None:
    old = catalogue.read_table("use_of_force")
    with pytest.raises(SourceError, match=r"has no row for Barking and Dagenham, 20(19|20)Q\d \(\d+ missing in all\)"):
        renew_force(tabulate(years[4:]), {"use_of_force": old[old["quarter"] < "2019Q3"]})


# What is wrong


def put(row: int, column: str, value: object) -> Callable[[list[dict[str, Any]]], None]:
    def change(rows: list[dict[str, Any]]) -> None:
        rows[row][column] = value

    return change


def everywhere(column: str, value: str) -> Callable[[list[dict[str, Any]]], None]:
    def change(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            row[column] = value

    return change


def without(column: str) -> Callable[[list[dict[str, Any]]], None]:
    def change(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            del row[column]

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            put(4, "IncidentDate", "04/25/2020"),
            r"^force.csv, row 6, column IncidentDate: '04/25/2020' has the month before the day, so which dates are",
        ),
        (
            everywhere("IncidentDate", "31/02/2020"),
            r"^force.csv, row 2, column IncidentDate: '31/02/2020' is not a date that can be right, and 364 of 364",
        ),
        (everywhere("IncidentDate", "01/04/2999"), r"'01/04/2999' is not a date that can be right"),
        (everywhere("IncidentDate", "01/04/1920"), r"'01/04/1920' is not a date that can be right"),
        (everywhere("Borough", "Slough"), r"row 2, column Borough: 'Slough' is not one of the 32 boroughs, and 364 of"),
        (everywhere("Borough", ""), r"force.csv has no record with a date and a borough"),
        (
            everywhere("Outcome: Arrested", "Maybe"),
            r"row 2, column Outcome: Arrested: 'Maybe' is neither Yes nor No, and",
        ),
        (without("Borough"), r"^force.csv has no column Borough \(it has "),
        (
            without("IncidentDate"),
            r"^force.csv has no column IncidentDate \(it has 'IncidentTime'\); rename the column",
        ),
        (without("Outcome: Hospitalised"), r"^force.csv has no column Outcome: Hospitalised"),
    ],
)
def test_read_force_with_spoiled_file_names_the_place(
    change: Callable[[list[dict[str, Any]]], None], message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        read_force(year(change))


def test_read_force_with_few_wrong_rows_leaves_out_and_reports_them() -> None:
    def change(rows: list[dict[str, Any]]) -> None:
        rows[1]["IncidentDate"], rows[2]["Borough"], rows[3]["Outcome: Arrested"] = "soon", "", "perhaps"
        rows[5]["Borough"] = "<img src=x onerror=alert(1)>"

    file = read_force(year(change))
    (report,) = file.reports
    assert (report.read, report.used) == (364, 362)
    assert report.lines()[1:3] == [
        "  1 row left out: no date that can be right (the first: force.csv, row 3, column IncidentDate: 'soon')",
        "  1 row left out: no borough (the first: force.csv, row 4, column Borough)",
    ]
    assert "Outcome: Arrested: counted as No, being neither Yes nor No: perhaps" in report.notes
    found = tabulate([file])
    assert found.apart["area"].tolist() == ["<img src=x onerror=alert(1)>"]
    assert found.quarterly.frame["records"].sum() == 361


def test_read_force_with_other_case_and_spaces_in_headings_is_read() -> None:
    content = (
        year().open().read().replace(b"IncidentDate", b"incident  date").replace(b"Outcome: Other", b"OUTCOME-OTHER")
    )
    assert read_force(in_memory("force.csv", content)).reports[0].used == 364


def test_read_force_with_formula_treats_it_as_text() -> None:
    found = tabulate([read_force(year(put(0, "Borough", "=HYPERLINK(1)")))])
    assert found.apart["area"].tolist() == ["=HYPERLINK(1)"]


def test_read_force_progress_rises_to_one(one_year: pd.DataFrame, tmp_path: Path) -> None:
    for name in ("force.xlsx", "force.csv"):
        reported: list[float] = []
        read_force(force_file(tmp_path, pd.concat([one_year] * 3), name=name), progress=reported.append)
        assert reported == sorted(reported)
        assert reported[-1] == pytest.approx(1, abs=0.01)
