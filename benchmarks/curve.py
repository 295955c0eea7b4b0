"""The specification curve compared with a loop of statsmodels formulas.

Run with ``python -m benchmarks.curve``. Both do the same work on the London panel: for every
specification an estimate, a standard error, a p-value and an interval. The curve runs
all of them; the loop runs a sample drawn evenly over the combinations, scaled up.
"""

from itertools import islice

import numpy as np  # noqa: F401 - the formulas use it
import pandas as pd
import statsmodels.formula.api as smf

from benchmarks.measuring import Row, best_seconds, lines
from core.london.panel import london_panel
from core.stats.regression import Choices, ModelSpec, specification_curve
from core.tables.options import Form

CHOICES = Choices(
    predictors=("records",),
    outcomes=("score_mean_of_8", "score_trust", "trust_mps", "treat_everyone_fairly"),
    forms=("log", "log_per_1000", "per_1000", "count"),
    lags=(0, 1, 2, 4),
    effects=((), ("borough",), ("quarter",), ("borough", "quarter")),
    controls=((), ("crime_per_1000",)),
    weights=("equal", "population"),
)
N_SPECS = 1000
N_FORMULAS = 20
REPEATS = 3
TIMES_AS_FAST = 50

_FORMULAS: dict[Form, str] = {
    "log": "np.log(records_{lag})",
    "log_per_1000": "np.log(records_{lag} / population_{lag} * 1000)",
    "per_1000": "I(records_{lag} / population_{lag} * 1000)",
    "count": "records_{lag}",
}


def measure() -> list[Row]:
    """Seconds for 1,000 specifications by each method, and their ratio."""
    curve, formulas = _curve_seconds() * N_SPECS, _formula_seconds() * N_SPECS
    return [
        Row("specification curve, 1,000 specifications", curve, "s"),
        Row("the same in statsmodels formulas", formulas, "s"),
        Row("times as fast", formulas / curve, "x", least=TIMES_AS_FAST),
    ]


def _curve_seconds() -> float:
    """Per specification; the best of several runs, as for the formulas."""
    panel = london_panel()
    return best_seconds(lambda: specification_curve(panel, CHOICES, "records"), REPEATS) / len(CHOICES)


def _formula_seconds() -> float:
    """Per specification, over a sample of them; lagged columns are built beforehand."""
    panel = london_panel()
    by_area = panel.frame.groupby(panel.area)[["records", "population"]]
    lagged = [by_area.shift(lag).add_suffix(f"_{lag}") for lag in CHOICES.lags]
    frame = pd.concat([panel.frame, *lagged], axis=1)
    every = len(CHOICES) // N_FORMULAS
    specs = list(islice(CHOICES.specs(), every // 2, None, every))[:N_FORMULAS]
    return best_seconds(lambda: [_formula_fit(frame, panel.area, spec) for spec in specs], REPEATS) / len(specs)


def _formula_fit(frame: pd.DataFrame, area: str, spec: ModelSpec) -> tuple[object, ...]:
    """What an analyst would write for one specification."""
    frame = frame.dropna(subset=[f"records_{spec.lag}", spec.outcome, *spec.controls])
    predictor = _FORMULAS[spec.form].format(lag=spec.lag)
    terms = [predictor, *spec.controls, *(f"C({effect})" for effect in spec.effects)]
    weights = frame["population"] if spec.weights == "population" else pd.Series(1.0, index=frame.index)
    model = smf.wls(f"{spec.outcome} ~ {' + '.join(terms)}", frame, weights=weights)
    groups = frame[area].astype("category").cat.codes
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)
    return fit.params, fit.bse, fit.pvalues, fit.conf_int()


if __name__ == "__main__":
    print(*lines(measure()), sep="\n")
