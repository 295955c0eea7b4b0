"""The crime pages for places of 2025: each shows them, a visit stays with the place chosen last, links say which."""

import pytest

from core.crime.places import STUDY_AREA
from core.crime.today import LONDON, PREFIX
from tests.pages.visiting import WHOLE, Visit

WARWICKSHIRE = f"{PREFIX}warwickshire"
PAGES = ("crime_deprivation", "crime_rates", "crime_types", "crime_bicycle_theft")


def said(visit: Visit) -> str:
    texts = [*visit.at.caption, *visit.at.markdown, *visit.at.subheader]
    bodies = [item.proto.body for item in visit.at.get("html")]
    return " ".join([*(item.value for item in texts), *bodies])


@pytest.mark.parametrize("page", PAGES)
def test_page_for_a_force_of_2025_says_which_census_and_index(page: str) -> None:
    visit = Visit(page, WHOLE | {"place": WARWICKSHIRE})
    assert visit.query["place"] == WARWICKSHIRE
    assert "Warwickshire" in said(visit)
    assert "those of the 2021 census, deprivation is that of 2025, residents are those of mid-2022" in said(visit)
    assert "2019" not in said(visit).replace("mid-2019 or", "")


@pytest.mark.parametrize("page", PAGES)
def test_page_for_london_works_in_its_own_categories(page: str) -> None:
    visit = Visit(page, WHOLE | {"place": LONDON})
    assert visit.query["place"] == LONDON
    assert len(visit.at.title) == 1


def test_visit_stays_with_the_place_chosen_last_and_a_link_decides() -> None:
    visit = Visit("crime_rates")
    assert visit.query["place"] == STUDY_AREA
    visit.set(place=WARWICKSHIRE)
    assert visit.go("crime_types").query["place"] == WARWICKSHIRE
    visit.set(place=STUDY_AREA)
    assert visit.go("crime_rates").query["place"] == STUDY_AREA
    assert visit.go("crime_rates", {"place": WARWICKSHIRE, "v": "1"}).query["place"] == WARWICKSHIRE
