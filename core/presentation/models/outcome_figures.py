"""Several outcomes side by side: the same model for each, as a picture where they share a unit, and as a table."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from core.presentation.charts import Figure
from core.presentation.models.effects import Effect, effect
from core.presentation.models.model_figures import COLUMNS, effect_chart
from core.presentation.numbers import number_word, upper_first
from core.questions.vocabulary import Vocabulary
from core.stats.panels.outcomes import SideBySide
from core.stats.regression import ModelSpec
from core.stats.robustness import SIGNIFICANCE
from core.tables.catalogue import Catalogue

ADJUSTED = "p, Holm-adjusted"


def outcomes_figure(found: SideBySide, spec: ModelSpec, catalogue: Catalogue, vocabulary: Vocabulary) -> Figure:
    """The effect on each outcome, that of the model shown picked out.

    Parameters
    ----------
    found
        As :func:`core.stats.panels.outcomes.side_by_side` returns it for `spec`, with one outcome or more.
    """
    shown = _effects(found, spec, catalogue, vocabulary)
    table = outcomes_table(found, spec, catalogue, vocabulary)
    first = next(iter(shown.values()))
    rows = pd.DataFrame(
        [
            {"label": catalogue.label(name), "points": each.value, "low": each.low, "high": each.high}
            | {"highlighted": name == spec.outcome}
            for name, each in shown.items()
        ]
    )
    described = "; ".join(f"{catalogue.label(name)}: {each.text}" for name, each in shown.items())
    return Figure(
        name="side_by_side",
        title=finding(found, spec, catalogue, vocabulary),
        charts=(effect_chart(rows, first, vocabulary),),
        alt=f"Estimates with intervals by outcome. {described}.",
        table=table,
        note="Intervals are of each outcome alone; the table has p-values adjusted for looking at all of them.",
    )


def outcomes_table(found: SideBySide, spec: ModelSpec, catalogue: Catalogue, vocabulary: Vocabulary) -> pd.DataFrame:
    """Each outcome with its effect, interval, p-value as it is and adjusted, and rows."""
    shown = _effects(found, spec, catalogue, vocabulary)
    rows = [
        {"label": catalogue.label(name), "value": each.value, "low": each.low, "high": each.high, "p": each.p}
        | {"adjusted": found.found[name].adjusted, "n": found.found[name].n, "step": each.step}
        for name, each in shown.items()
    ]
    unit = next(iter(shown.values())).column
    named = {"label": "Outcome", "value": unit, "adjusted": ADJUSTED, "n": "Rows"}
    return pd.DataFrame(rows).rename(columns=COLUMNS | named)


def finding(found: SideBySide, spec: ModelSpec, catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """How many outcomes are clearly associated, p-values adjusted, in a sentence."""
    shown = _effects(found, spec, catalogue, vocabulary)
    clear = sum(each.clear and found.found[name].adjusted < SIGNIFICANCE for name, each in shown.items())
    count, verb = number_word(len(shown)), "is" if clear < 2 else "are"
    which = f"{upper_first(number_word(clear))} of the {count} outcomes"
    if len(shown) == 1:
        which, count = "The one outcome", "one"
        verb = "is" if clear else "is not"
    return f"{which} {verb} clearly associated, with p-values adjusted for {count} (Holm)"


def _effects(found: SideBySide, spec: ModelSpec, catalogue: Catalogue, vocabulary: Vocabulary) -> Mapping[str, Effect]:
    return {
        name: effect(each.estimate, replace(spec, outcome=name), catalogue, vocabulary)
        for name, each in found.found.items()
    }
