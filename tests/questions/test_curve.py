"""The choices of the curve: every alternative on offer, what is ticked at first, where the presets are."""

from dataclasses import fields, replace
from itertools import product

import pytest

from core.london.amount.question import LONDON_AMOUNT
from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.questions import SAMPLES, VOCABULARY
from core.presentation.robustness.curve_figures import COLUMNS, curve_finding, joint_figure, kinds_note
from core.presentation.text import curve_text
from core.questions.curve import (
    LONG_ENOUGH,
    CurveView,
    choices,
    dimensions,
    first_view,
    marked_specs,
    of_kind,
    samples_of,
)
from core.questions.links import NOTHING, SEPARATOR, from_query, to_query
from core.questions.question import PRESET_LABELS, Question
from core.registry.pages import QUESTIONS
from core.stats.regression import NoChoice, fit
from core.stats.regression.curves.choices import TRENDS, Choices
from core.stats.regression.curves.curve import specification_curve
from core.stats.regression.curves.joint import joint_by_estimand
from core.tables.catalogue import Catalogue
from core.tables.options import COVARIANCES, FORMS, LAGS, SPATIAL, WEIGHTS, WINDOWS
from core.tables.panel import Panel

NAMES = [field.name for field in fields(CurveView)]
every_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.page)
every_choice = pytest.mark.parametrize("name", NAMES)


def first(question: Question, panel: Panel, catalogue: Catalogue) -> CurveView:
    return first_view(dimensions(question, panel, catalogue))


def made_of(question: Question, view: CurveView, panel: Panel) -> Choices:
    return choices(view, question.predictors, samples_of(question, panel))


@every_question
def test_dimensions_are_the_fields_of_curve_view(question: Question, panel: Panel, catalogue: Catalogue) -> None:
    offered = dimensions(question, panel, catalogue)
    assert list(offered) == NAMES == list(COLUMNS)
    labels = [dimension.label for dimension in offered.values()]
    assert len(set(labels)) == len(labels)
    for dimension in offered.values():
        assert len(set(dimension.alternatives.values())) == len(dimension.alternatives)
        assert all(dimension.alternatives.values())


@every_question
def test_choices_with_each_alternative_make_specifications(
    question: Question, panel: Panel, catalogue: Catalogue
) -> None:
    start = first(question, panel, catalogue)
    for name, dimension in dimensions(question, panel, catalogue).items():
        for alternative in dimension.alternatives:
            made = made_of(question, replace(start, **{name: (alternative,)}), panel)
            specs = list(made.specs())
            assert len(specs) == len(made) == len(set(specs))
            assert {spec.predictors for spec in specs} == {question.predictors}


@every_question
def test_choices_with_different_alternatives_differ(question: Question, panel: Panel, catalogue: Catalogue) -> None:
    start = first(question, panel, catalogue)
    for name, dimension in dimensions(question, panel, catalogue).items():
        sets = [
            frozenset(made_of(question, replace(start, **{name: (alternative,)}), panel).specs())
            for alternative in dimension.alternatives
        ]
        assert len(set(sets)) == len(sets)


@every_question
def test_first_view_is_offered_and_of_runnable_size(question: Question, panel: Panel, catalogue: Catalogue) -> None:
    start = first(question, panel, catalogue)
    for name, dimension in dimensions(question, panel, catalogue).items():
        assert getattr(start, name) == dimension.ticked
        assert set(dimension.ticked) <= set(dimension.alternatives)
        assert dimension.ticked
    assert 100 < len(made_of(question, start, panel)) < 2_000


def test_first_view_has_counts_only_where_the_study_used_them(panel: Panel, catalogue: Catalogue) -> None:
    assert "count" not in first(LONDON_AMOUNT, panel, catalogue).forms
    assert "count" in first(LONDON_OUTCOMES, panel, catalogue).forms


