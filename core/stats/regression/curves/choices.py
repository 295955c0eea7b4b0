"""The choices of a specification curve: the alternatives of each, and every combination of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from core.stats.regression.errors import NoChoice
from core.stats.regression.spec import DRISCOLL_KRAAY_LAGS, ModelSpec
from core.tables.options import Covariance, Form, Response, Weights, Window

TRENDS = "trend of each area"  # in a set of effects: linear trends of areas are taken out too
DIMENSIONS: Mapping[str, str] = {
    "outcomes": "outcome measure",
    "forms": "form of the predictor",
    "windows": "window of time",
    "lags": "lag",
    "effects": "set of effects",
    "controls": "set of controls",
    "samples": "sample",
    "weights": "weighting",
    "covariances": "kind of standard error",
    "kernel_lags": "number of Driscoll-Kraay lags",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows to choose, under a name that tables and charts show; see :class:`ModelSpec` for the rest."""

    name: str
    start: str = ""
    end: str = ""
    areas: tuple[str, ...] | None = None
    non_overlapping: bool = False


EVERYTHING = Sample("Everything")


@dataclass(frozen=True)
class Choices:
    """The alternatives of every choice in :class:`ModelSpec`; a specification takes one of each.

    Parameters
    ----------
    predictors
        The same in every specification.
    outcomes, forms, windows, lags, effects, controls, samples, weights, covariances
        Alternatives; one given twice counts once. Names of samples tell them apart. A set of effects with
        :data:`TRENDS` in it is the others with trends of areas.
    response, squares, moderator, trends, differences
        How the outcome enters, whether the association may differ, whether trends of areas are taken out, and whether
        changes are compared: the same in every specification, because effects of another kind do not compare; see
        :class:`ModelSpec`.
    cluster
        What clustered errors cluster by, the same in every specification; see :class:`ModelSpec`.
    kernel_lags
        Alternatives for Driscoll-Kraay errors. Other errors have no such choice, so they are not multiplied by it.

    Raises
    ------
    NoChoice
        If a choice has no alternative; the message names it.
    """

    predictors: tuple[str, ...]
    outcomes: tuple[str, ...]
    forms: tuple[Form, ...] = ("log",)
    windows: tuple[Window, ...] = ("quarter",)
    lags: tuple[int, ...] = (0,)
    effects: tuple[tuple[str, ...], ...] = ((),)
    controls: tuple[tuple[str, ...], ...] = ((),)
    samples: tuple[Sample, ...] = (EVERYTHING,)
    weights: tuple[Weights, ...] = ("equal",)
    covariances: tuple[Covariance, ...] = ("cluster",)
    response: Response = "level"
    squares: bool = False
    moderator: str = ""
    trends: bool = False
    differences: bool = False
    cluster: str = ""
    kernel_lags: tuple[int, ...] = (DRISCOLL_KRAAY_LAGS,)

    def __post_init__(self) -> None:
        for name in ("predictors", *DIMENSIONS):
            object.__setattr__(self, name, tuple(dict.fromkeys(getattr(self, name))))
        for name, text in DIMENSIONS.items():
            if not getattr(self, name):
                raise NoChoice(f"No {text} is ticked; tick at least one.")
        names = [sample.name for sample in self.samples]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"Two samples are called {twice}; give each its own name.")

    def __len__(self) -> int:
        """Number of combinations."""
        size = len(self._errors())
        for name in DIMENSIONS:
            size *= 1 if name in ("covariances", "kernel_lags") else len(getattr(self, name))
        return size

    def specs(self) -> Iterator[ModelSpec]:
        """Every combination, whether or not the figures can answer it: only they can tell."""
        dimensions = self.outcomes, self.forms, self.windows, self.lags, self.controls, self.samples, self.weights
        for combination in product(*dimensions, self.effects, self._errors()):
            outcome, form, window, lag, controls, sample, weights, effects, (covariance, kernel_lags) = combination
            yield ModelSpec(
                outcome=outcome,
                response=self.response,
                squares=self.squares,
                moderator=self.moderator,
                trends=self.trends or TRENDS in effects,
                differences=self.differences,
                predictors=self.predictors,
                form=form,
                window=window,
                lag=lag,
                controls=controls,
                effects=tuple(name for name in effects if name != TRENDS),
                start=sample.start,
                end=sample.end,
                areas=sample.areas,
                non_overlapping=sample.non_overlapping,
                weights=weights,
                covariance=covariance,
                cluster=self.cluster,
                kernel_lags=kernel_lags,
            )

    def _errors(self) -> list[tuple[Covariance, int]]:
        """Kinds of standard error with their lags, which only Driscoll-Kraay errors have."""
        return [
            (covariance, lags)
            for covariance in self.covariances
            for lags in (self.kernel_lags if covariance == "driscoll_kraay" else (DRISCOLL_KRAAY_LAGS,))
        ]


def effect_set(spec: ModelSpec) -> tuple[str, ...]:
    """The set of effects of `spec`, with :data:`TRENDS` where trends of areas are taken out too."""
    return (*spec.effects, *[TRENDS] * spec.trends)
