"""The page on types of crime: its summary, its choices (a type, and two areas to compare) and its sections."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd
import streamlit as st

from core.app import briefing_recorder, downloads, render
from core.app.controls import one_of
from core.app.crime_places.places import load_place, on_area
from core.app.fragments import section
from core.app.layers import MODELS, TAKE_AWAY
from core.app.models.model_page import Sections
from core.app.sections import summary as summary_section
from core.app.sections.crime_common import PlaceView, about, months, unavailable
from core.app.state import PageState
from core.crime import text as crime_text
from core.crime.area import ALL_RECORDS, LOW, NOT_LOW, TOTALS, WITHOUT_ASB, CrimeArea
from core.crime.places import STUDY_AREA
from core.crime.types import figures
from core.crime.types import text as types_text
from core.crime.types.design_effects import area_differences, district_quotients, typed_compositions
from core.crime.types.summary import picture
from core.crime.types.summary import summary as types_summary
from core.crime.types.text import area_label, shown_area
from core.crime.types.view import Offer, TypesView, offer
from core.home import summary
from core.home.summary import Brief

TOPICS: Mapping[str, str] = {"types": "All types", "districts": "Districts"}
TABS = (*TOPICS, MODELS, TAKE_AWAY)


@dataclass
class TypesShown:
    """What the analysts' layer shows: where, what is on offer there, and the choices, which its sections change."""

    state: PageState
    at: PlaceView
    offered: Offer
    view: TypesView

    @property
    def area(self) -> CrimeArea:
        """The figures of the place."""
        return load_place(self.at.place).area

    @property
    def compositions(self) -> pd.DataFrame:
        """Shares of the types in each area."""
        return on_area(typed_compositions, self.at.place, (), self.view.total)

    @property
    def quotients(self) -> pd.DataFrame:
        """How common each type is in each district against all."""
        return on_area(district_quotients, self.at.place, self.view.total)

    def choose(self, view: TypesView) -> TypesView:
        """Take `view` for what is shown from here on."""
        self.view = view
        self.state.keep(view)
        return view


def show_summary(at: PlaceView) -> None:
    """The first screen, for the district chosen if there is one."""
    area, total = load_place(at.place).area, TypesView().total
    compositions = on_area(typed_compositions, at.place, (), total)
    quotients = on_area(district_quotients, at.place, total)
    found = types_summary(compositions, quotients, area, at.district, downloads.publishers())
    where = shown_area(quotients, at.district)
    known = (compositions["area"] == where).any()
    draw = partial(render.picture, picture, compositions, where, area.period) if known else _no_picture
    summary_section.show(found, draw)
    months(area)


def _no_picture() -> None:
    """Nothing: there is no crime to draw."""


def sections(state: PageState, at: PlaceView) -> Sections:
    """What the tabs hold, under the answer."""
    total = total_control(state, load_place(at.place).area)
    offered = on_area(offer, at.place, total)
    shown = TypesShown(state, at, offered, restored(state, offered, total))
    shown.choose(shown.view)
    render.answer(types_text.answer(shown.compositions, shown.quotients, at.district))
    about(shown.area, crime_text.ASB_NOTE)
    briefing_recorder.method(f"{types_text.SHARES_NOTE} {types_text.intervals_note(shown.compositions)}")
    return {
        "types": [partial(shares, shown)],
        "districts": [partial(section, state, partial(districts, shown))],
        MODELS: [partial(section, state, partial(pair, shown)), partial(low_score, shown), partial(published, shown)],
        TAKE_AWAY: [partial(take_away, shown)],
    }


def shares(shown: TypesShown) -> None:
    """All types in the district chosen, or in all of them."""
    area = shown_area(shown.quotients, shown.at.district)
    render.figure(figures.shares_of_types_figure, shown.compositions, area, shown.area.period)
    st.caption(briefing_recorder.caveat(types_text.CAVEAT))


def districts(shown: TypesShown) -> None:
    """One type in every district, and what stands out where; for a place of one district, that there is no other."""
    if not types_text.several(shown.quotients):
        st.caption(briefing_recorder.text(crime_text.ONE_DISTRICT))
        return
    district, quotients = shown.at.district, shown.quotients
    render.header("One type in every district")
    view = shown.choose(type_control(shown.state, shown.offered, shown.view))
    render.figure(figures.type_figure, shown.compositions, view.crime_type, district)
    render.header("What stands out where")
    render.figure(figures.quotients_figure, quotients, types_text.outstanding(quotients, district))
    render.figure(figures.quotient_table_figure, quotients)


def pair(shown: TypesShown) -> None:
    """Two areas that the reader picks."""
    render.header("Two areas compared")
    view = shown.choose(pair_control(shown.state, shown.offered, shown.view))
    compared = on_area(area_differences, shown.at.place, view.one, view.other, view.total)
    render.figure(figures.pair_figure, compared, view.one, view.other, "pair")
    unavailable(shown.area, "types_by_lsoa")


def low_score(shown: TypesShown) -> None:
    """The areas that are hardly deprived against all others."""
    render.header("The least deprived areas against the rest")
    st.caption(briefing_recorder.text(types_text.low_score(shown.area)))
    if types_text.has_both(shown.area):
        compared = on_area(area_differences, shown.at.place, LOW, NOT_LOW, shown.view.total)
        render.figure(figures.pair_figure, compared, LOW, NOT_LOW, "low_score")


def published(shown: TypesShown) -> None:
    """The two small areas of which the study printed the types."""
    render.header("Two small areas whose composition was published")
    unavailable(shown.area, "published_mixes")
    if "published_mixes" not in shown.area.missing:
        everything = on_area(typed_compositions, shown.at.place, (), ALL_RECORDS)  # as it was published
        render.figure(figures.published_figure, everything)


def take_away(shown: TypesShown) -> None:
    """Every share as a file."""
    render.header("Download and share")
    render.download(figures.shares_table(shown.compositions), "crime_type_shares", "Every share shown here")


def total_control(state: PageState, area: CrimeArea) -> str:
    """Pick what shares are of, in the sidebar, where there are figures of anti-social behaviour too."""
    offered = {name: TOTALS[name] for name in area.totals}
    asked = state.restore(TypesView(), {"total": area.totals}).total
    if len(offered) == 1:
        return WITHOUT_ASB
    return one_of(st.sidebar, state, "total", "Shares of", offered, asked if asked in offered else WITHOUT_ASB)


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
