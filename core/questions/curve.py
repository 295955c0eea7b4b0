"""Which specifications the curve of a question runs: the alternatives on offer, and those that a reader has ticked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from core.questions.question import AS_PUBLISHED, Question
from core.stats.regression import ModelSpec
from core.stats.regression.curves.choices import TRENDS, Choices, Sample
from core.stats.regression.curves.curve import Curve
from core.stats.regression.errors import one
from core.tables.catalogue import Catalogue
from core.tables.options import COVARIANCES, FORMS, WEIGHTS, WINDOWS, Covariance, Form, Weights, Window
from core.tables.panel import POINTS, Panel

Name = TypeVar("Name", Form, Window, Weights, Covariance)
JOIN = "+"
KIND = ("response", "squares", "moderator", "trends", "differences")  # what a coefficient means
LONG_ENOUGH = 8  # periods of an area, of which its level and its trend then take up a quarter at most
NONE = "nothing"  # not "none", by which a link says that nothing is ticked


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveView:
    """The alternatives that are ticked, as texts that a link can carry.

    A link carries a page's model too, so no field here has the name of one of :class:`core.stats.regression.ModelSpec`.
    Where areas are compared at one time, there is no choice of a window, a lag or what is held constant.
    """

    outcomes: tuple[str, ...]
    forms: tuple[str, ...]
    windows: tuple[str, ...] = ("quarter",)
    lags: tuple[str, ...] = ("0",)
    absorbed: tuple[str, ...]
    held: tuple[str, ...] = (NONE,)
    samples: tuple[str, ...]
    weighting: tuple[str, ...]
    errors: tuple[str, ...]


@dataclass(frozen=True)
class Dimension:
    """One choice of the curve: its words, its alternatives with their words, and those ticked at first."""

    label: str
    alternatives: Mapping[str, str]
    ticked: tuple[str, ...]


def dimensions(question: Question, panel: Panel, catalogue: Catalogue) -> dict[str, Dimension]:
    """The choices on offer for `question`, by the fields of :class:`CurveView`.

    Ticked at first is what can be defended: no counts across areas of different size but where the recommended model
    uses them, the errors of the recommended model. Trends of areas are on offer where areas have :data:`LONG_ENOUGH`
    periods.
    """
    trended = question.trends and panel.frame.groupby(panel.area).size().median() >= LONG_ENOUGH
    effects = _effects(question.recommended.effects, panel.area if trended else "")
    recommended, words = question.recommended, question.vocabulary
    held = {NONE: "No control variables", **{name: catalogue.label(name) for name in _controls(question)}}
    forms = [form for form in question.forms if form != "count" or recommended.form == "count"]
    offered = {
        "outcomes": _dimension(
            "outcome" if question.free_choice else words.outcome,
            {name: catalogue.label(name) for name in _outcomes(question)},
            _outcomes(question)[:3],
        ),
        "forms": _dimension("Form", {form: FORMS[form].label for form in question.forms}, tuple(forms[:3])),
        "windows": _dimension("Period", {name: words.fill(WINDOWS[name].label) for name in question.windows}),
        "lags": _dimension("Lag", {str(lag): words.lag(lag) for lag in question.lags if lag != 3}, ("0", "1")),
        "absorbed": _dimension("Effects", effects, tuple(name for name in effects if TRENDS not in name)),
        "held": _dimension("Control variables", held, tuple(held)[:2]),
        "samples": _dimension(
            "Sample",
            {n: s.name for n, s in samples_of(question, panel).items()},
            ("all", "settled_years", "apart"),
        ),
        "weighting": _dimension("Weight", {n: words.fill(WEIGHTS[n].label) for n in question.weights}, ("equal",)),
        "errors": _dimension(
            "Standard errors",
            {name: words.fill(COVARIANCES[name].label) for name in question.covariances},
            (recommended.covariance,),
        ),
    }
    return offered if recommended.effects else offered | _without_time(offered)


def _dimension(label: str, alternatives: Mapping[str, str], ticked: tuple[str, ...] | None = None) -> Dimension:
    """A choice with those of `ticked` that are on offer, or all, ticked at first."""
    first = tuple(name for name in ticked if name in alternatives) if ticked else tuple(alternatives)
    return Dimension(label[:1].upper() + label[1:], alternatives, first or tuple(alternatives)[:1])


def _outcomes(question: Question) -> tuple[str, ...]:
    return question.outcomes[:1] if question.free_choice else question.outcomes


def _controls(question: Question) -> tuple[str, ...]:
    return question.recommended.controls if question.free_choice else question.controls


def samples_of(question: Question, panel: Panel) -> dict[str, Sample]:
    """The samples on offer for the curve, by the names that links have for them."""
    if question.samples:
        return dict(question.samples)
    periods, words = panel.periods, question.vocabulary
    middle = len(periods) // 2
    every = {"all": Sample(f"All {words.periods}" if words.periods else "All rows")}
    if not middle:
        return every
    halves = Sample("First half", end=periods[middle - 1]), Sample("Second half", start=periods[middle])
    return every | dict(zip(("first", "second"), halves, strict=True))


def _effects(effects: tuple[str, ...], trended: str) -> dict[str, str]:
    """Every combination of `effects`, with its words, and all of them with trends of the areas called `trended`."""
    single = {name: f"{one(name)[:1].upper()}{one(name)[1:]} effects" for name in effects}
    both = {JOIN.join(effects): "Both effects"} if len(effects) > 1 else {}
    most = "Both effects" if both else "".join(single.values())
    trends = {JOIN.join((*effects, TRENDS)): f"{most} and {one(trended)} trends"} if trended in effects else {}
    return {NONE: "No effects"} | single | both | trends


def _without_time(offered: Mapping[str, Dimension]) -> dict[str, Dimension]:
    """The choices that a comparison of areas at one time leaves: nothing to lag, and no related errors."""
    first = {name: offered[name] for name in ("windows", "lags", "samples")}
    single = {
        name: Dimension(dimension.label, dict([next(iter(dimension.alternatives.items()))]), dimension.ticked[:1])
        for name, dimension in first.items()
    }
    errors = {name: offered["errors"].alternatives[name] for name in ("HC1", "classical")}
    return {
        **single,
        "held": replace(offered["held"], ticked=tuple(offered["held"].alternatives)),
        "weighting": replace(offered["weighting"], ticked=tuple(offered["weighting"].alternatives)),
        "errors": Dimension(offered["errors"].label, errors, ("HC1",)),
    }


def first_view(offered: Mapping[str, Dimension]) -> CurveView:
    """What is ticked before a reader changes anything."""
    return CurveView(**{name: dimension.ticked for name, dimension in offered.items()})


def joined_effects(effects: tuple[str, ...]) -> str:
    """`effects` as one text that a link can carry."""
    return JOIN.join(effects) or NONE


def in_points(curve: Curve) -> Curve:
    """`curve` as it is: effects are estimated in percentage points."""
    return curve


def in_outcome_units(curve: Curve) -> Curve:
    """`curve` with effects in units of the outcome, for outcomes that are no shares; those in per cent stay."""
    if curve.choices.response != "level":
        return curve
    table = curve.table.copy()
    table[["effect", "effect_low", "effect_high"]] /= POINTS
    return replace(curve, table=table)


def choices(view: CurveView, predictors: tuple[str, ...], samples: Mapping[str, Sample], cluster: str = "") -> Choices:
    """The combinations that `view` asks for; raises :class:`core.stats.regression.ModelError` where nothing is ticked.

    Parameters
    ----------
    samples
        Samples by the names that `view` has for them.
    cluster
        What clustered errors cluster by; see :class:`core.stats.regression.ModelSpec`.
    """
    return Choices(
        predictors=predictors,
        outcomes=view.outcomes,
        forms=_typed(view.forms, FORMS),
        windows=_typed(view.windows, WINDOWS),
        lags=tuple(int(lag) for lag in view.lags),
        effects=tuple(_parts(effects) for effects in view.absorbed),
        controls=tuple(_parts(held) for held in view.held),
        samples=tuple(samples[name] for name in view.samples if name in samples),
        weights=_typed(view.weighting, WEIGHTS),
        covariances=_typed(view.errors, COVARIANCES),
        cluster=cluster,
    )


def of_kind(made: Choices, spec: ModelSpec, area: str, period: str) -> Choices:
    """`made` with the kind of effect that `spec` has: how the outcome enters, whether the association may differ, and
    whether trends or changes are in it.

    Changes have effects of the `period` alone, so that sets of effects that are then the same count once. Trends have
    those of the `area` with them, and so have groups in levels.
    """
    kept = tuple(tuple(name for name in own if name == period or not spec.differences) for own in made.effects)
    if spec.trends:
        kept = tuple(tuple(name for name in own if name != TRENDS) for own in kept)
    if spec.trends or (spec.moderator and not spec.differences):
        kept = tuple(own for own in kept if area in own) or ((area,),)
    same = {name: getattr(spec, name) for name in KIND}
    return replace(made, effects=kept, **same)


def _typed(names: Sequence[str], known: Mapping[Name, object]) -> tuple[Name, ...]:
    return tuple(name for name in known if name in names)


def _parts(text: str) -> tuple[str, ...]:
    return () if text == NONE else tuple(text.split(JOIN))


def marked_specs(question: Question, made: Choices) -> dict[str, ModelSpec]:
    """The preset models, with the errors of the curve where it has not theirs: the estimate is the same.

    None where there is no published model to mark next to the recommended one, or the curve is of another kind.
    """
    of_another_kind = (
        made.trends
        or made.differences
        or made.squares
        or bool(made.moderator)
        or made.response != question.recommended.response
    )
    if AS_PUBLISHED not in question.presets or of_another_kind:
        return {}
    return {
        name: spec if spec.covariance in made.covariances else replace(spec, covariance=made.covariances[0])
        for name, spec in question.presets.items()
    }
