"""Strength of evidence on the question pages: margin, groups, what-if, peers, dated events."""

import re
from dataclasses import replace

import pytest

from core.app.models.model_evidence import MARGINS
from core.london.amount.question import LONDON_AMOUNT
from core.london.evidence.groups import GROUPINGS, WHOLE, split
from core.london.evidence.peers import peers
from core.london.evidence.text import split_sentence
from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.panel import london_panel
from core.london.questions import VOCABULARY
from core.presentation.numbers import signed
from core.presentation.robustness.evidence_text import beyond_sentence, what_if_sentence
from core.questions.links import to_query
from core.questions.question import AS_PUBLISHED, RECOMMENDED, Question
from core.stats.regression import ModelSpec, fit
from core.stats.what_if import what_if
from core.tables.catalogue import load_catalogue
from core.tables.options import Response
from tests.pages.visiting import Visit

QUESTIONS = (LONDON_AMOUNT, LONDON_OUTCOMES)
# One curve of a few specifications, which costs next to nothing.
SHORT = {
    "outcomes": "score_mean_of_8",
    "forms": "per_1000",
    "windows": "quarter",
    "lags": "0",
    "absorbed": "nothing",
    "held": "nothing",
    "samples": "all",
}


def cheap(question: Question) -> ModelSpec:
    """The recommended model without a bootstrap to wait for."""
    return replace(question.presets[RECOMMENDED], covariance="HC1")


@pytest.fixture(scope="module")
def visits() -> dict[str, Visit]:
    return {question.page: Visit(question.page, to_query(cheap(question)) | SHORT) for question in QUESTIONS}


@pytest.fixture(params=QUESTIONS, ids=lambda question: question.page)
def question(request: pytest.FixtureRequest) -> Question:
    chosen: Question = request.param
    return chosen


@pytest.fixture
def page(question: Question, visits: dict[str, Visit]) -> Visit:
    """The page of `question` as a link shows it, in one visit for all tests of this file."""
    return arrive(visits[question.page], question)


def arrive(visit: Visit, question: Question, **more: str) -> Visit:
    return visit.go("data").go(question.page, to_query(cheap(question)) | SHORT | more)


@pytest.fixture
def outcomes(visits: dict[str, Visit]) -> Visit:
    return arrive(visits[LONDON_OUTCOMES.page], LONDON_OUTCOMES)


@pytest.fixture
def amount(visits: dict[str, Visit]) -> Visit:
    return arrive(visits[LONDON_AMOUNT.page], LONDON_AMOUNT)


def paragraphs(visit: Visit) -> list[str]:
    return [item.value for item in visit.at.markdown]


def warnings(visit: Visit) -> list[str]:
    return [item.value for item in visit.at.warning]


def spec_of(visit: Visit) -> ModelSpec:
    spec = visit.view("ModelSpec")
    assert isinstance(spec, ModelSpec)
    return spec


@pytest.mark.parametrize(
    ("response", "unit"), [("level", "Percentage points of the score for"), ("log", "Per cent of the usual score for")]
)
def test_caption_of_groups_has_the_unit_of_the_response(response: Response, unit: str, amount: Visit) -> None:
    amount.go("data").go(LONDON_AMOUNT.page, to_query(replace(cheap(LONDON_AMOUNT), response=response)) | SHORT)
    captions = [item.value for item in amount.at.caption]
    assert sum(caption.startswith(f"{unit} 10% more use-of-force records in 12 months.") for caption in captions) == 1


# What could have been found


def null_sentences(visit: Visit) -> list[str]:
    wanted = ("The data cannot say", "The data rule out", "If a link as large", "If there is a link")
    return [text for text in paragraphs(visit) if any(part in text for part in wanted)]


def test_margin_choice_changes_table_and_link(amount: Visit) -> None:
    seen = []
    for margin in MARGINS:
        amount.set(margin=margin)
        assert amount.query["margin"] == str(margin)
        (column,) = [c for c in amount.table("Variable", "Estimate (points)").columns if c.startswith("p, smaller")]
        assert column == f"p, smaller than {margin:.2f} points"
        seen.append(amount.table(column)[column].iloc[0])
    assert seen == sorted(seen, reverse=True)
    assert amount.linked == amount.query


def test_wide_margin_reports_association_smaller_than_it(outcomes: Visit) -> None:
    outcomes.set(predictors=["arrested"], outcome="trust_mps", margin=0.1)
    narrow = null_sentences(outcomes)
    outcomes.set(margin=2.0)
    wide = null_sentences(outcomes)
    assert narrow != wide
    assert "smaller than 2.00 points in either direction" in wide[0]


