"""The page of crime types: the study, and forces that were built."""

from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from core.app.crime_places import places as app_places
from core.build.street_crime import build_street_crime
from core.crime import places
from core.crime.area import EVERYWHERE, LOW, LOW_SCORE, NOT_LOW, WITHOUT_ASB
from core.crime.loaders import west_midlands
from core.crime.places import STUDY_AREA
from core.crime.text import ONE_DISTRICT as NO_OTHER
from core.crime.types import text as wording
from core.crime.types.design_effects import area_differences, district_quotients, typed_compositions
from core.crime.types.view import TypesView, offer
from core.questions.links import to_query
from tests.pages.visiting import WHOLE, Visit
from tests.sources.police.generated import made_up_download

PAGE = "crime_types"
ONE_DISTRICT, TWO_DISTRICTS = ("City of London",), ("Rutland", "Melton")
FORCES = {ONE_DISTRICT: "city-of-london", TWO_DISTRICTS: "leicestershire"}
LINK = {"place": STUDY_AREA, "district": "Coventry"} | to_query(TypesView("Bicycle theft", "Solihull 009A", LOW))
BAD = {"place": "atlantis", "district": "Camden", "crime_type": "Piracy", "one": "Here", "other": "<b>There</b>"}


def visit(**query: str) -> Visit:
    return Visit(PAGE, WHOLE | query)


def view_of(page: Visit) -> TypesView:
    view = page.view("TypesView")
    assert isinstance(view, TypesView)
    return view


def titles(page: Visit) -> list[str]:
    return [item.value for item in page.at.subheader]


def consistent(page: Visit) -> Visit:
    """Assert that widgets, address, answer and titles say the same, on the figures of the place shown."""
    view = view_of(page.agrees("PlaceView", "TypesView"))
    place = page.view("PlaceView")
    area = app_places.load_place(place.place).area
    table, quotients = typed_compositions(area, total=view.total), district_quotients(area, view.total)
    assert view == offer(area, view.total).complete(view)
    assert (page.value("one"), page.value("other")) == (view.one, view.other)
    assert page.value("district") == place.district
    assert page.answer == wording.answer(table, quotients, place.district)
    compared = area_differences(area, view.one, view.other, view.total)
    assert wording.pair_finding(compared, view.one, view.other) in titles(page)
    if page.has("crime_type"):
        assert page.value("crime_type") == view.crime_type
        assert any(title.startswith(f"{view.crime_type}: ") for title in titles(page))
    assert titles(page)[0].startswith(f"{wording.shown_area(quotients, place.district)}: ")
    return page


def generated_force(folder: Path, districts: tuple[str, ...]) -> Path:
    """Street crime of the force of `districts`, with records in each of their LSOAs, built as a download would be."""
    build_street_crime(made_up_download(folder / "download.zip", districts, FORCES[districts]), folder / "built")
    return folder / "built"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, ...], Path]:
    return {
        districts: generated_force(tmp_path_factory.mktemp("force"), districts)
        for districts in (ONE_DISTRICT, TWO_DISTRICTS)
    }


