"""Other ways of asking a question that could be defended as well as the recommended one, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.stats.regression import ModelSpec


@dataclass(frozen=True)
class Alternative:
    """One way: what it changes in the model.

    Parameters
    ----------
    label
        What is done otherwise, for a row of a chart; words in braces are those of the question.
    choice
        Which choice that is, in a sentence: ``"which years are used"``.
    changes
        The fields of :class:`core.stats.regression.ModelSpec` that differ, with their values.
    """

    label: str
    choice: str
    changes: Mapping[str, Any]

    def of(self, spec: ModelSpec) -> ModelSpec:
        """`spec` with the changes."""
        return replace(spec, **self.changes)


PERIODS, YEARS, MEASURE = "the period that counts", "which years are used", "which score is asked about"
ERRORS, AREAS = "how errors are related", "which {areas} are in it"
FORM, WEIGHT, CONTROLS, TIMING = "how it is counted", "how {areas} are weighted", "what is held constant", "the delay"
