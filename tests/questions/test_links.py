from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.app.models.choices import allowed_values
from core.london.map.figures import MapView
from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.panel import london_panel
from core.questions.links import (
    address,
    from_query,
    not_offered,
    own_choices,
    to_query,
    understood,
    unknown_names,
    unread,
)
from core.questions.question import AS_PUBLISHED, RECOMMENDED
from core.stats.regression import ModelSpec

ALLOWED = {name: list(options) for name, options in allowed_values(london_panel(), LONDON_OUTCOMES).items()}
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
    cluster=st.sampled_from(ALLOWED["cluster"]),
    kernel_lags=st.sampled_from(ALLOWED["kernel_lags"]),
)


def allows(name: str, value: object) -> bool:
    if name == "areas" and value is None:
        return True
    if isinstance(value, tuple):
        return all(member in ALLOWED[name] for member in value)
    return value in ALLOWED[name]


def test_allowed_values_cover_each_field_of_model_spec() -> None:
    assert set(ALLOWED) == {field.name for field in fields(ModelSpec)}


@given(spec=specs, base=specs)
def test_from_query_restores_the_model_whatever_the_base(spec: ModelSpec, base: ModelSpec) -> None:
    query = to_query(spec)
    assert set(query) == set(ALLOWED)
    assert all(isinstance(text, str) for text in query.values())
    assert from_query(query, base, ALLOWED) == (spec, [])


@given(one=specs, other=specs)
def test_to_query_of_different_models_differs(one: ModelSpec, other: ModelSpec) -> None:
    assert (to_query(one) == to_query(other)) == (one == other)


@given(spec=specs)
def test_address_restores_the_model(spec: ModelSpec) -> None:
    link = urlsplit(address("https://figures.example/app/london_map?v=1&x=2", "london_amount", to_query(spec)))
    assert (link.scheme, link.netloc, link.path) == ("https", "figures.example", "/app/london_amount")
    arrived = dict(parse_qsl(link.query, keep_blank_values=True))
    assert from_query(arrived, BASE, ALLOWED) == (spec, [])


def test_to_query_includes_defaults() -> None:
    view = to_query(MapView())
    assert set(view) == {field.name for field in fields(MapView)}
    assert (view["variable"], view["form"], view["kind"], view["quarter"]) == ("trust_mps", "per_1000", "level", "")
    query = to_query(BASE)
    assert (query["controls"], query["effects"], query["areas"]) == ("none", "borough|quarter", "all")
    assert (query["non_overlapping"], query["lag"]) == ("no", "0")


@pytest.mark.parametrize("name", sorted(ALLOWED))
@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value[:12]))
def test_from_query_with_bad_value_falls_back_and_names_it(name: str, value: str) -> None:
    if value == "" and name in ("start", "end", "cluster", "moderator"):
        view, notices = from_query({name: value}, BASE, ALLOWED)
        assert (getattr(view, name), notices) == ("", [])
        return
    view, notices = from_query({name: value}, BASE, ALLOWED)
    assert view == BASE
    if not value:  # as if the link did not have the name
        assert notices == []
        return
    (notice,) = notices
    assert name.replace("_", " ") in notice
    assert "not offered here" in notice
    assert len(notice) < 250
    if value.isalnum():
        assert value[:40] in notice


@pytest.mark.parametrize("name", [name for name in sorted(ALLOWED) if name != "areas"])
def test_from_query_with_all_is_rejected_except_for_areas(name: str) -> None:
    view, notices = from_query({name: "all"}, BASE, ALLOWED)
    assert view == BASE
    assert len(notices) == 1
    assert "all" in notices[0]


def test_from_query_with_bad_values_uses_the_others() -> None:
    query = {"outcome": "trust_mps", "lag": "99", "form": "square_root", "covariance": "HC1", "utm_source": "mail"}
    view, notices = from_query(query, BASE, ALLOWED)
    assert view == replace(BASE, outcome="trust_mps", covariance="HC1")
    form, lag = notices
    assert "square_root" in form
    assert "99" in lag


def test_from_query_of_an_option_by_another_name_reads_it_and_writes_its_own() -> None:
    spellings = {"trust_mps": "trust_mps", "Trust in the Met": "trust_mps"}
    view, notices = from_query({"outcome": "Trust in the Met"}, BASE, {"outcome": spellings})
    assert (view.outcome, notices) == ("trust_mps", [])
    assert to_query(view)["outcome"] == "trust_mps"
    assert len(from_query({"outcome": "Trust"}, BASE, {"outcome": spellings})[1]) == 1


