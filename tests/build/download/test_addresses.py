"""The settings file: what is in it by default, and what is said of one that is not right."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.build.download.addresses import FILE_NAME, FORCE, SETTINGS, SURVEY, PublishedFile, read_settings
from core.sources.files.cells import SourceError
from core.sources.london.force import use_of_force
from core.sources.london.survey import attitude_survey, survey_workbook

PAGE = 'page = "https://data.example/dataset"'


def settings(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def one_file(entry: str) -> str:
    return f"[use_of_force]\n{PAGE}\nfiles = [{{ {entry} }}]\n"


def refusal(path: Path) -> str:
    """What is said of the settings at `path`, which it names."""
    with pytest.raises(SourceError) as error:
        read_settings(path)
    assert str(error.value).startswith(str(path))
    return str(error.value)


def test_read_settings_by_default_lists_the_official_files() -> None:
    files = read_settings()
    assert Counter(file.kind for file in files) == {SURVEY: 1, FORCE: 8}
    assert all(file.address.startswith("https://data.london.gov.uk/") for file in files)
    assert {file.settings for file in files} == {SETTINGS}
    years = [f"FY{year}-{year + 1}" for year in range(17, 25)]
    assert [file.name for file in files] == [
        survey_workbook.FILE,
        *(f"MPS Use of Force - {year}.xlsx" for year in years),
    ]


def test_read_settings_by_default_names_the_pages_of_the_catalogue() -> None:
    pages = {file.kind: file.page for file in read_settings()}
    tables = {SURVEY: attitude_survey.BOROUGHS, FORCE: use_of_force.QUARTERLY}
    for kind, table in tables.items():
        assert pages[kind] in {source.path for source in table.sources}


def test_read_settings_with_a_name_replaces_that_of_the_address(tmp_path: Path) -> None:
    path = settings(tmp_path, one_file('address = "https://a.example:8443/x?id=7", name = "b.CSV"'))
    [file] = read_settings(path)
    assert file == PublishedFile(FORCE, "https://data.example/dataset", path, "https://a.example:8443/x?id=7", "b.CSV")
    assert file.path == Path("use_of_force/b.CSV")


WRONG = {
    "no TOML": ("[use_of_force", "is not written as in"),
    "nothing": ("", "lists no files"),
    "no files": (f"[use_of_force]\n{PAGE}\nfiles = []", "lists no files"),
    "unknown kind": (
        one_file('address = "https://a.example/a.xlsx"').replace("force", "farce"),
        "[use_of_farce] is no kind of file; there may be attitude_survey, use_of_force",
    ),
    "no section": ("use_of_force = 1", "is not written as in"),
    "no page": (one_file('address = "https://a.example/a.xlsx"').replace("page", "pages"), "('page'); correct it"),
    "page that is none": (
        '[use_of_force]\npage = "a.example"\nfiles = [{ address = "https://a.example/a.xlsx" }]',
        "'a.example' is not a web address",
    ),
    "files that are none": (f"[use_of_force]\n{PAGE}\nfiles = 1", "is not written as in"),
    "file that is none": (f"[use_of_force]\n{PAGE}\nfiles = [1]", "is not written as in"),
    "address that is none": (one_file("address = 1"), "is not written as in"),
    "no address": (one_file('name = "a.xlsx"'), "missing 1 required positional argument: 'address'"),
    "misspelt": (one_file('address = "https://a.example/a.xlsx", nam = ""'), "unexpected keyword argument 'nam'"),
    "two of one name": (
        f'[use_of_force]\n{PAGE}\nfiles = [{{ address = "https://a.example/1/A.xlsx" }}, '
        '{ address = "https://a.example/2/a.xlsx" }]',
        "two of the same name; correct it as in",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_read_settings_with_a_mistake_names_it(case: str, tmp_path: Path) -> None:
    written, text = WRONG[case]
    assert text in refusal(settings(tmp_path, written))


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://a.example/a.xlsx",
        "http://a.example/a.xlsx",
        "a.xlsx",
        "https://",
        "https://[::1/a.xlsx",
        "https://user:password@a.example/a.xlsx",
        "https://a.example/a b.xlsx",
        "https://a.\u2100.example/a.xlsx",
        "javascript:a",
    ],
)
def test_read_settings_with_address_without_https_is_refused(address: str, tmp_path: Path) -> None:
    said = refusal(settings(tmp_path, one_file(f'address = "{address}"')))
    assert "is not a web address; write one that begins with https://" in said


@pytest.mark.parametrize(
    "name",
    [
        "../a.xlsx",
        "..\\\\a.xlsx",
        "/a.xlsx",
        "C:a.xlsx",
        ".a.xlsx",
        "~$a.xlsx",
        "a.exe",
        "a.xlsx.exe",
        ".xlsx",
        "a\\n.xlsx",
        "",
    ],
)
def test_read_settings_with_name_that_is_no_workbook_is_refused(name: str, tmp_path: Path) -> None:
    said = refusal(settings(tmp_path, one_file(f'address = "https://a.example/", name = "{name}"')))
    assert "is no name of a workbook" in said


@pytest.mark.parametrize("end", ["..%2F..%2Fa.xlsx", "..%5Ca.xlsx", "a%00.xlsx", "download", "", "a.html"])
def test_read_settings_with_address_without_file_name_is_refused(end: str, tmp_path: Path) -> None:
    said = refusal(settings(tmp_path, one_file(f'address = "https://a.example/{end}"')))
    assert f"name https://a.example/{end} as .xlsx, .xlsm or .csv." in said


@given(st.text(max_size=30).map(lambda text: f"{text}.xlsx"))
def test_file_name_pattern_never_matches_a_path(name: str) -> None:
    if FILE_NAME.fullmatch(name):
        assert Path("/folder", name).parent == Path("/folder")
        assert not name.startswith((".", "~"))


def test_read_settings_with_missing_file_names_it(tmp_path: Path) -> None:
    assert "is not there; name the settings file, or copy" in refusal(tmp_path / "none.toml")


def test_read_settings_with_binary_file_names_it(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xff\xfe\x00")
    assert "is not written as in" in refusal(path)
