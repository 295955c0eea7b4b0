"""Chance error of a single count.

Every record is counted, so there is no sampling error; the interval is the variation of a count whose variance is its
mean (a Poisson count), or a multiple of it: records come in groups (several officers, one incident). How many times is
estimated over time by :func:`core.stats.dispersion.dispersion`.
"""

import numpy as np
import pandas as pd

Z_95 = 1.959963984540054


def count_margin(count: pd.Series, dispersion: float = 1.0) -> pd.Series:
    """Half-width of the 95% interval of a count whose variance is `dispersion` times its mean."""
    return Z_95 * (count * dispersion).map(np.sqrt)


def count_change_margin(before: pd.Series, after: pd.Series, dispersion: float = 1.0) -> pd.Series:
    """Half-width of the 95% interval of the difference of two counts; see :func:`count_margin`."""
    return Z_95 * ((before + after) * dispersion).map(np.sqrt)
