"""Verdicts, and the rules that decide them: data, in the order in which they are tried."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """The verdict on a published claim; the value is its name in links, which stays while words change."""

    STANDS_UP = "holds"
    NOT_SUPPORTED = "only_as_published"
    NOT_REPRODUCED = "does_not_hold"
    CANNOT_BE_CHECKED = "cannot_be_checked"

    @property
    def text(self) -> str:
        """The verdict in two to four words, for a table."""
        return _TEXTS[self][0]

    @property
    def label(self) -> str:
        """The verdict as a heading."""
        return self.text[:1].upper() + self.text[1:]

    def of(self, count: int) -> str:
        """What `count` claims do: '1 stands up', '3 are not reproduced'."""
        return f"{count} {_TEXTS[self][1 if count == 1 else 2]}"


_TEXTS: Mapping[Verdict, tuple[str, str, str]] = {
    Verdict.STANDS_UP: ("stands up", "stands up", "stand up"),
    Verdict.NOT_SUPPORTED: (
        "reproduced, but not supported",
        "is reproduced but not supported",
        "are reproduced but not supported",
    ),
    Verdict.NOT_REPRODUCED: ("not reproduced", "is not reproduced", "are not reproduced"),
    Verdict.CANNOT_BE_CHECKED: ("cannot be checked", "cannot be checked", "cannot be checked"),
}


@dataclass(frozen=True)
class Statement:
    """A result as text.

    Parameters
    ----------
    file
        Short and in plain characters, for a table cell: ``"0.0016 (95% interval -0.0239 to 0.0272)"``.
    page
        The same for a reader; `file` where empty.
    note
        Context: unit, uncertainty, size of the sample.
    """

    file: str = ""
    page: str = ""
    note: str = ""

    @property
    def headline(self) -> str:
        """The text that a page shows large."""
        return self.page or self.file


@dataclass(frozen=True)
class Seen:
    """The page that shows the basis of a verdict, and the query of the link to its view; empty for any view."""

    page: str
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Evidence:
    """The result of a check of one claim.

    Parameters
    ----------
    reported, recomputed, proper
        The published result, the one reproduced by the same method, and the one by the proper analysis.
    seen
        The page that shows it.
    missing
        What is unavailable for a check, as the end of a sentence; empty where nothing is.
    repeats
        Whether the reported figure is reproduced, to the decimals reported.
    stands
        Whether the conclusion survives the proper analysis; ``None`` where the claim needs no model.
    because
        The reason for `stands`, as the second half of a sentence.
    subject
        Subject of the sentence that gives the reason.
    rests_on
        The published result of the claim that it rests on; empty where it rests on none.
    """

    reported: Statement
    seen: Seen
    recomputed: Statement = Statement()
    proper: Statement = Statement()
    missing: str = ""
    repeats: bool = False
    stands: bool | None = None
    because: str = ""
    subject: str = "It"
    rests_on: Statement = Statement()

    def reason(self, template: str) -> str:
        """The `template` of a rule with this evidence filled in."""
        return template.format(
            subject=self.subject,
            missing=self.missing,
            reported=(self.rests_on if self.rests_on.headline else self.reported).headline,
            recomputed=self.recomputed.headline,
            because=self.because,
        )


@dataclass(frozen=True)
class Rule:
    """A rule that leads to a verdict.

    Parameters
    ----------
    verdict
        The verdict where it applies.
    sentence
        The rule as shown to readers.
    applies
        Whether it applies, given that no rule before it did.
    reason
        The sentence that gives the reason, with the names of :meth:`Evidence.reason` in braces.
    """

    verdict: Verdict
    sentence: str
    applies: Callable[[Evidence], bool]
    reason: str


RULES: tuple[Rule, ...] = (
    Rule(
        Verdict.CANNOT_BE_CHECKED,
        "The claim needs figures or a method that are not here.",
        lambda evidence: bool(evidence.missing),
        "{subject} needs more than there is here: {missing}.",
    ),
    Rule(
        Verdict.NOT_REPRODUCED,
        "On the same figures, treated in the same way, something else comes out, to the decimals that were reported.",
        lambda evidence: not evidence.repeats,
        "{subject} does not repeat: the same figures, treated in the same way, give {recomputed}, not {reported}.",
    ),
    Rule(
        Verdict.STANDS_UP,
        "The figure comes out again to the decimals reported, and it needs no model: it is counted.",
        lambda evidence: evidence.stands is None,
        "{subject} comes out again to every digit reported, and is counted, which needs no model.",
    ),
    Rule(
        Verdict.NOT_SUPPORTED,
        "The figure comes out again, but the conclusion is not clear when the analysis is done properly.",
        lambda evidence: not evidence.stands,
        "{subject} comes out again as published, but {because}.",
    ),
    Rule(
        Verdict.STANDS_UP,
        "The figure comes out again, and the conclusion is clear when the analysis is done properly.",
        lambda evidence: bool(evidence.stands),
        "{subject} comes out again as published, and {because}.",
    ),
)


def rule_for(evidence: Evidence) -> Rule:
    """The first rule that applies to `evidence`; the last two cover every remaining case."""
    return next(rule for rule in RULES if rule.applies(evidence))
