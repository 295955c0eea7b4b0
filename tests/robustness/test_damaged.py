"""Files of ``data/`` that are missing, cut off or garbled: the pages that need one say which, all others work."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.app import cache
from core.presentation.maps import borough_shapes
from core.registry.pages import PAGES
from core.tables import catalogue as catalogue_module
from core.tables.catalogue import DATA_DIR, PACKAGE_FILE, Catalogue, load_catalogue
from core.tables.files import FileState, file_state
from tests.pages.visiting import ENTRY, PATIENCE

pytestmark = pytest.mark.slow

NAMES = [entry.name for entry in PAGES]
FILES = sorted(note.path for note in load_catalogue().tables.values())
EVERYTHING = {"layer": "analysts", "tab": "everything"}
WITHOUT_DATA = "This page needs figures that cannot be read."
# Each file with one of them; all three take the same way through the app.
DAMAGES: tuple[Callable[[Path], object], ...] = (
    Path.unlink,
    lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    lambda path: path.write_bytes(bytes(reversed(path.read_bytes()))),
)


def forget() -> None:
    """Let go of all that this process has read."""
    st.cache_data.clear()
    st.cache_resource.clear()
    cache.clear()
    borough_shapes.cache_clear()


@contextmanager
def copied(folder: Path) -> Iterator[Path]:
    """A copy of the figures in `folder`, which the app takes in place of its own."""
    shutil.copytree(DATA_DIR, folder)

    def elsewhere(path: Path) -> FileState:
        return file_state(folder / PACKAGE_FILE if path == DATA_DIR / PACKAGE_FILE else path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue_module, "file_state", elsewhere)
        forget()
        yield folder
    forget()


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A copy of the figures for one test, which may damage it."""
    with copied(tmp_path / "data") as folder:
        yield folder


def shown(page: str) -> AppTest:
    """The page with all that it has, where a summary alone would read less."""
    at = AppTest.from_file(ENTRY, default_timeout=PATIENCE)
    at.switch_page(f"pages/{page}.py")
    at.query_params.update(EVERYTHING)
    at.run()
    assert not at.exception, f"{page}: {at.exception[0].value}"
    return at


def complaint(page: str) -> str:
    """What the page says of figures that cannot be read; empty where it does not."""
    return " ".join(item.value.replace("\\", "") for item in shown(page).error)


@pytest.fixture(scope="session")
def readers() -> dict[str, set[str]]:
    """The files that each page reads, by the page's name."""
    found: dict[str, set[str]] = {}
    path_of = Catalogue.path
    with pytest.MonkeyPatch.context() as patch:
        for page in NAMES:
            forget()
            asked: set[str] = set()

            def path(catalogue: Catalogue, name: str, asked: set[str] = asked) -> Path:
                asked.add(catalogue.table(name).path)
                return path_of(catalogue, name)

            patch.setattr(Catalogue, "path", path)
            assert complaint(page) == ""
            found[page] = asked
    forget()
    return found


def test_pages_read_declared_files_and_user_panel_reads_none(readers: dict[str, set[str]]) -> None:
    assert readers["user_panel"] == set()
    assert "london/survey.csv" in readers["home"]
    assert set().union(*readers.values()) <= set(FILES)


@pytest.mark.parametrize("number", range(len(FILES)), ids=[path.replace("/", "_") for path in FILES])
def test_pages_with_damaged_file_name_it_and_other_pages_work(
    number: int, data: Path, readers: dict[str, set[str]]
) -> None:
    file = FILES[number]
    DAMAGES[number % len(DAMAGES)](data / file)
    needing = [page for page in NAMES if file in readers[page]]
    for page in {needing[0], needing[number % len(needing)]} if needing else ():
        said = complaint(page)
        assert f"data/{file} cannot be read as the table" in said, f"{page}: {said}"
        assert "put it back" in said
    without = [page for page in NAMES if page not in needing]
    assert complaint(without[number % len(without)]) == ""


@pytest.mark.parametrize("damage", DAMAGES, ids=["missing", "cut_off", "garbled"])
def test_london_map_page_with_damaged_shapes_reports_it(damage: Callable[[Path], object], data: Path) -> None:
    damage(data / "london" / "boroughs.geojson")
    at = shown("london_map")
    assert len(at.title) == 1
    assert WITHOUT_DATA in at.error[0].value
    assert str(data) not in at.error[0].value


@pytest.mark.parametrize("damage", DAMAGES, ids=["missing", "cut_off", "garbled"])
def test_pages_with_damaged_package_name_it(damage: Callable[[Path], object], data: Path) -> None:
    damage(data / PACKAGE_FILE)
    for page in NAMES:  # the example of the page of one's own table needs nothing from the package
        assert (PACKAGE_FILE in complaint(page)) == (page != "user_panel")
