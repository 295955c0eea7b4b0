"""The survey after 2023: what is read, what is refused, and how it joins the workbook."""

from pathlib import Path

import pandas as pd
import pytest

from core.sources.files.cells import SourceError, Tidy
from core.sources.london.survey import survey, survey_dashboard
from core.sources.london.survey.attitude_survey import BOROUGHS, LONDON
from core.tables.quarters import quarter_end

FIRST_ROWS = [
    ("2024Q1", "Brent", "E09000005", '"Good Job" local', "0.46"),
    ("2024Q1", "Barnet", "E09000003", '"Good Job" local', "0.48"),
    ("2024Q1", "MPS", "", '"Good Job" local', "0.48"),
]


def written(folder: Path, *more: tuple[str, str, str, str, str]) -> Path:
    rows = pd.DataFrame([*FIRST_ROWS, *more], columns=["quarter", "borough", "gss_code", "measure", "share"])
    ends = rows.pop("quarter").map(quarter_end).dt.strftime("%Y-%m-%d")
    rows.assign(quarter_end=ends).to_csv(folder / survey_dashboard.FILE, index=False)
    return folder


def test_read_separates_london_from_its_boroughs(tmp_path: Path) -> None:
    boroughs, london = survey_dashboard.read(written(tmp_path))
    assert boroughs.frame.set_index("borough")["good_job_local"].to_dict() == {"Barnet": 0.48, "Brent": 0.46}
    assert london.frame[["quarter", "good_job_local"]].to_numpy().tolist() == [["2024Q1", 0.48]]
    assert list(boroughs.frame) == BOROUGHS.columns
    assert list(london.frame) == LONDON.columns


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("2023Q4", "Newham", "E09000025", "Treat everyone fairly", "0.6"), "lies before 2024Q1, where the workbook"),
        (("2024Q1", "Newham", "E09000025", "Treat nobody", "0.6"), "'Treat nobody' is not a known measure"),
        (("2024Q1", "Newham", "E09000025", "Trust MPS", ""), "is not a figure"),
        (("2024Q1", "Newham", "E09000025", "Trust MPS", "60"), "60 is not between 0 and 1"),
        (("2024Q1", "Brent", "E09000005", '"Good Job" local', "0.46"), "is there more than once"),
        (("2024Q1", "Newham", "E09000025", "Trust MPS", "0.6"), "for Newham in 2024Q1"),
        (("2024Q1", "Newham", "E09000001", "Trust MPS", "0.6"), "E09000001"),
    ],
)
def test_read_of_an_impossible_row_names_it(tmp_path: Path, row: tuple[str, str, str, str, str], why: str) -> None:
    with pytest.raises(SourceError, match=why.replace("(", r"\(")):
        survey_dashboard.read(written(tmp_path, row))


def london(quarters: list[str], **measures: float) -> Tidy:
    frame = pd.DataFrame({"quarter": quarters, **measures}).reindex(columns=LONDON.columns)
    return Tidy(LONDON, frame, (f"to {quarters[-1]}.csv",))


def test_joined_editions_that_follow_each_other_are_one_table() -> None:
    whole = survey.joined(
        london(["2023Q3", "2023Q4"], informed_local=0.4, trust_mps=0.6), london(["2024Q1"], trust_mps=0.5)
    )
    assert whole.frame["trust_mps"].tolist() == [0.6, 0.6, 0.5]
    assert whole.frame["informed_local"].isna().tolist() == [False, False, True]
    assert len(whole.files) == 2


@pytest.mark.parametrize("first", ["2023Q4", "2024Q2"])
def test_joined_editions_that_overlap_or_leave_a_gap_are_refused(first: str) -> None:
    with pytest.raises(SourceError, match=f"ends in 2023Q4 and .* begins in {first}"):
        survey.joined(london(["2023Q4"], trust_mps=0.6), london([first], trust_mps=0.5))


@pytest.mark.sources
def test_read_of_the_published_file_has_nine_quarters_of_32_boroughs(sources_dir: Path) -> None:
    boroughs, whole = survey_dashboard.read(sources_dir / "london")
    assert boroughs.frame.groupby("quarter")["borough"].nunique().to_list() == [32] * 9
    assert (whole.frame["quarter"].min(), whole.frame["quarter"].max()) == ("2024Q1", "2025Q3")
    last = boroughs.frame.query("borough == 'Westminster' and quarter == '2026Q1'")
    assert last[["trust_mps", "good_job_local"]].to_numpy().tolist() == [[0.70, 0.42]]
