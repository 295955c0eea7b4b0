"""Which specifications the curve of crime and deprivation runs, and its effects in per cent."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.crime.deprivation.question import MSOA
from core.crime.deprivation.text import LOGARITHM
from core.questions.curve import Dimension, joined_effects
from core.stats.regression.curves.choices import Choices, Sample
from core.stats.regression.curves.curve import Curve
from core.tables.options import COVARIANCES, Form
from core.tables.panel import POINTS

WHOLE, WITHOUT_LARGEST = "all", "without_largest"


def lsoa_dimensions(
    every: Choices, groups: Sequence[str], outcomes: Mapping[str, str], weights: Mapping[str, str]
) -> dict[str, Dimension]:
    """The choices on offer where small areas are compared at one time, those of `every`.

    Ticked at first are all but weights by residents and errors that count neighbours as independent.

    Parameters
    ----------
    groups
        Districts and MSOAs, where a place has several: there are no effects of one, and no errors clustered by it.
    outcomes, weights
        Words for them.
    """
    clustered = {"cluster": f"Clustered by {MSOA}"} if MSOA in groups else {}
    effects = [own for own in every.effects if not own or own[0] in groups]
    offered = {
        "outcomes": ("Measure", {name: outcomes[name] for name in every.outcomes}),
        "forms": ("Score", {"count": "As it is", "log": "Its logarithm"}),
        "absorbed": ("Effects", {joined_effects(own): _lsoa_effects(own) for own in effects}),
        "samples": ("Sample", {name: sample.name for name, sample in lsoa_samples(every).items()}),
        "weighting": ("Weight", dict(weights)),
        "errors": ("Standard errors", {**clustered, "HC1": COVARIANCES["HC1"].label}),
    }
    one = ("weighting", "errors")
    return {
        name: Dimension(label, text, tuple(text)[:1] if name in one else tuple(text))
        for name, (label, text) in offered.items()
    }


def lsoa_samples(every: Choices) -> dict[str, Sample]:
    """The samples of `every` under names that are the same in all places."""
    return dict(zip((WHOLE, WITHOUT_LARGEST), every.samples, strict=False))


def _lsoa_effects(effects: tuple[str, ...]) -> str:
    return f"{effects[0][:1].upper()}{effects[0][1:]} effects" if effects else "No effects"


def in_per_cent(curve: Curve, steps: Mapping[Form, float]) -> Curve:
    """`curve` with effects in per cent of the usual outcome, for other steps of the predictor.

    Parameters
    ----------
    curve
        Of outcomes that are logarithms (named ``log_...``) or shares of their mean.
    steps
        Size of the step in each form of the predictor.
    """
    table = curve.table.assign(step=curve.table["form"].map(steps).astype(float))
    logarithm = table["outcome"].str.startswith(LOGARITHM) | (curve.choices.response != "level")
    for effect, end in (("effect", "estimate"), ("effect_low", "low"), ("effect_high", "high")):
        change = table[end] * table["step"]
        table[effect] = POINTS * change.map(math.expm1).where(logarithm, change)
    table = table.sort_values("effect", kind="stable")
    specs = tuple(curve.specs[place] for place in table.index)
    return replace(curve, table=table.reset_index(drop=True), specs=specs)
