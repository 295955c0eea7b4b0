"""How a page shows things: a figure with its table, and what can be taken from either."""

import html
import json
import logging
import math
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any, Literal, ParamSpec

import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit.dataframe_util import convert_pandas_df_to_arrow_bytes, convert_pandas_df_to_arrow_table
from streamlit.delta_generator import DeltaGenerator

from core.app import briefing_recorder, cache, data, decks, downloads, lazy, uploads, user_panel
from core.app.sections import briefing
from core.app.state import PageState
from core.london import figures as london_figures
from core.london.borough_map import BoroughMapData, static_borough_map
from core.presentation import glossary
from core.presentation.charts import AnyChart, Figure, detach_data, with_plain_values
from core.presentation.column_format import column_format
from core.presentation.maps import (
    CITY_LEGEND,
    IN_SUMMARY,
    LAYER,
    PHONE,
    WIDE,
    borough_shapes,
    class_labels,
    deck,
    drawing,
    legend_html,
    map_features,
)
from core.questions.links import address
from core.tables.catalogue import DATA_DIR, Catalogue, CatalogueError
from core.tables.schema import Source, Table

ROWS_SHOWN = 2000
MAP = "borough_map"
# A browser has a deck seconds after the rest of the page. Until then the same map can be seen as a drawing under it,
# and a little longer: the canvas is there before anything is on it.
UNDERLAID = f"""<style>
.st-key-{MAP} {{position: relative; min-height: HEIGHTpx}}
.st-key-{MAP} .still {{position: absolute; inset: 0 0 auto; overflow: hidden; pointer-events: none}}
.st-key-{MAP} .still img {{display: block; max-width: none; position: relative; left: 50%; transform: translateX(-50%)}}
.st-key-{MAP} [data-testid="stSkeleton"] {{visibility: hidden}}
.st-key-{MAP}:has(canvas) .still {{visibility: hidden; transition: visibility 0s 2s}}
</style>"""
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".csv.gz": "application/gzip",
    ".geojson": "application/geo+json",
    ".parquet": "application/vnd.apache.parquet",
}
_INDEX = re.compile(r"__index_level_\d+__")  # what pandas calls an index without a name in Arrow
P = ParamSpec("P")


def escape_markdown(text: str) -> str:
    """Text that may quote a stranger's file or link, without what Markdown would make of it."""
    for mark in "\\`*_[]<>$#~|:!":
        text = text.replace(mark, f"\\{mark}")
    return text


def title(question: str, *, listed: bool = True) -> None:
    """The page's title: the question that it answers; under it the list of sections, which the page's end fills.

    Parameters
    ----------
    listed
        Whether sections are listed.
    """
    st.title(briefing_recorder.question(question), anchor=False)
    if listed:
        list_sections_here()


def list_sections_here() -> None:
    """Where the page lists its sections once it knows them."""
    briefing_recorder.contents_at(st.empty())


def header(text: str) -> None:
    """The heading of a section."""
    st.header(briefing_recorder.heading(text), anchor=_anchor(text), help=glossary.explained(text))


def _anchor(text: str) -> str:
    return "-".join(re.findall("[a-z0-9]+", text.lower()))


def contents() -> None:
    """The list of sections, in its place under the page's title; nothing where there are none."""
    headings, slot = briefing_recorder.contents()
    if headings and slot:
        text = "\n".join(f"- [{escape_markdown(text)}](#{_anchor(text)})" for text in headings)
        with slot:
            lazy.popover("On this page", "open.contents", partial(st.markdown, text), ":material/toc:", "tertiary")


def answer(sentence: str) -> None:
    """The page's answer, set larger than the text."""
    briefing_recorder.answer(sentence)
    st.html(f'<p style="font-size:1.3rem;line-height:1.45;font-weight:600;margin:0">{html.escape(sentence)}</p>')


@dataclass(frozen=True, eq=False)
class _Table:
    """A table ready to send, and how each column of numbers is written."""

    rows: pa.Table
    formats: dict[str, str]


@dataclass(frozen=True, eq=False)
class _Drawn:
    """A figure ready to send: its charts as Vega-Lite in JSON, their tables next to them as Arrow.

    Altair's charts are let go. They are made of thousands of objects, and as long as one is kept, every garbage
    collection looks at all of them: Streamlit has one after each run.
    """

    name: str
    title: str
    note: str
    alternative: str
    across: int
    table: _Table
    charts: tuple[tuple[str, dict[str, bytes]], ...]

    def specs(self) -> Iterator[dict[str, Any]]:
        """Each chart, as Streamlit takes it."""
        for chart, tables in self.charts:
            spec: dict[str, Any] = json.loads(chart)
            yield spec | {"datasets": spec.get("datasets", {}) | tables}


# Building and checking a chart costs twenty times as much as sending it, so each is cached.
@cache.cached()
def _drawn(build: Callable[..., Figure], arguments: tuple[Any, ...], dark: bool) -> _Drawn:
    item = build(*arguments)
    return _Drawn(
        name=item.name,
        title=item.title,
        note=item.note,
        alternative=item.alternative,
        across=2 if item.side_by_side else 1,
        table=_table(item.table),
        charts=tuple(_packed(chart, dark) for chart in item.charts),
    )