def test_smallest_association_is_stated_for_the_step_of_the_model(page: Visit) -> None:
    what = {"log": "use-of-force records", "count": "records with “Subject arrested”"}[spec_of(page).form]
    step = {"log": f"10% more {what}", "count": f"100 more {what}"}
    (sentence,) = [text for text in paragraphs(page) if text.startswith("The smallest link that this analysis")]
    assert step[spec_of(page).form] in sentence
    smallest = page.table("Variable", "Estimate (points)")["Smallest that would be found (points)"].iloc[0]
    assert f"{smallest:.2f} points" in sentence
    page.set(form="per_1000")
    (changed,) = [text for text in paragraphs(page) if text.startswith("The smallest link that this analysis")]
    assert f"one more of {what} per 1,000 residents" in changed
    label = page.widget("margin").label
    several = len(spec_of(page).predictors) > 1
    assert f"either way for one more {'record of one kind' if several else f'of {what}'} per 1,000 residents" in label


def test_published_sizes_equal_those_of_the_published_model(page: Visit, question: Question) -> None:
    published = fit(london_panel(), replace(question.presets[AS_PUBLISHED], window="year"), wild=False)
    scale = 100 * (0.0953101798 if published.spec.form == "log" else 100)
    table = page.table("Published size (points)")
    sizes = [published.estimate(name).estimate * scale for name in question.predictors]
    assert table["Published size (points)"].tolist() == pytest.approx(sizes)


# Groups


@pytest.mark.parametrize("grouping", [name for name in GROUPINGS if name != "inner_outer"])
def test_grouping_choice_changes_table_columns_and_link(grouping: str, outcomes: Visit) -> None:
    (before,) = [item.value for item in outcomes.at.table]
    assert before.columns.tolist() == ["", WHOLE, *GROUPINGS["inner_outer"].groups]
    outcomes.set(grouping=grouping)
    (after,) = [item.value for item in outcomes.at.table]
    assert after.columns.tolist() == ["", WHOLE, *GROUPINGS[grouping].groups]
    assert after.set_index("")[WHOLE]["Boroughs"] == "32"
    found = split(london_panel(), cheap(LONDON_OUTCOMES), grouping, wild=False)
    assert split_sentence(found, "arrested", load_catalogue(), VOCABULARY) in paragraphs(outcomes)
    assert outcomes.query["grouping"] == grouping


def test_group_estimates_follow_the_chosen_model(amount: Visit) -> None:
    amount.set(outcome="trust_mps", effect_quarter=False)
    found = split(london_panel(), spec_of(amount), "inner_outer", wild=False)
    (table,) = [item.value.set_index("") for item in amount.at.table]
    for part in found.parts:
        assert part.result is not None
        points = part.result.estimate("records").estimate * 9.53101798
        assert table.loc["Estimate (points)", part.label] == signed(points)


def test_group_without_boroughs_states_the_reason(amount: Visit) -> None:
    inner = ("Camden", "Hackney", "Islington", "Lambeth", "Southwark")
    arrive(amount, LONDON_AMOUNT, areas="|".join(inner))
    (table,) = [item.value.set_index("") for item in amount.at.table]
    assert table.loc["Estimate (points)", "Outer London"] == "none"
    assert any(re.match(r"\*\*Outer London\.\*\* \w", item.value) for item in amount.at.caption)
    assert any("too few groups can be fitted" in text for text in paragraphs(amount))


# What if


def test_what_if_slider_changes_sentence_and_link(page: Visit, question: Question) -> None:
    result = fit(london_panel(), cheap(question), wild=False)
    for percent in (25, -25):
        page.set(percent=percent)
        found = what_if(london_panel(), result, question.predictors, percent)
        assert f"**{what_if_sentence(found, load_catalogue(), VOCABULARY)}**" in paragraphs(page)
        assert page.query["percent"] == str(percent)
    assert "25% fewer" in what_if_sentence(found, load_catalogue(), VOCABULARY)


def test_what_if_with_chosen_boroughs_changes_only_those(page: Visit, question: Question) -> None:
    assert page.query["where"] == "all"
    page.set(where=["Camden", "Sutton"], percent=10)
    found = what_if(
        london_panel(), fit(london_panel(), cheap(question), wild=False), question.predictors, 10, ("Camden", "Sutton")
    )
    assert f"**{what_if_sentence(found, load_catalogue(), VOCABULARY)}**" in paragraphs(page)
    table = page.table("Borough", "Associated change (points)")
    assert table["Borough"].tolist() == ["Camden", "Sutton"]
    assert page.query["where"] == "Camden|Sutton"
    page.set(where=[])
    assert page.query["where"] == "all"
    assert len(page.table("Borough", "Associated change (points)")) == 32


