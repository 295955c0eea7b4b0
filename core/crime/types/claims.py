"""Checks of claims about the composition of types of crime."""

from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

import pandas as pd

from core.claims.checks import Case
from core.claims.verdicts import Evidence, Seen
from core.crime.area import ALL_RECORDS, LOW, LOW_SCORE, NOT_LOW, CrimeArea, CrimeError
from core.crime.claims_common import CrimeCheck, crime_seen, reported_as, row_of, statement, yes_no
from core.crime.text import per_cent
from core.crime.types.design_effects import differences, quotients, typed_compositions
from core.crime.types.text import gap_text, share_text, times_text
from core.presentation.numbers import lower_first, number, probability, upper_first
from core.stats.regression.errors import listed
from core.stats.robustness import SIGNIFICANCE
from core.stats.uncertainty import count_change_margin

PAGE = "crime_types"
MUCH = 1.5
GROUPS = "Intervals allow for records coming in groups."


@dataclass(frozen=True)
class LargestType(CrimeCheck):
    """A type said to be the largest in every district."""

    crime_type: str
    standard: ClassVar[str] = (
        "**The largest type in every district** is reproduced by the shares as they are. It stands when in every "
        "district its 95% interval lies above that of the next type."
    )

    def seen(self, case: Case[CrimeArea]) -> Seen:  # noqa: ARG002 - the same for every finding
        """The type on the page of types."""
        return crime_seen(PAGE, total=ALL_RECORDS, crime_type=self.crime_type)

    def found(self, case: Case[CrimeArea], unknown: Evidence) -> Evidence:
        """In how many districts it is the largest, and where the next is nearest."""
        table = shares(case.figures)
        districts = table[table["kind"] == "district"].groupby("area")
        firsts, seconds = districts.nth(0).set_index("area"), districts.nth(1).set_index("area")
        first = firsts["crime_type"] == self.crime_type
        room = firsts["low"] - seconds["high"]
        stands, nearest = bool((room > 0).all()), str(room.idxmin())
        text = f"first in {first.sum()} of {len(first)} districts"
        gap = (
            f"in {nearest}, where the next is nearest, the first type has {share_text(row_of(firsts, nearest))} and "
            f"{lower_first(seconds['crime_type'][nearest])} {share_text(row_of(seconds, nearest))}"
        )
        return replace(
            unknown,
            reported=reported_as(unknown, "first in every district"),
            recomputed=yes_no(bool(first.all()), text),
            proper=yes_no(
                stands, f"{'clearly' if stands else 'not clearly'} first in each", f"{upper_first(gap)}. {GROUPS}"
            ),
            repeats=bool(first.all()),
            stands=stands,
            because=gap,
        )


@dataclass(frozen=True)
class Ranked(CrimeCheck):
    """A district said to be first, second or last in its share of a type.

    Parameters
    ----------
    place
        0 for the first, 1 for the second, -1 for the last.
    district
        The district; empty where the finding names it.
    """

    crime_type: str
    place: int
    district: str = ""
    standard: ClassVar[str] = (
        "**A district's place by its share of a type** is reproduced by the shares as they are. It stands when the "
        "95% interval of its difference to each other district excludes zero. Records come in groups, so intervals "
        "are wider than if each record had come on its own, by the spread between neighbourhoods (MSOAs); a type that "
        "is not there for each LSOA is given the average of those that are."
    )

    def seen(self, case: Case[CrimeArea]) -> Seen:
        """The type on the page of types, and the district."""
        return crime_seen(PAGE, self._district(case), total=ALL_RECORDS, crime_type=self.crime_type)

    def found(self, case: Case[CrimeArea], unknown: Evidence) -> Evidence:
        """The district at that rank, and the district that is hardest to distinguish from the one named."""
        named, table = self._district(case), shares(case.figures)
        districts = _of_type(table[table["kind"] == "district"], self.crime_type).sort_values("share", ascending=False)
        if named not in districts.index or len(districts) < 2:
            raise CrimeError(f"There are no shares of {lower_first(self.crime_type)} for {named} and other districts.")
        there = str(districts.index[self.place])
        gaps = pd.DataFrame({name: self._gap(table, named, name) for name in districts.index.drop(named)}).T
        clear = (gaps["low"] > 0) | (gaps["high"] < 0)
        nearest = str((gaps["difference"].abs() / (gaps["high"] - gaps["low"])).astype(float).idxmin())
        gap = f"the difference of {named} to {nearest} is {gap_text(row_of(gaps, nearest))}"
        doubt = "" if clear.all() else ", so there may be none"
        answer = statement if case.finding.text == named else partial(yes_no, there == named)
        return replace(
            unknown,
            reported=reported_as(unknown, named),
            recomputed=answer(there, f"{share_text(row_of(districts, there))}."),
            proper=statement(
                f"{per_cent(districts['share'][named])} against {per_cent(districts['share'][nearest])} in {nearest}",
                f"{upper_first(gap)}. {GROUPS}",
            ),
            repeats=there == named,
            stands=bool(clear.all()),
            because=f"{gap}{doubt}",
        )

    def _district(self, case: Case[CrimeArea]) -> str:
        return self.district or case.finding.text

    def _gap(self, table: pd.DataFrame, one: str, other: str) -> "pd.Series":
        return row_of(differences(table, one, other).set_index("crime_type"), self.crime_type)