@pytest.mark.parametrize(
    "name", ["utm_source", "utm_anything", "fbclid", "gclid", "msclkid", "embed", "embed_options", "borough", "v"]
)
def test_names_of_trackers_streamlit_and_other_pages_are_left_alone(name: str) -> None:
    assert unknown_names({name: "x"}) == []


def test_unknown_names_are_named_shortly_and_quoted() -> None:
    assert unknown_names({"colour": "red", "lag": "1"}) == ["The link has `'colour'`, which no page here knows."]
    (many,) = unknown_names(dict.fromkeys([f"[x{number}](y)" for number in range(9)], ""))
    assert "(and 6 more)" in many
    assert many.count("`") == 6
    (long,) = unknown_names({LONG: ""})
    assert len(long) < 250


def test_understood_leaves_out_what_says_nothing() -> None:
    query = {"utm_source": "mail", "colour": "red", "controls": "", "borough": "Barnet"}
    assert understood(query) == {"borough": "Barnet"}


def test_from_query_with_some_unknown_members_uses_the_known() -> None:
    view, (notice,) = from_query({"areas": "Barnet|Atlantis|Camden|Barnet"}, BASE, ALLOWED)
    assert view.areas == ("Barnet", "Camden")
    assert "Atlantis" in notice
    assert "Barnet" not in notice


@pytest.mark.parametrize("value", ["[click](https://example.org)", "https://example.org", "![](x)", "`a` $b$ :red[c]"])
def test_from_query_with_markdown_value_quotes_it(value: str) -> None:
    _, (notice,) = from_query({"outcome": value}, BASE, ALLOWED)
    before, quoted, after = notice.split("`")
    assert before == "The link asks for "
    assert value.replace("`", "") in quoted.replace("'", "").replace("`", "") or "`" in value
    assert "\n" not in quoted
    assert after.startswith(" as outcome")


def test_from_query_with_multiline_value_has_one_line_notice() -> None:
    _, (notice,) = from_query({"outcome": "a\n\n# b"}, BASE, ALLOWED)
    assert "\n" not in notice


@given(
    query=st.dictionaries(st.sampled_from([*ALLOWED, "v", "other"]), st.text(max_size=40) | st.sampled_from(HOSTILE))
)
def test_from_query_with_any_text_gives_only_allowed_values(query: dict[str, str]) -> None:
    view, notices = from_query(query, BASE, ALLOWED)
    for field in fields(view):
        assert allows(field.name, getattr(view, field.name))
    assert all("\n" not in notice for notice in notices)


def test_from_query_restores_the_published_preset() -> None:
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
def test_address_replaces_the_current_page(current: str, expected: str) -> None:
    assert address(current, "data", {"table": "survey"}) == expected


@dataclass(frozen=True)
class Placed:
    district: str = ""


DISTRICTS = ("", "Barnet", "County Durham", "Newcastle upon Tyne", "Newcastle-under-Lyme", "Lewisham", "West Lewisham")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Barnet", "Barnet"),
        ("bARNET", "Barnet"),
        ("Durham", "County Durham"),
        (" durham ", "County Durham"),
        ("lewisham", "Lewisham"),
        ("Newcastle", None),
        ("Barn", None),
        (".*", None),
    ],
)
def test_place_of_a_link_may_be_in_any_case_and_part_of_one_name(text: str, meant: str | None) -> None:
    view, notices = from_query({"district": text}, Placed(), {"district": DISTRICTS})
    assert view.district == (meant or "")
    assert len(notices) == (meant is None)


def test_place_of_a_link_by_part_of_its_name_gives_what_the_name_stands_for() -> None:
    codes = {"E06000047": "E06000047", "County Durham": "E06000047"}
    for text in ("durham", "e06000047"):
        assert from_query({"district": text}, Placed(), {"district": codes}) == (Placed("E06000047"), [])


def test_own_choices_are_those_of_the_page_alone() -> None:
    query = {"v": "1", "borough": "Barnet", "area": "Lewisham", "score": "", "tab": "curve", "lag": "1"}
    assert own_choices(query, "borough") == {"tab"}
    assert own_choices(query, "london_amount") == {"tab", "lag"}
    assert own_choices(query, "user_panel") == {"tab", "lag", "area"}


def test_choice_that_a_page_works_out_itself_is_named_where_the_link_has_another() -> None:
    written = {"v": "1", "district": "Coventry", "place": "west_midlands"}
    link = {"v": "2", "district": "Leeds", "place": "kent", "borough": "Barnet"}
    assert unread(link, {"district"}, written) == [not_offered("place", "kent")]
    assert unread(link | {"place": "west_midlands"}, {"district"}, written) == []
