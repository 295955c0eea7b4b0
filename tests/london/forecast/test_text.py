import math

import pandas as pd
import pytest

from core.london.forecast import text as forecast_text
from core.london.forecast.view import Forecasts, ForecastView, score_of
from core.london.forecasting import BASELINE, METHODS
from core.london.forecasting.forest import GRID, SETTINGS
from core.london.survey_error import design_effect
from core.presentation.numbers import MINUS, quoted
from core.tables.catalogue import Catalogue


def score(skill: float, lower: float, upper: float) -> pd.Series:
    numbers = {"skill": skill, "skill_lower": lower, "skill_upper": upper, "mae": 0.0141, "forecasts": 640}
    return pd.Series(numbers | {"coverage_80": 0.786, "coverage_95": 0.931})


def outlook(clear: int) -> pd.DataFrame:
    return pd.DataFrame({"now": 0.70, "mean": 0.692, "clear": [True] * clear + [False] * (32 - clear)})


def test_likely_moves_says_rises_and_falls_apart() -> None:
    rows = pd.DataFrame({"value": [2.0, 1.0, -3.0, 4.0], "clear": [True, True, True, False]})
    assert forecast_text.likely_moves(rows) == "a rise is likely in two boroughs of 4 and a fall in one borough"
    assert forecast_text.likely_moves(rows[:2]) == "a rise is likely in two boroughs of 2 and a fall in no borough"


@pytest.mark.parametrize("share", [0.5, 0.69, 0.9])
@pytest.mark.parametrize(("quarter", "asked"), [("2023Q4", 400), ("2026Q1", 600)])
def test_survey_margin_is_that_of_its_interviews_and_design_effect(share: float, quarter: str, asked: int) -> None:
    points = 196 * math.sqrt(design_effect().value * share * (1 - share) / asked)
    expected = f"about {points:.0f} points either way, with about {asked} people"
    assert expected in forecast_text.survey_margin(share, quarter)


@pytest.mark.parametrize(
    ("skill", "statement"),
    [
        ((0.188, 0.137, 0.233), "19% better than assuming no change (95% interval 14 to 23%)"),
        ((-0.5, -0.8, -0.2), "50% worse than assuming no change (95% interval 20 to 80%)"),
        (
            (0.04, -0.05, 0.136),
            f"not clearly better than assuming no change (skill 4%, 95% interval {MINUS}5 to 14%)",
        ),
        (
            (-0.04, -0.1, 0.02),
            f"not clearly better than assuming no change (skill {MINUS}4%, 95% interval {MINUS}10 to 2%)",
        ),
        (
            (0.0, 0.0, 0.0),
            "not clearly better than assuming no change (skill 0%, 95% interval 0 to 0%)",
        ),
    ],
)
def test_against_states_skill_with_interval_or_a_tie(skill: tuple[float, float, float], statement: str) -> None:
    assert forecast_text.against(score(*skill)) == statement


def test_headline_states_error_and_horizon(catalogue: Catalogue) -> None:
    statement = forecast_text.headline(ForecastView(ahead=2), score(0.2, 0.1, 0.3), catalogue)
    assert statement.startswith("The forecast is 20% better than assuming no change")
    assert statement.endswith(
        f": it is wrong by 1.4 points on average two quarters ahead, in {quoted('Trust the Met')}."
    )


def test_headline_with_no_change_method_has_no_skill(catalogue: Catalogue) -> None:
    statement = forecast_text.headline(ForecastView(method=BASELINE), score(0, 0, 0), catalogue)
    assert statement.startswith("Assuming no change is wrong by 1.4 points on average one quarter ahead")
    assert "skill" not in statement


@pytest.mark.parametrize("ahead", [1, 2, 3, 4])
def test_quarters_ahead_is_in_words(ahead: int) -> None:
    text = forecast_text.quarters_ahead(ahead)
    assert text == ("one quarter", "two quarters", "three quarters", "four quarters")[ahead - 1] + " ahead"


def test_meaning_states_residents_and_coverage() -> None:
    statement = forecast_text.meaning(score(0.2, 0.1, 0.3), pd.Series({"mae": 0.0173}), "2023Q4")
    assert "4 of the 400 asked in a borough in a year" in statement
    assert "Assuming no change is wrong by 1.7 points on average." in statement
    assert (
        "In 640 past forecasts the result fell inside the 80% range 79% of the time, and inside the 95% range 93%"
        in statement
    )


@pytest.mark.parametrize(
    ("clear", "statement"),
    [
        (0, "In no borough of 32 is a rise or a fall likely."),
        (1, "A rise is likely in no borough of 32 and a fall in one borough."),
        (7, "A rise is likely in no borough of 32 and a fall in seven boroughs."),
    ],
)
def test_coming_counts_boroughs_likely_to_move(clear: int, statement: str) -> None:
    sentence = forecast_text.coming(outlook(clear), "Trust the Met", "Dec 2023", "Jan 2024")
    assert sentence.startswith(
        f"For Jan 2024 the boroughs' average of {quoted('Trust the Met')} is forecast at 69% "
        f"(survey of Dec 2023: 70%). {statement}"
    )


def test_forest_settings_describe_every_searched_option() -> None:
    assert forecast_text.forest_settings(SETTINGS) == (
        "Fitted again on this page: 100 trees of depth 10, features tried at each split: all."
    )
    assert set(forecast_text.FEATURES_TRIED) == set(GRID["max_features"])


@pytest.mark.parametrize("name", METHODS)
def test_method_text_has_label_and_description(name: str) -> None:
    text = forecast_text.method_text(name)
    assert text.startswith(f"**{METHODS[name].label}.** ")
    assert text.endswith(".")


def test_headline_and_meaning_of_each_stored_score_are_sentences(forecasts: Forecasts, catalogue: Catalogue) -> None:
    for row in forecasts.ahead[["measure", "method", "horizon"]].drop_duplicates().itertuples(index=False):
        view = ForecastView(str(row.measure), str(row.method), int(str(row.horizon)))
        found, baseline = score_of(view, forecasts), score_of(view, forecasts, BASELINE)
        for statement in (
            forecast_text.headline(view, found, catalogue),
            forecast_text.meaning(found, baseline, "2026Q1"),
        ):
            assert statement.endswith(".")
            assert "nan" not in statement.split()
