"""The page on shares and rates: its summary, choices and sections, and what pages with a map of small areas share."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from core.app import briefing_recorder, downloads, lazy, render
from core.app.controls import one_of
from core.app.crime_places.places import LoadedPlace, load_place, map_data_on_area, on_area
from core.app.fragments import section
from core.app.layers import HOW_SURE, MODELS
from core.app.models.model_page import Sections
from core.app.sections import summary as summary_section
from core.app.sections.crime_common import (
    LsoaView,
    PlaceView,
    about,
    borders,
    lsoa_control,
    lsoa_map,
    lsoa_names,
    months,
    unavailable,
)
from core.app.state import PageState
from core.crime import rate_figures
from core.crime import text as crime_text
from core.crime.area import WITHOUT_ASB, CrimeArea, type_label
from core.crime.district_rates import district_shares
from core.crime.geography import rate_map
from core.crime.geography.clusters import CLUSTERS, with_clusters
from core.crime.geography.distances import TOGETHER, distance_bands, gradient_rows
from core.crime.geography.rate_map import lsoa_map_data
from core.crime.geography.static_map import static_lsoa_map
from core.crime.lsoa_rates import Base, lsoa_rates, shrunk_rates
from core.crime.places import STUDY_AREA
from core.crime.rates import figures as rates_figures
from core.crime.rates import text as rates_text
from core.crime.rates.summary import summary as rates_summary
from core.crime.rates.text import POPULATIONS, Population
from core.crime.text import Scope
from core.home import summary
from core.home.summary import Brief

TOPICS: Mapping[str, str] = {"districts": "Districts", "areas": "Small areas"}
TABS = (*TOPICS, HOW_SURE, MODELS)


@dataclass(frozen=True)
class RatesView:
    """Which type of crime, and against which count of residents."""

    crime_type: str = WITHOUT_ASB
    population: Population = "2019"


def controls(state: PageState, area: CrimeArea) -> RatesView:
    """Pick the type of crime, and the residents where the place has them at two times, in the sidebar."""
    types = [*area.totals, *area.crime_types]
    populations = [name for name in POPULATIONS if name == "2019" or "residents_2011" not in area.missing]
    view = state.restore(RatesView(), {"crime_type": types, "population": populations})
    crime_type = st.sidebar.selectbox(
        "Type of crime",
        types,
        key=state.seed("crime_type", view.crime_type if view.crime_type in types else WITHOUT_ASB, types),
        format_func=type_label,
    )
    population = view.population if view.population in populations else "2019"
    if len(populations) > 1:
        offered = {name: POPULATIONS[name] for name in populations}
        population = one_of(st.sidebar, state, "population", "Share of residents by", offered, population)
    chosen = RatesView(crime_type, population)
    state.keep(chosen)
    return chosen


@dataclass(frozen=True)
class RatesShown:
    """What the analysts' layer shows: where, and the choices."""

    state: PageState
    at: PlaceView
    view: RatesView

    @property
    def on(self) -> LoadedPlace:
        """The place as loaded."""
        return load_place(self.at.place)

    @property
    def scope(self) -> Scope:
        """What is counted."""
        return Scope(self.on.area.name, self.on.area.period, self.view.crime_type)

    @property
    def shares(self) -> pd.DataFrame:
        """Shares and rates of the districts."""
        return on_area(district_shares, self.at.place, self.view.crime_type)

    @property
    def rates(self) -> pd.DataFrame:
        """Rates of the LSOAs, without their ranks."""
        return on_area(shrunk_rates, self.at.place, self.view.crime_type)

    @property
    def ranked(self) -> pd.DataFrame:
        """Rates of the LSOAs with their ranks."""
        return on_area(lsoa_rates, self.at.place, self.view.crime_type)


def show_summary(at: PlaceView) -> None:
    """The first screen, for the district chosen if there is one."""
    area, view = load_place(at.place).area, RatesView()
    scope = Scope(area.name, area.period, view.crime_type)
    shares = on_area(district_shares, at.place, view.crime_type)
    rates = on_area(shrunk_rates, at.place, view.crime_type)
    found = rates_summary(shares, rates, area, scope, at.district, downloads.publishers())
    summary_section.show(found, partial(rates_picture, at, shares, scope))
    months(area)


def rates_picture(at: PlaceView, shares: pd.DataFrame, scope: Scope) -> None:
    """The picture of a summary: districts by their rates; neighbourhoods where there is one district."""
    if len(shares) > 1:
        render.picture(rate_figures.rates_picture, shares, scope, at.district)
    else:
        render.picture(rate_figures.lsoas_picture, on_area(lsoa_rates, at.place, scope.crime_type), scope)


def sections(state: PageState, at: PlaceView) -> Sections:
    """What the tabs hold, under the answer."""
    shown = RatesShown(state, at, controls(state, load_place(at.place).area))
    scope, shares, rates = shown.scope, shown.shares, shown.rates
    render.answer(rates_text.answer(shares, rates, scope, at.district, shown.view.population))
    if len(shares) > 1:
        st.markdown(briefing_recorder.text(rates_text.single_lsoas(rates, scope)))
    about(shown.on.area, f"{crime_text.AREAS_NOT_PEOPLE} {crime_text.RECORDED_ONLY} {crime_text.ASB_NOTE}")
    return {
        "districts": [partial(districts, shown)],
        "areas": [partial(section, state, partial(small_areas, shown))],
        HOW_SURE: [partial(explosion, at.place, rates, scope)],
        MODELS: [partial(distances, at.place, scope)],
    }


