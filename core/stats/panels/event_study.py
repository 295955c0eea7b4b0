"""Before and after: leads and lags of a predictor within areas (an event study), with a joint test of the leads.

The outcome is explained by the predictor of later, the same and earlier periods at once. Sums of these coefficients say
what is associated with a lasting rise of the predictor by one unit, by the time since; those before it are what areas
already differed by. For a predictor that is 0 or 1 this is the event study with ends put together, normalised to the
period before (Schmidheiny and Siegloch 2023, "On event studies and distributed-lags in two-way fixed effects models",
Journal of Applied Econometrics 38(5)). That nothing is found before is no proof that nothing was there (Roth 2022,
"Pretest with caution", American Economic Review: Insights 4(3)).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.stats.regression.covariance.jackknife import ENOUGH, effective_clusters
from core.stats.regression.design import design
from core.stats.regression.errors import ModelError, NotTogether
from core.stats.regression.fit import fit_design, solved, switch_times, switching
from core.stats.regression.result import Estimate, FitResult, JointTest
from core.stats.regression.spec import ModelSpec
from core.tables.options import Covariance
from core.tables.panel import Panel

LEADS, LAGS = range(1, 9), range(13)
BY_AREA: tuple[Covariance, ...] = ("cluster", "jackknife", "two_way")  # errors that few areas make too small
AT = "{name} at {place:+d}"


@dataclass(frozen=True)
class EventStudy:
    """What goes before and what follows a lasting rise of the predictor by one unit.

    Parameters
    ----------
    path
        The associated difference of the outcome at each place in time, counted from the rise, less that of the period
        before it, which is left out.
    coefficients
        Coefficient of the predictor so many periods before (above zero) or after (below zero) the outcome.
    leads
        Test that the coefficients of all later periods are zero; ``None`` if there is none.
    untested
        Why there is none, in a sentence; empty if there is one.
    effective_clusters
        Number of equal clusters that would carry as much of the coefficient of the same period; see
        :func:`core.stats.regression.covariance.jackknife.effective_clusters`.
    result
        The fit.
    switching
        Number of areas whose predictor goes from 0 to 1 on the rows of the fit, by the period; empty where it is not 0
        or 1, and without effects of the period.
    switch_times
        At how many times they do, as :func:`core.stats.regression.fit.switch_times` counts them.
    """

    path: Mapping[int, Estimate]
    coefficients: Mapping[int, Estimate]
    leads: JointTest | None
    untested: str
    effective_clusters: float
    result: FitResult
    switching: Mapping[str, int]
    switch_times: int

    @property
    def few(self) -> bool:
        """Whether errors are clustered, and so few clusters carry the estimates that they come out too small."""
        return self.result.spec.covariance in BY_AREA and self.effective_clusters < ENOUGH

    @property
    def staggered(self) -> bool:
        """Whether areas go from 0 to 1 at different times."""
        return self.switch_times > 1


def event_study(
    panel: Panel, spec: ModelSpec, term: str, leads: int, lags: int, labels: Mapping[str, str] | None = None
) -> EventStudy:
    """The model of `spec` with `leads` and `lags` of its predictor `term`, within areas.

    Other predictors stay as they are; squares and groups are left out, and the lag of `term` is that of each
    coefficient. Levels have the effects of the area, whether `spec` has them or not.

    Raises
    ------
    NotTogether
        Without a lead or with less than no lag.
    ModelError
        If the model cannot be estimated.
    """
    if leads < 1 or lags < 0:
        raise NotTogether("Before and after needs a period before and one after; choose at least one before.")
    places = range(-leads, lags + 1)
    rows = design(*distributed(panel, spec, term, places, labels or {}))
    found, model = fit_design(rows, wild=False, cautious=False), solved(rows)
    names = {place: AT.format(name=term, place=place) for place in places}
    by_period = panel.period in spec.effects
    joint, untested = _tested(found, tuple(names[place] for place in places if place < 0))
    return EventStudy(
        path={place: _sum(found, names, place, term) for place in range(-leads - 1, lags + 1) if place != -1},
        coefficients={place: replace(found.estimate(name), name=term) for place, name in names.items()},
        leads=joint,
        untested=untested,
        effective_clusters=effective_clusters(model, rows.position(names[0])),
        result=found,
        switching=switching(model.design, names[0]) if by_period else {},
        switch_times=switch_times(model.design, names[0]) if by_period else 0,
    )


def _tested(found: FitResult, names: tuple[str, ...]) -> tuple[JointTest | None, str]:
    """The joint test of the coefficients of `names`, or why there is none."""
    try:
        return found.wald(names), ""
    except ModelError as error:
        return None, str(error)


def distributed(
    panel: Panel, spec: ModelSpec, term: str, places: range, labels: Mapping[str, str]
) -> tuple[Panel, ModelSpec, Mapping[str, str]]:
    """The panel with a column for the predictor at each place in time, the model of them, and their labels."""
    columns = {AT.format(name=term, place=place): panel.values(term, spec.form, spec.window, place) for place in places}
    others = {f"{name} as it is": panel.values(name, spec.form, spec.window, spec.lag) for name in _others(spec, term)}
    effects = spec.effects if panel.area in spec.effects or spec.differences else (panel.area, *spec.effects)
    made = replace(
        spec,
        predictors=tuple(columns),
        controls=(*others, *spec.controls),
        form="count",
        window="quarter",
        lag=0,
        squares=False,
        moderator="",
        effects=effects,
    )
    text = labels.get(term, term)
    named = {AT.format(name=term, place=place): AT.format(name=text, place=place) for place in places}
    named |= {other: labels.get(name, name) for other, name in zip(others, _others(spec, term), strict=True)}
    return replace(panel, frame=panel.frame.assign(**columns, **others)), made, {**labels, **named}


def _others(spec: ModelSpec, term: str) -> list[str]:
    return [name for name in spec.predictors if name != term]


def _sum(found: FitResult, names: Mapping[int, str], place: int, term: str) -> Estimate:
    """The difference at `place` less that of the period before the rise, with its error."""
    inside = range(place + 1) if place >= 0 else range(place + 1, 0)
    return found.combined({names[each]: 1.0 if place >= 0 else -1.0 for each in inside}, term)
