import json
import re
from functools import cache

import pytest
from streamlit.testing.v1 import AppTest

from core.registry.pages import MOVED, PAGES
from tests.pages.visiting import ENTRY, PATIENCE, Visit
from tests.presentation.tooltips import faults

pages = pytest.mark.parametrize("page", [entry.name for entry in PAGES])


@cache
def opened(page: str) -> Visit:
    """A visit that begins with `page`; the tests of one page look at the same."""
    return Visit(page)


@pages
def test_page_opened_first_has_frame_one_title_and_no_error(page: str) -> None:
    # Nothing has run before: Streamlit runs the page's own script, and the page must bring the frame.
    visit = opened(page)
    assert len(visit.at.title) == 1
    assert visit.at.title[0].value
    assert not visit.refusals
    assert not visit.at.info
    registered = [info["url_pathname"] for info in visit.at._registered_pages.values() if info["url_pathname"]]
    assert registered == [*MOVED, *(entry.name for entry in PAGES)]
    assert len(visit.at.header) == len({header.value for header in visit.at.header})


@pages
def test_page_charts_have_alt_text_and_tables_have_downloads(page: str) -> None:
    at = opened(page)
    for picture in at.pictures:
        assert picture.alt.endswith(".")
        assert len(picture.alt) > 30
    for chart in at.at.get("vega_lite_chart"):
        assert faults(json.loads(chart.proto.spec)) == []
    popovers = [popover.proto.popover.label for popover in at.at.get("popover")]
    if not any("font-size:1.3rem" in sentence for sentence in at.texts) and "Share" in popovers:
        popovers.remove("Share")  # before a place is chosen there is an address to share, and nothing to download
    assert len(at.at.get("download_button")) >= len(popovers)


@pages
def test_title_of_one_sentence_has_no_full_stop_and_of_several_has(page: str) -> None:
    for title in (item.value for item in opened(page).at.subheader):
        assert title.endswith(".") == bool(re.search(r"[a-z\d)%”][.?] [A-Z\d]", title)), title


@pages
def test_section_list_appears_only_on_pages_with_sections(page: str) -> None:
    visit = opened(page)
    lists = [popover for popover in visit.at.get("popover") if popover.proto.popover.label == "On this page"]
    assert all(popover.markdown for popover in lists)
    assert lists or not visit.at.header or page == "home"


@pages
def test_page_after_rerun_is_unchanged(page: str) -> None:
    visit = opened(page)
    query, subheaders = visit.query, [item.value for item in visit.at.subheader]
    visit.run()
    assert visit.query == query
    assert [item.value for item in visit.at.subheader] == subheaders


def test_visit_to_every_page_with_foreign_parameters_names_all_but_trackers() -> None:
    visit = Visit("data")
    for entry in PAGES:
        visit.go(entry.name, {"utm_source": "mail", "x" * 500: "<script>"})
        assert len(visit.at.title) == 1
        notices = [item.value for item in visit.at.info]
        assert len(notices) == 1
        assert all("xxx" in text and len(text) < 200 for text in notices)
        assert not re.search("utm_source|script", str(notices))
        assert "utm_source" not in visit.query
        assert visit.query == visit.run().query


def test_entry_script_opens_first_page() -> None:
    at = AppTest.from_file(ENTRY, default_timeout=PATIENCE).run()
    assert not at.exception
    assert [title.value for title in at.title] == [Visit(PAGES[0].name).at.title[0].value]
