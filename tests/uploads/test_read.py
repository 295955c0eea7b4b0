from pathlib import Path

import pandas as pd
import pytest

from core.london.ages.question import AGE_BANDS
from core.london.panel import london_panel
from core.sources.files.cells import SourceError
from core.sources.files.limits import UploadedFile, in_memory
from core.sources.london.force.force_quarters import Counting
from core.tables.catalogue import Catalogue
from core.tables.quarters import quarters_between
from core.uploads.read import FORCE, SURVEYS, UploadedData, read_upload
from tests.sources.police.generated import ASB, street_csv, write_zip
from tests.sources.workbooks.__main__ import published_records
from tests.sources.workbooks.force import write_year
from tests.sources.workbooks.survey import write_survey

STUDY = Counting("dropped", "study")
YEAR = ["2020Q3", "2020Q4"]  # quarters of which a financial year has every day, whichever rule counts them


@pytest.fixture(scope="module")
def survey(catalogue: Catalogue) -> UploadedFile:
    """A survey that differs from that of the package: trust is higher by a hundredth since 2023."""
    boroughs, london = (catalogue.read_table(name) for name in SURVEYS)
    boroughs, london = (higher(table[table["quarter"] >= "2022Q1"]) for table in (boroughs, london))
    return in_memory("new survey.xlsx", write_survey(boroughs, london))


