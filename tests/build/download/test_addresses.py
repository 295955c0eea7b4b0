"""The settings file: what is in it by default, and what is said of one that is not right."""

from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.build.addresses import FILE_NAME, FORCE, SETTINGS, SURVEY, Published, read_settings
from core.sources.files.cells import SourceError
from core.sources.london import attitude_survey, survey_workbook, use_of_force

SHA = "0123456789abcdef" * 4
PAGE = 'page = "https://data.example/dataset"'


def settings(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def one_file(entry: str) -> str:
    return f"[use_of_force]\n{PAGE}\nfiles = [{{ {entry} }}]\n"


def test_the_official_addresses() -> None:
    files = read_settings()
    assert Counter(file.kind for file in files) == {SURVEY: 1, FORCE: 8}
    assert {file.host for file in files} == {"data.london.gov.uk"}
    assert all(urlsplit(file.address).scheme == "https" and file.settings == SETTINGS for file in files)
    assert files[0].name == survey_workbook.FILE
    years = [f"FY{year}-{year + 1}" for year in range(17, 25)]
    assert [file.name for file in files[1:]] == [f"MPS Use of Force - {year}.xlsx" for year in years]


def test_people_are_sent_to_the_pages_that_the_catalogue_names() -> None:
    pages = {file.kind: file.page for file in read_settings()}
    tables = {SURVEY: attitude_survey.BOROUGHS, FORCE: use_of_force.QUARTERLY}
    for kind, table in tables.items():
        assert pages[kind] in {source.path for source in table.sources}


def test_all_that_may_be_said_of_a_file(tmp_path: Path) -> None:
    path = settings(
        tmp_path, one_file(f'address = "http://a.example/x?id=7", name = "b.CSV", sha256 = "{SHA.upper()}"')
    )
    page = "https://data.example/dataset"
    assert read_settings(path) == (Published(FORCE, "http://a.example/x?id=7", "b.CSV", page, path, SHA),)


WRONG = {
    "no TOML": ("[use_of_force", "is not a settings file in TOML"),
    "nothing": ("", "lists no files"),
    "no files": (f"[use_of_force]\n{PAGE}\nfiles = []", "lists no files"),
    "unknown kind": (f"[use_of_farce]\n{PAGE}\nfiles = []", "use_of_farce is not a setting; there may be attitude_"),
    "no section": ("use_of_force = 1", "use_of_force is not written as in"),
    "no page": ("[use_of_force]\nfiles = []", "use_of_force: page is missing"),
    "page without https": ('[use_of_force]\npage = "data.example"\nfiles = []', "use_of_force, page: 'data.example'"),
    "files that are none": (f"[use_of_force]\n{PAGE}\nfiles = 1", "use_of_force: files is not a list"),
    "file that is none": (f"[use_of_force]\n{PAGE}\nfiles = [1]", "use_of_force, file 1 is not written as in"),
    "no address": (one_file('name = "a.xlsx"'), "use_of_force, file 1: address is missing"),
    "misspelt": (one_file('address = "https://a.example/a.xlsx", sha = ""'), "file 1: sha is not a setting"),
    "sha that is none": (one_file('address = "https://a.example/a.xlsx", sha256 = "12"'), "'12' is no SHA-256"),
    "two of one name": (
        f'[use_of_force]\n{PAGE}\nfiles = [{{ address = "https://a.example/1/A.xlsx" }}, '
        '{ address = "https://a.example/2/a.xlsx" }]',
        "use_of_force: 2 files are called a.xlsx; give all but one another name",
    ),
}
ADDRESSES = (
    "file:///etc/passwd",
    "ftp://a.example/a.xlsx",
    "a.xlsx",
    "https://",
    "https://[::1/a.xlsx",
    "javascript:a",
)
NAMES = (
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
)


@pytest.mark.parametrize("case", WRONG)
def test_what_is_not_right_is_named(case: str, tmp_path: Path) -> None:
    text, words = WRONG[case]
    path = settings(tmp_path, text)
    with pytest.raises(SourceError) as error:
        read_settings(path)
    assert str(error.value).startswith(str(path))
    assert words in str(error.value)


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_web_addresses(address: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"file 1: .* is not a web address; write one that begins with https://"):
        read_settings(settings(tmp_path, one_file(f'address = "{address}"')))


@pytest.mark.parametrize("name", NAMES)
def test_only_names_of_workbooks(name: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"file 1: .* is no name of a workbook"):
        read_settings(settings(tmp_path, one_file(f'address = "https://a.example/", name = "{name}"')))


@pytest.mark.parametrize("end", ["..%2F..%2Fa.xlsx", "..%5Ca.xlsx", "a%00.xlsx", "download", "", "a.html"])
def test_an_address_does_not_lead_elsewhere(end: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is no name of a workbook"):
        read_settings(settings(tmp_path, one_file(f'address = "https://a.example/{end}"')))


@given(st.text(max_size=30).map(lambda text: f"{text}.xlsx"))
def test_a_name_is_never_a_place(name: str) -> None:
    if FILE_NAME.fullmatch(name):
        assert Path("/folder", name).parent == Path("/folder")
        assert not name.startswith((".", "~"))


def test_settings_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none\.toml is not there; name the settings file, or copy"):
        read_settings(tmp_path / "none.toml")


def test_settings_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceError, match="is not a settings file in TOML"):
        read_settings(path)
