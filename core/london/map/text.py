"""How to read the map of boroughs."""

from collections.abc import Mapping

from core.london.map.figures import quarters_with
from core.presentation.numbers import quoted
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from core.tables.quarters import quarter_label

MAP_NOTES: Mapping[str, str] = {
    "level": (
        "Intervals: for scores, the sampling error of about 400 interviews in 12 months (since late 2024 about 600 "
        "are held, so the truth is somewhat surer); for counts, the chance "
        "variation of a Poisson count (records come in groups, so the truth varies more)."
    ),
    "change": (
        "Faded boroughs changed by less than chance alone would explain. Survey figures less than four quarters apart "
        "share interviews, which makes their change more certain than two separate surveys would."
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
