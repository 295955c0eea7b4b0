"""Arriving: at the root, or with a link straight into a page of a server that has only just started."""

from dataclasses import fields
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from core.london.amount.question import LONDON_AMOUNT
from core.london.panel import london_panel
from core.london.questions import VOCABULARY
from core.questions.links import LINK_VERSION, to_query
from core.questions.question import RECOMMENDED
from core.registry.page import Page
from core.registry.pages import MOVED, PAGES, QUESTIONS
from core.stats.regression import ModelSpec, fit
from core.tables.catalogue import load_catalogue
from core.tables.options import COVARIANCES, FORMS, RESPONSES, WEIGHTS, WINDOWS
from core.tables.quarters import quarter_label
from tests.browser.conftest import ColdServer, NewVisitor
from tests.browser.serving import Server
from tests.browser.visiting import Visitor

TITLES = {question.page: question.title for question in QUESTIONS}
OWN_MODEL = ModelSpec(
    outcome="trust_mps",
    response="log",
    predictors=("records",),
    form="log_per_1000",
    window="quarter",
    lag=2,
    controls=("crime_per_1000",),
    effects=("borough",),
    start="2018Q2",
    end="2023Q2",
    areas=("Barnet", "Bexley", "Camden", "Ealing", "Enfield", "Hackney", "Lambeth", "Sutton"),
    weights="population",
    covariance="driscoll_kraay",
    kernel_lags=6,
)
CLICK_AT_ONCE = """name => {
    const toggle = document.querySelector(`input[role=switch][aria-label="${name}"]`);
    toggle?.click();
    return toggle !== null;
}"""
OWN_QUERY = {"v": LINK_VERSION} | to_query(OWN_MODEL) | {"borough": "Hackney"}


def test_root_address_leads_to_home_page(visitor: Visitor) -> None:
    visitor.open("")
    visitor.page.wait_for_url("**/home")
    visitor.shows_navigation([entry.title for entry in PAGES])
    links = visitor.main.get_by_role("link", name=LONDON_AMOUNT.title)
    expect(links).to_have_count(2)  # on its card, and in the fact-check further down
    expect(links.first).to_be_visible()
    expect(visitor.main).to_contain_text("interval")


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.name)
def test_page_opened_first_on_new_server_is_complete(
    entry: Page, cold_server: ColdServer, new_visitor: NewVisitor
) -> None:
    visitor = new_visitor(cold_server())
    visitor.open(entry.name)
    assert visitor.path == entry.name
    visitor.shows_navigation([other.title for other in PAGES])
    expect(visitor.sidebar.locator("[aria-current=page]")).to_contain_text(entry.title)
    expect(visitor.heading).to_have_count(1)
    expect(visitor.heading).to_contain_text(TITLES.get(entry.name, ""))
    visitor.shows_no_error()


def test_own_model_differs_from_recommended_in_every_possible_choice() -> None:
    recommended = LONDON_AMOUNT.presets[RECOMMENDED]
    same = {
        field.name for field in fields(ModelSpec) if getattr(OWN_MODEL, field.name) == getattr(recommended, field.name)
    }
    # One predictor and one cluster are on offer, and no errors by distance; every fourth quarter alone would leave too
    # few for the kernel, and changes nothing for borough effects to take out. Trends, squares and groups, which give an
    # answer of another kind, have tests of their own (tests/pages/test_london_amount.py).
    shape = {"trends", "squares", "moderator"}
    assert same == {"predictors", "non_overlapping", "cluster", "differences", "kernel", "distance"} | shape


def test_amount_page_link_restores_every_choice(
    cold_server: ColdServer, server: Server, new_visitor: NewVisitor
) -> None:
    link = f"{LONDON_AMOUNT.page}?{urlencode(OWN_QUERY)}"
    visitor = new_visitor(cold_server())
    visitor.open(link)
    assert OWN_QUERY.items() <= visitor.query.items()
    _sidebar_says_own_model(visitor)
    _main_shows_own_model(visitor)

    another = new_visitor(server)
    another.open(link)
    expect(another.answer).to_have_text(visitor.answer.inner_text())
    assert another.query == visitor.query


@pytest.mark.parametrize("old", MOVED)
def test_old_address_of_page_on_new_server_leads_to_the_new_one(
    old: str, cold_server: ColdServer, new_visitor: NewVisitor
) -> None:
    visitor = new_visitor(cold_server())
    visitor.open(old)
    visitor.page.wait_for_url(f"**/{MOVED[old]}*")
    visitor.shows_navigation([entry.title for entry in PAGES])


def test_change_during_first_run_of_link_overrides_the_link(cold_server: ColdServer, new_visitor: NewVisitor) -> None:
    """The change breaks off the run in which the link arrived."""
    visitor = new_visitor(cold_server())
    visitor.page.goto(f"{visitor.root}/{LONDON_AMOUNT.page}?{urlencode(OWN_QUERY)}")
    visitor.page.wait_for_function(CLICK_AT_ONCE, arg="Quarter effects")
    visitor.link_says(**OWN_QUERY | {"effects": "borough|quarter"})


def _sidebar_says_own_model(visitor: Visitor) -> None:
    catalogue, spec = load_catalogue(), OWN_MODEL
    for group in ("How force is counted", "What is compared", "Sample", "Standard errors"):
        visitor.unfold(group)
    for label, value in {
        "Score": catalogue.label(spec.outcome),
        "Score taken": VOCABULARY.fill(RESPONSES[spec.response].label),
        "Form": FORMS[spec.form].label,
        "Period": VOCABULARY.fill(WINDOWS[spec.window].label),
        "Lag": f"{spec.lag} quarters earlier",
        "First quarter": quarter_label(spec.start),
        "Last quarter": quarter_label(spec.end),
        "Boroughs": "Chosen boroughs",
        "Weight": VOCABULARY.fill(WEIGHTS[spec.weights].label),
        "Kind": VOCABULARY.fill(COVARIANCES[spec.covariance].label),
    }.items():
        expect(visitor.sidebar.get_by_role("combobox", name=label, exact=True)).to_have_value(value)
    expect(visitor.main.get_by_role("combobox", name="Borough", exact=True)).to_have_value("Hackney")
    for label in (*spec.areas, catalogue.label(spec.controls[0])) if spec.areas else ():
        expect(visitor.sidebar.get_by_text(label, exact=True)).to_be_visible()
    for label, on in {
        "Borough effects": True,
        "Quarter effects": False,
        "Changes from quarter to quarter": False,
        "Non-overlapping quarters only": False,
    }.items():
        expect(visitor.toggle(label)).to_be_checked(checked=on)
    expect(visitor.sidebar.get_by_role("slider")).to_have_value(str(spec.kernel_lags))


def _main_shows_own_model(visitor: Visitor) -> None:
    estimate = fit(london_panel(), OWN_MODEL).estimate("records").estimate
    expect(visitor.main.get_by_text("Your model").first).to_be_visible()
    expect(visitor.main).to_contain_text(f"{abs(estimate):.4f}")
    expect(visitor.main).to_contain_text("Hackney since")


def test_amount_page_link_with_unknown_choices_names_them(visitor: Visitor) -> None:
    visitor.open(f"{LONDON_AMOUNT.page}?v=1&outcome=happiness&form=cubic&lag=1&borough=Atlantis")
    notice = visitor.main.get_by_test_id("stAlert").filter(has_text="The link asks for")
    for wrong in ("happiness", "cubic", "Atlantis"):
        expect(notice).to_contain_text(wrong)
    visitor.link_says(lag="1", outcome=LONDON_AMOUNT.presets[RECOMMENDED].outcome, borough="")
