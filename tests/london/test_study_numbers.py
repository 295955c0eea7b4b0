"""The numbers of the London study, computed again from the figures in ``data/``."""

import pytest

from core.london.amount.question import LONDON_AMOUNT
from core.london.panel import OUTCOMES, london_panel
from core.london.questions import VOCABULARY
from core.presentation.models.model_figures import card_lines
from core.presentation.numbers import MINUS
from core.questions.question import AS_PUBLISHED, FIRST_EDITION
from core.stats.regression import FitResult, ModelSpec, fit
from core.tables.catalogue import load_catalogue
from core.tables.panel import Panel

OUTCOME_FINDINGS = {
    "outcome-arrested": "arrested",
    "outcome-hospitalised": "hospitalised",
    "outcome-mental-health-act": "detained_mental_health_act",
    "outcome-other": "other_outcome",
}


@pytest.fixture(scope="module")
def panel() -> Panel:
    return london_panel()


@pytest.fixture(scope="module")
def published(panel: Panel) -> FitResult:
    return fit(panel, LONDON_AMOUNT.presets[AS_PUBLISHED])


@pytest.fixture(scope="module")
def first_edition(panel: Panel) -> FitResult:
    return fit(panel, LONDON_AMOUNT.presets[FIRST_EDITION])


def agrees(computed: float, finding: str) -> bool:
    """Whether `computed`, to as many decimals as the study wrote, is what the study wrote."""
    findings = load_catalogue().read_table("published_findings").set_index("id").to_dict("index")
    reported = findings[finding]
    return round(computed, int(reported["decimals"])) == pytest.approx(reported["value"], abs=1e-12)


def test_study_sample_has_864_rows_with_885267_records(panel: Panel, published: FitResult) -> None:
    used = panel.frame.dropna(subset=["records", "score_mean_of_8"])
    assert published.n == len(used) == 864
    assert (published.n_areas, published.n_periods) == (32, 27)
    assert published.n_dropped == 0
    assert used["records"].sum() == 885_267
    assert agrees(used["records"].sum(), "records-total")


def test_study_share_arrested_is_three_in_four(panel: Panel) -> None:
    used = panel.frame.dropna(subset=["records"])
    share = used["arrested"].sum() / used["records"].sum()
    assert share == pytest.approx(0.75988, abs=5e-6)
    assert agrees(share, "records-arrested-share")


def test_study_amount_as_published_agrees_to_each_digit(published: FitResult) -> None:
    slope = published.estimate("records")
    assert agrees(slope.estimate, "amount-log-coefficient")
    assert round(slope.estimate, 4) == -0.0441
    assert round(slope.estimate / 100, 6) == -0.000441
    assert slope.std_error == pytest.approx(0.0037, abs=5e-5)
    assert round(published.r2, 3) == 0.141
    assert slope.p < 0.001


def test_card_lines_as_published_have_the_reading_of_the_study(published: FitResult) -> None:
    lines = card_lines(published, "records", load_catalogue(), VOCABULARY)
    assert f"Coefficient {MINUS}0.0441 on ln(use-of-force records)" in lines[2]
    assert f"{MINUS}0.000441 in the score (0 to 1)" in lines[3]


def test_study_amount_first_edition_has_no_association(first_edition: FitResult) -> None:
    slope = first_edition.estimate("records")
    assert first_edition.n == 864
    assert slope.estimate == pytest.approx(0.0016, abs=1e-4)
    assert slope.std_error == pytest.approx(0.0125, abs=5e-5)
    # statsmodels also counts the 31 borough effects, which are nested in the clusters, as unknowns.
    assert slope.std_error * ((864 - 28) / (864 - 59)) ** 0.5 == pytest.approx(0.0127, abs=1e-4)
    assert 0.85 < slope.p < 0.95
    assert slope.wild_p is not None
    assert 0.85 < slope.wild_p < 0.95
    assert first_edition.df == 31


def test_study_outcomes_entered_together_agree_with_the_findings(panel: Panel) -> None:
    spec = ModelSpec("score_mean_of_8", OUTCOMES, form="count", covariance="classical")
    result = fit(panel, spec)
    assert result.n == 864
    for finding, name in OUTCOME_FINDINGS.items():
        assert agrees(result.estimate(name).estimate, finding), finding
    assert result.estimate("arrested").estimate == pytest.approx(-5.579e-05, abs=5e-9)
