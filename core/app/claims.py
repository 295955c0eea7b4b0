"""The page of published claims: its filters, and a card for each claim."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import streamlit as st

from core.app import figures
from core.app.navigation import PAGES, page_link
from core.app.state import PageState
from core.claims import Judged, Told, Verdict
from core.claims.studies import STUDIES, judged
from core.claims.telling import EVERY, ClaimsView, allowed_views, tally, topics
from core.wording import quoted

ICONS: Mapping[Verdict, str] = {
    Verdict.HOLDS: ":material/check_circle:",
    Verdict.ONLY_AS_PUBLISHED: ":material/contrast:",
    Verdict.DOES_NOT_HOLD: ":material/cancel:",
    Verdict.CANNOT_BE_CHECKED: ":material/help:",
}


def all_claims() -> list[Judged]:
    """Every claim of every study with its verdict, worked out once for all visitors."""
    return [claim for name in STUDIES for claim in figures.on_panel(judged, name, name)]


def filters(state: PageState, claims: Sequence[Judged]) -> ClaimsView:
    """Which claims to show, by topic and by verdict."""
    view = state.restore(ClaimsView(), allowed_views(claims))
    named, counts = topics(claims), tally(claims)
    first, second = st.columns(2)
    topic = first.selectbox(
        "Topic",
        [EVERY, *named],
        key=state.seed("topic", view.topic),
        format_func=lambda name: named.get(name, "All topics"),
    )
    verdict = second.selectbox(
        "Verdict",
        [EVERY, *(verdict.value for verdict in counts)],
        key=state.seed("verdict", view.verdict),
        format_func=lambda name: f"{Verdict(name).label} ({counts[Verdict(name)]})" if name else "All verdicts",
    )
    chosen = ClaimsView(topic, verdict)
    state.keep(chosen)
    return chosen


def cards(claims: Sequence[Judged]) -> None:
    """A card for each claim, under its study and its topic."""
    if not claims:
        st.info("No claim of this topic has this verdict. Choose all topics or all verdicts.", icon=":material/info:")
    for (study, topic), group in groupby(claims, key=lambda claim: (claim.study, claim.topic)):
        st.subheader(topic if len(STUDIES) == 1 else f"{STUDIES[study].title}: {topic}", anchor=False)
        for claim in group:
            with st.container(border=True):
                _card(claim)


def _card(claim: Judged) -> None:
    st.markdown(f"**{claim.words}**  \n{ICONS[claim.verdict]} **{claim.verdict.label}.** {claim.reason}")
    evidence = claim.evidence
    columns = {
        "Reported": claim.finding.reported,
        "The same way": evidence.recomputed,
        "Done properly": evidence.proper,
    }
    told = {label: told for label, told in columns.items() if told.headline}
    for cell, (label, words) in zip(st.columns(len(told)), told.items(), strict=True):
        cell.markdown(_cell(label, words))
    seen = evidence.seen
    page_link(seen.page, f"See it on the page {quoted(_page_title(seen.page))}", seen.query or None)


def _page_title(page: str) -> str:
    return next(entry.title for entry in PAGES if entry.name == page)


def _cell(label: str, told: Told) -> str:
    note = f"  \n:small[{told.note}]" if told.note else ""
    return f":small[{label}]  \n**{told.headline}**{note}"
