"""What other pages say of the borough that a reader has chosen."""

from dataclasses import replace

from core.london.borough.analysis import Rate, Standing
from core.london.borough.text import FORCE_LABEL, force_note, per_1000, rank, whole
from core.presentation.summary import Fact, Summary
from core.tables.quarters import last_month

MIDDLE = (0.45, 0.55)  # ranks in the middle, as shares of the number of boroughs


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
