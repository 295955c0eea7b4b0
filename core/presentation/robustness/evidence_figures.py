"""Tables and figures on what could have been found, and what-if."""

import pandas as pd

from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.models.effects import COLUMNS_OF_UNITS, in_units, unit_of
from core.presentation.numbers import YES_NO, number, signed
from core.presentation.robustness.evidence_text import coefficient_of, unit_after, what_if_sentence
from core.questions.vocabulary import Vocabulary
from core.stats.regression import FitResult, equivalence, power_against, smallest_effect
from core.stats.what_if import NOW, THEN, WhatIf
from core.tables.catalogue import Catalogue


def null_table(
    result: FitResult, published: FitResult | None, margin: float, catalogue: Catalogue, vocabulary: Vocabulary
) -> pd.DataFrame:
    """For each predictor: estimate, published size, and what could have been found.

    Parameters
    ----------
    published
        The study's model in the form of `result`, so that sizes compare.
    margin
        Largest association, in points for the form's step, that counts as none.
    """
    rows = [_null_row(result, published, name, margin, catalogue, vocabulary) for name in result.spec.predictors]
    return pd.DataFrame(rows).dropna(axis="columns", how="all")


def _null_row(
    result: FitResult,
    published: FitResult | None,
    name: str,
    margin: float,
    catalogue: Catalogue,
    vocabulary: Vocabulary,
) -> dict[str, object]:
    estimate, step, unit = (
        result.estimate(name),
        vocabulary.step(result.spec, name).size,
        unit_of(result.spec, vocabulary),
    )
    most, after = coefficient_of(margin, result.spec, vocabulary), unit_after(result.spec, vocabulary)
    named = f" ({unit.name})" if unit.name else ""
    size = published.estimate(name).estimate if published else float("nan")
    return {
        "Variable": catalogue.label(name),
        f"Estimate{named}": unit.stated(estimate.estimate * step),
        f"Published size{named}": unit.stated(size * step),
        f"Smallest that would be found{named}": unit.stated(smallest_effect(estimate) * step),
        "Chance to find the published size": power_against(estimate, size) if published else float("nan"),
        f"p, smaller than {number(margin)}{after}": equivalence(estimate, most).p,
    }


def what_if_figure(found: WhatIf, catalogue: Catalogue, vocabulary: Vocabulary) -> Figure:
    """The associated change by area, sorted, with intervals."""
    area, unit = vocabulary.area, unit_of(found.spec, vocabulary)
    rows = found.table.sort_values("points", ignore_index=True)
    rows[CHANGES] = rows[CHANGES].map(unit.of_points)
    shown = rows.rename(columns={area: "label"}).assign(highlighted=rows["beyond_own_record"])
    ends = [f"{signed(row['points'])} in {row[area]}" for _, row in rows.iloc[[0, -1]].iterrows()]
    axis = in_units(unit.name, vocabulary.outcome)
    return Figure(
        name="what_if",
        title=f"Modelled change: from {ends[0]} to {ends[1]}",
        charts=(charts.estimates(shown, axis, unit=COLUMNS_OF_UNITS.get(unit.name, "Estimate"), mark=charts.CAUTION),),
        alt=what_if_sentence(found, catalogue, vocabulary),
        table=what_if_table(found, catalogue, vocabulary),
        note=vocabulary.fill(
            "Orange: the new figure would lie beyond anything recorded in that {area}, so take it with caution."
        ),
    )


def what_if_table(found: WhatIf, catalogue: Catalogue, vocabulary: Vocabulary) -> pd.DataFrame:
    """Values now and then, the associated change and its interval, by area."""
    area = vocabulary.area
    names = {
        f"{name}{end}": f"{catalogue.label(name)}, {statement}"
        for name in found.predictors
        for end, statement in _ENDS.items()
    }
    stated = unit_of(found.spec, vocabulary)
    unit = f" ({stated.name})" if stated.name else ""
    changes = {
        "points": f"Associated change{unit}",
        "low": "95% interval from",
        "high": "95% interval to",
        "beyond_own_record": f"Beyond this {area}'s record",
        "beyond_all": f"Beyond any {area}'s record",
    }
    scaled = found.table.assign(**{name: found.table[name].map(stated.of_points) for name in CHANGES})
    table = scaled.rename(columns=names | changes | {area: area[:1].upper() + area[1:]})
    return table.assign(**{column: table[column].map(YES_NO) for column in list(changes.values())[-2:]})


CHANGES = ["points", "low", "high"]
_ENDS = {NOW: "now (mean of 4 quarters)", THEN: "then"}
