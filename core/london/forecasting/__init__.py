"""Forecasts of the survey's borough figures, with intervals, scored walking forward in time.

>>> from core.london.forecasting import forecast
>>> forecast(scores, horizon=4)  # doctest: +SKIP
"""

from typing import Any

import numpy as np
import pandas as pd

from core.london.forecasting.intervals import LEVELS
from core.london.forecasting.methods import (
    BASELINE,
    FOREST,
    METHODS,
    RECOMMENDED,
    WINNER,
    Method,
    Outlook,
    method_named,
)
from core.london.forecasting.scores import LEAST_QUARTERS, ForecastError, checked, checked_horizon

__all__ = [
    "BASELINE",
    "FOREST",
    "LEAST_QUARTERS",
    "METHODS",
    "RECOMMENDED",
    "WINNER",
    "ForecastError",
    "Method",
    "forecast",
    "method_named",
]


def forecast(scores: pd.DataFrame, horizon: int, method: str = RECOMMENDED, **context: Any) -> pd.DataFrame:
    """Forecast the figures of the next quarters.

    Parameters
    ----------
    scores
        Published figures: index of quarters (``PeriodIndex``), one column per borough, fractions from 0 to 1.
        Boroughs may start late and figures may be missing; 12 quarters are the least.
    horizon
        How many quarters ahead, 1 to 12, counted from the last quarter that has a figure.
    method
        A name from ``METHODS``, or ``"recommended"`` for the winner of the back-test.
    **context
        What else a method needs: ``force``, the table of use of force, for ``"forest"``.

    Returns
    -------
    DataFrame
        ``borough``, ``quarter`` (Period), ``horizon``, ``mean``, ``lower_80``, ``upper_80``, ``lower_95``,
        ``upper_95``; one row per borough and quarter, boroughs in the order of the columns. All from 0 to 1.

    Raises
    ------
    ForecastError
        If the table, horizon, method or context cannot be used; the message says what to do.
    """
    table, ahead, chosen = checked(scores), checked_horizon(horizon), method_named(method)
    outlook = chosen.outlook(table, ahead, **context)
    rows = _tidy(outlook, pd.period_range(table.origin + 1, periods=ahead), list(table.boroughs))
    order = {str(borough): position for position, borough in enumerate(scores.columns)}
    return rows.sort_values(
        ["borough", "horizon"], key=lambda key: key.map(order) if key.name == "borough" else key, ignore_index=True
    )


def _tidy(outlook: Outlook, quarters: pd.PeriodIndex, boroughs: list[str]) -> pd.DataFrame:
    steps = len(quarters)
    frame = pd.DataFrame(
        {
            "borough": np.repeat(boroughs, steps),
            "quarter": quarters.append([quarters] * (len(boroughs) - 1)),
            "horizon": np.tile(np.arange(1, steps + 1), len(boroughs)),
            "mean": outlook.mean.T.ravel().clip(0, 1),
        }
    )
    for level, z in LEVELS.items():
        margin = z * outlook.sd
        frame[f"lower_{level}"] = (outlook.mean - margin).T.ravel().clip(0, 1)
        frame[f"upper_{level}"] = (outlook.mean + margin).T.ravel().clip(0, 1)
    return frame
