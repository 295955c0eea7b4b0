from dataclasses import replace

import pytest

from core.claims import (
    Advice,
    Case,
    Coefficient,
    Constant,
    Direction,
    Evidence,
    Finding,
    Seen,
    Share,
    Statement,
    Total,
    Verdict,
    models,
    rule_for,
)
from core.london.amount.question import LONDON_AMOUNT
from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.questions import LONDON_FIRST, LONDON_LAST
from core.questions.question import AS_PUBLISHED, FIRST_EDITION, RECOMMENDED
from core.questions.robustness import Robustness, Tried
from core.stats.regression import CONSTANT, Estimate, FitResult, ModelSpec, fit
from core.stats.robustness import Word
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from tests.claims.cases import case, finding, made

AMOUNT = Coefficient(LONDON_AMOUNT, "records")
SPAN = LONDON_FIRST, LONDON_LAST
POOLED = replace(
    LONDON_AMOUNT,
    presets={
        AS_PUBLISHED: LONDON_AMOUNT.presets[AS_PUBLISHED],
        RECOMMENDED: replace(LONDON_AMOUNT.presets[FIRST_EDITION], effects=()),
    },
)


def published(panel: Panel, term: str = "records") -> float:
    return fit(panel, LONDON_AMOUNT.presets[AS_PUBLISHED]).estimate(term).estimate


def verdict(evidence: Evidence) -> Verdict:
    return rule_for(evidence).verdict


def test_coefficient_that_repeats_and_survives_holds(catalogue: Catalogue) -> None:
    panel = made(within=-0.05, over_time=-0.05)
    found = AMOUNT.evidence(case(finding(round(published(panel), 3), 3), panel, catalogue))
    assert verdict(found) is Verdict.STANDS_UP
    assert "keeps its direction" in found.because
    assert found.recomputed.file == found.reported.file
    assert found.proper.file.startswith("-0.0")
    assert "95% interval" in found.proper.file


def test_coefficient_due_to_the_trend_holds_only_as_published(catalogue: Catalogue) -> None:
    panel = made(over_time=-0.05)
    found = AMOUNT.evidence(case(finding(round(published(panel), 3), 3), panel, catalogue))
    assert verdict(found) is Verdict.NOT_SUPPORTED
    assert "there is no clear link" in found.because


def test_coefficient_that_changes_sign_holds_only_as_published(catalogue: Catalogue) -> None:
    panel = made(within=0.05, over_time=-0.15)
    assert published(panel) < 0
    found = AMOUNT.evidence(case(finding(round(published(panel), 3), 3), panel, catalogue))
    assert verdict(found) is Verdict.NOT_SUPPORTED
    assert "goes the other way" in found.because


def test_coefficient_that_differs_does_not_hold(catalogue: Catalogue) -> None:
    panel = made(within=-0.05, over_time=-0.05)
    found = AMOUNT.evidence(case(finding(published(panel) + 0.002, 3), panel, catalogue))
    assert verdict(found) is Verdict.NOT_REPRODUCED


def test_coefficient_without_its_column_cannot_be_checked(catalogue: Catalogue) -> None:
    panel = made()
    found = Coefficient(LONDON_OUTCOMES, "arrested").evidence(case(finding(0.1, 1), panel, catalogue))
    assert verdict(found) is Verdict.CANNOT_BE_CHECKED
    assert "subject arrested" in found.missing
    assert found.recomputed == Statement()


def test_checks_with_partial_figures_cannot_be_checked(catalogue: Catalogue) -> None:
    panel = made(within=-0.05, over_time=-0.05)
    reported = case(finding(round(published(panel), 3), 3), panel, catalogue)
    holed = panel.frame.copy()
    holed.loc[5, "records"] = None
    for frame in (holed, panel.frame[panel.frame["quarter"] > "2018Q1"], panel.frame.drop(index=5)):
        part = replace(reported, figures=Panel(frame))
        assert verdict(AMOUNT.evidence(part)) is Verdict.CANNOT_BE_CHECKED
        assert "use-of-force records" in AMOUNT.evidence(part).missing
        total = Total("records", LONDON_FIRST, LONDON_LAST)
        assert verdict(total.evidence(part)) is Verdict.CANNOT_BE_CHECKED


