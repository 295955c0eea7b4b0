"""The page of published claims: its filters, and a card for each claim."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

import streamlit as st

from core.app import briefing_recorder, data, places
from core.app.cache import cached
from core.app.navigation import page_link, page_title
from core.app.state import PageState
from core.claims import Judged, Statement, Verdict
from core.claims.report import EVERY, ClaimsView, allowed_views, claims_table, shown, studies, tally, topics
from core.crime.claims import WEST_MIDLANDS_CLAIMS
from core.crime.places import STUDY_AREA
from core.home import summary
from core.home.all_claims import judged
from core.home.summary import Brief
from core.london.claims import LONDON_CLAIMS
from core.presentation.numbers import quoted
from core.registry.studies import CLAIMS

KEPT = 8
OPEN = 8  # so many claims are shown open, more as a list to open
LISTED = ["Claim", "Reported", "The same way", "Done properly", "Verdict"]
ICONS: Mapping[Verdict, str] = {
    Verdict.STANDS_UP: ":material/check_circle:",
    Verdict.NOT_SUPPORTED: ":material/contrast:",
    Verdict.NOT_REPRODUCED: ":material/cancel:",
    Verdict.CANNOT_BE_CHECKED: ":material/help:",
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


def cards(claims: Sequence[Judged]) -> None:
    """A card for each claim, under its study and its topic: open where they are few."""
    if claims:
        briefing_recorder.table(claims_table(claims)[LISTED], "published_claims")
    else:
        st.info("No claim of this topic has this verdict. Choose all topics or all verdicts.", icon=":material/info:")
    for title, of_study in groupby(claims, key=lambda claim: claim.title):
        st.subheader(title, anchor=False)
        for topic, of_topic in groupby(of_study, key=lambda claim: claim.topic):
            st.markdown(f"#### {topic}")
            for claim in of_topic:
                label = f"{ICONS[claim.verdict]} **{claim.verdict.label}:** {claim.text}"
                with st.expander(label, expanded=len(claims) <= OPEN):
                    _card(claim)


def _card(claim: Judged) -> None:
    st.markdown(claim.reason)
    evidence = claim.evidence
    columns = {
        "Reported": evidence.reported,
        "The same way": evidence.recomputed,
        "Done properly": evidence.proper,
    }
    sentence = {label: sentence for label, sentence in columns.items() if sentence.headline}
    for cell, (label, text) in zip(st.columns(len(sentence)), sentence.items(), strict=True):
        cell.markdown(_cell(label, text))
    seen = evidence.seen
    page_link(seen.page, f"See it on the page {quoted(page_title(seen.page))}", seen.query or None)


def _cell(label: str, sentence: Statement) -> str:
    note = f"  \n:small[{sentence.note}]" if sentence.note else ""
    return f":small[{label}]  \n**{sentence.headline}**{note}"


def brief() -> Brief:
    """What the front page says of the claims."""
    return summary.of_claims(all_claims())
