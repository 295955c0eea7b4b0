"""Before and after as a figure: its title says what the tests say, its cautions what the predictor is."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.london.amount.question import LONDON_AMOUNT
from core.london.questions import VOCABULARY
from core.presentation.models.event_figures import cautions, event_figure
from core.stats.panels.event_study import EventStudy, event_study
from core.stats.regression import ModelSpec
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from tests.panels import simulated

SPEC = replace(LONDON_AMOUNT.recommended, form="count", window="quarter", start="", outcome="trust_mps", lag=1)


def scored(early: float) -> Panel:
    """The score follows the records of the same quarter, and with `early` those of the next."""
    frame = simulated({"A": 0.1, "B": 0.1}).frame
    following = frame.groupby("borough")["records"].shift(-1).fillna(1000)
    return Panel(frame.assign(trust_mps=frame["trust"] + early * following / 1000))


def test_title_says_whether_something_was_there_before_and_what_follows(catalogue: Catalogue) -> None:
    for early, words in ((0.0, "No clear difference before"), (0.2, "Different already before")):
        found = event_study(scored(early), SPEC, "records", 2, 3)
        figure = event_figure(found, SPEC, "records", catalogue, VOCABULARY)
        assert figure.title.startswith(f"{words} (joint test of the leads p ")
        assert "; 3 quarters after +" in figure.title
        assert ("Roth 2022" in figure.note) == (not early)
        assert "earlier" not in figure.note
        table = figure.table.set_index("Periods since the rise")
        assert list(table.index) == [-3, -2, -1, 0, 1, 2, 3]
        assert table.loc[-1, "Points"] == 0
        points = table["Points"].to_numpy(dtype=float)
        expected = 100 * 100 * found.path[0].estimate
        assert points[3] == pytest.approx(expected)


def test_nothing_after_is_said_at_once(catalogue: Catalogue) -> None:
    found = event_study(scored(0.0), SPEC, "records", 1, 0)
    figure = event_figure(found, SPEC, "records", catalogue, VOCABULARY)
    assert "; at once +" in figure.title


def treated(count: int, spec: ModelSpec, seed: int = 1, lags: int = 1) -> EventStudy:
    """A policy of the first `count` boroughs from the same quarter on, and a score that drifts on its own."""
    panel, rng = scored(0.0), np.random.default_rng(seed)
    place = panel.frame["quarter"].map({name: at for at, name in enumerate(panel.periods)})
    policy = (panel.frame["borough"].isin(panel.areas[:count]) & (place >= 10)).astype(int)
    drift = rng.normal(size=(len(panel.areas), len(panel.periods))).cumsum(axis=1).ravel()
    return event_study(Panel(panel.frame.assign(records=policy, trust_mps=drift)), spec, "records", 4, lags)


def test_few_treated_boroughs_say_nothing_of_what_was_before(catalogue: Catalogue) -> None:
    found = treated(2, SPEC)
    assert found.leads is not None
    assert found.leads.p < 0.05  # which is noise
    figure = event_figure(found, SPEC, "records", catalogue, VOCABULARY)
    assert figure.title.startswith("Too few boroughs to tell whether they differed before; 1 quarter after ")
    assert "which so few boroughs give by chance too" in figure.note
    (few,) = cautions(found, SPEC, VOCABULARY)
    assert few.startswith("The estimates rest on few boroughs (as much as 2.")
    assert "too narrow" in few
    assert cautions(treated(10, SPEC), SPEC, VOCABULARY) == ()


def test_more_leads_than_boroughs_are_drawn_without_a_test(catalogue: Catalogue) -> None:
    panel = scored(0.0)
    spec = replace(SPEC, areas=tuple(panel.areas[:4]))
    figure = event_figure(event_study(panel, spec, "records", 8, 2), spec, "records", catalogue, VOCABULARY)
    assert figure.title.startswith("What was before is not tested; 2 quarters after +")
    assert "no joint test. There are too few boroughs to test 8 estimates together; choose fewer." in figure.note
    assert len(figure.table) == 12


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"effects": ("quarter",)}, True), ({}, False), ({"effects": ("quarter",), "differences": True}, False)],
)
def test_effects_of_the_area_that_the_model_has_not_are_said(
    catalogue: Catalogue, changes: dict[str, Any], said: bool
) -> None:
    spec = replace(SPEC, trends=False, **changes)
    figure = event_figure(event_study(scored(0.0), spec, "records", 1, 1), spec, "records", catalogue, VOCABULARY)
    assert ("This is within boroughs" in figure.note) == said


def test_staggered_policy_and_sums_of_a_year_have_cautions() -> None:
    panel = scored(0.0)
    start = panel.frame["borough"].map({name: 5 + at % 4 for at, name in enumerate(panel.areas)})
    place = panel.frame["quarter"].map({name: at for at, name in enumerate(panel.periods)})
    policy = Panel(panel.frame.assign(records=np.where(place >= start, 1, 0)))
    spec = replace(SPEC, covariance="HC1", lag=0)
    (staggered,) = cautions(event_study(policy, spec, "records", 1, 1), spec, VOCABULARY)
    assert staggered.startswith("Boroughs go from 0 to 1 at different times (4 times).")
    assert "Goodman-Bacon 2021" in staggered
    without = replace(spec, effects=("borough",), trends=False)  # nothing of the quarter, so no such comparison
    assert cautions(event_study(policy, without, "records", 1, 1), without, VOCABULARY) == ()
    year = replace(spec, window="year")
    (overlapping,) = cautions(event_study(panel, year, "records", 1, 1), year, VOCABULARY)
    assert overlapping.startswith("The predictor is a sum over 12 months")
    assert cautions(event_study(panel, spec, "records", 1, 1), spec, VOCABULARY) == ()
