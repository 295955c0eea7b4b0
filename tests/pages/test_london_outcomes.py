"""The page on what happens to the person: several predictors in one model."""

from dataclasses import replace

import pytest

from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.panel import london_panel
from core.london.questions import VOCABULARY
from core.presentation.numbers import signed
from core.presentation.robustness.robust_text import page_answer
from core.presentation.text import joint_contrast
from core.questions.links import to_query
from core.questions.question import AS_PUBLISHED, RECOMMENDED
from core.questions.robustness import robustness
from core.stats.contributions import contributions
from core.stats.regression import ModelSpec, fit
from core.tables.catalogue import load_catalogue
from tests.pages.visiting import Visit

PAGE = LONDON_OUTCOMES.page
PUBLISHED, BEST = LONDON_OUTCOMES.presets[AS_PUBLISHED], LONDON_OUTCOMES.presets[RECOMMENDED]
CHEAP = replace(BEST, covariance="HC1")  # no bootstrap to wait for
KINDS = LONDON_OUTCOMES.predictors
# One curve of a few specifications, which costs next to nothing.
SHORT = {
    "outcomes": "score_mean_of_8",
    "forms": "count",
    "windows": "quarter",
    "lags": "0",
    "absorbed": "nothing",
    "held": "nothing",
    "samples": "all",
}


def visit(spec: ModelSpec = CHEAP, **more: str) -> Visit:
    return Visit(PAGE, to_query(spec) | SHORT | more)


@pytest.fixture(scope="module")
def shared() -> Visit:
    return visit()


@pytest.fixture
def page(shared: Visit) -> Visit:
    """The page as a link shows it, in one visit for all tests of this file."""
    return shared.go("data").go(PAGE, to_query(CHEAP) | SHORT)


def spec_of(visit: Visit) -> ModelSpec:
    spec = visit.view("ModelSpec")
    assert isinstance(spec, ModelSpec)
    return spec


def consistent(visit: Visit) -> Visit:
    """Assert that answer, address and preset button agree with the model."""
    spec = spec_of(visit)
    found = robustness(london_panel(), LONDON_OUTCOMES, BEST)
    result = fit(london_panel(), spec, wild=False)
    assert visit.answer == page_answer(result, found, load_catalogue(), VOCABULARY)
    assert visit.value("preset") == LONDON_OUTCOMES.preset_of(spec)
    return visit.agrees("ModelSpec", "Focus", "PredictorFocus", "EquivalenceMargin", "Grouped", "Scenario")


def subheaders(visit: Visit) -> list[str]:
    return [item.value for item in visit.at.subheader]


def said(visit: Visit) -> str:
    return "\n".join(item.value for item in (*visit.at.markdown, *visit.at.caption, *visit.at.subheader))


def test_outcomes_page_opens_with_recommended_model_and_presets() -> None:
    page = consistent(Visit(PAGE))
    assert spec_of(page) == BEST
    fits = [fit(london_panel(), spec, wild=False) for spec in (PUBLISHED, BEST)]
    assert joint_contrast(*fits) in said(page)
    for result in fits:
        for kind in KINDS:
            assert f"**{signed(result.estimate(kind).estimate * 1e4)}**" in said(page)
    assert "share three quarters" not in said(page)
    assert "CurveView" in page.views()
    assert not set(SHORT) & set(page.query)


def test_outcomes_page_shows_published_coefficients_as_reported() -> None:
    page = consistent(visit(PUBLISHED))
    table = page.table("Term", "Coefficient").set_index("Term")
    assert list(table.index) == [
        "subject arrested",
        "subject taken to hospital",
        "subject detained under Mental Health Act",
        "other outcome",
        "Constant",
    ]
    reported = load_catalogue().read_table("published_findings").query("topic == 'outcomes'")
    assert reported["id"].str.removeprefix("outcome-").tolist() == [
        "arrested",
        "hospitalised",
        "mental-health-act",
        "other",
    ]
    for found, value, decimals in zip(table["Coefficient"], reported["value"], reported["decimals"], strict=False):
        assert f"{found:.{decimals}f}" == f"{value:.{decimals}f}"
    assert "intervals are too narrow" in said(page)
    assert table["p, Holm-adjusted"].notna().tolist() == [True] * 4 + [False]


def test_preset_buttons_switch_model_and_answer(page: Visit) -> None:
    consistent(page.set(preset=AS_PUBLISHED))
    assert spec_of(page) == PUBLISHED
    assert page.answer.startswith("All four are clearly associated")
    consistent(page.set(preset=RECOMMENDED))
    assert spec_of(page) == BEST
    assert page.answer.startswith("No clear link with any of the four. ")


def test_form_choice_changes_the_answer(page: Visit) -> None:
    answers = {page.answer}
    for form in ("per_1000", "share", "log"):
        consistent(page.set(form=form))
        assert not page.refusals
        answers.add(page.answer)
        assert "of 4 in “Your model”" in said(page)
        assert "Models in another form, whose steps differ, are in the table." in said(page)
    consistent(page.set(form="count"))
    answers.add(page.answer)
    assert len(answers) == 4


def test_predictor_choice_can_be_reduced_to_one(page: Visit) -> None:
    consistent(page.set(predictors=["other_outcome", "hospitalised"]))
    assert spec_of(page).predictors == ("hospitalised", "other_outcome")
    assert page.query["predictors"] == "hospitalised|other_outcome"
    assert len(page.table("Variable", "Variance inflation")) == 2
    consistent(page.set(predictors=["hospitalised"]))
    assert "of four" not in page.answer
    assert load_catalogue().label("hospitalised") in page.answer
    assert "p, Holm-adjusted" not in page.table("Term", "Coefficient")
    assert any(
        title.startswith("Significant links: ") and "of 1 in “Your model”" in title for title in subheaders(page)
    )


