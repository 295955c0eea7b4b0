"""The control that chooses one of a question's models as a whole."""

import streamlit as st

from core.app.models.help import PRESET_HELP
from core.app.state import PageState
from core.questions.links import Allowed
from core.questions.question import PRESET_LABELS, Question
from core.stats.regression import ModelSpec


def preset_control(state: PageState, question: Question, spec: ModelSpec, allowed: Allowed) -> None:
    """The presets, none chosen where `spec` is the visitor's own; without a published model, the way back."""
    if question.published is None:
        if spec != question.recommended:
            st.button("Back to the model at the start", on_click=state.replace, args=(question.recommended,))
        return
    key = state.key("preset")
    st.session_state[key] = question.preset_of(spec)

    def apply() -> None:
        chosen = st.session_state[key]
        # A browser that has not had the last change yet still sends the preset that it shows: nobody clicked it.
        late = state.shown_late(question.recommended, allowed)
        if chosen and not (late and question.preset_of(late) == chosen):
            state.replace(question.presets[chosen])

    st.segmented_control(
        "Model",
        list(question.presets),
        key=key,
        format_func=PRESET_LABELS.__getitem__,
        on_change=apply,
        help=f"{' '.join(PRESET_HELP[name] for name in question.presets)} Change anything below and the model is your "
        "own; one click here brings it back.",
    )
    if question.preset_of(spec) is None:
        st.caption("Your own model. The link in the address bar reproduces it.")
