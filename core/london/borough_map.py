"""The borough map that the London pages draw: its data, the table of it, and a static picture."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from core.exports.static_maps import picked_note, static_map
from core.presentation.charts import Figure
from core.presentation.maps import BEYOND_CHANCE, ColourScale, class_labels
from core.presentation.numbers import YES_NO, number_word
from core.stats.regression.errors import listed
from core.tables.geometry import shape_of

PER_CENT = "% of residents asked"
MOST_DIGITS = 4
NAMED = 4  # boroughs beyond which a sentence has their number only


@dataclass(frozen=True, eq=False)
class BoroughMapData:
    """The figures behind a map.

    Parameters
    ----------
    rows
        One row per borough: ``borough``, ``value``, ``low``, ``high``, ``clear`` (False: a change that could be
        chance) and ``text`` (what the tooltip says).
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
    level
        Per cent of the intervals ``low`` to ``high``.
    change
        Whether values are changes, some of which could be chance.
    """

    rows: pd.DataFrame
    scale: ColourScale
    title: str
    write: Callable[[float], str]
    digits: int
    finding: str
    level: int
    change: bool


def digits_of(scale: ColourScale, fewest: int) -> int:
    """Decimals that the breaks of `scale` need, and at least `fewest`."""
    enough = (digits for digits in range(fewest, MOST_DIGITS) if all(round(b, digits) == b for b in scale.breaks))
    return next(enough, MOST_DIGITS)


def rises_and_falls(rows: pd.DataFrame, beyond: str) -> str:
    """'rose beyond chance in one borough of 32 (Lambeth), and fell in two (Brent and Camden)'.

    Parameters
    ----------
    rows
        ``value`` (a change) and ``clear`` by borough.
    beyond
        What makes a change clear, such as ``"beyond chance"``.
    """
    clear = rows[rows["clear"]].sort_values("value")
    rose, fell = list(clear.index[clear["value"] > 0][::-1]), list(clear.index[clear["value"] < 0])
    if not rose and not fell:
        return f"no rise or fall {beyond} in any of {len(rows)} boroughs"
    up, down = (f"{boroughs(len(names))}{{}}{_named(names)}" for names in (rose, fell))
    return f"rose {beyond} in {up.format(f' of {len(rows)}')}, and fell in {down.format('')}"


def boroughs(count: int) -> str:
    """'no borough', 'one borough', 'two boroughs'."""
    return f"{number_word(count) if count else 'no'} borough{'s' if count > 1 else ''}"


def _named(names: Sequence[str]) -> str:
    return f" ({listed(names)})" if 0 < len(names) <= NAMED else ""


def map_table(shown: BoroughMapData) -> pd.DataFrame:
    """What the map shows, as a table sorted from high to low."""
    rows = shown.rows.sort_values("value", ascending=False)
    table = pd.DataFrame(
        {
            "Borough": rows["borough"],
            "Value": rows["value"],
            f"{shown.level}% interval from": rows["low"],
            f"{shown.level}% interval to": rows["high"],
        }
    )
    return table.assign(**{BEYOND_CHANCE: rows["clear"].map(YES_NO)}) if shown.change else table


def static_borough_map(shown: BoroughMapData, boundaries: Mapping[str, Any], picked: str = "") -> Figure:
    """The map of boroughs, with its figures as its table.

    Parameters
    ----------
    boundaries
        GeoJSON with the property ``borough``.
    picked
        Borough with a strong outline; empty for none.
    """
    shapes = {feature["properties"]["borough"]: shape_of(feature["geometry"]) for feature in boundaries["features"]}
    table = map_table(shown)
    labels = class_labels(shown.scale, shown.write)
    chart = static_map(shapes, shown.rows.set_index("borough"), shown.scale, labels, shown.title, picked)
    return Figure(
        "map", f"{shown.finding}.", (chart,), f"Map of London boroughs. {shown.finding}.", table, picked_note(picked)
    )