def test_empty_predictor_choice_shows_warning_and_last_answer(page: Visit) -> None:
    page.set(predictors=["arrested", "other_outcome"])
    answer, titles = page.answer, subheaders(page)
    page.set(predictors=[])
    (sentence,) = page.refusals
    assert sentence.startswith("The model has no predictor; choose at least one.")
    assert (page.answer, subheaders(page)) == (answer, titles)
    assert page.query["predictors"] == "none"
    assert page.linked == page.query
    consistent(page.set(predictors=["arrested"]))
    assert not page.refusals
    consistent(page.set(predictors=[]).set(preset=RECOMMENDED))
    assert (page.refusals, spec_of(page)) == ([], BEST)


def test_link_without_predictors_shows_warning_and_answer() -> None:
    page = visit(predictors="none")
    assert page.refusals
    assert page.answer
    assert page.value("predictors") == []


def test_predictor_focus_changes_charts_but_not_answer(page: Visit) -> None:
    answer, before = page.answer, subheaders(page)
    consistent(page.set(term="detained_mental_health_act"))
    after = subheaders(page)
    label = load_catalogue().label("detained_mental_health_act")
    assert page.answer == answer
    assert page.query["term"] == "detained_mental_health_act"
    assert any(title.startswith(f"{label}: the part of the fitted score") for title in after)
    assert any(title.startswith(f"{label}: most in") for title in after)
    changed = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    # Other ways to ask, scatter, contribution, yearly means, before and after, what moves it, leaving out, curve.
    assert len(changed) == 8
    groups = page.at.table[0].value
    assert groups.iloc[0]["All together"] == signed(
        fit(london_panel(), CHEAP).estimate("detained_mental_health_act").estimate * 1e4
    )


def test_predictor_focus_outside_the_model_moves_to_another(page: Visit) -> None:
    page.set(term="other_outcome")
    page.set(predictors=["arrested", "hospitalised"])
    assert any(title.startswith("Subject arrested: the part of the fitted score") for title in subheaders(page))
    assert page.value("term") == page.query["term"] == "arrested"
    page.set(predictors=list(KINDS))
    page.set(term="other_outcome")
    assert any(title.startswith("Other outcome: the part of the fitted score") for title in subheaders(page))


def test_contributions_table_equals_that_of_the_model(page: Visit) -> None:
    page.set(predictors=["arrested", "hospitalised"], form="share")
    expected = contributions(london_panel(), fit(london_panel(), spec_of(page), wild=False))
    (everything,) = [item.value for item in page.at.dataframe if "Points" in item.value and item.value.shape[0] == 64]
    assert everything.sort_values(["Kind", "Borough"])["Points"].to_numpy() == pytest.approx(
        expected.sort_values(["term", "area"])["points"].to_numpy()
    )


def test_outcomes_page_link_restores_every_choice() -> None:
    spec = replace(CHEAP, predictors=("hospitalised", "other_outcome"), outcome="trust_mps", form="per_1000")
    more = {
        "term": "other_outcome",
        "borough": "Camden",
        "events": "yes",
        "margin": "0.5",
        "grouping": "crime",
        "percent": "25",
        "where": "Camden|Barnet",
    }
    page = consistent(visit(spec, **more))
    assert not page.at.info
    assert spec_of(page) == spec
    assert page.value("predictors") == ["hospitalised", "other_outcome"]
    assert (page.value("term"), page.value("borough"), page.value("events")) == ("other_outcome", "Camden", True)
    assert (page.value("margin"), page.value("grouping"), page.value("percent")) == (0.5, "crime", 25)
    assert page.value("where") == ["Camden", "Barnet"]
    assert {name: page.query[name] for name in (*more, *SHORT)} == more | SHORT
    again = Visit(PAGE, page.linked)
    assert (again.answer, subheaders(again), again.query) == (page.answer, subheaders(page), page.query)


def test_outcomes_page_with_bad_link_shows_notice_of_each_value() -> None:
    bad = {"predictors": "arrested|teleported", "term": "escaped", "margin": "7", "grouping": "north", "percent": "3"}
    page = visit(CHEAP, **bad)
    (notice,) = page.at.info
    for value in ("teleported", "escaped", "7", "north", "3"):
        assert f"`'{value}'`" in notice.value
    assert spec_of(page).predictors == ("arrested",)
    assert page.query["term"] == "arrested"
    assert not page.has("term"), "there is one alone to look closer at"


def test_outcomes_page_choices_after_another_page_are_unchanged(page: Visit) -> None:
    page.set(predictors=["arrested", "hospitalised"], term="hospitalised", margin=1.0, percent=20, where=["Brent"])
    query, titles = page.query, subheaders(page)
    page.go("london_map").go(PAGE)
    assert (page.query, subheaders(page)) == (query, titles)
    assert (page.value("margin"), page.value("percent"), page.value("where")) == (1.0, 20, ["Brent"])


def test_events_switch_lists_dated_events(page: Visit) -> None:
    charts = len(page.at.get("vega_lite_chart"))
    assert not [item for item in page.at.dataframe if "Event" in item.value]
    page.set(events=True)
    listed = page.table("No.", "Event", "Source")
    assert listed["No."].tolist() == list(range(1, len(listed) + 1))
    assert len(listed) == len(load_catalogue().read_table("events"))
    assert len(page.at.get("vega_lite_chart")) == charts
    assert page.query["events"] == "yes"


def test_share_chart_states_first_and_last_share(page: Visit) -> None:
    assert "Subject arrested is on 68% of records at the start and 67% at the end" in subheaders(page)
