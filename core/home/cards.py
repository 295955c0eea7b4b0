"""The cards of the front page: an answer in one line, a small picture, how firm it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from core.claims import Judged, Verdict, report
from core.crime.england import text as england_text
from core.crime.england.analysis import Compared
from core.crime.england.question import PAGE as ENGLAND_PAGE
from core.london.amount.question import LONDON_AMOUNT
from core.london.panel import PER_RESIDENTS, TRUST
from core.presentation.numbers import number
from core.presentation.summary import Chip, Summary
from core.tables.panel import PERIODS_PER_YEAR, POINTS
from core.tables.quarters import last_month

LABEL_WIDTH = 50  # characters: more would be cut on a telephone
CHIPS_OF_ENGLAND: dict[str, Chip] = {
    england_text.CLEAR: "clear",
    england_text.DEPENDS: "depends",
    england_text.NO_LINK: "none",
}


@dataclass(frozen=True)
class Card:
    """A question with its answer at a glance.

    Parameters
    ----------
    page, title
        Where it is answered, and the words of the link.
    answer
        One sentence.
    label, value
        The figure of the small picture, in at most :data:`LABEL_WIDTH` characters, and its last or largest value.
    trend
        What the small picture shows, in order.
    kind
        How it is drawn.
    chip, chip_text
        How firm the answer is; the words where those of the chip do not fit.
    """

    page: str
    title: str
    answer: str
    label: str
    value: str
    trend: tuple[float, ...]
    kind: Literal["line", "bar"] = "line"
    chip: Chip = "clear"
    chip_text: str = ""


def trust_card(boroughs: pd.DataFrame) -> Card:
    """Trust in the Met by quarter, on average over the boroughs: London's own figure ends before theirs.

    Parameters
    ----------
    boroughs
        The survey's panel, one row per borough and quarter.
    """
    values = boroughs.groupby("quarter")[TRUST].mean().dropna() * POINTS
    now, before = number(values.iloc[-1], 0), number(values.iloc[-1 - PERIODS_PER_YEAR], 0)
    change = values.iloc[-1] - values.iloc[-1 - PERIODS_PER_YEAR]
    way = "about the same as" if abs(change) < 1 else "up from" if change > 0 else "down from"
    return Card(
        "borough",
        "How much do people in your borough trust the police?",
        f"On average over London's boroughs, {now}% trust the Met, {way} {before}% a year before.",
        f"Average of boroughs, year to {last_month(str(values.index[-1]))}",
        f"{now}%",
        tuple(values.round(1)),
        chip="clear",
        chip_text="Published figures",
    )


def force_card(summary: Summary, london: pd.DataFrame) -> Card:
    """The question of the amount of force, with recorded force per 1,000 residents of London by quarter.

    Parameters
    ----------
    summary
        What the first screen of its page says.
    london
        London as a whole, one row per quarter.
    """
    known = london.dropna(subset=["records"]).sort_values("quarter")
    rates = known["records"].rolling(PERIODS_PER_YEAR).sum().dropna() / known["population"] * PER_RESIDENTS
    rates = rates.dropna()
    return Card(
        LONDON_AMOUNT.page,
        LONDON_AMOUNT.title,
        summary.answer,
        f"Force per 1,000 residents, year to {last_month(str(known['quarter'].iloc[-1]))}",
        number(rates.iloc[-1], 1),
        tuple(rates.round(2)),
        chip=summary.chip,
    )


def england_card(found: Compared, variants: pd.DataFrame) -> Card:
    """Crime by fifth of deprivation in England."""
    fifths = found.fifths.sort_values("fifth", ascending=False)["rate"]
    return Card(
        ENGLAND_PAGE,
        "Is there more crime in deprived neighbourhoods?",
        england_text.answer(found).split(". ")[0] + ".",
        "Crime per 1,000, least to most deprived fifth",
        f"{number(fifths.iloc[0], 0)} to {number(fifths.iloc[-1], 0)}",
        tuple(fifths.round(1)),
        kind="bar",
        chip=CHIPS_OF_ENGLAND[england_text.verdict(variants)],
    )


def claims_card(claims: Sequence[Judged]) -> Card:
    """How many published claims have which verdict."""
    counts = report.tally(report.counted_once(claims))
    total, standing = sum(counts.values()), counts[Verdict.STANDS_UP]
    return Card(
        "published_claims",
        "Do published claims about policing stand up?",
        f"Of {total} claims by two studies, {Verdict.STANDS_UP.of(standing)}.",
        "Claims by verdict, those that stand up first",
        f"{standing} of {total}",
        tuple(float(count) for count in counts.values()),
        kind="bar",
        chip="clear",
        chip_text="By a stated rule",
    )
