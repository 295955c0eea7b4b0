"""The design of one regression: columns of a panel on the rows that a specification uses."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from core.stats.regression.columns import Codes, Column, Floats, Key, Mask
from core.stats.regression.errors import (
    EmptySample,
    NoPredictor,
    NotNumeric,
    NotPositive,
    NotTogether,
    PeriodOrder,
    RepeatedVariable,
    TooCostly,
    UnknownVariable,
    listed,
    one,
    several,
)
from core.stats.regression.moderation import moderated_columns, moderated_label, moderating, owner
from core.stats.regression.sample import Rows, select_rows, where
from core.stats.regression.spec import ModelSpec
from core.tables.options import Form, Window
from core.tables.panel import Panel

CONSTANT = "constant"
MOST_CELLS = 5_000_000  # rows times variables: 40 MB for each copy, of which a fit makes several


@dataclass(frozen=True, eq=False)
class Design:
    """The data of one regression: `n` complete rows, `k` columns, no dummies.

    Effects are not columns here: :func:`core.stats.regression.least_squares.solve` absorbs them.

    Parameters
    ----------
    spec
        The specification it was built for.
    panel
        What it was built from.
    labels
        Readable names of variables, for messages.
    names
        Term of each column of `X`: the constant (without effects), the predictors, the controls, and what lets the
        association differ: see :mod:`core.stats.regression.moderation`.
    y
        Outcome, shape (n,).
    X
        Columns of the model, shape (n, k).
    weights
        Analytic weights, shape (n,), of any scale.
    area, period
        Keys of the rows.
    groups
        Further keys of the rows.
    rows
        Position of each row in ``panel.frame``, shape (n,).
    n_dropped
        Rows of the chosen areas and periods left out because a value was missing; without a chosen
        start or end, periods before the first or after the last one with data are not counted. Of changes those after
        the first period count, where a value was missing then or a step before.
    means
        Unweighted mean of each predictor in its form over the rows, not of its change.
    own_steps
        The step of each predictor where 10% of its mean means nothing, else 0.
    """

    spec: ModelSpec
    panel: Panel
    labels: Mapping[str, str]
    names: tuple[str, ...]
    y: Floats
    X: Floats
    weights: Floats
    area: Key
    period: Key
    groups: tuple[Key, ...]
    rows: Codes
    n_dropped: int
    means: tuple[float, ...]
    own_steps: tuple[float, ...]

    @property
    def places(self) -> Floats | None:
        """Where each row's area is on a plane, in km, shape (n, 2); none where the panel has no places."""
        return None if self.panel.places is None else self.panel.places[self.rows]

    @property
    def effects(self) -> tuple[Key, ...]:
        """Keys whose levels are absorbed, each once; of changes those of the period alone, as the others are gone."""
        keys = (self.period,) if self.spec.differences else (self.area, self.period, *self.groups)
        return tuple(key for key in keys if key.name in self.spec.effects)

    @property
    def times(self) -> Floats | None:
        """Place in time of each row where trends of areas are absorbed, shape (n,); ``None`` where they are not."""
        return self.period.codes.astype(float) if self.spec.trends else None

    @property
    def taken_out(self) -> str:
        """'borough and quarter effects', with trends if there are any, for messages."""
        trends = f" and {self.area.noun} trends" if self.spec.trends else ""
        return f"{listed(effect.noun for effect in self.effects)} effects{trends}"

    @property
    def cluster(self) -> Key:
        """Key whose levels are the clusters of the errors."""
        return self.key(self.spec.cluster or self.area.name)

    def key(self, name: str) -> Key:
        """The key column `name` on the rows of the design."""
        return next(key for key in (self.area, self.period, *self.groups) if key.name == name)

    def label(self, name: str) -> str:
        """Readable name of a variable."""
        return self.labels.get(name, name)

    def position(self, term: str) -> int:
        """Column of `term` in `X`."""
        if term not in self.names:
            raise UnknownVariable(f"The model has no {self.label(term)}; add it as a predictor or a control.")
        return self.names.index(term)

    def keep(self, mask: Mask) -> "Design":
        """The same design on the rows where `mask`, shape (n,), is true."""
        return replace(
            self,
            y=self.y[mask],
            X=self.X[mask],
            weights=self.weights[mask],
            area=self.area.keep(mask),
            period=self.period.keep(mask),
            groups=tuple(group.keep(mask) for group in self.groups),
            rows=self.rows[mask],
        )


def design(panel: Panel, spec: ModelSpec, labels: Mapping[str, str] | None = None) -> Design:
    """The rows and columns that `spec` asks of `panel`.

    Predictors are transformed (form, window, lag) on the complete panel, so that a lag reaches
    before the first period chosen; then areas and periods are selected, and rows with a missing
    value left out. Every fourth period is counted back from the last one with data.

    Raises
    ------
    ModelError
        Its subclass says which choice leaves nothing to estimate, and what to change.
    """
    variables = Variables(panel, labels or {})
    return variables.design(spec, variables.rows(spec))


