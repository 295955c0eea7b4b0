"""Between areas or within them: the same coefficient from each source of differences, with Mundlak's test."""

from collections.abc import Mapping

import pandas as pd

from core.presentation.charts import Figure
from core.presentation.models.effects import Effect, effect
from core.presentation.models.model_figures import COLUMNS, effect_chart
from core.presentation.numbers import number, p_equals
from core.questions.vocabulary import Vocabulary
from core.stats.panels.between import Sources
from core.stats.regression.errors import listed
from core.stats.robustness import SIGNIFICANCE
from core.tables.catalogue import Catalogue

LABELS: Mapping[str, str] = {
    "between": "Between {areas}: their means",
    "within": "Within {areas}: each over time",
    "random": "Random effects: a mix of both",
}


def sources_figure(found: Sources, name: str, catalogue: Catalogue, vocabulary: Vocabulary) -> Figure:
    """The effect of variable `name` between areas, within them and with random effects.

    Parameters
    ----------
    found
        As :func:`core.stats.panels.between.sources` returns it.
    name
        One of the predictors.
    """
    fits = {"between": found.between, "within": found.within, "random": found.random}
    shown: dict[str, Effect] = {
        vocabulary.fill(LABELS[source]): effect(estimate, fits[source].spec, catalogue, vocabulary)
        for source, estimate in found.of(name).items()
    }
    first = next(iter(shown.values()))
    rows = pd.DataFrame(
        [
            {"label": label, "points": each.value, "low": each.low, "high": each.high, "p": each.p}
            for label, each in shown.items()
        ]
    ).assign(highlighted=[label == vocabulary.fill(LABELS["within"]) for label in shown])
    described = "; ".join(f"{label}: {each.text}" for label, each in shown.items())
    names = COLUMNS | {"label": "Compared", "points": first.column}
    return Figure(
        name="sources",
        title=vocabulary.fill(_finding(found)),
        charts=(effect_chart(rows, first, vocabulary),),
        alt=f"Estimates with intervals. {described}.",
        table=rows.drop(columns="highlighted").rename(columns=names),
        note=_note(found, catalogue),
    )


def _finding(found: Sources) -> str:
    if found.p < SIGNIFICANCE:
        return "Comparing {areas} with each other gives another answer than comparing each with itself over time"
    return (
        "Comparing {areas} with each other and comparing each with itself over time give no clearly different answers"
    )


def _note(found: Sources, catalogue: Catalogue) -> str:
    """The test, and what follows from it for random effects."""
    tested = listed(catalogue.label(name) for name in found.tested)
    first, second = found.df
    follows = (
        "so random effects would mix two answers; effects of the area keep them apart"
        if found.p < SIGNIFICANCE
        else "so random effects may be used, which is no proof that both are the same"
    )
    return (
        f"Mundlak's test that the two have the same coefficients of {tested}: F({first}, {second}) = "
        f"{number(found.statistic)}, p {p_equals(found.p)}, {follows}."
    )
