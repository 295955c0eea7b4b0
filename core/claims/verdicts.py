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


COULD_BE_CHANCE, BEYOND_CHANCE = "what was found could be chance", "it is more than chance would give"


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
    plainly
        The same without figures; empty where the reason is whether chance could explain what was found.
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
    plainly: str = ""
    subject: str = "It"
    rests_on: Statement = Statement()

    def reason(self, template: str) -> str:
        """A template of a rule, its `reason` or its `line`, with this evidence filled in."""
        return template.format(
            subject=self.subject,
            missing=self.missing,
            reported=(self.rests_on if self.rests_on.headline else self.reported).headline,
            recomputed=self.recomputed.headline,
            because=self.because,
            plainly=self.plainly or (BEYOND_CHANCE if self.stands else COULD_BE_CHANCE),
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
    line
        The same in a line of a table, without the figures.
    """

    verdict: Verdict
    sentence: str
    applies: Callable[[Evidence], bool]
    reason: str
    line: str


RULES: tuple[Rule, ...] = (
    Rule(
        Verdict.CANNOT_BE_CHECKED,
        "The claim needs data or a method that are not available here.",
        lambda evidence: bool(evidence.missing),
        "{subject} cannot be checked: {missing}.",
        "The data needed to check it are not available.",
    ),
    Rule(
        Verdict.NOT_REPRODUCED,
        "Repeating the study's steps on the same data gives a different result, to the decimals that were reported.",
        lambda evidence: not evidence.repeats,
        "{subject} cannot be reproduced: repeating the study's steps on the same data gives {recomputed}, "
        "not {reported}.",
        "Repeating the study's steps gives a different result: {recomputed}.",
    ),
    Rule(
        Verdict.STANDS_UP,
        "The result is a simple count, which needs no model, and we get the same number.",
        lambda evidence: evidence.stands is None,
        "{subject} can be reproduced to every digit reported, and is a simple count, which needs no model.",
        "A simple count, and we get the same number.",
    ),
    Rule(
        Verdict.NOT_SUPPORTED,
        "The result can be reproduced, but the conclusion is not clear with stronger methods.",
        lambda evidence: not evidence.stands,
        "{subject} can be reproduced as published, but {because}.",
        "It can be reproduced, but {plainly}.",
    ),
    Rule(
        Verdict.STANDS_UP,
        "The result can be reproduced, and the conclusion is clear with stronger methods.",
        lambda evidence: bool(evidence.stands),
        "{subject} can be reproduced as published, and {because}.",
        "It can be reproduced, and {plainly}.",
    ),
)


def rule_for(evidence: Evidence) -> Rule:
    """The first rule that applies to `evidence`; the last two cover every remaining case."""
    return next(rule for rule in RULES if rule.applies(evidence))
