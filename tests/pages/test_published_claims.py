import pytest
from streamlit.testing.v1 import AppTest

from core.app.sections.published_claims import ICONS
from core.claims import RULES, Verdict
from core.claims.report import summaries, summary, tally
from core.home.all_claims import judged_all
from core.registry.studies import CLAIMS as STUDIES
from tests.conftest import ROOT

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


def test_claims_page_shows_every_claim_with_verdict_and_reason(app: AppTest) -> None:
    claims = judged_all()
    assert app.title[0].value == "Do the published claims hold?"
    assert summary(claims) in "".join(str(block.proto.body) for block in app.get("html"))
    assert summaries(claims) in text(app)
    shown, labels = text(app), [box.label for box in app.expander]
    for claim in claims:
        assert f"{ICONS[claim.verdict]} **{claim.verdict.label}:** {claim.text}" in labels
        assert claim.reason in shown
    assert len(links(app)) == len(claims)


def test_claims_page_expands_claims_only_when_few(app: AppTest) -> None:
    assert not any(box.proto.expanded for box in app.expander)
    few = opened(**LINK).expander[:3]
    assert all(box.proto.expanded for box in few)


def test_claims_page_documents_rules_and_standards(app: AppTest) -> None:
    shown = text(app)
    for rule in RULES:
        assert rule.sentence in shown
    for study in STUDIES.values():
        assert study.method in shown
        for claim in study.claims:
            assert claim.check.standard in shown


def test_claim_links_have_the_model_of_the_claim() -> None:
    app = opened(**LINK | {"topic": "amount", "verdict": ""})
    for page, query in links(app):
        assert page == "london_amount"
        assert "effects=borough" in query
        assert "covariance=cluster" in query


def test_claims_page_link_sets_filters_and_filters_set_link() -> None:
    app = opened(**LINK)
    assert [box.value for box in app.selectbox] == ["london", "outcomes", "only_as_published"]
    assert len(links(app)) == 4
    app.selectbox[2].set_value("does_not_hold").run()
    assert len(links(app)) == 0
    assert query(app) == LINK | {"verdict": "does_not_hold"}


def test_claims_page_of_study_shows_its_topics_and_claims() -> None:
    app = opened(**CRIME)
    own = [claim for claim in judged_all() if claim.study == "west_midlands"]
    assert [len(links(app)), len(own)] == [33, 33]
    assert list(app.selectbox[1].options)[1:] == list(STUDIES["west_midlands"].topics.values())
    counted = [option for option in app.selectbox[2].options if option.startswith("Stands up (")]
    assert counted == [f"Stands up ({tally(own)[Verdict.STANDS_UP]})"]
    assert [item.value for item in app.subheader][1:] == [STUDIES["west_midlands"].title]


def test_topic_filter_after_study_change_is_reset(app_of_crime: AppTest) -> None:
    assert app_of_crime.selectbox[1].value == "rates"
    app_of_crime.selectbox[0].set_value("london").run()
    assert app_of_crime.selectbox[1].value == ""
    assert query(app_of_crime) == {"v": "1", "study": "london", "topic": "", "verdict": ""}
    assert len(links(app_of_crime)) == 17


def test_claims_page_has_heading_for_every_study_and_topic(app: AppTest) -> None:
    assert [item.value for item in app.subheader][1:] == [study.title for study in STUDIES.values()]
    shown = text(app)
    for study in STUDIES.values():
        places = [shown.index(f"#### {topic}") for topic in study.topics.values()]
        assert places == sorted(places)


def test_claims_page_without_matches_suggests_all_topics() -> None:
    app = opened(**LINK | {"topic": "data"})
    assert not links(app)
    assert any("Choose all topics" in box.value for box in app.info)


def test_claims_page_with_unknown_topic_shows_notice() -> None:
    app = opened(**LINK | {"topic": "weather"})
    assert any("weather" in box.value for box in app.info)
    assert app.selectbox[1].value == ""


def test_icons_are_unique_for_every_verdict() -> None:
    assert set(ICONS) == set(Verdict)
    assert len(set(ICONS.values())) == len(Verdict)


def test_claims_charts_have_text_alternative(app: AppTest) -> None:
    charts = app.get("vega_lite_chart")
    assert len(charts) == len(STUDIES)
    for chart in charts:
        for title in ("London: use of force and trust: Reproduced, but not supported: 7", "West Midlands"):
            assert title in chart.proto.alt
