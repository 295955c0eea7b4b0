"""The choices an analyst can make, as types and as labels.

Each choice is a ``Literal`` type that the code checks and a table of :class:`Option` with the
labels for widgets, captions, tables and links, so a choice is named in one place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Form = Literal["log", "log_per_1000", "per_1000", "count", "share"]
Window = Literal["quarter", "year"]
Weights = Literal["equal", "population"]
Covariance = Literal["cluster", "two_way", "driscoll_kraay", "HC1", "classical"]


@dataclass(frozen=True)
class Option:
    """Label and help text of one value of a choice."""

    label: str
    help: str


FORMS: Mapping[Form, Option] = {
    "log": Option("ln of the count", "Natural logarithm: a coefficient reads as the change for a percentage change."),
    "log_per_1000": Option("ln of the rate", "Natural logarithm of records per 1,000 residents."),
    "per_1000": Option("Per 1,000 residents", "Compares boroughs of different size."),
    "count": Option("Count", "The number of records as it is; large boroughs weigh most."),
    "share": Option("Share of records", "The part of all use-of-force records that carries this outcome."),
}
WINDOWS: Mapping[Window, Option] = {
    "quarter": Option("The quarter", "Force recorded in the three months that end with the survey figure."),
    "year": Option("12 months up to it", "Matches the survey, whose borough figures are 12 months of interviews."),
}
WEIGHTS: Mapping[Weights, Option] = {
    "equal": Option("Every borough the same", "Each borough-quarter counts once."),
    "population": Option("By residents", "A borough-quarter counts by the people who live there."),
}
COVARIANCES: Mapping[Covariance, Option] = {
    "cluster": Option(
        "Clustered by borough", "Lets the errors of one borough be related over time. The usual choice for a panel."
    ),
    "two_way": Option(
        "Clustered by borough and quarter", "Also lets all boroughs of one quarter share what happened in London."
    ),
    "driscoll_kraay": Option(
        "Driscoll-Kraay", "Allows errors related across boroughs and over several quarters; leans on many quarters."
    ),
    "HC1": Option("Robust (HC1)", "Allows unequal spread, but treats each borough-quarter as independent."),
    "classical": Option("Classical", "Assumes independent errors of equal spread. What the study used."),
}
LAGS = (0, 1, 2, 3, 4)


def check_choice(value: object, choice: object, name: str) -> None:
    """Raise ``ValueError`` unless `value` is one of the ``Literal`` type `choice`, called `name` in the message."""
    allowed = get_args(choice)
    if value not in allowed:
        raise ValueError(f"{name} is {value!r}; choose one of {', '.join(map(repr, allowed))}.")
