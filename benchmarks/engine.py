"""The regression engine: building the panel, fitting, and the wild bootstrap, compared with statsmodels formulas."""

from functools import partial

import numpy as np  # noqa: F401 - the formula uses it
import statsmodels.formula.api as smf

from benchmarks.measuring import Row, best_seconds
from core.london.amount.question import LONDON_AMOUNT
from core.london.panel import london_panel
from core.questions.question import RECOMMENDED
from core.stats.regression import DRAWS, fit
from core.tables.panel import Panel

FORMULA = "score_mean_of_8 ~ np.log(records) + C(borough) + C(quarter)"
PANEL_MS = 50


def measure() -> list[Row]:
    """Milliseconds for the panel and the recommended model, and the speed-up over statsmodels."""
    panel, spec = london_panel(), LONDON_AMOUNT.presets[RECOMMENDED]
    build = best_seconds(london_panel)
    plain = best_seconds(partial(fit, panel, spec, wild=False))
    wild = best_seconds(partial(fit, panel, spec))
    formula = best_seconds(partial(_formula_fit, panel))
    return [
        Row("panel of London, read and built", build * 1000, "ms", most=PANEL_MS),
        Row("recommended model, clustered", plain * 1000, "ms"),
        Row(f"the same with {DRAWS:,} wild bootstrap draws", wild * 1000, "ms"),
        Row("the same model, clustered, as a statsmodels formula", formula * 1000, "ms"),
        Row("times as fast as statsmodels, no bootstrap in either", formula / plain, "x"),
        Row("times as fast as statsmodels, bootstrap in ours alone", formula / wild, "x"),
    ]


def _formula_fit(panel: Panel) -> tuple[object, ...]:
    rows = panel.frame.dropna(subset=["score_mean_of_8", "records"])
    groups = rows[panel.area].astype("category").cat.codes
    result = smf.ols(FORMULA, rows).fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)
    return result.params, result.bse, result.pvalues, result.conf_int()
