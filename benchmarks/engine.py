"""The regression engine: building the panel, fitting, and the wild bootstrap, compared with statsmodels formulas."""

from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np  # the formula uses it too
import pandas as pd
import statsmodels.formula.api as smf

from benchmarks.measuring import Row, alone, best_seconds
from core.london.amount.question import LONDON_AMOUNT
from core.london.panel import london_panel
from core.questions.question import RECOMMENDED
from core.stats.regression import DRAWS, ModelSpec, TooFewRows, fit
from core.tables.panel import Panel

FORMULA = "score_mean_of_8 ~ np.log(records) + C(borough) + C(quarter)"
PANEL_MS = 50
LARGE = ModelSpec("y", ("x",), form="count", controls=("z",), effects=("place", "month"))


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
        *_large_rows(),
    ]


def _large_rows() -> list[Row]:
    """Seconds and peak memory of large two-way models, each in a process of its own, with the bootstrap."""
    names = {
        "areas_1680": ("1,680 areas x 60 months", 0.5),
        "areas_5000": ("5,000 areas x 20 months", 3.0),
        "long_keys": ("4,000 rows of two long keys, refused", 0.1),
    }
    rows = []
    base = alone("benchmarks.engine", "nothing").megabytes
    for way, (name, most) in names.items():
        cost = alone("benchmarks.engine", way)
        rows += [
            Row(name, float(cost.seconds), "s"),
            Row("the fit alone, at its best", best_seconds(partial(_fit_large, _large(way)), 3), "s", most=most),
            Row("memory above that of the imports", cost.megabytes - base, "MB", most=300),
        ]
    return rows


SIZES = {"areas_1680": (1_680, 60), "areas_5000": (5_000, 20), "long_keys": (4_000, 1)}


def _large(way: str) -> Panel:
    """A made-up panel; with one row for each place, the months never repeat either."""
    places, months = SIZES[way]
    rng = np.random.default_rng(1)
    place, month = np.repeat(np.arange(places), months), np.tile(np.arange(months), places)
    frame = pd.DataFrame({"place": place, "month": month if months > 1 else place}).map("{:05}".format)
    numbers = dict(zip("xyz", rng.normal(size=(3, len(frame))), strict=True))
    return Panel(frame.assign(**numbers), area="place", period="month")


def _fit_large(panel: Panel) -> None:
    with suppress(TooFewRows):  # of the long keys
        fit(panel, LARGE, wild=False)


def _made_and_fitted(way: str, *_: Path) -> None:
    panel = _large(way)
    _fit_large(panel)
    if way != "long_keys":
        fit(panel, LARGE)


def _nothing(*_: Path) -> None:
    pass


WAYS = {way: partial(_made_and_fitted, way) for way in SIZES} | {"nothing": _nothing}


def _formula_fit(panel: Panel) -> tuple[object, ...]:
    rows = panel.frame.dropna(subset=["score_mean_of_8", "records"])
    groups = rows[panel.area].astype("category").cat.codes
    result = smf.ols(FORMULA, rows).fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)
    return result.params, result.bse, result.pvalues, result.conf_int()
