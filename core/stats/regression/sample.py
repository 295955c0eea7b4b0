"""Which rows of a panel a specification uses, and whether their values can be used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.stats.regression.columns import Codes, Column, Floats, Key, Mask
from core.stats.regression.errors import EmptySample, InfiniteValue, InvalidWeight, UnknownArea, listed, several
from core.stats.regression.spec import ModelSpec
from core.tables.panel import PERIODS_PER_YEAR


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows that a specification uses: those it chooses that have every value.

    Parameters
    ----------
    positions
        Position of each row in ``panel.frame``, shape (n,).
    area, period
        Keys of the rows.
    groups
        Further keys of the rows.
    n_dropped
        Chosen rows that lack a value; see :class:`core.stats.regression.design.Design`.
    earlier
        Position in ``panel.frame`` of the row that each is compared with, shape (n,); ``None`` for levels.
    """

    positions: Codes
    area: Key
    period: Key
    groups: tuple[Key, ...]
    n_dropped: int
    earlier: Codes | None = None

    def taken(self, column: Column) -> Floats:
        """The values of `column` on the rows, or their changes, shape (n,)."""
        now = column.values[self.positions]
        return now if self.earlier is None else now - column.values[self.earlier]


def select_rows(
    spec: ModelSpec, keys: Sequence[Key], variables: Sequence[Column], weights: Column, labels: Mapping[str, str]
) -> Rows:
    """The rows of the areas and periods that `spec` chooses, where every one of `variables` has a value.

    For changes these are the later of two rows that both have, a step apart.

    Parameters
    ----------
    spec
        Chooses areas, periods and whether quarters may overlap.
    keys
        Area, period and further keys, on every row of the panel.
    variables
        The outcome and the terms, on every row of the panel.
    weights
        The weight of each row of the panel.
    labels
        Readable names of variables, for messages.

    Raises
    ------
    ModelError
        If no row is left, an area is unknown, a value is infinite or a weight is not above zero.
    """
    area, period = keys[:2]
    used = [*variables, weights]
    sample, complete = _sample(spec, area, period, used, labels)
    positions = np.flatnonzero(sample & complete)
    for column in used:
        _check_finite(column, positions, area, period, labels)
    _check_weights(weights, positions, area, period)
    if spec.differences:
        return _changes(positions, int((period.codes[sample] > period.codes[sample].min()).sum()), spec, keys)
    return _rows(positions, int((sample & ~complete).sum()), keys)


def _rows(positions: Codes, n_dropped: int, keys: Sequence[Key], earlier: Codes | None = None) -> Rows:
    area, period, *groups = (key.keep(positions) for key in keys)
    return Rows(positions, area, period, tuple(groups), n_dropped, earlier)


def _changes(positions: Codes, possible: int, spec: ModelSpec, keys: Sequence[Key]) -> Rows:
    """The rows whose area has another one a step before, of the `possible` ones after the first period."""
    area, period = (key.keep(positions) for key in keys[:2])
    step = PERIODS_PER_YEAR if spec.non_overlapping else 1
    # Rows are sorted by area and period, so these places increase, with a gap of `step` between areas.
    places = area.codes * (len(period.levels) + step) + period.codes
    before = np.searchsorted(places, places - step)
    found = places[before] == places - step
    if not found.any():
        raise EmptySample(
            f"No {area.noun} has figures for two {several(period.name)} in a row, so there are no changes to compare; "
            f"choose more {several(period.name)}, or levels instead of changes."
        )
    later = positions[found]
    return _rows(later, possible - len(later), keys, positions[before[found]])


def _sample(
    spec: ModelSpec, area: Key, period: Key, used: list[Column], labels: Mapping[str, str]
) -> tuple[Mask, Mask]:
    """Which rows `spec` chooses, and which have every value."""
    sample = _chosen_areas(spec, area) & _chosen_periods(spec, period)
    complete = np.logical_and.reduce([column.known for column in used])
    if not (sample & complete).any():
        raise EmptySample(_why_empty(sample, area, period, used, labels))
    with_data = period.codes[sample & complete]
    first, last = with_data.min(), with_data.max()
    # Without a chosen start or end the sample is the periods with data, so that those outside do not count as dropped.
    sample &= (period.codes >= first) | bool(spec.start)
    sample &= (period.codes <= last) | bool(spec.end)
    if spec.non_overlapping:
        sample &= (last - period.codes) % PERIODS_PER_YEAR == 0
    return sample, complete


def _chosen_areas(spec: ModelSpec, area: Key) -> Mask:
    if spec.areas is None:
        return np.ones(len(area.codes), dtype=bool)
    known = frozenset(area.levels)
    unknown = next((name for name in spec.areas if name not in known), None)
    if unknown is not None:
        raise UnknownArea(f"The panel has no {area.noun} {unknown}; choose one that it has.")
    if not spec.areas:
        raise EmptySample(f"No {area.noun} is chosen; choose at least two.")
    chosen = frozenset(spec.areas)
    return np.array([name in chosen for name in area.levels])[area.codes]


def _chosen_periods(spec: ModelSpec, period: Key) -> Mask:
    first, last = spec.start or period.levels[0], spec.end or period.levels[-1]
    chosen = np.array([first <= name <= last for name in period.levels])
    if not chosen.any():
        raise EmptySample(
            f"The panel has no {period.noun} from {first} to {last}; "
            f"choose from {period.levels[0]} to {period.levels[-1]}."
        )
    return chosen[period.codes]


def _why_empty(sample: Mask, area: Key, period: Key, used: list[Column], labels: Mapping[str, str]) -> str:
    """Sentence that names the variables that leave no complete row in `sample`."""
    if not sample.any():
        return f"The {several(area.name)} chosen have no rows in the {several(period.name)} chosen; choose others."
    empty = next((column.name for column in used if not column.known[sample].any()), None)
    if empty is not None:
        return (
            f"{labels.get(empty, empty)} has no value in the {several(area.name)} and {several(period.name)} chosen; "
            "choose others, or another variable."
        )
    partly = [column.name for column in used if not column.known[sample].all()]
    names = listed(labels.get(name, name) for name in partly)
    return f"No {area.noun} has {names} in the same {period.noun}; leave one of them out."


def _check_finite(column: Column, rows: Codes, area: Key, period: Key, labels: Mapping[str, str]) -> None:
    beyond = rows[column.beyond[rows]]
    if len(beyond):
        raise InfiniteValue(
            f"{labels.get(column.name, column.name)} is infinite, or too large to use, in "
            f"{where(beyond, area, period)}; correct the value or leave the variable out."
        )


def _check_weights(weights: Column, rows: Codes, area: Key, period: Key) -> None:
    below = rows[weights.values[rows] <= 0]
    if len(below):
        raise InvalidWeight(
            f"There are no residents, and so no weight, in {where(below, area, period)}; "
            "correct the figure or count every row the same."
        )


def where(rows: Codes, area: Key, period: Key) -> str:
    """Area and period of the first of `rows` of a panel with these keys, as text."""
    return f"{area.levels[area.codes[rows[0]]]} in {period.levels[period.codes[rows[0]]]}"