@dataclass(frozen=True, eq=False)
class Variables:
    """Cache of a panel's columns: each is built once, however many specifications use it.

    Parameters
    ----------
    panel
        The panel.
    labels
        Readable names of variables, for messages.
    """

    panel: Panel
    labels: Mapping[str, str]
    _made: dict[tuple[str, Form, Window, int], Column] = field(default_factory=dict, init=False, repr=False)

    def rows(self, spec: ModelSpec) -> Rows:
        """The rows that `spec` uses, which do not depend on its effects and covariance."""
        _check_choices(self.panel, spec, self.labels)
        variables = [self.column(spec.outcome), *self._terms(spec)]
        keys = self.area, self.period, *self.groups
        rows = select_rows(spec, keys, variables, self._weights(spec), self.labels)
        self._check_response(spec, rows)
        return rows

    def design(self, spec: ModelSpec, rows: Rows) -> Design:
        """The design of `spec` on the `rows` that it uses."""
        self._check_keys(spec)
        terms = self._terms(spec)
        predictors = terms[: len(spec.predictors)]
        more = self._moderated(spec, predictors, rows)
        terms = [*terms, *more.values()]
        constant = [] if spec.effects or spec.differences else [CONSTANT]
        columns = [*(np.ones(len(rows.positions)) for _ in constant), *map(rows.taken, terms)]
        named = {name: moderated_label(spec, name, self._label(owner(spec, name))) for name in more}
        return Design(
            spec=spec,
            panel=self.panel,
            labels={**self.labels, **named} if named else self.labels,
            names=(*constant, *(term.name for term in terms)),
            y=self.outcome(spec, rows),
            X=np.column_stack(columns),
            weights=self._weights_of(spec, rows),
            area=rows.area,
            period=rows.period,
            groups=rows.groups,
            rows=rows.positions,
            n_dropped=rows.n_dropped,
            means=tuple(float(term.values[rows.positions].mean()) for term in predictors),
            own_steps=tuple(self.column(name, spec.form, spec.window).own_step for name in spec.predictors),
        )

    def outcome(self, spec: ModelSpec, rows: Rows) -> Floats:
        """The outcome of `spec` on its `rows`, shape (n,)."""
        column = self.column(spec.outcome)
        return rows.taken(self.column(spec.outcome, "log") if spec.response == "log" else column)

    @cached_property
    def area(self) -> Key:
        """Key of the areas, on every row of the panel."""
        return _key(self.panel, self.panel.area)

    @cached_property
    def period(self) -> Key:
        """Key of the periods, on every row of the panel; its levels have the steps in time without rows too."""
        key, steps = _key(self.panel, self.panel.period), self.panel.steps
        if not steps.missing:
            return key
        places = np.array([steps.places[str(level)] for level in key.levels])
        return Key(key.name, tuple(sorted((*map(str, key.levels), *steps.missing))), places[key.codes])

    @cached_property
    def groups(self) -> tuple[Key, ...]:
        """Further keys, on every row of the panel."""
        return tuple(_key(self.panel, group) for group in self.panel.groups)

    def column(self, name: str, form: Form = "count", window: Window = "quarter", lag: int = 0) -> Column:
        """Variable `name` in a form, on every row of the panel."""
        key = name, form, window, lag
        if key not in self._made:
            self._made[key] = _column(self.panel, name, form, window, lag, self.labels)
        return self._made[key]

    def _check_response(self, spec: ModelSpec, rows: Rows) -> None:
        """Raise :class:`NotPositive` where the outcome of `spec` cannot enter as it asks."""
        used = rows.positions if rows.earlier is None else np.union1d(rows.positions, rows.earlier)
        values, name = self.column(spec.outcome).values[used], self.labels.get(spec.outcome, spec.outcome)
        if spec.response != "level" and spec.outcome in self.panel.logarithms:
            raise NotTogether(f"{name} is a logarithm already; take it as it is, or choose the figure itself.")
        below = {"level": used[:0], "log": used[values <= 0], "poisson": used[values < 0]}[spec.response]
        if not len(below):
            return
        place = f"{where(below, self.area, self.period)}{' and elsewhere' * (len(below) > 1)}"
        if spec.response == "log":
            raise NotPositive(f"{name} is not above zero in {place}, and has no logarithm there; take it as it is.")
        raise NotPositive(f"{name} is below zero in {place}, and Poisson regression needs zero or more; take it as is.")

    def _terms(self, spec: ModelSpec) -> list[Column]:
        predictors = [self.column(name, spec.form, spec.window, spec.lag) for name in spec.predictors]
        return [*predictors, *(self.column(name) for name in spec.controls)]

    def _moderated(self, spec: ModelSpec, predictors: list[Column], rows: Rows) -> dict[str, Column]:
        """What lets the association of `spec` differ, by name."""
        key = moderating(self.panel, spec, self.labels) if spec.moderator else None
        more = moderated_columns(spec, predictors, key, rows.positions, self.labels)
        twice = next((name for name in more if name in (*spec.predictors, *spec.controls)), None)
        if twice is not None:
            raise RepeatedVariable(f"{self._label(twice)} is in the model twice; choose it in one place only.")
        return more

    def _label(self, name: str) -> str:
        return self.labels.get(name, name)

    def _weights(self, spec: ModelSpec) -> Column:
        return self.column(self.panel.population) if spec.weights == "population" else self._ones("weight")

    def _weights_of(self, spec: ModelSpec, rows: Rows) -> Floats:
        """Weight of each row; of a change that of a difference whose two parts have variances 1 / weight."""
        weights = self._weights(spec).values
        if rows.earlier is None:
            return weights[rows.positions]
        return np.asarray(1 / (1 / weights[rows.positions] + 1 / weights[rows.earlier]))

    def _ones(self, name: str) -> Column:
        return Column(name, np.ones(len(self.panel.frame)))

    def _check_keys(self, spec: ModelSpec) -> None:
        *first, last = self.panel.keys
        unknown = next((effect for effect in spec.effects if effect not in self.panel.keys), None)
        if unknown is not None:
            raise UnknownVariable(f"There are no {unknown} effects; choose {', '.join(first)} or {last} effects.")
        changing = [group for group in self.groups if group.name in spec.effects and not self.area.within(group)]
        if spec.differences and changing:
            raise UnknownVariable(
                f"{changing[0].noun} changes over time within one {self.area.noun}, so changes have no effects of it; "
                "leave them out."
            )
        if spec.cluster and spec.cluster not in self.panel.keys:
            raise UnknownVariable(f"Errors cannot be clustered by {spec.cluster}; choose {', '.join(first)} or {last}.")


