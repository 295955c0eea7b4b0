"""How much of an association with 12 months of a predictor a single quarter of it shows.

An outcome that is a mean over 12 months is compared with all four quarters. A model that has the last of them alone
finds the coefficient of the 12 months times the slope of their predictor on that of the quarter, with all else in the
model taken out of both (omitted variables).
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from core.stats.regression import ModelSpec
from core.stats.regression.design import Variables
from core.stats.regression.fit import solved
from core.tables.panel import PERIODS_PER_YEAR, Panel


def shown_by_quarter(panel: Panel, spec: ModelSpec, term: str, labels: Mapping[str, str] | None = None) -> float:
    """Share of an association of 12 months of `term` that `spec` shows: 1 where it counts 12 months itself.

    Sums are taken per quarter, so that a quarter that says all there is to say about its year has a share of 1.

    Raises
    ------
    ModelError
        If the model cannot be estimated where there are 12 months.
    """
    if spec.window == "year":
        return 1.0
    spec = replace(spec, squares=False, moderator="")
    variables = Variables(panel, labels or {})
    rows = variables.rows(spec)
    made, year = variables.design(spec, rows), rows.taken(variables.column(term, spec.form, "year", spec.lag))
    known = ~np.isnan(year)
    model = solved(made.keep(known))
    quarter, _ = model.partial_residuals(made.position(term))
    slope = float(quarter @ (year[known] * model.root_weights)) / float(quarter @ quarter)
    return slope / PERIODS_PER_YEAR if spec.form in ("count", "per_1000") else slope
