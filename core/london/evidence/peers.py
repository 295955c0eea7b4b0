"""Boroughs that are most alike in what policing meets there: deprivation, recorded crime and size.

Crime per resident and residents enter as logarithms (:mod:`core.presentation.peers`): one borough with few residents
and many visitors (Westminster) would otherwise stretch the scale so far that all others looked the same.
"""

import pandas as pd

from core.presentation.peers import Trait, most_alike
from core.stats.regression import ModelError, UnknownArea, UnknownVariable
from core.tables.panel import PERIODS_PER_YEAR, Panel


class PeerCount(ModelError):
    """A number of peers that there cannot be."""


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
    figures = panel.once(_figures)
    if borough not in figures.index:
        raise UnknownArea(f"There are no figures to compare for the {panel.area} {borough}; choose one of the panel.")
    if not 1 <= count < len(figures):
        raise PeerCount(f"There cannot be {count} peers; choose from 1 to {len(figures) - 1}.")
    return most_alike(figures, borough, TRAITS, count).rename_axis("borough").reset_index()


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
