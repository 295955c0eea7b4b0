"""What stands out in a borough, allowing for having looked at every borough and every measure."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtr

from core.london.borough.analysis import first_quarter, scores, year_before
from core.london.survey_error import score_change_margin, score_margin
from core.stats.regression.power import holm
from core.stats.robustness import SIGNIFICANCE
from core.stats.uncertainty import Z_95
from core.tables.panel import POINTS, Panel

LEVEL, YEAR, SINCE = "level", "year", "since"
KINDS = (LEVEL, YEAR, SINCE)


def comparisons(panel: Panel, measures: Sequence[str]) -> pd.DataFrame:
    """Each borough's level, its change over a year and that since 2016, each less the mean of the other boroughs.

    Returns
    -------
    DataFrame
        One row per borough, measure and kind: ``points`` (the difference), ``margin`` (half of its 95%
        interval), ``p`` (two-sided, normal), and ``stands_out``: whether it stays below 5% after Holm's correction
        for all rows (Holm 1979, Scandinavian Journal of Statistics 6).
    """
    rows = pd.concat([part for measure in measures for part in _of_measure(panel, measure)], ignore_index=True)
    rows["p"] = 2 * ndtr(-np.abs(rows["points"]) / (rows["margin"] / Z_95))
    return rows.assign(stands_out=np.array(holm(rows["p"].tolist())) < SIGNIFICANCE)


def _of_measure(panel: Panel, measure: str) -> Iterable[pd.DataFrame]:
    table = scores(panel, measure)
    quarters = [str(quarter) for quarter in table.index]
    now = table.T[quarters[-1]].dropna()
    yield _against_others(now, score_margin(now, quarters[-1]), measure, LEVEL)
    for kind, since in ((YEAR, year_before(quarters[-1])), (SINCE, first_quarter(panel, measure))):
        if since in quarters[:-1]:
            before = table.T[since].reindex(now.index)
            margin = score_change_margin(before, now, since, quarters[-1])
            yield _against_others(now - before, margin, measure, kind)


def _against_others(values: pd.Series, margins: pd.Series, measure: str, kind: str) -> pd.DataFrame:
    """Each value less the mean of the others, with the margin of that."""
    known = values.dropna()
    others, squares = len(known) - 1, margins[known.index] ** 2
    points = known - (known.sum() - known) / others
    margin = (squares + (squares.sum() - squares) / others**2) ** 0.5
    rows = pd.DataFrame({"points": points * POINTS, "margin": margin * POINTS})
    return rows.rename_axis("borough").reset_index().assign(measure=measure, kind=kind)