def _packed(chart: AnyChart, dark: bool) -> tuple[str, dict[str, bytes]]:
    """`chart` as Vega-Lite and the tables that it names: what is sent, without a list of rows in between."""
    tables: dict[str, bytes] = {}

    def keep(rows: pd.DataFrame) -> str:
        packed = convert_pandas_df_to_arrow_bytes(with_plain_values(rows))
        name = sha256(packed).hexdigest()  # another name for other rows: else the browser would guess what is new
        tables[name] = packed
        return name

    return json.dumps(detach_data(chart, dark, keep)), tables


def figure(build: Callable[P, Figure], *arguments: P.args, **_: P.kwargs) -> None:
    """Title, chart, caption, and the table behind it with its CSV, of ``build(*arguments)``.

    Parameters
    ----------
    build
        A function of the core that makes a figure; drawn once for the same arguments, but again for a visitor's
        own figures: nothing of them is kept for others.
    """
    drawn, make = _draw(build, arguments)

    def behind() -> None:
        _show(drawn.table, drawn.name, width="content")  # a panel is as wide as what is in it
        with st.container(horizontal=True):
            downloads.of_figure(make, drawn.name, drawn.title, drawn.across)

    with st.container(horizontal=True, vertical_alignment="center"):
        _note(drawn)
        lazy.popover("Table and downloads", f"open.figure.{drawn.name}", behind, ":material/table:", "tertiary")


def picture(build: Callable[P, Figure], *arguments: P.args, **_: P.kwargs) -> None:
    """The one picture of a summary: as :func:`figure`, but its table and files are in the page's corner."""
    drawn, _make = _draw(build, arguments)
    _note(drawn)


def _draw(build: Callable[P, Figure], arguments: tuple[Any, ...]) -> tuple[_Drawn, Callable[[], Figure]]:
    """Title and charts of a figure; how they were drawn, and what makes the figure once more for a file."""
    dark = decks.on_dark()
    of_this_visit = user_panel.is_shown() or uploads.current() is not None
    drawn = _drawn(build, arguments, dark, version=data.catalogue().version, this_visit=of_this_visit)
    make = partial(build, *arguments)
    briefing_recorder.figure(briefing_recorder.Picture(make, drawn.title, drawn.across), drawn.name)
    st.subheader(_statement(drawn.title), anchor=False)
    cells = _cells(len(drawn.charts), drawn.across)
    for number, (cell, spec) in enumerate(zip(cells, drawn.specs(), strict=True)):
        cell.vega_lite_chart(spec=spec, alt=drawn.alternative, key=f"chart.{drawn.name}.{number}")
    return drawn, make


def _note(drawn: _Drawn) -> None:
    if drawn.note:
        st.caption(_statement(drawn.note), help=glossary.explained(f"{drawn.title} {drawn.note}"))


def _statement(text: str) -> str:
    """`text`, in which the names of a visitor's columns are not Markdown."""
    return escape_markdown(text) if user_panel.is_shown() else text


def _cells(count: int, across: int) -> list[DeltaGenerator]:
    rows = [st.columns(across) if across > 1 else [st.container()] for _ in range(math.ceil(count / across))]
    return [cell for row in rows for cell in row][:count]


def table(rows: pd.DataFrame, name: str, digits: int = 3, title: str = "") -> None:
    """A table with numbers to `digits` decimals under its `title`, if any, and files with all of them under it."""
    briefing_recorder.table(rows, name, digits, title)
    if title:
        st.subheader(title, anchor=False)
    _show(_table(rows, digits), name)
    download(rows, name, title=title)


def _table(rows: pd.DataFrame, digits: int = 3) -> _Table:
    numbers = {str(name): values for name, values in rows.items() if values.dtype.kind in "iuf"}
    formats = {name: column_format(values, digits).printf for name, values in numbers.items()}
    return _Table(convert_pandas_df_to_arrow_table(rows), formats)


def _show(table: _Table, name: str, width: Literal["stretch", "content"] = "stretch") -> None:
    """A table whose columns tell what they mean when their headings are pointed at."""
    columns = [column for column in table.rows.column_names if not _INDEX.fullmatch(column)]
    statement = {
        meaning.column: escape_markdown(meaning.text) or None for meaning in downloads.current_view().meanings(columns)
    }
    config = {column: _column(statement[column], table.formats.get(column)) for column in columns}
    st.dataframe(table.rows, width, hide_index=True, column_config=config, key=f"table.{name}")


def _column(meaning: str | None, written: str | None) -> Any:
    if written:
        return st.column_config.NumberColumn(format=written, help=meaning)
    return st.column_config.Column(help=meaning)


