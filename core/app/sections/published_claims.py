"""The page of published claims: its filters, the table to look claims up in, and the detail of one."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Literal, TypeAlias

import streamlit as st

from core.app import briefing_recorder, data, lazy, render
from core.app.cache import cached
from core.app.controls import search_box
from core.app.crime_places import places
from core.app.navigation import page_link, page_title
from core.app.state import PageState
from core.claims import Judged, Statement, Verdict
from core.claims.report import (
    EVERY,
    REPEATED,
    STRONGER,
    ClaimsView,
    PickedClaim,
    allowed_views,
    claims_table,
    look_up_table,
    matching,
    shown,
    standards_text,
    studies,
    tally,
    terms_text,
    topics,
)
from core.crime.claims import WEST_MIDLANDS_CLAIMS
from core.crime.places import STUDY_AREA
from core.home import summary
from core.home.all_claims import judged
from core.home.summary import Brief
from core.london.claims import LONDON_CLAIMS
from core.presentation.numbers import quoted
from core.registry.studies import CLAIMS

KEPT = 8
BRIEFED = ["Claim", "Published", STRONGER, "Verdict", "Why"]
ROW_HEIGHT = 68  # pixels: above 64 Streamlit breaks texts into lines, so that they are read whole
SHORT, TABLE_HEIGHT = 6, 445  # rows that are shown whole; pixels of the table where there are more
Chip: TypeAlias = Literal["green", "orange", "red", "gray"]
ICONS: Mapping[Verdict, str] = {
    Verdict.STANDS_UP: ":material/check_circle:",
    Verdict.NOT_SUPPORTED: ":material/contrast:",
    Verdict.NOT_REPRODUCED: ":material/cancel:",
    Verdict.CANNOT_BE_CHECKED: ":material/help:",
}
CHIPS: Mapping[Verdict, Chip] = {
    Verdict.STANDS_UP: "green",
    Verdict.NOT_SUPPORTED: "orange",
    Verdict.NOT_REPRODUCED: "red",
    Verdict.CANNOT_BE_CHECKED: "gray",
}
COLUMNS = {
    "Claim": st.column_config.TextColumn(width=240),
    "Verdict": st.column_config.MultiselectColumn(
        options=[verdict.label for verdict in Verdict], color=list(CHIPS.values()), width=215
    ),
    "Why": st.column_config.TextColumn(width=195),
    "Published": st.column_config.TextColumn(width=95),
    "Ours": st.column_config.TextColumn(width=155),
    "Study": st.column_config.TextColumn(width=110),
}
# What the other pages hold is not read again.
HELD: Mapping[str, Callable[[], Any]] = {
    LONDON_CLAIMS.name: lambda: data.published()[1],
    WEST_MIDLANDS_CLAIMS.name: lambda: places.load_place(STUDY_AREA).area,
}


@cached(size=KEPT)
def _judged(study: str) -> tuple[Judged, ...]:
    with st.spinner("Putting the claims to the test"):
        return judged(HELD.get(study, CLAIMS[study].figures)(), study)


def all_claims() -> list[Judged]:
    """Every claim of every study with its verdict, worked out once for all visitors."""
    return [claim for study in CLAIMS for claim in _judged(study, version=data.catalogue().version)]


def filters(state: PageState, claims: Sequence[Judged]) -> ClaimsView:
    """Which claims to show, by study, by topic and by verdict."""
    view = state.restore(ClaimsView(), allowed_views(claims))
    first, second, third = st.columns(3)
    titles = studies(claims)
    study = first.selectbox(
        "Study",
        [EVERY, *titles],
        key=state.seed("study", view.study),
        format_func=lambda name: titles.get(name, "All studies"),
    )
    own = shown(claims, ClaimsView(study=study))
    named, counts = topics(own), tally(own)
    topic = second.selectbox(
        "Topic",
        [EVERY, *named],
        key=state.seed("topic", view.topic if view.topic in named else EVERY, [EVERY, *named]),
        format_func=lambda name: named.get(name, "All topics"),
    )
    verdict = third.selectbox(
        "Verdict",
        [EVERY, *(verdict.value for verdict in counts)],
        key=state.seed("verdict", view.verdict),
        format_func=lambda name: f"{Verdict(name).label} ({counts[Verdict(name)]})" if name else "All verdicts",
    )
    chosen = ClaimsView(study, topic, verdict)
    state.keep(chosen)
    return chosen


def table(state: PageState, claims: Sequence[Judged]) -> Judged | None:
    """The claims to look one up in, searched by words; the one picked, the first if none is, and ``None`` of none."""
    words = search_box(state, "Search", "Words of a claim, such as trust or Coventry", st.container())
    found = matching(claims, words)
    if not found:
        st.info("No claim fits all of that. Choose other words, all topics or all verdicts.", icon=":material/info:")
        state.keep(PickedClaim())
        return None
    briefing_recorder.table(claims_table(found)[BRIEFED], "published_claims")
    ids = [claim.finding.id for claim in found]
    picked = state.restore(PickedClaim(), {"claim": [EVERY, *(claim.finding.id for claim in claims)]}).claim
    first = ids.index(picked) if picked in ids else 0
    # A key of its own for each list: the number of a row means another claim in another list.
    key = state.seed(f"rows.{sha256('|'.join(ids).encode()).hexdigest()[:8]}", _selected(first))
    chosen = st.dataframe(
        look_up_table(found),
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=TABLE_HEIGHT if len(found) > SHORT else "content",
        column_config=COLUMNS,
        on_select="rerun",
        selection_mode="single-row-required",
        key=key,
        alt=f"{len(found)} claims with what was published, what we find, the verdict and why.",
    )
    claim = found[min(chosen.selection.rows[0], len(found) - 1) if chosen.selection.rows else first]
    state.keep(PickedClaim(claim.finding.id))
    return claim


def _selected(row: int) -> dict[str, dict[str, list[int]]]:
    return {"selection": {"rows": [row], "columns": [], "cells": []}}


def detail(claim: Judged) -> None:
    """How one claim was checked: its verdict and the reason, the results next to each other, the page that shows it."""
    with st.container(border=True):
        st.subheader(claim.text, anchor=False)
        st.badge(claim.verdict.label, icon=ICONS[claim.verdict], color=CHIPS[claim.verdict])
        st.markdown(claim.reason)
        evidence = claim.evidence
        results = {"Published": evidence.reported, REPEATED: evidence.recomputed, STRONGER: evidence.proper}
        shown = {label: result for label, result in results.items() if result.headline}
        for cell, (label, result) in zip(st.columns(len(shown)), shown.items(), strict=True):
            cell.markdown(_cell(label, result))
        st.caption(f"{claim.title}. {claim.topic}.")
        seen = evidence.seen
        page_link(seen.page, f"See it on the page {quoted(page_title(seen.page))}", seen.query or None)


def _cell(label: str, sentence: Statement) -> str:
    note = f"  \n:small[{sentence.note}]" if sentence.note else ""
    return f":small[{label}]  \n**{sentence.headline}**{note}"


def brief() -> Brief:
    """What the front page says of the claims."""
    return summary.of_claims(all_claims())


def standards() -> None:
    """When a conclusion stands, to be opened."""
    lazy.expand("When a conclusion stands, by kind of claim", "open.standards", _standards, ":material/rule:")


def _standards() -> None:
    st.markdown(standards_text(CLAIMS.values()))
    st.caption(terms_text())


def take_away(wanted: Sequence[Judged]) -> None:
    """The claims shown as files."""
    render.header("Download and share")
    render.download(lambda: claims_table(wanted), "published_claims")