def offered_from(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the crime pages offer the forces that were built into `folder`."""
    monkeypatch.setattr(app_places, "FOLDER", folder)
    for name in ("choices", "place"):
        monkeypatch.setattr(app_places, name, partial(getattr(places, name), folder=folder))


@pytest.fixture
def two_districts(built: dict[tuple[str, ...], Path], monkeypatch: pytest.MonkeyPatch) -> str:
    offered_from(built[TWO_DISTRICTS], monkeypatch)
    return FORCES[TWO_DISTRICTS]


@pytest.fixture
def one_district(built: dict[tuple[str, ...], Path], monkeypatch: pytest.MonkeyPatch) -> str:
    offered_from(built[ONE_DISTRICT], monkeypatch)
    return FORCES[ONE_DISTRICT]


def test_types_page_opens_with_all_districts_and_every_section() -> None:
    page = consistent(visit())
    assert view_of(page) == offer(west_midlands()).complete(TypesView())
    assert page.answer.startswith("The largest type in every district is violence and sexual offences")
    for header in ("One type in every district", "What stands out where", "Two areas compared"):
        assert header in [item.value for item in page.at.header]
    assert len(page.pictures) == 1 + 1 + 2 + 2 + 2 + 2


@pytest.mark.parametrize(
    ("choice", "changes"),
    [
        ({"district": "Dudley"}, {"composition", "quotients", "answer"}),
        ({"crime_type": "Drugs"}, {"type"}),
        ({"one": "Walsall"}, {"pair"}),
        ({"other": LOW}, {"pair"}),
    ],
    ids=lambda value: "-".join(sorted(value)),
)
def test_types_page_choice_changes_only_its_part_and_link(choice: dict[str, Any], changes: set[str]) -> None:
    page = visit()
    names = ("composition", "type", "quotients", "all_quotients", "pair", "low_score", "published")
    before, query = {**dict(zip(names, titles(page), strict=True)), "answer": page.answer}, page.query
    consistent(page.set(**choice))
    after = {**dict(zip(names, titles(page), strict=True)), "answer": page.answer}
    assert {name for name in before if before[name] != after[name]} == changes
    assert {name for name in query if query[name] != page.query[name]} == set(choice)


def test_types_page_second_area_always_differs_from_first() -> None:
    page = consistent(visit(one="Dudley", other="Solihull"))
    assert "Dudley" not in page.widget("other").options
    consistent(page.set(one="Solihull"))
    assert view_of(page) == TypesView(view_of(page).crime_type, "Solihull", "Birmingham")


def test_types_page_offers_every_area_with_composition_by_name() -> None:
    options = visit().widget("one").options
    assert len(options) == 7 + 1 + 2 + 2
    for name in ("All districts", f"Areas with an IMD score under {LOW_SCORE}", "Birmingham 138A"):
        assert name in options


def test_types_page_compares_low_score_areas_with_the_rest() -> None:
    page = visit()
    finding = wording.pair_finding(area_differences(west_midlands(), LOW, NOT_LOW, WITHOUT_ASB), LOW, NOT_LOW)
    assert finding in titles(page)
    low = (west_midlands().lsoas["imd_score"] < LOW_SCORE).sum()
    assert any(f"{low} of 1,680 LSOAs have a score under {LOW_SCORE}" in item.value for item in page.at.caption)


def test_types_page_offers_every_table_and_all_shares_as_files() -> None:
    page = visit(district="Coventry")
    tables: list[pd.DataFrame] = [item.value for item in page.at.dataframe]
    assert sorted(len(table) for table in tables) == [7, 13, 13, 13, 13, 28, 91]
    labels = [button.proto.label for button in page.at.get("download_button")]
    assert labels.count("CSV") == 7 + 1  # of each table, and of the first picture in the corner of the page
    assert "Every share shown here (CSV)" in labels


def test_types_page_link_restores_every_choice() -> None:
    page = consistent(Visit(PAGE, LINK))
    assert not page.at.info
    assert {name: page.query[name] for name in LINK} == LINK
    page.go("data").go(PAGE)
    assert {name: consistent(page).query[name] for name in LINK} == LINK


def test_types_page_link_after_rerun_is_unchanged() -> None:
    page = visit(crime_type="Drugs")
    query = page.query
    assert page.run().query == query
    assert Visit(PAGE, query).query == query


def test_types_page_with_bad_link_shows_notices_and_defaults() -> None:
    page = consistent(visit(**BAD))
    sentence = " ".join(notice.value for notice in page.at.info)
    for name, value in BAD.items():
        assert value in sentence
        assert f" as {name.replace('_', ' ')}," in sentence
    assert view_of(page) == offer(west_midlands()).complete(TypesView())
    assert not page.run().at.info


def test_types_page_of_force_offers_its_districts_and_lsoas(two_districts: str) -> None:
    page = consistent(visit(place=two_districts))
    offered = list(page.widget("place").options)
    assert (offered[0], offered[-1]) == ("West Midlands, 2019", "Leicestershire, March 2018")
    assert page.widget("district").options == ["All districts", "Melton", "Rutland"]
    area = app_places.load_place(two_districts).area
    lsoas = sorted(area.lsoas["LSOA"])
    assert page.widget("one").options[-len(lsoas) :] == lsoas
    consistent(page.set(one=lsoas[0], other="Rutland"))
    sentence = [item.value for item in page.at.caption]
    assert area.missing["published_mixes"] in sentence
    assert not any("Most recorded: " in title for title in titles(page))
    consistent(page.set(district="Melton"))


def test_types_page_of_one_district_says_what_cannot_be_compared(one_district: str) -> None:
    page = consistent(visit(place=one_district))
    assert NO_OTHER in [item.value for item in page.at.caption]
    assert page.answer.startswith("In City of London the largest type is ")
    assert not page.has("crime_type")
    assert EVERYWHERE not in page.widget("one").options
    assert any("so there is nothing to compare" in item.value for item in page.at.caption)
    consistent(page.set(one="City of London 001A", other="City of London 001F"))


def test_types_page_place_change_retains_available_choices(two_districts: str) -> None:
    page = visit(district="Coventry", crime_type="Burglary", one="Dudley", other="Walsall")
    consistent(page.set(place=two_districts))
    assert view_of(page) == offer(app_places.load_place(two_districts).area).complete(TypesView("Burglary"))
    assert page.value("district") == ""
    consistent(page.set(place=STUDY_AREA))
    assert view_of(page).crime_type == "Burglary"


@pytest.mark.sources
@pytest.mark.parametrize(
    ("force", "name", "districts"),
    [("south-yorkshire", "South Yorkshire", 4), ("city-of-london", "City of London", 1)],
)
def test_types_page_with_published_download_is_consistent(
    force: str,
    name: str,
    districts: int,
    sources_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    build_street_crime(sources_dir / "street_crime" / f"{force}-2018.zip", tmp_path / "built")
    offered_from(tmp_path / "built", monkeypatch)
    page = consistent(visit(place=force))
    assert f"{name}, 2018" in page.widget("place").options
    assert len(page.widget("district").options) == 1 + districts
    consistent(page.set(one=page.widget("one").options[-1]))
    assert len(page.pictures) == (1 + 1 + 2 + 2 + 2 if districts > 1 else 1 + 2)
