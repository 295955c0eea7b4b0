"""The page of one borough: with one, without, with a name that is none, and its tabs."""

import pytest

from core.london.borough import text
from core.london.borough.analysis import standing
from core.london.borough.section_text import SECTIONS, STANDS_OUT
from core.london.panel import survey_panel
from tests.pages.visiting import WHOLE, Visit

PAGE = "borough"


def test_page_of_a_borough_answers_for_it() -> None:
    visit = Visit(PAGE, {"borough": "Lewisham"}).agrees("BoroughView", "LayerView")
    now = standing(survey_panel(), "Lewisham")
    assert visit.at.title[0].value == text.question("Lewisham")
    assert visit.answer == text.answer(now)
    assert len(visit.at.metric) == 3
    assert visit.at.metric[0].value == text.rank(now)
    assert any(text.source(now) in item.value for item in visit.at.code)
    assert len(visit.at.subheader) == 1, "what is closed is not worked out"


def test_page_without_a_borough_asks_for_one_with_a_map() -> None:
    visit = Visit(PAGE, summary=True).agrees("BoroughView")
    assert visit.at.title[0].value == text.NOT_CHOSEN
    assert text.CHOOSE in [item.value for item in visit.at.markdown]
    assert len(visit.pictures) == 1
    visit.set(borough="Brent")
    assert "Brent" in visit.answer
    assert visit.query["borough"] == "Brent"


def test_page_remembers_the_borough_in_the_visit() -> None:
    visit = Visit(PAGE, {"borough": "Brent"}).go("glossary").go(PAGE)
    assert "Brent" in visit.answer


@pytest.mark.parametrize("other", ["london_map", "london_forecast", "london_amount"])
def test_page_opens_with_the_borough_chosen_last_on_another(other: str) -> None:
    visit = Visit(PAGE, {"borough": "Brent"}).go(other, {"borough": "Camden"}).go(PAGE)
    assert "Camden" in visit.answer
    assert visit.value("borough") == visit.query["borough"] == "Camden"


def test_page_cleared_stays_without_a_borough() -> None:
    visit = Visit(PAGE, {"borough": "Brent"}).set(borough="").go("glossary").go(PAGE)
    assert visit.at.title[0].value == text.NOT_CHOSEN


def test_link_with_a_wrong_name_says_so_and_asks() -> None:
    visit = Visit(PAGE, {"borough": "Luton"})
    assert "Luton" in visit.at.info[0].value
    assert visit.at.title[0].value == text.NOT_CHOSEN


def test_tabs_together_have_every_section() -> None:
    visit = Visit(PAGE, WHOLE | {"borough": "Kensington and Chelsea"})
    shown = [item.value for item in visit.at.header]
    assert set(SECTIONS.values()) < set(shown)
    assert "Trust in Kensington and Chelsea over time" in shown
    for picture in visit.pictures:
        assert picture.alt.endswith(".")
    one = Visit(PAGE, WHOLE | {"borough": "Kensington and Chelsea", "tab": "how_sure"})
    assert [item.value for item in one.at.header] == [SECTIONS[STANDS_OUT]]
    assert not one.pictures, "what is closed is not worked out"


def test_link_to_a_district_elsewhere_leads_to_its_page() -> None:
    visit = Visit(PAGE, {"borough": "coventry"})
    assert text.ELSEWHERE.format(district="Coventry") in [item.value for item in visit.at.markdown]
    assert "Coventry and its neighbourhoods" in [link.proto.label for link in visit.at.get("page_link")]
