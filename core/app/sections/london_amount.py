"""The page on the amount of force: what its tabs add to those of every London model."""

from functools import partial

from core.app import data, render
from core.app.controls import Focus
from core.app.layers import OVER_TIME
from core.app.models import model_page
from core.app.models.fitted_model import Model
from core.app.sections import london_evidence
from core.app.state import PageState
from core.london import figures as london_figures
from core.london import force_figures


def sections(state: PageState, model: Model, focus: Focus) -> model_page.Sections:
    """What the tabs hold."""
    shared = london_evidence.sections(state, model, focus.borough)
    shared[OVER_TIME] = [partial(over_time, model, focus)]
    return shared


def over_time(model: Model, focus: Focus) -> None:
    """Force and the score over time, for the borough and for London."""
    catalogue, panel, london = model.catalogue, data.panel(model.question.study), data.london_totals()
    render.header("Force and trust over time")
    events = data.events() if focus.events else None
    render.figure(
        london_figures.over_time_figure, london, panel, model.spec.outcome, model.term, focus.borough, catalogue, events
    )
    if focus.events:
        render.events_key()
    render.figure(london_figures.totals_figure, london, model.term, catalogue)
    render.figure(force_figures.incidents_figure, panel, focus.borough, catalogue)
