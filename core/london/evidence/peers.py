"""Boroughs that are most alike in what policing meets there: deprivation, recorded crime and size.

Distance is Euclidean over figures in units of their standard deviation between boroughs. Crime per
resident and residents enter as logarithms: what makes boroughs alike there is their ratio, and one
borough with few residents and many visitors (Westminster) would otherwise stretch the scale so far
that all others looked the same.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.presentation.numbers import number
from core.stats.regression import ModelError, UnknownArea, UnknownVariable
from core.tables.panel import PERIODS_PER_YEAR, Panel

ALIKE = 0.5  # standard deviations within which two boroughs count as alike


class PeerCount(ModelError):
    """A number of peers that there cannot be."""


@dataclass(frozen=True)
class Trait:
    """A figure that boroughs are compared by.

    Parameters
    ----------
    column
        Column of the panel.
    text
        Pattern for the two figures side by side, the borough's own first.
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


TRAITS = (
    Trait("imd_score", "deprivation {own} and {peer}", "less deprived", "more deprived", 1, log=False),
    Trait("crime_per_1000", "crime {own} and {peer} per 1,000", "less crime", "more crime", 0, log=True),
    Trait("population", "{own} and {peer} residents", "fewer residents", "more residents", 0, log=True),
)
COLUMNS = [trait.column for trait in TRAITS]


def peers(panel: Panel, borough: str, count: int = 5) -> pd.DataFrame:
    """The `count` boroughs nearest to `borough`, nearest first.

    Figures are means of the last four quarters that have them.

    Returns
    -------
    DataFrame
        ``borough``; ``distance``; each figure under its name; each difference from `borough` in standard deviations
        (of logarithms, for crime and residents) as ``{name}_difference``, positive where the peer has more; ``why``,
        what is alike and what differs most, in words.

    Raises
    ------
    core.stats.regression.UnknownArea
        If there is no such borough, or it has no figures.
    core.stats.regression.UnknownVariable
        If the panel lacks a figure to compare by.
    PeerCount
        If `count` is below one or more than the other boroughs.
    """
    figures = _figures(panel)
    if borough not in figures.index:
        raise UnknownArea(f"There are no figures to compare for the {panel.area} {borough}; choose one of the panel.")
    if not 1 <= count < len(figures):
        raise PeerCount(f"There cannot be {count} peers; choose from 1 to {len(figures) - 1}.")
    scaled = _scaled(figures)
    differences = (scaled - scaled.loc[borough]).drop(index=borough)
    distance = np.sqrt((differences**2).sum(axis=1)).sort_values(kind="stable").head(count).rename("distance")
    nearest = figures.join(distance, how="right").join(differences.add_suffix("_difference"))
    own, other, apart = figures.T[borough], figures.T, differences.T
    why = [_why(own, other[name], apart[name]) for name in nearest.index]
    columns = ["distance", *COLUMNS, *differences.add_suffix("_difference").columns]
    return nearest[columns].assign(why=why).rename_axis("borough").reset_index()


def _figures(panel: Panel) -> pd.DataFrame:
    """Mean of the last four quarters with a figure, one row per borough that has all of them."""
    unavailable = [column for column in COLUMNS if column not in panel.frame]
    if unavailable:
        raise UnknownVariable(f"The panel has no variable {unavailable[0]} to compare boroughs by; load its figures.")
    latest = {column: _latest(panel, column) for column in COLUMNS}
    return pd.DataFrame(latest).dropna()


def _latest(panel: Panel, column: str) -> pd.Series:
    known = panel.frame[panel.frame[column].notna()]
    return known.groupby(panel.area)[column].apply(lambda values: values.tail(PERIODS_PER_YEAR).mean())


def _scaled(figures: pd.DataFrame) -> pd.DataFrame:
    """Figures in standard deviations between boroughs, crime and residents by their logarithm."""
    logs = {trait.column: np.log(figures[trait.column]) for trait in TRAITS if trait.log}
    values = figures.assign(**logs)
    return values / values.std()


def _why(own: pd.Series, peer: pd.Series, difference: pd.Series) -> str:
    """'deprivation 22.5 and 23.0, crime 25 and 27 per 1,000; fewer residents'."""
    alike = ", ".join(_side_by_side(trait, own, peer) for trait in TRAITS if abs(difference[trait.column]) < ALIKE)
    most = max(TRAITS, key=lambda trait: abs(difference[trait.column]))
    if abs(difference[most.column]) < ALIKE:
        return alike
    differs = most.more if difference[most.column] > 0 else most.less
    return f"{alike}; {differs}" if alike else f"no figure is close; above all {differs}"


def _side_by_side(trait: Trait, own: pd.Series, peer: pd.Series) -> str:
    figures = (number(side[trait.column], trait.digits) for side in (own, peer))
    return trait.text.format(**dict(zip(("own", "peer"), figures, strict=True)))
