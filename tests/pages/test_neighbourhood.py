"""The page of one neighbourhood: found in each way, remembered, in the link, and its sections once open."""

import pytest

from core.app.layers import EVERYTHING, HOW_SURE
from core.app.sections.neighbourhood import OPENED, TYPES_TAB
from core.crime.neighbourhood import text
from core.crime.neighbourhood.analysis import all_crime
from core.crime.neighbourhood.question import PAGE, TITLE, Comparison
from core.crime.neighbourhood.tables import force_neighbourhoods
from core.tables.catalogue import Catalogue
from tests.pages.visiting import WHOLE, Visit

CENTRE, DISTRICT = "E01033543", "Newcastle upon Tyne"
LONDONER = "E01003189"


def test_page_of_a_neighbourhood_answers_for_it(catalogue: Catalogue) -> None:
    visit = Visit(PAGE, {"lsoa": CENTRE}).agrees("NeighbourhoodView", "LayerView")
    force = force_neighbourhoods("2025-northumbria", catalogue)
    assert visit.at.title[0].value == text.question("Monument (Newcastle upon Tyne 036C)")
    assert visit.answer == text.answer(force, CENTRE, all_crime(force, CENTRE, Comparison()))
    assert any(item.value.startswith(text.CENTRE) for item in visit.at.caption)
    assert len(visit.at.metric) == 3
    assert any(item.value.endswith(text.source(force)) for item in visit.at.code)
    assert len(Visit(PAGE, {"lsoa": CENTRE}, closed=True).pictures) == 1, "what is closed is not worked out"
    assert visit.value("district") == visit.query["district"] == DISTRICT


def test_page_without_a_neighbourhood_asks_for_a_district_then_shows_its_map() -> None:
    visit = Visit(PAGE, summary=True).agrees("NeighbourhoodView", "LayerView")
    assert visit.at.title[0].value == TITLE
    (england,) = visit.pictures
    visit.set(district=DISTRICT)
    (district,) = visit.pictures
    assert district != england
    visit.set(lsoa=CENTRE)
    assert "Monument" in visit.answer
    visit.set(district="Gateshead")
    assert visit.query["lsoa"] == ""
    assert visit.at.title[0].value == TITLE


def test_search_offers_wards_and_a_click_opens_one() -> None:
    visit = Visit(PAGE, summary=True)
    visit.at.text_input(f"{PAGE}.find").set_value("jesmond")
    visit.run()
    (button,) = [each for each in visit.at.button if each.label == "North Jesmond, Newcastle upon Tyne"]
    button.click()
    visit.run()
    assert "North Jesmond" in visit.answer
    assert visit.query["district"] == DISTRICT
    assert not visit.at.text_input(f"{PAGE}.find").value


def test_link_with_a_name_searches_for_it() -> None:
    visit = Visit(PAGE, {"find": "Earlsdon"})
    assert visit.at.text_input(f"{PAGE}.find").value == "Earlsdon"
    assert any("Earlsdon" in button.label for button in visit.at.button)
    assert text.ONE_FOUND in [item.value for item in visit.at.markdown]


def test_search_offers_districts_first_and_tells_postcodes_apart() -> None:
    visit = Visit(PAGE, {"find": "newcastle"})
    names = [each.label for each in visit.at.button]
    assert names.index("Newcastle upon Tyne") < names.index(next(name for name in names if ", Newcastle" in name))
    assert "Newcastle-under-Lyme" in names
    assert text.ONE_FOUND not in [item.value for item in visit.at.markdown]
    assert text.MORE_FOUND in [item.value for item in visit.at.caption]
    next(each for each in visit.at.button if each.label == "Newcastle upon Tyne").click()
    assert visit.run().value("district") == DISTRICT
    postcode = Visit(PAGE, {"find": "NE1 4ST"})
    assert text.POSTCODE in [item.value for item in postcode.at.caption]


def test_search_for_nothing_known_says_so() -> None:
    visit = Visit(PAGE, summary=True)
    visit.at.text_input(f"{PAGE}.find").set_value("Atlantis")
    visit.run()
    assert text.NOTHING_FOUND in [item.value for item in visit.at.caption]


def test_district_without_figures_says_whose_are_missing() -> None:
    visit = Visit(PAGE, {"district": "Coventry"})
    assert text.without_figures("Coventry", "West Midlands") in [item.value for item in visit.at.markdown]
    assert not visit.has("lsoa")
    assert "Coventry in the data of the West Midlands, 2019" in [link.proto.label for link in visit.at.get("page_link")]
    elsewhere = Visit(PAGE, {"district": "Leeds"})
    assert not any("in the data of" in link.proto.label for link in elsewhere.at.get("page_link"))


def test_neighbourhood_of_a_force_without_figures_is_not_shown() -> None:
    visit = Visit(PAGE, {"lsoa": "E01009642"})
    assert visit.at.title[0].value == TITLE
    assert visit.query["lsoa"] == ""


