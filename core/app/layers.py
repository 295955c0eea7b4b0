"""The two layers of a question page: a summary for anyone, and everything behind it in tabs for analysts.

Only what is open is worked out: the summary, or one tab. *Everything on one page* is a tab too, for printing and for a
complete briefing. Which layer and which tab are open is part of the link. A page of several topics has a tab for each,
in place of *Evidence*.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from core.app import briefing_recorder, render
from core.app.controls import show_notices
from core.app.sections import share
from core.app.state import PageState
from core.questions.links import own_choices

SUMMARY, ANALYSTS = "summary", "analysts"
LAYERS: Mapping[str, str] = {SUMMARY: "Summary", ANALYSTS: "For analysts"}
EVIDENCE, OVER_TIME, BOROUGHS, HOW_SURE, MODELS, CURVE, WHAT_IF, TAKE_AWAY, EVERYTHING = (
    "evidence",
    "over_time",
    "boroughs",
    "how_sure",
    "models",
    "curve",
    "what_if",
    "take_away",
    "everything",
)
TABS: Mapping[str, str] = {
    EVIDENCE: "Evidence",
    OVER_TIME: "Over time",
    BOROUGHS: "Boroughs",
    HOW_SURE: "How sure",
    MODELS: "Models and checks",
    CURVE: "Specification curve",
    WHAT_IF: "What if",
    TAKE_AWAY: "Take it away",
    EVERYTHING: "Everything on one page",
}
LAST = "last_layer"
PLACE_WIDTH = 300
IN_SIDEBAR = "The choices of the analysis are in the sidebar; on a phone, the arrows at the top left open it."


@dataclass(frozen=True)
class LayerView:
    """Which layer of a page is open, and which tab of the second."""

    layer: str = SUMMARY
    tab: str = EVIDENCE


class LayeredPage:
    """A question page: title, the row under it, then one of the layers.

    Parameters
    ----------
    state
        The page's views.
    tabs
        The tabs for analysts, in order; the one with everything comes by itself.
    topics
        Labels of those that this page alone has.
    has_summary
        Whether there is a summary; without one, the tabs are all there is.
    place_width
        Room for what chooses the place, in pixels.
    in_sidebar
        Whether the choices of the analysis are in the sidebar, which the page then says.

    Attributes
    ----------
    is_summary
        Whether the summary is shown.
    """

    def __init__(
        self,
        state: PageState,
        tabs: Sequence[str],
        *,
        topics: Mapping[str, str] | None = None,
        has_summary: bool = True,
        place_width: int = PLACE_WIDTH,
        in_sidebar: bool = True,
    ) -> None:
        self.state, self._has_summary = state, has_summary
        self._labels = {name: ({**TABS, **(topics or {})})[name] for name in (*tabs, EVERYTHING)}
        self._names = list(self._labels)
        self._title = st.container()
        with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
            self._view = self._switch()
            self._place = st.container(width=place_width)
            self._share = st.container(width="content")
        state.top = st.empty()
        self.is_summary = self._view.layer == SUMMARY
        if has_summary and in_sidebar and not self.is_summary:
            st.caption(IN_SIDEBAR)

    def title(self, question: str) -> None:
        """The page's title, which may depend on what is chosen below it."""
        with self._title:
            render.title(question, listed=False)

    @property
    def place(self) -> st.delta_generator.DeltaGenerator:
        """Where the place that the page is about is chosen."""
        return self._place

    def show(self, sections: Mapping[str, Sequence[Callable[[], None]]]) -> None:
        """Draw the tab that is open, or all of them one after the other; `sections` are in the order of the page."""
        labels = list(self._labels.values())
        key = self.state.seed("tab", self._labels[self._view.tab], labels)
        places = st.tabs(labels, key=key, on_change="rerun")
        opened = next((name for name, place in zip(self._names, places, strict=True) if place.open), self._names[0])
        if self._has_summary:
            self._keep(LayerView(ANALYSTS, opened))
        else:
            self.state.keep(LayerView(ANALYSTS, opened))
        with places[self._names.index(opened)]:
            if opened == EVERYTHING:
                render.list_sections_here()
            for name in sections if opened == EVERYTHING else [opened]:
                for draw in sections[name]:
                    draw()

    def finish(self) -> None:
        """What comes last: the list of sections, sharing, what a link asked for in vain, and the link itself."""
        render.contents()
        with self._share:
            share.offer(self.state)
        briefing_recorder.end()
        with self.state.top:
            show_notices(self.state)
        self.state.write()

    def _switch(self) -> LayerView:
        view = self._restored()
        if not self._has_summary:
            st.session_state[LAST] = LayerView(_last().layer, view.tab)
            return view
        layer = st.segmented_control(
            "How to read this page",
            list(LAYERS),
            key=self.state.seed("layer", view.layer),
            format_func=LAYERS.__getitem__,
            label_visibility="collapsed",
            required=True,
        )
        view = LayerView(layer or view.layer, view.tab)
        self._keep(view)
        return view

    def _keep(self, view: LayerView) -> None:
        """Note `view` for the link, and for the next page of this visit."""
        st.session_state[LAST] = view
        self.state.keep(view)

    def _restored(self) -> LayerView:
        """The view of the link or of the visit; a link from before there were layers shows all that it showed then."""
        link, last = self.state.link, _last()
        base = last if last.tab in self._names else replace(last, tab=self._names[0])
        allowed = {"layer": list(LAYERS), "tab": self._tabs_by_name(link)}
        if "layer" not in link and own_choices(link, self.state.page):
            return self.state.restore(LayerView(ANALYSTS, EVERYTHING), allowed)
        if not self._has_summary:
            return self.state.restore(replace(base, layer=ANALYSTS), allowed | {"layer": [ANALYSTS]})
        self.state.keep(base, in_link=False)
        return self.state.restore(base, allowed)

    def _tabs_by_name(self, link: Mapping[str, str]) -> Mapping[str, str]:
        """Tabs by their names in links; *Evidence* held all topics of a page that has a tab for each by now."""
        before = EVERYTHING if link.get("layer") == ANALYSTS else self._names[0]
        return {EVIDENCE: before} | {name: name for name in self._names}


def _last() -> LayerView:
    """The view of the page that this visit saw last."""
    view: LayerView = st.session_state.get(LAST, LayerView())
    return view
