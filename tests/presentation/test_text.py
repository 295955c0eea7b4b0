import math
import re
from dataclasses import replace
from functools import cache
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.home import text as home_text
from core.london.map import text as map_text
from core.london.map.figures import KINDS, MapView
from core.london.panel import london_panel
from core.london.questions import CAVEAT, VOCABULARY
from core.presentation.models.comparison import comparison
from core.presentation.models.effects import effect
from core.presentation.numbers import MINUS, interval_text, lower_first, number, plural, probability, signed
from core.presentation.text import answer, contrast, uncertainty_text
from core.stats.regression import Estimate, FitResult, ModelSpec, fit
from core.stats.regression.result import Cautious
from core.tables.catalogue import Catalogue, load_catalogue
from core.tables.options import Form

SPEC = ModelSpec("trust_mps", ("records",), effects=("borough", "quarter"))
DF = 31
finite = st.floats(-1e9, 1e9, allow_nan=False)


@cache
def real() -> FitResult:
    return fit(london_panel(), replace(SPEC, outcome="score_mean_of_8"), wild=False)


def found(estimate: float, std_error: float, spec: ModelSpec = SPEC, wild_p: float | None = None) -> FitResult:
    """A result with one made-up coefficient."""
    coefficient = Estimate("records", "predictor", estimate, std_error, DF, wild_p)
    return replace(real(), spec=spec, estimates=(coefficient,))


CLEARLY_LOWER, CLEARLY_HIGHER, UNCLEAR = found(-0.05, 0.01), found(0.05, 0.01), found(0.01, 0.05)


def test_answer_states_direction_or_no_clear_association(catalogue: Catalogue) -> None:
    lower, higher, unclear = (
        answer(result, "records", catalogue, VOCABULARY) for result in (CLEARLY_LOWER, CLEARLY_HIGHER, UNCLEAR)
    )
    assert lower.startswith("Yes")
    assert " lower (" in lower
    assert higher.startswith("No: higher, not lower, in this model.")
    assert " higher (" in higher
    assert unclear.startswith("No clear association")
    assert "there may be no link" in unclear
    assert len({lower, higher, unclear}) == 3


@pytest.mark.parametrize("result", [CLEARLY_LOWER, CLEARLY_HIGHER, UNCLEAR])
@pytest.mark.parametrize("form", get_args(Form))
def test_answer_has_interval_step_and_outcome(result: FitResult, form: Form, catalogue: Catalogue) -> None:
    shown = replace(result, spec=replace(SPEC, form=form))
    statement = effect(shown.estimate("records"), shown.spec, catalogue, VOCABULARY)
    sentence = answer(shown, "records", catalogue, VOCABULARY)
    assert f"95% interval {interval_text(statement.low, statement.high, statement.digits)}" in sentence
    assert statement.step in sentence
    assert catalogue.label("trust_mps") in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize("form", get_args(Form))
def test_verb_agrees_with_the_step(form: Form, catalogue: Catalogue) -> None:
    sentence = answer(replace(UNCLEAR, spec=replace(SPEC, form=form)), "records", catalogue, VOCABULARY)
    one = f", {VOCABULARY.steps[form].text}".startswith(", one ")
    assert (" is linked to " in sentence, " are linked to " in sentence) == (one, not one)


def test_effect_is_in_points_for_a_step(catalogue: Catalogue) -> None:
    statement = effect(CLEARLY_LOWER.estimate("records"), SPEC, catalogue, VOCABULARY)
    assert statement.value == pytest.approx(-0.05 * math.log(1.1) * 100)
    # t with 31 degrees of freedom, from any table: 2.0395.
    assert statement.low == pytest.approx((-0.05 - 2.0395 * 0.01) * math.log(1.1) * 100, abs=1e-4)
    assert statement.low < statement.value < statement.high
    assert statement.step == "10% more use-of-force records"
    rate = effect(CLEARLY_LOWER.estimate("records"), replace(SPEC, form="per_1000"), catalogue, VOCABULARY)
    assert rate.value == pytest.approx(-5)
    count = effect(CLEARLY_LOWER.estimate("records"), replace(SPEC, form="count"), catalogue, VOCABULARY)
    assert count.value == pytest.approx(-500)