def test_coefficient_of_unfittable_model_cannot_be_checked(catalogue: Catalogue) -> None:
    panel = made()
    flat = Panel(panel.frame.assign(records=5))
    found = AMOUNT.evidence(case(finding(0.1, 1), flat, catalogue))
    assert verdict(found) is Verdict.CANNOT_BE_CHECKED
    assert "cannot be fitted" in found.missing


def judged_as(word: Word, sign: int, monkeypatch: pytest.MonkeyPatch, london: Panel, catalogue: Catalogue) -> Evidence:
    """Evidence about a reported -0.0441 where the rule has set `word`, and the recommended estimate has `sign`."""
    one = Tried("", "", sign * 0.01, sign * 0.005, sign * 0.015, sign, LONDON_AMOUNT.recommended, 1.0)
    other = replace(one, label="Another", choice="the choice", sign=0)
    found = Robustness(LONDON_AMOUNT.recommended, one, (one, other), (), None, word)
    monkeypatch.setattr(models, "_robust", lambda *_: {"records": found})
    real = fit

    def fake(panel: Panel, spec: ModelSpec, labels: dict[str, str], *, wild: bool) -> FitResult:
        result = real(panel, spec, labels, wild=wild)
        if spec.covariance == "classical":
            return result
        return replace(result, estimates=(Estimate("records", "predictor", sign * 0.02205, 0.005, 31),))

    monkeypatch.setattr(models, "fit", fake)
    return AMOUNT.evidence(case(finding(-0.0441, 4), london, catalogue))


@pytest.mark.parametrize(
    ("word", "sign", "expected", "sentence"),
    [
        ("clear", -1, Verdict.STANDS_UP, "keeps its direction"),
        ("clear", 1, Verdict.NOT_SUPPORTED, "goes the other way"),
        ("none", -1, Verdict.NOT_SUPPORTED, "there is no clear link"),
        ("depends", -1, Verdict.NOT_SUPPORTED, "whether the association is clear depends on the choices"),
        ("depends", 1, Verdict.NOT_SUPPORTED, "goes the other way, and whether it is clear depends"),
    ],
)
def test_coefficient_stands_up_only_where_the_rule_finds_it_clear_and_the_same_way(
    word: Word,
    sign: int,
    expected: Verdict,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    london: Panel,
    catalogue: Catalogue,
) -> None:
    found = judged_as(word, sign, monkeypatch, london, catalogue)
    assert verdict(found) is expected
    assert sentence in found.because
    assert "Of two other ways to ask, one finds the same; what makes the difference is the choice" in found.because
    outside = "at 50% of the size reported, which lies outside"
    assert (outside in found.because) == (expected is Verdict.STANDS_UP)


@pytest.mark.parametrize(
    ("within", "over_time", "text", "expected"),
    [
        (-0.05, -0.05, "negative", Verdict.STANDS_UP),
        (0.05, 0.05, "positive", Verdict.STANDS_UP),
        (0.0, -0.05, "negative", Verdict.NOT_SUPPORTED),
        (-0.05, -0.05, "positive", Verdict.NOT_REPRODUCED),
        (0.0, 0.0, "negative", Verdict.NOT_REPRODUCED),
    ],
)
def test_direction_has_expected_verdict(
    catalogue: Catalogue, within: float, over_time: float, text: str, expected: Verdict
) -> None:
    panel = made(within, over_time)
    found = Direction(LONDON_AMOUNT, "records").evidence(case(finding(text=text), panel, catalogue))
    assert verdict(found) is expected


def test_direction_not_significant_as_published_says_so(catalogue: Catalogue) -> None:
    found = Direction(LONDON_AMOUNT, "records").evidence(case(finding(text="negative"), made(), catalogue))
    assert found.recomputed.file.endswith(", not significant")


