import gzip
import hashlib
import json
import shutil
from pathlib import Path

import frictionless
import pytest

from core.build.__main__ import main
from core.build.datasets import DATASETS, SECTIONS
from core.build.london import DATASET as LONDON
from core.build.package import README_FILE, readme, write_package
from core.sources.dataset import Dataset
from core.tables.catalogue import DATA_DIR, PACKAGE_FILE, load_catalogue
from tests.sources.conftest import change


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def packaged() -> dict[str, str]:
    """Contents of the data folder, without what people built there for themselves."""
    own = (PACKAGE_FILE, README_FILE, *(f"{section.name}/" for section in SECTIONS.values()))
    return {name: content for name, content in contents(DATA_DIR).items() if name.startswith(own)}


def test_data_package_is_valid_for_frictionless() -> None:
    report = frictionless.validate(str(DATA_DIR / PACKAGE_FILE))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])
    assert len(report.tasks) == sum(len(section.tables) for section in SECTIONS.values())


def test_data_package_with_changed_figure_is_invalid(tmp_path: Path) -> None:
    shutil.copytree(DATA_DIR, tmp_path / "data")
    survey = tmp_path / "data" / "london" / "survey.csv"
    survey.write_text(survey.read_text().replace("Barnet,2014Q4,0.67", "Barnett,2014Q4,6.7", 1))
    report = frictionless.validate(str(tmp_path / "data" / PACKAGE_FILE))
    errors = {error for [error] in report.flatten(["type"])}
    assert {"hash-count", "foreign-key", "constraint-error"} <= errors


def test_data_package_with_changed_figure_in_packed_table_is_invalid(tmp_path: Path) -> None:
    shutil.copytree(DATA_DIR, tmp_path / "data")
    change(tmp_path / "data" / "england" / "lsoas.csv.gz", "E01000001,City of London 001A", "E0100,City of London 001A")
    report = frictionless.validate(str(tmp_path / "data" / PACKAGE_FILE))
    errors = {(task.name, error.type) for task in report.tasks for error in task.errors}
    assert {("england_lsoas", "hash-count"), ("england_lsoas", "constraint-error")} <= errors
    assert ("england_shapes", "foreign-key") in errors


def test_write_package_reproduces_package_and_readme(tmp_path: Path) -> None:
    for section in SECTIONS.values():
        shutil.copytree(DATA_DIR / section.name, tmp_path / section.name)
    assert {path.name for path in write_package(tmp_path)} == {PACKAGE_FILE, README_FILE}
    assert contents(tmp_path) == packaged()


@pytest.mark.parametrize("study", DATASETS.values(), ids=lambda study: study.name)
def test_readme_has_each_command_attribution_and_licence(study: Dataset) -> None:
    text = readme([study])
    assert f"{study.command} --sources SOURCES/{study.name} --out data/{study.name}\n" in text
    for table in study.tables:
        assert f"{study.name}/{table.file}" in text
        for source in table.sources:
            assert source.attribution in text
            assert source.licence is None or source.licence.path in text


@pytest.mark.parametrize("study", DATASETS.values(), ids=lambda study: study.name)
def test_data_tables_are_sorted_with_unix_line_ends(study: Dataset) -> None:
    for table in study.tables:
        if not table.is_parquet:
            content = (DATA_DIR / study.name / table.file).read_bytes()
            content = gzip.decompress(content) if table.is_compressed else content
            assert b"\r" not in content
            assert content.endswith(b"\n")
        if not table.is_shapes:
            frame = load_catalogue().read_table(table.name)
            assert frame.equals(frame.sort_values(table.key, ignore_index=True))


def test_main_with_missing_source_reports_it_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "data" / "london"
    out.mkdir(parents=True)
    (out / "survey.csv").write_text("old figures")
    before = contents(tmp_path)
    assert main(["london", "--sources", str(tmp_path / "nowhere"), "--out", str(out)]) == 2
    assert "is not there; put the published file in that folder" in capsys.readouterr().err
    assert contents(tmp_path) == before


