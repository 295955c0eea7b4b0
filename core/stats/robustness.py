"""The rule by which an answer is clear, depends on the choices, or shows no clear link: on signs, for any figures."""

from collections.abc import Sequence
from typing import Literal

Word = Literal["clear", "depends", "none"]

SIGNIFICANCE = 0.05
MOST = 0.9  # share of the alternatives that must agree: an answer that one choice in ten may make is no answer


def answer_by_rule(recommended: int, alternatives: Sequence[int], joint_p: float) -> Word:
    """What can be said of an association that was estimated in one recommended and several other defensible ways.

    Parameters
    ----------
    recommended
        Sign of the recommended estimate where it is clear (-1 or 1), else 0.
    alternatives
        The same of every other estimate.
    joint_p
        P-value of the joint test that none of all of them has an association to find.

    Returns
    -------
    str
        ``"clear"`` where the recommended estimate is clear, and ``"none"`` where it is not, if the alternatives agree
        (nine in ten have its sign, and none has the other) and the joint test does (it finds more than chance, or no
        more than chance). Otherwise ``"depends"``.
    """
    same = sum(sign == recommended for sign in alternatives)
    contradicted = recommended != 0 and -recommended in alternatives
    more_than_chance = joint_p < SIGNIFICANCE
    if same < MOST * len(alternatives) or contradicted or more_than_chance != bool(recommended):
        return "depends"
    return "clear" if recommended else "none"
