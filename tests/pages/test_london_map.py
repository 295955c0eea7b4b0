from typing import Any

import pytest

from core.london.map.figures import KINDS, MapView, borough_map_data, complete_view, quarters_with
from core.london.panel import survey_panel
from core.questions.links import to_query
from core.tables.catalogue import load_catalogue
from tests.pages.visiting import Visit

PAGE = "london_map"
LINK = MapView("records", "count", "change", "2021Q3", "2018Q2")


def visit(**query: str) -> Visit:
    return Visit(PAGE, query)


def quarter_of(visit: Visit) -> str:
    """The quarter that the widgets show, under either name."""
    (quarter,) = [visit.value(name) for name in ("quarter", "until") if visit.has(name)]
    assert isinstance(quarter, str)
    return quarter


def consistent(visit: Visit) -> Visit:
    """Assert that widgets, address, copied link, answer and legend all say the same."""
    view = visit.agrees("MapView", "BoroughView").view("MapView")
    assert isinstance(view, MapView)
    assert view == complete_view(view, survey_panel())
    assert (visit.value("variable"), visit.value("kind")) == (view.variable, view.kind)
    assert quarter_of(visit) == view.quarter
    assert visit.value("borough") == visit.query["borough"]
    if visit.has("form"):
        assert visit.value("form") == view.form
    if visit.has("since"):
        assert visit.value("since") == view.since
    shown = borough_map_data(view, survey_panel(), load_catalogue())
    assert visit.answer == f"{shown.finding}."
    assert any(shown.title in text for text in visit.texts)
    table = visit.table("Borough", "Value", "95% interval from", "95% interval to")
    assert len(table) == 32
    assert ("Beyond chance" in table) == (view.kind == "change")
    return visit


def test_map_page_opens_with_latest_level_of_trust() -> None:
    page = consistent(visit())
    assert page.view("MapView") == MapView(quarter="2026Q1", since="2025Q1")
    assert not page.has("form")


@pytest.mark.parametrize(
    "choice",
    [
        {"variable": "score_trust"},
        {"variable": "records"},
        {"kind": "change"},
        {"quarter": "2020Q1"},
        {"quarter": "2016Q1"},
        {"variable": "records", "kind": "change"},
    ],
    ids=lambda choice: "-".join(choice.values()),
)
def test_map_page_choice_changes_answer_and_link(choice: dict[str, Any]) -> None:
    page = visit()
    answer, query = page.answer, page.query
    consistent(page.set(**choice))
    assert page.answer != answer
    assert page.query != query


def test_force_variable_is_shown_as_rate_or_count() -> None:
    page = visit(variable="records")
    assert page.value("form") == "per_1000"
    rate = page.answer
    consistent(page.set(form="count"))
    assert page.answer != rate
    page.set(variable="trust_mps")
    consistent(page.set(variable="arrested"))
    assert page.value("form") == "count"


def test_variable_without_the_shown_quarter_moves_to_its_last() -> None:
    page = visit(variable="good_job_local", quarter="2015Q1")
    assert page.value("quarter") == "2015Q1"
    consistent(page.set(variable="records"))
    assert page.value("quarter") == "2023Q4"


def test_picked_borough_is_shown_over_time() -> None:
    page = visit()
    consistent(page.set(borough="Brent"))
    assert page.query["borough"] == "Brent"
    assert "Brent over time" in [header.value for header in page.at.header]
    assert any(" in Brent: lowest in " in item.value for item in page.at.subheader)


def test_change_kind_runs_from_earlier_to_later_quarter() -> None:
    page = consistent(visit(kind="change"))
    assert (page.value("since"), quarter_of(page)) == ("2025Q1", "2026Q1")
    answer = page.answer
    consistent(page.set(since="2017Q1"))
    assert page.answer != answer
    consistent(page.set(until="2018Q1"))
    assert page.value("since") == "2017Q1"
    consistent(page.set(until="2016Q3"))
    assert page.value("since") < "2016Q3"
    offered = page.widget("since").options
    assert len(offered) == quarters_with(survey_panel(), "trust_mps").index("2016Q3")


@pytest.mark.parametrize("variable", ["trust_mps", "records"])
def test_change_to_first_quarter_moves_to_the_second(variable: str) -> None:
    first, second, *_ = quarters_with(survey_panel(), variable)
    page = consistent(visit(variable=variable, quarter=first))
    consistent(page.set(kind="change"))
    assert (page.value("since"), quarter_of(page)) == (first, second)
    linked = consistent(visit(variable=variable, kind="change", quarter=first))
    assert (linked.value("since"), quarter_of(linked)) == (first, second)


def test_map_page_link_after_rerun_is_unchanged() -> None:
    page = visit()
    page.set(quarter="2017Q1")
    query = page.query
    assert page.run().query == query
    assert Visit(PAGE, query).query == query


def test_variable_change_retains_available_quarters() -> None:
    page = visit(quarter="2020Q1")
    consistent(page.set(variable="records"))
    assert quarter_of(page) == "2020Q1"
    consistent(page.set(kind="change"))
    consistent(page.set(variable="good_job_local"))
    assert (page.value("since"), quarter_of(page)) == ("2019Q1", "2020Q1")


def test_kind_change_and_back_restores_the_answer() -> None:
    page = visit(quarter="2019Q3")
    level = page.answer
    consistent(page.set(kind="change"))
    assert quarter_of(page) == "2019Q3"
    consistent(page.set(kind="level"))
    assert page.answer == level


def test_map_page_link_restores_every_choice() -> None:
    page = consistent(Visit(PAGE, to_query(LINK) | {"borough": "Camden"}))
    assert not page.at.info
    assert page.view("MapView") == LINK
    assert page.value("borough") == "Camden"
    page.go("data").go(PAGE)
    assert consistent(page).view("MapView") == LINK


@pytest.mark.parametrize("kind", list(KINDS))
def test_link_with_quarters_in_wrong_order_is_corrected(kind: str) -> None:
    page = consistent(visit(kind=kind, quarter="2018Q1", since="2020Q1"))
    assert page.query["since"] < page.query["quarter"] == "2018Q1"


BAD = {
    "variable": "happiness",
    "form": "log",
    "kind": "trend",
    "quarter": "1066Q4",
    "since": "soon",
    "borough": "<script>alert(1)</script>",
}


def test_map_page_with_bad_link_shows_notices_and_defaults() -> None:
    page = consistent(visit(**BAD))
    (notices,) = page.at.info
    for name, value in BAD.items():
        assert value in notices.value
        assert f" as {name}," in notices.value
    assert page.view("MapView") == MapView(quarter="2026Q1", since="2025Q1")
    assert not page.run().at.info


@pytest.mark.parametrize(
    ("variable", "last"),
    [("informed_local", "Oct\N{EN DASH}Dec 2023"), ("understand_issues", "Jan\N{EN DASH}Mar 2025")],
)
def test_map_page_of_a_measure_that_ended_says_when(variable: str, last: str) -> None:
    page = consistent(visit(variable=variable))
    said = f"was last published for {last}, so nothing is shown after it"
    assert any(said in caption.value for caption in page.at.caption)
    assert not any("was last published" in caption.value for caption in visit().at.caption)


def test_map_page_of_force_shows_the_incidents_of_a_year_on_their_own() -> None:
    page = visit(variable="records", borough="Brent")
    assert any(item.value.startswith("Brent, April 2023 to March 2024: 3,316 incidents") for item in page.at.subheader)
    assert not any("incidents of force" in item.value for item in visit().at.subheader)
