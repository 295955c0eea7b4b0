from dataclasses import fields, replace
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from core.app.models.controls import ALL
from core.london.amount.question import LONDON_AMOUNT
from core.london.panel import london_panel
from core.london.questions import VOCABULARY
from core.presentation.robustness.robust_text import page_answer, rule_answer
from core.questions.links import to_query
from core.questions.question import AS_PUBLISHED, RECOMMENDED
from core.questions.robustness import Robustness, robustness
from core.sources.london.boroughs import INNER, OUTER
from core.stats.regression import ModelSpec, fit
from core.tables.catalogue import load_catalogue
from tests.pages.visiting import Visit

PAGE = LONDON_AMOUNT.page
CHOSEN = f"Chosen {VOCABULARY.areas}"
PUBLISHED, BEST = LONDON_AMOUNT.presets[AS_PUBLISHED], LONDON_AMOUNT.presets[RECOMMENDED]
CHEAP = replace(BEST, covariance="HC1")  # no bootstrap to wait for
EVERYTHING = ModelSpec(
    outcome="trust_mps",
    predictors=("records",),
    response="log",
    form="per_1000",
    window="year",
    lag=2,
    squares=True,
    moderator="inner_outer",
    controls=("crime_per_1000", "imd_score"),
    effects=("quarter",),
    differences=True,
    start="2018Q1",
    end="2023Q2",
    areas=("Barnet", "Bexley", "Brent", "Bromley", "Camden", "Croydon"),
    non_overlapping=False,
    weights="population",
    covariance="driscoll_kraay",
    kernel_lags=7,
)


@cache
def by_rule() -> dict[str, Robustness]:
    return robustness(london_panel(), LONDON_AMOUNT, BEST)


def visit(spec: ModelSpec | None = None, **more: str) -> Visit:
    return Visit(PAGE, (to_query(spec) if spec else {}) | more)


def opened(visit: Visit) -> Visit:
    """The page with the checks of the model opened, which it draws only then."""
    visit.at.session_state["checks"] = True
    visit.run()
    assert any("Shapiro-Wilk" in item.value for item in visit.at.subheader)
    return visit


def spec_of(visit: Visit) -> ModelSpec:
    spec = visit.view("ModelSpec")
    assert isinstance(spec, ModelSpec)
    return spec


def widgets_say(visit: Visit) -> ModelSpec:
    """The model that the widgets show, read off one by one."""
    plain = (
        "outcome",
        "response",
        "form",
        "window",
        "lag",
        "trends",
        "differences",
        "weights",
        "covariance",
        "squares",
    )
    shown: dict[str, Any] = {name: visit.value(name) for name in (*plain, "moderator", "non_overlapping")}
    shown["effects"] = tuple(name for name in ("borough", "quarter") if visit.value(f"effect_{name}"))
    shown["controls"] = tuple(name for name in LONDON_AMOUNT.controls if name in visit.value("controls"))
    if visit.has("kernel_lags"):
        shown["kernel_lags"] = visit.value("kernel_lags")
    spec = replace(spec_of(visit), **shown)
    assert (spec.start or "2017Q2", spec.end or "2023Q4") == (visit.value("start"), visit.value("end"))
    if visit.value("area_group") == CHOSEN:
        assert spec.areas == tuple(sorted(visit.value("areas")))
    return spec


def consistent(visit: Visit) -> Visit:
    """Assert that widgets, address, copied link, answer and preset button all say the same."""
    visit.agrees("ModelSpec", "Focus")
    spec = spec_of(visit)
    assert widgets_say(visit) == spec
    assert visit.value("preset") == LONDON_AMOUNT.preset_of(spec)
    if not visit.refusals:
        result = fit(london_panel(), spec, wild=False)
        assert visit.answer == page_answer(result, by_rule(), load_catalogue(), VOCABULARY)
        assert (rule_answer(by_rule(), load_catalogue(), VOCABULARY) in [item.value for item in visit.at.markdown]) == (
            spec != BEST
        )
    return visit


def refused(visit: Visit, *text: str) -> None:
    """Assert that the page says what to change, in a sentence with each `text`, and goes on."""
    (sentence,) = visit.refusals
    for word in text:
        assert word in sentence
    assert visit.at.title[0].value == LONDON_AMOUNT.title
    assert visit.answer


def test_amount_page_opens_with_recommended_model() -> None:
    start = consistent(visit())
    assert spec_of(start) == BEST
    assert start.answer.startswith("It depends on the choices. ")
    assert any(item.value.startswith("It depends on the choices: of 13") for item in start.at.subheader)


