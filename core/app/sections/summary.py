"""The first screen of a page: the answer, how firm it is, a picture, three facts, what may be said."""

from collections.abc import Callable, Mapping
from typing import Literal

import streamlit as st

from core.app import briefing_recorder, render
from core.presentation.summary import Chip, Summary

COLOURS: Mapping[Chip, Literal["blue", "gray", "orange"]] = {
    "clear": "blue",
    "depends": "orange",
    "none": "gray",
    "cannot_tell": "gray",
}
FACTS = "summary_facts"
# Streamlit cuts what does not fit in a narrow column, such as next to the picture on a tablet.
# On a phone the facts stand under each other, so their frames are closer.
UNCUT = f"""<style>.st-key-{FACTS} [data-testid="stMetric"] :is(p, div) {{white-space: normal; overflow: visible}}
.st-key-{FACTS} [data-testid="stMetricValue"] {{font-size: 1.6rem; line-height: 1.2}}
@media (max-width: 640px) {{.st-key-{FACTS}, .st-key-{FACTS} > div {{gap: 0.5rem}}
.st-key-{FACTS} div:has(> [data-testid="stElementContainer"] [data-testid="stMetric"]) {{
padding: 0.5rem 1rem}}}}</style>"""

CARD = "summary_card"
# What may be said is for letters and speeches: not in the type of code, which Streamlit's copy button comes with.
AS_TEXT = f"<style>.st-key-{CARD} :is(pre, code, code *) {{font-family: inherit !important; font-size: 1rem}}</style>"


def show(summary: Summary, picture: Callable[[], None]) -> None:
    """The whole first screen.

    Parameters
    ----------
    picture
        Draws the picture, once the answer is there.
    """
    render.answer(summary.answer)
    st.badge(summary.chip_label, color=COLOURS[summary.chip], help=summary.chip_meaning)
    drawn, numbers = st.columns([5, 2])
    with drawn:
        picture()
    with numbers.container(key=FACTS):
        st.html(UNCUT)
        _facts(summary)
    if summary.below:
        st.caption(briefing_recorder.caveat(summary.below))
    _card(summary)


def _facts(summary: Summary) -> None:
    for fact in summary.facts:
        with st.container(border=True, gap="xsmall"):
            st.metric(fact.label, fact.value)
            if fact.note:
                st.caption(fact.note)
        briefing_recorder.text(f"{fact.label}: {fact.value}. {fact.note}".strip())


def _card(summary: Summary) -> None:
    """What a reader can say, to be copied, and what the figures do not show."""
    with st.container(border=True, key=CARD):
        st.html(AS_TEXT)
        can, cannot = st.columns(2)
        can.markdown("**What you can say**")
        can.code(summary.quotation, language=None, wrap_lines=True)
        cannot.markdown("**What you cannot say**")
        cannot.markdown("\n".join(f"- {sentence}" for sentence in summary.cannot_say))
    briefing_recorder.caveat(f"**What you can say.** {' '.join(summary.can_say)}")
    briefing_recorder.caveat(f"**What you cannot say.** {' '.join(summary.cannot_say)}")
