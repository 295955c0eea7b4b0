"""The survey's sampling error: margins by hand, the design effect of surveys of a known make-up, ranks that hold."""

import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.london.forecasting.state_space import CENTRE
from core.london.panel import TRUST, survey_panel
from core.london.survey_error import (
    FIRST_DESIGN,
    WINDOW,
    Floats,
    autocovariances,
    design_effect,
    estimated_design_effect,
    interviews,
    score_change_margin,
    score_error,
    score_margin,
    score_margins,
)
from core.london.survey_text import effect_text, survey_error_text
from core.stats.ranks import ranks
from core.stats.uncertainty import Z_95
from core.tables.quarters import quarters_between
from tests.london.forecasting.simulated import TRUTH, survey, table

DOCS = Path(__file__).parents[2] / "docs"
QUARTERS = quarters_between("2014Q4", "2026Q1")
BOROUGHS = 32
scores = st.floats(0.01, 0.99)
quarters = st.sampled_from(QUARTERS)


def one(value: float) -> pd.Series:
    return pd.Series([value])


def long_table(measures: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Tables of measures, quarters by boroughs, as the table of the survey is."""
    columns = {
        name: each.set_axis(each.index.astype(str)).rename_axis("quarter").melt(ignore_index=False)["value"]
        for name, each in measures.items()
    }
    first = next(iter(measures.values()))
    keys = first.set_axis(first.index.astype(str)).rename_axis("quarter").melt(ignore_index=False, var_name="borough")
    return keys[["borough"]].assign(**columns).reset_index()


def sampled(effect: float, seed: int, quarters: int = 40, measures: int = 8) -> pd.DataFrame:
    """A survey of true shares that drift and fade, its error that of a design with a known `effect`."""
    made = {}
    for number in range(measures):
        rng = np.random.default_rng([seed, number])
        level = rng.uniform(0.3, 0.75)
        samples = quarters + WINDOW - 1
        walk = np.cumsum(rng.normal(0, 0.012, (samples, BOROUGHS)), axis=0)
        fading = np.zeros((samples, BOROUGHS))
        for row in range(1, samples):
            fading[row] = 0.85 * fading[row - 1] + rng.normal(0, 0.012, BOROUGHS)
        london = np.cumsum(rng.normal(0, 0.02, (samples, 1)), axis=0)
        truth = (level + london + walk + fading + rng.normal(0, 0.04, BOROUGHS)).clip(0.05, 0.95)
        # Answers come in groups of one mind, of which there are fewer than interviews: a design effect of their size.
        found = rng.binomial(round(FIRST_DESIGN / effect), truth) / round(FIRST_DESIGN / effect)
        figures = sum(found[back : samples - WINDOW + 1 + back] for back in range(WINDOW)) / WINDOW
        made[f"measure_{number}"] = table(np.asarray(figures).round(2))
    return long_table(made)


def test_interviews_grow_with_the_quarters_of_the_later_design() -> None:
    asked = {quarter: interviews(quarter) for quarter in quarters_between("2023Q4", "2026Q1")}
    assert asked["2023Q4"] == asked["2024Q3"] == 400
    assert [asked[f"{year}Q{number}"] for year, number in ((2024, 4), (2025, 1), (2025, 2), (2025, 3))] == [
        *(450, 500, 550, 600),
    ]
    assert asked["2026Q1"] == 600


def test_score_margin_is_that_of_a_simple_random_sample_times_the_design_effect() -> None:
    factor = math.sqrt(design_effect().value)
    # Any textbook: half of 400 people, +/- 4.9 points.
    assert score_margin(one(0.5), "2023Q4").item() == pytest.approx(0.049 * factor, abs=5e-4)
    assert score_margin(one(0.5), "2026Q1").item() == pytest.approx(0.040 * factor, abs=5e-4)
    assert score_margin(pd.Series([0.0, 1.0]), "2026Q1").tolist() == [0, 0]
    assert score_error(one(0.5), "2023Q4").item() * Z_95 == score_margin(one(0.5), "2023Q4").item()


def test_score_margins_are_those_of_each_quarter() -> None:
    history = pd.Series([0.5, 0.5, np.nan], index=["2023Q4", "2026Q1", "2025Q1"])
    found = score_margins(history)
    assert found.index.tolist() == history.index.tolist()
    expected = [score_margin(one(value), str(quarter)).item() for quarter, value in history.items()]
    assert found.tolist() == pytest.approx(expected, nan_ok=True)


def test_score_change_margin_of_separate_surveys_adds_variances() -> None:
    apart = score_change_margin(one(0.5), one(0.5), "2022Q1", "2023Q1").item()
    assert apart == pytest.approx(Z_95 * math.sqrt(design_effect().value * 2 * 0.25 / 400))
    assert score_change_margin(one(0.5), one(0.5), "2016Q1", "2023Q1").item() == apart
    forward, back = (
        score_change_margin(one(a), one(b), f"2022Q{q}", "2022Q1").item() for a, b, q in ((0.6, 0.5, 3),) * 2
    )
    assert forward == back


def test_score_change_margin_with_shared_interviews_is_smaller() -> None:
    ends = quarters_between("2022Q1", "2023Q1")
    margins = [score_change_margin(one(0.5), one(0.5), "2022Q1", end).item() for end in ends]
    assert margins[0] == pytest.approx(0, abs=1e-9)
    assert margins == sorted(margins)
    assert margins[1] == pytest.approx(margins[4] / 2)
    assert margins[2] == pytest.approx(margins[4] * math.sqrt(0.5))


def test_score_change_margin_where_the_design_changed_is_that_of_the_interviews_asked() -> None:
    """Each interview counted once: the new figure has 150 new ones of 450, the old one 100 others of 400."""
    rng = np.random.default_rng(0)
    old, shared, new = (rng.normal(0, 1 / math.sqrt(count), 200_000) for count in (100, 300, 150))
    change = (300 * shared + 150 * new) / 450 - (100 * old + 300 * shared) / 400
    expected = Z_95 * change.std() * math.sqrt(design_effect().value * 0.25)
    assert score_change_margin(one(0.5), one(0.5), "2024Q3", "2024Q4").item() == pytest.approx(expected, rel=0.01)


@given(before=scores, after=scores, first=quarters, last=quarters)
def test_score_change_margin_is_at_most_that_of_separate_surveys(
    before: float, after: float, first: str, last: str
) -> None:
    margin = score_change_margin(one(before), one(after), first, last).item()
    alone = score_margin(one(before), first).item(), score_margin(one(after), last).item()
    assert abs(alone[0] - alone[1]) - 1e-9 <= margin <= math.hypot(*alone) + 1e-9


def test_score_margin_of_a_missing_figure_is_missing() -> None:
    gaps = pd.Series([np.nan, 0.5])
    assert score_margin(gaps, "2026Q1").isna().tolist() == [True, False]
    assert score_change_margin(gaps, gaps[::-1].reset_index(drop=True), "2025Q3", "2026Q1").isna().all()


@pytest.mark.parametrize("effect", [1.0, 2.0, 4.0])
def test_design_effect_of_a_survey_with_a_known_one_is_found(effect: float) -> None:
    found = [estimated_design_effect(sampled(effect, seed)) for seed in range(20)]
    values = np.array([each.value for each in found])
    assert values.mean() == pytest.approx(effect, rel=0.06)
    held = np.mean([each.low <= effect <= each.high for each in found])
    assert held >= 0.8  # 95% is the aim; 20 surveys


def test_design_effect_of_the_model_of_forecasts_is_that_of_its_sampling_noise() -> None:
    """Another simulation, written for the forecaster: noise of 0.005 in a quarter of shares around 0.6."""
    made = {f"measure_{seed}": survey(TRUTH, quarters=40, seed=seed) for seed in range(8)}
    shares = np.concatenate([each.to_numpy().ravel() for each in made.values()])
    expected = TRUTH.noise / ((shares * (1 - shares)).mean() / FIRST_DESIGN)
    assert estimated_design_effect(long_table(made)).value == pytest.approx(expected, rel=0.08)


def test_true_change_is_not_taken_for_sampling_error() -> None:
    """A survey of everybody that moves a lot has next to no sampling error."""
    quiet = [estimated_design_effect(sampled(0.01, seed)).value for seed in range(5)]
    assert np.mean(quiet) < 0.15


def test_later_design_and_short_measures_play_no_part() -> None:
    rows = sampled(2.0, 1)
    later = rows[rows["quarter"] == "2024Q2"].assign(quarter="2025Q1", measure_0=0.1)
    short = rows["measure_0"].where(rows["quarter"] < "2016Q1")
    more = pd.concat([rows.assign(short=short), later], ignore_index=True)
    one, other = estimated_design_effect(rows), estimated_design_effect(more)
    assert (one.value, one.low, one.high, one.by_measure) == (other.value, other.low, other.high, other.by_measure)


def test_autocovariances_of_plain_samples_have_two_spikes() -> None:
    rng = np.random.default_rng(3)
    samples = rng.binomial(FIRST_DESIGN, 0.6, (4003, BOROUGHS)) / FIRST_DESIGN
    figures = np.mean([samples[back : 4000 + back] for back in range(WINDOW)], axis=0)
    found: Floats = autocovariances(pd.DataFrame(figures)).mean(axis=0)
    # What rounding would add is taken off, though these figures are not rounded.
    assert found[[0, WINDOW]] == pytest.approx([2, -1], abs=0.15)
    assert np.abs(np.delete(found, [0, WINDOW])).max() < 0.1


def test_design_effect_is_inside_its_interval_and_each_measure_agrees_roughly() -> None:
    found = design_effect()
    assert found.low < found.value < found.high
    assert len(found.by_measure) == 8
    assert all(0.6 * found.low < each < found.high / 0.6 for each in found.by_measure.values())
    assert (found.boroughs, found.first, found.last) == (32, "2014Q4", "2024Q3")


def test_what_forecasts_assume_lies_in_the_interval_of_the_estimate() -> None:
    """The centre of the model's belief about chance, as a design effect of 100 interviews at a share of a half."""
    assumed = math.exp(CENTRE[0]) / (0.25 / FIRST_DESIGN)
    assert assumed == pytest.approx(2)
    assert design_effect().low < assumed < design_effect().high


@pytest.mark.parametrize(("part", "least", "most"), [(1.0, 0.76, 0.86), (0.0, 0.55, 0.74)])
def test_rank_intervals_hold_about_80_per_cent_with_the_design_effect(part: float, least: float, most: float) -> None:
    """Boroughs that differ as they do in trust, asked with the design effect; without it (0) too few hold."""
    frame = survey_panel().frame
    now = frame[frame["quarter"] == frame["quarter"].max()].set_index("borough")[TRUST].astype(float)
    quarter = str(frame["quarter"].max())
    error = float(score_error(one(now.mean()), quarter).iloc[0])
    spread = math.sqrt(now.var() - error**2)
    used = error * design_effect().value ** ((part - 1) / 2)
    rng, held = np.random.default_rng(5), []
    for _ in range(60):
        truth = pd.Series(rng.normal(now.mean(), spread, BOROUGHS))
        found = ranks((truth + rng.normal(0, error, BOROUGHS)).round(2), used)
        place = truth.rank(ascending=False)
        held.append(((place >= found.low) & (place <= found.high)).mean())
    assert least < np.mean(held) < most


@pytest.mark.parametrize("name", ["method.md", "forecasting.md"])
def test_documents_state_the_estimate(name: str) -> None:
    text = re.sub(r"\s+", " ", (DOCS / name).read_text(encoding="utf-8"))
    found = design_effect()
    assert f"design effect of {found.value:.2f} (95% interval {found.low:.2f} to {found.high:.2f})" in text


def test_data_page_says_interviews_by_period() -> None:
    text = survey_error_text()
    assert effect_text() in text
    assert "in a quarter: about 100, and about 150 from October to December 2024 on." in text
