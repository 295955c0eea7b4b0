"""How an association differs between groups of areas, and with the size of the predictor."""

import streamlit as st

from core.app import data, render
from core.app.sections.fitted_model import Model
from core.presentation import moderation_figures
from core.stats.panels.moderated import bend, by_group
from core.stats.regression import ModelError


def differing(model: Model) -> None:
    """What the model lets differ, if anything."""
    spec, study = model.spec, model.question.study
    words = model.catalogue, model.question.vocabulary
    if not (spec.moderator or spec.squares):
        return
    render.header("How the association differs")
    try:
        if spec.moderator:
            found = data.on_panel(by_group, study, spec, model.term)
            render.figure(moderation_figures.group_figure, found, spec, model.term, *words)
        if spec.squares:
            bent = data.on_panel(bend, study, spec, model.term)
            render.figure(moderation_figures.bend_figure, bent, spec, model.term, *words)
    except ModelError as error:
        st.caption(model.plain(str(error)))
