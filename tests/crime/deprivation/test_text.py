"""Sentences on crime and deprivation: what they say follows from the numbers, and always with its uncertainty."""

import math
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.crime.area import EVERYWHERE, OF_2011, TODAY, outcome_labels
from core.crime.deprivation.question import DISTRICT, MSOA
from core.crime.deprivation.text import (
    ERRORS,
    LABELS,
    OUTCOMES,
    ExplainedShare,
    ModelSummary,
    caveats,
    covariance_of,
    crime_answer,
    crime_card,
    measure_of,
    moran_errors,
    moran_text,
    per_cent,
    rank_certainty,
    ranks_reported,
    reported,
    share_text,
    short_label,
    with_outliers,
)
from core.crime.geography.spatial import Moran
from core.crime.text import the
from core.presentation.numbers import MINUS
from core.stats.regression import Estimate, FitResult, ModelSpec

SPEC = ModelSpec("log_records_per_1000", ("imd_score",), form="count", effects=(DISTRICT,), cluster=MSOA)
SHARE = ExplainedShare(0.31, 0.26, 0.37)


def result(
    spec: ModelSpec = SPEC, estimate: float = 0.02, std_error: float = 0.001, wild: float | None = None
) -> FitResult:
    found = Estimate("imd_score", "predictor", estimate, std_error, 300, wild)
    return FitResult(
        spec=spec,
        estimates=(found,),
        n=1656,
        n_dropped=24,
        n_areas=356,
        n_periods=1656,
        first_period="a",
        last_period="z",
        clusters=(("MSOA", 356),),
        df=300,
        r2=0.4,
        r2_within=0.31,
        note="Errors of some kind.",
        warnings=(),
        covariance=((std_error**2,),),
    )


def model_summary(
    spec: ModelSpec = SPEC, estimate: float = 0.02, std_error: float = 0.001, share: ExplainedShare = SHARE
) -> ModelSummary:
    return ModelSummary(result(spec, estimate, std_error), share, 176.0, 1680)


def test_per_cent_of_logarithm_and_count_agrees_with_formula() -> None:
    assert per_cent(0.0211, SPEC, math.nan) == pytest.approx(100 * (math.exp(0.211) - 1))
    assert per_cent(3.33, replace(SPEC, outcome="records"), 176.0) == pytest.approx(100 * 33.3 / 176)
    assert per_cent(3.33, replace(SPEC, outcome="records_typical"), 150.0) == pytest.approx(22.2)
    poisson = replace(SPEC, outcome="records", response="poisson")
    assert per_cent(0.0211, poisson, 176.0) == pytest.approx(100 * (math.exp(0.211) - 1))


@given(st.floats(-0.05, 0.05), st.sampled_from(["log_records", "records"]))
def test_per_cent_has_the_sign_of_the_slope(slope: float, outcome: str) -> None:
    assert math.copysign(1, per_cent(slope, replace(SPEC, outcome=outcome), 100.0)) == math.copysign(1, slope)


def test_crime_answer_has_place_comparison_effect_interval_and_share() -> None:
    sentence = crime_answer(model_summary(), "West Midlands")
    assert sentence == (
        "Yes, in this model. In 1,656 of the 1,680 small areas (LSOAs) of the West Midlands, comparing those of the "
        "same district, ten points more on the deprivation score are linked to 22.1% more recorded crime per resident "
        "(95% interval +19.8 to +24.6%), and the score accounts for 31% (26 to 37%) of the "
        "differences within districts."
    )


@pytest.mark.parametrize(
    ("estimate", "std_error", "start", "text"),
    [
        (-0.02, 0.001, "No: less, not more, in this model.", "18.1% less recorded crime"),
        (0.001, 0.01, "No clear association.", "so there may be no difference"),
        (-0.001, 0.01, "No clear association.", "1.0% less recorded crime per resident"),
    ],
)
def test_crime_answer_states_direction_or_no_clear_association(
    estimate: float, std_error: float, start: str, text: str
) -> None:
    sentence = crime_answer(model_summary(estimate=estimate, std_error=std_error), "South Yorkshire")
    assert sentence.startswith(start)
    assert text in sentence
    assert "of South Yorkshire" in sentence


@pytest.mark.parametrize(
    ("effects", "compared", "inside"),
    [((), "Yorkshire, ten points", "differences."), ((MSOA,), "of the same MSOA", "differences within MSOAs.")],
)
def test_crime_answer_states_the_comparison(effects: tuple[str, ...], compared: str, inside: str) -> None:
    sentence = crime_answer(model_summary(replace(SPEC, effects=effects)), "South Yorkshire")
    assert compared in sentence
    assert sentence.endswith(inside)


def test_crime_answer_names_score_without_crime_and_counts() -> None:
    spec = replace(SPEC, outcome="records", predictors=("imd_score",))
    assert "per resident" not in crime_answer(model_summary(spec, 3.3, 0.2), "South Yorkshire")
    other = replace(result(), spec=replace(SPEC, predictors=("imd_score_without_crime",)))
    renamed = replace(other, estimates=(replace_name(other.estimates[0]),))
    assert "on the deprivation score without its crime domain" in crime_answer(
        ModelSummary(renamed, SHARE, 1.0, 1656), "South Yorkshire"
    )


