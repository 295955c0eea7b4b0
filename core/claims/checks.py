"""What a check is, and the kinds that need no model: counts, shares of counts, advice.

A check states in `standard` when the conclusion stands, and applies that in `evidence`. A study with claims of
another kind defines its own class with these two members.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Generic, Protocol, TypeVar

import pandas as pd

from core.claims.findings import Finding, written_number
from core.claims.verdicts import Evidence, Seen, Statement
from core.presentation.numbers import lower_first, number, quoted
from core.questions.links import LINK_VERSION
from core.stats.regression.errors import listed
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from core.tables.quarters import quarter_label, quarters_between

F_co = TypeVar("F_co", covariant=True)
F_contra = TypeVar("F_contra", contravariant=True)

DATA_PAGE = "data"


@dataclass(frozen=True)
class Case(Generic[F_co]):
    """The input of a check.

    Parameters
    ----------
    finding
        The finding to check.
    figures
        The figures of the study, such as its panel.
    catalogue
        The catalogue.
    others
        Text and evidence of another claim of the study, by the id of its finding.
    """

    finding: Finding
    figures: F_co
    catalogue: Catalogue
    others: Callable[[str], tuple[str, Evidence]]


class Check(Protocol[F_contra]):
    """One kind of check."""

    @property
    def standard(self) -> str:
        """When a conclusion of this kind stands, as shown to readers."""

    def evidence(self, case: Case[F_contra]) -> Evidence:
        """The evidence in the figures of `case` about its finding."""


@dataclass(frozen=True)
class Total:
    """A count over all areas.

    Parameters
    ----------
    column
        What is counted.
    start, end
        First and last period of the count.
    """

    column: str
    start: str
    end: str
    standard: ClassVar[str] = "**A count, or a share of counts,** needs no model: the numbers only need to match."

    def evidence(self, case: Case[Panel]) -> Evidence:
        """The sum over all areas and the periods from `start` to `end`."""
        seen = _table_seen(self.column, case.catalogue)
        missing = unavailable(case, [self.column], self.start, self.end)
        if missing:
            return Evidence(case.finding.reported, seen, missing=missing)
        total = _sum(case.figures, self.column, self.start, self.end)
        return _counted(case, seen, total, "Every record counted; no sample, so no margin of error.")


@dataclass(frozen=True)
class Share:
    """The share that one count has in another, over all areas."""

    part: str
    whole: str
    start: str
    end: str
    standard: ClassVar[str] = Total.standard

    def evidence(self, case: Case[Panel]) -> Evidence:
        """`part` over `whole`, each summed over all areas and the periods from `start` to `end`."""
        seen = _table_seen(self.part, case.catalogue)
        missing = unavailable(case, [self.part, self.whole], self.start, self.end)
        if missing:
            return Evidence(case.finding.reported, seen, missing=missing)
        part, whole = (_sum(case.figures, column, self.start, self.end) for column in (self.part, self.whole))
        return _counted(case, seen, part / whole, f"{number(part, 0)} of {number(whole, 0)}.")


@dataclass(frozen=True)
class Advice:
    """Advice that rests on another claim.

    Parameters
    ----------
    rests_on
        Id of the finding that it rests on.
    """

    rests_on: str
    standard: ClassVar[str] = (
        "**Advice** gets the verdict of the claim that it rests on. Even where that claim holds, it is an association: "
        "it does not show that following the advice would change trust."
    )

    def evidence(self, case: Case[object]) -> Evidence:
        """The evidence of the claim it rests on, labelled as such."""
        text, evidence = case.others(self.rests_on)
        return replace(
            evidence,
            reported=case.finding.reported,
            rests_on=evidence.reported,
            subject=f"The claim that it rests on ({quoted(text)})",
        )


def unavailable(case: Case[Panel], columns: Sequence[str], start: str, end: str) -> str:
    """Which of `columns` are unavailable for some area from `start` to `end`, as the end of a sentence.

    Figures that are available in part would give another number than the published one, which would look like
    a claim that does not hold. Empty where nothing is unavailable.
    """
    panel = case.figures
    absent = [name for name in columns if not _complete(panel, name, start, end)]
    if not absent:
        return ""
    labels = {variable.name: lower_first(variable.label) for variable in case.catalogue}
    named = listed(labels.get(name, name) for name in absent)
    span = f" from {quarter_label(start)} to {quarter_label(end)}"
    return f"the figures do not have {named} for each {panel.area} and {panel.period}{span}"


def _complete(panel: Panel, column: str, start: str, end: str) -> bool:
    if column not in panel.frame:
        return False
    there = panel.frame.loc[panel.frame[panel.period].between(start, end), column].notna().sum()
    return bool(there == len(panel.areas) * len(quarters_between(start, end)))


def _table_seen(column: str, catalogue: Catalogue) -> Seen:
    table = catalogue.table_of(column)
    return Seen(DATA_PAGE, {"v": LINK_VERSION} | ({"table": table.name} if table else {}))


def _counted(case: Case[Panel], seen: Seen, found: float, note: str) -> Evidence:
    """Evidence for a figure that needs no model, so that the proper analysis gives the same figure."""
    decimals = case.finding.decimals or 0
    result = Statement(written_number(found, decimals), number(found, decimals), note)
    return Evidence(
        case.finding.reported,
        seen,
        result,
        replace(result, note="The same: counting needs no model."),
        repeats=case.finding.repeated_by(found),
    )


def _sum(panel: Panel, column: str, start: str, end: str) -> float:
    inside: pd.Series = panel.frame[panel.period].between(start, end)
    return float(panel.frame.loc[inside, column].sum())
