"""The first screen of the page on England: is crime higher in more deprived neighbourhoods, everywhere?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from core.crime.england import text
from core.crime.england.analysis import Compared, ratio_row
from core.crime.text import the
from core.presentation.numbers import number, number_word, possessive, upper_first
from core.presentation.summary import Chip, Fact, Summary, source_of
from core.sources.police.street_crime_2025 import YEAR

CHIP_OF: Mapping[str, Chip] = {text.CLEAR: "clear", text.DEPENDS: "depends", text.NO_LINK: "none"}
CHIP_HELP = "Whether the answer is the same for other measures of deprivation, counts of residents and ways to compare."
CANNOT_SAY = (
    "That deprivation leads to crime, or crime to deprivation: they are found in the same places.",
    "Anything about individuals: every figure is of a neighbourhood.",
    "How much crime there is: only what was reported and recorded is counted.",
)
MIDDLE = (0.45, 0.55)  # what counts as about the middle of the districts, as shares of their number


def england_summary(found: Compared, variants: pd.DataFrame, publishers: Sequence[str]) -> Summary:
    """What the first screen says.

    Parameters
    ----------
    variants
        The average over forces for each way to choose, as :func:`core.crime.england.analysis.compare_variants` gives
        it.
    """
    source = source_of(publishers, YEAR)
    if found.average is None or variants.empty:
        return Summary(text.NO_ANSWER, "cannot_tell", (), (text.NO_ANSWER,), CANNOT_SAY, source)
    ratios = ratio_row(found.average)
    finding = _finding(found)
    return Summary(
        answer=upper_first(f"{_yes_or_no(found)}{finding}"),
        chip=CHIP_OF[text.verdict(variants)],
        facts=(
            Fact(
                "Most against least deprived fifth",
                f"{text.times(ratios['ratio'])} times",
                "Crime per resident in the most deprived fifth of neighbourhoods, divided by that in the least. "
                "The average of all forces.",
            ),
            _ends(found),
            _rates(found),
        ),
        can_say=(upper_first(finding), text.verdict_reason(variants)),
        cannot_say=CANNOT_SAY,
        source=source,
        below=(
            "In another force of this kind, the most deprived fifth very likely records between "
            f"{text.times(ratios['predicted_low'])} and {text.times(ratios['predicted_high'])} times as much as the "
            "least."
        ),
        chip_help=CHIP_HELP,
    )


def _yes_or_no(found: Compared) -> str:
    """What the answer begins with, where it is one or the other."""
    return {len(found.forces): "Yes: ", 0: "No: "}.get(found.higher, "")


def _finding(found: Compared) -> str:
    """The answer as a sentence that begins with a small letter."""
    forces = f"{_of_forces(found)} police forces that we can compare"
    if not found.higher:
        return f"in {forces} is crime per resident higher in the most deprived neighbourhoods."
    than = "the most deprived neighbourhoods record more crime per resident than the least deprived"
    return f"in {forces}, {than}."


def clause(found: Compared) -> str:
    """The answer in a few words, to follow what is said of one district."""
    order = ", the most deprived neighbourhoods" if found.higher else " do the most deprived neighbourhoods"
    return f"in {_of_forces(found)} police forces compared{order} record more"


def _of_forces(found: Compared) -> str:
    """'all 32', 'none of the 32', 'four of the 32'."""
    total, higher = len(found.forces), found.higher
    return f"all {total}" if higher == total else f"{number_word(higher)} of the {total}"


def _ends(found: Compared) -> Fact:
    most, least = found.forces.iloc[0], found.forces.iloc[-1]
    value = f"{text.times(least['ratio'])} to {text.times(most['ratio'])} times"
    where = f"least in {least['force']}, most in {most['force']}"
    return Fact("From force to force", value, f"The same division for each force: {where}.")


def _rates(found: Compared) -> Fact:
    most, least = (number(found.fifths["rate"].iloc[end], 0) for end in (0, -1))
    return Fact(
        f"Crimes per 1,000 residents, {YEAR}",
        f"{most} and {least}",
        "In the most and in the least deprived fifth, all forces together.",
    )


def in_district(summary: Summary, found: Compared, name: str, rates: pd.Series, force: str) -> Summary:
    """The summary for one district: how its rate compares, then the answer in its force, or in all where it has none.

    Parameters
    ----------
    rates
        Recorded crime per 1,000 residents of each district by name; missing where there are no figures.
    force
        Name of the police force that serves it.
    """
    known, forces = rates.dropna(), found.forces.set_index("force")
    called = the(name)
    start = f"{upper_first(called)} {_against(known, name) if name in known else 'has no full year of figures here'}"
    within = _within(forces, force) if force in forces.index else ""
    summary = replace(summary, answer=f"{start}; {within or clause(found)}.")
    if name not in known:
        return summary
    place = int(known.rank(ascending=False, method="min")[name])
    own = Fact(
        f"Crimes per 1,000 residents in {called}",
        number(known[name], 0),
        f"Place {place} of {len(known)} districts, 1 for the highest. Visitors are not among the residents.",
    )
    summary = replace(summary, facts=(own, *summary.facts[:2]), can_say=(f"{start}.", *summary.can_say))
    return _with_force(summary, forces, force) if within else summary


def _within(forces: pd.DataFrame, force: str) -> str:
    """'Durham's most deprived fifth records 2.6 times as much as the least', or that there is no clear difference."""
    if _is_unclear(forces, force):
        return f"{the(force)} shows no clear difference between its most and least deprived fifths"
    return (
        f"{possessive(the(force))} most deprived fifth records {text.times(forces['ratio'][force])} times as much "
        "as the least"
    )


def _is_unclear(forces: pd.DataFrame, force: str) -> bool:
    return bool(forces["low"][force] <= 1 <= forces["high"][force])


def _with_force(summary: Summary, forces: pd.DataFrame, force: str) -> Summary:
    """The summary with the ratio of `force` in place of that from force to force."""
    own, average, ends = summary.facts
    low, high = (text.times(forces[end][force]) for end in ("low", "high"))
    ratio = Fact(
        f"Most against least deprived fifth, {force}",
        f"{text.times(forces['ratio'][force])} times",
        f"Crime per resident in one, divided by that in the other. Likely between {low} and {high}. "
        f"The average of all forces is {average.value}.",
    )
    first, *others = summary.can_say
    quoted = () if _is_unclear(forces, force) else (f"{upper_first(_within(forces, force))}, per resident.",)
    return replace(summary, facts=(own, ratio, ends), can_say=(first, *quoted, *others))


def _against(rates: pd.Series, name: str) -> str:
    """'records more crime per resident than most districts'."""
    share = rates.rank(ascending=False)[name] / len(rates)
    if MIDDLE[0] <= share <= MIDDLE[1]:
        return "records a middling amount of crime per resident"
    return f"records {'more' if share < MIDDLE[0] else 'less'} crime per resident than most districts"
