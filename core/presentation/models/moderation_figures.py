"""An association by group of areas, and one that changes with the size of the predictor, as figures."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from core.presentation.charts import Figure
from core.presentation.models.effects import Effect, effect
from core.presentation.models.model_figures import COLUMNS, effect_chart, predictor_label
from core.presentation.numbers import digits_for, number, p_equals, quoted, upper_first
from core.questions.vocabulary import Vocabulary
from core.stats.panels.moderated import QUANTILES, Bend, ByGroup
from core.stats.regression import Estimate, ModelSpec
from core.stats.regression.errors import listed
from core.stats.robustness import SIGNIFICANCE
from core.tables.catalogue import Catalogue
from core.tables.options import Form

DIFFERENCE = "{group} less {first}"
PLACES = ("where it is low", "in the middle", "where it is high")
LOGARITHMS: Mapping[Form, Form] = {"log": "count", "log_per_1000": "per_1000"}  # and what each is taken of


def group_figure(found: ByGroup, spec: ModelSpec, name: str, catalogue: Catalogue, vocabulary: Vocabulary) -> Figure:
    """The effect of variable `name` in each group, and the differences from the first.

    Parameters
    ----------
    found
        As :func:`core.stats.panels.moderated.by_group` returns it for `spec` and `name`.
    """

    def stated(estimate: Estimate) -> Effect:
        return effect(replace(estimate, name=name), spec, catalogue, vocabulary)

    groups = {group: stated(estimate) for group, estimate in found.groups.items()}
    first, *others = groups
    # A difference of relative effects is a ratio, so that it is relative too.
    differences = {
        DIFFERENCE.format(group=group, first=first): stated(estimate) for group, estimate in found.differences.items()
    }
    rows = _rows(groups | differences)
    rows["highlighted"] = rows["label"].isin(list(differences))
    areas = [found.areas.get(label) for label in rows["label"]]
    table = rows.drop(columns="highlighted").assign(areas=pd.array(areas, dtype="Int64"))
    described = "; ".join(f"{label}: {each.text}" for label, each in (groups | differences).items())
    label, one = catalogue.label(spec.moderator), groups[first]
    title = _apart(found, label)
    if len(others) == 1:
        (difference,) = differences.values()
        start = "A clear difference" if difference.clear else "No clear difference"
        title = f"{start}: {listed(f'{group} {each.text}' for group, each in groups.items())}"
    notes = (_tested(found, [*differences]), _without_ends(groups | differences, vocabulary))
    return Figure(
        name="by_group",
        title=title,
        charts=(effect_chart(rows, one, vocabulary),),
        alt=f"Estimates with intervals. {described}.",
        table=table.rename(columns=_names(one, label) | {"areas": upper_first(vocabulary.areas)}),
        note=" ".join(filter(None, notes)),
    )


def _apart(found: ByGroup, label: str) -> str:
    """Whether more than two groups of `label` differ."""
    if found.joint is None:
        return f"Differences between groups of {label} were not tested"
    return f"{'Clear' if found.joint.p < SIGNIFICANCE else 'No clear'} differences between groups of {label}"


def _tested(found: ByGroup, differences: list[str]) -> str:
    """The test of several groups, or why there is none; of two the difference is one."""
    if len(differences) == 1:
        return (
            f"Whether they differ is the last row, {quoted(differences[0])}: that one is clear and another is not does "
            "not make them different."
        )
    test = f"There is no test that it is the same in all groups. {found.untested}"
    if found.joint is not None:
        first, second = found.joint.df
        test = (
            f"Test that it is the same in all groups: F({first}, {second}) = {number(found.joint.f)}, "
            f"p {p_equals(found.joint.p)}."
        )
    return f"{test} That one is clear and another is not does not make them different."


def _without_ends(shown: Mapping[str, Effect], vocabulary: Vocabulary) -> str:
    """A sentence on what has no interval."""
    if all(each.bounded for each in shown.values()):
        return ""
    return vocabulary.fill("One {area} alone carries what has no bar, so no interval can be given for it.")


def bend_figure(found: Bend, spec: ModelSpec, name: str, catalogue: Catalogue, vocabulary: Vocabulary) -> Figure:
    """The effect of variable `name` where there is little of it, in the middle and where there is much.

    Parameters
    ----------
    found
        As :func:`core.stats.panels.moderated.bend` returns it for `spec` and `name`.
    """
    shown = {
        f"{upper_first(place)}: {_value(value, spec)}": effect(estimate, spec, catalogue, vocabulary)
        for place, (value, estimate) in zip(PLACES, found.slopes, strict=True)
    }
    rows = _rows(shown).assign(highlighted=False)
    first = next(iter(shown.values()))
    described = "; ".join(f"{label}: {each.text}" for label, each in shown.items())
    straight = found.square.p >= SIGNIFICANCE
    title = "No clear bend: the line may be straight" if straight else f"The line bends{_turn(found, spec)}"
    shares = listed(f"{quantile:.0%}" for quantile in QUANTILES)
    form = LOGARITHMS.get(spec.form, spec.form)  # sizes are given before any logarithm
    label = predictor_label(name, replace(spec, differences=False, form=form), catalogue, vocabulary)
    return Figure(
        name="bend",
        title=title,
        charts=(effect_chart(rows, first, vocabulary),),
        alt=f"Estimates with intervals by the size of the predictor. {described}.",
        table=rows.drop(columns="highlighted").rename(columns=_names(first, "Size of the predictor")),
        note=(
            f"The association at three sizes of {label}, below which {shares} of the rows lie. The square has p "
            f"{p_equals(found.square.p)}. {_interval(found, spec)}"
        ),
    )


def _turn(found: Bend, spec: ModelSpec) -> str:
    """Where the association turns, if it does within the figures."""
    if not 0 < found.beyond < 1:
        return ", but keeps its direction within these figures"
    return f", and turns at {_value(found.turning, spec)}"


def _interval(found: Bend, spec: ModelSpec) -> str:
    turning = _value(found.turning, spec)
    if not found.bounded:
        return f"It would turn at {turning}, but no interval can be given (Fieller): it may not turn at all."
    low, high = (_value(end, spec) for end in (found.low, found.high))
    return (
        f"It turns at {turning} (95% interval {low} to {high}, after Fieller); {found.beyond:.0%} of the rows lie "
        "above. A square makes every curve turn somewhere: look whether rows lie on both sides."
    )


def _value(value: float, spec: ModelSpec) -> str:
    """A value of the predictor as readers know it, before any logarithm; shares in per cent."""
    if spec.form in LOGARITHMS:
        value = math.exp(min(value, 700))
    if spec.form == "share":
        return f"{value:.1%}".replace("-", "\N{MINUS SIGN}")
    return number(value, digits_for(value)) if np.isfinite(value) and abs(value) < 1e12 else "more than any figure here"


def _rows(shown: Mapping[str, Effect]) -> pd.DataFrame:
    """A row for each effect; what one area alone carries has no interval, and no p-value."""
    rows = pd.DataFrame(
        [
            {"label": label, "points": each.value, "low": each.low, "high": each.high, "p": each.p}
            for label, each in shown.items()
        ]
    )
    rows.loc[[not each.bounded for each in shown.values()], ["low", "high", "p"]] = float("nan")
    return rows


def _names(first: Effect, label: str) -> dict[str, str]:
    return COLUMNS | {"label": label, "points": first.column}
