"""The little Markdown that the app's sentences use, as runs of text for documents that are not web pages of the app."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "bullet", "number"]

_ITEM = re.compile(r"^(?P<mark>-|\d+\.) +(?P<text>.*)$")
_MARKS = re.compile(
    r"\\(?P<escaped>[^\w\s]|_)"  # a mark of Markdown that stands for itself
    r"|(?P<bold>\*\*)|(?P<italic>\*)|`(?P<code>[^`]*)`"
    r"|\[(?P<link>[^\]]*)\]\([^)\s]*\)"
    r"|(?P<icon>:material/\w+: ?)"
    r"|(?P<text>[^\\*`\[:]+|.)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Run:
    """Words set alike."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Block:
    """A paragraph, or an item of a list."""

    runs: tuple[Run, ...]
    kind: Kind = "text"

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(run.text for run in self.runs)


def blocks(marked: str) -> list[Block]:
    """Paragraphs and list items of `marked`; links keep their words, icons are left out."""
    return [block for part in re.split(r"\n\s*\n", marked.strip()) for block in _blocks(part) if block.text.strip()]


def _blocks(part: str) -> Iterator[Block]:
    """A paragraph with the list items that follow it line by line."""
    paragraph: list[str] = []
    for line in part.splitlines():
        item = _ITEM.match(line)
        if item is None:
            paragraph.append(line.strip())
            continue
        if paragraph:
            yield Block(_runs(" ".join(paragraph)))
            paragraph = []
        yield Block(_runs(item["text"]), "bullet" if item["mark"] == "-" else "number")
    if paragraph:
        yield Block(_runs(" ".join(paragraph)))


def _runs(text: str) -> tuple[Run, ...]:
    runs: list[Run] = []
    bold = italic = False
    for found in _MARKS.finditer(text):
        kind = str(found.lastgroup)
        if kind in ("bold", "italic"):
            bold, italic = (not bold, italic) if kind == "bold" else (bold, not italic)
        elif kind != "icon":
            words = found[kind]
            if runs and (runs[-1].bold, runs[-1].italic) == (bold, italic):
                words = runs.pop().text + words
            runs.append(Run(words, bold, italic))
    return tuple(runs)
