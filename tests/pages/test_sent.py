"""Charts go to the browser with their rows as Arrow: the same chart and the same rows as Altair would write."""

import json
import math
from collections.abc import Mapping
from typing import Any

import altair as alt
import pyarrow as pa
import pytest
from altair.utils.schemapi import SchemaBase

from core.app import cache, render
from core.crime.neighbourhood.question import PAGE as NEIGHBOURHOOD
from core.presentation.charts import AnyChart, with_theme
from core.registry.pages import PAGES
from tests.pages.visiting import ONE_LAYER, WHOLE, Visit

PLACE = {"borough": "Brent"}  # the page of one borough waits for it
LSOA = {"lsoa": "E01033543"}  # and that of one neighbourhood for this
WITHOUT_CHARTS = {"home", "user_panel", "glossary"}


def query_of(page: str) -> dict[str, str]:
    """A link to a view of `page` with charts."""
    place = LSOA if page == NEIGHBOURHOOD else PLACE
    return {**WHOLE, **place} if page not in ONE_LAYER else place


def rows_of(packed: bytes) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pa.ipc.open_stream(packed).read_all().to_pylist()
    return rows


def plain(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


def assert_same(written: Any, sent: Any, written_rows: Mapping[str, Any], sent_rows: Mapping[str, bytes]) -> None:
    if isinstance(written, dict):
        assert written.keys() == sent.keys()
        if written.keys() == {"name"} and written["name"] in written_rows:
            sentence = [{key: plain(value) for key, value in row.items()} for row in rows_of(sent_rows[sent["name"]])]
            assert sentence == [
                {key: plain(value) for key, value in row.items()} for row in written_rows[written["name"]]
            ]
            return
        for key, value in written.items():
            assert_same(value, sent[key], written_rows, sent_rows)
    elif isinstance(written, list):
        assert len(written) == len(sent)
        for one, other in zip(written, sent, strict=True):
            assert_same(one, other, written_rows, sent_rows)
    else:
        assert written == sent


@pytest.mark.parametrize("page", [entry.name for entry in PAGES if entry.name not in WITHOUT_CHARTS])
def test_packed_charts_of_page_equal_what_altair_would_write(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    packed, seen = render._packed, []

    def checked(chart: AnyChart, dark: bool) -> tuple[str, dict[str, bytes]]:
        (sent, tables), written = packed(chart, dark), with_theme(chart, dark)
        seen.append(chart)
        rows = written.pop("datasets", {})
        assert_same(written, json.loads(sent), rows, tables)
        return sent, tables

    cache.clear()
    monkeypatch.setattr(render, "_packed", checked)
    Visit(page, query_of(page))
    assert seen


@pytest.mark.parametrize("page", [entry.name for entry in PAGES if entry.name not in WITHOUT_CHARTS])
def test_charts_of_page_are_those_of_altair_with_its_own_copies(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Layers share their parts with the charts that they were made of, which is safe as long as none is changed."""

    def sent() -> list[tuple[str, str]]:
        cache.clear()
        pictures = Visit(page, query_of(page)).pictures
        return [(chart.alt, chart.spec) for chart in pictures if hasattr(chart, "spec")]

    shared = sent()
    monkeypatch.delattr(alt.Chart, "__deepcopy__")
    assert sent() == shared
    assert shared


@pytest.mark.parametrize("page", [entry.name for entry in PAGES if entry.name not in WITHOUT_CHARTS])
def test_charts_of_page_avoid_slow_altair_paths(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Milliseconds each: a channel given as a string or a dict, a table that layers have instead of the whole."""

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("give channels as objects, and the table to alt.layer")

    cache.clear()
    monkeypatch.setattr(SchemaBase, "from_dict", refused)
    monkeypatch.setattr(alt.Chart, "_compute_hash", refused)
    Visit(page, PLACE)
