"""One published finding: what was reported, and whether a number repeats it."""

import math
from dataclasses import dataclass

from core.claims.verdicts import Statement
from core.presentation.numbers import number

NEGATIVE = "negative"


@dataclass(frozen=True)
class Finding:
    """One row of a table of published findings.

    Parameters
    ----------
    id, topic, quantity
        Short name, what it is about, what was reported.
    value, decimals
        The number and the decimals it was reported to; ``None`` where the finding is text.
    text
        The finding as text; empty where it is a number.
    note
        How the study obtained it; may be empty.
    """

    id: str
    topic: str
    quantity: str
    value: float | None
    decimals: int | None
    text: str
    note: str

    @property
    def negative(self) -> bool:
        """Whether an association was reported as negative."""
        return self.text == NEGATIVE if self.value is None else self.value < 0

    @property
    def reported(self) -> Statement:
        """What was reported, with the note of the study on it."""
        note = f"{self.quantity}; {self.note}" if self.note else self.quantity
        if self.value is None or self.decimals is None:
            return Statement(self.text, note=note)
        return Statement(written_number(self.value, self.decimals), number(self.value, self.decimals), note)

    def repeated_by(self, found: float) -> bool:
        """Whether `found` is the reported number, to the decimals reported."""
        return self.value is not None and repeats(found, self.value, self.decimals or 0)


def repeats(found: float, reported: float, decimals: int) -> bool:
    """Whether `found` is `reported` to its `decimals`: no further off than half a unit of the last one."""
    half = 10.0**-decimals / 2
    # Binary numbers only come close to decimal ones.
    slack = 2 * math.ulp(max(abs(found), abs(reported), half))
    return abs(found - reported) <= half + slack


def written_number(value: float, decimals: int) -> str:
    """`value` in plain characters, without a negative zero."""
    text = f"{value:.{decimals}f}"
    return text if float(text) else text.removeprefix("-")
