"""The borough map that the London pages draw: its data, and the table of it."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from core.presentation.maps import ColourScale
from core.presentation.numbers import YES_NO

PER_CENT = "% of residents asked"


@dataclass(frozen=True, eq=False)
class BoroughMapData:
    """The figures behind a map.

    Parameters
    ----------
    rows
        One row per borough: ``borough``, ``value``, ``low``, ``high`` (95 %), ``clear`` (False: a change
        within the noise) and ``text`` (what the tooltip says).
    scale
        Colours of the values.
    title
        What is shown, with its unit.
    write
        Number to words, with unit.
    digits
        Decimals that tell the classes apart.
    finding
        One sentence about the extremes.
    """

    rows: pd.DataFrame
    scale: ColourScale
    title: str
    write: Callable[[float], str]
    digits: int
    finding: str


def map_table(shown: BoroughMapData, change: bool) -> pd.DataFrame:
    """What the map shows, as a table sorted from high to low."""
    rows = shown.rows.sort_values("value", ascending=False)
    table = pd.DataFrame(
        {
            "Borough": rows["borough"],
            "Value": rows["value"],
            "95 % interval from": rows["low"],
            "95 % interval to": rows["high"],
        }
    )
    return table.assign(**{"Clear of the noise": rows["clear"].map(YES_NO)}) if change else table
