"""The page on bicycle theft: its choice, and its sections."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from core.app import briefing_recorder, render
from core.app.controls import one_of
from core.app.places import load_place, on_area
from core.app.sections.crime_common import LsoaView
from core.app.state import PageState
from core.crime import rate_figures
from core.crime import text as crime_text
from core.crime.area import BICYCLE_THEFT, PER_RESIDENTS, CrimeArea
from core.crime.bicycle_theft import figures as bicycle_theft_figures
from core.crime.bicycle_theft import text as bicycle_theft_text
from core.crime.bicycle_theft.figures import campus_bands
from core.crime.district_rates import district_shares
from core.crime.lsoa_rates import Base, lsoa_rates
from core.crime.places import STUDY_AREA
from core.crime.rate_map import BASES
from core.home import summary
from core.home.summary import Brief
from core.sources.small_areas.places import UNIVERSITY

START = LsoaView(figure="shrunk", mark=(UNIVERSITY,))


@dataclass(frozen=True)
class BicycleView:
    """What thefts are divided by."""

    per: Base = "residents"


def controls(state: PageState) -> BicycleView:
    """Pick what thefts are divided by."""
    bases: list[Base] = list(BASES)
    view = state.restore(BicycleView(), {"per": bases})
    labels = {name: BASES[name].capitalize() for name in bases}
    chosen = BicycleView(one_of(st, state, "per", "Thefts per 1,000", labels, view.per))
    state.keep(chosen)
    return chosen


def campus_section(place: str) -> None:
    """Thefts by distance to the nearest campus."""
    period = load_place(place).area.period
    render.figure(bicycle_theft_figures.campus_figure, on_area(bicycle_theft_figures.campus_bands, place), period)
    residents, records = (on_area(bicycle_theft_figures.campus_gradients, place, per) for per in BASES)
    st.markdown(briefing_recorder.text(bicycle_theft_text.gradient_text(residents, records)))
    with st.expander(rate_figures.GRADIENTS_TITLE, icon=":material/table:"):
        both = pd.concat([residents.assign(per="residents"), records.assign(per="records of all types")])
        rows = rate_figures.gradients_table(both).assign(Per=both["per"])
        render.table(
            briefing_recorder.table(rows, "distance_gradients", title=rate_figures.GRADIENTS_TITLE),
            "distance_gradients",
        )


def extremes_section(area: CrimeArea, rates: pd.DataFrame, district: str, per: Base) -> None:
    """The LSOAs with the highest and the lowest shrunk rates, and how little most can be told apart."""
    own = rates[rates["district"] == district] if district else rates
    above, below = rate_figures.clear_count(own)
    average = rates["records"].sum() / rates["base"].sum() * PER_RESIDENTS
    st.markdown(briefing_recorder.text(f"**{bicycle_theft_text.advice(own, above, below, district or area.name)}**"))
    st.markdown(briefing_recorder.text(bicycle_theft_text.clear_areas(own, len(rates))))
    render.figure(bicycle_theft_figures.extremes_figure, own, per, average, area.period)
    briefing_recorder.method(crime_text.SHRUNK)


def no_theft_section(rates: pd.DataFrame, per: Base) -> None:
    """How many LSOAs have no theft, and why that is not safety."""
    found = bicycle_theft_figures.no_theft(rates)
    if found.lsoas:
        st.markdown(briefing_recorder.text(bicycle_theft_text.no_theft(found, BASES[per])))
    else:
        st.markdown("Every LSOA had a recorded theft.")


def brief() -> Brief:
    """What the front page says of bicycle theft in the place of the study."""
    shares, rates = (on_area(make, STUDY_AREA, BICYCLE_THEFT) for make in (district_shares, lsoa_rates))
    return summary.of_bicycles(rates, shares, on_area(campus_bands, STUDY_AREA), load_place(STUDY_AREA).area.period)