def test_page_remembers_the_neighbourhood_in_the_visit() -> None:
    visit = Visit(PAGE, {"lsoa": CENTRE}).go("glossary").go(PAGE)
    assert "Monument" in visit.answer


def test_page_begins_in_the_borough_chosen_elsewhere_and_hands_its_own_back() -> None:
    visit = Visit("borough", {"borough": "Brent"}).go(PAGE)
    assert visit.value("district") == "Brent"
    visit.go(PAGE, {"lsoa": LONDONER}).go("borough")
    assert visit.value("borough") == "Lewisham"


@pytest.mark.parametrize("query", [{"lsoa": "E0"}, {"district": "Atlantis"}, {"district": "Gateshead", "lsoa": "<b>"}])
def test_link_with_a_wrong_name_says_so(query: dict[str, str]) -> None:
    visit = Visit(PAGE, query)
    assert "not offered here" in visit.at.info[0].value
    assert visit.at.title[0].value == TITLE


def test_neighbourhood_goes_before_a_district_that_is_not_its_own() -> None:
    visit = Visit(PAGE, {"district": "Gateshead", "lsoa": CENTRE})
    assert visit.query["district"] == DISTRICT


@pytest.mark.parametrize("lsoa", [CENTRE, LONDONER, "E01000002"])
@pytest.mark.parametrize("section", OPENED)
def test_section_is_worked_out_once_it_is_open(section: str, lsoa: str) -> None:
    visit = Visit(PAGE, {"lsoa": lsoa}, closed=True)
    closed = len(visit.at.markdown) + len(visit.at.subheader) + len(visit.pictures) + len(visit.at.dataframe)
    visit.at.session_state[f"{PAGE}.open.{section}"] = True
    visit.run()
    opened = len(visit.at.markdown) + len(visit.at.subheader) + len(visit.pictures) + len(visit.at.dataframe)
    assert opened > closed
    for picture in visit.pictures:
        assert picture.alt.endswith(".")


def test_places_of_a_londoner_are_of_london_alone() -> None:
    among = {}
    for lsoa in (LONDONER, CENTRE):
        visit = Visit(PAGE, {"lsoa": lsoa})
        visit.at.session_state[f"{PAGE}.open.places"] = True
        among[lsoa] = visit.run().table("Among", "Place by crime per resident")["Among"].tolist()
    assert among[LONDONER] == ["Lewisham", "London"]
    assert among[CENTRE][:2] == [DISTRICT, "Northumbria"]
    assert among[CENTRE][2].startswith("England, ")


@pytest.mark.parametrize(
    ("page", "query"), [("borough", {"borough": "Lewisham"}), ("england", {"district": "E08000021"})]
)
def test_other_pages_lead_to_the_neighbourhoods_of_their_district(page: str, query: dict[str, str]) -> None:
    visit = Visit(page, query | WHOLE)
    links = [item.proto for item in visit.at.get("page_link")]
    (link,) = [each for each in links if each.page.endswith(PAGE)]
    assert query.get("borough", DISTRICT).replace(" ", "+") in link.query_string


def test_analyst_sees_every_part_and_changes_what_it_is_compared_with() -> None:
    visit = Visit(PAGE, {"lsoa": LONDONER, "layer": "analysts", "tab": EVERYTHING})
    visit.agrees("NeighbourhoodView", "LayerView", "Comparison")
    headings = [item.value for item in visit.at.header]
    assert set(OPENED.values()) < set(headings)
    before = visit.table("Type", "Usual number")["Usual number"].tolist()
    visit.set(nearest=50)
    assert visit.table("Type", "Usual number")["Usual number"].tolist() != before
    assert visit.query["nearest"] == "50"
    again = Visit(PAGE, visit.query)
    assert again.value("nearest") == 50
    assert again.answer == visit.answer


@pytest.mark.parametrize(("tab", "heading"), [(TYPES_TAB, "Crime by type"), (HOW_SURE, "What to bear in mind")])
def test_tab_shows_its_own_sections_alone(tab: str, heading: str) -> None:
    visit = Visit(PAGE, {"lsoa": CENTRE, "layer": "analysts", "tab": tab})
    assert heading in [item.value for item in visit.at.header]
    assert len([item for item in visit.at.header if item.value in ("Crime by type", "What to bear in mind")]) == 1


def test_summary_keeps_to_the_comparison_that_it_states() -> None:
    query = {"lsoa": CENTRE, "layer": "analysts", "tab": HOW_SURE, "nearest": "50"}
    visit = Visit(PAGE, query).set(layer="summary")
    assert visit.answer == Visit(PAGE, {"lsoa": CENTRE}).answer
    assert "nearest" not in visit.query


def test_files_of_a_neighbourhood_have_its_name() -> None:
    visit = Visit("neighbourhood", {"district": "East Suffolk", "lsoa": "E01030179"})
    files = [str(item.proto.id) for item in visit.at.get("download_button")]
    assert any("neighbourhood_kesgrave_east_suffolk_" in file and "_briefing" in file for file in files)
