"""Checks of claims about where recorded crime lies: shares of districts, single LSOAs, places that it gathers near."""

from dataclasses import dataclass, replace
from typing import ClassVar

import pandas as pd

from core.claims.checks import Case
from core.claims.verdicts import Evidence, Seen
from core.crime.area import ALL_RECORDS, COUNT, RATE, CrimeArea, CrimeError
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
from core.crime.district_rates import district_shares
from core.crime.geography.distances import distance_gradients, distance_profile
from core.crime.lsoa_rates import Base
from core.crime.text import per_cent
from core.presentation.numbers import number
from core.questions.vocabulary import NBSP
from core.sources.small_areas.places import CENTRE, HOSPITAL, UNIVERSITY
from core.stats.uncertainty import count_change_margin

PAGE, BICYCLES_PAGE = "crime_rates", "crime_bicycle_theft"
NEAR_KM = 1.0
KINDS = {UNIVERSITY: "university campuses", HOSPITAL: "acute hospitals", CENTRE: "district centres"}
EACH: dict[Base, str] = {"residents": "per resident", "records": "per record of any crime"}


@dataclass(frozen=True)
class ShareOfCrime(CrimeCheck):
    """A district's share of recorded crime against its share of residents.

    Parameters
    ----------
    above
        Whether it was said to be larger.
    """

    district: str
    above: bool
    standard: ClassVar[str] = (
        "**More or less than its share of crime** is reproduced with the residents of the 2011 census, as the study "
        "had them. It stands when, with those of mid-2019, the 95% interval of the ratio of both shares lies on that "
        "side of 1. Records come in groups, so the interval is by the spread between neighbourhoods (MSOAs)."
    )

    def seen(self, case: Case[CrimeArea]) -> Seen:  # noqa: ARG002 - the same for every finding
        """The district on the page of rates."""
        return crime_seen(PAGE, self.district, crime_type=ALL_RECORDS)

    def found(self, case: Case[CrimeArea], unknown: Evidence) -> Evidence:
        """Both shares by the census, and their ratio by the residents of mid-2019."""
        case.figures.require("residents_2011")
        row = row_of(district_shares(case.figures).set_index("district"), self.district)
        repeats = bool((row["ratio_2011"] > 1) == self.above)
        stands = bool(row["ratio_low"] > 1 if self.above else row["ratio_high"] < 1)
        shares = (per_cent(row[f"share_of_{name}"]) for name in ("records", "residents_2011"))
        proper = f"{number(row['ratio'])} times its share ({interval_of(row, 'ratio')})"
        doubt = "" if stands else ", which could still be an even share"
        return replace(
            unknown,
            reported=reported_as(unknown, f"{'more' if self.above else 'less'} than its share"),
            recomputed=yes_no(
                repeats, "{} of records, {} of residents".format(*shares), "Residents of the 2011 census."
            ),
            proper=yes_no(stands, proper, "Residents of mid-2019; interval by the spread between MSOAs."),
            repeats=repeats,
            stands=stands,
            because=f"with the residents of mid-2019 {self.district} has {proper}{doubt}",
        )


@dataclass(frozen=True)
class MostCrime(CrimeCheck):
    """The LSOA of a district with most records."""

    district: str
    standard: ClassVar[str] = (
        "**The LSOA with most crime** is reproduced when it has most records of its district. It stands when it has "
        "more than the next by more than chance would give (two Poisson counts)."
    )

    def seen(self, case: Case[CrimeArea]) -> Seen:  # noqa: ARG002 - the same for every finding
        """The district on the page of rates."""
        return crime_seen(PAGE, self.district, crime_type=ALL_RECORDS)

    def found(self, case: Case[CrimeArea], unknown: Evidence) -> Evidence:
        """The first two by count, and which place the first has per resident."""
        lsoas = lsoas_of(case.figures, self.district).sort_values(COUNT, ascending=False).reset_index()
        if len(lsoas) < 2:
            raise CrimeError(f"{self.district} has one LSOA.")
        first, second = lsoas.iloc[0], lsoas.iloc[1]
        margin = count_change_margin(lsoas[COUNT], lsoas[COUNT].shift(-1)).iloc[0]
        stands, rank = bool(first[COUNT] - second[COUNT] > margin), int((lsoas[RATE] > first[RATE]).sum()) + 1
        gap = f"{number(first[COUNT], 0)} records against {number(second[COUNT], 0)} in the next, {second['LSOA']}"
        rate = f"Per 1,000 residents it is number {rank} of {len(lsoas)}, with {number(first[RATE], 0)} records."
        return replace(
            unknown,
            recomputed=statement(first["LSOA"], f"{number(first[COUNT], 0)} records."),
            proper=statement(first["LSOA"], f"{gap}. {rate} Those who are there without living there are not counted."),
            repeats=first["LSOA"] == case.finding.text,
            stands=stands,
            because=f"{first['LSOA']} has {gap}{'' if stands else ', which chance alone could reverse'}",
        )


