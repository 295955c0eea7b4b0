"""From what a check found to a verdict: the rules as data, in the order in which they are tried."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """What becomes of a published claim; the value is its name in links."""

    HOLDS = "holds"
    ONLY_AS_PUBLISHED = "only_as_published"
    DOES_NOT_HOLD = "does_not_hold"
    CANNOT_BE_CHECKED = "cannot_be_checked"

    @property
    def label(self) -> str:
        """The verdict in two to four words, where space is short."""
        return _WORDS[self][2]

    @property
    def text(self) -> str:
        """The verdict on one claim."""
        return _WORDS[self][0]

    @property
    def plural(self) -> str:
        """The verdict on several claims."""
        return _WORDS[self][1]


_WORDS: Mapping[Verdict, tuple[str, str, str]] = {
    Verdict.HOLDS: ("holds", "hold", "Holds"),
    Verdict.ONLY_AS_PUBLISHED: ("holds only as published", "hold only as published", "Holds only as published"),
    Verdict.DOES_NOT_HOLD: ("does not hold", "do not hold", "Does not hold"),
    Verdict.CANNOT_BE_CHECKED: (
        "cannot be checked with these figures",
        "cannot be checked with these figures",
        "Cannot be checked",
    ),
}


@dataclass(frozen=True)
class Statement:
    """A result in words.

    Parameters
    ----------
    file
        Short and in plain characters, for a cell of a file: ``"0.0016 (95 % interval -0.0239 to 0.0272)"``.
    page
        The same for a reader; `file` where empty.
    note
        What the reader needs beside it: unit, uncertainty, size of the sample.
    """

    file: str = ""
    page: str = ""
    note: str = ""

    @property
    def headline(self) -> str:
        """What a page shows large."""
        return self.page or self.file


@dataclass(frozen=True)
class Seen:
    """The page that shows what a verdict rests on, and the query of the link to its view; empty for any view."""

    page: str
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Evidence:
    """What a check found out about one claim.

    Parameters
    ----------
    reported, recomputed, proper
        What was published, what comes out in the same way, and what comes out done properly.
    seen
        Where a reader can see it.
    missing
        What the figures lack for a check, as the end of a sentence; empty where nothing.
    repeats
        Whether the reported figure comes out again, to the decimals reported.
    stands
        Whether the conclusion survives the proper analysis; ``None`` where the claim needs no model.
    because
        What decides `stands`, as the second half of a sentence.
    subject
        What the reason speaks of.
    rests_on
        What was published of the claim that it rests on; empty where it rests on none.
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
    """One way to a verdict.

    Parameters
    ----------
    verdict
        Where it leads.
    sentence
        The rule as readers meet it.
    applies
        Whether it applies, when no rule before it did.
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
        Verdict.DOES_NOT_HOLD,
        "On the same figures, treated in the same way, something else comes out, to the decimals that were reported.",
        lambda evidence: not evidence.repeats,
        "{subject} does not repeat: the same figures, treated in the same way, give {recomputed}, not {reported}.",
    ),
    Rule(
        Verdict.HOLDS,
        "The figure comes out again to the decimals reported, and it needs no model: it is counted.",
        lambda evidence: evidence.stands is None,
        "{subject} comes out again to every digit reported, and is counted, which needs no model.",
    ),
    Rule(
        Verdict.ONLY_AS_PUBLISHED,
        "The figure comes out again, but the conclusion does not survive when the analysis is done properly.",
        lambda evidence: not evidence.stands,
        "{subject} comes out again as published, but {because}.",
    ),
    Rule(
        Verdict.HOLDS,
        "The figure comes out again, and the conclusion survives when the analysis is done properly.",
        lambda evidence: bool(evidence.stands),
        "{subject} comes out again as published, and {because}.",
    ),
)


def rule_for(evidence: Evidence) -> Rule:
    """The first rule that applies to `evidence`; the last two leave nothing out."""
    return next(rule for rule in RULES if rule.applies(evidence))
