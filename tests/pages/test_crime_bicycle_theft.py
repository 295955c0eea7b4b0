"""The page of bicycle theft: the study, and forces that were built."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core.app import cache
from core.app.crime_places import places as app_places
from core.app.sections.crime_bicycle_theft import START, BicycleView
from core.app.sections.crime_common import LsoaView, PlaceView
from core.build.street_crime import build_street_crime
from core.crime import places
from core.crime import text as crime_text
from core.crime.area import BICYCLE_THEFT, CrimeArea
from core.crime.bicycle_theft import text as bicycle_theft_text
from core.crime.bicycle_theft.figures import campus_bands
from core.crime.district_rates import district_shares
from core.crime.geography.rate_map import BASES, RateKind, lsoa_map_data
from core.crime.loaders import UNAVAILABLE
from core.crime.lsoa_rates import lsoa_rates
from core.crime.places import STUDY_AREA
from core.questions.links import to_query
from core.sources.small_areas.places import UNIVERSITY
from tests.pages.test_crime_types import FORCES, ONE_DISTRICT, TWO_DISTRICTS, generated_force, offered_from
from tests.pages.visiting import WHOLE, Visit

PAGE = "crime_bicycle_theft"
CAMPUS = "E01033631"  # Birmingham 079F
LINK = (
    {"place": STUDY_AREA, "district": "Coventry"}
    | to_query(BicycleView("records"))
    | to_query(LsoaView("rate", "heat", (UNIVERSITY, "acute hospital"), "E01009642"))
)
BAD = {"place": "atlantis", "district": "Camden", "per": "bicycles", "figure": "mood", "style": "x", "lsoa": "here"}


def visit(**query: str) -> Visit:
    return Visit(PAGE, WHOLE | query)


def consistent(page: Visit) -> Visit:
    """Assert that widgets, address, answer, map and table say the same, on the figures of the place shown."""
    page.agrees("PlaceView", "BicycleView", "LsoaView")
    place, view, shown = (page.view(name) for name in ("PlaceView", "BicycleView", "LsoaView"))
    area = app_places.load_place(place.place).area
    for name, value in {"district": place.district, "per": view.per, **vars(shown)}.items():
        if page.has(name):
            assert page.value(name) == (list(value) if name == "mark" else value)
    bands = campus_bands(area) if "places" not in area.missing else None
    shares = district_shares(area, BICYCLE_THEFT)
    assert page.answer == bicycle_theft_text.answer(lsoa_rates(area, BICYCLE_THEFT), shares, bands, area.period)
    rates = lsoa_rates(area, BICYCLE_THEFT, view.per)
    figure: RateKind = "records" if shown.style == "heat" else shown.figure
    on_map = lsoa_map_data(area, rates, BICYCLE_THEFT, figure, view.per, place.district)
    assert on_map.finding in [item.value for item in page.at.subheader]
    own = rates[rates["district"] == place.district] if place.district else rates
    assert bicycle_theft_text.clear_areas(own, len(rates)) in said(page)
    table = page.table("Rank by smoothed rate", BASES[view.per].capitalize())
    assert set(table["LSOA"]) == {*own["LSOA"].head(10), *own["LSOA"].tail(10)}
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


def test_bicycle_theft_page_opens_with_shrunk_rates_and_campuses() -> None:
    page = consistent(visit())
    assert page.view("LsoaView") == START
    assert page.answer.startswith("Away from universities. Under 0.5")
    for text in (crime_text.AREAS_NOT_PEOPLE, bicycle_theft_text.NO_BICYCLES):
        assert said(page).count(text) == 1
    assert headers(page) == [
        "Your chosen small area",
        "How far from a campus?",
        "Districts",
        "The safest and the worst LSOAs",
        "No theft is not the same as safe",
        "What the data cannot show",
    ]
    assert len(page.pictures) == 1 + 2 + 1 + 2


@pytest.mark.parametrize(
    "choice",
    [
        {"district": "Dudley"},
        {"per": "records"},
        {"figure": "rate"},
        {"style": "heat"},
        {"mark": []},
        {"lsoa": CAMPUS},
    ],
    ids=str,
)
def test_bicycle_theft_page_choice_changes_only_its_own_link_value(choice: dict[str, Any]) -> None:
    page = visit()
    query = page.query
    consistent(page.set(**choice))
    assert {name for name in query if query[name] != page.query[name]} == set(choice)
    assert Visit(PAGE, page.query).query == page.query


def test_bicycle_theft_page_divides_by_residents_or_records() -> None:
    page = visit()
    residents = said(page)
    consistent(page.set(per="records"))
    assert said(page) != residents
    assert "records of all types or fewer" in said(page)
    consistent(page.set(per="residents"))
    assert said(page) == residents


def test_picked_lsoa_shows_records_and_nearest_campus() -> None:
    page = consistent(visit().set(lsoa=CAMPUS))
    assert "Birmingham 079F" in headers(page)
    (table,) = [item.value for item in page.at.table]
    rows = dict(table.to_numpy().tolist())
    assert rows["Records"] == "173"
    assert rows[f"Nearest {UNIVERSITY}"].startswith("University of Birmingham, ")


def test_bicycle_theft_page_link_restores_every_choice() -> None:
    page = consistent(Visit(PAGE, LINK))
    assert not page.at.info
    assert {name: page.query[name] for name in LINK} == LINK
    page.go("data").go(PAGE)
    assert {name: consistent(page).query[name] for name in LINK} == LINK


def test_bicycle_theft_page_with_bad_link_shows_notices_and_defaults() -> None:
    page = consistent(visit(**BAD))
    sentence = " ".join(notice.value for notice in page.at.info)
    for name, value in BAD.items():
        assert value in sentence
        assert f" as {name}," in sentence
    assert (page.view("PlaceView"), page.view("BicycleView"), page.view("LsoaView")) == (
        PlaceView(),
        BicycleView(),
        START,
    )
    assert not page.run().at.info


@pytest.mark.parametrize("districts", [ONE_DISTRICT, TWO_DISTRICTS])
def test_bicycle_theft_page_of_force_has_no_campuses(
    districts: tuple[str, ...], built: dict[tuple[str, ...], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    offered_from(built[districts], monkeypatch)
    page = consistent(visit(place=FORCES[districts]))
    assert UNAVAILABLE["places"] in said(page)
    assert not page.has("mark")
    assert "How far from a campus?" in headers(page)
    assert ("Districts" in headers(page)) == (len(districts) > 1)
    consistent(page.set(per="records", style="heat"))
    consistent(page.set(place=STUDY_AREA))
    assert page.view("LsoaView").mark == ()


def test_bicycle_theft_page_without_such_records_says_so(
    built: dict[tuple[str, ...], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    offered_from(built[TWO_DISTRICTS], monkeypatch)
    whole = partial(places.place, folder=built[TWO_DISTRICTS])

    def without(name: str, **options: Any) -> CrimeArea:
        area = whole(name, **options)
        counts = area.counts[area.counts["crime_type"] != BICYCLE_THEFT]
        return area if name == STUDY_AREA else replace(area, counts=counts)

    monkeypatch.setattr(app_places, "place", without)
    cache.clear()
    page = visit(place=FORCES[TWO_DISTRICTS]).agrees("PlaceView")
    assert page.answer == bicycle_theft_text.TOO_FEW_COLUMNS
    assert not page.pictures
    consistent(page.set(place=STUDY_AREA))
    cache.clear()


@pytest.mark.sources
@pytest.mark.parametrize("force", ["south-yorkshire", "city-of-london"])
def test_bicycle_theft_page_with_published_download_is_consistent(
    force: str, sources_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_street_crime(sources_dir / "street_crime" / f"{force}-2018.zip", tmp_path / "built")
    offered_from(tmp_path / "built", monkeypatch)
    page = consistent(visit(place=force))
    consistent(page.set(figure="records", per="records"))
    consistent(page.set(district=page.widget("district").options[1]))
