"""The figures and fits that all visitors share, each computed once.

Keys of the cache are names, specifications and the version of the figures, never data frames. Panels
and the catalogue are shared objects that nobody changes; what is fitted on them comes back small.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd
import streamlit as st

from core.app import cache, uploads, user_panel
from core.app.sections import crime_common
from core.crime.area import CrimeArea
from core.crime.area import panel as lsoa_panel
from core.crime.deprivation.text import LABELS
from core.london.ages.analysis import london_age_panel
from core.london.panel import london_events, london_panel, london_wide
from core.questions.question import DISTRICT
from core.stats.regression import FitResult, ModelSpec, fit
from core.stats.regression.choices import Choices
from core.stats.regression.curve import Curve, Progress, specification_curves
from core.tables import catalogue as package
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel

CURVES_KEPT = 16
P = ParamSpec("P")
T = TypeVar("T")

_PANELS: Mapping[str, Callable[[Catalogue], Panel]] = {
    "london": london_panel,
    "london_ages": partial(london_age_panel, True),
    "london_ages_dropped": partial(london_age_panel, False),
}


def catalogue() -> Catalogue:
    """Words and version of all figures: those of the package, or those that this visitor handed in."""
    found = uploads.current()
    return found.catalogue if found else package.load_catalogue()


def labels(study: str = "london") -> dict[str, str]:
    """Readable names of all variables, in the words of `study`."""
    known = {variable.name: variable.label for variable in catalogue()}
    return {**known, **LABELS} if study in crime_common.places() else known


def _version(study: str) -> str:
    """Fingerprint of the figures of a study or a place."""
    held = user_panel.table()
    if study == user_panel.STUDY and held is not None:
        return held.fingerprint
    return catalogue().version if study in _PANELS else crime_common.places()[study].version


@st.cache_resource(show_spinner=False, max_entries=4)
def _panel(study: str, version: str, _tables: Catalogue) -> Panel:  # noqa: ARG001 - the version is part of the key
    return _PANELS[study](_tables)


def published() -> tuple[Catalogue, Panel]:
    """Catalogue and London panel of the package, whatever this visitor handed in."""
    catalogue = package.load_catalogue()
    return catalogue, _panel("london", catalogue.version, catalogue)


def panel(study: str) -> Panel:
    """The panel of a study; shared, so never to be changed in place.

    Parameters
    ----------
    study
        A study, or a place of the crime pages, whose panel has a row for each LSOA.
    """
    if study in _PANELS:
        return uploads.kept(_panel, study, _version(study), catalogue())
    if study == user_panel.STUDY:
        return user_panel.panel()
    return lsoa_panel(crime_common.load_place(study).area)


@st.cache_resource(show_spinner=False, max_entries=2)
def _london_wide(version: str) -> pd.DataFrame:  # noqa: ARG001 - the version is part of the key
    return london_wide(catalogue())


def london_totals() -> pd.DataFrame:
    """London as a whole, one row per quarter; shared, so never to be changed in place."""
    return uploads.kept(_london_wide, catalogue().version)


@st.cache_resource(show_spinner=False, max_entries=2)
def _events(version: str) -> pd.DataFrame:  # noqa: ARG001 - the version is part of the key
    events = london_events(catalogue())
    return events.assign(number=range(1, len(events) + 1))


def events() -> pd.DataFrame:
    """Dated events, numbered in order of time; shared, so never to be changed in place."""
    return uploads.kept(_events, catalogue().version)


@cache.for_all(copies=True)
def _on_panel(function: Callable[..., T], study: str, version: str, arguments: tuple[Any, ...]) -> T:  # noqa: ARG001
    """``function(panel of study, *arguments)``; the version is part of the key."""
    return function(panel(study), *arguments)


def _is_given(study: str) -> bool:
    """Whether this visitor handed in the figures of `study`."""
    return uploads.has_london() if study in _PANELS else crime_common.is_uploaded(study)


def on_panel(function: Callable[Concatenate[Panel, P], T], study: str, *arguments: P.args, **_: P.kwargs) -> T:
    """``function(panel of study, *arguments)``, computed once for all visitors.

    Parameters
    ----------
    function
        A function of the core with a name of its own, whose result is small.
    """
    result: T = uploads.kept(_on_panel, function, study, _version(study), arguments, own=_is_given(study))
    return result


def fitted(study: str, spec: ModelSpec) -> FitResult:
    """Fit of `spec`; raises :class:`core.stats.regression.ModelError` with a sentence for the reader."""
    if study in crime_common.places():
        return crime_common.on_area(_lsoa_fit, study, study, spec)
    return on_panel(_labelled_fit, study, spec)


def _lsoa_fit(_: CrimeArea, place: str, spec: ModelSpec) -> FitResult:
    """Districts are few, so that a bootstrap is safer; MSOAs are many."""
    return fit(panel(place), spec, LABELS, wild=spec.cluster == DISTRICT)


def _labelled_fit(rows: Panel, spec: ModelSpec) -> FitResult:
    return fit(rows, spec, labels())


@st.cache_resource(show_spinner=False)
def _curves() -> dict[tuple[object, ...], Mapping[str, Curve]]:
    return {}


def _curves_of(study: str) -> dict[tuple[object, ...], Mapping[str, Curve]]:
    """Curves kept for all visitors, or for this visit where the figures are the visitor's own."""
    if study == user_panel.STUDY:
        return user_panel.memory()
    return uploads.memory() if _is_given(study) else _curves()


def curve(
    study: str,
    choices: Choices,
    term: str,
    progress: Progress,
    in_units: Callable[[Curve], Curve] = lambda curve: curve,
) -> Curve:
    """The specification curve of `choices`, computed once for all visitors and all predictors; the last few are kept.

    Parameters
    ----------
    in_units
        Puts effects into the units that those of `study` are told in.

    Streamlit's own cache would not let the progress be shown while it fills.
    """
    held, key = _curves_of(study), (study, choices, _version(study))
    found = held.get(key)
    if found is None:
        curves = specification_curves(panel(study), choices, labels(study), progress)
        found = {name: in_units(each) for name, each in curves.items()}
        while len(held) >= CURVES_KEPT:
            held.pop(next(iter(held)), None)
        held[key] = found
    return found[term]