def test_what_if_with_half_of_force_warns_of_extrapolation(page: Visit, question: Question) -> None:
    page.set(percent=-50)
    found = what_if(london_panel(), fit(london_panel(), cheap(question), wild=False), question.predictors, -50)
    assert found.beyond_own_record
    assert beyond_sentence(found, VOCABULARY) in warnings(page)
    assert "beyond anything recorded" in beyond_sentence(found, VOCABULARY)


def test_what_if_with_zero_change_asks_for_another(page: Visit) -> None:
    page.set(percent=0)
    assert not [text for text in warnings(page) if "Beyond" in text]
    assert not any(text.startswith("**In this model, ") for text in paragraphs(page))
    assert "Choose a change other than 0%." in [caption.value for caption in page.at.caption]


def test_what_if_with_log_form_says_change_is_the_same_everywhere(amount: Visit) -> None:
    assert any("the same in every borough" in text for text in paragraphs(amount))
    assert not [picture for picture in amount.pictures if "In this model" in picture.alt]
    amount.set(form="count")
    assert not any("the same in every borough" in text for text in paragraphs(amount))
    assert [picture for picture in amount.pictures if "In this model" in picture.alt]


def test_what_if_with_borough_outside_sample_shows_warning(amount: Visit) -> None:
    arrive(amount, LONDON_AMOUNT, areas="Barnet|Brent|Bromley|Camden", where="Sutton")
    assert any("has no borough Sutton" in text for text in warnings(amount))
    amount.set(where=["Brent"])
    assert not any("has no borough" in text for text in warnings(amount))


def test_what_if_with_share_above_one_shows_warning(outcomes: Visit) -> None:
    outcomes.set(form="share", percent=50)
    assert any("more than all records" in text for text in warnings(outcomes))
    assert outcomes.query["percent"] == "50"


# Peers


def test_peers_are_listed_only_while_a_borough_is_picked(page: Visit) -> None:
    def listed() -> list[list[str]]:
        return [item.value["Borough"].tolist() for item in page.at.dataframe if "Why" in item.value]

    assert not listed()
    assert any("Choose a borough" in item.value for item in page.at.caption)
    for borough in ("Camden", "Sutton"):
        page.set(borough=borough)
        assert listed() == [peers(london_panel(), borough)["borough"].tolist()]
        assert f"Boroughs most like {borough}" in [item.value for item in page.at.header]
    page.set(borough="")
    assert not listed()


# Dated events


def marks(visit: Visit) -> int:
    """Charts that mark dated events, by the first of them."""
    first = load_catalogue().read_table("events")["label"].iloc[0]
    return sum(first in picture.spec + "".join(str(d) for d in picture.datasets) for picture in visit.pictures)


def test_events_switch_marks_charts_and_lists_events(page: Visit) -> None:
    assert not [item for item in page.at.expander if item.label == "The dated events"]
    assert marks(page) == 0
    page.set(events=True)
    listed = page.table("No.", "Event", "What happened", "Source")
    assert listed["Event"].tolist() == load_catalogue().read_table("events").sort_values("start")["label"].tolist()
    assert len([item for item in page.at.expander if item.label == "The dated events"]) == 1
    assert marks(page) > 0
    page.set(events=False)
    assert marks(page) == 0


def test_evidence_choices_leave_model_and_answer_unchanged(page: Visit) -> None:
    answer, spec = page.answer, spec_of(page)
    page.set(margin=2.0, grouping="crime", percent=40, where=["Brent"], borough="Brent", events=True)
    assert (page.answer, spec_of(page)) == (answer, spec)
    page.agrees("ModelSpec", "Focus", "EquivalenceMargin", "Grouped", "Scenario")
    again = Visit(page.page, page.linked)
    assert [again.value(name) for name in ("margin", "grouping", "percent", "where", "borough", "events")] == [
        2.0,
        "crime",
        40,
        ["Brent"],
        "Brent",
        True,
    ]
    assert paragraphs(again) == paragraphs(page)


def test_margin_after_predictor_and_form_change_is_unchanged(outcomes: Visit) -> None:
    # The label of the slider states the step, which changes with both.
    outcomes.set(margin=1.0)
    outcomes.set(term="hospitalised")
    outcomes.set(form="share")
    assert (outcomes.value("margin"), outcomes.query["margin"]) == (1.0, "1.0")
