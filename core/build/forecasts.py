"""Declares the tables of the back-test; :mod:`core.build.backtest` writes them."""

from dataclasses import replace

from core.sources.london.boroughs import BOROUGH, QUARTER
from core.sources.london.force.use_of_force import MPS_USE_OF_FORCE
from core.sources.london.survey.attitude_survey import MOPAC_DASHBOARD, MOPAC_SURVEYS
from core.tables.schema import Field, Table

SHARE = "share of residents"
SOURCES = (MOPAC_SURVEYS, MOPAC_DASHBOARD, MPS_USE_OF_FORCE)
MADE = "Forecast and scored by this app's own code (core/london/forecasting) from the figures of the sources."

MEASURE = Field(
    "measure",
    "string",
    "Measure",
    "Survey measure or average that is forecast; mean_of_measures takes all that were published together.",
    "key",
    pattern=r"^[a-z0-9_]+$",
)
HORIZON = Field(
    "horizon",
    "integer",
    "Quarters ahead",
    "How many quarters after the last known figure the forecast quarter lies.",
    "key",
    unit="quarters",
    minimum=1,
)


def _forecast(name: str, label: str, text: str) -> tuple[Field, Field]:
    mean = Field(name, "number", label, f"Forecast {text}.", "context", unit=SHARE, minimum=0, maximum=1)
    sd = Field(
        f"{name}_sd",
        "number",
        f"{label}: standard deviation",
        f"Standard deviation of the forecast {text}; 80% intervals reach 1.2816 of it either way, 95% ones 1.96.",
        "context",
        unit=SHARE,
        minimum=0,
    )
    return mean, sd


def _score(name: str, title: str, text: str, unit: str = SHARE) -> Field:
    return Field(name, "number", title, text, "context", unit=unit)


MEANS, SPREADS = zip(
    _forecast("rolling_window", "Forecast, recommended", "by the rolling-window model, the recommended method"),
    _forecast("no_change", "Forecast, no change", 'that says "no change"'),
    _forecast("forest", "Forecast, study's forest", "by the study's random forest"),
    strict=True,
)
FORECASTS = Table(
    "forecasts",
    "forecasts.csv",
    "Forecasts that could have been made at the time",
    "One row per measure, borough, forecast quarter and horizon, from 2019 on; each forecast knows only the figures up "
    "to its origin.",
    SOURCES,
    (
        MEASURE,
        BOROUGH,
        QUARTER,
        HORIZON,
        Field(
            "actual",
            "number",
            "Published figure",
            "What the survey found.",
            "context",
            unit=SHARE,
            minimum=0,
            maximum=1,
        ),
        *MEANS,
        *SPREADS,
    ),
    MADE,
)
METHOD = Field("method", "string", "Method", "Forecasting method.", "key", pattern=r"^[a-z_]+$")
STAMP = (
    Field("code_version", "string", "Code version", "Fingerprint of the code that made the figures.", "context"),
    Field("data_version", "string", "Data version", "Fingerprint of the figures they were made from.", "context"),
)
SKILL = "Share of the mean absolute error of 'no change' that the method saves; below 0 it is worse."
SCORES = Table(
    "forecast_scores",
    "forecast_scores.csv",
    "How good each forecasting method was",
    "One row per method, measure and horizon, over forecast quarters from 2019 to the last published.",
    SOURCES,
    (
        METHOD,
        MEASURE,
        HORIZON,
        _score("mae", "Mean absolute error", "Mean distance between forecast and published figure."),
        _score("rmse", "Root mean square error", "Like the mean absolute error, but large errors weigh more."),
        _score("skill", "Skill against no change", SKILL, "share"),
        _score("skill_lower", "Skill, lower end", "Lower end of the 95% interval of the skill over quarters.", "share"),
        _score("skill_upper", "Skill, upper end", "Upper end of the 95% interval of the skill over quarters.", "share"),
        _score("coverage_80", "80% intervals that held", "Share of 80% intervals that held the figure.", "share"),
        _score("coverage_95", "95% intervals that held", "Share of 95% intervals that held the figure.", "share"),
        _score(
            "interval_score_80",
            "Score of 80% intervals",
            "Mean width plus ten times what lies outside; less is better.",
        ),
        _score(
            "interval_score_95",
            "Score of 95% intervals",
            "Mean width plus 40 times what lies outside; less is better.",
        ),
        Field("forecasts", "integer", "Forecasts", "Number of forecasts.", "context", unit="forecasts", minimum=1),
        Field("quarters", "integer", "Quarters", "Number of quarters forecast.", "context", unit="quarters", minimum=1),
        *STAMP,
    ),
    MADE,
)
DAY = Field("made", "string", "Made on", "Day on which the forecast was worked out, as 2026-11-30.", "context")
ORIGIN = replace(QUARTER, name="origin", label="Origin", definition="Last quarter that the forecast knew.", role="key")
MEAN, SPREAD = _forecast("mean", "Forecast", "by the method")
NEXT = Table(
    "next_forecasts",
    "next_forecasts.csv",
    "Forecasts of the next quarters",
    "One row per method, measure, borough and quarter after the last that the survey has.",
    SOURCES,
    (METHOD, MEASURE, BOROUGH, QUARTER, HORIZON, MEAN, replace(SPREAD, name="sd"), DAY, *STAMP),
    MADE,
)
PAST = Table(
    "past_forecasts",
    "past_forecasts.csv",
    "Forecasts of the next quarters, as they were made before",
    "One row per origin, method, measure, borough and quarter after the origin, kept unchanged since it was made. "
    "What the survey published later scores them.",
    SOURCES,
    (ORIGIN, METHOD, MEASURE, BOROUGH, QUARTER, HORIZON, MEAN, replace(SPREAD, name="sd"), DAY, *STAMP),
    MADE,
)


