"""The specification curve as figures: sorted estimates over the panel of choices, and which choice moves them most."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.numbers import exceeded, interval_text, number, quoted, signed, upper_first
from core.presentation.text import CurveText
from core.questions.curve import JOIN, NONE, Dimension
from core.questions.question import PRESET_LABELS, RECOMMENDED, Question
from core.questions.robustness import Robustness
from core.stats.regression import ModelSpec
from core.stats.regression.curves.choices import TRENDS
from core.stats.regression.curves.curve import NONE as WITHOUT
from core.stats.regression.curves.curve import Curve
from core.stats.regression.curves.joint import Joint
from core.stats.regression.errors import listed
from core.stats.robustness import SIGNIFICANCE

FEWEST_DRAWN = 12
HALF = 0.5
COLUMNS: Mapping[str, str] = {
    "outcomes": "outcome",
    "forms": "form",
    "windows": "window",
    "lags": "lag",
    "absorbed": "effects",
    "held": "controls",
    "samples": "sample",
    "weighting": "weights",
    "errors": "covariance",
}


def curve_finding(curve: Curve, what: str, text: CurveText) -> str:
    """What share of the specifications has which sign and is clear of zero, in a sentence or two.

    Parameters
    ----------
    what
        What there is more of, in words.
    text
        How effects are put into words.
    """
    effects = _asked(curve)
    asked = _of_effects(curve, effects)
    shares, count, other = asked.shares(), len(asked.table), len(curve.table) - len(asked.table)
    which = f" with {_named(tuple(effects.split(' + ')))}" if other else ""
    fewer = "other" if curve.table["effects"].str.contains(TRENDS, regex=False).any() else "fewer"
    rest = f" The other {other:,}, with {fewer} effects, ask another question." if other else ""
    lower, higher = (round(share * 100) for share in (shares.negative_significant, shares.positive_significant))
    found = [
        f"{_share(lower)} {text.lower.format(more=text.more.format(what=what))}",
        f"{_share(higher)} {text.higher}",
    ]
    found += [f"{_share(100 - lower - higher)} neither"] if lower + higher < 100 else []
    return (
        f"Of {count:,} specification{'s' * (count != 1)}{which}, {listed(found)}. The median is "
        f"{signed(asked.median, _digits(curve, text))}{_unit(text)} for {text.size}.{rest}"
    )


def _unit(text: CurveText) -> str:
    """The unit as it follows a number."""
    return "%" if text.unit == "per cent" else f" {text.unit}"


def _share(per_cent: int) -> str:
    return {0: "none", 100: "all"}.get(per_cent, f"{per_cent}%")


def _asked(curve: Curve) -> str:
    """The set of effects of a curve that takes out most: with fewer, a coefficient answers another question.

    So does one with trends of areas, which only counts if all have them.
    """

    def most(effects: str) -> tuple[bool, bool, int, str]:
        return TRENDS not in effects, effects != WITHOUT, effects.count("+"), effects

    return str(max(curve.table["effects"], key=most))


def _named(effects: tuple[str, ...]) -> str:
    keys = [name for name in effects if name != TRENDS]
    named = f"{listed(keys)} effects" if keys else "no effects"
    return f"{named} and a {TRENDS}" if TRENDS in effects else named


def _of_effects(curve: Curve, effects: str) -> Curve:
    chosen = (curve.table["effects"] == effects).to_numpy()
    specs = tuple(spec for spec, kept in zip(curve.specs, chosen, strict=True) if kept)
    return replace(curve, table=curve.table[chosen], specs=specs)


def against_robustness(curve: Curve, one: Robustness, model: str) -> str:
    """Why most of a curve and most other ways to ask find different things, in two sentences; empty where they do not.

    Also empty where the two judge that model itself differently, as of several predictors or with few
    clusters: the shares are of different things then.

    Parameters
    ----------
    one
        How a model's answer stands up, in the same kind of model as the curve.
    model
        What that model is called in a sentence.
    """
    asked = _of_effects(curve, _asked(curve))
    signs = np.sign(asked.table["effect"]).where(asked.significant, 0)
    itself = [sign for spec, sign in zip(asked.specs, signs, strict=True) if spec == one.spec]
    if itself != [one.recommended.sign]:
        return ""
    share, agreeing = float((signs == one.recommended.sign).mean()), one.agreeing
    if not one.others or (share > HALF) == (agreeing > HALF * len(one.others)):
        return ""
    apart = sum(_differing(spec, one.spec) > 1 for spec in asked.specs)
    find, change = f"find{'s' * (agreeing == 1)}", f"change{'s' * (apart == 1)}"
    return (
        f"{agreeing} of {len(one.others)} other ways to ask {find} what {model} finds, and {share:.0%} "
        f"of the {len(asked.table):,} specifications here. Each of those ways changes one choice of {model} and "
        f"keeps the rest; {apart:,} of these specifications {change} two or more at once, and all count "
        "alike."
    )


def _differing(spec: ModelSpec, other: ModelSpec) -> int:
    """In how many choices two models differ; what makes up the sample is one."""
    fields = ("outcome", "form", "window", "lag", "effects", "trends", "controls", "weights", "covariance")
    sample = ("start", "end", "areas", "non_overlapping")
    single = sum(bool(getattr(spec, name) != getattr(other, name)) for name in fields)
    return single + any(bool(getattr(spec, name) != getattr(other, name)) for name in sample)


def kinds_note(question: Question, spec: ModelSpec) -> str:
    """Which choices of the sidebar are no alternatives of the curve around `spec`, and why; empty without any."""
    fill = question.vocabulary.fill
    offered = {
        "the logarithm of the outcome": ("log" in question.responses, spec.response == "log"),
        "Poisson regression": ("poisson" in question.responses, spec.response == "poisson"),
        fill("changes from one {period} to the next"): (question.changes, spec.differences),
        "squares": (question.squares, spec.squares),
        "associations by group": (bool(question.moderators), bool(spec.moderator)),
    }
    shown = [name for name, (_, chosen) in offered.items() if chosen]
    others = [name for name, (there, chosen) in offered.items() if there and not chosen]
    here = f"Every specification here has {listed(shown)}, as the model shown has. " if shown else ""
    if not others:
        return here.strip()
    one = len(others) == 1 and others[0] in ("the logarithm of the outcome", "Poisson regression")
    change = "changes" if one else "change"
    return (
        f"{here}{upper_first(listed(others))} {change} what the coefficient means, so the curve does not combine them: "
        "chosen in the sidebar, each has a curve of its own."
    )


def joint_figure(found: Mapping[tuple[str, ...], Joint], factor: float) -> Figure:
    """How many estimates are clear the same way, next to how many would be if there were nothing to find.

    Parameters
    ----------
    found
        The joint test of each set of effects.
    factor
        What a median in percentage points is multiplied by to be in the unit of the curve.
    """
    rows = pd.DataFrame(
        [
            {
                "Effects": upper_first(_named(effects)),
                "Specifications": joint.specs,
                "Clear the same way (%)": joint.share * 100,
                "Clear without a link, on average (%)": joint.usual_share * 100,
                "Exceeded without a link one time in twenty (%)": joint.high_share * 100,
                "p of the share": joint.share_p,
                "Median": joint.median * factor,
                "p of the median": joint.median_p,
            }
            for effects, joint in found.items()
        ]
    )
    most = max(found, key=lambda effects: (TRENDS not in effects, len(effects)))
    joint, named = found[most], _named(most)
    share, high = f"{joint.share:.0%}", exceeded(joint.high_share)
    more = "more than" if joint.share_p < SIGNIFICANCE else "no more than"
    shown = rows.rename(columns={"Effects": "label", "Clear the same way (%)": "share"})
    return Figure(
        name="joint_test",
        title=(
            f"With {named}, {share} of {joint.specs:,} specifications are clear the same way: {more} chance would give "
            f"({high} one time in twenty)"
        ),
        charts=(charts.sorted_bars(shown, "share", "label", "Clear the same way (%)", ".0f"),),
        alt=f"Bars: share of specifications that are clear the same way, by set of effects. {share} with {named}.",
        table=rows,
        note=(
            "Every specification again on 500 sets of figures in which there is nothing to find: the residuals of "
            "whole areas get a random sign, the same in all specifications. Errors are clustered by area throughout."
        ),
    )


def marks(curve: Curve, specs: Mapping[str, ModelSpec], recommended: str = PRESET_LABELS[RECOMMENDED]) -> pd.DataFrame:
    """Where the preset models stand, one under the label `recommended`: ``name``, ``label``, ``rank``, ``effect``."""
    labels = {**PRESET_LABELS, RECOMMENDED: recommended}
    places = {name: curve.mark(spec) for name, spec in specs.items()}
    rows = [
        {"name": name, "label": labels[name], "rank": place + 1, "effect": curve.table["effect"].iloc[place]}
        for name, place in places.items()
        if place is not None
    ]
    return pd.DataFrame(rows, columns=["name", "label", "rank", "effect"])


def curve_figure(
    curve: Curve,
    offered: Mapping[str, Dimension],
    specs: Mapping[str, ModelSpec],
    what: str,
    text: CurveText,
) -> Figure:
    """Sorted estimates with intervals, and under them which choices each was made with."""
    digits = _digits(curve, text)
    rows = _rows(curve, digits)
    marked = marks(curve, specs, text.model_label)
    each = [f"{row.label} is number {row.rank} of {len(rows)}" for row in marked.itertuples()]
    places = listed(each) if each else ""
    ends = interval_text(float(rows["effect"].min()), float(rows["effect"].max()), digits)
    return Figure(
        name="specification_curve",
        title=curve_finding(curve, what, text),
        charts=(
            charts.sorted_estimates(rows, marked, text.axis, text.unit.capitalize(), f"+,.{digits}f"),
            charts.choice_panel(_ticks(curve, offered)),
        ),
        alt=(
            f"Specification curve: {len(rows)} estimates sorted from low to high, from {ends} {text.unit}. "
            f"{places}{'.' if places else ''}"
        ).strip(),
        table=curve_table(curve, offered, text),
        note=(
            f"Each dot is one way of asking the question, for {text.step.format(what=what)}; bars are 95% intervals, "
            "blue where they exclude zero. Below, the choices that each was made with. "
            f"{places}{'. ' if places else ''}The spread shows how much the answer depends on the analyst's choices, "
            "not which answer is right."
        ),
    )


def _digits(curve: Curve, text: CurveText) -> int:
    """Decimals of the effects of `curve` in words."""
    return text.digits_of(float(curve.table["effect"].abs().median()))


def _rows(curve: Curve, digits: int) -> pd.DataFrame:
    table = curve.table[["effect", "effect_low", "effect_high"]].round(digits + 2)
    return table.assign(rank=range(1, len(table) + 1), clear=curve.significant.to_numpy())


def _ticks(curve: Curve, offered: Mapping[str, Dimension]) -> pd.DataFrame:
    """One row per specification and choice that has alternatives: ``rank``, ``alternative``."""
    parts = []
    for field, dimension in offered.items():
        column = curve.table[COLUMNS[field]].astype(str)
        if column.nunique() > 1:
            shown = _words(column, dimension)
            parts.append(
                pd.DataFrame({"rank": range(1, len(shown) + 1), "choice": dimension.label, "alternative": shown})
            )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["rank", "choice", "alternative"])


def _words(column: pd.Series, dimension: Dimension) -> pd.Series:
    """The values of a choice in the words of its alternatives."""
    known = {
        WITHOUT if name == NONE else name.replace(JOIN, " + "): label for name, label in dimension.alternatives.items()
    }
    return column.map(known).fillna(column)


def curve_table(curve: Curve, offered: Mapping[str, Dimension], text: CurveText) -> pd.DataFrame:
    """All specifications with their choices in words, estimates and intervals."""
    table = curve.table
    chosen = {dim.label: _words(table[COLUMNS[field]].astype(str), dim) for field, dim in offered.items()}
    return pd.DataFrame(chosen).assign(
        **{
            f"{text.unit.capitalize()} for {text.size}": table["effect"],
            "95% interval from": table["effect_low"],
            "95% interval to": table["effect_high"],
            "p": table["p"],
            "Coefficient": table["estimate"],
            "Standard error": table["std_error"],
            "Rows": table["n"],
        }
    )


def has_influence(curve: Curve) -> bool:
    """Whether any choice has alternatives to compare."""
    return not curve.influence().dropna(subset=["moves"]).empty


def influence_figure(curve: Curve, offered: Mapping[str, Dimension], text: CurveText) -> Figure:
    """Which choice moves the estimate most; for curves that have an influence to show."""
    found = curve.influence().dropna(subset=["moves"])
    labels = {COLUMNS[field]: dimension.label for field, dimension in offered.items()}
    rows = found.assign(label=found["choice"].map(labels))
    most, digits, unit = rows.iloc[0], _digits(curve, text), text.unit
    return Figure(
        name="influence",
        title=(
            f"The choice of {quoted(most['label'])} moves the estimate most: by {number(most['moves'], digits)} {unit} "
            "on average"
        ),
        charts=(
            charts.sorted_bars(
                rows,
                "moves",
                "label",
                f"{unit.capitalize()} between alternatives, all else the same",
                f",.{digits}f",
            ),
        ),
        alt=(
            f"Bars: how far each choice moves the estimate on average, from {most['label']} "
            f"({number(most['moves'], digits)} {unit}) down."
        ),
        table=rows[["label", "alternatives", "moves", "mean_range", "explained", "significant_range"]].rename(
            columns={
                "label": "Choice",
                "alternatives": "Alternatives",
                "moves": f"Moves by ({unit})",
                "mean_range": f"Range of means ({unit})",
                "explained": "Share of variance explained",
                "significant_range": "Range of shares that are significant",
            }
        ),
        note="How far apart the estimates are, on average, of specifications that differ in this choice alone.",
    )


def left_out_table(curve: Curve) -> pd.DataFrame:
    """Why specifications were left out, and how many for each reason."""
    reasons = curve.left_out["reason"].value_counts()
    return pd.DataFrame({"Reason": reasons.index, "Specifications": reasons.to_numpy()})
