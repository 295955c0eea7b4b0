"""Associations by group and by size as figures: their titles and tables say what the results say."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.app.models import panels
from core.london.amount.question import LONDON_AMOUNT
from core.london.questions import VOCABULARY
from core.presentation.models.moderation_figures import bend_figure, group_figure
from core.stats.panels.moderated import bend, by_group
from core.stats.regression import ModelError
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from tests.panels import simulated

SPEC = replace(LONDON_AMOUNT.recommended, form="count", window="quarter", start="")
BY = replace(SPEC, moderator="inner_outer")


def test_title_has_each_group_and_whether_they_differ(catalogue: Catalogue) -> None:
    for slopes, words in (
        ({"Inner": -0.1, "Outer": 0.1}, "A clear difference: Inner "),
        ({"Inner": 0.1, "Outer": 0.1}, "No clear difference: Inner "),
    ):
        panel = scored(simulated(slopes))
        found = by_group(panel, BY, "records")
        figure = group_figure(found, BY, "records", catalogue, VOCABULARY)
        assert figure.title.startswith(words)
        assert " and Outer +" in figure.title
        table = figure.table.set_index("Inner or Outer London")
        assert list(table.index) == ["Inner", "Outer", "Outer less Inner"]
        assert list(table["Boroughs"])[:2] == [10, 10]
        points = table["Points"].to_numpy(dtype=float)
        assert points[2] == pytest.approx(points[1] - points[0])
        assert "F(" not in figure.note  # the difference is its own test
        low, high = (table[name].astype(float).iloc[2] for name in ("95% interval from", "95% interval to"))
        assert (low > 0 or high < 0) == figure.title.startswith("A clear")


def test_three_groups_are_counted_in_the_test(catalogue: Catalogue) -> None:
    found = by_group(scored(simulated({"A": 0.1, "B": 0.1, "C": -0.2})), BY, "records")
    figure = group_figure(found, BY, "records", catalogue, VOCABULARY)
    assert figure.title == "Clear differences between groups of Inner or Outer London"
    assert "F(2, 28)" in figure.note
    assert len(figure.table) == 5


def test_two_groups_differ_clearly_where_the_cautious_interval_says_so(catalogue: Catalogue) -> None:
    """Eight boroughs and two: the clustered interval of the difference leaves zero out, the cautious one does not."""
    panel = scored(simulated({"Inner": 0.1, "Outer": 0.1}, seed=46, n_periods=8))
    areas = tuple(f"{group} {number}" for group, count in (("Inner", 8), ("Outer", 2)) for number in range(count))
    spec = replace(BY, areas=areas)
    found = by_group(panel, spec, "records")
    difference = found.differences["Outer"]
    assert difference.p < 0.05
    assert difference.reliable[0] < 0 < difference.reliable[1]
    figure = group_figure(found, spec, "records", catalogue, VOCABULARY)
    assert figure.title.startswith("No clear difference: Inner ")


def test_group_of_one_borough_has_no_interval(catalogue: Catalogue) -> None:
    panel = scored(simulated({"Inner": 0.1, "Outer": 0.3}))
    spec = replace(BY, areas=(*(name for name in panel.areas if name.startswith("Inner")), "Outer 3"))
    figure = group_figure(by_group(panel, spec, "records"), spec, "records", catalogue, VOCABULARY)
    ends = figure.table.set_index("Inner or Outer London")[["95% interval from", "95% interval to", "p-value"]]
    assert ends.loc["Inner"].notna().all()
    assert ends.loc[["Outer", "Outer less Inner"]].isna().all(axis=None)
    assert figure.title.startswith("No clear difference: ")
    assert figure.note.endswith("One borough alone carries what has no bar, so no interval can be given for it.")


def test_groups_of_few_boroughs_are_not_tested_together(catalogue: Catalogue) -> None:
    panel = scored(simulated({"A": 0.1, "B": 0.1, "C": -0.2}))
    spec = replace(BY, areas=tuple(name for name in panel.areas if name not in [f"C {at}" for at in range(4, 10)]))
    figure = group_figure(by_group(panel, spec, "records"), spec, "records", catalogue, VOCABULARY)
    assert figure.title == "Differences between groups of Inner or Outer London were not tested"
    assert "Of C there are fewer than 5 boroughs" in figure.note


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
    assert "three sizes of " in at.note
    assert "ln(" not in at.note, "the sizes are given before any logarithm"


@pytest.mark.parametrize(
    ("work_out", "changes"), [(panels._grouped, {"moderator": "inner_outer"}), (panels._bent, {"squares": True})]
)
def test_what_the_page_works_out_calls_variables_by_their_labels(
    work_out: Callable[..., object], changes: dict[str, Any], catalogue: Catalogue
) -> None:
    panel = scored(simulated({"Inner": 0.1, "Outer": 0.1}))
    spec = replace(SPEC, trends=False, controls=("imd_score",), **changes)  # which the effects of the borough hold
    with pytest.raises(ModelError, match=re.escape(catalogue.label("imd_score"))):
        work_out(panel, spec, "records", "london")


def bent(panel: Panel) -> Panel:
    noise = np.random.default_rng(3).normal(size=len(panel.frame))
    trust = 0.6 - 4e-7 * (panel.frame["records"] - 1000) ** 2 + 0.01 * noise
    return Panel(panel.frame.assign(score_mean_of_8=trust))


def scored(panel: Panel) -> Panel:
    return Panel(panel.frame.rename(columns={"trust": "score_mean_of_8"}))
