"""What the page of a model shows next to the models from the published to the recommended one."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from core.app import render
from core.app.models import fitted_model, model_page
from core.london.amount.question import LONDON_AMOUNT
from core.presentation.charts import Figure
from core.presentation.models import model_figures
from core.stats.regression import FitResult, ModelSpec, fit
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel

TERM = "records"
BEST = LONDON_AMOUNT.recommended


@pytest.fixture
def drawn(
    monkeypatch: pytest.MonkeyPatch, panel: Panel, catalogue: Catalogue
) -> Callable[[ModelSpec], tuple[Figure, str]]:
    """The figure of models where a page shows the model given, and which of them it says is current."""
    made: list[tuple[Figure, str]] = []

    def keep(build: Callable[..., Figure], *arguments: Any) -> None:
        made.append((build(*arguments), arguments[2]))

    monkeypatch.setattr(render, "figure", keep)
    fits = {label: fit(panel, spec, wild=False) for label, spec in model_figures.ladder(LONDON_AMOUNT).items()}

    def draw(spec: ModelSpec) -> tuple[Figure, str]:
        result: FitResult = fit(panel, spec, wild=False)
        model_page.models_figure(fitted_model.model_of(LONDON_AMOUNT, catalogue, result, TERM), fits)
        return made[-1]

    return draw


def test_models_figure_with_another_model_adds_it_last(drawn: Callable[[ModelSpec], tuple[Figure, str]]) -> None:
    figure, current = drawn(replace(BEST, end="2021Q4", outcome="trust_mps", covariance="HC1"))
    assert current == "Your model"
    assert list(figure.table["Model"]) == [*model_figures.ladder(LONDON_AMOUNT), "Your model"]


def test_models_figure_with_a_preset_has_it_once(drawn: Callable[[ModelSpec], tuple[Figure, str]]) -> None:
    figure, current = drawn(BEST)
    assert current == "Recommended"
    assert list(figure.table["Model"]) == list(model_figures.ladder(LONDON_AMOUNT))


def test_models_figure_with_step_of_another_size_leaves_the_model_out(
    drawn: Callable[[ModelSpec], tuple[Figure, str]],
) -> None:
    figure, _ = drawn(replace(BEST, form="count"))
    assert len(figure.table) == len(model_figures.ladder(LONDON_AMOUNT))
