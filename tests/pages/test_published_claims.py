import re

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.app.sections.published_claims import CHIPS, ICONS
from core.claims import RULES, Judged, Verdict
from core.claims.report import answer, matching, summaries, tally
from core.home.all_claims import judged_all
from core.registry.studies import CLAIMS as STUDIES
from tests.conftest import ROOT
from tests.pages.visiting import Visit

LINK = {"v": "1", "study": "london", "topic": "outcomes", "verdict": "only_as_published"}
CRIME = {"v": "1", "study": "west_midlands", "topic": "", "verdict": ""}


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page("pages/published_claims.py").run()
    assert not app.exception
    return app


@pytest.fixture(scope="module")
def app() -> AppTest:
    """The page as it opens; not to be changed."""
    return opened()


@pytest.fixture
def app_of_crime() -> AppTest:
    return opened(**CRIME | {"topic": "rates"})


def query(app: AppTest) -> dict[str, str]:
    """Query of the address; AppTest returns each value in a list or as it is."""
    return {name: value[0] if isinstance(value, list) else value for name, value in dict(app.query_params).items()}


def text(app: AppTest) -> str:
    return "\n".join(block.value for block in app.markdown)


def links(app: AppTest) -> list[tuple[str, str]]:
    protos = [link.proto for link in app.get("page_link")]
    return [(proto.page, proto.query_string) for proto in protos]


def look_up(app: AppTest) -> pd.DataFrame:
    """The table that claims are looked up in."""
    (rows,) = [table.value for table in app.dataframe if "Ours" in table.value.columns]
    return rows


def pick(app: AppTest, row: int) -> AppTest:
    """The page after a click on a row of the table."""
    (key,) = [name for name in app.session_state.to_dict() if name.startswith("published_claims.rows.")]
    app.session_state[key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    return app.run()


def test_claims_page_lists_every_claim_in_a_row_with_verdict_and_reason(app: AppTest) -> None:
    claims = judged_all()
    assert app.title[0].value == "Do the studies' claims stand up?"
    assert answer(claims) in "".join(str(block.proto.body) for block in app.get("html"))
    assert summaries(claims) in text(app)
    rows = look_up(app)
    assert list(rows["Claim"]) == [claim.text for claim in claims]
    assert [list(verdict) for verdict in rows["Verdict"]] == [[claim.verdict.label] for claim in claims]
    assert list(rows["Why"]) == [claim.line for claim in claims]
    assert all(all(rows[name]) for name in ("Claim", "Why", "Published", "Study"))


def test_claims_page_shows_detail_of_first_claim_until_another_is_picked() -> None:
    app, claims = opened(), judged_all()
    for row in (0, 20):
        claim = claims[row]
        assert claim.text in [item.value for item in app.subheader]
        assert claim.reason in text(app)
        assert query(app)["claim"] == claim.finding.id
        assert len(links(app)) == 1
        app = pick(app, 20)
        assert not app.exception


def test_claim_in_link_is_shown_and_outlives_a_filter_that_keeps_it() -> None:
    claim = next(claim for claim in judged_all() if claim.finding.id == "share-dudley")
    app = opened(v="1", claim="share-dudley")
    assert claim.reason in text(app)
    app.selectbox[0].set_value("west_midlands").run()
    assert claim.reason in text(app)
    assert query(app) == CRIME | {"claim": "share-dudley"}
    app.selectbox[0].set_value("london").run()
    assert claim.reason not in text(app)
    assert query(app)["claim"] == "amount-log-coefficient"


@pytest.mark.parametrize(("words", "found"), [("DUDLEY less", {"share-dudley"}), ("no such words at all", set())])
def test_search_leaves_claims_that_have_all_words(words: str, found: set[str]) -> None:
    assert {claim.finding.id for claim in matching(judged_all(), words)} == found
    app = opened()
    app.text_input[0].set_value(words).run()
    assert not app.exception
    if found:
        assert len(look_up(app)) == len(found)
    else:
        assert not links(app)
        assert any("Choose other words" in box.value for box in app.info)


@pytest.mark.parametrize("claim", judged_all(), ids=lambda claim: claim.finding.id)
def test_line_of_a_claim_is_short_and_plain(claim: Judged) -> None:
    assert claim.line.endswith(".")
    assert len(claim.line.split()) <= 25
    assert not re.search(r"interval|\bp \d|\{|\bNone\b|\bnan\b", claim.line)


def test_claims_page_documents_rules_and_standards() -> None:
    shown = text(Visit("published_claims").at)
    for rule in RULES:
        assert rule.sentence in shown
    for study in STUDIES.values():
        assert study.method in shown
        for claim in study.claims:
            assert claim.check.standard in shown


def test_claim_links_have_the_model_of_the_claim() -> None:
    app = opened(**LINK | {"topic": "amount", "verdict": ""})
    assert links(app)
    for page, query in links(app):
        assert page == "london_amount"
        assert "effects=borough" in query
        assert "covariance=cluster" in query


def test_claims_page_link_sets_filters_and_filters_set_link() -> None:
    app = opened(**LINK)
    assert [box.value for box in app.selectbox] == ["london", "outcomes", "only_as_published"]
    assert len(look_up(app)) == 4
    app.selectbox[2].set_value("does_not_hold").run()
    assert not links(app)
    assert query(app) == LINK | {"verdict": "does_not_hold", "claim": ""}


def test_claims_page_of_study_shows_its_topics_and_claims() -> None:
    app = opened(**CRIME)
    own = [claim for claim in judged_all() if claim.study == "west_midlands"]
    assert [len(look_up(app)), len(own)] == [33, 33]
    assert list(app.selectbox[1].options)[1:] == list(STUDIES["west_midlands"].topics.values())
    counted = [option for option in app.selectbox[2].options if option.startswith("Stands up (")]
    assert counted == [f"Stands up ({tally(own)[Verdict.STANDS_UP]})"]
    assert set(look_up(app)["Study"]) == {"West Midlands"}


def test_topic_filter_after_study_change_is_reset(app_of_crime: AppTest) -> None:
    assert app_of_crime.selectbox[1].value == "rates"
    app_of_crime.selectbox[0].set_value("london").run()
    assert app_of_crime.selectbox[1].value == ""
    chosen = {"v": "1", "study": "london", "topic": "", "verdict": ""}
    assert query(app_of_crime) == chosen | {"claim": "amount-log-coefficient"}
    assert len(look_up(app_of_crime)) == 17


def test_claims_page_without_matches_suggests_all_topics() -> None:
    app = opened(**LINK | {"topic": "data"})
    assert not links(app)
    assert any("all topics or all verdicts" in box.value for box in app.info)


def test_claims_page_with_unknown_topic_shows_notice() -> None:
    app = opened(**LINK | {"topic": "weather"})
    assert any("weather" in box.value for box in app.info)
    assert app.selectbox[1].value == ""


def test_icons_and_chips_are_unique_for_every_verdict() -> None:
    assert set(ICONS) == set(CHIPS) == set(Verdict)
    assert len(set(ICONS.values())) == len(set(CHIPS.values())) == len(Verdict)


def test_claims_charts_have_text_alternative(app: AppTest) -> None:
    charts = app.get("vega_lite_chart")
    assert len(charts) == len(STUDIES)
    for chart in charts:
        for title in (
            "London: use of force and trust: Stands up: 2; Reproduced, but not supported: 7",
            "West Midlands",
        ):
            assert title in chart.proto.alt