def replace_name(found: Estimate) -> Estimate:
    return Estimate("imd_score_without_crime", found.role, found.estimate, found.std_error, found.df)


def test_share_text_without_interval_has_none() -> None:
    assert share_text(ExplainedShare(0.314)) == "31%"
    assert share_text(ExplainedShare(0.314, 0.262, 0.371)) == "31% (26 to 37%)"


@pytest.mark.parametrize("name", ["West Midlands", "City of London"])
def test_the_adds_article_to_some_places(name: str) -> None:
    assert the(name) == f"the {name}"
    assert the("South Yorkshire") == "South Yorkshire"


def test_crime_card_has_headline_coefficient_and_share() -> None:
    headline, what, coefficient, share = crime_card(model_summary())
    assert headline == "+22.1%"
    assert what.startswith("recorded crime per resident for ten points more on the deprivation score; 95")
    assert "0.0200" in coefficient
    assert "standard error 0.0010, p-value below 0.001" in coefficient
    assert share.startswith("District effects; the score accounts for 31")


def associations(r: dict[str, float], strongest: dict[str, float], weakest: dict[str, float]) -> pd.DataFrame:
    rows = [
        {"place": place, "r": value, "r_low": value - 0.1, "r_high": value + 0.1, "r2": value**2}
        | {"strongest": strongest.get(place), "weakest": weakest.get(place)}
        for place, value in r.items()
    ]
    return pd.DataFrame(rows).astype({"strongest": float, "weakest": float})


TABLE = associations(
    {EVERYWHERE: 0.27, "Eastby": 0.5, "Midby": 0.1, "Westby": 0.3},
    {"Eastby": 0.997, "Midby": 0.0, "Westby": 0.003},
    {"Eastby": 0.0, "Midby": 0.75, "Westby": 0.25},
)


def test_rank_certainty_states_chances_of_first_and_last() -> None:
    sentence = rank_certainty(TABLE)
    assert "Of the three districts, we are over 99% sure that the link is strongest in Eastby" in sentence
    assert "75% sure that it is weakest in Midby" in sentence
    assert rank_certainty(TABLE[TABLE["place"].isin([EVERYWHERE, "Midby"])]) == ""


def test_reported_has_study_numbers_next_to_results() -> None:
    findings = pd.Series({"r2-all": 0.0752395})
    sentence = reported(findings, TABLE)
    assert "printed 0.075" in sentence
    assert "+0.27 (95% interval +0.17 to +0.37)" in sentence
    texts = pd.Series({"strongest-district": "Walsall", "weakest-district": "Sandwell"})
    named = ranks_reported(texts, TABLE)
    assert "Walsall as the strongest and Sandwell as the weakest" in named
    assert "Eastby is strongest (+0.50) and Midby weakest (+0.10)" in named


@pytest.mark.parametrize("groups", [(), (MSOA,), (DISTRICT, MSOA)])
def test_moran_text_and_errors_of_alike_neighbours_state_the_effect(groups: tuple[str, ...]) -> None:
    alike = Moran(0.16, -0.01, 0.001, 1680, 0, 999)
    sentence = moran_text(alike, "imd_score", "the recommended model")
    assert sentence.startswith(
        "Moran's I of the residuals of the recommended model is +0.16 (p-value 0.001 against 999"
    )
    assert "more alike" in sentence
    errors = moran_errors(alike, groups)
    assert ("by MSOA" in errors, "by district" in errors) == (MSOA in groups, DISTRICT in groups)
    assert "can be too small" in errors


def test_moran_text_without_clear_statistic_says_none() -> None:
    none = Moran(0.01, -0.01, 0.4, 100, 0, 999)
    assert "says nothing about its neighbours" in moran_text(none, "imd_score", "your model")
    assert "lose little" in moran_errors(none, (MSOA,))
    assert "less alike" in moran_text(replace(none, statistic=-0.2, p=0.01), "imd_score", "your model")


def test_outcomes_have_parts_and_short_labels() -> None:
    assert set(OUTCOMES) == {name for name in outcome_labels() if not name.startswith("relative_")}
    assert {measure_of(name) for name in OUTCOMES} == {name for name in OUTCOMES if with_outliers(name)}
    assert short_label("relative_records_per_1000_typical") == "Rate, outliers out"
    assert short_label("log_records") == "ln(count)"
    assert len({short_label(name) for name in OUTCOMES}) == len(OUTCOMES) == 8
    assert set(OUTCOMES) <= set(LABELS)


def test_covariance_of_each_kind_of_error_is_known() -> None:
    assert {kind: covariance_of(kind) for kind in ERRORS} == {
        MSOA: "cluster",
        DISTRICT: "cluster",
        "conley": "conley",
        "HC1": "HC1",
        "classical": "classical",
    }


def test_crime_text_has_no_cause_and_a_true_minus() -> None:
    texts = [
        *caveats(OF_2011),
        *caveats(TODAY),
        crime_answer(model_summary(), "West Midlands"),
        crime_answer(model_summary(estimate=-0.02), "West Midlands"),
    ]
    for text in texts:
        assert "cause" not in text
        assert "nan" not in text
    assert MINUS in texts[-1]
