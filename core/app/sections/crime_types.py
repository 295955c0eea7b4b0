"""The choices of the page of crime types that are its own: a type, and two areas to compare."""

from dataclasses import replace

import streamlit as st

from core.app.controls import one_of
from core.app.places import on_area
from core.app.state import PageState
from core.crime.area import TOTALS, WITHOUT_ASB, CrimeArea
from core.crime.places import STUDY_AREA
from core.crime.types.design_effects import district_quotients, typed_compositions
from core.crime.types.text import area_label
from core.crime.types.view import Offer, TypesView
from core.home import summary
from core.home.summary import Brief


def total_control(state: PageState, area: CrimeArea) -> str:
    """Pick what shares are of, where there are figures of anti-social behaviour to count or leave out."""
    offered = {name: TOTALS[name] for name in area.totals}
    asked = state.restore(TypesView(), {"total": area.totals}).total
    if len(offered) == 1:
        return WITHOUT_ASB
    return one_of(st, state, "total", "Shares of", offered, asked if asked in offered else WITHOUT_ASB)


def restored(state: PageState, offered: Offer, total: str) -> TypesView:
    """What the link or the visitor asked for, as far as it is on offer in this place, with shares of `total`."""
    allowed = {"crime_type": offered.types, "one": offered.areas, "other": offered.areas}
    return offered.complete(replace(state.restore(TypesView(), allowed), total=total))


def type_control(state: PageState, offered: Offer, view: TypesView) -> TypesView:
    """Pick the type that is shown for every district."""
    picked = st.selectbox("Type of crime", offered.types, key=state.seed("crime_type", view.crime_type, offered.types))
    return replace(view, crime_type=picked)


def pair_control(state: PageState, offered: Offer, view: TypesView) -> TypesView:
    """Pick two areas to compare."""
    left, right = st.columns(2)
    one = left.selectbox(
        "One area", offered.areas, key=state.seed("one", view.one, offered.areas), format_func=area_label
    )
    view, others = offered.complete(replace(view, one=one)), offered.others(one)
    other = right.selectbox("Another", others, key=state.seed("other", view.other, others), format_func=area_label)
    return replace(view, other=other)


def brief() -> Brief:
    """What the front page says of types of crime in the place of the study."""
    total = TypesView().total
    return summary.of_types(
        on_area(typed_compositions, STUDY_AREA, (), total), on_area(district_quotients, STUDY_AREA, total)
    )
