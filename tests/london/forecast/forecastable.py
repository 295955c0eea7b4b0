"""The scores that are forecast from the figures of the package."""

from core.london.forecast.view import forecast_scores
from core.london.panel import survey_panel

FORECAST_SCORES = tuple(forecast_scores(survey_panel().frame))
