"""What summaries of crime share: the chip of a difference, ranks, the line of the source, what cannot be said."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import ndtr

from core.crime.area import CrimeArea
from core.crime.text import rate
from core.presentation.numbers import number, ordinal
from core.presentation.summary import Fact, Summary
from core.stats.regression import holm
from core.stats.robustness import SIGNIFICANCE
from core.stats.uncertainty import Z_95
from core.tables.panel import POINTS

NOT_PEOPLE = "Who committed the crimes or suffered them: the figures are of areas, not of people."
NOT_UNREPORTED = "How much crime there was: what nobody reported is not in the figures."
NOT_RISK = "How great the risk of one person is: many people spend their day where they do not live."
DIFFERS, BY_CHANCE = "Clear difference", "Could be chance"
DIFFERS_MEANS = "The difference is larger than chance would explain, allowing for all that was compared."
BY_CHANCE_MEANS = "Chance alone could make a difference of this size, allowing for all that was compared."
TWICE = 2.0


def with_chip(summary: Summary, differs: bool) -> Summary:
    """`summary` of a difference, with the chip that says whether it is beyond chance."""
    if differs:
        return replace(summary, chip="clear", chip_text=DIFFERS, chip_help=DIFFERS_MEANS)
    return replace(summary, chip="none", chip_text=BY_CHANCE, chip_help=BY_CHANCE_MEANS)


def beyond_chance(ratio: pd.Series, low: pd.Series, high: pd.Series) -> pd.Series:
    """Which of several ratios differ from 1, true or false, with p-values adjusted (Holm) for looking at all of them.

    Parameters
    ----------
    ratio, low, high
        Ratios with 95% intervals that are symmetrical on the logarithm; those without an interval do not differ.
    """
    known = (low > 0) & np.isfinite(high) & (high > low)
    std_error = np.log((high / low).where(known)) / (2 * Z_95)
    p = 2 * ndtr(-(np.log(ratio.where(known)) / std_error).abs())
    adjusted = pd.Series(holm(p[known].tolist()), p[known].index, dtype=float)
    return adjusted.reindex(ratio.index) < SIGNIFICANCE


def rank_fact(district: str, position: int, total: int) -> Fact:
    """Where `district` stands, at `position` from 0 of `total` districts."""
    return Fact(f"Rank of {district}", f"{ordinal(position + 1)} of {total}", "The 1st has the most per resident.")


def compared(ratio: float, what: str, whole: str) -> str:
    """'13% more recorded crime than the average', '3.8 times as much recorded crime as the average'."""
    if ratio >= TWICE:
        return f"{times(ratio)} as much {what} as {whole}"
    return f"{number(abs(ratio - 1) * POINTS, 0)}% {'more' if ratio > 1 else 'less'} {what} than {whole}"


def rate_note(low: float, high: float, compared: str = "") -> str:
    """How sure a rate is, if that is known, and what it is compared with."""
    sure = "" if math.isnan(low) else f"Very likely between {rate(low)} and {rate(high)}."
    return f"{sure} {compared}".strip()


def times(ratio: float) -> str:
    """'twice', '2.1 times', '16 times'."""
    text = number(ratio, 0 if ratio >= 10 else 1)
    return "twice" if float(text.replace(",", "")) == TWICE else f"{text} times"


def source(publishers: Sequence[str], area: CrimeArea, more: str = "") -> str:
    """Who published the figures, and when they are of."""
    return f"Source: {'; '.join(publishers)}. Recorded crime of {area.period}.{f' {more}' if more else ''}"
