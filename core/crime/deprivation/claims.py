"""Checks of claims about crime and deprivation."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import pandas as pd

from core.claims.checks import Case
from core.claims.findings import written_number
from core.claims.verdicts import Evidence, Seen, Statement
from core.crime.area import COUNT, EVERYWHERE, RATE, CrimeArea, CrimeError, outliers
from core.crime.claims_common import (
    CrimeCheck,
    crime_seen,
    interval_of,
    lsoas_of,
    reported_as,
    row_of,
    statement,
    yes_no,
)
from core.crime.deprivation.analysis import associations
from core.crime.deprivation.question import CRIME_PAGE
from core.crime.text import chance
from core.presentation.numbers import number
from core.stats.regression import LEVEL
from core.stats.regression.errors import listed

# What the page of deprivation recommends: a handful of city centres with thousands of records would else decide it.
PROPER, PROPER_TEXT = "log_records_per_1000", "the logarithm of records per resident"


@dataclass(frozen=True)
class Correlation(CrimeCheck):
    """A correlation of the count of records with the deprivation score.

    Parameters
    ----------
    place
        A district, or all of them (:data:`core.crime.area.EVERYWHERE`).
    """

    place: str
    standard: ClassVar[str] = (
        "**A correlation** of crime and deprivation is reproduced when the number is r of records and score over the "
        f"LSOAs, or its square. It stands when it is what it was called, r, and {PROPER_TEXT} is linked to the score "
        "too: the 95% interval of that r lies on the same side of zero, allowing for LSOAs of a neighbourhood (MSOA) "
        "being alike. The logarithm stops a few city centres from dominating."
    )

    def seen(self, case: Case[CrimeArea]) -> Seen:  # noqa: ARG002 - the same for every finding
        """The place on the page of deprivation."""
        return crime_seen(CRIME_PAGE, "" if self.place == EVERYWHERE else self.place)

    def found(self, case: Case[CrimeArea], unknown: Evidence) -> Evidence:
        """R or its square by count, and r for the logarithm of the rate."""
        count, rate = (_strength(case.figures, measure, self.place) for measure in (COUNT, PROPER))
        finding, decimals = case.finding, case.finding.decimals or 0
        is_r = finding.repeated_by(float(count["r"]))
        repeated = float(count["r" if is_r else "r2"])
        clear = bool(rate["r_high"] < 0 if finding.negative else rate["r_low"] > 0)
        by_count = number(count["r"])
        square = "" if is_r else f"it is the square of r, not r, which is {by_count} by count; "
        proper = f"r {number(rate['r'])} ({interval_of(rate, 'r')})"
        return replace(
            unknown,
            reported=replace(unknown.reported, note="Printed as the r-value of records and score."),
            recomputed=Statement(
                written_number(repeated, decimals),
                number(repeated, decimals),
                f"r is {by_count}, over {count['n']:,} LSOAs.",
            ),
            proper=statement(proper, f"For {PROPER_TEXT}; errors clustered by MSOA."),
            repeats=is_r or finding.repeated_by(float(count["r2"])),
            stands=is_r and clear,
            because=f"{square}for {PROPER_TEXT} there is {'a' if clear else 'no'} clear association, {proper}",
            plainly=_plain_correlation(is_r, clear),
        )


@dataclass(frozen=True)
class Strength(CrimeCheck):
    """A district said to have the strongest or the weakest correlation with deprivation.

    Parameters
    ----------
    which
        ``"strongest"`` or ``"weakest"``.
    left_out
        Districts that the study did not look at.
    """

    which: str
    left_out: tuple[str, ...] = ()
    standard: ClassVar[str] = (
        "**A district with the strongest or weakest correlation** is reproduced when it is that, by count, among the "
        f"districts that the study plotted. It stands when, among all districts and for {PROPER_TEXT}, the chance "
        f"that it is so is {LEVEL:.0%} or more."
    )

    def seen(self, case: Case[CrimeArea]) -> Seen:
        """The district on the page of deprivation."""
        return crime_seen(CRIME_PAGE, case.finding.text)

    def found(self, case: Case[CrimeArea], unknown: Evidence) -> Evidence:
        """The district that is first or last by count, and the chances of all for the recommended measure."""
        area, named = case.figures, case.finding.text
        counts, rates = (strengths(area, measure, True) for measure in (COUNT, PROPER))
        first, probability = self._first(counts, self.left_out), float(row_of(rates, named)[self.which])
        first_of_all, likeliest = self._first(counts), str(rates[self.which].idxmax())
        if math.isnan(probability):
            raise CrimeError(f"There is no telling how sure the correlation in {named} is.")
        without = self._first(strengths(area, COUNT, False), self.left_out)
        r2 = ", ".join(f"{name} {number(counts['r2'][name])}" for name in dict.fromkeys((first, named, first_of_all)))
        top = f"{likeliest} (chance {chance(rates[self.which][likeliest])})"
        rest = "" if likeliest == named else f" Chance of {named}: {chance(probability)}."
        by_count = "" if first_of_all == named else f"with all districts it is {first_of_all} by count, and "
        return replace(
            unknown,
            recomputed=statement(first, f"R-squared by count: {r2}. With outliers left out it would be {without}."),
            proper=statement(top, f"Of all districts, for {PROPER_TEXT}.{rest}"),
            repeats=first == named,
            stands=probability >= LEVEL,
            because=f"{by_count}for {PROPER_TEXT} the chance that {named} is the {self.which} is {chance(probability)}",
            plainly=f"{'it is hardly' if probability >= LEVEL else 'it could be'} another district",
        )

    def _first(self, table: pd.DataFrame, left_out: Sequence[str] = ()) -> str:
        r2 = table["r2"].drop([EVERYWHERE, *left_out], errors="ignore").dropna()
        return str(r2.idxmax() if self.which == "strongest" else r2.idxmin())


@dataclass(frozen=True)
class OutliersLeftOut(CrimeCheck):
    """Whether outliers were left out of the correlations that were printed.

    Parameters
    ----------
    printed
        Ids of the findings that were printed.
    """

    printed: tuple[str, ...]
    standard: ClassVar[str] = (
        "**That outliers were left out** is reproduced when none of the correlations that were printed is that of "
        "all LSOAs."
    )

    def seen(self, case: Case[CrimeArea]) -> Seen:  # noqa: ARG002 - the same for every finding
        """The page of deprivation."""
        return crime_seen(CRIME_PAGE)

    def found(self, case: Case[CrimeArea], unknown: Evidence) -> Evidence:
        """How many of the printed numbers are those of all LSOAs."""
        printed = [case.others(id_)[1] for id_ in self.printed]
        missing = next((evidence.missing for evidence in printed if evidence.missing), "")
        if missing:
            return replace(unknown, missing=missing)
        with_outliers = sum(evidence.repeats for evidence in printed)
        text = f"numbers of all LSOAs ({with_outliers or 'none'} of {len(self.printed)})"
        r2_with, r2_without = (
            number(strengths(case.figures, COUNT, with_them)["r2"][EVERYWHERE]) for with_them in (True, False)
        )
        return replace(
            unknown,
            reported=reported_as(unknown, "numbers without outliers"),
            recomputed=yes_no(not with_outliers, text),
            proper=statement(
                f"R-squared {r2_without} without outliers, {r2_with} with them", outliers(case.figures).rule
            ),
            repeats=not with_outliers,
            stands=True,
            because=f"it printed {text}",
        )


@dataclass(frozen=True)
class NoneBelow(CrimeCheck):
    """No LSOA of a district has a deprivation score below a floor."""

    district: str
    floor: float
    standard: ClassVar[str] = "**A lowest score** needs no model: each LSOA has a score, and those below are counted."

    def seen(self, case: Case[CrimeArea]) -> Seen:  # noqa: ARG002 - the same for every finding
        """The district on the page of deprivation."""
        return crime_seen(CRIME_PAGE, self.district)

    def found(self, case: Case[CrimeArea], unknown: Evidence) -> Evidence:
        """How many LSOAs are below the floor, and which is the lowest."""
        lsoas = lsoas_of(case.figures, self.district)
        below, lowest = int((lsoas["imd_score"] < self.floor).sum()), lsoas.sort_values("imd_score").iloc[0]
        text = f"{below or 'none'} below {self.floor:g}"
        least = f"The lowest is {lowest['LSOA']} with {number(lowest['imd_score'], 1)}, of {len(lsoas)} LSOAs"
        return replace(
            unknown,
            reported=reported_as(unknown, f"none below {self.floor:g}"),
            recomputed=yes_no(not below, text, f"{least}."),
            proper=yes_no(not below, text, "The same: each LSOA has a score."),
            repeats=not below,
            stands=True,
            because=f"each LSOA is counted: {text}",
        )


@dataclass(frozen=True)
class MoreDeprived(CrimeCheck):
    """A district said to be more deprived than districts with more crime."""

    district: str
    standard: ClassVar[str] = (
        "**More deprived than districts with more crime** is reproduced when there is a district with more records "
        "and a lower mean score. It stands when there is one with more records per resident too, scores weighted by "
        "residents."
    )

    def seen(self, case: Case[CrimeArea]) -> Seen:  # noqa: ARG002 - the same for every finding
        """The page of deprivation."""
        return crime_seen(CRIME_PAGE)

    def found(self, case: Case[CrimeArea], unknown: Evidence) -> Evidence:
        """Which districts have more crime and a lower mean score."""
        scores = _district_scores(case.figures)
        district = row_of(scores, self.district)
        by_count, by_rate = (
            [str(name) for name in scores.index[(scores[crime] > district[crime]) & (scores[score] < district[score])]]
            for crime, score in ((COUNT, "mean"), (RATE, "weighted"))
        )
        rank = int((scores["mean"] > district["mean"]).sum()) + 1
        than, per_resident = (
            f"{listed(names) if names else 'no district'} with {more} and less deprivation"
            for names, more in ((by_count, "more crime"), (by_rate, "more crime per resident"))
        )
        return replace(
            unknown,
            reported=reported_as(unknown, "districts with more crime and less deprivation"),
            recomputed=yes_no(
                bool(by_count),
                than,
                f"Mean score {number(district['mean'], 1)}, number {rank} of {len(scores)} from the most deprived.",
            ),
            proper=yes_no(bool(by_rate), per_resident, f"Mean score by residents {number(district['weighted'], 1)}."),
            repeats=bool(by_count),
            stands=bool(by_rate),
            because=f"there is {per_resident}",
        )


def _plain_correlation(is_r: bool, clear: bool) -> str:
    if not is_r:
        return "the number is the square of the correlation, not the correlation"
    return f"stronger methods find {'a' if clear else 'no'} clear link"


def strengths(area: CrimeArea, measure: str, with_outliers: bool) -> pd.DataFrame:
    """:func:`core.crime.deprivation.analysis.associations` by place, cached: not to be changed in place."""
    return area.once(_strengths, measure, with_outliers)


def _strengths(area: CrimeArea, measure: str, with_outliers: bool) -> pd.DataFrame:
    return associations(area, measure, with_outliers=with_outliers).set_index("place")


def _strength(area: CrimeArea, measure: str, place: str) -> "pd.Series":
    row = row_of(strengths(area, measure, True), place)
    if row["reason"]:
        raise CrimeError(f"No correlation can be had for {place}: {row['reason']}")
    return row


def _district_scores(area: CrimeArea) -> pd.DataFrame:
    """Mean deprivation score of each district, plain and by residents, with its records and their rate."""
    lsoas = area.lsoas.assign(**{COUNT: area.records(), "weight": area.lsoas["residents"] * area.lsoas["imd_score"]})
    found = lsoas.groupby("district")[[COUNT, "residents", "weight"]].sum()
    mean = lsoas.groupby("district")["imd_score"].mean()
    return found.assign(
        mean=mean, weighted=found["weight"] / found["residents"], **{RATE: found[COUNT] / found["residents"]}
    )
