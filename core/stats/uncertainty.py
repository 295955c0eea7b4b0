"""Chance error of a single published figure.

Survey scores: MOPAC designs for about 400 interviews per borough in any 12 months. The error is that
of a simple random sample of this size; the average of several questions gets the error of one
question, which is its upper bound (perfectly correlated answers of a person).

Counts: every record is counted, so there is no sampling error; the interval is the variation of a
Poisson count. Records are clustered (several officers, one incident), so the true variation is larger.
"""

import numpy as np
import pandas as pd

INTERVIEWS_PER_YEAR = 400
QUARTERS_SHARED = 4
Z_95 = 1.959963984540054


def score_margin(score: pd.Series, interviews: int = INTERVIEWS_PER_YEAR) -> pd.Series:
    """Half-width of the 95% interval of a survey score (both fractions from 0 to 1)."""
    return Z_95 * _score_error(score, interviews)


def score_change_margin(
    before: pd.Series, after: pd.Series, quarters_apart: int, interviews: int = INTERVIEWS_PER_YEAR
) -> pd.Series:
    """Half-width of the 95% interval of the change between two rolling 12-month scores.

    Figures less than four quarters apart share interviews: the shared part cancels in the change.
    """
    shared = max(0.0, 1 - abs(quarters_apart) / QUARTERS_SHARED)
    first, second = _score_error(before, interviews), _score_error(after, interviews)
    variance = first**2 + second**2 - 2 * shared * first * second
    return Z_95 * variance.clip(lower=0).map(np.sqrt)


def count_margin(count: pd.Series) -> pd.Series:
    """Half-width of the 95% interval of a count."""
    return Z_95 * count.map(np.sqrt)


def count_change_margin(before: pd.Series, after: pd.Series) -> pd.Series:
    """Half-width of the 95% interval of the difference of two counts."""
    return Z_95 * (before + after).map(np.sqrt)


def _score_error(score: pd.Series, interviews: int) -> pd.Series:
    return (score * (1 - score) / interviews).map(np.sqrt)