@dataclass(frozen=True)
class MoreCommon(CrimeCheck):
    """Types said to be more common in a district than elsewhere."""

    district: str
    crime_types: tuple[str, ...]
    standard: ClassVar[str] = (
        "**A type that is more common in a district** is reproduced when its share is above that of all districts. "
        "It stands when the location quotient, the ratio of both shares, has a 95% interval above 1; of several "
        "types, each of them. Intervals allow for records coming in groups."
    )

    def seen(self, case: Case[CrimeArea]) -> Seen:  # noqa: ARG002 - the same for every finding
        """The district on the page of types."""
        return crime_seen(PAGE, self.district, total=ALL_RECORDS, crime_type=self.crime_types[0])

    def found(self, case: Case[CrimeArea], unknown: Evidence) -> Evidence:
        """The quotient of each type."""
        table = quotients(shares(case.figures))
        types = table[table["area"] == self.district].set_index("crime_type").reindex(list(self.crime_types))
        if types["quotient"].isna().any():
            raise CrimeError(f"There are no shares of {listed(map(lower_first, self.crime_types))} in {self.district}.")
        repeats, stands = bool((types["quotient"] > 1).all()), bool((types["low"] > 1).all())
        least = types.sort_values("low").iloc[0]
        pairs = "; ".join(
            f"{lower_first(str(name))} {per_cent(row['share'])} against {per_cent(row['share_of_all'])}"
            for name, row in types.iterrows()
        )
        every = "; ".join(f"{name}: {times_text(row)}" for name, row in types.iterrows())
        return replace(
            unknown,
            reported=reported_as(unknown, "more common than in all districts"),
            recomputed=yes_no(repeats, pairs, "Share in the district against all districts together."),
            proper=yes_no(stands, f"{'' if stands else 'not '}clearly more common", f"{every}. {GROUPS}"),
            repeats=repeats,
            stands=stands,
            because=f"{'of them ' if len(types) > 1 else ''}{lower_first(str(least.name))} is {times_text(least)}",
        )