def districts(shown: RatesShown) -> None:
    """Shares and rates of the districts; for a place of one, that there is no other."""
    scope, shares, area = shown.scope, shown.shares, shown.on.area
    if len(shares) == 1:
        st.caption(briefing_recorder.text(crime_text.ONE_DISTRICT))
        return
    render.header("Districts")
    unavailable(area, "residents_2011")
    render.figure(rates_figures.shares_figure, shares, scope, shown.at.district, shown.view.population)
    if "residents_2011" not in area.missing:
        st.markdown(briefing_recorder.text(rates_text.population_text(shares)))
    render.figure(rate_figures.rates_figure, shares, scope, shown.at.district)


def small_areas(shown: RatesShown) -> None:
    """The map of small areas, the one picked on it, and the highest."""
    render.header("Small areas")
    rates = shown.ranked
    view = map_section(shown.state, shown.on, shown.at, rates, shown.view.crime_type, LsoaView())
    top_section(rates, view, shown.at.district)


def map_section(
    state: PageState,
    on: LoadedPlace,
    place: PlaceView,
    rates: pd.DataFrame,
    crime_type: str,
    base: LsoaView,
    per: Base = "residents",
) -> LsoaView:
    """The map of small areas with its choices, and what is known of the LSOA picked on it.

    Parameters
    ----------
    rates
        From :func:`core.crime.lsoa_rates.lsoa_rates` for this type and base.
    base
        What the map shows until the visitor says otherwise.
    """
    view = lsoa_control(state, on.area, place.district, base)
    figure = "records" if view.style == "heat" else view.figure  # which is what the heat layer adds up
    if figure == CLUSTERS:
        rates = on_area(_clustered, place.place, place.place, rates)
    shown = map_data_on_area(lsoa_map_data, place.place, rates, crime_type, figure, per, place.district)
    st.subheader(shown.finding, anchor=False)
    lsoa_map(state, on, shown, view.lsoa, view.style, view.mark)
    render.map_download(
        lambda: static_lsoa_map(shown, on.shapes, borders(on, shown), view.lsoa), f"{state.stem}_picture", shown.finding
    )
    briefing_recorder.caveat(
        rate_map.MAP_NOTE
    )  # of the shades, which a briefing has also where the page has a heat layer
    st.caption(rate_map.notes(figure, view.style == "heat", on.area.dispersion_of(crime_type)))
    render.header(lsoa_names(on.area)[view.lsoa] if view.lsoa else "Your chosen small area")
    if view.lsoa:
        render.wide_text(on_area(rates_figures.picked_table, place.place, rates, view.lsoa, per), "lsoa")
    else:
        st.caption("Click one on the map, or choose it by name above the map, to see its figures here.")
    return view


def _clustered(_: CrimeArea, place: str, rates: pd.DataFrame) -> pd.DataFrame:
    return with_clusters(rates, load_place(place).near)


def top_section(rates: pd.DataFrame, view: LsoaView, district: str, per: Base = "residents") -> None:
    """The LSOAs that are highest in the figure on the map, and all of them as a file."""
    figure = rate_map.ranked_by(view.figure)
    render.header(rates_figures.top_title(figure, rates, district))
    render.table(rates_figures.top_table(rates, figure, district, per), "top_lsoas", digits=1)
    render.download(partial(rate_figures.lsoa_table, rates, per), "lsoas", "All LSOAs")
    st.caption(briefing_recorder.method(crime_text.SHRUNK))


def explosion(place: str, rates: pd.DataFrame, scope: Scope) -> None:
    """Why the highest rate is so high, with its own numbers."""
    render.header("Why city-centre rates look so high")
    st.markdown(
        briefing_recorder.text(
            f"{rates_text.why_explodes(rates, scope)} {rates_text.footfall_comparison(rates, scope)}"
        )
    )
    st.markdown(briefing_recorder.text(on_area(rates_figures.explained, place, rates, scope.crime_type)))
    st.markdown(briefing_recorder.text(rates_text.FOOTFALL))
    render.figure(rates_figures.footfall_figure, rates, scope)
    render.figure(rates_figures.funnel_figure, rates, scope)


def distances(place: str, scope: Scope) -> None:
    """Rates by distance to centres, campuses and hospitals, where a place has these."""
    render.header("How far from centres, campuses and hospitals?")
    area = load_place(place).area
    if "places" in area.missing or "points" in area.missing:
        unavailable(area, "places", "points")
        return
    bands = on_area(distance_bands, place, scope.crime_type)
    gradients = on_area(gradient_rows, place, scope.crime_type)
    together = gradients[gradients["taken"] == TOGETHER]
    st.markdown(briefing_recorder.text(rates_text.gradients(together, scope)))
    render.figure(rates_figures.distance_figure, bands, gradients, scope)
    gradients_section(rate_figures.gradients_table(gradients))
    st.caption(briefing_recorder.text(rates_text.TOGETHER))


def gradients_section(rows: pd.DataFrame) -> None:
    """How rates fall with distance, as a table to be opened."""
    title = rate_figures.GRADIENTS_TITLE
    briefing_recorder.table(rows, "distance_gradients", title=title)
    draw = partial(render.table, rows, "distance_gradients")
    lazy.expand(title, "open.distance_gradients", draw, ":material/table:")


def brief() -> Brief:
    """What the front page says of districts and their shares in the place of the study."""
    area = load_place(STUDY_AREA).area
    crime_type = RatesView().crime_type
    return summary.of_rates(on_area(district_shares, STUDY_AREA, crime_type), Scope(area.name, area.period, crime_type))
