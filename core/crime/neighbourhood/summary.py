"""The first screen of one neighbourhood."""

from collections.abc import Mapping

import pandas as pd

from core.crime.neighbourhood import text
from core.crime.neighbourhood.analysis import PlaceRange, Usual
from core.crime.neighbourhood.tables import ForceNeighbourhoods
from core.crime.text import the
from core.presentation.summary import Chip, Fact, Summary

CHIPS: Mapping[str, Chip] = {
    text.MORE: "clear",
    text.LESS: "clear",
    text.WITHIN: "none",
    text.DEPENDS: "depends",
    text.CANNOT_SAY: "cannot_tell",
}


def summary(
    force: ForceNeighbourhoods,
    code: str,
    found: Usual,
    compared: pd.DataFrame,
    within: PlaceRange,
    is_centre: bool,
) -> Summary:
    """What is said of the neighbourhood `code`.

    Parameters
    ----------
    found
        All crime against what is usual.
    compared
        The same for each way to compare.
    within
        Its place in its district.
    is_centre
        Whether many crimes there follow visitors.
    """
    verdict = text.chip(compared)
    below = [*([text.CENTRE] if is_centre else []), text.reason(found, compared), text.ASB_NOTE]
    return Summary(
        answer=text.answer(force, code, found),
        chip=CHIPS[verdict],
        facts=_facts(force, code, found, within),
        can_say=tuple(text.can_say(force, code, found, verdict, within)),
        cannot_say=tuple(text.cannot_say(force)),
        source=text.source(force),
        below=" ".join(below),
        chip_text=verdict,
        chip_help=text.CHIP_HELP[verdict],
    )


def _facts(force: ForceNeighbourhoods, code: str, found: Usual, within: PlaceRange) -> tuple[Fact, ...]:
    """How many of those alike have less crime, the place in the district, deprivation."""
    rank = text.rank_note(force.count(code, "imd25_rank"), force.in_england)
    return (
        Fact(f"Of {found.peers} neighbourhoods as deprived", text.fewer_value(found), text.usual_range(found)),
        Fact(f"Place in {the(within.where)}", text.place_value(within), text.place_note(within)),
        Fact("Deprivation in England", text.decile_value(force.count(code, "imd25_decile")), rank),
    )
