"""What other pages say of the borough that a reader has chosen."""

from dataclasses import replace

from core.london.borough.analysis import NextFigure, Rate, Standing, SurveyChange
from core.london.borough.text import (
    CHIP_HELP,
    CHIP_TEXT,
    FORCE_LABEL,
    RANK_NOTE,
    can_say,
    cannot_say,
    chip,
    direction,
    force_note,
    forecast_fact,
    margin,
    per_1000,
    rank,
    source,
    trust_fact,
    whole,
)
from core.presentation.numbers import number, signed
from core.presentation.summary import Chip, Fact, Summary
from core.tables.quarters import last_month, months_of

AMONG_ALL = (
    "Seen by itself, this change is beyond chance. Among all boroughs, one of this size could come up by chance."
)
MIDDLE = (1 / 3, 2 / 3)  # ranks in the middle third: nearer to it, a borough may be on the other side of London's rate


def in_borough(summary: Summary, finding: str, force: Rate, now: Standing) -> Summary:
    """The summary of a London question for one borough: what it records and how it is rated, then the same answer.

    Parameters
    ----------
    finding
        The answer for London as a clause.
    """
    trust = Fact(
        f"Trust in the Met in {now.borough}",
        whole(now.value),
        f"In the year to {last_month(now.quarter)}. Rank {rank(now)} of all boroughs.",
    )
    recorded = Fact(f"{FORCE_LABEL}, {now.borough}", per_1000(force.value), force_note(force))
    agreement = summary.facts[1:2]
    return replace(
        summary,
        answer=f"{now.borough} recorded {_against(force, now.boroughs)}; {finding}.",
        facts=(recorded, trust, *agreement),
        can_say=(
            f"{now.borough} recorded {_against(force, now.boroughs)} in the year to {last_month(force.quarter)}.",
            *summary.can_say,
        ),
    )


def _against(force: Rate, boroughs: int) -> str:
    """'more force than most boroughs'."""
    low, high = (share * boroughs for share in MIDDLE)
    if low <= force.rank <= high:
        return "an average amount of force"
    return f"{'more' if force.rank < low else 'less'} force than most boroughs"


def forecast_in_borough(summary: Summary, now: Standing, coming: NextFigure | None) -> Summary:
    """The summary of the forecast page for one borough: what is next there, and how sure.

    Parameters
    ----------
    summary
        That of all boroughs, whose typical error and limits are kept.
    """
    answer, likely = _next(now, coming), coming is not None and not coming.low <= now.value <= coming.high
    known: Chip = "clear" if likely else "none"
    return replace(
        summary,
        answer=answer,
        chip="cannot_tell" if coming is None else known,
        facts=(forecast_fact(coming), trust_fact(now), *summary.facts[1:2]),
        can_say=(*can_say(now, None)[:1], *(can_say(now, coming)[-1:] if coming else [answer]), *summary.can_say[1:]),
        source=source(now),
        below=margin(now),
        chip_text="Cannot say" if coming is None else "Change likely" if likely else "No clear change",
    )


def _next(now: Standing, coming: NextFigure | None) -> str:
    """The forecast in a sentence, as whole numbers are read."""
    if coming is None:
        return f"There is no forecast of trust in the Met in {now.borough} after {last_month(now.quarter)} yet."
    start = (
        f"Trust in the Met in {now.borough} is forecast at about {whole(coming.mean)} for {months_of(coming.quarter)}"
    )
    if coming.low <= now.value <= coming.high:
        return f"{start}, with no clear change from {whole(now.value)} now."
    rises = coming.mean > now.value
    if whole(coming.mean) == whole(now.value):
        return f"{start}, likely a little {'more' if rises else 'less'} than now."
    return f"{start}, a likely {'rise' if rises else 'fall'} from {whole(now.value)} now."


def map_in_borough(summary: Summary, now: Standing, among_all: bool) -> Summary:
    """The summary of the borough map for one borough: whether trust changed there, and where it stands.

    Parameters
    ----------
    among_all
        Whether its change is beyond chance when all boroughs are looked at.
    """
    alone = now.year is not None and now.year.clear and not among_all
    return replace(
        summary,
        answer=_changed(now),
        chip=chip(now),
        facts=(
            trust_fact(now),
            _year_fact(now.year),
            Fact(f"Rank among {now.boroughs} boroughs", rank(now), RANK_NOTE),
        ),
        can_say=tuple(can_say(now, None)),
        cannot_say=tuple(cannot_say(now)),
        source=source(now),
        below=AMONG_ALL if alone else summary.below,
        chip_text=CHIP_TEXT[chip(now)],
        chip_help=CHIP_HELP,
    )


def _year_fact(year: SurveyChange | None) -> Fact:
    """The change over a year and its margin."""
    label = "Change over a year"
    if year is None:
        return Fact(label, "\N{EN DASH}", "There is no figure from a year before.")
    note = f"The margin is about {number(year.margin, 0)} points either way."
    points = signed(year.points, 0)
    return Fact(label, f"{points} point{'' if points[1:] == '1' else 's'}", note)


def _changed(now: Standing) -> str:
    if now.year is None:
        return f"There is no figure of trust in the Met in {now.borough} from a year before."
    until = f"over the year to {last_month(now.quarter)}"
    if not now.year.clear:
        return f"Trust in the Met in {now.borough} did not change {until} by more than chance would explain."
    way = "rose" if direction(now.year) == "up" else "fell"
    return f"Trust in the Met {way} in {now.borough} {until}, by more than chance would explain."
