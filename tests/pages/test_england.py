"""The page on all of England: each choice changes the answer and the link, and a link opens the same view."""

import pytest

from core.crime.england.question import EnglandSpec
from tests.pages.visiting import WHOLE, Visit


def answer(visit: Visit) -> str:
    return next(str(item.proto.body) for item in visit.at.get("html") if "1.3rem" in item.proto.body)


@pytest.fixture(scope="module")
def start() -> Visit:
    return Visit("england")


def test_start_answers_and_shows_how_firm_that_is(start: Visit) -> None:
    assert "Yes, in all 32 police forces" in answer(start)
    assert any(item.value.startswith(":blue-badge[Clear] On average over forces") for item in start.at.markdown)
    assert start.query["crime_type"] == EnglandSpec().crime_type


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("crime_type", "Robbery"),
        ("score", "imd25_income_score"),
        ("residents", "with_young"),
        ("fifths", "ltla24_name"),
        ("weights", "equal"),
        ("busiest", False),
    ],
)
def test_choice_changes_answer_and_link_which_opens_the_same_view(start: Visit, name: str, value: object) -> None:
    visit = Visit("england")
    visit.set(**{name: value})
    assert answer(visit) != answer(start)
    assert visit.query[name] == ("no" if value is False else value)
    assert answer(Visit("england", visit.query)) == answer(visit)


def test_errors_change_the_table_of_forces(start: Visit) -> None:
    before = start.table("Police force", "Records")
    after = Visit("england").set(errors="independent").table("Police force", "Records")
    assert before["Times the rate"][:32].equals(after["Times the rate"][:32])  # the average weighs by the errors
    assert not before["95% interval from"].equals(after["95% interval from"])


def test_link_to_a_district_shows_the_map_of_its_neighbourhoods() -> None:
    visit = Visit("england", WHOLE | {"district": "E06000001"})
    assert any(item.value == "Neighbourhoods of Hartlepool" for item in visit.at.subheader)
    assert len(visit.at.get("deck_gl_json_chart")) == 2


def test_district_without_figures_says_so() -> None:
    visit = Visit("england", WHOLE | {"district": "E08000025"})
    assert any("no full year of street-level figures for Birmingham" in item.value for item in visit.at.caption)


def test_link_with_unknown_values_is_answered_with_a_notice() -> None:
    visit = Visit("england", {"score": "astrology", "crime_type": "Piracy"})
    assert len(visit.at.info) == 1
    assert visit.query["score"] == EnglandSpec().score


def test_summary_answers_for_england() -> None:
    visit = Visit("england", summary=True).agrees("LayerView", "EnglandMapView")
    assert visit.answer.startswith("Yes: in all 32 police forces")
    assert any("-badge[Clear]" in item.value for item in visit.at.markdown)
    assert len(visit.at.metric) == 3
    assert len(visit.pictures) == 1
    assert not visit.has("crime_type")


@pytest.mark.parametrize(
    ("code", "says", "force", "pictures"),
    [
        ("E06000001", "Hartlepool records ", "; Cleveland's most deprived fifth records ", 1),
        ("Hartlepool", "Hartlepool records ", "; Cleveland's most deprived fifth records ", 1),
        ("E08000025", "Birmingham has no full year", "; in all 32 police forces", 0),
    ],
)
def test_summary_of_a_district_speaks_of_it_and_of_its_force(code: str, says: str, force: str, pictures: int) -> None:
    visit = Visit("england", {"district": code})
    assert visit.value("layer") == "summary"
    assert visit.answer.startswith(says)
    assert force in visit.answer
    assert len(visit.at.get("deck_gl_json_chart")) == pictures
    assert any(item.value.startswith("By neighbourhood, from ") for item in visit.at.subheader) == bool(pictures)
    assert visit.query["district"].startswith("E0")  # names may change, codes do not
    assert not visit.at.info
    name = visit.answer.split()[0].lower()
    assert any(f"html.england_{name}_briefing" in str(item.proto.id) for item in visit.at.get("download_button"))


@pytest.mark.parametrize(("district", "older"), [("Coventry", True), ("Leeds", False)])
def test_summary_of_a_district_without_figures_has_england_s_picture_and_no_verdict(district: str, older: bool) -> None:
    visit = Visit("england", {"district": district})
    assert len(visit.at.get("vega_lite_chart")) == 1
    assert any("-badge[Cannot tell]" in item.value for item in visit.at.markdown)
    links = [link.proto.label for link in visit.at.get("page_link")]
    assert (f"{district} in the data of the West Midlands, 2019" in links) == older