@dataclass(frozen=True)
class Near(CrimeCheck):
    """Crime said to gather near places.

    Parameters
    ----------
    kinds
        Kinds of places, near each of which it must gather.
    crime_type
        One type, or all crime.
    per
        What rates are of: residents, or records of all types; it must gather by each.
    page
        Page that shows it.
    """

    kinds: tuple[str, ...]
    crime_type: str = ALL_RECORDS
    per: tuple[Base, ...] = ("residents",)
    page: str = PAGE
    standard: ClassVar[str] = (
        f"**That crime gathers near places** is reproduced when LSOAs within {NEAR_KM:g}{NBSP}km of each kind of "
        "place have more records per resident than those further off. It stands when the rate falls with the distance "
        "to each kind, other kinds being equally far: the 95% interval of the rate at twice the distance lies below "
        "1, errors clustered by MSOA. One type of crime must do so per record of any crime too."
    )

    def seen(self, case: Case[CrimeArea]) -> Seen:  # noqa: ARG002 - the same for every finding
        """Its page."""
        return crime_seen(self.page, **({"crime_type": self.crime_type} if self.page == PAGE else {}))

    def found(self, case: Case[CrimeArea], unknown: Evidence) -> Evidence:
        """Rates near and far, and their fall with distance."""
        bands = {kind: self._near_and_far(case.figures, kind) for kind in self.kinds}
        repeats = all(near > far for near, far in bands.values())
        falls = pd.concat([self._falls(case.figures, base) for base in self.per], ignore_index=True)
        stands, least = bool((falls["high"] < 1).all()), falls.sort_values("high").iloc[-1]
        doubt = "" if stands else ", so there may be no fall"
        return replace(
            unknown,
            reported=reported_as(unknown, "more of it near them"),
            recomputed=yes_no(repeats, f"{'more' if repeats else 'not more'} of it near them", _bands_text(bands)),
            proper=yes_no(stands, f"{_fall_text(least)} at twice the distance", _falls_text(falls)),
            repeats=repeats,
            stands=stands,
            because=f"at twice the distance to {KINDS[least['kind']]} the rate {EACH[least['per']]} is "
            f"{_fall_text(least)}{doubt}",
        )

    def _near_and_far(self, area: CrimeArea, kind: str) -> tuple[float, float]:
        rates = distance_profile(area, kind, self.crime_type, (NEAR_KM,))["per_1000_residents"]
        return float(rates.iloc[0]), float(rates.iloc[-1])

    def _falls(self, area: CrimeArea, base: Base) -> pd.DataFrame:
        falls = distance_gradients(area, tuple(KINDS), self.crime_type, base)
        return falls[falls["kind"].isin(self.kinds)].assign(per=base)


def _fall_text(row: "pd.Series") -> str:
    return f"{number(row['ratio'])} times as high ({interval_of(row)})"


def _falls_text(falls: pd.DataFrame) -> str:
    rows = (f"{KINDS[row['kind']]}, {EACH[row['per']]}: {_fall_text(row)}" for _, row in falls.iterrows())
    return f"The rate at twice the distance, other kinds equally far: {'; '.join(rows)}."


def _bands_text(bands: dict[str, tuple[float, float]]) -> str:
    digits = 1 if min(far for _, far in bands.values()) < 10 else 0
    bands_text = (
        f"{KINDS[kind]} {number(near, digits)} and {number(far, digits)}" for kind, (near, far) in bands.items()
    )
    return f"Records per 1,000 residents within {NEAR_KM:g}{NBSP}km and further off: {'; '.join(bands_text)}."
