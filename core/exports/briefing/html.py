"""A briefing as one HTML file: nothing in it is fetched from elsewhere, nothing in it runs, and it prints on A4."""

import html
import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import count, groupby
from pathlib import Path

from core.exports.attribution import APP
from core.exports.briefing import content as content
from core.exports.briefing.content import Briefing, Listing, Part
from core.exports.briefing.markdown import Block, Run, blocks
from core.exports.images import named, svg
from core.presentation.charts import AnyChart, Exhibit, dressed
from core.tables.catalogue import SourceNote
from core.tables.characters import clean

STYLE = Path(__file__).with_name("briefing.css")
PRINTED, PHONE = 656, 344  # widths in pixels: the text on A4, and on a phone
BESIDE = 372  # of a chart with another beside it, drawn wider than it stands so that its words have room
_LONG = re.compile(r"\d+\.\d{2,}")
_PLACES = re.compile(r'(?<= d=")[^"]+|(?<= transform=")[^"]+')
_TAGS = {"text": "", "bullet": "ul", "number": "ol"}


def html_page(briefing: Briefing, day: date) -> str:
    """The briefing as a page of its own.

    Parameters
    ----------
    day
        The day on which it is made.
    """
    title, foot = _text(briefing.title), _in_style(content.running_foot(briefing))
    body = "\n".join([*_head(briefing, day), *_body(briefing), *_foot(briefing, day)])
    return (
        f'<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f'<meta name="date" content="{day.isoformat()}">\n'
        f"<style>{STYLE.read_text(encoding='utf-8').replace('FOOT', foot)}</style>\n"
        f"</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _text(words: str) -> str:
    """`words` as text of the page, whatever they hold."""
    return html.escape(clean(words))


def _in_style(words: str) -> str:
    """`words` for between quotation marks in a style sheet."""
    return re.sub(r"[\\\"<>\n]", "", clean(words))


def _head(briefing: Briefing, day: date) -> Iterator[str]:
    yield f'<header><p class="series"><b>{APP}</b> Briefing, {_text(content.day_words(day))}</p>'
    yield f"<h1>{_text(briefing.question)}</h1>"
    yield f'<p class="answer">{_text(briefing.answer)}</p></header>'
    if briefing.origin.own:
        yield f'<aside class="own">{_told(briefing.origin.figures)}</aside>'


def _body(briefing: Briefing) -> Iterator[str]:
    figures, tables = count(1), count(1)
    for heading, parts in content.ordered(briefing):
        yield "<section>"
        if heading:
            yield f"<h2>{_text(heading)}</h2>"
        for part in parts:
            yield _part(part, figures, tables, briefing.rows)
        yield "</section>"


def _part(part: Part, figures: "count[int]", tables: "count[int]", most: int) -> str:
    if isinstance(part, str):
        return _told(part)
    if isinstance(part, Listing):
        return _table(part, next(tables), most)
    return _figure(content.made(part), next(figures))


def _told(marked: str) -> str:
    """Sentences in Markdown as paragraphs and lists."""
    parts = []
    for kind, group in groupby(blocks(marked), key=lambda block: block.kind):
        tag = _TAGS[kind]
        items = [f"<{'li' if tag else 'p'}>{_runs(block)}</{'li' if tag else 'p'}>" for block in group]
        parts.append(f"<{tag}>{''.join(items)}</{tag}>" if tag else "".join(items))
    return "".join(parts)


def _runs(block: Block) -> str:
    return "".join(_run(run) for run in block.runs)


def _run(run: Run) -> str:
    words = _text(run.text)
    words = f"<em>{words}</em>" if run.italic else words
    return f"<strong>{words}</strong>" if run.bold else words


def _figure(exhibit: Exhibit, number: int) -> str:
    wide = BESIDE if exhibit.side_by_side else PRINTED
    drawn = [_plot(chart, wide, f"f{number}p{at}") for at, chart in enumerate(exhibit.charts)]
    note = content.for_print(exhibit.note)
    below = f'<p class="note">{_text(note)}</p>' if note else ""
    return (
        f'<figure><figcaption><span class="number">Figure {number}</span> {_text(exhibit.title)}</figcaption>'
        f'<div class="plots{" beside" if exhibit.side_by_side else ""}" role="img" '
        f'aria-label="{_text(exhibit.alternative)}">{"".join(drawn)}</div>{below}</figure>'
    )


def _plot(chart: AnyChart, wide: int, name: str) -> str:
    """A chart as wide as the printed page, and as wide as a phone, where it can be either."""
    drawn = dressed(chart, dark=False)
    drawn["config"] |= {"aria": False}
    on_paper, on_phone = svg(drawn, wide), svg(drawn, PHONE)
    if on_paper == on_phone:
        return f'<div class="plot">{_inline(on_paper, name)}</div>'
    return (
        f'<div class="plot paper">{_inline(on_paper, f"{name}w")}</div>'
        f'<div class="plot phone">{_inline(on_phone, f"{name}n")}</div>'
    )


def _inline(drawn: str, name: str) -> str:
    """SVG for inside a figure that tells the finding: its ids its own, places to a tenth of a pixel."""
    drawn = named(drawn, name).replace("<svg ", '<svg aria-hidden="true" ', 1)
    return _PLACES.sub(lambda places: _LONG.sub(lambda place: f"{float(place[0]):.1f}", places[0]), drawn)


def _table(listing: Listing, number: int, most: int) -> str:
    names, rows = content.cells(listing, most)
    kinds = ["n" if content.is_number(listing, at) else "t" for at in range(len(names))]
    head = _row(names, kinds, 'th scope="col"', "th")
    body = "".join(_row(row, kinds, "td", "td") for row in rows)
    left_out = content.left_out(listing, most)
    below = f'<p class="note">{left_out}</p>' if left_out else ""
    wide = " wide" if len(names) > content.WIDE_TABLE else ""
    wide += " whole" if len(rows) <= content.SHORT_ROWS else ""
    return (
        f'<div class="table{wide}" tabindex="0" role="region" aria-label="Table {number}"><table>'
        f'<caption><span class="number">Table {number}</span> {_text(listing.title)}</caption>'
        f"<thead>{head}</thead><tbody>{body}</tbody></table>{below}</div>"
    )


def _row(texts: Sequence[str], kinds: Sequence[str], opened: str, closed: str) -> str:
    cells = (f'<{opened} class="{kind}">{_text(text)}</{closed}>' for kind, text in zip(kinds, texts, strict=True))
    return f"<tr>{''.join(cells)}</tr>"


def _foot(briefing: Briefing, day: date) -> Iterator[str]:
    origin = briefing.origin
    if origin.sources:
        notes = "".join(f"<li>{_source(note)}</li>" for note in origin.sources)
        licences = "; ".join(_link(address, name) for name, address in origin.licences.items())
        told = f"<ul>{notes}</ul><p>Licences: {licences}.</p>"
        yield f'<section class="small"><h2>Sources and licences</h2>{told}</section>'
    yield '<section class="small about"><h2>About this briefing</h2>'
    yield _told(origin.figures)
    yield f"<p>{_text(content.made_words(day))}</p>"
    yield f"<p>{_text(content.LINK_WORDS)}<br>{_link(briefing.link, briefing.link)}</p></section>"


def _source(note: SourceNote) -> str:
    title = _link(note.path, note.title) if note.path else _text(note.title)
    return f"{title}, {_text(note.publisher)}. {_text(note.attribution)}"


def _link(address: str, words: str) -> str:
    """A link to a web page, or the words alone where `address` is none."""
    if not address.startswith(("https://", "http://")):
        return _text(words)
    return f'<a href="{_text(address)}">{_text(words)}</a>'