def test_preset_buttons_switch_model_answer_and_link() -> None:
    page = visit()
    recommended = page.answer
    consistent(page.set(preset=AS_PUBLISHED))
    assert spec_of(page) == PUBLISHED
    published = page.answer
    assert published.startswith("Yes")
    consistent(page.set(outcome="trust_mps", lag=1, effect_borough=True, covariance="driscoll_kraay"))
    assert page.value("preset") is None
    assert page.answer not in (published, recommended)
    consistent(page.set(preset=RECOMMENDED))
    assert (spec_of(page), page.answer) == (BEST, recommended)
    consistent(page.set(preset=AS_PUBLISHED))
    assert (spec_of(page), page.answer) == (PUBLISHED, published)


def test_preset_clicked_again_stays_selected() -> None:
    page = visit(PUBLISHED)
    consistent(page.set(preset=None))
    assert spec_of(page) == PUBLISHED


@pytest.mark.parametrize(
    "choices",
    [
        [{"outcome": "trust_mps"}, {"form": "per_1000"}, {"window": "quarter"}, {"lag": 4}, {"form": "count"}],
        [
            {"effect_borough": False},
            {"controls": ["imd_score", "crime_per_1000"]},
            {"effect_quarter": False},
            {"start": "2019Q2", "end": "2022Q4"},
            {"non_overlapping": True},
        ],
        [{"area_group": INNER}, {"area_group": OUTER}, {"area_group": ALL}, {"weights": "population"}],
    ],
    ids=["force", "comparison", "sample"],
)
def test_amount_page_choice_changes_answer_and_link(choices: list[dict[str, Any]]) -> None:
    page = consistent(visit(CHEAP))
    answers, queries = [page.answer], [page.query]
    for choice in choices:
        consistent(page.set(**choice))
        assert not page.refusals
        answers.append(page.answer)
        queries.append(page.query)
    for seen in (answers, queries):
        assert all(before != after for before, after in pairwise(seen))


def test_groups_and_squares_are_said_drawn_and_refused_where_they_mean_nothing() -> None:
    page = consistent(visit(CHEAP).set(moderator="inner_outer", squares=True))
    assert (
        "Each group of “Inner or Outer London” has an association of its own; the one stated is their mean."
        in page.answer
    )
    assert "the one stated holds at its mean" in page.answer
    assert any("with squares, by Inner or Outer London, borough" in caption.value for caption in page.at.caption)
    titles = [item.value for item in page.at.subheader]
    assert any("lear difference: Inner London " in title and " and Outer London " in title for title in titles)
    assert any("bend" in title for title in titles)
    assert any("differs by the size of the predictor (a square) and group" in item.value for item in page.at.caption)
    assert not page.has("percent")  # a slider that could change nothing
    page.set(effect_borough=False)
    refused(page, "add borough effects")


def test_before_and_after_is_drawn_with_its_own_choice_of_leads_and_lags() -> None:
    page = visit(replace(CHEAP, window="quarter"), before="2", after="1")
    assert (page.value("before"), page.value("after")) == (2, 1)

    def title() -> str:
        (found,) = [item.value for item in page.at.subheader if "joint test of the leads" in item.value]
        return str(found)

    first = title()
    assert "; 1 quarter after " in first
    page.agrees("ModelSpec", "Focus", "EventWindow")
    page.set(after=5)
    assert "; 5 quarters after " in title()
    page.agrees("ModelSpec", "Focus", "EventWindow")
    assert page.query["after"] == "5"
    page.set(window="year")
    assert any("sum over 12 months" in item.value for item in page.at.warning)


def test_several_outcomes_side_by_side_have_adjusted_p_values() -> None:
    page = visit(replace(CHEAP, window="quarter"), compared="trust_mps|score_trust|good_job_local")
    assert page.value("compared") == ["trust_mps", "score_trust", "good_job_local"]
    assert any("of the three " in item.value and "(Holm)" in item.value for item in page.at.subheader)
    page.agrees("ModelSpec", "Focus", "OutcomesCompared")
    page.set(compared=["trust_mps", "score_trust"])
    assert any("of the two " in item.value and "(Holm)" in item.value for item in page.at.subheader)
    assert page.query["compared"] == "trust_mps|score_trust"
    page.set(compared=[])
    assert any(item.value == "Choose two outcomes or more." for item in page.at.caption)


def test_trends_of_boroughs_are_said_and_refused_next_to_changes() -> None:
    page = consistent(visit(CHEAP).set(trends=True))
    assert "Comparing each borough with itself over time, apart from its own trend, and taking out" in page.answer
    assert any("borough and quarter effects and borough trends" in caption.value for caption in page.at.caption)
    answer = page.answer
    page.set(differences=True)
    refused(page, "choose levels instead of changes")
    assert page.answer == answer
    page.set(differences=False)
    page.set(effect_borough=False)
    refused(page, "add borough effects")
    opened(consistent(page.set(effect_borough=True)))
    assert any("trends of areas have no differences between areas" in caption.value for caption in page.at.caption)


