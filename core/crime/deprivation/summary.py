"""The first screen on crime and deprivation: the answer by rule for a place or a district, and its picture."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.crime.area import ASB, CrimeArea
from core.crime.deprivation.answer import Answer
from core.crime.deprivation.text import CRIME_CURVE, ON_SCORE
from core.crime.summary import NOT_PEOPLE, source, times
from core.crime.text import the
from core.presentation.charts import Figure
from core.presentation.models.model_summary import NOT_NONE, NOT_PROVEN
from core.presentation.numbers import lower_first, number, signed, upper_first
from core.presentation.robustness.robust_figures import robustness_picture
from core.presentation.summary import CHIP_OF, Chip, Fact, Summary
from core.questions.robustness import Robustness, Tried
from core.stats.regression.errors import listed

NOT_CAUSE = "That deprivation causes crime: the figures show what occurs together, not why."
NOT_EACH = "That it holds in every single neighbourhood: this is the pattern over all of them."
UNSAID: Mapping[Chip, str] = {"clear": NOT_EACH, "depends": NOT_PROVEN, "none": NOT_NONE, "cannot_tell": NOT_NONE}
TOGETHER = "Taken together, the analyses could be chance."
SMALL = 1.0  # per cent, below which a decimal is needed


def summary(found: Answer, area: CrimeArea, district: str, publishers: Sequence[str]) -> Summary:
    """The first screen for `area`, or for one `district` of it."""
    where = district or the(area.name)
    line = source(publishers, area, f"Deprivation of {area.basis.index}.")
    if found.robust is None:
        few = f"There are too few neighbourhoods in {where} to say whether crime is linked to deprivation."
        return Summary(few, "cannot_tell", (), (few,), (NOT_CAUSE, NOT_PEOPLE, NOT_NONE), line)
    one, chip = found.robust, CHIP_OF[found.robust.word]
    return Summary(
        answer=answer(one, where),
        chip=chip,
        facts=(_fifths(found, where), _step(one.recommended), _agreeing(one)),
        can_say=_can_say(found, one, where, area.period),
        cannot_say=(NOT_CAUSE, NOT_PEOPLE, UNSAID[chip]),
        source=line,
        below=_below(one.recommended, area),
    )


def answer(one: Robustness, where: str) -> str:
    """The answer in a sentence, without a number."""
    sign = one.recommended.sign
    amount = "more" if sign > 0 else "less"
    if one.word == "clear":
        return f"In {where}, more deprived neighbourhoods clearly have {amount} recorded crime per resident."
    if one.word == "none":
        return f"In {where}, there is no clear link between how deprived a neighbourhood is and its recorded crime."
    if sign and one.agreeing * 2 > len(one.others):
        return (
            f"In {where}, most analyses find {amount} crime in more deprived neighbourhoods, but it depends on the "
            "method."
        )
    return f"Whether crime in {where} is linked to deprivation depends on how the figures are analysed."


def picture(one: Robustness, where: str) -> Figure:
    """Every reasonable way to ask, for the place or the district named."""
    drawn = robustness_picture(one, 1.0, ON_SCORE, CRIME_CURVE)
    return replace(drawn, title=f"{upper_first(where)}: {drawn.title[:1].lower()}{drawn.title[1:]}")


def _fifths(found: Answer, where: str) -> Fact:
    label = "Crime per resident, most against least deprived fifth"
    if found.fifths is None:
        return Fact(label, "Not known", f"The least deprived fifth of {where} has no records.")
    return Fact(label, times(found.fifths).capitalize(), f"Fifths of {found.neighbourhoods:,} neighbourhoods.")


def _step(one: Tried) -> Fact:
    note = "Clearly different from none." if one.sign else "Could be chance."
    return Fact("Crime per resident, for ten points more deprivation", per_cent_text(one.value), note)


def _agreeing(one: Robustness) -> Fact:
    if one.deciding:
        note = f"What makes the difference: {listed(one.deciding)}."
    else:
        note = TOGETHER if one.word == "depends" else "All agree."
    return Fact("Other analyses that agree", f"{one.agreeing} of {len(one.others)}", note)


def _can_say(found: Answer, one: Robustness, where: str, period: str) -> tuple[str, ...]:
    sentences = [answer(one, where)]
    if found.fifths is not None:
        sentences.append(
            f"In {period}, the most deprived fifth of neighbourhoods in {where} had {times(found.fifths)} the recorded "
            "crime per resident of the least deprived."
        )
    sentences.append(f"Of {len(one.others)} other reasonable analyses, {one.agreeing} agree with the main one.")
    return tuple(sentences)


def _below(one: Tried, area: CrimeArea) -> str:
    """How sure the size is, in a line."""
    ends = [_size(end) for end in (one.low, one.high)]
    way = "higher" if one.high > 0 else "lower"
    low, high = ends if one.high > 0 else ends[::-1]
    first = low if one.low * one.high > 0 else f"{low} {'lower' if one.low < 0 else 'higher'}"
    incidents = f" Crime here includes {lower_first(ASB)}." if ASB in area.crime_types else ""
    return (
        f"For ten points more on the deprivation score, recorded crime per resident is very likely between {first} and "
        f"{high} {way}.{incidents}"
    )


def _size(value: float) -> str:
    return f"{number(abs(value), 0 if abs(value) >= SMALL else 1)}%"


def per_cent_text(value: float) -> str:
    """'+24%', with a decimal where it is small."""
    return f"{signed(value, 0 if abs(value) >= SMALL else 1)}%"
