import pytest
from streamlit.testing.v1 import AppTest

from core.app.navigation import PAGES
from tests.pages.visiting import ENTRY, PATIENCE, Visit

pages = pytest.mark.parametrize("page", [entry.name for entry in PAGES])


@pages
def test_a_page_opened_first_of_all_has_its_frame_one_title_and_no_error(page: str) -> None:
    # Nothing has run before: Streamlit runs the page's own script, and the page must bring the frame.
    visit = Visit(page)
    assert len(visit.at.title) == 1
    assert visit.at.title[0].value
    assert not visit.refusals
    assert not visit.at.info
    registered = [info["url_pathname"] for info in visit.at._registered_pages.values() if info["url_pathname"]]
    assert registered == [entry.name for entry in PAGES]
    assert len(visit.at.header) == len({header.value for header in visit.at.header})


@pages
def test_every_picture_is_told_in_words_and_every_table_can_be_taken(page: str) -> None:
    at = Visit(page)
    for picture in at.pictures:
        assert picture.alt.endswith(".")
        assert len(picture.alt) > 30
    popovers = len(at.at.get("popover"))
    assert len(at.at.get("download_button")) >= popovers


@pages
def test_a_list_of_sections_is_there_only_where_there_are_sections(page: str) -> None:
    visit = Visit(page)
    lists = [popover for popover in visit.at.get("popover") if popover.proto.popover.label == "On this page"]
    assert all(popover.markdown for popover in lists)
    assert lists or not visit.at.header or page == "home"


@pages
def test_a_page_runs_again_as_it_was(page: str) -> None:
    visit = Visit(page)
    query, subheaders = visit.query, [item.value for item in visit.at.subheader]
    visit.run()
    assert visit.query == query
    assert [item.value for item in visit.at.subheader] == subheaders


def test_one_visit_goes_to_every_page_by_links_that_also_say_other_things() -> None:
    visit = Visit("data")
    for entry in PAGES:
        visit.go(entry.name, {"utm_source": "mail", "x" * 500: "<script>"})
        assert len(visit.at.title) == 1
        assert not visit.at.info
        assert "utm_source" not in visit.query or entry.name == "home"
        assert visit.query == visit.run().query


def test_the_entry_leads_to_the_first_page() -> None:
    at = AppTest.from_file(ENTRY, default_timeout=PATIENCE).run()
    assert not at.exception
    assert [title.value for title in at.title] == [Visit(PAGES[0].name).at.title[0].value]
