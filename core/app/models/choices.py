"""What may be chosen of a model: by its widgets, and by a link."""

from collections.abc import Sequence
from typing import Any

from core.questions.links import Allowed
from core.questions.question import Question
from core.tables.options import DISTANCES, KERNELS
from core.tables.panel import Panel


def allowed_values(panel: Panel, question: Question) -> Allowed:
    """What a link may ask for on the page of `question`."""
    allowed: dict[str, Sequence[Any]] = {
        "outcome": question.outcomes,
        "response": question.responses,
        "form": question.forms,
        "window": question.windows,
        "lag": question.lags,
        "squares": (False, True) if question.squares else (False,),
        "moderator": ("", *question.moderators),
        "controls": question.controls,
        "effects": question.effects,
        "trends": (False, True) if question.trends else (False,),
        "differences": (False, True) if question.changes else (False,),
        "weights": question.weights,
        "covariance": question.covariances,
        "cluster": question.clusters,
        "kernel_lags": range(1, 13),
        "kernel": tuple(KERNELS),
        "distance": DISTANCES,
    }
    if len(question.predictors) > 1 or not question.several:  # of several, one alone has no widget to choose it again
        allowed["predictors"] = question.predictors
    if question.choose_sample:
        periods = ["", *periods_with_data(panel, question)]
        allowed |= {"start": periods, "end": periods, "areas": panel.areas, "non_overlapping": (False, True)}
    return allowed


def periods_with_data(panel: Panel, question: Question) -> list[str]:
    """Periods in which the question's predictors are known, in time order."""
    known = panel.frame[list(question.predictors)].notna()
    there = known.any(axis=1) if question.free_choice else known.all(axis=1)
    return sorted(panel.frame.loc[there, panel.period].unique())
