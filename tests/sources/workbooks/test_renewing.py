"""The command that lays new editions over the available figures: a whole data folder comes out, or nothing changes."""

import json
import shutil
from pathlib import Path

import frictionless
import pandas as pd
import pytest

from core.build.__main__ import main
from core.build.datasets import NOTE_FILE
from core.london.ages.question import AGE_BANDS, LONDON_AGES
from core.london.forecasting.forest import AGES, forest_scores
from core.london.panel import london_panel, survey_panel
from core.london.questions import FIRST_SETTLED_YEAR, LONDON_LAST
from core.questions.question import RECOMMENDED
from core.sources.london.force.force_quarters import STUDY
from core.sources.london.force.use_of_force import QUARTERLY
from core.stats.regression import fit
from core.tables.catalogue import DATA_DIR, PACKAGE_FILE, Catalogue, load_catalogue
from core.tables.panel import Panel
from core.tables.quarters import quarters_between
from tests.sources.workbooks.conftest import DIVISOR
from tests.sources.workbooks.force import scaled
from tests.sources.workbooks.survey import write_survey


def command(*arguments: object) -> int:
    return main(["london", *map(str, arguments)])


@pytest.fixture(scope="module")
def available(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The available figures without those that take long to copy and describe."""
    folder = tmp_path_factory.mktemp("available") / "data"
    shutil.copytree(DATA_DIR / "london", folder / "london")
    assert main(["package", "--data", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def renewed(years_folder: Path, available: Path) -> Path:
    out = available.parent / "renewed"
    assert command("--use-of-force", years_folder, "--quarters", "study", "--data", available, "--out", out) == 0
    return out


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_renew_london_with_force_reproduces_the_counts(renewed: Path, catalogue: Catalogue) -> None:
    found = load_catalogue(renewed).read_table("use_of_force")[QUARTERLY.columns]
    expected = scaled(catalogue.read_table("use_of_force"), DIVISOR)[QUARTERLY.columns]
    pd.testing.assert_frame_equal(found, expected)


def test_renew_london_with_force_leaves_other_files_unchanged(renewed: Path, available: Path) -> None:
    old, new = contents(available), contents(renewed)
    changed = {name for name in new if old.get(name) != new[name]}
    assert changed == {"london/use_of_force.csv", f"london/{NOTE_FILE}", PACKAGE_FILE, "README.md"}


def test_renew_london_with_force_writes_a_valid_package(renewed: Path) -> None:
    report = frictionless.validate(str(renewed / PACKAGE_FILE))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])
    note = load_catalogue(renewed).table("use_of_force")
    assert note.description == f"One row per borough and quarter, 2017Q2 to 2023Q4. {STUDY.text}"
    assert note.changes.startswith("Counted by this app from MPS Use of Force - FY17-18.xlsx, ")
    assert set(AGE_BANDS) < {variable.name for variable in note.fields}
    assert load_catalogue(renewed).label("ced_used") == "Taser used"


def test_main_package_of_renewed_folder_changes_nothing(renewed: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(renewed, copy)
    assert main(["package", "--data", str(copy)]) == 0
    assert contents(copy) == contents(renewed)


def test_renew_london_note_names_the_files(renewed: Path, years_folder: Path) -> None:
    note = json.loads((renewed / "london" / NOTE_FILE).read_text(encoding="utf-8"))
    assert list(note["files"]["use_of_force"]) == sorted(path.name for path in years_folder.iterdir())
    assert all(mark.startswith("sha256:") for mark in note["files"]["use_of_force"].values())
    assert any("rows read" in line for line in note["report"])


def test_london_ages_with_renewed_force_has_a_quarterly_model(renewed: Path) -> None:
    panel = london_panel(renewed)
    assert LONDON_AGES.answerable(panel.frame.columns)
    result = fit(panel, LONDON_AGES.presets[RECOMMENDED], {})
    assert result.n == 32 * len(quarters_between(FIRST_SETTLED_YEAR, LONDON_LAST))
    assert [result.estimate(band).name for band in AGE_BANDS] == list(AGE_BANDS)


def test_forest_scores_with_renewed_force_use_the_ages(renewed: Path) -> None:
    frame = london_panel(renewed).frame
    few = frame[frame["quarter"].between("2020Q1", "2022Q4") & frame["borough"].isin(frame["borough"].unique()[:6])]
    assert set(AGES) < set(forest_scores(Panel(few)).features)


def test_renew_london_with_later_survey_adds_the_quarter(
    available: Path, catalogue: Catalogue, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = [catalogue.read_table(name) for name in ("survey", "survey_london")]
    missing = {"trust_mps": None, "stop_and_search_fair": None}
    later = [
        pd.concat([table, table[table["quarter"] == "2025Q3"].assign(quarter="2026Q2", **missing)]) for table in tables
    ]
    path = tmp_path / "survey.xlsx"
    path.write_bytes(write_survey(later[0], later[1]))
    out = tmp_path / "out"
    assert command("--attitude-survey", path, "--data", available, "--out", out) == 0
    panel = survey_panel(out)
    assert (panel.periods[-1], london_panel(out).periods[-1]) == ("2026Q2", "2023Q4")
    assert panel.frame.loc[panel.frame["quarter"] == "2026Q2", "trust_mps"].isna().all()
    assert frictionless.validate(str(out / PACKAGE_FILE)).valid
    printed = capsys.readouterr().out
    assert "Trust MPS runs from 2016Q1 to 2026Q1 only" in printed
    assert "Use of force, by borough and quarter runs to 2023Q4 only; models that use it end there" in printed


def test_renew_london_twice_retains_the_earlier_renewal(renewed: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(renewed, folder)
    path = tmp_path / "survey.xlsx"
    path.write_bytes(write_survey(catalogue.read_table("survey"), catalogue.read_table("survey_london")))
    assert command("--attitude-survey", path, "--data", folder) == 0
    assert load_catalogue(folder).read_table("use_of_force").equals(load_catalogue(renewed).read_table("use_of_force"))
    assert load_catalogue(folder).read_table("survey").equals(catalogue.read_table("survey"))
    assert load_catalogue(folder).table("use_of_force").changes == load_catalogue(renewed).table("use_of_force").changes
    assert load_catalogue(folder).table("survey").changes.endswith("Renewed from survey.xlsx.")


@pytest.mark.parametrize("name", ["broken.xlsx", "empty"])
def test_renew_london_with_unusable_file_changes_nothing(
    name: str, available: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    shutil.copytree(available, out)
    before = contents(out)
    wrong = tmp_path / name
    if name == "empty":
        wrong.mkdir()
    else:
        wrong.write_bytes(b"<html>moved</html>")
    assert command("--use-of-force", wrong, "--data", available, "--out", out) == 2
    said = capsys.readouterr().err
    assert "holds no workbook; name a folder with files that end in .xlsx" in said or "is a web page" in said
    assert contents(out) == before
    assert {path.name for path in tmp_path.iterdir()} == {"out", name}


def test_renew_london_with_folder_of_other_files_is_refused(
    years_folder: Path, available: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    assert command("--use-of-force", years_folder, "--data", available, "--out", tmp_path) == 2
    assert "thesis.docx, which is not part of a data folder; name an empty or new folder" in capsys.readouterr().err
    assert (tmp_path / "thesis.docx").read_text() == "years of work"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Name the folder with the published files of london with --sources"),
        (["--sources", "x", "--use-of-force", "y"], "Name either --sources, for all published files, or new editions"),
        (["--use-of-force", "nowhere.xlsx"], "nowhere.xlsx is not there; name the file as it was downloaded"),
    ],
)
def test_main_london_with_missing_arguments_asks_for_them(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(*arguments) == 2
    assert message in capsys.readouterr().err


@pytest.mark.sources
def test_renew_london_with_published_survey_changes_only_descriptions(
    sources_dir: Path, available: Path, tmp_path: Path
) -> None:
    (path,) = (sources_dir / "london").glob("PAS_*.xlsx")
    assert command("--attitude-survey", path, "--data", available, "--out", tmp_path / "out") == 0
    old, new = contents(available), contents(tmp_path / "out")
    assert {name for name in new if old.get(name) != new[name]} == {f"london/{NOTE_FILE}", PACKAGE_FILE, "README.md"}