def higher(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(trust_mps=table["trust_mps"].mask(table["quarter"] >= "2023Q1", table["trust_mps"] + 0.01))


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> UploadedFile:
    """Records of 2020-21, a sixtieth of the real number."""
    path = tmp_path_factory.mktemp("force") / "force 2020.xlsx"
    year = published_records(60, 3).years["FY20-21"]
    return in_memory(path.name, write_year(path, year).read_bytes())


@pytest.fixture(scope="module")
def both(survey: UploadedFile, force: UploadedFile, catalogue: Catalogue) -> UploadedData:
    return read_upload([survey, force], catalogue, STUDY)


def test_read_upload_of_survey_changes_only_its_figures(survey: UploadedFile, catalogue: Catalogue) -> None:
    uploaded = read_upload([survey], catalogue, STUDY)
    assert (uploaded.files, uploaded.tables) == (("new survey.xlsx",), SURVEYS)
    new, old = (
        london_panel(source).frame.set_index(["borough", "quarter"]) for source in (uploaded.catalogue, catalogue)
    )
    late = new.index.get_level_values("quarter") >= "2023Q1"
    assert new.index.equals(old.index)
    assert (new["trust_mps"] - old["trust_mps"])[late].to_list() == pytest.approx([0.01] * 128)
    pd.testing.assert_frame_equal(new.loc[~late, ["trust_mps", "records"]], old.loc[~late, ["trust_mps", "records"]])
    assert any("new survey.xlsx" in line for line in uploaded.report)


def test_read_upload_of_two_files_replaces_both(both: UploadedData, catalogue: Catalogue) -> None:
    assert both.files == ("new survey.xlsx", "force 2020.xlsx")
    assert set(both.tables) == {*SURVEYS, FORCE}
    new, old = (london_panel(source).frame for source in (both.catalogue, catalogue))
    totals = [frame[frame["quarter"].isin(YEAR)].groupby("quarter")["records"].sum() for frame in (new, old)]
    assert (totals[0] / totals[1]).between(1 / 62, 1 / 58).all()
    for name in ("force 2020.xlsx", "new survey.xlsx"):
        assert any(name in line for line in both.report)


def test_read_upload_of_workbook_adds_ages_to_the_panel(both: UploadedData, catalogue: Catalogue) -> None:
    frame = london_panel(both.catalogue).frame
    assert not set(AGE_BANDS) <= set(london_panel(catalogue).frame)
    assert set(AGE_BANDS) <= set(frame)
    counted = frame[frame["quarter"].isin(YEAR)]
    assert counted[list(AGE_BANDS)].sum(axis=1).le(counted["records"]).all()
    assert counted[list(AGE_BANDS)].to_numpy().sum() > 0.9 * counted["records"].sum()
    before = frame[frame["quarter"].isin(quarters_between("2018Q1", "2019Q4"))]
    assert before[list(AGE_BANDS)].isna().all(axis=None)


def test_read_upload_leaves_the_packaged_catalogue_unchanged(both: UploadedData, catalogue: Catalogue) -> None:
    assert catalogue.uploaded == {}
    assert both.catalogue.version != catalogue.version
    assert set(both.catalogue.tables) == set(catalogue.tables)
    assert not set(AGE_BANDS) & {variable.name for variable in catalogue.table(FORCE).fields}
    untouched = set(catalogue.tables) - set(both.tables)
    assert all(both.catalogue.table(name) == catalogue.table(name) for name in untouched)


def test_read_upload_version_depends_on_the_figures(
    survey: UploadedFile, both: UploadedData, catalogue: Catalogue
) -> None:
    first, again = (read_upload([survey], catalogue, STUDY).catalogue.version for _ in range(2))
    assert first == again
    assert len({first, both.catalogue.version, catalogue.version}) == 3


def test_read_upload_reports_progress_from_first_to_last_file(survey: UploadedFile, catalogue: Catalogue) -> None:
    statement: list[float] = []
    read_upload([survey, survey], catalogue, STUDY, statement.append)
    assert 0 <= min(statement) <= statement[0] <= 0.5 < statement[-1] <= max(statement) <= 1


@pytest.mark.parametrize(
    "content",
    [b"name,size\nZebra,3\n", b"", b"\x00\x01\x02", b"PK\x03\x04 broken"],
    ids=["another table", "nothing", "noise", "a broken zip"],
)
def test_read_upload_with_unknown_file_names_it(content: bytes, catalogue: Catalogue) -> None:
    with pytest.raises(SourceError) as refused:
        read_upload([in_memory("odd.csv", content)], catalogue, STUDY)
    sentence = str(refused.value)
    assert sentence.startswith("odd.csv")
    assert all(line.startswith("- As ") for line in filter(None, sentence.split("\n")[1:]))


def test_read_upload_with_one_bad_file_rejects_all(survey: UploadedFile, catalogue: Catalogue) -> None:
    with pytest.raises(SourceError, match=r"odd\.csv"):
        read_upload([survey, in_memory("odd.csv", b"name,size\nZebra,3\n")], catalogue, STUDY)


def test_read_upload_without_files_raises_error(catalogue: Catalogue) -> None:
    with pytest.raises(SourceError, match="choose one"):
        read_upload([], catalogue, STUDY)


# Street crime

CAMDEN = ("E01000842", "E01000843", "E01000844")


def month_file(month: str, force: str = "metropolitan") -> UploadedFile:
    return in_memory(f"{month}-{force}-street.csv", street_csv(month, [(code, ASB) for code in CAMDEN]))


def test_read_upload_of_one_street_file_offers_a_month_of_its_force(catalogue: Catalogue) -> None:
    found = read_upload([month_file("2021-01")], catalogue, STUDY)
    assert found.street_crime
    force = found.street_crime.force("metropolitan")
    assert (force.months, list(force.districts.values())) == (("2021-01",), ["Camden"])
    assert found.files == ("2021-01-metropolitan-street.csv",)


def test_read_upload_of_several_street_files_is_one_download(survey: UploadedFile, catalogue: Catalogue) -> None:
    files = [month_file("2021-04"), survey, month_file("2021-01"), month_file("2021-02")]
    found = read_upload(files, catalogue, STUDY)
    assert found.street_crime
    assert set(found.tables) == set(SURVEYS)
    coverage = found.street_crime.force("metropolitan").coverage
    assert (coverage.counted, coverage.missing) == (("2021-01", "2021-02", "2021-04"), ("2021-03",))
    assert found.street_crime.counts("metropolitan")["records"].sum() == 9


def test_read_upload_of_the_same_street_file_twice_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(SourceError, match="are the same month of the same force; take one of them away"):
        read_upload([month_file("2021-01"), month_file("2021-01")], catalogue, STUDY)


def test_read_upload_of_street_files_and_a_zip_is_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    packed = write_zip(
        tmp_path / "police.zip", {"2021-02-metropolitan-street.csv": month_file("2021-02").open().read()}
    )
    with pytest.raises(SourceError, match="Two downloads of street crime"):
        read_upload([month_file("2021-01"), in_memory(packed.name, packed.read_bytes())], catalogue, STUDY)


MONTH = street_csv("2021-01", [(CAMDEN[0], ASB)])
OTHER_POLICE_FILES = {
    "2021-01-metropolitan-outcomes.csv": (b"Crime ID,Month\n1,2021-01\n", "has outcomes of a police force"),
    "2021-01-metropolitan-stop-and-search.csv": (b"Type,Date\nPerson,2021\n", "has stop-and-search of a police force"),
    "january.csv": (
        MONTH,
        "looks like a month of a police force; name it YYYY-MM-",
    ),
    "2021-01-metropolitan-street (1).csv": (
        MONTH,
        "looks like a month of a police",
    ),
    "2021-01-btp-street.csv": (MONTH, "British Transport Police serves a network"),
    "2021-01-gwent-street.csv": (street_csv("2021-01", [("W01001537", ASB)]), "Gwent lies outside England"),
    "2021-01-kent-street.csv": (b"", "is empty; download it again"),
}


@pytest.mark.parametrize("name", OTHER_POLICE_FILES)
def test_read_upload_of_other_police_file_says_what_it_is(name: str, catalogue: Catalogue) -> None:
    content, text = OTHER_POLICE_FILES[name]
    with pytest.raises(SourceError) as refused:
        read_upload([in_memory(name, content)], catalogue, STUDY)
    sentence = str(refused.value)
    assert sentence.startswith(name)
    assert text in sentence
    assert len(sentence) < 400
