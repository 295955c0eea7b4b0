"""The Markdown of the app's sentences for documents that are not pages of the app: as HTML, or as blocks of runs.

Only paragraphs, lists, bold, italic, code and links are Markdown here. Everything else, including HTML, is literal.
Links are reduced to their text, and icons are left out.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from core.tables.characters import strip_control_characters

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

Kind = Literal["text", "bullet", "number"]

RULES = ("list", "newline", "escape", "backticks", "emphasis", "link")
LISTS: dict[str, Kind] = {"bullet_list_open": "bullet", "ordered_list_open": "number"}
_ICON = re.compile(r":material/\w+: ?")


class Run(NamedTuple):
    """Text in one style."""

    text: str
    bold: bool = False
    italic: bool = False


class Block(NamedTuple):
    """A paragraph, or an item of a list."""

    kind: Kind
    runs: tuple[Run, ...]


def to_html(marked: str) -> str:
    """`marked` as HTML."""
    html: str = _parser().render(strip_control_characters(marked))
    return html


def blocks(marked: str) -> Iterator[Block]:
    """The paragraphs and list items of `marked`."""
    kinds: list[Kind] = ["text"]  # of the lists around the token
    for token in _parser().parse(strip_control_characters(marked)):
        if token.type in LISTS:
            kinds.append(LISTS[token.type])
        elif token.type.endswith("_list_close"):
            kinds.pop()
        elif token.type == "inline":
            yield Block(kinds[-1], tuple(_runs(token.children or ())))


def _runs(tokens: Iterable["Token"]) -> Iterator[Run]:
    bold = italic = 0
    for token in tokens:
        bold += token.nesting * (token.tag == "strong")
        italic += token.nesting * (token.tag == "em")
        if text := " " if token.type.endswith("break") else token.content:
            yield Run(text, bold > 0, italic > 0)


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    parser = MarkdownIt("zero").enable(RULES)
    parser.inline.ruler.push("icon", _skip_icon)
    for link in ("link_open", "link_close"):
        parser.add_render_rule(link, lambda *_: "")
    return parser


def _skip_icon(state: "StateInline", _silent: bool) -> bool:
    found = _ICON.match(state.src, state.pos, state.posMax)
    state.pos = found.end() if found else state.pos
    return found is not None
