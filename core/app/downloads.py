"""What a reader takes from a picture or a table: files that are made only when they ask for them."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial

import pandas as pd
import streamlit as st

from core.app import data, uploads, user_panel
from core.app.crime_places import places
from core.app.state import PageState
from core.crime.area import CrimeArea
from core.crime.months import coverage_text, gaps_text, with_months
from core.crime.places import STUDY_AREA
from core.crime.today import is_today, tables_of
from core.exports import images
from core.exports.attribution import page_sources, source_line
from core.exports.column_help import ColumnHelp, Meaning, columns_of_vocabulary
from core.exports.excel import About, excel_bytes
from core.exports.script import csv_bytes
from core.presentation.charts import Figure, with_theme
from core.questions.links import address
from core.registry.page import Page
from core.registry.pages import page_of
from core.registry.studies import STUDIES
from core.tables import catalogue as package
from core.tables.catalogue import Catalogue
from core.tables.schema import Source
from core.user_panel.question import table_catalogue

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OWN_FILE = "Figures of the reader's own file."


@dataclass(frozen=True, eq=False)
class View:
    """What is shown, as far as a file that is made later has to tell it."""

    state: PageState | None
    url: str
    catalogue: Catalogue
    whose: str
    force: str
    own: bool
    area: CrimeArea | None = None

    @property
    def page(self) -> str:
        """Name of the page; empty for one whose choices are not in its link."""
        return self.state.page if self.state else ""

    @property
    def entry(self) -> Page | None:
        """The page in the registry."""
        return page_of(self.page)

    @property
    def link(self) -> str:
        """Address of the view with every choice in it."""
        return address(self.url, self.page, self.state.query()) if self.state else ""

    @property
    def sources(self) -> tuple[Source, ...]:
        """Publications that the figures come from; none for a reader's own file."""
        return () if self.own else page_sources(self.catalogue, self.tables, self.force)

    @property
    def tables(self) -> tuple[str, ...]:
        """Tables behind the figures: those of the page, or of the place of today that it shows."""
        place = self.state.query().get("place", "") if self.state else ""
        if is_today(place):
            return tables_of(place)
        return self.entry.tables if self.entry else ()

    def about(self, title: str, columns: pd.Index) -> About:
        """What a workbook of this view says of itself."""
        return About(title, self.meanings(columns), self.sources, f"{self.whose} {self.lacking}".strip(), self.link)

    def meanings(self, columns: Iterable[str]) -> list[Meaning]:
        """What each of `columns` means here."""
        shared = not self.own and self.catalogue is package.load_catalogue()
        made = _column_help if shared else _column_help.__wrapped__  # of a visitor's own words nothing is kept
        return made(self.catalogue, self._section).of(map(str, columns))

    def footer(self, note: str) -> str:
        """What stands under a picture of this view."""
        return "\n".join(filter(None, [note, self.lacking, source_line(self.sources, self.whose, self.link)]))

    @property
    def lacking(self) -> str:
        """The months counted of a police force and what they lack; empty for other figures."""
        if self.area is None or self.area.coverage is None:
            return ""
        coverage = self.area.coverage
        return f"{coverage_text(self.area.name, coverage)} {gaps_text(coverage)}".strip()

    def table(self, rows: pd.DataFrame | Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """`rows`, or what they make, as they leave the app: those of a police force say which months they are of."""
        made = rows() if callable(rows) else rows
        return with_months(made, self.area.coverage) if self.area and self.area.coverage else made

    @property
    def _section(self) -> str:
        """Section of the menu whose study has its own words for some columns; empty for a reader's own file."""
        return self.entry.section if self.entry and not self.own else ""


@lru_cache(maxsize=4)
def _column_help(catalogue: Catalogue, section: str) -> ColumnHelp:
    studies = [study for study in STUDIES if study.section == section]
    shown = catalogue.of(*(name for study in studies for name in study.tables)) if studies else catalogue
    chosen = studies or STUDIES
    questions = [page.question for study in chosen for page in study.pages if page.question]
    spoken = [columns_of_vocabulary(question.vocabulary) for question in questions]
    return ColumnHelp(shown, *(study.columns for study in chosen), *spoken)


def current_view() -> View:
    """The view of the page that runs."""
    state = PageState.shown()
    page = state.page if state else ""
    place = state.query().get("place", STUDY_AREA) if state and page.startswith("crime") else STUDY_AREA
    force = "" if place == STUDY_AREA or is_today(place) else places.places()[place].label
    area = places.load_place(place).area if force else None
    held = user_panel.table() if user_panel.is_shown() else None
    catalogue = table_catalogue(held) if held else data.catalogue()
    whose = OWN_FILE if held else _whose(page, place)
    return View(state, st.context.url or "", catalogue, whose, force, own=held is not None, area=area)


def publishers() -> list[str]:
    """Who published the figures of the page that runs, each once; for the line that names the source."""
    return list(dict.fromkeys(source.publisher for source in current_view().sources))


def _whose(page: str, place: str) -> str:
    """What to say where a visitor uploaded what a page shows; forecasts are of the survey alone."""
    uploaded = uploads.current()
    london = (
        uploads.has_survey()
        if page == "london_forecast"
        else page.startswith(("london", "borough")) and uploads.has_london()
    )
    if uploaded is None or not (london or places.is_uploaded(place)):
        return ""
    return f"Figures of the reader's own files ({', '.join(uploaded.files)}), published ones where these have none."


def of_table(rows: pd.DataFrame | Callable[[], pd.DataFrame], name: str, what: str = "", title: str = "") -> None:
    """Buttons for `rows`, or what they make when asked for, as CSV and as an Excel workbook with its definitions.

    Parameters
    ----------
    name
        File name without ending.
    what
        Words for the buttons where the kind of file alone would not tell what is in it.
    title
        What the table shows, where it has a heading of its own.
    """
    label = f"{what} ({{}})" if what else "{}"
    view = current_view()
    button(label.format("CSV"), lambda: csv_bytes(view.table(rows)), f"{name}.csv", "text/csv")
    button(label.format("Excel"), partial(_excel, rows, title, view), f"{name}.xlsx", EXCEL)


def of_figure(make: Callable[[], Figure], name: str, title: str, across: int = 1) -> None:
    """Buttons for the table and the charts of a figure, whatever it takes to make it.

    The charts are on one sheet, as SVG and as PNG: in the light theme, with the finding above and the sources below.

    Parameters
    ----------
    across
        How many charts stand next to each other.
    """
    of_table(lambda: make().table, name, title=title)
    drawn = partial(_sheet, make, across, current_view())
    button("SVG", lambda: drawn().encode(), f"{name}.svg", "image/svg+xml")
    button("PNG", lambda: images.sheet_png(drawn()), f"{name}.png", "image/png")


def button(label: str, make: Callable[[], bytes], file: str, kind: str, icon: str = ":material/download:") -> None:
    """Download of what `make` returns when the button is clicked; nothing is made before, and the page stays."""
    ending = file.rpartition(".")[2]
    st.download_button(
        label,
        make,
        file_name=_of_place(file),
        mime=kind,
        icon=icon,
        key=f"{ending}.{file[: -len(ending) - 1]}",
        on_click="ignore",
    )


def _of_place(file: str) -> str:
    """`file` with the borough, district or neighbourhood that the page speaks of, if any, in its name."""
    state = PageState.shown()
    place = (state.query().get("borough", "") or state.about) if state else ""
    words = "_".join(re.findall("[a-z0-9]+", place.lower()))
    stem, dot, ending = file.rpartition(".")
    return file if not words or words in stem else f"{stem}_{words}{dot}{ending}"


def _excel(rows: pd.DataFrame | Callable[[], pd.DataFrame], title: str, view: View) -> bytes:
    made = view.table(rows)
    return excel_bytes(made, view.about(title, made.columns))


def _sheet(make: Callable[[], Figure], across: int, view: View) -> str:
    item = make()
    charts = [with_theme(chart, dark=False) for chart in item.charts]
    return images.sheet(charts, item.title, view.footer(item.note), item.alternative, across)
