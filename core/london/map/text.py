"""How to read the map of boroughs."""

from collections.abc import Mapping

MAP_NOTES: Mapping[str, str] = {
    "level": (
        "Intervals: for scores, the sampling error of about 400 interviews in 12 months; for counts, the chance "
        "variation of a Poisson count (records come in groups, so the truth varies more)."
    ),
    "change": (
        "Faded boroughs changed by less than chance alone would explain. Survey figures less than four quarters apart "
        "share interviews, which makes their change more certain than two separate surveys would."
    ),
}
