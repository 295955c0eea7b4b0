"""The figures and fits that all visitors share, each computed once.

Keys of the cache are names, specifications and the version of the figures, never data frames. Panels
and the catalogue are shared objects that nobody changes; what is fitted on them comes back small.
"""

from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd

from core.app import cache, uploads, user_panel
from core.app.crime_places.places import is_uploaded, load_place, places
from core.crime.area import TODAY
from core.crime.area import panel as lsoa_panel
from core.crime.deprivation.question import DISTRICT
from core.crime.deprivation.text import LABELS
from core.crime.today import catalogue_of_today
from core.london.panel import london_events, london_wide
from core.questions.curve import in_points
from core.questions.question import Question
from core.questions.robustness import Robustness, robustness
from core.registry.studies import CRIME, PANELS
from core.stats.regression import FitResult, ModelSpec, fit
from core.stats.regression.curves.choices import Choices
from core.stats.regression.curves.curve import Curve, specification_curves
from core.tables import catalogue as package
from core.tables.catalogue import Catalogue
from core.tables.labels import with_labels
from core.tables.panel import Panel
from core.tables.progress import Progress
from core.user_panel.question import table_catalogue

P = ParamSpec("P")
T = TypeVar("T")


def catalogue() -> Catalogue:
    """Words and version of all figures: those of the package, or those that this visitor uploaded."""
    found = uploads.current()
    return found.catalogue if found else package.load_catalogue()


def catalogue_of(study: str) -> Catalogue:
    """Words of the variables of `study`, of a place of the crime pages, or of the visitor's own table."""
    table = user_panel.table()
    if study == user_panel.STUDY and table is not None:
        return table_catalogue(table)
    if study not in places():
        return catalogue()
    tables = catalogue().of(*CRIME.tables)
    return with_labels(catalogue_of_today(tables) if load_place(study).area.basis == TODAY else tables, LABELS)


def labels(study: str) -> dict[str, str]:
    """Readable names of all variables, in the words of `study`."""
    return {variable.name: variable.label for variable in catalogue_of(study)}


def version(study: str) -> str:
    """Fingerprint of the figures of a study or a place."""
    table = user_panel.table()
    if study == user_panel.STUDY and table is not None:
        return table.fingerprint
    return catalogue().version if study in PANELS else places()[study].version


def _of_this_visit(study: str) -> bool:
    """Whether the figures of `study` are this visitor's own."""
    if study == user_panel.STUDY:
        return True
    return uploads.has_london() if study in PANELS else is_uploaded(study)


@cache.cached(4)
def _panel(study: str, tables: Catalogue) -> Panel:
    return PANELS[study](tables)


def published(study: str = "london") -> tuple[Catalogue, Panel]:
    """Catalogue of the package and the panel of a study, whatever this visitor uploaded."""
    tables = package.load_catalogue()
    return tables, _panel(study, tables)


def panel(study: str) -> Panel:
    """The panel of a study; shared, so never to be changed in place.

    Parameters
    ----------
    study
        A study, or a place of the crime pages, whose panel has a row for each LSOA.
    """
    if study in PANELS:
        return _panel(study, catalogue(), this_visit=uploads.has_london())
    if study == user_panel.STUDY:
        return user_panel.panel()
    return lsoa_panel(load_place(study).area)


@cache.cached(2)
def _london_wide(tables: Catalogue) -> pd.DataFrame:
    return london_wide(tables)


def london_totals() -> pd.DataFrame:
    """London as a whole, one row per quarter; shared, so never to be changed in place."""
    return _london_wide(catalogue(), this_visit=uploads.has_london())


@cache.cached(2)
def _events(tables: Catalogue) -> pd.DataFrame:
    events = london_events(tables)
    return events.assign(number=range(1, len(events) + 1))


def events() -> pd.DataFrame:
    """Dated events, numbered in order of time; shared, so never to be changed in place."""
    return _events(catalogue(), this_visit=uploads.has_london())


@cache.cached(copies=True)
def _on_panel(function: Callable[..., Any], study: str, arguments: tuple[Any, ...]) -> Any:
    return function(panel(study), *arguments)


def on_panel(function: Callable[Concatenate[Panel, P], T], study: str, *arguments: P.args, **_: P.kwargs) -> T:
    """``function(panel of study, *arguments)``, computed once for all visitors.

    Parameters
    ----------
    function
        A function of the core with a name of its own, whose result is small.
    """
    result: T = _on_panel(function, study, arguments, version=version(study), this_visit=_of_this_visit(study))
    return result


def fitted(study: str, spec: ModelSpec) -> FitResult:
    """Fit of `spec`; raises :class:`core.stats.regression.ModelError` with a sentence for the reader."""
    # Districts are few, so that a bootstrap is safer; MSOAs are many.
    wild = study not in places() or spec.cluster == DISTRICT
    return on_panel(_labelled_fit, study, spec, study, wild)


def _labelled_fit(rows: Panel, spec: ModelSpec, study: str, wild: bool) -> FitResult:
    return fit(rows, spec, labels(study), wild=wild)


def robust(question: Question, spec: ModelSpec) -> dict[str, Robustness]:
    """How the answer of `spec` to `question` stands up, by predictor; empty where no alternatives are declared."""
    return on_panel(_robust, question.study, question, spec) if question.alternatives else {}


def _robust(rows: Panel, question: Question, spec: ModelSpec) -> dict[str, Robustness]:
    return robustness(rows, question, spec, labels(question.study))


@cache.cached(16)
def _curves(
    study: str, choices: Choices, in_units: Callable[[Curve], Curve], progress: Progress
) -> Mapping[str, Curve]:
    curves = specification_curves(panel(study), choices, labels(study), progress)
    return {name: in_units(each) for name, each in curves.items()}


def curve(
    study: str,
    choices: Choices,
    term: str,
    progress: Progress,
    in_units: Callable[[Curve], Curve] = in_points,
) -> Curve:
    """The specification curve of `choices`, computed once for all visitors and all predictors; the last few are cached.

    Parameters
    ----------
    in_units
        Puts effects into the units that those of `study` are stated in.
    """
    own = _of_this_visit(study)
    return _curves(study, choices, in_units, version=version(study), this_visit=own, progress=progress)[term]
