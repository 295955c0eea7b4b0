"""The page of shares and rates: the study, and forces that were built."""

from pathlib import Path
from typing import Any

import pytest

from core.app.crime_places import places
from core.app.sections.crime_common import LsoaView, PlaceView
from core.app.sections.crime_rates import RatesView
from core.build.street_crime import build_street_crime
from core.crime import text as crime_text
from core.crime.area import BICYCLE_THEFT, WITHOUT_ASB
from core.crime.district_rates import district_shares
from core.crime.geography.rate_map import RateKind, lsoa_map_data
from core.crime.loaders import UNAVAILABLE
from core.crime.lsoa_rates import lsoa_rates
from core.crime.places import STUDY_AREA
from core.crime.rates import text as rates_text
from core.crime.rates.figures import picked_table, top_table
from core.crime.text import Scope
from core.questions.links import to_query
from tests.pages.test_crime_types import FORCES, ONE_DISTRICT, TWO_DISTRICTS, generated_force, offered_from
from tests.pages.visiting import WHOLE, Visit

PAGE = "crime_rates"
CITY = "E01033620"  # Birmingham 138A
LINK = (
    {"place": STUDY_AREA, "district": "Birmingham"}
    | to_query(RatesView("Vehicle crime", "2011"))
    | to_query(LsoaView("shrunk", "shades", ("district centre", "acute hospital"), CITY))
)
BAD = {
    "place": "atlantis",
    "district": "Camden",
    "crime_type": "Piracy",
    "population": "1066",
    "figure": "mood",
    "style": "cubist",
    "mark": "pubs",
    "lsoa": "<script>alert(1)</script>",
}


def visit(**query: str) -> Visit:
    return Visit(PAGE, WHOLE | query)


def consistent(page: Visit) -> Visit:
    """Assert that widgets, address, answer, map and table say the same, on the figures of the place shown."""
    page.agrees("PlaceView", "RatesView", "LsoaView")
    place, view, shown = (page.view(name) for name in ("PlaceView", "RatesView", "LsoaView"))
    area = places.load_place(place.place).area
    for name, value in {"district": place.district, "crime_type": view.crime_type, **vars(shown)}.items():
        if page.has(name):
            assert page.value(name) == (list(value) if name == "mark" else value)
    scope = Scope(area.name, area.period, view.crime_type)
    rates = lsoa_rates(area, view.crime_type)
    shares = district_shares(area, view.crime_type)
    assert page.answer == rates_text.answer(shares, rates, scope, place.district, view.population)
    figure: RateKind = "records" if shown.style == "heat" else shown.figure
    on_map = lsoa_map_data(area, rates, view.crime_type, figure, district=place.district)
    assert on_map.finding in [item.value for item in page.at.subheader]
    assert any(f"{on_map.finding}." in picture.alt for picture in page.pictures)
    top = top_table(rates, shown.figure, place.district)
    assert page.table("Rank by smoothed rate", "LSOA code")["LSOA"].tolist() == top["LSOA"].tolist()
    return page


def headers(page: Visit) -> list[str]:
    return [item.value for item in page.at.header]


def said(page: Visit) -> str:
    return "\n".join(item.value for kind in ("markdown", "caption") for item in getattr(page.at, kind))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, ...], Path]:
    return {
        districts: generated_force(tmp_path_factory.mktemp("force"), districts)
        for districts in (ONE_DISTRICT, TWO_DISTRICTS)
    }


@pytest.fixture
def two_districts(built: dict[tuple[str, ...], Path], monkeypatch: pytest.MonkeyPatch) -> str:
    offered_from(built[TWO_DISTRICTS], monkeypatch)
    return FORCES[TWO_DISTRICTS]


@pytest.fixture
def one_district(built: dict[tuple[str, ...], Path], monkeypatch: pytest.MonkeyPatch) -> str:
    offered_from(built[ONE_DISTRICT], monkeypatch)
    return FORCES[ONE_DISTRICT]


def test_rates_page_opens_with_all_crime_and_caveats() -> None:
    page = consistent(visit())
    assert (page.view("PlaceView"), page.view("RatesView")) == (PlaceView(), RatesView())
    assert page.answer.startswith("Birmingham has more than its share of recorded crime (1.13 times, ")
    assert said(page).count(crime_text.AREAS_NOT_PEOPLE) == 1
    assert rates_text.FOOTFALL in said(page)
    assert page.value("place") == STUDY_AREA
    assert headers(page)[:2] == ["Districts", "Small areas"]
    assert len(page.pictures) == 2 + 1 + 2 + 4 + 1


@pytest.mark.parametrize(
    ("choice", "answers"),
    [
        ({"district": "Dudley"}, True),
        ({"crime_type": "Vehicle crime"}, True),
        ({"population": "2011"}, True),
        ({"figure": "records"}, False),
        ({"figure": "shrunk"}, False),
        ({"style": "heat"}, False),
        ({"mark": ["district centre"]}, False),
        ({"lsoa": CITY}, False),
    ],
    ids=str,
)
def test_rates_page_choice_changes_its_link_value_and_answer(choice: dict[str, Any], answers: bool) -> None:
    page = visit()
    answer, query = page.answer, page.query
    consistent(page.set(**choice))
    assert (page.answer != answer) == answers
    assert {name for name in query if query[name] != page.query[name]} == set(choice)
    assert Visit(PAGE, page.query).query == page.query


