"""How to read the map of boroughs."""

from core.london.map.figures import MapView, quarters_with
from core.london.survey_text import sampling_text
from core.presentation.numbers import number, quoted
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from core.tables.quarters import quarter_label

TITLE = "How do the boroughs compare?"
CHANGE_NOTE = (
    "Faded boroughs changed by no more than chance would explain, allowing for a look at all of them (Holm's "
    "method): the chance of even one false alarm is at most 5%. So a borough's own 95% interval may leave out no "
    "change and it is faded all the same. Survey figures less than four quarters apart share interviews, which "
    "makes their change more certain than two separate surveys would."
)


def map_note(view: MapView, times: float | None = None) -> str:
    """How to read the map of `view`, whose `quarter` is given: what its intervals are of, and what is faded.

    Parameters
    ----------
    times
        How many times the variance of a count is that of a Poisson count; ``None`` for a survey score.
    """
    intervals = f"Intervals: {sampling_text(view.quarter) if times is None else _counts(times)}."
    return intervals if view.kind == "level" else f"{CHANGE_NOTE} {intervals}"


def _counts(times: float) -> str:
    return (
        "the chance variation of counts. Records come in groups: from one quarter to the next counts vary "
        f"{number(times, 1)} times as much as independent ones would, which is allowed for"
    )


def ended(variable: str, panel: Panel, catalogue: Catalogue) -> str:
    """When `variable` was last published, as a sentence; empty if it is there in the last quarter of the panel."""
    last = quarters_with(panel, variable)[-1]
    if last == panel.periods[-1]:
        return ""
    return (
        f"{quoted(catalogue.label(variable))} was last published for {quarter_label(last)}, so nothing is shown after "
        f"it; the survey runs to {quarter_label(panel.periods[-1])}."
    )