def test_main_package_with_missing_or_incomplete_study_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["package", "--data", str(tmp_path)]) == 2
    assert "has no built study; run `python -m core.build london` first" in capsys.readouterr().err
    (tmp_path / "london").mkdir()
    assert main(["package", "--data", str(tmp_path)]) == 2
    assert "boroughs.csv is not there; run `python -m core.build london` again" in capsys.readouterr().err
    assert contents(tmp_path) == {}


@pytest.fixture(scope="module")
def built(sources_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of all studies, built from the published files."""
    folder = tmp_path_factory.mktemp("built")
    assert main(["all", "--sources", str(sources_dir), "--data", str(folder)]) == 0
    return folder


@pytest.mark.sources
@pytest.mark.parametrize("study", DATASETS.values(), ids=lambda study: study.name)
def test_main_run_again_reproduces_the_tables_of_data(
    study: Dataset, sources_dir: Path, built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = sorted(path.name for path in built.iterdir())
    assert folders == sorted(dataset.name for dataset in DATASETS.values())
    assert contents(built / study.name) == contents(DATA_DIR / study.name)
    capsys.readouterr()
    assert main([study.word, "--sources", str(sources_dir / study.name), "--out", str(built / study.name)]) == 0
    assert contents(built / study.name) == contents(DATA_DIR / study.name)
    report = capsys.readouterr().out
    tables = [line.split()[0] for line in report.splitlines() if " rows  from " in line]
    assert sorted(tables) == sorted(table.name for table in study.tables)
    assert sorted(path.name for path in built.iterdir()) == folders


@pytest.mark.sources
def test_main_reports_rows_read_and_left_out(
    sources_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["london", "--sources", str(sources_dir / "london"), "--out", str(tmp_path / "tables")]) == 0
    report = capsys.readouterr().out
    assert "use_of_force             864 rows  from use_of_force_borough_quarter_2017Q2_2023Q4.csv" in report
    assert "left out  Heathrow: not a borough" in report


@pytest.mark.sources
def test_main_with_older_package_renews_it(sources_dir: Path, tmp_path: Path) -> None:
    (tmp_path / PACKAGE_FILE).write_text("an older package")
    for section in SECTIONS.values():
        if section != LONDON:
            shutil.copytree(DATA_DIR / section.name, tmp_path / section.name)
    assert main(["london", "--sources", str(sources_dir / "london"), "--out", str(tmp_path / "london")]) == 0
    assert contents(tmp_path) == packaged()


def test_main_all_without_a_folder_for_each_study_names_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *others = [study.name for study in DATASETS.values()]
    (tmp_path / "sources" / first).mkdir(parents=True)
    assert main(["all", "--sources", str(tmp_path / "sources"), "--data", str(tmp_path / "data")]) == 2
    assert f"has no folder {', '.join(others)};" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_main_with_folder_of_other_files_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    assert main(["london", "--sources", str(tmp_path), "--out", str(tmp_path)]) == 2
    assert "thesis.docx, which is not a table of this study; name an empty or new folder" in capsys.readouterr().err
    assert (tmp_path / "thesis.docx").read_text() == "years of work"


@pytest.mark.sources
def test_main_with_incomplete_source_writes_nothing(
    sources_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "sources"
    shutil.copytree(sources_dir / "london", folder, copy_function=shutil.copyfile)
    folder.chmod(0o755)
    deprivation = folder / "imd2019_borough.csv"
    lines = [line for line in deprivation.read_text().splitlines(keepends=True) if "Sutton" not in line]
    deprivation.write_text("".join(lines))
    assert main(["london", "--sources", str(folder), "--out", str(tmp_path / "data")]) == 2
    assert "imd2019_borough.csv lacks Sutton" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


@pytest.mark.sources
def test_data_tables_are_no_copies_of_a_source(sources_dir: Path) -> None:
    published = set(contents(sources_dir).values())
    assert published
    assert not published & set(contents(DATA_DIR).values())


def test_data_package_names_source_and_licence_of_each_table() -> None:
    package = json.loads((DATA_DIR / PACKAGE_FILE).read_text())
    for resource in package["resources"]:
        assert resource["sources"]
        assert all(source["attribution"] for source in resource["sources"])
        assert resource["licenses"] or resource["name"] in ("published_findings", "crime_findings")
