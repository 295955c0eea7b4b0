"""What a reader leaves a model page with: its figures, a script that repeats the fit, the link."""

import streamlit as st

from core.app import show
from core.app.state import PageState
from core.export import model_script, model_table
from core.panel import Panel
from core.regression import FitResult


def take_away(state: PageState, panel: Panel, result: FitResult) -> None:
    """Downloads of the model shown, and the link to this view."""
    name = f"{state.page}_model"
    with st.container(horizontal=True):
        show.csv(model_table(panel, result.spec), name, "Figures of this model (CSV)")
        st.download_button(
            "Python script that repeats the fit",
            lambda: model_script(panel, result.spec, f"{name}.csv").encode(),
            file_name=f"{name}.py",
            mime="text/x-python",
            icon=":material/code:",
            key=f"script.{name}",
            on_click="ignore",
        )
    st.caption("The script needs only the CSV, pandas and statsmodels, and comes to the same numbers without this app.")
    show.link(state)
