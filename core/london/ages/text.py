"""What the page on ages says besides its answer, and its summary where there are only totals by age."""

from collections.abc import Mapping, Sequence

import pandas as pd

from core.london.ages.analysis import UNDER_18, age_shares
from core.london.ages.figures import between_rows
from core.presentation.numbers import number
from core.presentation.summary import Fact, Summary
from core.stats.regression import FitResult
from core.tables.catalogue import Catalogue

SIGNIFICANCE = 0.05

AGES_PERIOD, AGES_AFTER = "April 2017 to December 2023", "January to March 2024"


AGES_SHOWN = (
    "We have only totals by age for the whole period, not for each quarter: those are published only in the Met's "
    "yearly workbooks, which are not included here. So we can compare boroughs with each other, but cannot follow one "
    "borough over time, which is what the study's question requires."
)


AGES_QUARTERLY = (
    "This page shows the full quarterly model, because the data have use of force by age for every quarter."
)


AGES_UNCHECKED = (
    "The study put four age bands into one model of 864 borough-quarters. Without quarterly ages its coefficients "
    "cannot be calculated again here; they are shown as reported."
)


def ages_summary(
    fits: Mapping[str, FitResult],
    totals: pd.DataFrame,
    recovered: bool,
    catalogue: Catalogue,
    publishers: Sequence[str],
) -> Summary:
    """The first screen where there are only totals by age: they cannot answer the question, and what they do show.

    Parameters
    ----------
    totals
        One row per borough with records by age band.
    recovered
        Whether records whose age a spreadsheet corrupted are included.
    """
    rows, young = between_rows(fits, catalogue), age_shares(totals, recovered)[UNDER_18]
    clear, boroughs = int((rows["holm"] < SIGNIFICANCE).sum()), next(iter(fits.values())).n
    answer = (
        "The published figures cannot say whether the age of people subjected to force matters for how people rate "
        "the police."
    )
    share = Fact("Records about under-18s", f"{number(young.mean() * 100, 0)}%", f"Average of boroughs, {AGES_PERIOD}.")
    spread = Fact(
        "Lowest and highest borough",
        f"{number(young.min() * 100, 0)}% and {number(young.max() * 100, 0)}%",
        f"{young.idxmin()} and {young.idxmax()}, under-18s among records with a known age.",
    )
    compared = Fact(
        "Age groups with a clear link",
        f"{clear} of {len(rows)}",
        f"{boroughs} boroughs compared with each other, which differ in many other ways.",
    )
    return Summary(
        answer=answer,
        chip="cannot_tell",
        facts=(share, spread, compared),
        can_say=(
            f"In London, {number(young.mean() * 100, 0)}% of recorded uses of force involved someone under 18 "
            f"({AGES_PERIOD}, average of boroughs).",
            "Use of force by age is not published by quarter, so its link to trust cannot be tested.",
        ),
        cannot_say=(
            "That force on young people lowers trust, or that it does not.",
            "That ages explain why boroughs differ: they differ in many other ways.",
        ),
        source=f"Source: {'; '.join(dict.fromkeys(publishers))}.",
    )
