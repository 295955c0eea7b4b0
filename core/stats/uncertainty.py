"""Chance error of a single count.

Every record is counted, so there is no sampling error; the interval is the variation of a
Poisson count. Records are clustered (several officers, one incident), so the true variation is larger.
"""

import numpy as np
import pandas as pd

Z_95 = 1.959963984540054


def count_margin(count: pd.Series) -> pd.Series:
    """Half-width of the 95% interval of a count."""
    return Z_95 * count.map(np.sqrt)


def count_change_margin(before: pd.Series, after: pd.Series) -> pd.Series:
    """Half-width of the 95% interval of the difference of two counts."""
    return Z_95 * (before + after).map(np.sqrt)
