"""Axes, hovers and columns of pictures of effects follow how the outcome enters: points, per cent or its own unit."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from core.london.amount.question import LONDON_AMOUNT
from core.london.outcomes.figures import coefficients_figure
from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.questions import VOCABULARY
from core.presentation.charts import Figure
from core.presentation.models.between_figures import sources_figure
from core.presentation.models.effects import effect
from core.presentation.models.event_figures import event_figure
from core.presentation.models.model_figures import ladder_figure, left_out_figure
from core.presentation.models.moderation_figures import bend_figure, group_figure
from core.presentation.models.outcome_figures import outcomes_figure
from core.presentation.robustness.evidence_figures import what_if_figure
from core.questions.vocabulary import Vocabulary
from core.stats.contributions import contributions
from core.stats.panels.between import sources
from core.stats.panels.event_study import event_study
from core.stats.panels.moderated import bend, by_group
from core.stats.panels.outcomes import side_by_side
from core.stats.regression import ModelSpec, NotTogether, fit, leave_one_out
from core.stats.what_if import what_if
from core.tables.catalogue import Catalogue
from core.tables.options import Response
from core.tables.panel import Panel

SPEC = replace(LONDON_AMOUNT.recommended, window="quarter")
OWN = replace(VOCABULARY, unit="", factor=1.0)
RESPONSES: tuple[Response, ...] = ("level", "log")
Draw = Callable[[Panel, ModelSpec, Catalogue, Vocabulary], Figure]


def ladder(panel: Panel, spec: ModelSpec, catalogue: Catalogue, words: Vocabulary) -> Figure:
    found = fit(panel, spec, wild=False)
    return ladder_figure({"A": effect(found.estimate("records"), spec, catalogue, words)}, {"A": found.n}, "A", words)


def left_out(panel: Panel, spec: ModelSpec, catalogue: Catalogue, words: Vocabulary) -> Figure:
    rows = leave_one_out(panel, spec, "records")
    return left_out_figure(rows, fit(panel, spec, wild=False), "records", catalogue, words)


def groups(panel: Panel, spec: ModelSpec, catalogue: Catalogue, words: Vocabulary) -> Figure:
    spec = replace(spec, moderator="inner_outer")
    return group_figure(by_group(panel, spec, "records"), spec, "records", catalogue, words)


FIGURES: Mapping[str, Draw] = {
    "between": lambda panel, spec, *words: sources_figure(sources(panel, spec), "records", *words),
    "event": lambda panel, spec, *words: event_figure(
        event_study(panel, spec, "records", 1, 1), spec, "records", *words
    ),
    "groups": groups,
    "bend": lambda panel, spec, *words: bend_figure(
        bend(panel, replace(spec, squares=True), "records"), spec, "records", *words
    ),
    "outcomes": lambda panel, spec, *words: outcomes_figure(
        side_by_side(panel, spec, "records", ("trust_mps", "score_trust")), spec, *words
    ),
    "ladder": ladder,
    "left out": left_out,
    "what if": lambda panel, spec, *words: what_if_figure(
        what_if(panel, fit(panel, spec, wild=False), "records", -10.0), *words
    ),
}


def _with_whole_titles(part: Any) -> Any:
    """A chart whose titles of several lines are one."""
    if isinstance(part, dict):
        return {name: _with_whole_titles(value) for name, value in part.items()}
    if isinstance(part, list) and part:
        return " ".join(part) if all(isinstance(line, str) for line in part) else list(map(_with_whole_titles, part))
    return part


@pytest.mark.parametrize("words", [VOCABULARY, OWN], ids=["points", "own unit"])
@pytest.mark.parametrize("response", RESPONSES)
@pytest.mark.parametrize("name", FIGURES)
def test_picture_states_the_unit_of_the_model(
    name: str, response: Response, words: Vocabulary, london: Panel, catalogue: Catalogue
) -> None:
    figure = FIGURES[name](london, replace(SPEC, response=response), catalogue, words)
    charts = (json.dumps(_with_whole_titles(chart.to_dict())) for chart in figure.charts)
    text = " ".join([*charts, *map(str, figure.table.columns)])
    unit = "per cent" if response == "log" else "points" if words.unit else "own"
    assert ("Percentage points of the score" in text) == (unit == "points")
    assert ('"Points"' in text) == (unit == "points")
    assert ("Per cent of the usual score" in text) == (unit == "per cent")
    assert ('"Per cent"' in text) == (unit == "per cent")


def test_coefficients_of_models_in_other_units_are_in_the_table_only(london: Panel, catalogue: Catalogue) -> None:
    spec = LONDON_OUTCOMES.recommended
    level, log = (fit(london, replace(spec, response=response), wild=False) for response in RESPONSES)
    fits = {"Recommended": level, "Yours": log}
    for current, axis, drawn in (
        (log, "Per cent of the usual score", "Yours"),
        (level, "Percentage points", "Recommended"),
    ):
        figure = coefficients_figure(fits, current, catalogue)
        for chart in figure.charts:
            assert axis in chart.to_json()
            rows = [row for data in chart.to_dict()["datasets"].values() for row in data if "label" in row]
            assert {row["label"] for row in rows} == {drawn}
        assert "Models in another unit are in the table." in figure.note
    recommended, yours = (figure.table[figure.table["Model"] == name] for name in fits)
    assert recommended["Points"].notna().all()
    assert recommended["Per cent"].isna().all()
    assert yours["Per cent"].notna().all()
    alone = coefficients_figure({"Recommended": level}, level, catalogue)
    assert "Per cent" not in alone.table.columns


@pytest.mark.parametrize("changes", [{"response": "log"}, {"differences": True}])
def test_parts_of_a_score_are_those_of_a_model_of_its_level(changes: dict[str, object], london: Panel) -> None:
    result = fit(london, replace(LONDON_OUTCOMES.recommended, **changes), wild=False)  # type: ignore[arg-type]
    with pytest.raises(NotTogether, match="choose the level"):
        contributions(london, result)
