"""What the sidebar of a model page says of its choices."""

from collections.abc import Callable, Mapping
from typing import Any

from core.presentation.glossary import meaning
from core.questions.question import AS_PUBLISHED, FIRST_EDITION, RECOMMENDED

PRESET_HELP: Mapping[str, str] = {
    AS_PUBLISHED: "*As published* repeats the study's model.",
    RECOMMENDED: "*Recommended* is the one that we stand by.",
    FIRST_EDITION: "*First edition* is what this app recommended before.",
}
CHANGES_HELP = (
    "Explains how much the {outcome} changed from one {period} to the next by how much the predictors did (first "
    "differences). Only {periods} that follow each other count."
)
TRENDS_HELP = (
    "Takes a straight line over time of its own out of each {area}, so that only what departs from its own course "
    "counts. Needs {area} effects; changes from {period} to {period} have no such trends."
)
GONE_HELP = "Changes leave nothing of it: what never changes is taken out already."
EFFECT_HELP: Mapping[str, str] = {
    "borough": meaning("Borough effects"),
    "quarter": meaning("Quarter effects"),
    "district": "Compares small areas of the same district only.",
    "MSOA": "Compares close neighbours only: the four to six small areas of one larger area (MSOA).",
}
SQUARES_HELP = (
    "Lets the association change with the size of the predictor, by its square; *Models and checks* says where it "
    "turns."
)
MODERATOR_HELP = (
    "Lets each group of {areas} have an association of its own; *Models and checks* has them, and their difference. "
    "Needs {area} effects or changes, so that the groups' own levels are taken out."
)


def of_groups(text: str) -> str:
    """Words on areas as words on the groups that they lie in."""
    return text.replace("{areas}", "groups").replace("{area}", "group")


def list_help(texts: Mapping[Any, str], label: Callable[[Any], str]) -> str:
    """Help of a widget: each option in bold with its text."""
    return "\n".join(f"- **{label(name)}**: {text}" for name, text in texts.items())
