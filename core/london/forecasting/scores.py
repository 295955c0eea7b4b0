"""The table that a forecast starts from, checked once: quarters down, boroughs across, shares from 0 to 1."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST_QUARTERS = 12
MOST_AHEAD = 12


class ForecastError(ValueError):
    """A forecast that cannot be made; the message says what is wrong and what to do."""


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores of consecutive quarters, from the first quarter that has a figure to the last.

    Parameters
    ----------
    values
        Shares from 0 to 1, shape (quarters, boroughs); missing figures are NaN.
    quarters
        Every quarter from first to last.
    boroughs
        Names in alphabetical order, so that the order of the columns has no effect.
    """

    values: Floats
    quarters: pd.PeriodIndex
    boroughs: tuple[str, ...]

    @property
    def origin(self) -> pd.Period:
        """The last quarter with a figure: what a forecast may know."""
        return self.quarters[-1]


def checked(scores: pd.DataFrame) -> Scores:
    """`scores` ready for a forecast.

    Parameters
    ----------
    scores
        Index of quarters (``PeriodIndex``), one column per borough, shares from 0 to 1. Quarters may be missing, and
        boroughs may start late or have gaps.

    Raises
    ------
    ForecastError
        If the table is not of that form, has fewer than 12 quarters, or a borough's first figure lies less than 12
        quarters before the end.
    """
    _check_form(scores)
    table = _numbers(scores).sort_index().sort_index(axis=1)
    _check_values(table)
    known = table.index[table.notna().any(axis=1)]
    quarters = pd.period_range(known[0], known[-1], freq=scores.index.dtype.freq)  # type: ignore[union-attr]
    values = table.reindex(quarters).to_numpy(dtype=np.float64)
    _check_length(values, list(table.columns))
    return Scores(values, quarters, tuple(table.columns))


def checked_horizon(horizon: object) -> int:
    """`horizon`, or a :class:`ForecastError` unless it is a whole number of quarters from 1 to 12."""
    if isinstance(horizon, bool) or not isinstance(horizon, int | np.integer) or not 1 <= horizon <= MOST_AHEAD:
        raise ForecastError(f"The horizon is {horizon!r}; choose a whole number of quarters from 1 to {MOST_AHEAD}.")
    return int(horizon)


def _check_form(scores: pd.DataFrame) -> None:
    if not isinstance(scores, pd.DataFrame):
        raise ForecastError(f"The scores are a {type(scores).__name__}; pass a DataFrame with a column per borough.")
    index = scores.index
    if not isinstance(index, pd.PeriodIndex) or not index.freqstr.startswith("Q"):
        raise ForecastError(
            "The scores are not indexed by quarter; set the index to "
            "pd.PeriodIndex(quarters, freq='Q') with quarters such as '2023Q4'."
        )
    if not len(scores.columns):
        raise ForecastError("The scores have no column; pass one column for each borough.")
    for name, labels in (("quarter", index), ("borough", scores.columns)):
        repeated = labels[labels.duplicated()]
        if len(repeated):
            raise ForecastError(f"The {name} {repeated[0]} is there more than once; keep one of it.")


def _numbers(scores: pd.DataFrame) -> pd.DataFrame:
    columns = {}
    for borough in scores.columns:
        try:
            columns[str(borough)] = scores[borough].astype("float64")
        except (TypeError, ValueError) as error:
            raise ForecastError(f"The scores of {borough} are not all numbers ({error}); correct them.") from error
    return pd.DataFrame(columns, index=scores.index)


def _check_values(table: pd.DataFrame) -> None:
    wrong = table.stack().dropna()[lambda value: ~value.between(0, 1)]
    if len(wrong):
        (quarter, borough), value = wrong.index[0], wrong.iloc[0]
        raise ForecastError(
            f"The score of {borough} in {quarter} is {value:g}; scores are fractions from 0 to 1, "
            "so divide percentages by 100."
        )
    empty = table.columns[table.isna().all()]
    if len(empty):
        raise ForecastError(f"{empty[0]} has no score at all; leave the borough out.")


def _check_length(values: Floats, boroughs: list[str]) -> None:
    if len(values) < LEAST_QUARTERS:
        raise ForecastError(
            f"The scores cover {len(values)} quarters; a forecast needs {LEAST_QUARTERS}, so add earlier quarters."
        )
    reach = len(values) - np.argmax(~np.isnan(values), axis=0)
    late = int(np.argmin(reach))
    if reach[late] < LEAST_QUARTERS:
        raise ForecastError(
            f"The scores of {boroughs[late]} reach back {reach[late]} quarters; a forecast needs {LEAST_QUARTERS}, "
            "so add earlier quarters or leave the borough out."
        )
