"""Areas that are most alike in some figures, and what is alike, in words.

Distance is Euclidean over figures in units of their standard deviation between areas. What can be many times as large
in one area as in another enters as its logarithm: what makes areas alike there is their ratio, and one area far out
would otherwise stretch the scale so far that all others looked the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.presentation.numbers import number

ALIKE = 0.5  # standard deviations within which two areas count as alike


@dataclass(frozen=True)
class Trait:
    """A figure that areas are compared by.

    Parameters
    ----------
    column
        Column of the figures.
    text
        Pattern for the two figures side by side, the area's own first.
    less, more
        Words for a peer that has less or more of it.
    digits
        Decimals shown.
    log
        Whether ratios count rather than differences.
    """

    column: str
    text: str
    less: str
    more: str
    digits: int
    log: bool


def most_alike(figures: pd.DataFrame, own: str, traits: Sequence[Trait], count: int) -> pd.DataFrame:
    """The `count` areas nearest to `own`, nearest first.

    Parameters
    ----------
    figures
        A row for each area that has all of them, a column for each of `traits`.

    Returns
    -------
    DataFrame
        By area: ``distance``; each figure under its name; each difference from `own` in standard deviations (of
        logarithms, where ratios count) as ``{name}_difference``, positive where the peer has more; ``why``, what is
        alike and what differs most, in words.
    """
    columns = [trait.column for trait in traits]
    scaled = _scaled(figures[columns], traits)
    differences = (scaled - scaled.loc[own]).drop(index=own)
    distance = np.sqrt((differences**2).sum(axis=1)).sort_values(kind="stable").head(count).rename("distance")
    nearest = figures[columns].join(distance, how="right").join(differences.add_suffix("_difference"))
    other, apart = figures.T, differences.T
    why = [_why(other[own], other[name], apart[name], traits) for name in nearest.index]
    return nearest[["distance", *columns, *differences.add_suffix("_difference").columns]].assign(why=why)


def _scaled(figures: pd.DataFrame, traits: Sequence[Trait]) -> pd.DataFrame:
    """Figures in standard deviations between areas, those whose ratios count by their logarithm."""
    logs = {trait.column: np.log(figures[trait.column]) for trait in traits if trait.log}
    values = figures.assign(**logs)
    return values / values.std()


def _why(own: pd.Series, peer: pd.Series, difference: pd.Series, traits: Sequence[Trait]) -> str:
    """'deprivation 22.5 and 23.0, crime 25 and 27 per 1,000; fewer residents'."""
    alike = ", ".join(_side_by_side(trait, own, peer) for trait in traits if abs(difference[trait.column]) < ALIKE)
    most = max(traits, key=lambda trait: abs(difference[trait.column]))
    if abs(difference[most.column]) < ALIKE:
        return alike
    differs = most.more if difference[most.column] > 0 else most.less
    return f"{alike}; {differs}" if alike else f"no figure is close; above all {differs}"


def _side_by_side(trait: Trait, own: pd.Series, peer: pd.Series) -> str:
    figures = (number(side[trait.column], trait.digits) for side in (own, peer))
    return trait.text.format(**dict(zip(("own", "peer"), figures, strict=True)))
