"""The choices an analyst can make, as types and as labels.

Each choice is a ``Literal`` type that the code checks and a table of :class:`Option` with the
labels for widgets, captions, tables and links, so a choice is named in one place. Words in braces
are those of a question: see :meth:`core.questions.vocabulary.Vocabulary.fill`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Form = Literal["log", "log_per_1000", "per_1000", "count", "share"]
Window = Literal["quarter", "year"]
Response = Literal["level", "log", "poisson"]
Weights = Literal["equal", "population"]
Covariance = Literal["cluster", "jackknife", "two_way", "driscoll_kraay", "conley", "HC1", "classical"]
Kernel = Literal["bartlett", "uniform"]


@dataclass(frozen=True)
class Option:
    """Label and help text of one value of a choice."""

    label: str
    help: str


FORMS: Mapping[Form, Option] = {
    "log": Option("ln of the count", "Natural logarithm: a coefficient reads as the change for a percentage change."),
    "log_per_1000": Option("ln of the rate", "Natural logarithm of the number per 1,000 residents."),
    "per_1000": Option("Per 1,000 residents", "Compares {areas} of different size."),
    "count": Option("Count", "The number as it is; large {areas} weigh most."),
    "share": Option("Share of records", "The part of all records that is of the kind."),
}
WINDOWS: Mapping[Window, Option] = {
    "quarter": Option("The {period}", "The {period} that the outcome is for."),
    "year": Option("12 months up to it", "Matches outcomes that are figures of 12 months, as those of the survey are."),
}
RESPONSES: Mapping[Response, Option] = {
    "level": Option("As it is", "Effects are in the unit of the {outcome}."),
    "log": Option("Logarithm", "Effects are in per cent of the {outcome}, which has to be above zero everywhere."),
    "poisson": Option(
        "Poisson", "For counts and other figures that may be zero: effects are in per cent of the expected {outcome}."
    ),
}
WEIGHTS: Mapping[Weights, Option] = {
    "equal": Option("Every {area} the same", "Each row counts once."),
    "population": Option("By residents", "A row counts by the people who live there."),
}
COVARIANCES: Mapping[Covariance, Option] = {
    "cluster": Option(
        "Clustered by {area}", "Lets the errors of one {area} be related over time. The usual choice for a panel."
    ),
    "jackknife": Option(
        "Jackknife by {area}", "As clustered, from leaving out each {area} in turn (CR3); wider where {areas} are few."
    ),
    "two_way": Option(
        "Clustered by {area} and {period}", "Also lets all {areas} of one {period} share what happened in it."
    ),
    "driscoll_kraay": Option(
        "Driscoll-Kraay", "Allows errors related across {areas} and over several {periods}; needs many {periods}."
    ),
    "conley": Option(
        "By distance (Conley)",
        "Lets errors of places near each other be related, up to a distance that is chosen below.",
    ),
    "HC1": Option("Robust (HC1)", "Allows unequal spread, but treats each row as independent."),
    "classical": Option("Classical", "Assumes independent errors of equal spread."),
}
SPATIAL: tuple[Covariance, ...] = ("conley",)  # offered only where rows have a place on the map
KERNELS: Mapping[Kernel, Option] = {
    "bartlett": Option("Less the farther apart", "Falls in a straight line to none at the distance (Bartlett kernel)."),
    "uniform": Option("Alike up to it", "The same up to the distance (uniform kernel); can give no proper variance."),
}
DISTANCES = (1, 2, 5, 10)  # km
LAGS = (0, 1, 2, 3, 4)


def check_choice(value: object, choice: object, name: str) -> None:
    """Raise ``ValueError`` unless `value` is one of the ``Literal`` type `choice`, called `name` in the message."""
    allowed = get_args(choice)
    if value not in allowed:
        raise ValueError(f"{name} is {value!r}; choose one of {', '.join(map(repr, allowed))}.")
