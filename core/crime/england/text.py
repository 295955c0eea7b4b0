"""Sentences about crime and deprivation in England's neighbourhoods, made from the results."""

import numpy as np
import pandas as pd

from core.crime.england.analysis import Compared, LondonCompared, ratio_row
from core.crime.england.question import (
    FIFTHS,
    RESIDENTS,
    SCORES,
)
from core.crime.months import month_text
from core.crime.text import counted
from core.presentation.numbers import all_of, lower_first, number, number_word
from core.presentation.robustness.robust_text import WORDS
from core.sources.police.street_crime_2025 import YEAR

CLEAR, DEPENDS, NO_LINK = (WORDS[word] for word in ("clear", "depends", "none"))
ABOUT_AREAS = (
    "These are figures of neighbourhoods, not of people. They show that crime and deprivation are found in the same "
    "places, not that one leads to the other."
)
CIRCULAR = (
    "**Crime is part of the measure.** The index of deprivation holds a crime domain with a weight of 9.3%. "
    "We also show the index without it."
)
CENTRES = (
    "**Few live in a city centre, many visit it.** A rate per resident is then high whatever the deprivation. "
    "We also show the answer without the busiest 1% of neighbourhoods, and with residents aged 16 to 24 counted twice."
)
REPORTING = (
    "**Only what was reported and recorded counts.** People in some places report more than in others, and the police "
    "find drugs and weapons where they look."
)
SNAP_POINTS = (
    "**Records are moved to a map point.** Each lies at the nearest of a fixed list, such as the middle of a street. "
    "Some near a boundary fall into the neighbourhood next door."
)
WALES = "Wales has an index of its own, so its four forces are not compared."
OWN_CATEGORIES = (
    "London's police publish other categories, without anti-social behaviour and sexual offences. Its rates are never "
    "added to those of the other forces."
)
NO_ANSWER = "These choices leave too few forces with records in both fifths. Choose another type or measure."
METHOD = (
    "For each force, the rate of the most deprived fifth of neighbourhoods is divided by that of the least deprived. "
    "The average is that of random effects (Paule and Mandel) with the error of Hartung and Knapp. "
    "The prediction interval says where the ratio of another force of this kind would lie, 95 times in 100. Intervals "
    "of a force let neighbours resemble each other as chosen in the sidebar."
)


def answer(found: Compared) -> str:
    """The page's answer, in two or three sentences."""
    if not len(found.forces):
        return NO_ANSWER
    most, least = found.fifths["rate"].iloc[0], found.fifths["rate"].iloc[-1]
    return (
        f"{_everywhere(found)}. The most deprived fifth of neighbourhoods had {_rate(most)} "
        f"{counted(found.spec.crime_type)} per 1,000 residents in {YEAR}, the least deprived {_rate(least)}."
    )


def _everywhere(found: Compared) -> str:
    total, higher = len(found.forces), found.higher
    if higher == total:
        return f"Yes, in all {total} police forces that we can compare"
    if higher == 0:
        return f"No, in none of the {total} police forces that we can compare"
    return f"In {number_word(higher)} of the {total} police forces that we can compare"


def verdict(variants: pd.DataFrame) -> str:
    """Whether the answer survives the choices: the average over forces lies on one side of one in each of them."""
    above, below = variants["low"] > 1, variants["high"] < 1
    if above.all() or below.all():
        return CLEAR
    return DEPENDS if above.any() or below.any() else NO_LINK


def verdict_reason(variants: pd.DataFrame) -> str:
    """Why, in two sentences: how many ways to choose agree, and how far apart they are."""
    above = int((variants["low"] > 1).sum())
    least, most = variants["ratio"].min(), variants["ratio"].max()
    count = len(variants)
    ways = all_of(count) if above == count else f"{number_word(above)} of {number_word(count)}"
    return (
        f"On average over forces, the most deprived fifth has more in {ways} ways to choose. "
        f"It has between {times(least)} and {times(most)} times as much."
    )


