import pytest
from streamlit.testing.v1 import AppTest

from core.app.claims import ICONS
from core.claims import RULES, Verdict
from core.claims.studies import STUDIES, judged_all
from core.claims.telling import summary
from tests.conftest import ROOT

LINK = {"v": "1", "topic": "outcomes", "verdict": "only_as_published"}


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


def text(app: AppTest) -> str:
    return "\n".join(block.value for block in app.markdown)


def links(app: AppTest) -> list[tuple[str, str]]:
    protos = [link.proto for link in app.get("page_link")]
    return [(proto.page, proto.query_string) for proto in protos]


def test_the_page_answers_and_shows_every_claim_with_its_verdict_and_reason(app: AppTest) -> None:
    claims = judged_all()
    assert app.title[0].value == "Do the published claims hold?"
    assert summary(claims) in "".join(str(block.proto.body) for block in app.get("html"))
    shown = text(app)
    for claim in claims:
        assert claim.words in shown
        assert f"{ICONS[claim.verdict]} **{claim.verdict.label}.** {claim.reason}" in shown
    assert len(links(app)) == len(claims)


def test_the_page_documents_the_rules_and_the_standards(app: AppTest) -> None:
    shown = text(app)
    for rule in RULES:
        assert rule.sentence in shown
    for study in STUDIES.values():
        assert study.method in shown
        for claim in study.claims:
            assert claim.check.standard in shown


def test_links_carry_the_model_that_shows_the_claim() -> None:
    app = opened(**LINK | {"topic": "amount", "verdict": ""})
    for page, query in links(app):
        assert page == "london_amount"
        assert "effects=borough" in query
        assert "covariance=cluster" in query


def test_a_link_sets_the_filters_and_the_filters_write_the_link() -> None:
    app = opened(**LINK)
    assert [box.value for box in app.selectbox] == ["outcomes", "only_as_published"]
    assert len(links(app)) == 3
    app.selectbox[1].set_value("holds").run()
    assert len(links(app)) == 1
    assert app.query_params == {"v": ["1"], "topic": ["outcomes"], "verdict": ["holds"]} or dict(app.query_params) == {
        "v": "1",
        "topic": "outcomes",
        "verdict": "holds",
    }


def test_a_filter_that_leaves_nothing_says_what_to_do() -> None:
    app = opened(**LINK | {"topic": "data"})
    assert not links(app)
    assert any("Choose all topics" in box.value for box in app.info)


def test_a_link_to_what_is_not_there_is_told() -> None:
    app = opened(**LINK | {"topic": "weather"})
    assert any("weather" in box.value for box in app.info)
    assert app.selectbox[0].value == ""


def test_every_verdict_has_an_icon_of_its_own() -> None:
    assert set(ICONS) == set(Verdict)
    assert len(set(ICONS.values())) == len(Verdict)


def test_the_picture_has_a_text_alternative(app: AppTest) -> None:
    (chart,) = app.get("vega_lite_chart")
    assert "Holds only as published: 7" in chart.proto.alt
