"""What cannot be estimated says so in a sentence: never a traceback from below, never a silent number."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.stats import regression
from core.stats.regression import ModelError, ModelSpec, fit
from core.tables.options import Covariance
from core.tables.panel import Panel
from tests.stats.regression.conftest import simulated

SPEC = ModelSpec("trust", ("records",))
EFFECTS = ("borough", "quarter")
LABELS = {"imd_score": "Deprivation", "records": "Use-of-force records", "trust": "Trust", "crime": "Recorded crime"}
Change = Callable[[pd.DataFrame], pd.DataFrame]


def same(frame: pd.DataFrame) -> pd.DataFrame:
    return frame


def one_area(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["borough"] == "Area 01"]


def one_period(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["quarter"] == "2018Q1"]


def setting(**values: Any) -> Change:
    return lambda frame: frame.assign(**values)


def at(row: int, column: str, value: float) -> Change:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame.astype({column: float})
        frame.loc[row, column] = value
        return frame

    return change


def doubled(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(crime=3 * np.log(frame["records"]) - 1)


def shares(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(arrested=0.25 * frame["records"], hospitalised=0.75 * frame["records"])


def never_both(frame: pd.DataFrame) -> pd.DataFrame:
    early = frame["quarter"] < "2020Q1"
    return frame.assign(crime=frame["crime"].where(early), trust=frame["trust"].where(~early))


def one_moves(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(crime=np.where(frame["borough"] == "Area 03", frame["crime"], 0.0))


def exact(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(trust=0.3 + 0.1 * np.log(frame["records"]))


CASES: dict[str, tuple[str, str, ModelSpec, Change]] = {
    "no predictor": ("NoPredictor", "no predictor", ModelSpec("trust", ()), same),
    "unknown outcome": ("UnknownVariable", "happiness", ModelSpec("happiness", ("records",)), same),
    "unknown predictor": ("UnknownVariable", "happiness", ModelSpec("trust", ("happiness",)), same),
    "unknown control": ("UnknownVariable", "happiness", replace(SPEC, controls=("happiness",)), same),
    "unknown effect": ("UnknownVariable", "choose borough or quarter", replace(SPEC, effects=("force",)), same),
    "no population": (
        "UnknownVariable",
        "population",
        replace(SPEC, weights="population"),
        lambda frame: frame.drop(columns="population"),
    ),
    "no total": (
        "UnknownVariable",
        "Use-of-force records",
        ModelSpec("trust", ("arrested",), form="share"),
        lambda frame: frame.drop(columns="records"),
    ),
    "text": ("NotNumeric", "quarter does not hold numbers", replace(SPEC, controls=("quarter",)), same),
    "predictor twice": ("RepeatedVariable", "Use-of-force records", ModelSpec("trust", ("records", "records")), same),
    "predictor and control": ("RepeatedVariable", "Use-of-force", replace(SPEC, controls=("records",)), same),
    "outcome explains itself": ("RepeatedVariable", "Trust", ModelSpec("trust", ("trust",)), same),
    "outcome as a control": ("RepeatedVariable", "Trust", replace(SPEC, lag=1, controls=("trust",)), same),
    "start after end": ("PeriodOrder", "2022Q1, is after", replace(SPEC, start="2022Q1", end="2021Q1"), same),
    "no such period": ("EmptySample", "2017Q2 to 2023Q4", replace(SPEC, start="2031Q1"), same),
    "before the first": ("EmptySample", "2017Q2 to 2023Q4", replace(SPEC, end="2016Q4"), same),
    "unknown area": ("UnknownArea", "Atlantis", replace(SPEC, areas=("Area 01", "Atlantis")), same),
    "no area": ("EmptySample", "No borough is chosen", replace(SPEC, areas=()), same),
    "no rows": ("EmptySample", "no rows", SPEC, lambda frame: frame.iloc[:0]),
    "area without the period": (
        "EmptySample",
        "have no rows",
        replace(SPEC, areas=("Area 01",), end="2017Q4"),
        lambda frame: frame[(frame["borough"] != "Area 01") | (frame["quarter"] > "2018Q1")],
    ),
    "all missing": (
        "EmptySample",
        "Recorded crime has no value",
        replace(SPEC, controls=("crime",)),
        setting(crime=np.nan),
    ),
    "never together": ("EmptySample", "Trust.*Recorded crime", replace(SPEC, controls=("crime",)), never_both),
    "lag before the first": ("EmptySample", "Use-of-force", replace(SPEC, lag=3, end="2017Q3"), same),
    "no logarithm": ("EmptySample", "Use-of-force records has no value", SPEC, setting(records=0)),
    "infinite": (
        "InfiniteValue",
        "Recorded crime.*Area 00 in 2018Q1",
        replace(SPEC, controls=("crime",)),
        at(3, "crime", np.inf),
    ),
    "infinite outcome": ("InfiniteValue", "Trust", SPEC, at(3, "trust", -np.inf)),
    "too large": ("InfiniteValue", "too large", replace(SPEC, controls=("crime",)), at(3, "crime", 1e200)),
    "nobody lives there": ("InfiniteValue", "Use-of-force", replace(SPEC, form="per_1000"), at(3, "population", 0)),
    "no weight": ("InvalidWeight", "Area 00 in 2018Q1", replace(SPEC, weights="population"), at(3, "population", 0)),
    "negative weight": ("InvalidWeight", "residents", replace(SPEC, weights="population"), at(3, "population", -5)),
    "outcome does not vary": ("NoVariation", "Trust is the same", SPEC, setting(trust=0.1)),
    "predictor does not vary": ("NoVariation", "Use-of-force records", SPEC, setting(records=70)),
    "predictor does not vary, effects": ("NoVariation", "Use-of", replace(SPEC, effects=EFFECTS), setting(records=70)),
    "outcome of the area only": (
        "NoVariation",
        "Deprivation does not vary once borough effects",
        ModelSpec("imd_score", ("records",), effects=("borough",)),
        same,
    ),
    "control of the area only": (
        "Collinear",
        "Deprivation does not vary once borough and quarter effects",
        replace(SPEC, controls=("imd_score",), effects=EFFECTS),
        same,
    ),
    "control of the area only, weighted": (
        "Collinear",
        "Deprivation",
        replace(SPEC, controls=("imd_score",), effects=EFFECTS, weights="population"),
        same,
    ),
    "same line": (
        "Collinear",
        "Recorded crime is determined by Use-of-force records,",
        replace(SPEC, controls=("crime",)),
        doubled,
    ),
    "same line, effects": (
        "Collinear",
        "Recorded crime is determined by Use-of-force records,",
        replace(SPEC, controls=("crime",), effects=EFFECTS),
        doubled,
    ),
    "parts add up": (
        "Collinear",
        "hospitalised is determined by arrested, so",
        ModelSpec("trust", ("arrested", "hospitalised"), form="count"),
        shares,
    ),
    "exact": ("PerfectFit", "determine Trust exactly", SPEC, exact),
    "one row": ("TooFewRows", "1 row for 2 unknowns", SPEC, lambda frame: frame.iloc[:1]),
    "two rows": ("TooFewRows", "2 rows for 2 unknowns", SPEC, lambda frame: frame.iloc[:2]),
    "as many rows as levels": ("TooFewRows", "unknowns", replace(SPEC, effects=EFFECTS), lambda frame: frame.iloc[:3]),
    "one period, both effects": ("TooFewRows", "unknowns", replace(SPEC, effects=EFFECTS), one_period),
    "one area": ("TooFewClusters", "one borough only", SPEC, one_area),
    "one area, two-way": ("TooFewClusters", "one borough only", replace(SPEC, covariance="two_way"), one_area),
    "one period, two-way": ("TooFewClusters", "one quarter only", replace(SPEC, covariance="two_way"), one_period),
    "one period, kernel": ("TooFewClusters", "one quarter", replace(SPEC, covariance="driscoll_kraay"), one_period),
    "one area moves": (
        "NoStandardError",
        "Recorded crime depends on too few boroughs",
        ModelSpec("trust", ("crime",), form="count", effects=("borough",)),
        one_moves,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_fit_with_invalid_input_raises_a_named_error(panel: Panel, case: str) -> None:
    kind, text, spec, change = CASES[case]
    changed = Panel(change(panel.frame.copy()))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(getattr(regression, kind), match=text) as raised:
            fit(changed, spec, LABELS)
    sentence = str(raised.value)
    assert type(raised.value) is getattr(regression, kind)
    assert isinstance(raised.value, ModelError)
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_model_errors_all_have_a_case() -> None:
    kinds = {
        name for name, value in vars(regression).items() if isinstance(value, type) and issubclass(value, ModelError)
    }
    of_the_curve = {"NoChoice", "NoSpecification"}  # their cases are in test_curve.py
    of_size = {"TooCostly"}  # its cases are in test_absorption.py
    of_the_form = {
        "NotPositive",
        "NotTogether",
        "Separated",
        "NoConvergence",
    }  # in test_logarithm.py and test_poisson.py
    assert {kind for kind, *_ in CASES.values()} == kinds - {"ModelError"} - of_the_curve - of_size - of_the_form


def test_fit_without_labels_names_the_column_in_the_error(panel: Panel) -> None:
    with pytest.raises(ModelError, match="imd_score does not vary"):
        fit(panel, replace(SPEC, controls=("imd_score",), effects=EFFECTS))


def test_fit_with_lagged_outcome_as_predictor_is_allowed(panel: Panel) -> None:
    result = fit(panel, ModelSpec("trust", ("trust",), form="count", lag=1))
    assert result.estimates[0].role == "predictor"


@pytest.mark.parametrize("covariance", ["cluster", "two_way", "driscoll_kraay", "HC1", "classical"])
@pytest.mark.parametrize("effects", [(), ("borough",), ("quarter",), EFFECTS])
def test_fit_with_small_panels_gives_finite_numbers_or_model_error(
    covariance: Covariance, effects: tuple[str, ...]
) -> None:
    """Every panel of one to four areas and periods: finite numbers or a named error, no warning from below."""
    for n_areas in range(1, 5):
        for n_periods in range(1, 5):
            small, spec = simulated(n_areas, n_periods), replace(SPEC, covariance=covariance, effects=effects)
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                try:
                    table = fit(small, spec).frame()
                except ModelError:
                    continue
            numbers = table[["estimate", "std_error", "t", "p", "low", "high"]].to_numpy()
            assert np.isfinite(numbers).all()