def facts(found: Compared) -> list[str]:
    """Three facts below the answer."""
    if found.average is None or not len(found.forces):
        return []
    ratios = ratio_row(found.average)
    most, least = found.forces.iloc[0], found.forces.iloc[-1]
    return [
        f"**{times(ratios['ratio'])} times** as much per resident in the most deprived fifth, on average over forces.",
        f"From **{times(least['ratio'])}** times in {least['force']} to **{times(most['ratio'])}** in {most['force']}.",
        f"Another force of this kind: between **{times(ratios['predicted_low'])}** and "
        f"**{times(ratios['predicted_high'])}** times.",
    ]


def compared_text(found: Compared) -> str:
    """What was compared, in a caption."""
    spec = found.spec
    text = (
        f"{found.records:,} records in {int(found.forces['areas'].sum()):,} neighbourhoods. Deprivation: "
        f"{lower_first(SCORES[spec.score].label)}, 2025. {FIFTHS[spec.fifths].label}. Per: "
        f"{lower_first(RESIDENTS[spec.residents].label)}."
    )
    if not spec.busiest:
        text += " Without the busiest 1% of neighbourhoods."
    if found.left_out:
        text += f" Too few records for a ratio: {', '.join(found.left_out)}."
    return text


def coverage(forces: int, absent: list[str]) -> str:
    """Which forces are compared, which are not, and why."""
    silent = [name for name in absent if name not in ("Greater Manchester", "Metropolitan Police")]
    parts = [f"{forces} of the 39 territorial forces of England have a full year of {YEAR} in these figures."]
    if "Greater Manchester" in absent:
        parts.append("Greater Manchester Police publish no street-level crime.")
    if silent:
        parts.append(f"There is no full year here of {_listed(silent)}.")
    if "Metropolitan Police" in absent:
        parts.append("London's Metropolitan Police stand apart, with their own figures.")
    parts.append("The City of London is apart, because few people live there.")
    return " ".join([*parts, WALES])


def london_text(found: LondonCompared, months: tuple[str, str], elsewhere: float) -> str:
    """How closely crime follows deprivation in London, next to the other forces."""
    most, least = found.fifths["rate"].iloc[0], found.fifths["rate"].iloc[-1]
    return (
        f"In London, the most deprived fifth had {_rate(most)} offences a year per 1,000 residents, the least deprived "
        f"{_rate(least)}: {times(found.ratio)} times as many. The rank correlation with deprivation over "
        f"{found.areas:,} neighbourhoods is {number(found.spearman)}, from {month_text(months[0])} to "
        f"{month_text(months[1])}. In the other forces it is {number(elsewhere)}."
    )


def types_title(types: pd.DataFrame) -> str:
    """Which types follow deprivation most and least."""
    known = types.dropna(subset=["ratio"])
    top, bottom = known.iloc[0], known.iloc[-1]
    return (
        f"{top['crime_type']} follows deprivation most, {times(top['ratio'])} times; "
        f"{lower_first(bottom['crime_type'])} least, {times(bottom['ratio'])} times"
    )


def forest_title(found: Compared) -> str:
    """The finding of the picture of all forces."""
    if found.average is None:
        return f"Ratios of {len(found.forces)} forces"
    average = times(ratio_row(found.average)["ratio"])
    return f"{average} times as much in the most deprived fifth, on average over {len(found.forces)} forces"


def fifths_title(found: Compared) -> str:
    """The finding of the bars by fifth."""
    rates = found.fifths["rate"].to_numpy()
    steps = "with every step" if np.all(np.diff(rates) < 0) else "from the least to the most deprived fifth"
    return (
        f"{found.spec.crime_type} per resident rises {steps} of deprivation"
        if rates[0] > rates[-1]
        else (f"{found.spec.crime_type} per resident does not rise with deprivation")
    )


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def times(ratio: float) -> str:
    """A ratio as read: '4.1'."""
    return number(float(ratio), 1)


def _rate(rate: float) -> str:
    return number(float(rate), 0 if rate >= 10 else 1 if rate >= 1 else 2)
