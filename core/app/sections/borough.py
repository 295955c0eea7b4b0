"""The page of one borough: which one, the first screen, and sections that are worked out once they are open."""

from collections.abc import Callable, Mapping
from typing import Literal

import pandas as pd
import streamlit as st

from core.app import briefing_recorder, cache, data, render, uploads
from core.app.controls import NO_BOROUGH, last_borough, remember_borough
from core.app.navigation import page_link
from core.app.sections import london_forecast
from core.app.state import PageState
from core.crime.neighbourhood.question import PAGE as NEIGHBOURHOOD_PAGE
from core.london import force_figures
from core.london.borough import figures, section_text, text
from core.london.borough import map as neighbourhood_map
from core.london.borough.analysis import (
    TRUST,
    BoroughView,
    NextFigure,
    Rate,
    Standing,
    continuing,
    crime_rates,
    force_rates,
    last_rate,
    next_figure,
    standing,
)
from core.london.borough.neighbourhoods import Neighbourhoods, neighbourhoods
from core.london.borough.section_text import SECTIONS
from core.london.borough.stand_out import comparisons
from core.london.evidence.peers import peers
from core.london.forecast.view import Forecasts, ForecastView
from core.london.map.figures import MapView, borough_map_data, complete_view
from core.presentation.maps import PHONE_HEIGHT, WIDE_HEIGHT
from core.registry.studies import SURVEY
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel

CHIP_COLOURS: Mapping[str, Literal["blue", "gray", "orange"]] = {
    "clear change": "blue",
    "no clear change": "gray",
    "cannot say": "orange",
}

FACTS = "borough_facts"
# Streamlit cuts what does not fit in a narrow column, such as next to the picture on a tablet.
UNCUT = f"""<style>.st-key-{FACTS} [data-testid="stMetric"] :is(p, div) {{white-space: normal; overflow: visible}}
.st-key-{FACTS} [data-testid="stMetricValue"] {{font-size: 1.8rem; line-height: 1.2}}</style>"""


def control(state: PageState, panel: Panel) -> str:
    """The borough that the page is about: search by typing, or choose; at first that chosen last on any page."""
    options = [NO_BOROUGH, *panel.areas]
    state.keep(BoroughView(last_borough(panel.areas)), in_link=False)
    view = state.restore(BoroughView(), {"borough": options})
    borough = st.selectbox(
        "Borough",
        options,
        key=state.seed("borough", view.borough),
        format_func=lambda name: name or "Type or choose a borough",
    )
    remember_borough(borough)
    state.keep(BoroughView(borough))
    return borough


def forecasts() -> Forecasts:
    """The forecasts of trust."""
    return london_forecast.of(ForecastView(TRUST))


@cache.cached(4)
def _crime(tables: Catalogue) -> pd.DataFrame:
    return crime_rates(tables)


def crime() -> pd.DataFrame:
    """Recorded crime per 1,000 residents by borough; shared, so never to be changed in place."""
    return _crime(data.catalogue(), this_visit=uploads.has_london())


def choose(state: PageState, panel: Panel, catalogue: Catalogue) -> None:
    """What the page shows before a borough is chosen: a map to click."""
    st.markdown(text.CHOOSE)
    view = complete_view(MapView(TRUST), panel)
    render.borough_map(state, borough_map_data(view, panel, catalogue), NO_BOROUGH)


def first_screen(panel: Panel, catalogue: Catalogue, borough: str) -> None:
    """The answer in a sentence, a picture and three facts, what can be said and what cannot."""
    now = data.on_panel(standing, SURVEY, borough)
    coming = next_figure(forecasts(), borough, now.quarter)
    render.answer(text.answer(now))
    st.badge(text.chip(now), color=CHIP_COLOURS[text.chip(now)])
    picture, numbers = st.columns([5, 2])
    with picture:
        render.figure(figures.trust_figure, panel, data.london_totals(), forecasts(), borough, catalogue)
    with numbers.container(key=FACTS):
        st.html(UNCUT)
        facts(now, coming, last_rate(data.on_panel(force_rates, SURVEY), borough))
    st.caption(briefing_recorder.caveat(f"{text.margin(now)} {text.published(now)}"))
    briefing_recorder.method(text.METHOD)
    card(now, coming)


def facts(now: Standing, coming: NextFigure | None, force: Rate) -> None:
    """Three figures: the range of ranks, the forecast, the use of force."""
    shown = [(f"Rank among {now.boroughs} boroughs", text.rank(now), text.RANK_NOTE)]
    if coming is None:
        shown.append(("Next published figure", "\N{EN DASH}", text.NO_FORECAST))
    else:
        shown.append((text.forecast_label(coming), text.forecast_range(coming), text.forecast_note(coming)))
    shown.append((text.FORCE_LABEL, text.per_1000(force.value), text.force_note(force)))
    for label, value, note in shown:
        with st.container(border=True, gap="xsmall"):
            st.metric(label, value)
            st.caption(note)
        briefing_recorder.text(f"{label}: {value}. {note}")


