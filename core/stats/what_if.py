"""What if there were less, or more, of a predictor: the change in the score that the model associates with it.

This evaluates the fitted line at another point; it does not say that a change in policing would cause
the change.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from core.stats.regression import LEVEL, FitResult, ModelError, ModelSpec, UnknownArea
from core.stats.regression.errors import listed, one
from core.stats.relative import per_cent
from core.tables.options import Form
from core.tables.panel import PERIODS_PER_YEAR, POINTS, Panel

LEVEL_OF_LOG: Mapping[Form, Form] = {"log": "count", "log_per_1000": "per_1000"}
NOW, THEN = "_now", "_then"


class ImpossibleChange(ModelError):
    """A change of a predictor that the model or the figures do not allow."""


@dataclass(frozen=True, slots=True)
class Change:
    """Associated change of the outcome in percentage points, or in per cent of it, with its 95% interval."""

    points: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class WhatIf:
    """What a model associates with a change of its predictors.

    Parameters
    ----------
    spec
        The model.
    predictors
        Predictors that are changed, all by the same percentage.
    percent
        Change in per cent; -10 is a tenth less.
    table
        One row per chosen area: the area, for each predictor its value ``{name}_now`` (mean of the last four
        quarters of the sample) and ``{name}_then``, the associated change of the outcome in percentage
        points (``points``, ``low``, ``high``; in per cent of it where its logarithm is explained), and whether a new
        value lies outside the range observed in that area (``beyond_own_record``) or in any area of the sample
        (``beyond_all``). Values are counts, or per 1,000
        residents, or shares, in the form of the model, before any logarithm.
    chosen
        Mean change over the chosen areas, each counting once.
    """

    spec: ModelSpec
    predictors: tuple[str, ...]
    percent: float
    table: pd.DataFrame
    chosen: Change

    @property
    def same_everywhere(self) -> bool:
        """Whether the change is the same in all areas whatever their level, as with a logarithm."""
        return self.spec.form in LEVEL_OF_LOG

    @property
    def beyond_own_record(self) -> list[str]:
        """Chosen areas where a new value lies outside the range observed in that area."""
        return self._areas("beyond_own_record")

    @property
    def beyond_all(self) -> list[str]:
        """Chosen areas where a new value lies outside the range observed in any area of the sample."""
        return self._areas("beyond_all")

    def _areas(self, flag: str) -> list[str]:
        return list(self.table.loc[self.table[flag], self.table.columns[0]])


def what_if(
    panel: Panel,
    result: FitResult,
    predictors: str | tuple[str, ...],
    percent: float,
    areas: tuple[str, ...] | None = None,
) -> WhatIf:
    """The change in the outcome that `result` associates with `percent` more of `predictors`.

    Parameters
    ----------
    panel
        The figures that `result` was fitted to.
    predictors
        One predictor of the model or several, changed together by the same percentage. The interval then allows
        for the covariance of their coefficients.
    percent
        Change in per cent; -10 is a tenth less.
    areas
        Areas to change; ``None`` for all in the sample.

    Raises
    ------
    ImpossibleChange
        If nothing is to be changed, the model does not have it as a predictor, or the new value is impossible: a
        negative count, the logarithm of zero, a share above one, no figure in the last four quarters.
    core.stats.regression.UnknownArea
        If an area is not in the sample.
    """
    names = (predictors,) if isinstance(predictors, str) else predictors
    _check(result, names, percent)
    observed = _observed(panel, result.spec, names, result.first_period, result.last_period)
    now = _now(observed)
    chosen = _chosen(panel, areas, now)
    then = now * (1 + percent / 100)
    _check_values(panel, result.spec, now.loc[chosen], then.loc[chosen])
    steps = _steps(result.spec, now, percent)
    table = now.add_suffix(NOW).join(then.add_suffix(THEN)).loc[chosen]
    table = table.join(_changes(result, steps.loc[chosen])).join(_beyond(observed, then.loc[chosen]))
    mean_change = _changes(result, steps.loc[chosen].mean().to_frame().T)
    change = Change(*mean_change.iloc[0].tolist())
    return WhatIf(result.spec, names, percent, table.rename_axis(panel.area).reset_index(), change)


def no_one_answer(spec: ModelSpec) -> str:
    """Why a change has no one answer in a model that lets the association differ; empty where it has one."""
    by = [*(["the size of the predictor (a square)"] if spec.squares else []), *(["group"] if spec.moderator else [])]
    if not by:
        return ""
    return f"In this model the association differs by {listed(by)}, so a change has no one answer."


def _check(result: FitResult, names: tuple[str, ...], percent: float) -> None:
    if reason := no_one_answer(result.spec):
        raise ImpossibleChange(reason)
    if not names:
        raise ImpossibleChange("No predictor is chosen; choose at least one to change.")
    wrong = next((name for name in names if name not in result.spec.predictors), None)
    if wrong is not None:
        raise ImpossibleChange(f"{wrong} is not a predictor of this model; choose one that is.")
    if len(set(names)) < len(names):
        raise ImpossibleChange(f"A predictor is chosen twice ({', '.join(names)}); choose each once.")
    if not (math.isfinite(percent) and percent >= -100):
        raise ImpossibleChange(f"A change of {percent:g}% leaves less than nothing; choose -100% or more.")
    if percent == -100 and result.spec.form in LEVEL_OF_LOG:
        raise ImpossibleChange(
            "This model takes logarithms, and there is none of zero, so it cannot say what -100% would mean; "
            "choose less of a change, or a model of the count or the rate."
        )


def _observed(panel: Panel, spec: ModelSpec, names: tuple[str, ...], first: str, last: str) -> pd.DataFrame:
    """Values of the predictors before any logarithm, as the model sees them; rows by area and period."""
    form = LEVEL_OF_LOG.get(spec.form, spec.form)
    values = pd.DataFrame({name: panel.values(name, form, spec.window, spec.lag) for name in names})
    area, period = panel.frame[panel.area], panel.frame[panel.period]
    inside = period.between(first, last) & (area.isin(spec.areas or panel.areas))
    return values[inside].set_index([area[inside], period[inside]])


def _now(observed: pd.DataFrame) -> pd.DataFrame:
    """Mean of the last four quarters, one row per area."""
    period = observed.index.get_level_values(1)
    latest = sorted(period.unique())[-PERIODS_PER_YEAR:]
    return observed[period.isin(latest)].groupby(level=0).mean()


def _chosen(panel: Panel, areas: tuple[str, ...] | None, now: pd.DataFrame) -> list[str]:
    if areas is None:
        return list(now.dropna().index)
    if not areas:
        raise ImpossibleChange(f"No {one(panel.area)} is chosen; choose at least one.")
    unknown = next((area for area in areas if area not in now.index), None)
    if unknown is not None:
        raise UnknownArea(f"The sample of the model has no {one(panel.area)} {unknown}; choose one that it has.")
    return sorted(set(areas))


def _check_values(panel: Panel, spec: ModelSpec, now: pd.DataFrame, then: pd.DataFrame) -> None:
    missing = now.index[now.isna().any(axis=1)]
    if len(missing) or now.empty:
        where = missing[0] if len(missing) else f"any {one(panel.area)}"
        raise ImpossibleChange(
            f"There is no figure for {where} in the last four quarters; choose another {one(panel.area)}."
        )
    if spec.form == "share" and (then > 1).to_numpy().any():
        area = then.index[(then > 1).any(axis=1)][0]
        raise ImpossibleChange(f"The share in {area} would be more than all records; choose a smaller change.")


def _steps(spec: ModelSpec, now: pd.DataFrame, percent: float) -> pd.DataFrame:
    """Change of each predictor in the units of the model, one row per area."""
    if spec.form in LEVEL_OF_LOG:
        return now.where(now.isna(), math.log1p(percent / 100))
    return now * (percent / 100)


def _changes(result: FitResult, steps: pd.DataFrame) -> pd.DataFrame:
    """Associated change of the outcome in percentage points, one row per row of `steps`."""
    names = tuple(steps.columns)
    sizes = steps.to_numpy() * POINTS
    change = sizes @ np.array([result.estimate(name).estimate for name in names])
    variances = np.einsum("ij,jk,ik->i", sizes, result.covariance_of(names), sizes)
    # Rounding, or a repaired two-way covariance, can make a variance slightly negative.
    reach = float(stdtrit(result.df, (1 + LEVEL) / 2)) * np.sqrt(variances.clip(min=0))
    changes = pd.DataFrame({"points": change, "low": change - reach, "high": change + reach}, index=steps.index)
    return (changes / POINTS).apply(per_cent) if result.spec.relative else changes


def _beyond(observed: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    by_area = observed.groupby(level=0)
    outside_own = (then < by_area.min().loc[then.index]) | (then > by_area.max().loc[then.index])
    outside_all = (then < observed.min()) | (then > observed.max())
    return pd.DataFrame({"beyond_own_record": outside_own.any(axis=1), "beyond_all": outside_all.any(axis=1)})
