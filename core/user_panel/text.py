"""Sentences about a reader's own panel, whose columns have names and no more: effects are in units of the outcome."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from core.presentation.numbers import NBSP, digits_for, probability, quoted
from core.presentation.text import CurveText
from core.stats.regression import FitResult
from core.stats.regression.errors import listed
from core.tables.options import Form
from core.tables.panel import Panel

TITLE = "Explore your own panel"
CURVE = CurveText(
    lower="find a clearly lower outcome with more {what}",
    higher="a clearly higher one",
    unit="units",
    step=f"10{NBSP}% more",
    axis=f"Units of the outcome for 10{NBSP}% more",
    digits=-1,
)
INTRODUCTION = (
    "Fixed effects, clustered errors and a specification curve on your own figures: drop a CSV or Parquet file with "
    "one row for each area and period (a borough and a quarter, a country and a year). The file stays in this visit: "
    "it is not stored, nobody else sees it, and it is gone when you close the page."
)
WANTED_FILE = (
    "This link was made with a file that is not in it (fingerprint {fingerprint}). Drop the same file here to see the "
    "same view; with another one, choices that do not fit are left out."
)
TOO_FEW_COLUMNS = (
    "{name} needs two columns of numbers that differ, one to explain and one to explain it by, besides its keys and "
    "residents; add them."
)
CAUTION = (
    "An association between figures for areas. It does not show that the one changes the other, and it says nothing "
    "about single people."
)
MORE: Mapping[Form, str] = {
    "count": "one more of {what}",
    "log": f"10{NBSP}% more {{what}}",
    "per_1000": "one more of {what} per 1,000 residents",
    "log_per_1000": f"10{NBSP}% more {{what}} per resident",
}
NAMED = 4
STEPS: Mapping[Form, float] = {"count": 1.0, "log": math.log(1.1), "per_1000": 1.0, "log_per_1000": math.log(1.1)}


@dataclass(frozen=True)
class UserEffect:
    """What goes with a step in a predictor, in units of the outcome, with its 95 % interval."""

    step: str
    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


def effect(result: FitResult, term: str) -> UserEffect:
    """The association of `term` for a step that a reader can picture."""
    estimate, size = result.estimate(term), STEPS[result.spec.form]
    text = MORE[result.spec.form].format(what=quoted(term))
    return UserEffect(text, estimate.estimate * size, estimate.low * size, estimate.high * size)


def answer(result: FitResult, term: str, panel: Panel) -> str:
    """What the model says of `term`, in a sentence."""
    found, outcome = effect(result, term), quoted(result.spec.outcome)
    interval = f"95{NBSP}% interval {format_number(found.low)} to {format_number(found.high)}"
    compared = _capital(comparison(result, panel))
    if not found.clear:
        value = format_number(found.value)
        return f"{compared}, no clear association: {value} in {outcome} for {found.step} ({interval})."
    word = "higher" if found.value > 0 else "lower"
    return f"{compared}, {found.step} goes with {outcome} {format_number(abs(found.value))} {word} ({interval})."


def comparison(result: FitResult, panel: Panel) -> str:
    """What is compared with what."""
    effects = result.spec.effects
    if panel.area in effects and panel.period in effects:
        return f"comparing each {panel.area} with itself, and what all share in a {panel.period} taken out"
    if panel.area in effects:
        return f"comparing each {panel.area} with itself"
    if panel.period in effects:
        return f"comparing those of one {panel.period} with each other"
    return "taking all rows together"


def certainty(result: FitResult, term: str) -> str:
    """How sure the answer is."""
    estimate = result.estimate(term)
    return (
        f"If there were no association, an estimate at least this far from zero would come up with probability "
        f"{probability(estimate.p)}. {result.note} {result.n:,} rows, {result.n_areas:,} areas, {result.n_periods:,} "
        f"periods ({result.first_period} to {result.last_period}); {result.n_dropped:,} rows lack a value."
    )


def model_text(result: FitResult) -> str:
    """What was fitted, in a line."""
    spec = result.spec
    held = f"; held constant: {listed(spec.controls)}" if spec.controls else ""
    effects = f"{listed(spec.effects)} effects" if spec.effects else "no effects"
    return f"{spec.outcome} on {listed(spec.predictors)}, {effects}{held}."


def steps(panel: Panel) -> str:
    """What a lag goes back by, and which steps in time have no row."""
    found, periods = panel.steps, panel.periods
    if not found.unit:
        order = _some([str(period) for period in periods])
        return f"No calendar is known for {quoted(panel.period)}: a lag goes back one place in this order: {order}."
    one = "number" if found.unit == "number" else found.unit
    step = f"one {one}" if found.size == 1 else f"{found.size} {one}s"
    gaps = f" No row at all: {_some(found.missing)}." if found.missing else ""
    return f"A lag of one period goes back {step}, whether or not there are rows in between.{gaps}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return listed(names) if more <= 0 else f"{', '.join(names[:NAMED])} and {more:,} more"


def example() -> pd.DataFrame:
    """What a file looks like."""
    rows = [("Ashford", "2022", "61.2", "340"), ("Ashford", "2023", "59.8", "365"), ("Barton", "2022", "70.4", "120")]
    return pd.DataFrame(rows, columns=["area", "year", "the outcome", "the predictor"])


def format_number(value: float) -> str:
    """A number of any size with three digits that count."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "unknown"
    digits = digits_for(value)
    text = f"{value:,.{digits}f}" if digits <= 6 else f"{value:.2e}"
    return text.replace("-", "\N{MINUS SIGN}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
