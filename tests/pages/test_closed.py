"""What is closed runs nothing: popovers, expanders and tabs, on every page."""

import ast
from collections.abc import Iterator
from typing import Any

import pytest

from core.app import lazy
from core.london.amount.question import LONDON_AMOUNT
from core.questions.question import AS_PUBLISHED
from core.registry.pages import PAGES
from tests.pages.visiting import ONE_LAYER, ROOT, Visit

ANALYSTS = {"layer": "analysts"}
PLACES = {
    "borough": {"borough": "Lambeth"},
    "neighbourhood": {"district": "Coventry", "lsoa": "E01009590"},
    "crime_deprivation": {"outcome": "log_rate_all"},
}
VIEWS = [
    (entry.name, layer)
    for entry in PAGES
    for layer in ([{}] if entry.name in ONE_LAYER else [{"layer": "summary"}, ANALYSTS])
]


def closed_visit(page: str, layer: dict[str, str]) -> Visit:
    return Visit(page, {**PLACES.get(page, {}), **layer} or None, summary=True, closed=True)


def closed_parts(visit: Visit) -> Iterator[Any]:
    """The popovers and expanders that are closed."""
    yield from (part for part in visit.at.get("popover") if not part.proto.popover.open)
    yield from (part for part in visit.at.get("expander") if not part.proto.expanded)


@pytest.mark.parametrize(("page", "layer"), VIEWS, ids=str)
def test_closed_popovers_and_expanders_call_nothing_and_hold_nothing(
    page: str, layer: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    called, show = [], lazy.show
    monkeypatch.setattr(lazy, "show", lambda part, draw: show(part, lambda: called.append(draw)))
    visit = closed_visit(page, layer)
    assert called == []
    assert [part for part in closed_parts(visit) if part.children] == []


@pytest.mark.parametrize("page", [name for name, layer in VIEWS if layer == ANALYSTS])
def test_only_the_open_tab_holds_anything(page: str) -> None:
    tabs = closed_visit(page, ANALYSTS).at.tabs
    assert all(not tab.children for tab in tabs[1:])


def test_share_is_drawn_once_it_is_open() -> None:
    visit = closed_visit("london_amount", {"layer": "summary"})
    assert not visit.at.get("download_button")
    visit.at.session_state["london_amount.open.share"] = True
    visit.run()
    assert visit.linked == visit.query
    assert visit.at.get("download_button")


def test_choice_in_a_closed_group_holds_and_is_there_when_the_group_opens() -> None:
    visit = Visit("london_amount", {"layer": "analysts", "covariance": "HC1", "lag": "2"}, closed=True)
    assert visit.query["covariance"] == "HC1"
    assert not visit.has("covariance")
    visit.at.session_state["london_amount.open.errors"] = True
    assert visit.run().value("covariance") == "HC1"
    assert visit.set(covariance="jackknife").query["covariance"] == "jackknife"
    visit.at.session_state["london_amount.open.errors"] = False
    assert visit.run().query["covariance"] == "jackknife"
    preset = next(item for item in visit.at.segmented_control if item.key == "london_amount.preset")
    preset.set_value(AS_PUBLISHED)
    published = visit.run().query["covariance"]
    assert published == LONDON_AMOUNT.presets[AS_PUBLISHED].covariance
    visit.at.session_state["london_amount.open.errors"] = True
    assert visit.run().value("covariance") == published == visit.query["covariance"]


def test_only_one_module_makes_what_can_be_closed() -> None:
    made = {
        str(path.relative_to(ROOT))
        for folder in ("core", "pages")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") in ("expander", "popover", "dialog", "status")
        and getattr(getattr(node.func, "value", None), "id", "") != "lazy"
    }
    assert made == {"core/app/lazy.py"}
