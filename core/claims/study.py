"""Claims of a study as a table, and their verdicts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pandas as pd

from core.claims.checks import Case, Check
from core.claims.findings import Finding
from core.claims.verdicts import Evidence, Verdict, rule_for
from core.tables.catalogue import Catalogue

F = TypeVar("F")


class ClaimError(LookupError):
    """Findings and claims that do not match; the message names them and says what to do."""


@dataclass(frozen=True)
class Claim(Generic[F]):
    """What a study claimed.

    Parameters
    ----------
    id
        Id of its finding, from which the numbers come.
    text
        The claim for a reader; ``{direction}`` stands for "lower" or "higher", ``{reported}`` for what was reported.
    check
        How it is checked.
    group
        Name of the claims that one and the same result or slip decides, which count once; empty for a claim of its own.
    """

    id: str
    text: str
    check: Check[F]
    group: str = ""


@dataclass(frozen=True)
class ClaimStudy(Generic[F]):
    """The claims of one study.

    Parameters
    ----------
    name, title
        Name of the study in code and for readers.
    table
        Table of the catalogue that holds its findings.
    figures
        Reads the figures that its claims are checked on.
    topics
        Label of each topic of its findings, in the order in which they are shown.
    method
        What *with stronger methods* means for its claims, in a sentence.
    claims
        One claim for each finding.
    """

    name: str
    title: str
    table: str
    figures: Callable[[], F]
    topics: Mapping[str, str]
    method: str
    claims: tuple[Claim[F], ...]


@dataclass(frozen=True)
class Judged:
    """A claim with its verdict.

    Parameters
    ----------
    study, title
        Name of its study in code and for readers.
    finding
        What was reported.
    text
        The claim for a reader.
    topic
        Label of its topic.
    evidence
        The result of the check.
    verdict, reason, line
        The verdict by the rules, the reason with its figures, and the same in a line without them.
    group
        Name of the claims that count once together; empty for a claim of its own.
    """

    study: str
    title: str
    finding: Finding
    text: str
    topic: str
    evidence: Evidence
    verdict: Verdict
    reason: str
    line: str
    group: str = ""

    @property
    def ours(self) -> str:
        """The result that the verdict goes by: with stronger methods, or of the study's own steps where they differ."""
        evidence = self.evidence
        return (evidence.proper if evidence.repeats else evidence.recomputed).headline


def judge(study: ClaimStudy[F], figures: F, catalogue: Catalogue) -> tuple[Judged, ...]:
    """Every claim of `study` with its verdict, by topic and then in the order of its table.

    Raises
    ------
    ClaimError
        If a finding has no claim, a claim no finding, or a topic no label.
    """
    findings = read_findings(catalogue.read_table(study.table))
    _check_matched(study, findings)
    claims = {claim.id: claim for claim in study.claims}

    def text_and_evidence(id_: str) -> tuple[str, Evidence]:
        claim, finding = claims[id_], findings[id_]
        return _sentence(claim, finding), claim.check.evidence(Case(finding, figures, catalogue, text_and_evidence))

    position = list(study.topics).index
    ordered = sorted(study.claims, key=lambda claim: position(findings[claim.id].topic))
    return tuple(_judged(study, claim, findings[claim.id], *text_and_evidence(claim.id)) for claim in ordered)


def read_findings(rows: pd.DataFrame) -> dict[str, Finding]:
    """Findings by id, from the table that lists them."""
    return {row["id"]: _finding(row) for row in rows.to_dict("records")}


def _finding(row: Mapping[Any, Any]) -> Finding:
    there: dict[str, Any] = {name: None if pd.isna(value) else value for name, value in row.items()}
    decimals = there["decimals"]
    return Finding(
        id=there["id"],
        topic=there["topic"],
        quantity=there["quantity"],
        value=there["value"],
        decimals=None if decimals is None else int(decimals),
        text=there["text"] or "",
        note=there["note"] or "",
    )


def _check_matched(study: ClaimStudy[Any], findings: Mapping[str, Finding]) -> None:
    claimed = {claim.id for claim in study.claims}
    for id_ in sorted(findings.keys() - claimed):
        raise ClaimError(f"The finding {id_} of {study.table} has no claim; add one to the claims of {study.name}.")
    for id_ in sorted(claimed - findings.keys()):
        raise ClaimError(f"The claim {id_} of {study.name} has no finding in {study.table}; correct its id.")
    for finding in findings.values():
        if finding.topic not in study.topics:
            raise ClaimError(f"The topic {finding.topic} has no words; add it to the topics of {study.name}.")


def _sentence(claim: Claim[Any], finding: Finding) -> str:
    direction = "lower" if finding.negative else "higher"
    return claim.text.format(direction=direction, reported=finding.reported.headline)


def _judged(study: ClaimStudy[Any], claim: Claim[Any], finding: Finding, text: str, evidence: Evidence) -> Judged:
    rule = rule_for(evidence)
    return Judged(
        study=study.name,
        title=study.title,
        finding=finding,
        text=text,
        topic=study.topics[finding.topic],
        evidence=evidence,
        verdict=rule.verdict,
        reason=evidence.reason(rule.reason),
        line=evidence.reason(rule.line),
        group=claim.group,
    )
