"""Associations that differ: by group of areas (interactions), and with the size of the predictor (squares).

Both are columns next to the predictor's own, which keeps its meaning as one number. Groups enter as the predictor times
an indicator of the group less the group's share of the rows, so that the predictor's own coefficient is the mean over
rows of the groups' associations, and the others are each group's less that of the first. The square is of the predictor
less its mean, so that its own coefficient is the slope at the mean (Aiken and West 1991, *Multiple regression: testing
and interpreting interactions*, on centring; Balli and Sorensen 2013, Empirical Economics 45(1), with effects).
"""

from collections.abc import Mapping

import numpy as np

from core.stats.regression.columns import Codes, Column, Key
from core.stats.regression.errors import NotTogether, NoVariation, UnknownVariable, one
from core.stats.regression.spec import ModelSpec
from core.tables.panel import Panel


def square_name(predictor: str) -> str:
    """Name of the coefficient of a predictor's square."""
    return f"{predictor} squared"


def difference_name(predictor: str, group: str, first: str) -> str:
    """Name of the coefficient of `predictor` in `group` less that in the `first` group."""
    return f"{predictor}: {group} less {first}"


def owner(spec: ModelSpec, name: str) -> str:
    """The predictor whose square or difference between groups the coefficient `name` is; empty for any other."""
    if name in spec.predictors or name in spec.controls:
        return ""
    squares = {square_name(predictor): predictor for predictor in spec.predictors if spec.squares}
    if name in squares:
        return squares[name]
    several = [predictor for predictor in spec.predictors if spec.moderator and name.startswith(f"{predictor}: ")]
    return max(several, key=len, default="")


def moderating(panel: Panel, spec: ModelSpec, labels: Mapping[str, str]) -> Key:
    """The groups of areas by which `spec` lets the association differ, on every row of `panel`.

    Raises
    ------
    UnknownVariable
        If the panel has no such column, or it does not group every area.
    NotTogether
        If the groups' own levels would pass for differences of the association.
    """
    name, area = spec.moderator, panel.area
    label = labels.get(name, name)
    if name not in panel.groupings:
        offered = ", ".join(labels.get(other, other) for other in panel.groupings) or "none"
        raise UnknownVariable(
            f"{label} does not put each {one(area)} into one of a few groups; choose another ({offered})."
        )
    if not spec.differences and not {area, name} & {*spec.effects}:
        raise NotTogether(
            f"The groups of {label} have levels of their own, which would pass for another association; add "
            f"{one(area)} effects, or let the association be the same everywhere."
        )
    codes, levels = panel.grouped(name)
    return Key(name, levels, codes)


def moderated_columns(
    spec: ModelSpec, predictors: list[Column], key: Key | None, positions: Codes, labels: Mapping[str, str]
) -> dict[str, Column]:
    """Squares and differences between groups, on every row of the panel, by the names of their coefficients.

    Parameters
    ----------
    predictors
        The predictors in their form, on every row of the panel.
    key
        Groups of areas on every row of the panel; ``None`` without.
    positions
        Rows of the model, whose mean and shares are taken out.

    Raises
    ------
    NoVariation
        If all rows are of one group.
    """
    found = []
    present = _present(key, positions, labels) if key else []
    for column in predictors:
        if spec.squares:
            centred = column.values - column.values[positions].mean()
            found.append(Column(square_name(column.name), centred**2))
        for code in present[1:]:
            assert key is not None
            inside = key.codes == code
            name = difference_name(column.name, key.levels[code], key.levels[present[0]])
            found.append(Column(name, column.values * (inside - inside[positions].mean())))
    return {column.name: column for column in found}


def _present(key: Key, positions: Codes, labels: Mapping[str, str]) -> list[int]:
    present = [int(code) for code in np.unique(key.codes[positions])]
    label = labels.get(key.name, key.name)
    if len(present) < 2:
        raise NoVariation(
            f"All rows of the sample are of one group of {label} ({key.levels[present[0]]}); choose more rows, or let "
            "the association be the same everywhere."
        )
    return present


def moderated_label(spec: ModelSpec, name: str, label: str) -> str:
    """`label` of a predictor as that of its square or difference between groups, which is called `name`."""
    predictor = owner(spec, name)
    return f"{label}, squared" if name == square_name(predictor) else f"{label}{name.removeprefix(predictor)}"
