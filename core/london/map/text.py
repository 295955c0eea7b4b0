"""How to read the map of boroughs."""

from collections.abc import Mapping

from core.london.map.figures import quarters_with
from core.presentation.numbers import quoted
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from core.tables.quarters import quarter_label

TITLE = "How do the boroughs compare?"
MAP_NOTES: Mapping[str, str] = {
    "level": (
        "Intervals: for scores, the sampling error of about 400 interviews in 12 months (since late 2024 about 600 "
        "are held, so the truth is somewhat surer); for counts, the chance "
        "variation of a Poisson count (records come in groups, so the truth varies more)."
    ),
    "change": (
        "Faded boroughs changed by no more than chance would explain, allowing for a look at all of them (Holm's "
        "method): the chance of even one false alarm is at most 5%. So a borough's own 95% interval may leave out no "
        "change and it is faded all the same. Survey figures less than four quarters apart share interviews, which "
        "makes their change more certain than two separate surveys would."
    ),
}


def ended(variable: str, panel: Panel, catalogue: Catalogue) -> str:
    """When `variable` was last published, as a sentence; empty if it is there in the last quarter of the panel."""
    last = quarters_with(panel, variable)[-1]
    if last == panel.periods[-1]:
        return ""
    return (
        f"{quoted(catalogue.label(variable))} was last published for {quarter_label(last)}, so nothing is shown after "
        f"it; the survey runs to {quarter_label(panel.periods[-1])}."
    )
