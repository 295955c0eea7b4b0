"""Associations by group and by size as figures: their titles and tables say what the results say."""

from dataclasses import replace

import numpy as np
import pytest

from core.london.amount.question import LONDON_AMOUNT
from core.london.questions import VOCABULARY
from core.presentation.moderation_figures import bend_figure, group_figure
from core.stats.panels.moderated import bend, by_group
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from tests.panels import simulated

SPEC = replace(LONDON_AMOUNT.recommended, form="count", window="quarter", start="")
BY = replace(SPEC, moderator="inner_outer")


def test_title_has_each_group_and_whether_they_differ(catalogue: Catalogue) -> None:
    for slopes, words in (
        ({"Inner": -0.1, "Outer": 0.1}, "the difference is clear"),
        ({"Inner": 0.1, "Outer": 0.1}, "no"),
    ):
        panel = scored(simulated(slopes))
        found = by_group(panel, BY, "records")
        figure = group_figure(found, BY, "records", catalogue, VOCABULARY)
        assert figure.title.startswith("Inner: ")
        assert " and Outer: +" in figure.title
        assert words in figure.title
        table = figure.table.set_index("Inner or Outer London")
        assert list(table.index) == ["Inner", "Outer", "Outer less Inner"]
        assert list(table["Boroughs"])[:2] == [10, 10]
        points = table["Points"].to_numpy(dtype=float)
        assert points[2] == pytest.approx(points[1] - points[0])


def test_three_groups_are_counted_in_the_test(catalogue: Catalogue) -> None:
    found = by_group(scored(simulated({"A": 0.1, "B": 0.1, "C": -0.2})), BY, "records")
    figure = group_figure(found, BY, "records", catalogue, VOCABULARY)
    assert figure.title == "Groups of Inner or Outer London: clear differences"
    assert "F(2, 29)" in figure.note
    assert len(figure.table) == 5


def test_bend_says_where_it_turns_or_that_it_may_be_straight(catalogue: Catalogue) -> None:
    panel, spec = scored(simulated({"A": 0.1, "B": 0.1, "C": 0.1})), replace(SPEC, squares=True)
    straight = bend_figure(bend(panel, spec, "records"), spec, "records", catalogue, VOCABULARY)
    assert straight.title == "No clear bend: the line may be straight"
    humped = bent(panel)
    figure = bend_figure(bend(humped, spec, "records"), spec, "records", catalogue, VOCABULARY)
    assert figure.title.startswith("The line bends, and turns at ")
    assert float(figure.title.rpartition(" ")[2].replace(",", "")) == pytest.approx(1000, abs=20)
    assert "after Fieller" in figure.note
    assert "10%, 50% and 90% of the rows" in figure.note
    logarithm = replace(spec, form="log", predictors=("records",))
    at = bend_figure(bend(humped, logarithm, "records"), logarithm, "records", catalogue, VOCABULARY)
    assert "Where it is low: " in str(at.table.iloc[0, 0])


def bent(panel: Panel) -> Panel:
    noise = np.random.default_rng(3).normal(size=len(panel.frame))
    trust = 0.6 - 4e-7 * (panel.frame["records"] - 1000) ** 2 + 0.01 * noise
    return Panel(panel.frame.assign(score_mean_of_8=trust))


def scored(panel: Panel) -> Panel:
    return Panel(panel.frame.rename(columns={"trust": "score_mean_of_8"}))