def test_standard_error_choice_changes_the_answer() -> None:
    page = visit(CHEAP)
    answers = {page.answer}
    for covariance in ("cluster", "jackknife", "two_way", "driscoll_kraay", "classical"):
        consistent(page.set(covariance=covariance))
        answers.add(page.answer)
    assert len(answers) == 5


def test_kernel_lags_are_asked_only_for_driscoll_kraay() -> None:
    page = visit(CHEAP)
    assert not page.has("kernel_lags")
    page.set(covariance="driscoll_kraay")
    answer = page.answer
    consistent(page.set(kernel_lags=8))
    assert page.answer != answer
    assert "8 lags" in " ".join(caption.value for caption in page.at.caption)
    consistent(page.set(covariance="cluster"))
    assert spec_of(page) == BEST
    assert page.value("preset") == RECOMMENDED


def test_control_absorbed_by_effects_shows_warning_and_last_answer() -> None:
    page = visit(CHEAP).set(outcome="trust_mps")
    answer = page.answer
    page.set(controls=["imd_score"])
    refused(page, load_catalogue().label("imd_score"), "effects")
    assert page.answer == answer
    page.agrees("ModelSpec", "Focus")
    consistent(page.set(effect_borough=False))
    assert not page.refusals
    assert page.answer != answer


def test_first_quarter_after_last_shows_warning() -> None:
    page = visit(CHEAP).set(start="2022Q1", end="2019Q1")
    refused(page, "2022Q1", "2019Q1", "swap")
    consistent(page.set(end="2023Q3"))
    assert not page.refusals


def test_borough_choice_sets_areas_and_none_shows_warning() -> None:
    page = visit(CHEAP).set(area_group=CHOSEN)
    assert len(page.value("areas")) == 32
    consistent(page.set(areas=["Camden", "Barnet", "Islington"]))
    assert spec_of(page).areas == ("Barnet", "Camden", "Islington")
    page.set(areas=[])
    refused(page, "No borough is chosen")
    assert page.query["areas"] == "none"
    consistent(page.set(area_group=ALL))
    assert spec_of(page) == CHEAP


def test_link_without_boroughs_shows_warning() -> None:
    page = visit(CHEAP, areas="none")
    refused(page, "No borough is chosen")
    assert page.value("areas") == []


@pytest.mark.parametrize(
    ("areas", "more"),
    [
        (("Barnet", "Camden"), {"covariance": "cluster"}),
        (("Barnet", "Camden"), {"covariance": "HC1", "effects": ("borough", "quarter")}),
        (("Barnet",), {"covariance": "HC1", "effects": ()}),
        (("Barnet", "Brent", "Camden"), {"covariance": "classical", "non_overlapping": True}),
    ],
    ids=["two clusters", "two boroughs", "one borough", "three boroughs, few quarters"],
)
def test_amount_page_with_few_boroughs_still_answers(areas: tuple[str, ...], more: dict[str, Any]) -> None:
    page = opened(visit(replace(CHEAP, areas=areas, **more)))
    page.agrees("ModelSpec", "Focus")
    assert page.answer


@pytest.mark.parametrize("effects", [(), ("borough",)])
def test_amount_page_with_single_quarter_warns_only_with_effects(effects: tuple[str, ...]) -> None:
    page = opened(visit(replace(CHEAP, start="2022Q1", end="2022Q1", effects=effects)))
    page.agrees("ModelSpec", "Focus")
    assert bool(page.refusals) == bool(effects)


def test_checks_state_the_effect_of_leaving_out_a_borough() -> None:
    statement = [item.value for item in opened(visit(CHEAP)).at.subheader]
    assert any(sentence.startswith("Leaving out one borough moves the estimate between") for sentence in statement)
    assert any(sentence.startswith("Residuals of neighbouring quarters correlate at") for sentence in statement)
    assert any(sentence.startswith("Variance inflation") for sentence in statement)


def test_checks_of_non_overlapping_quarters_state_their_distance() -> None:
    statement = [item.value for item in opened(visit(replace(CHEAP, non_overlapping=True))).at.subheader]
    assert not any("neighbouring quarters" in sentence for sentence in statement)
    assert any("4 quarters apart" in sentence for sentence in statement)


def test_borough_focus_leaves_the_model_unchanged() -> None:
    page = visit(CHEAP)
    answer = page.answer
    consistent(page.set(borough="Hackney"))
    assert (page.answer, page.query["borough"]) == (answer, "Hackney")
    assert any(item.value.startswith("Hackney since ") for item in page.at.subheader)