def card(now: Standing, coming: NextFigure | None) -> None:
    """What a reader can say, to be copied, and what the figures do not show."""
    with st.container(border=True):
        can, cannot = st.columns(2)
        can.markdown("**What you can say**")
        can.code(text.quotation(now, coming), language=None, wrap_lines=True)
        cannot.markdown("**What you cannot say**")
        cannot.markdown("\n".join(f"- {sentence}" for sentence in text.cannot_say(now)))
    briefing_recorder.caveat(f"**What you can say.** {' '.join(text.can_say(now, coming))}")
    briefing_recorder.caveat(f"**What you cannot say.** {' '.join(text.cannot_say(now))}")


def sections(panel: Panel, catalogue: Catalogue, borough: str) -> None:
    """The rest, each part of it worked out only while it is open."""
    for name, label in SECTIONS.items():
        part = st.expander(label, key=f"borough.open.{name}", on_change="rerun")
        if part.open:
            with part:
                _SHOWN[name](panel, catalogue, borough)


def changes(panel: Panel, catalogue: Catalogue, borough: str) -> None:
    """The change of each measure that continues."""
    render.figure(figures.changes_figure, panel, borough, catalogue)


def force(panel: Panel, catalogue: Catalogue, borough: str) -> None:
    """Use of force over time, and the incidents of one year apart from it."""
    table = data.on_panel(force_rates, SURVEY)
    st.markdown(briefing_recorder.text(section_text.trend(table, borough, "Use of force")))
    note = section_text.FORCE_NOTE
    render.figure(figures.rate_figure, table, borough, "borough_force", "Use of force", note)
    render.figure(force_figures.incidents_figure, panel, borough, catalogue)


def recorded_crime(_panel: Panel, _catalogue: Catalogue, borough: str) -> None:
    """Recorded crime over time."""
    st.markdown(briefing_recorder.text(section_text.trend(crime(), borough, "Recorded crime")))
    note = section_text.CRIME_NOTE
    render.figure(figures.rate_figure, crime(), borough, "borough_crime", "Recorded crime", note)


@cache.cached(8)
def _neighbourhoods(tables: Catalogue, borough: str) -> Neighbourhoods:
    return neighbourhoods(tables, borough)


def of_neighbourhoods(_panel: Panel, _catalogue: Catalogue, borough: str) -> None:
    """Deprivation of the neighbourhoods, and a map of crime in them."""
    found = _neighbourhoods(data.published()[0], borough)
    st.markdown(briefing_recorder.text(section_text.deprivation(found)))
    st.markdown(f"{neighbourhood_map.finding(found)}.")
    st.html(neighbourhood_map.legend(found))
    phone = "Mobi" in st.context.headers.get("User-Agent", "")
    st.pydeck_chart(
        neighbourhood_map.neighbourhood_deck(found, phone),
        key=f"borough.map.{borough}",
        height=PHONE_HEIGHT if phone else WIDE_HEIGHT,
        alt=f"Map of {borough}. {neighbourhood_map.finding(found)}.",
    )
    st.caption(briefing_recorder.caveat(section_text.NEIGHBOURHOOD_NOTE))
    page_link(NEIGHBOURHOOD_PAGE, f"Look at one neighbourhood of {borough}", {"district": borough})
    render.map_download(
        lambda: neighbourhood_map.static_neighbourhood_map(found), "borough_map", neighbourhood_map.finding(found)
    )


def similar(panel: Panel, _catalogue: Catalogue, borough: str) -> None:
    """The five most similar boroughs next to this one."""
    found = data.on_panel(peers, SURVEY, borough)
    names = list(found["borough"])
    st.markdown(briefing_recorder.text(section_text.similar(names, list(found["why"]), borough)))
    own = pd.DataFrame({"borough": [borough], "distance": [0.0]})
    listed = pd.concat([own, found[["borough", "distance"]]], ignore_index=True)
    rows = figures.side_by_side(panel, crime(), data.on_panel(force_rates, SURVEY), listed)
    render.table(rows, "similar_boroughs", digits=1)
    st.caption(briefing_recorder.text(section_text.SIMILAR_NOTE))


def stands_out(panel: Panel, catalogue: Catalogue, borough: str) -> None:
    """What stands out, after a correction for all comparisons."""
    rows = data.on_panel(comparisons, SURVEY, tuple(continuing(panel, catalogue)))
    listed = "\n".join(f"- {sentence}" for sentence in section_text.stands_out(rows, borough, catalogue))
    st.markdown(briefing_recorder.text(listed))
    st.caption(briefing_recorder.text(f"{section_text.compared(rows)} {section_text.STANDS_OUT_NOTE}"))


_SHOWN: Mapping[str, Callable[[Panel, Catalogue, str], None]] = {
    "changes": changes,
    "force": force,
    "crime": recorded_crime,
    "neighbourhoods": of_neighbourhoods,
    "similar": similar,
    "stands_out": stands_out,
}