@dataclass(frozen=True)
class UnderLowScore(CrimeCheck):
    """A type said to be more or less common where the IMD score is under 5.

    Parameters
    ----------
    higher
        Whether its share was said to be higher there.
    times
        By how many times at least, where it was said to be much higher.
    """

    crime_type: str
    higher: bool
    times: float = 1.0
    standard: ClassVar[str] = (
        f"**A share where the IMD score is under {LOW_SCORE}** is reproduced against the other LSOAs by the shares "
        f"as they are. It stands when the difference is beyond chance: a p-value below {SIGNIFICANCE} after Holm's "
        "adjustment for reading all types at once, allowing for records coming in groups. *Much* higher is at least "
        f"{MUCH} times, even at the near ends of both intervals."
    )

    def seen(self, case: Case[CrimeArea]) -> Seen:  # noqa: ARG002 - the same for every finding
        """Both groups compared on the page of types."""
        return crime_seen(PAGE, total=ALL_RECORDS, crime_type=self.crime_type, one=LOW, other=NOT_LOW)

    def found(self, case: Case[CrimeArea], unknown: Evidence) -> Evidence:
        """Both shares, and their difference."""
        table = shares(case.figures)
        row = row_of(differences(table, LOW, NOT_LOW).set_index("crime_type"), self.crime_type)
        side, by = row["difference"] > 0, row["share_one"] / row["share_other"]
        repeats = bool(side == self.higher and (not self.higher or by >= self.times))
        ends = _of_type(table, self.crime_type)
        large_enough = self.times == 1 or ends["low"][LOW] > self.times * ends["high"][NOT_LOW]
        clear = bool(row["p_holm"] < SIGNIFICANCE)
        text = f"{per_cent(row['share_one'])} against {per_cent(row['share_other'])}"
        doubt = f", which may be less than {self.times:g} times" if clear else ", so there may be none"
        read = f"p {probability(row['p_holm'])} for {len(table['crime_type'].unique())} types read together"
        return replace(
            unknown,
            reported=reported_as(unknown, f"{'much ' if self.times > 1 else ''}{'higher' if self.higher else 'lower'}"),
            recomputed=yes_no(
                repeats, f"{'higher' if side else 'lower'}, {text}", f"{number(by)} times the share elsewhere."
            ),
            proper=yes_no(clear and large_enough, gap_text(row), f"Adjusted {read}. {GROUPS}"),
            repeats=repeats,
            stands=clear and large_enough,
            because=f"the difference is {gap_text(row)}, {read}{'' if clear and large_enough else doubt}",
        )


@dataclass(frozen=True)
class Ahead(CrimeCheck):
    """One type said to have more records than another in a single LSOA."""

    lsoa: str
    one: str
    other: str
    standard: ClassVar[str] = (
        "**One type ahead of another in an LSOA** is reproduced by the shares as published. It stands when it is "
        "ahead by more records than chance would give (two Poisson counts) and rounding could hide."
    )

    def seen(self, case: Case[CrimeArea]) -> Seen:  # noqa: ARG002 - the same for every finding
        """The LSOA on the page of types."""
        return crime_seen(PAGE, total=ALL_RECORDS, crime_type=self.one, one=self.lsoa)

    def found(self, case: Case[CrimeArea], unknown: Evidence) -> Evidence:
        """The lead of the one type, in records, and what chance and rounding come to."""
        types = shares(case.figures)
        types = types[types["area"] == self.lsoa].set_index("crime_type")
        one, other = (row_of(types, name) for name in (self.one, self.other))
        lead = one["records"] - other["records"]
        rounded = (one["rounding"] + other["rounding"]) * one["total"]
        chance = count_change_margin(pd.Series(one["records"]), pd.Series(other["records"])).iloc[0]
        stands = bool(lead > chance + rounded)
        text = f"{per_cent(one['share'])} against {per_cent(other['share'])}"
        ahead = f"it is about {number(lead, 0)} of {number(one['total'], 0)} records ahead"
        gap = f"{ahead}, where chance and rounding come to as many as {number(chance + rounded, 0)}"
        return replace(
            unknown,
            reported=reported_as(unknown, f"more {lower_first(self.one)} than {lower_first(self.other)}"),
            recomputed=yes_no(bool(lead > 0), text, "As published, with one decimal."),
            proper=yes_no(
                stands,
                f"{number(lead, 0)} records ahead, give or take {number(chance + rounded, 0)}",
                upper_first(f"{gap}."),
            ),
            repeats=bool(lead > 0),
            stands=stands,
            because=gap,
        )


def shares(area: CrimeArea) -> pd.DataFrame:
    """:func:`core.crime.types.design_effects.typed_compositions`, cached: not to be changed in place."""
    return area.once(typed_compositions)


def _of_type(table: pd.DataFrame, crime_type: str, by: str = "area") -> pd.DataFrame:
    return table[table["crime_type"] == crime_type].set_index(by)
