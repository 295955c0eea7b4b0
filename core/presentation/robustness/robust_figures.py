"""The answers of all defensible ways to ask, in one picture."""

from dataclasses import replace

import pandas as pd

from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.numbers import YES_NO, exceeded, lower_first, number_word
from core.presentation.robustness.robust_text import WORDS, agreement, rule
from core.presentation.text import CurveText
from core.questions.robustness import Robustness

PICTURE_NOTE = (
    "Each line is one way to analyse the figures. The dot is its estimate, the line its 95% interval: where a line "
    "crosses zero, there may be no link."
)
AT_A_TIME = (
    "Each variation changes one choice. The specification curve, for analysts, combines all choices and may find "
    "otherwise."
)
FOUND = {-1: "lower", 0: "no clear link", 1: "higher"}
SAID = {-1: "a clearly lower figure", 0: "no clear link", 1: "a clearly higher figure"}


def robustness_figure(one: Robustness, factor: float, what: str, text: CurveText) -> Figure:
    """Estimate and interval of the recommended model and of every alternative, in the order in which they are declared.

    Parameters
    ----------
    factor
        What an effect in units of the outcome is multiplied by.
    what
        What there is more of, in words.
    text
        How effects are put into words.
    """
    tried = (one.recommended, *one.others)
    rows = pd.DataFrame(
        {
            "label": [each.label or text.model_label for each in tried],
            "points": [each.value * factor for each in tried],
            "low": [each.low * factor for each in tried],
            "high": [each.high * factor for each in tried],
            "highlighted": [not each.label for each in tried],
        }
    )
    digits = text.digits_of(float(rows["points"].abs().median()))
    left_out = "".join(f" {label} could not be tried: {reason}" for label, reason in one.left_out)
    found, base = [FOUND[each.sign] for each in tried], lower_first(text.model_label)
    return Figure(
        name="robustness",
        title=f"{WORDS[one.word]}: {agreement(one)[:1].lower()}{agreement(one)[1:].rstrip('.')}",
        charts=(charts.estimates(rows, text.axis, unit=text.unit.capitalize(), fmt=f"+,.{digits}f"),),
        alt=(
            f"Dots with intervals: {len(tried)} ways to ask, {text.model} first; "
            f"{number_word(found.count(found[0]))} {'finds' if found.count(found[0]) == 1 else 'find'} "
            f"{SAID[one.recommended.sign]}."
        ),
        table=pd.DataFrame(
            {
                "Way to ask": rows["label"],
                f"{text.unit.capitalize()} for {text.size}": rows["points"],
                "95% interval from": rows["low"],
                "95% interval to": rows["high"],
                "Finds": found,
                f"Same as {base}": [YES_NO[each.sign == one.recommended.sign] for each in tried],
            }
        ),
        note=(
            f"Each row changes one choice of {text.model}, for {text.step.format(what=what)}.{left_out} "
            f"{_joint(one)}{rule(text.model)}"
        ),
    )


def robustness_picture(one: Robustness, factor: float, what: str, text: CurveText) -> Figure:
    """The picture of a summary: as :func:`robustness_figure`, said for anyone."""
    full = robustness_figure(one, factor, what, text)
    finding = "a clear link" if one.recommended.sign else "no clear link"
    return replace(
        full, title=f"The main analysis finds {finding}; {_variations(one)}", note=f"{PICTURE_NOTE} {AT_A_TIME}"
    )


def _variations(one: Robustness) -> str:
    """How many variations of the main analysis find the same as it does."""
    count, same = len(one.others), one.agreeing
    if not count:
        return "no variation of it could be tried"
    if count == 1:
        return f"its one variation finds {'the same' if same else 'something else'}"
    if same == count:
        return f"{'both' if count == 2 else f'all {count}'} of its variations find the same"
    return f"{same or 'none'} of its {count} variations {'finds' if same < 2 else 'find'} the same"


def _joint(one: Robustness) -> str:
    """How the set compares with one in which there is nothing to find."""
    if one.joint is None:
        return ""
    observed, usual = (f"{share:.0%}" for share in (one.joint.share, one.joint.usual_share))
    return (
        f"{observed} of them are clear the same way with errors clustered; if there were no link, {usual} would be on "
        f"average, and {exceeded(one.joint.high_share)} one time in twenty. "
    )
