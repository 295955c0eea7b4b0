"""The page on shares and rates: its choices, and the parts that pages with a map of small areas share."""

from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from core import exhibits_rates, wording_rates
from core.app import record, show
from core.app.controls import one_of
from core.app.crime import (
    Ground,
    LsoaView,
    PlaceView,
    borders,
    figures_on_area,
    lsoa_control,
    lsoa_map,
    lsoa_names,
    on_area,
)
from core.app.state import PageState
from core.crime.area import ALL_CRIME, CrimeArea
from core.crime.rates import Base
from core.lsoa_figures import lsoa_figures
from core.still_maps import lsoa_still
from core.wording_rates import POPULATIONS, Population, Scope


@dataclass(frozen=True)
class RatesView:
    """Which type of crime, and against which count of residents."""

    crime_type: str = ALL_CRIME
    population: Population = "2019"


def controls(state: PageState, area: CrimeArea) -> RatesView:
    """Pick the type of crime, and the residents where the place has them at two times."""
    types = [ALL_CRIME, *area.crime_types]
    populations = [name for name in POPULATIONS if name == "2019" or "residents_2011" not in area.missing]
    view = state.restore(RatesView(), {"crime_type": types, "population": populations})
    left, right = st.columns(2)
    crime_type = left.selectbox(
        "Type of crime",
        types,
        key=state.seed("crime_type", view.crime_type if view.crime_type in types else ALL_CRIME, types),
    )
    population = view.population if view.population in populations else "2019"
    if len(populations) > 1:
        offered = {name: POPULATIONS[name] for name in populations}
        population = one_of(right, state, "population", "Share of residents by", offered, population)
    chosen = RatesView(crime_type, population)
    state.keep(chosen)
    return chosen


def map_section(
    state: PageState,
    on: Ground,
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
        From :func:`core.crime.rates.lsoa_rates` for this type and base.
    base
        What the map shows until the visitor says otherwise.
    """
    view = lsoa_control(state, on.area, place.district, base)
    figure = "records" if view.style == "heat" else view.figure  # which is what the heat layer adds up
    shown = figures_on_area(lsoa_figures, place.place, rates, crime_type, figure, per, place.district)
    st.subheader(shown.finding, anchor=False)
    lsoa_map(state, on, shown, view.lsoa, view.style, view.mark)
    show.map_download(
        lambda: lsoa_still(shown, on.shapes, borders(on, shown), view.lsoa), f"{state.page}_picture", shown.finding
    )
    record.sure(wording_rates.MAP_NOTE)  # of the shades, which a briefing has also where the page has a heat layer
    st.caption(wording_rates.HEAT_NOTE if view.style == "heat" else wording_rates.MAP_NOTE)
    show.header(lsoa_names(on.area)[view.lsoa] if view.lsoa else "The LSOA that you pick")
    if view.lsoa:
        show.wide_text(on_area(exhibits_rates.picked_table, place.place, rates, view.lsoa, per), "lsoa")
    else:
        st.caption("Click one on the map, or choose it by name above the map, to see its figures here.")
    return view


def top_section(rates: pd.DataFrame, view: LsoaView, district: str, per: Base = "residents") -> None:
    """The LSOAs that are highest in the figure on the map, and all of them as a file."""
    show.header(exhibits_rates.top_title(view.figure, rates, district))
    show.table(exhibits_rates.top_table(rates, view.figure, district, per), "top_lsoas", digits=1)
    show.download(partial(exhibits_rates.lsoa_table, rates, per), "lsoas", "All LSOAs")
    st.caption(record.method(wording_rates.SHRUNK))


def explosion(place: str, rates: pd.DataFrame, scope: Scope) -> None:
    """Why the highest rate is so high, with its own numbers."""
    st.markdown(record.said(f"{wording_rates.why_explodes(rates, scope)} {wording_rates.beside_it(rates, scope)}"))
    st.markdown(record.said(on_area(exhibits_rates.explained, place, rates, scope.crime_type)))
    st.markdown(record.said(wording_rates.FOOTFALL))
    show.exhibit(exhibits_rates.footfall_exhibit, rates, scope)


def distances(place: str, scope: Scope) -> None:
    """Rates by distance to centres, campuses and hospitals."""
    bands = on_area(exhibits_rates.distance_bands, place, scope.crime_type)
    gradients = on_area(exhibits_rates.gradient_rows, place, scope.crime_type)
    together = gradients[gradients["taken"] == exhibits_rates.TOGETHER]
    st.markdown(record.said(wording_rates.gradients(together, scope)))
    show.exhibit(exhibits_rates.distance_exhibit, bands, gradients, scope)
    with st.expander(exhibits_rates.GRADIENTS_TITLE, icon=":material/table:"):
        rows = exhibits_rates.gradients_table(gradients)
        show.table(record.table(rows, "distance_gradients", title=exhibits_rates.GRADIENTS_TITLE), "distance_gradients")
    st.caption(record.said(wording_rates.TOGETHER))