def wide_text(rows: pd.DataFrame, name: str, notes: str = "") -> None:
    """A small table whose texts are to be read whole, with its files.

    Parameters
    ----------
    notes
        How a row begins whose texts are too long for columns, and stand under the table.
    """
    briefing_recorder.table(rows, name)
    below = rows.iloc[:, 0] == notes
    st.table(rows[~below], hide_index=True, border="horizontal")
    for column in rows.columns[1:]:
        for text in filter(None, rows.loc[below, column]):
            st.caption(f"**{column}.** {text}")
    download(rows, name)


def download(rows: pd.DataFrame | Callable[[], pd.DataFrame], name: str, what: str = "", title: str = "") -> None:
    """Buttons for `rows`, or what they make when asked for, as files; see :func:`core.app.downloads.of_table`."""
    with st.container(horizontal=True):
        downloads.of_table(rows, name, what, title)


def borough_map(state: PageState, shown: BoroughMapData, picked: str, *, small: bool = False) -> None:
    """The map with its legend; a click puts the borough into the page's ``borough`` widget.

    Parameters
    ----------
    small
        Whether it has less than the page's width, as in a summary.
    """
    # Streamlit pales whatever is not selected, which here would read as "could be chance". A new key for each
    # borough picked clears its selection; the outline shows the pick.
    key = state.key(f"map.{picked}")

    def pick() -> None:
        objects: dict[str, Any] = st.session_state[decks.key_of(key)].selection.objects
        if objects.get(LAYER):
            st.session_state[state.key("borough")] = objects[LAYER][0]["properties"]["borough"]

    shapes = borough_shapes(data.catalogue().path("borough_shapes"))
    scale, size = shown.scale.on(decks.on_dark()), PHONE if decks.on_phone() else IN_SUMMARY if small else WIDE
    features = map_features(shapes, shown.rows, scale, picked)
    labels = class_labels(shown.scale, shown.write)
    st.html(legend_html(scale, shown.title, labels, not shown.rows["clear"].all(), CITY_LEGEND))
    with st.container(key=MAP, gap=None):
        style = UNDERLAID.replace("HEIGHT", str(size.height))
        st.html(f'{style}<div class="still"><img alt="" src="{drawing(features, size)}"></div>')
        decks.show(deck(features, size), key, size.height, f"Map of London boroughs. {shown.finding}.", pick)
    map_download(lambda: static_borough_map(shown, shapes, picked), f"{state.page}_picture", shown.finding)


def map_download(make: Callable[[], Figure], name: str, title: str) -> None:
    """A map as a picture and its figures as a table, both made when asked for."""
    briefing_recorder.figure(briefing_recorder.Picture(make, title))
    files = partial(downloads.of_figure, make, name, title)
    lazy.popover("Map and its table as files", f"open.map.{name}", files, ":material/download:", "tertiary")


def catalogue_table(catalogue: Catalogue, table: Table) -> None:
    """A table of the package: its fields with their definitions, its rows, its file."""
    st.markdown(glossary.fields_text(table))
    path = catalogue.path(table.name)
    kind = "".join(path.suffixes)
    if kind != ".geojson":
        rows = catalogue.read_table(table.name)
        st.dataframe(rows.head(ROWS_SHOWN), hide_index=True, key=f"rows.{table.name}", height=320)
        if len(rows) > ROWS_SHOWN:
            st.caption(f"The first {ROWS_SHOWN:,} of {len(rows):,} rows. The file has all of them.")
    st.download_button(
        f"{table.title} ({kind.removeprefix('.').upper()})",
        path.read_bytes,
        file_name=path.name,
        mime=MEDIA_TYPES[kind],
        icon=":material/download:",
        key=f"file.{table.name}",
        on_click="ignore",
    )


def sources(published: Sequence[Source]) -> None:
    """Publications with their licences and attribution lines."""
    for source in published:
        title = f"[{source.title}]({source.path})" if source.path else source.title
        licence = f" [{source.terms}]({source.licence.path})." if source.licence else ""
        st.markdown(f"**{title}**, {source.publisher}.{licence}  \n{source.attribution}")


def events_key() -> None:
    """What the numbers of the marked events stand for."""
    rows = briefing_recorder.table(london_figures.events_table(data.events()), "events")

    def key() -> None:
        st.caption(london_figures.EVENTS_NOTE)
        table(rows, "events")

    lazy.expand("The dated events", "open.events", key, ":material/event:")


def without_data(error: CatalogueError) -> None:
    """Say which file the page would need and what to do about it; other pages go on working."""
    logging.getLogger(__name__).error("%s", error)
    what = str(error).replace(f"{DATA_DIR}{os.sep}", "data/").replace("`", "")
    needed = f"**This page needs figures that cannot be read.** {escape_markdown(what)}"
    st.error(needed, icon=":material/broken_image:")
    st.markdown("The pages that do without them are in the menu. If this site is not yours, tell those who run it.")


def link(state: PageState) -> None:
    """The page's end: its list of sections, the address of this view, and what it has shown as a briefing."""
    contents()
    here = address(st.context.url or "", state.page, state.query())
    st.markdown("**Link to this view**, with every choice in it:")
    st.code(here, language=None, wrap_lines=True)
    briefing.offer(state, here)
