"""Between areas or within them, in words that agree with the numbers."""

import pytest

from core.london.amount.question import LONDON_AMOUNT
from core.london.questions import VOCABULARY
from core.presentation.models.between_figures import sources_figure
from core.presentation.models.effects import effect
from core.questions.question import FIRST_EDITION
from core.stats.panels.between import sources
from core.stats.regression import ModelSpec
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from tests.panels import simulated

SPEC = LONDON_AMOUNT.presets[FIRST_EDITION]


def test_figure_shows_each_source_and_the_test(london: Panel, catalogue: Catalogue) -> None:
    found = sources(london, SPEC)
    figure = sources_figure(found, "records", catalogue, VOCABULARY)
    assert list(figure.table["Compared"]) == [
        "Between boroughs: their means",
        "Within boroughs: each over time",
        "Random effects: a mix of both",
    ]
    for value, fitted in zip(figure.table["Points"], (found.between, found.within, found.random), strict=True):
        assert value == pytest.approx(effect(fitted.estimate("records"), SPEC, catalogue, VOCABULARY).value)
    assert f"F(1, 31) = {found.statistic:.2f}" in figure.note
    assert ("another answer" in figure.title) == (found.p < 0.05)
    assert ("mix two answers" in figure.note) == (found.p < 0.05)


def test_figure_of_one_slope_everywhere_finds_no_difference(catalogue: Catalogue) -> None:
    there = simulated({"Inner London": 0.02, "Outer London": 0.02})
    spec = ModelSpec("trust", ("records",), form="count")
    found = sources(there, spec)
    figure = sources_figure(found, "records", catalogue, VOCABULARY)
    assert found.p > 0.05
    assert "no clearly different answers" in figure.title
    assert "no proof" in figure.note