@given(estimate=st.floats(-1, 1), std_error=st.floats(1e-4, 1))
def test_effect_is_clear_if_interval_excludes_zero(estimate: float, std_error: float) -> None:
    result = found(estimate, std_error)
    coefficient = result.estimate("records")
    statement = effect(coefficient, SPEC, load_catalogue(), VOCABULARY)
    assert statement.clear == (coefficient.low > 0 or coefficient.high < 0)
    sentence = answer(result, "records", load_catalogue(), VOCABULARY)
    assert ("there may be no link" in sentence) == (not statement.clear)
    assert (" lower (" in sentence) == (statement.clear and estimate < 0)
    assert (" higher (" in sentence) == (statement.clear and estimate > 0)


def test_sentences_do_not_claim_a_cause(catalogue: Catalogue) -> None:
    sentences = [
        CAVEAT,
        home_text.INTRODUCTION,
        home_text.ABOUT_FACT_CHECK,
        *(map_text.map_note(MapView(kind=kind, quarter="2023Q4"), times) for kind in KINDS for times in (None, 4.2)),
        *(answer(result, "records", catalogue, VOCABULARY) for result in (CLEARLY_LOWER, CLEARLY_HIGHER, UNCLEAR)),
        *(uncertainty_text(result, "records", VOCABULARY) for result in (CLEARLY_LOWER, UNCLEAR)),
    ]
    for sentence in sentences:
        assert not re.search(r"\b(causes?|caused|leads? to|led to|because of|effect of force)\b", sentence), sentence


def test_comparison_names_the_effects() -> None:
    sentences = {
        effects: comparison(found(0.01, 0.05, replace(SPEC, effects=effects)), VOCABULARY)
        for effects in ((), ("borough",), ("quarter",), ("borough", "quarter"), ("quarter", "borough"))
    }
    assert "each borough with itself" in sentences[("borough",)]
    assert "all of London" in sentences[("borough", "quarter")]
    assert sentences[("borough", "quarter")] == sentences[("quarter", "borough")]
    assert len(set(sentences.values())) == 4


def test_uncertainty_text_has_only_available_p_values() -> None:
    plain, wild = (uncertainty_text(found(-0.02, 0.01, wild_p=p), "records", VOCABULARY) for p in (None, 0.0712))
    assert "bootstrap" not in plain
    assert "; 0.071 by wild cluster bootstrap" in wild
    assert probability(found(-0.02, 0.01).estimate("records").p) in plain


@pytest.mark.parametrize("covariance", ["classical", "HC1"])
def test_uncertainty_text_with_independent_errors_says_too_narrow(covariance: Any) -> None:
    assert "too narrow" in uncertainty_text(
        found(-0.02, 0.01, replace(SPEC, covariance=covariance)), "records", VOCABULARY
    )
    assert "864 borough-quarters" in uncertainty_text(
        found(-0.02, 0.01, replace(SPEC, covariance=covariance)),
        "records",
        VOCABULARY,
    )


@pytest.mark.parametrize("covariance", ["cluster", "two_way", "driscoll_kraay"])
def test_uncertainty_text_with_related_errors_has_no_warning(covariance: Any) -> None:
    assert "too narrow" not in uncertainty_text(
        found(-0.02, 0.01, replace(SPEC, covariance=covariance)), "records", VOCABULARY
    )


def test_contrast_changes_with_both_results(catalogue: Catalogue) -> None:
    def statement(published: FitResult, recommended: FitResult) -> str:
        return contrast(published, recommended, "records", catalogue, VOCABULARY)

    assert "is not clear" in statement(CLEARLY_LOWER, UNCLEAR)
    assert "changes its direction" in statement(CLEARLY_LOWER, CLEARLY_HIGHER)
    assert "keeps its direction" in statement(CLEARLY_LOWER, CLEARLY_LOWER)
    assert "appears only" in statement(UNCLEAR, CLEARLY_LOWER)
    assert "Neither" in statement(UNCLEAR, UNCLEAR)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (-0.004, 2, "0.00"),
        (-0.0, 1, "0.0"),
        (-0.006, 2, f"{MINUS}0.01"),
        (1234.5, 0, "1,234"),
        (-1234567.891, 1, f"{MINUS}1,234,567.9"),
        (0.5, 3, "0.500"),
    ],
)
def test_number_has_true_minus_and_no_negative_zero(value: float, digits: int, text: str) -> None:
    assert number(value, digits) == text