def test_amount_page_choices_after_other_pages_are_unchanged() -> None:
    page = visit(CHEAP)
    page.set(outcome="score_trust", area_group=CHOSEN, covariance="driscoll_kraay")
    page.set(areas=["Barnet", "Camden", "Hackney", "Sutton"], kernel_lags=5, borough="Sutton")
    spec, query, answer = spec_of(page), page.query, page.answer
    page.go("data").go("london_map").go(PAGE)
    consistent(page)
    assert (spec_of(page), page.query, page.answer) == (spec, query, answer)
    assert page.value("borough") == "Sutton"


def test_later_link_overrides_earlier_choices() -> None:
    page = visit(CHEAP).set(outcome="score_trust", borough="Sutton")
    consistent(page.go("data").go(PAGE, {"outcome": "trust_mps", "covariance": "HC1"}))
    assert spec_of(page) == replace(CHEAP, outcome="trust_mps")
    assert page.value("borough") == ""
    page.go(PAGE, to_query(PUBLISHED))
    assert spec_of(consistent(page)) == PUBLISHED


def test_amount_page_link_restores_every_widget() -> None:
    default = ModelSpec("score_mean_of_8", ("records",))
    same = {f.name for f in fields(ModelSpec) if getattr(EVERYTHING, f.name) == getattr(default, f.name)}
    # The last two play no part here.
    assert same == {"predictors", "trends", "non_overlapping", "cluster", "kernel", "distance"}
    page = visit(EVERYTHING, borough="Croydon")
    assert not page.at.info
    assert spec_of(page) == widgets_say(page) == EVERYTHING
    assert (page.value("area_group"), page.value("borough")) == (CHOSEN, "Croydon")
    consistent(page)
    apart = visit(replace(CHEAP, non_overlapping=True))
    assert apart.value("non_overlapping") is True


@pytest.mark.parametrize("group", [INNER, OUTER])
def test_link_with_boroughs_of_a_group_names_the_group(group: str) -> None:
    query = visit(CHEAP).set(area_group=group).query
    assert Visit(PAGE, query).value("area_group") == group


@pytest.mark.parametrize(
    "bad",
    [
        {
            "outcome": "happiness",
            "form": "square_root",
            "lag": "99",
            "controls": "all",
            "effects": "month",
            "start": "2017Q5",
            "areas": "Atlantis|Camelot",
            "non_overlapping": "maybe",
            "kernel_lags": "-1",
            "borough": "Lyonesse",
        },
        {"outcome": "<script>alert(1)</script>", "effects": "all", "areas": "x" * 5000, "form": "[a](https://b.c)"},
    ],
    ids=["wrong", "hostile"],
)
def test_amount_page_with_bad_link_shows_notices_and_defaults(bad: dict[str, str]) -> None:
    page = visit(CHEAP, **bad)
    (notices,) = page.at.info
    for name, value in bad.items():
        assert f"`'{value[:60]}'` as {name.replace('_', ' ')}," in notices.value
    assert spec_of(consistent(page)) == CHEAP
    page.run()
    assert not page.at.info


def test_link_with_unknown_parameter_names_uses_none_and_names_those_of_no_tracker() -> None:
    page = visit(CHEAP, utm_source="mail", v="7", Outcome="trust_mps")
    (notice,) = page.at.info
    assert notice.value.startswith("The link has `'Outcome'`, which no page here knows.")
    assert spec_of(consistent(page)) == CHEAP
    assert page.query["v"] == "1"


def test_change_before_link_is_updated_retains_earlier_change() -> None:
    page = visit(CHEAP)
    before = page.query
    page.set(lag=1)
    page.at.query_params = dict(before)
    consistent(page.set(weights="population"))
    assert spec_of(page) == replace(CHEAP, lag=1, weights="population")


def test_back_button_restores_previous_model() -> None:
    page = visit(CHEAP)
    before = page.query
    page.set(lag=1)
    page.at.query_params = dict(before)
    assert spec_of(consistent(page.run())) == CHEAP


def test_change_sent_with_the_opened_link_is_applied() -> None:
    opened = {"outcome": "trust_mps", "effects": "borough", "covariance": "HC1"}
    page = Visit(PAGE, opened)
    assert page.query["effects"] == "borough"
    page.widget("effect_quarter").set_value(True)
    page.at.query_params = dict(opened)  # the link written for it has not reached the browser yet
    page.run()
    assert page.query["effects"] == "borough|quarter"
    assert page.query["outcome"] == "trust_mps"


@pytest.mark.parametrize("outcome", ["trust_mps", BEST.outcome])
def test_cards_of_another_outcome_than_the_page_say_so(outcome: str) -> None:
    shown = Visit(PAGE, {"v": "1", "layer": "analysts", "tab": "models"} | to_query(replace(CHEAP, outcome=outcome)))
    said = [item.value for item in shown.at.caption if "About another outcome than this page shows" in item.value]
    assert bool(said) == (outcome != PUBLISHED.outcome)
    assert all(load_catalogue().label(PUBLISHED.outcome) in text for text in said)
