"""The first screen of a page as data: the answer in a sentence, how firm it is, three facts, what may be said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.stats.regression.errors import listed
from core.stats.robustness import Word

Chip = Literal["clear", "depends", "none", "cannot_tell"]
CHIPS: Mapping[Chip, str] = {
    "clear": "Clear",
    "depends": "Depends on the choices",
    "none": "No clear link",
    "cannot_tell": "Cannot tell",
}
CHIP_OF: Mapping[Word, Chip] = {"clear": "clear", "depends": "depends", "none": "none"}
MEANINGS: Mapping[Chip, str] = {
    "clear": "The answer stays the same in nearly all reasonable ways of working it out.",
    "depends": "Reasonable ways of working it out give different answers.",
    "none": "Nearly all reasonable ways of working it out find no link that stands out from chance.",
    "cannot_tell": "The published figures are not enough for an answer.",
}

MOST_NAMES = 6


@dataclass(frozen=True)
class Fact:
    """A figure that a reader can take in at a glance.

    Parameters
    ----------
    label, value
        What it is, and the figure with its unit.
    note
        How sure or how large that is, in a line below.
    """

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Summary:
    """What a page answers, for a reader who leaves after the first screen.

    Parameters
    ----------
    answer
        One sentence of at most 25 words and two numbers.
    chip
        How firm the answer is.
    facts
        Three figures.
    can_say, cannot_say
        Sentences that may be quoted, and what the figures do not show.
    source
        Who published the figures, and their date.
    below
        How sure the answer is, in one line under the picture.
    chip_text
        Words of the chip where those of its kind do not fit, such as "Clear change".
    chip_help
        What they mean, where that of its kind does not fit.
    """

    answer: str
    chip: Chip
    facts: tuple[Fact, ...]
    can_say: tuple[str, ...]
    cannot_say: tuple[str, ...]
    source: str
    below: str = ""
    chip_text: str = ""
    chip_help: str = ""

    @property
    def chip_label(self) -> str:
        """The words of the chip."""
        return self.chip_text or CHIPS[self.chip]

    @property
    def chip_meaning(self) -> str:
        """What the chip means."""
        return self.chip_help or MEANINGS[self.chip]

    @property
    def quotation(self) -> str:
        """Everything that may be said, with its source, to copy."""
        return "\n".join([*self.can_say, self.source])


def source_of(publishers: Sequence[str], date: str = "") -> str:
    """The line that names who published the figures, and their `date` if it is one for all."""
    when = f", {date}" if date else ""
    return f"Source: {'; '.join(dict.fromkeys(publishers))}{when}."


def some_of(names: Sequence[str]) -> str:
    """'Brent, Camden and Sutton', or the first of them and how many more there are."""
    more = len(names) - MOST_NAMES
    return listed([*names[:MOST_NAMES], *([f"{more} more"] if more > 0 else [])])