def test_picked_lsoa_shows_its_figures_and_outline() -> None:
    page = visit()
    assert "Your chosen small area" in headers(page)
    consistent(page.set(lsoa=CITY))
    assert "Birmingham 138A" in headers(page)
    area = places.load_place(STUDY_AREA).area
    (table,) = [item.value for item in page.at.table]
    assert table.to_numpy().tolist() == picked_table(area, lsoa_rates(area, WITHOUT_ASB), CITY).to_numpy().tolist()
    (deck,) = [picture for picture in page.pictures if hasattr(picture, "json")]
    assert '"id":"picked"' in deck.json


def test_rates_page_of_district_lists_only_its_lsoas() -> None:
    page = consistent(visit(district="Walsall"))
    assert len(page.widget("lsoa").options) == 1 + 167
    assert "The 10 highest by rate, Walsall" in headers(page)
    consistent(page.set(lsoa=page.widget("lsoa").options[5] and "E01010368"))
    consistent(page.set(district="Dudley"))
    assert page.value("lsoa") == ""


def test_rates_page_link_restores_every_choice() -> None:
    page = consistent(Visit(PAGE, LINK))
    assert not page.at.info
    assert {name: page.query[name] for name in LINK} == LINK
    page.go("data").go(PAGE)
    assert {name: consistent(page).query[name] for name in LINK} == LINK


def test_rates_page_link_after_rerun_is_unchanged() -> None:
    page = visit(crime_type=BICYCLE_THEFT, style="heat")
    query = page.query
    assert page.run().query == query
    assert Visit(PAGE, query).query == query


def test_rates_page_with_bad_link_shows_notices_and_defaults() -> None:
    page = consistent(visit(**BAD))
    sentence = " ".join(notice.value for notice in page.at.info)
    for name, value in BAD.items():
        assert value in sentence
        assert f" as {name.replace('_', ' ')}," in sentence
    assert (page.view("PlaceView"), page.view("RatesView")) == (PlaceView(), RatesView())
    assert page.view("LsoaView") == LsoaView()
    assert not page.run().at.info


def test_rates_page_of_force_lacks_places_and_2011_residents(two_districts: str) -> None:
    page = consistent(visit(place=two_districts))
    offered = list(page.widget("place").options)
    assert (offered[0], offered[-1]) == ("West Midlands, 2019", "Leicestershire, March 2018")
    assert page.widget("district").options == ["All districts", "Melton", "Rutland"]
    assert not page.has("population")
    assert not page.has("mark")
    for part in ("places", "residents_2011"):
        assert UNAVAILABLE[part] in said(page)
    assert "How far from centres, campuses and hospitals?" in headers(page)
    assert len(page.pictures) == 2 + 1 + 2 + 1
    consistent(page.set(crime_type="Burglary", district="Melton"))
    consistent(page.set(lsoa=places.load_place(two_districts).area.lsoas["lsoa11_code"].iloc[0]))


def test_rates_page_of_one_district_describes_its_lsoas(one_district: str) -> None:
    page = consistent(visit(place=one_district))
    assert page.answer.startswith("City of London is one district; of its LSOAs City of London 001")
    assert "Districts" not in headers(page)
    assert "The 6 highest by rate" in headers(page)
    consistent(page.set(style="heat"))
    consistent(page.set(crime_type=BICYCLE_THEFT))


def test_rates_page_place_change_retains_available_choices(two_districts: str) -> None:
    page = visit(district="Coventry", crime_type="Vehicle crime", population="2011", mark="acute hospital", lsoa=CITY)
    consistent(page.set(place=two_districts))
    assert page.view("PlaceView") == PlaceView(two_districts)
    assert page.view("RatesView") == RatesView("Vehicle crime")
    assert page.view("LsoaView").lsoa == ""
    consistent(page.set(crime_type="Shoplifting"))
    consistent(page.set(place=STUDY_AREA))
    assert page.view("RatesView").crime_type == WITHOUT_ASB


def test_rates_page_with_damaged_folder_warns_and_shows_study(
    built: dict[tuple[str, ...], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in built[ONE_DISTRICT].iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes()[:-20])
    offered_from(tmp_path, monkeypatch)
    page = consistent(visit())
    (warning,) = page.at.warning
    assert "build it with" in warning.value
    assert page.value("place") == STUDY_AREA


@pytest.mark.sources
@pytest.mark.parametrize(
    ("force", "name", "districts"),
    [("south-yorkshire", "South Yorkshire", 4), ("city-of-london", "City of London", 1)],
)
def test_rates_page_with_published_download_is_consistent(
    force: str, name: str, districts: int, sources_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_street_crime(sources_dir / "street_crime" / f"{force}-2018.zip", tmp_path / "built")
    offered_from(tmp_path / "built", monkeypatch)
    page = consistent(visit(place=force))
    assert f"{name}, 2018" in page.widget("place").options
    assert len(page.widget("district").options) == 1 + districts
    consistent(page.set(crime_type="Robbery"))
    consistent(page.set(figure="shrunk", district=page.widget("district").options[1]))
