"""The page on bicycle theft: its choice, and its sections."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from core import exhibits_bicycle, exhibits_rates, wording_bicycle, wording_rates
from core.app import record, show
from core.app.controls import one_of
from core.app.crime import LsoaView, on_area
from core.app.state import PageState
from core.crime.area import PER_RESIDENTS, UNIVERSITY, CrimeArea
from core.crime.rates import Base
from core.lsoa_figures import BASES

START = LsoaView(figure="shrunk", mark=(UNIVERSITY,))


@dataclass(frozen=True)
class BicycleView:
    """What thefts are divided by."""

    per: Base = "residents"


def controls(state: PageState) -> BicycleView:
    """Pick what thefts are divided by."""
    bases: list[Base] = list(BASES)
    view = state.restore(BicycleView(), {"per": bases})
    words = {name: BASES[name].capitalize() for name in bases}
    chosen = BicycleView(one_of(st, state, "per", "Thefts per 1,000", words, view.per))
    state.keep(chosen)
    return chosen


def campus_section(place: str) -> None:
    """Thefts by distance to the nearest campus."""
    show.exhibit(exhibits_bicycle.campus_exhibit, on_area(exhibits_bicycle.campus_bands, place))
    residents, records = (on_area(exhibits_bicycle.campus_gradients, place, per) for per in BASES)
    st.markdown(record.said(wording_bicycle.gradient_words(residents, records)))
    with st.expander(exhibits_rates.GRADIENTS_TITLE, icon=":material/table:"):
        both = pd.concat([residents.assign(per="residents"), records.assign(per="records of all types")])
        rows = exhibits_rates.gradients_table(both).assign(Per=both["per"])
        show.table(record.table(rows, "distance_gradients", title=exhibits_rates.GRADIENTS_TITLE), "distance_gradients")


def extremes_section(area: CrimeArea, rates: pd.DataFrame, district: str, per: Base) -> None:
    """The LSOAs with the highest and the lowest shrunk rates, and how little most can be told apart."""
    own = rates[rates["district"] == district] if district else rates
    above, below = exhibits_rates.clear_count(own)
    average = rates["records"].sum() / rates["base"].sum() * PER_RESIDENTS
    st.markdown(record.said(f"**{wording_bicycle.advice(own, above, below, district or area.name)}**"))
    st.markdown(record.said(wording_bicycle.apart(own, len(rates))))
    show.exhibit(exhibits_bicycle.extremes_exhibit, own, per, average)
    record.method(wording_rates.SHRUNK)


def no_theft_section(rates: pd.DataFrame, per: Base) -> None:
    """How many LSOAs have no theft, and why that is not safety."""
    found = exhibits_bicycle.no_theft(rates)
    if found.lsoas:
        st.markdown(record.said(wording_bicycle.no_theft(found, BASES[per])))
    else:
        st.markdown("Every LSOA had a recorded theft.")
