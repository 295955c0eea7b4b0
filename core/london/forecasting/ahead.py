"""Forecasts from the last available figures: every measure, by every method, one to four quarters ahead."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from core.london.forecasting.london import force_table, score_tables
from core.london.forecasting.methods import METHODS
from core.london.forecasting.scores import checked
from core.tables.catalogue import DATA_DIR

HORIZON = 4


def next_forecasts(
    data_dir: Path = DATA_DIR, methods: Iterable[str] = tuple(METHODS), horizon: int = HORIZON
) -> pd.DataFrame:
    """Forecasts of each measure and average of the London study that the last quarter of the survey has.

    A measure without a figure there has ended, and nothing is forecast from where it ended.

    Returns
    -------
    DataFrame
        ``method, measure, borough, quarter`` (as ``"2026Q2"``), ``horizon, mean, sd``, sorted by these; mean and
        standard deviation of the figure that will be published, in shares.
    """
    force, tables = force_table(data_dir), score_tables(data_dir)
    last = max(table.index.max() for table in tables.values())
    parts = [
        _from_last(table, method, horizon, force).assign(method=method, measure=measure)
        for measure, table in tables.items()
        if table.index.max() == last
        for method in methods
    ]
    key = ["method", "measure", "borough", "quarter", "horizon"]
    return pd.concat(parts)[[*key, "mean", "sd"]].sort_values(key, ignore_index=True)


def _from_last(scores: pd.DataFrame, method: str, horizon: int, force: pd.DataFrame) -> pd.DataFrame:
    table = checked(scores)
    outlook = METHODS[method].outlook(table, horizon, force=force)
    quarters = pd.period_range(table.origin + 1, periods=horizon)
    return pd.DataFrame(
        {
            "borough": np.tile(table.boroughs, horizon),
            "quarter": np.repeat(quarters.astype(str), len(table.boroughs)),
            "horizon": np.repeat(np.arange(1, horizon + 1), len(table.boroughs)),
            "mean": outlook.mean.ravel(),
            "sd": outlook.sd.ravel(),
        }
    )