def _check_choices(panel: Panel, spec: ModelSpec, labels: Mapping[str, str]) -> None:
    """Raise :class:`ModelError` unless the choices are consistent, before any number is read."""
    if panel.frame.empty:
        raise EmptySample("The panel has no rows; load figures first.")
    if not spec.predictors:
        raise NoPredictor("The model has no predictor; choose at least one.")
    terms = [*spec.predictors, *spec.controls]
    # With a lag, an earlier value of the outcome may be a predictor.
    current = [spec.outcome, *(spec.controls if spec.lag else terms)]
    twice = next((name for names in (terms, current) for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise RepeatedVariable(f"{labels.get(twice, twice)} is in the model twice; choose it in one place only.")
    if spec.differences and spec.response == "poisson":
        raise NotTogether(
            "Poisson regression explains levels; choose levels instead of changes, or the logarithm of the outcome."
        )
    if spec.trends:
        _check_trends(panel, spec)
    cells = len(panel.frame) * (len(terms) + 1)
    if cells > MOST_CELLS:
        raise TooCostly(
            f"The model has {len(terms) + 1:,} variables on {len(panel.frame):,} rows, and rows times variables can be "
            f"{MOST_CELLS:,} at most; leave variables out, or add rows up to larger {several(panel.area)} or longer "
            f"{several(panel.period)}."
        )
    if spec.start and spec.end and spec.start > spec.end:
        raise PeriodOrder(f"The first {one(panel.period)}, {spec.start}, is after the last, {spec.end}; swap them.")


def _check_trends(panel: Panel, spec: ModelSpec) -> None:
    """Raise :class:`NotTogether` where trends have nothing to start from, or nothing to be taken out of."""
    if spec.differences:
        raise NotTogether(
            f"Trends of each {one(panel.area)} are taken out of levels; choose levels instead of changes, or no trends."
        )
    if panel.area not in spec.effects:
        raise NotTogether(
            f"A trend of each {one(panel.area)} starts from a level of its own; add {one(panel.area)} effects, or "
            "leave the trends out."
        )


def _column(panel: Panel, name: str, form: Form, window: Window, lag: int, labels: Mapping[str, str]) -> Column:
    """One variable in its form, after checking that the panel has the columns that the form needs."""
    needed = {"share": panel.total, "per_1000": panel.population, "log_per_1000": panel.population}
    for source in (name, needed.get(form, name)):
        if source not in panel.frame.columns:
            raise UnknownVariable(f"The panel has no variable {labels.get(source, source)}; choose one that it has.")
        if not pd.api.types.is_numeric_dtype(panel.frame[source]):
            raise NotNumeric(f"{labels.get(source, source)} does not hold numbers; choose a variable that does.")
    values = panel.values(name, form, window, lag)
    return Column(name, values.to_numpy(dtype=float, na_value=np.nan))


def _key(panel: Panel, name: str) -> Key:
    codes, levels = panel.coded[name]
    return Key(name, levels, codes)