def test_choices_of_full_view_have_every_model_option(panel: Panel, catalogue: Catalogue) -> None:
    everything = CurveView(
        **{name: tuple(d.alternatives) for name, d in dimensions(LONDON_AMOUNT, panel, catalogue).items()}
    )
    made = choices(everything, LONDON_AMOUNT.predictors, SAMPLES)
    assert made.outcomes == LONDON_AMOUNT.outcomes
    assert set(made.forms) == set(LONDON_AMOUNT.forms) <= set(FORMS)
    assert (set(made.windows), set(made.weights)) == (set(WINDOWS), set(WEIGHTS))
    assert set(made.covariances) == set(COVARIANCES) - set(SPATIAL)
    assert made.lags == (0, 1, 2, 4)
    assert set(made.lags) <= set(LAGS)
    both = ("borough", "quarter")
    assert made.effects == ((), ("borough",), ("quarter",), both, (*both, TRENDS))
    assert made.controls == ((), *((name,) for name in LONDON_AMOUNT.controls))
    assert made.samples == tuple(SAMPLES.values())


@every_choice
def test_choices_with_nothing_ticked_raise_no_choice(name: str, panel: Panel, catalogue: Catalogue) -> None:
    with pytest.raises(NoChoice, match=r"^No [a-z ]+ is ticked; tick at least one\.$"):
        choices(replace(first(LONDON_AMOUNT, panel, catalogue), **{name: ()}), LONDON_AMOUNT.predictors, SAMPLES)


@every_question
def test_link_of_curve_view_restores_each_alternative(question: Question, panel: Panel, catalogue: Catalogue) -> None:
    offered = dimensions(question, panel, catalogue)
    start = first_view(offered)
    allowed = {name: list(dimension.alternatives) for name, dimension in offered.items()}
    for name, dimension in offered.items():
        alone = [(alternative,) for alternative in dimension.alternatives]
        for ticked in ((), *alone, tuple(dimension.alternatives)):
            view = replace(start, **{name: ticked})
            assert from_query(to_query(view), start, allowed) == (view, [])
        assert not [text for text in dimension.alternatives if SEPARATOR in text or text == NOTHING]


@pytest.mark.parametrize("question", [LONDON_AMOUNT, LONDON_OUTCOMES], ids=lambda question: question.page)
def test_marked_specs_of_both_presets_are_on_the_first_curve(
    question: Question, panel: Panel, catalogue: Catalogue
) -> None:
    made = made_of(question, first(question, panel, catalogue), panel)
    marked = marked_specs(question, made)
    assert list(marked) == list(PRESET_LABELS)
    near = {name: tuple({getattr(spec, name) for spec in marked.values()}) for name in ("outcome", "form")}
    smaller = replace(made, outcomes=near["outcome"], forms=near["form"], samples=made.samples[:2], lags=(0,))
    curve = specification_curve(panel, smaller, question.predictors[0])
    places = [curve.mark(spec) for spec in marked.values()]
    assert None not in places
    assert len(set(places)) == len(places)


@every_question
def test_marked_specs_are_among_first_specs_except_sample_ends(
    question: Question, panel: Panel, catalogue: Catalogue
) -> None:
    made = made_of(question, first(question, panel, catalogue), panel)
    specs = {replace(spec, start="", end="") for spec in made.specs()}
    for spec in marked_specs(question, made).values():
        assert replace(spec, start="", end="") in specs


@every_question
def test_marked_specs_use_available_errors(question: Question, panel: Panel, catalogue: Catalogue) -> None:
    start = first(question, panel, catalogue)
    for errors, preset in product((("classical", "cluster"), ("HC1",)), question.presets):
        made = made_of(question, replace(start, errors=errors), panel)
        marked = marked_specs(question, made)[preset]
        own = question.presets[preset].covariance
        assert marked.covariance == (own if own in errors else errors[0])
        assert replace(marked, covariance=own) == question.presets[preset]


def test_curve_of_a_model_with_trends_has_them_next_to_area_effects_alone() -> None:
    made = Choices(predictors=("records",), outcomes=("trust_mps",), effects=((), ("borough",), ("borough", "quarter")))
    spec = replace(LONDON_AMOUNT.recommended, trends=True)
    found = of_kind(made, spec, "borough", "quarter")
    assert (found.trends, found.effects) == (True, (("borough",), ("borough", "quarter")))
    assert all(one.trends for one in found.specs())
    assert of_kind(replace(made, effects=((),)), spec, "borough", "quarter").effects == (("borough",),)
    assert marked_specs(LONDON_AMOUNT, found) == {}


