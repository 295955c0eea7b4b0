"""Shared parts of checks of claims about recorded crime: unavailable figures, links to the crime pages, answers."""

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

import pandas as pd

from core.claims.checks import Case
from core.claims.verdicts import Evidence, Seen, Statement
from core.crime.area import COUNT, RATE, CrimeArea, CrimeError
from core.crime.places import STUDY_AREA
from core.presentation.numbers import MINUS, lower_first, number
from core.questions.links import LINK_VERSION
from core.questions.vocabulary import NBSP


class CrimeCheck(ABC):
    """A check on the figures of a place, which reports what is unavailable."""

    def evidence(self, case: Case[CrimeArea]) -> Evidence:
        """The evidence about the finding, or what is unavailable."""
        unknown = Evidence(case.finding.reported, self.seen(case))
        try:
            return self.found(case, unknown)
        except CrimeError as error:
            return replace(unknown, missing=lower_first(str(error).rstrip(".")))

    @abstractmethod
    def seen(self, case: Case[CrimeArea]) -> Seen:
        """The page that shows the result."""

    @abstractmethod
    def found(self, case: Case[CrimeArea], unknown: Evidence) -> Evidence:
        """`unknown` with the results."""


def crime_seen(page: str, district: str = "", **more: str) -> Seen:
    """A crime page on the studied place, and one of its districts."""
    return Seen(page, {"v": LINK_VERSION, "place": STUDY_AREA, "district": district, **more})


def reported_as(unknown: Evidence, text: str) -> Statement:
    """What was reported, in `text` where the finding only says yes."""
    return replace(unknown.reported, page=text)


def yes_no(yes: bool, text: str, note: str = "") -> Statement:
    """An answer in `text`, with yes or no before it in a file."""
    return Statement(f"{'yes' if yes else 'no'}: {in_file(text)}", text, note)


def statement(text: str, note: str = "") -> Statement:
    """A result in `text`, in plain characters in a file."""
    return Statement(in_file(text), text, note)


def in_file(text: str) -> str:
    """`text` in plain characters."""
    return text.replace(NBSP, " ").replace(MINUS, "-")


def interval_of(row: "pd.Series", name: str = "") -> str:
    """'95% interval 0.27 to 0.41' from the columns ``low`` and ``high``, or those of `name`."""
    low, high = (float(row[f"{name}_{end}" if name else end]) for end in ("low", "high"))
    return f"95% interval {number(low)} to {number(high)}"


def row_of(table: pd.DataFrame, name: str) -> "pd.Series":
    """The row of `name`, or a :class:`~core.crime.area.CrimeError` where there is none."""
    if name not in table.index:
        raise CrimeError(f"There are no figures of {name}.")
    # Names are unique, so this is a row; what pandas says of it is wider.
    found: Any = table.loc[name]
    return found  # type: ignore[no-any-return]


def lsoas_of(area: CrimeArea, district: str) -> pd.DataFrame:
    """LSOAs of a district with their records and rates, as :attr:`~core.crime.area.CrimeArea.lsoas` has them."""
    inside = area.lsoas["district"] == district
    if not inside.any():
        raise CrimeError(f"There are no figures of {district}.")
    return area.lsoas.assign(**{COUNT: area.records(), RATE: area.per_1000()})[inside]