def _optional(name: str, title: str, text: str, unit: str = "share") -> Field:
    return Field(name, "number", title, text, "context", unit=unit, required=False)


FOREST = Table(
    "forest_scores",
    "forest_scores.csv",
    "The study's random forest, scored two ways",
    "One row per way of choosing the test rows: drawn at random, as in the study, or the last quarters, each forecast "
    "from the quarters before it. For the average of all eight measures.",
    SOURCES,
    (
        Field("split", "string", "Test rows", "How the test rows are chosen.", "key", enum=("forward", "random")),
        _score("r2", "R-squared", "Share of the differences between test rows that is predicted.", "share"),
        _optional("r2_lowest", "R-squared, lowest draw", "R-squared of the worst of ten random draws."),
        _optional("r2_highest", "R-squared, highest draw", "R-squared of the best of ten random draws."),
        _score("mae", "Mean absolute error", "Mean distance between forecast and published figure."),
        _optional("mae_lowest", "Mean absolute error, lowest draw", "That of the best of ten random draws.", SHARE),
        _optional("mae_highest", "Mean absolute error, highest draw", "That of the worst of ten draws.", SHARE),
        _optional("no_change_mae", "Mean absolute error, no change", 'That of "no change" on the same rows.', SHARE),
        Field(
            "quarters",
            "integer",
            "Quarters",
            "Number of quarters forecast.",
            "context",
            unit="quarters",
            required=False,
        ),
        Field("rows", "integer", "Borough-quarters", "Borough-quarters in all.", "context", unit="rows", minimum=1),
    ),
    MADE,
)
IMPORTANCE = Table(
    "forest_importance",
    "forest_importance.csv",
    "What the study's random forest uses most",
    "One row per feature: by how much R-squared falls when its values are shuffled among the test rows.",
    SOURCES,
    (
        Field("feature", "string", "Feature", "What the forest is fed.", "key", pattern=r"^[a-z0-9_]+$"),
        _score("random", "Fall of R-squared, random rows", "On test rows drawn at random.", "share"),
        _score("random_sd", "Its spread, random rows", "Standard deviation over ten shuffles.", "share"),
        _score("forward", "Fall of R-squared, last quarters", "On the last quarters.", "share"),
        _score("forward_sd", "Its spread, last quarters", "Standard deviation over ten shuffles.", "share"),
    ),
    MADE,
)
TABLES = (FORECASTS, SCORES, NEXT, PAST, FOREST, IMPORTANCE)
