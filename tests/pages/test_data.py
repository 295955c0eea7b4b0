import pytest

from core.app.render import ROWS_SHOWN
from core.presentation.glossary import fields_text
from core.tables.catalogue import load_catalogue
from tests.pages.visiting import Visit

TABLES = tuple(load_catalogue().tables)


def test_data_page_shows_every_table_with_description_and_link() -> None:
    page = Visit("data")
    catalogue = load_catalogue()
    for name in TABLES:
        note = catalogue.table(name)
        page.set(table=name).agrees("TableView")
        assert page.query == {"v": "1", "table": name}
        assert any(note.description in item.value for item in page.at.markdown)
        if not note.path.endswith(".geojson"):
            rows = page.table(*(variable.name for variable in note.fields))
            assert len(rows) == min(note.rows, ROWS_SHOWN)
        assert any(item.value == fields_text(note) for item in page.at.markdown)


@pytest.mark.parametrize("table", [TABLES[-1]])
def test_data_page_link_opens_its_table(table: str) -> None:
    assert Visit("data", {"table": table}).value("table") == table


def test_data_page_with_unknown_table_shows_notice() -> None:
    page = Visit("data", {"table": "salaries"})
    (notice,) = page.at.info
    assert "salaries" in notice.value
    assert page.value("table") == TABLES[0]
    page.agrees("TableView")


def test_data_page_names_publisher_and_attribution_of_every_source() -> None:
    sentence = " ".join(item.value for item in Visit("data").at.markdown)
    for source in load_catalogue().sources():
        assert source.title in sentence
        assert source.publisher in sentence
        assert source.attribution in sentence
