"""Missing values of a panel by period."""

from collections.abc import Sequence

import pandas as pd

from core.tables.panel import Panel


def missing_shares(panel: Panel, variables: Sequence[str]) -> pd.DataFrame:
    """Share of areas without a figure, for each of `variables` in each period.

    Returns
    -------
    DataFrame
        Columns ``variable``, the period of `panel`, and ``missing`` (0 none, 1 all); one row per pair.
    """
    missing = panel.frame[list(variables)].isna().groupby(panel.frame[panel.period]).mean()
    return missing.reset_index().melt(panel.period, var_name="variable", value_name="missing")