@given(value=finite, digits=st.integers(0, 4))
def test_number_and_signed_read_back(value: float, digits: int) -> None:
    for write in (number, signed):
        text = write(value, digits)
        assert "-" not in text
        read = float(text.replace(",", "").replace(MINUS, "-"))
        assert read == pytest.approx(round(value, digits), abs=1e-9)
        assert not (read == 0 and text[0] in (MINUS, "+"))
    assert signed(value, digits)[0] in (MINUS, "+") or round(value, digits) == 0


@pytest.mark.parametrize(("count", "text"), [(0, "0 rows"), (1, "1 row"), (2000, "2,000 rows")])
def test_plural_agrees_with_the_number(count: int, text: str) -> None:
    assert plural(count, "row") == text


def test_interval_text_shows_both_signs() -> None:
    assert interval_text(-0.494, 0.351) == f"{MINUS}0.49 to +0.35"
    assert interval_text(-0.004, 0.04, 1) == "0.0 to 0.0"


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0, "below 0.001"),
        (0.00099, "below 0.001"),
        (0.001, "0.001"),
        (0.0494, "0.049"),
        (0.8977, "0.90"),
        (1, "1.00"),
    ],
)
def test_probability_is_rounded_for_reading(p: float, text: str) -> None:
    assert probability(p) == text


@given(p=st.floats(0, 1))
def test_probability_is_never_zero(p: float) -> None:
    text = probability(p)
    assert text.startswith("below") or float(text) > 0


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("Use-of-force records", "use-of-force records"),
        ("IMD score", "IMD score"),
        ("Trust the Met", "trust the Met"),
        ("A-level results", "a-level results"),
        ("", ""),
        ("X", "x"),
    ],
)
def test_lower_first_leaves_acronyms(label: str, inside: str) -> None:
    assert lower_first(label) == inside


def test_answer_with_small_clear_effect_has_enough_digits(catalogue: Catalogue) -> None:
    small = replace(CLEARLY_LOWER, spec=replace(SPEC, form="share"))
    statement = effect(small.estimate("records"), small.spec, catalogue, VOCABULARY)
    assert statement.clear
    assert statement.digits > 2 or abs(statement.value) >= 0.005
    assert "0.00 points lower" not in answer(small, "records", catalogue, VOCABULARY)


@pytest.mark.parametrize(
    ("low", "high", "start", "interval"),
    [
        (-0.08, -0.02, "Yes", (-0.08, -0.02)),
        (-0.12, 0.02, "No clear association", (-0.12, 0.02)),
        (-math.inf, math.inf, "No clear association", (-0.05 - 2.0395 * 0.01, -0.05 + 2.0395 * 0.01)),
    ],
)
def test_answer_takes_the_cautious_interval_where_few_clusters_carry_it(
    low: float, high: float, start: str, interval: tuple[float, float], catalogue: Catalogue
) -> None:
    estimate = replace(CLEARLY_LOWER.estimate("records"), cautious=Cautious("few_carry_it", 2.1, low, high))
    result = replace(CLEARLY_LOWER, estimates=(estimate,))
    shown = effect(estimate, SPEC, catalogue, VOCABULARY)
    assert (shown.low, shown.high) == pytest.approx(tuple(math.log(1.1) * 100 * end for end in interval), abs=1e-3)
    sentence = answer(result, "records", catalogue, VOCABULARY)
    assert sentence.startswith(start)
    assert "inf" not in sentence
    assert ("there may be no link" in sentence) == (start != "Yes")
