"""The figures and fits that all visitors share, each computed once.

Keys of the cache are names, specifications and the version of the figures, never data frames. Panels
and the catalogue are shared objects that nobody changes; what is fitted on them comes back small.
"""

from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd
import streamlit as st

from core import catalogue as package
from core.ages import london_age_panel
from core.catalogue import Catalogue
from core.london import london_events, london_panel, london_wide
from core.panel import Panel
from core.regression import FitResult, ModelSpec, fit
from core.regression.choices import Choices
from core.regression.curve import Curve, Progress, specification_curve

RESULTS_KEPT = 300
CURVES_KEPT = 16
P = ParamSpec("P")
T = TypeVar("T")

_PANELS: Mapping[str, Callable[[], Panel]] = {
    "london": london_panel,
    "london_ages": lambda: london_age_panel(recovered=True),
    "london_ages_dropped": lambda: london_age_panel(recovered=False),
}


def catalogue() -> Catalogue:
    """Words and version of all figures (read once by the core)."""
    return package.catalogue()


def labels() -> dict[str, str]:
    """Readable names of all variables."""
    return {variable.name: variable.label for variable in catalogue()}


@st.cache_resource(show_spinner=False, max_entries=4)
def _panel(study: str, version: str) -> Panel:  # noqa: ARG001 - the version is part of the key
    return _PANELS[study]()


def panel(study: str) -> Panel:
    """The panel of a study; shared, so never to be changed in place."""
    return _panel(study, catalogue().version)


@st.cache_resource(show_spinner=False, max_entries=2)
def _london_wide(version: str) -> pd.DataFrame:  # noqa: ARG001 - the version is part of the key
    return london_wide()


def whole_london() -> pd.DataFrame:
    """London as a whole, one row per quarter; shared, so never to be changed in place."""
    return _london_wide(catalogue().version)


@st.cache_resource(show_spinner=False, max_entries=2)
def _events(version: str) -> pd.DataFrame:  # noqa: ARG001 - the version is part of the key
    events = london_events()
    return events.assign(number=range(1, len(events) + 1))


def events() -> pd.DataFrame:
    """Dated events, numbered in order of time; shared, so never to be changed in place."""
    return _events(catalogue().version)


@st.cache_data(show_spinner=False, max_entries=RESULTS_KEPT)
def _on_panel(_function: Callable[..., Any], name: str, study: str, arguments: tuple[Any, ...], version: str) -> Any:  # noqa: ARG001 - parts of the key
    return _function(panel(study), *arguments)


def on_panel(function: Callable[Concatenate[Panel, P], T], study: str, *arguments: P.args, **_: P.kwargs) -> T:
    """``function(panel of study, *arguments)``, computed once for all visitors.

    Parameters
    ----------
    function
        A function of the core whose arguments are hashable and whose result is small.
    """
    result: T = _on_panel(function, function.__qualname__, study, arguments, catalogue().version)
    return result


def fitted(study: str, spec: ModelSpec) -> FitResult:
    """Fit of `spec`; raises :class:`core.regression.ModelError` with a sentence for the reader."""
    return on_panel(_labelled_fit, study, spec)


def _labelled_fit(rows: Panel, spec: ModelSpec) -> FitResult:
    return fit(rows, spec, labels())


@st.cache_resource(show_spinner=False)
def _curves() -> dict[tuple[object, ...], Curve]:
    return {}


def curve(study: str, choices: Choices, term: str, progress: Progress) -> Curve:
    """The specification curve of `choices`, computed once for all visitors; the last few are kept.

    Streamlit's own cache would not let the progress be shown while it fills.
    """
    kept, key = _curves(), (study, choices, term, catalogue().version)
    found = kept.get(key)
    if found is None:
        found = specification_curve(panel(study), choices, term, labels(), progress)
        while len(kept) >= CURVES_KEPT:
            kept.pop(next(iter(kept)), None)
        kept[key] = found
    return found