def test_constant_of_model_with_effects_holds_only_as_published(catalogue: Catalogue) -> None:
    panel = made(over_time=-0.05)
    reported = finding(round(published(panel, CONSTANT), 4), 4)
    found = Constant(LONDON_AMOUNT).evidence(case(reported, panel, catalogue))
    assert verdict(found) is Verdict.NOT_SUPPORTED
    assert "every borough and quarter" in found.because


def test_constant_of_pooled_model_is_compared_with_its_interval(catalogue: Catalogue) -> None:
    panel = made(over_time=-0.05)
    reported = finding(round(published(panel, CONSTANT), 4), 4)
    found = Constant(POOLED).evidence(case(reported, panel, catalogue))
    assert verdict(found) is Verdict.STANDS_UP
    assert "95% interval" in found.proper.file


def test_constant_with_other_r_squared_does_not_hold(catalogue: Catalogue) -> None:
    panel = made(over_time=-0.05)
    result = fit(panel, LONDON_AMOUNT.presets[AS_PUBLISHED])
    value = round(result.estimate(CONSTANT).estimate, 4)
    for r2, expected in ((result.r2, Verdict.NOT_SUPPORTED), (result.r2 - 0.01, Verdict.NOT_REPRODUCED)):
        reported = finding(value, 4, note=f"together, R-squared {r2:.3f}")
        found = Constant(LONDON_AMOUNT).evidence(case(reported, panel, catalogue))
        assert verdict(found) is expected
        assert f"R-squared {result.r2:.3f}" in found.recomputed.file
        assert f"R-squared {r2:.3f}" in found.reported.file


def test_total_and_share_hold_only_if_they_repeat(catalogue: Catalogue) -> None:
    frame = made().frame.assign(records=10, arrested=4)
    panel = Panel(frame)
    areas = len(panel.areas)
    total = Total("records", "2018Q1", "2018Q4")
    share = Share("arrested", "records", "2018Q1", "2018Q4")
    assert verdict(total.evidence(case(finding(10 * 4 * areas, 0), panel, catalogue))) is Verdict.STANDS_UP
    assert verdict(total.evidence(case(finding(10 * 4 * areas + 1, 0), panel, catalogue))) is Verdict.NOT_REPRODUCED
    assert verdict(share.evidence(case(finding(0.4, 1), panel, catalogue))) is Verdict.STANDS_UP
    assert verdict(share.evidence(case(finding(0.41, 2), panel, catalogue))) is Verdict.NOT_REPRODUCED


def test_total_and_share_without_column_cannot_be_checked(catalogue: Catalogue) -> None:
    panel = made()
    for check in (Total("arrested", "2018Q1", "2018Q4"), Share("arrested", "records", "2018Q1", "2018Q4")):
        assert verdict(check.evidence(case(finding(1.0, 0), panel, catalogue))) is Verdict.CANNOT_BE_CHECKED


@pytest.mark.parametrize(
    "resting",
    [
        Evidence(Statement("1"), Seen("data"), missing="the ages"),
        Evidence(Statement("1"), Seen("data"), repeats=False, stands=True),
        Evidence(Statement("1"), Seen("data"), repeats=True, stands=False, because="it is gone"),
        Evidence(Statement("1"), Seen("data"), repeats=True, stands=True, because="it is there"),
    ],
)
def test_advice_has_the_verdict_of_the_claim_it_relies_on(catalogue: Catalogue, resting: Evidence) -> None:
    asked: list[str] = []

    def others(id_: str) -> tuple[str, Evidence]:
        asked.append(id_)
        return "More force goes with less trust", resting

    advice: Finding = finding(text="use less force")
    found = Advice("other").evidence(Case(advice, None, catalogue, others))
    assert asked == ["other"]
    assert verdict(found) is verdict(resting)
    assert "More force goes with less trust" in found.reason(rule_for(found).reason)