BOTH_AND_TRENDS = f"borough+quarter+{TRENDS}"


def test_curve_offers_trends_of_areas_as_effects_where_panel_is_long(panel: Panel, catalogue: Catalogue) -> None:
    offered = dimensions(LONDON_AMOUNT, panel, catalogue)["absorbed"]
    assert offered.alternatives[BOTH_AND_TRENDS] == "Both effects and borough trends"
    assert BOTH_AND_TRENDS not in offered.ticked
    few = panel.frame["quarter"].isin(panel.periods[: LONG_ENOUGH - 1])
    short = replace(panel, frame=panel.frame[few])
    assert BOTH_AND_TRENDS not in dimensions(LONDON_AMOUNT, short, catalogue)["absorbed"].alternatives


def test_curve_with_trends_ticked_has_the_estimates_of_the_models(panel: Panel, catalogue: Catalogue) -> None:
    view = replace(first(LONDON_AMOUNT, panel, catalogue), absorbed=("borough+quarter", BOTH_AND_TRENDS))
    view = replace(view, outcomes=("trust_mps",), forms=("log",), windows=("year",), lags=("0",), samples=("all",))
    curve = specification_curve(panel, made_of(LONDON_AMOUNT, view, panel), "records")
    assert {(spec.effects, spec.trends) for spec in curve.specs} == {
        (("borough", "quarter"), False),
        (("borough", "quarter"), True),
    }
    for spec, estimate, error in zip(curve.specs, curve.table["estimate"], curve.table["std_error"], strict=True):
        found = fit(panel, spec, wild=False).estimate("records")
        assert (estimate, error) == pytest.approx((found.estimate, found.std_error), rel=1e-9)
        assert curve.mark(spec) is not None
    assert set(curve.table["effects"]) == {"borough + quarter", f"borough + quarter + {TRENDS}"}
    text = curve_text(VOCABULARY)
    finding = curve_finding(curve, "records", text)
    assert finding.startswith(f"Of {len(curve.table) // 2} specifications with borough and quarter effects")
    assert "with other effects, ask another question" in finding
    joint = joint_by_estimand(panel, curve.specs, "records")
    assert set(joint) == {("borough", "quarter"), ("borough", "quarter", TRENDS)}
    table = joint_figure(joint, 1.0).table
    assert set(table["Effects"]) == {"Borough and quarter effects", f"Borough and quarter effects and a {TRENDS}"}
    assert "With borough and quarter effects, " in joint_figure(joint, 1.0).title


def test_trends_play_no_part_among_changes_and_count_once_in_a_model_that_has_them() -> None:
    sets = (("borough", "quarter"), ("borough", "quarter", TRENDS))
    made = Choices(predictors=("records",), outcomes=("trust_mps",), effects=sets)
    for changes, specs in ((True, {(("quarter",), False)}), (False, {(("borough", "quarter"), True)})):
        spec = replace(LONDON_AMOUNT.recommended, trends=not changes, differences=changes)
        found = of_kind(made, spec, "borough", "quarter")
        assert len(found) == 1
        assert {(one.effects, one.trends) for one in found.specs()} == specs


def test_kinds_note_names_what_the_question_offers_and_the_model_has_not() -> None:
    spec = LONDON_AMOUNT.recommended
    plain = kinds_note(LONDON_AMOUNT, spec)
    for name in ("The logarithm of the outcome", "changes from one quarter to the next", "squares", "by group"):
        assert name in plain
    assert "Poisson" not in plain, "London does not offer it"
    assert "Every specification here" not in plain
    bent = kinds_note(LONDON_AMOUNT, replace(spec, squares=True, response="log"))
    assert bent.startswith("Every specification here has the logarithm of the outcome and squares, ")
    assert "Changes from one quarter to the next and associations by group change what" in bent
    one_kind = replace(LONDON_AMOUNT, responses=("level", "poisson"), changes=False, squares=False, moderators=())
    assert kinds_note(one_kind, spec).startswith("Poisson regression changes what")
    assert kinds_note(replace(one_kind, responses=("level",)), spec) == ""
