from collections.abc import Collection
from dataclasses import fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.app.controls import allowed_values
from core.london.map.figures import MapView
from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.panel import london_panel
from core.questions.links import address, from_query, to_query
from core.questions.question import AS_PUBLISHED, RECOMMENDED
from core.stats.regression import ModelSpec

ALLOWED = {name: list(options) for name, options in allowed_values(LONDON_OUTCOMES, london_panel()).items()}
BASE = LONDON_OUTCOMES.presets[RECOMMENDED]
LONG = "x" * 20_000
HOSTILE = (
    "",
    "Atlantis",
    "|||",
    "None",
    "<script>alert(1)</script>",
    "[click here](https://example.org)",
    "'; DROP TABLE boroughs; --",
    "..\\..\\etc\\passwd",
    "\x00",
    "\u202egnirts",
    "1e999",
    "-1",
    LONG,
)


def some_of(options: Collection[Any], *, least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(list(options)), unique=True, min_size=least).map(tuple)


specs = st.builds(
    ModelSpec,
    outcome=st.sampled_from(ALLOWED["outcome"]),
    predictors=some_of(ALLOWED["predictors"], least=1),
    form=st.sampled_from(ALLOWED["form"]),
    window=st.sampled_from(ALLOWED["window"]),
    lag=st.sampled_from(ALLOWED["lag"]),
    controls=some_of(ALLOWED["controls"]),
    effects=some_of(ALLOWED["effects"]),
    start=st.sampled_from(ALLOWED["start"]),
    end=st.sampled_from(ALLOWED["end"]),
    areas=st.none() | some_of(ALLOWED["areas"]),
    non_overlapping=st.booleans(),
    weights=st.sampled_from(ALLOWED["weights"]),
    covariance=st.sampled_from(ALLOWED["covariance"]),
    kernel_lags=st.sampled_from(ALLOWED["kernel_lags"]),
)


def allows(name: str, value: object) -> bool:
    if name == "areas" and value is None:
        return True
    if isinstance(value, tuple):
        return all(member in ALLOWED[name] for member in value)
    return value in ALLOWED[name]


def test_every_choice_of_a_model_can_come_from_a_link() -> None:
    assert set(ALLOWED) == {field.name for field in fields(ModelSpec)}


@given(spec=specs, base=specs)
def test_a_link_carries_a_whole_model_whatever_the_page_showed_before(spec: ModelSpec, base: ModelSpec) -> None:
    query = to_query(spec)
    assert set(query) == set(ALLOWED)
    assert all(isinstance(text, str) for text in query.values())
    assert from_query(query, base, ALLOWED) == (spec, [])


@given(one=specs, other=specs)
def test_different_models_have_different_links(one: ModelSpec, other: ModelSpec) -> None:
    assert (to_query(one) == to_query(other)) == (one == other)


@given(spec=specs)
def test_an_address_brings_the_model_back(spec: ModelSpec) -> None:
    link = urlsplit(address("https://figures.example/app/london_map?v=1&x=2", "london_amount", to_query(spec)))
    assert (link.scheme, link.netloc, link.path) == ("https", "figures.example", "/app/london_amount")
    arrived = dict(parse_qsl(link.query, keep_blank_values=True))
    assert from_query(arrived, BASE, ALLOWED) == (spec, [])


def test_a_link_writes_defaults_out_too() -> None:
    view = to_query(MapView())
    assert set(view) == {field.name for field in fields(MapView)}
    assert (view["variable"], view["form"], view["kind"], view["quarter"]) == ("trust_mps", "per_1000", "level", "")
    query = to_query(BASE)
    assert (query["controls"], query["effects"], query["areas"]) == ("none", "borough|quarter", "all")
    assert (query["non_overlapping"], query["lag"]) == ("no", "0")


@pytest.mark.parametrize("name", sorted(ALLOWED))
@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value[:12]))
def test_a_bad_value_falls_back_with_a_notice_that_names_it(name: str, value: str) -> None:
    if value == "" and name in ("start", "end"):
        view, notices = from_query({name: value}, BASE, ALLOWED)
        assert (getattr(view, name), notices) == ("", [])
        return
    view, notices = from_query({name: value}, BASE, ALLOWED)
    assert view == BASE
    (notice,) = notices
    assert name.replace("_", " ") in notice
    assert "not offered here" in notice
    assert len(notice) < 250
    if value.isalnum():
        assert value[:40] in notice


@pytest.mark.parametrize("name", [name for name in sorted(ALLOWED) if name != "areas"])
def test_all_is_no_value_but_of_boroughs(name: str) -> None:
    view, notices = from_query({name: "all"}, BASE, ALLOWED)
    assert view == BASE
    assert len(notices) == 1
    assert "all" in notices[0]


def test_a_bad_value_hinders_no_other() -> None:
    query = {"outcome": "trust_mps", "lag": "99", "form": "square_root", "covariance": "HC1", "utm_source": "mail"}
    view, notices = from_query(query, BASE, ALLOWED)
    assert view == replace(BASE, outcome="trust_mps", covariance="HC1")
    form, lag = notices
    assert "square_root" in form
    assert "99" in lag


def test_of_several_members_the_known_ones_stay() -> None:
    view, (notice,) = from_query({"areas": "Barnet|Atlantis|Camden|Barnet"}, BASE, ALLOWED)
    assert view.areas == ("Barnet", "Camden")
    assert "Atlantis" in notice
    assert "Barnet" not in notice


@pytest.mark.parametrize("value", ["[click](https://example.org)", "https://example.org", "![](x)", "`a` $b$ :red[c]"])
def test_a_value_is_quoted_so_that_it_cannot_become_a_link_or_a_picture(value: str) -> None:
    _, (notice,) = from_query({"outcome": value}, BASE, ALLOWED)
    before, quoted, after = notice.split("`")
    assert before == "The link asks for "
    assert value.replace("`", "") in quoted.replace("'", "").replace("`", "") or "`" in value
    assert "\n" not in quoted
    assert after.startswith(" as outcome")


def test_a_value_of_several_lines_stays_on_one() -> None:
    _, (notice,) = from_query({"outcome": "a\n\n# b"}, BASE, ALLOWED)
    assert "\n" not in notice


@given(
    query=st.dictionaries(st.sampled_from([*ALLOWED, "v", "other"]), st.text(max_size=40) | st.sampled_from(HOSTILE))
)
def test_no_link_can_bring_in_anything_else(query: dict[str, str]) -> None:
    view, notices = from_query(query, BASE, ALLOWED)
    for field in fields(view):
        assert allows(field.name, getattr(view, field.name))
    assert all("\n" not in notice for notice in notices)


def test_a_preset_is_a_link_of_its_own() -> None:
    published = LONDON_OUTCOMES.presets[AS_PUBLISHED]
    assert from_query(to_query(published), BASE, ALLOWED) == (published, [])


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        ("http://localhost:8501/london_map", "http://localhost:8501/data?table=survey"),
        ("https://x.example/tools/data?table=a&b=/", "https://x.example/tools/data?table=survey"),
        ("", "/data?table=survey"),
    ],
)
def test_the_address_stands_beside_the_page_shown(current: str, expected: str) -> None:
    assert address(current, "data", {"table": "survey"}) == expected
