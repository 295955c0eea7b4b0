"""The page on outcomes of force: what its tabs add to those of every London model."""

from functools import partial

from core.app import data, render
from core.app.controls import Focus
from core.app.layers import BOROUGHS, EVIDENCE, MODELS, OVER_TIME
from core.app.models import fitted_model, model_page
from core.app.models.fitted_model import Model
from core.app.sections import london_evidence
from core.app.state import PageState
from core.london.outcomes import figures as outcomes_figures
from core.stats.regression import diagnose


def sections(state: PageState, model: Model, focus: Focus) -> model_page.Sections:
    """What the tabs hold."""
    shared = london_evidence.sections(state, model, focus.borough)
    shared[EVIDENCE].insert(1, partial(kinds, model))
    shared[OVER_TIME] = [partial(over_time, model, focus)]
    shared[BOROUGHS].append(partial(london_evidence.by_borough, model))
    shared[MODELS].append(partial(collinearity, model))
    return shared


def kinds(model: Model) -> None:
    """The coefficients of all kinds, in the models side by side."""
    render.header("The four outcomes")
    fits = fitted_model.fits_shown(model.question, model.result)
    render.figure(outcomes_figures.coefficients_figure, fits, model.result, model.catalogue)


def collinearity(model: Model) -> None:
    """How far the kinds can be told apart."""
    model_page.collinearity(model, data.on_panel(diagnose, model.question.study, model.spec))


def over_time(model: Model, focus: Focus) -> None:
    """How often each kind is recorded, where and when."""
    question, panel = model.question, data.panel(model.question.study)
    render.header("How often, where and when")
    events = data.events() if focus.events else None
    render.figure(
        outcomes_figures.shares_figure,
        data.london_totals(),
        question.predictors,
        panel.total,
        model.catalogue,
        events,
    )
    if focus.events:
        render.events_key()
    render.figure(outcomes_figures.yearly_means_figure, panel, model.term, model.catalogue)
