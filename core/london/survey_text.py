"""Sentences on the sampling error of the survey."""

from core.london.survey_error import INTERVIEWS, design_effect, interviews
from core.presentation.numbers import number
from core.tables.quarters import months_of


def sampling_text(quarter: str) -> str:
    """What the intervals of the figures of `quarter` allow for: 'the sampling error of about 600 interviews ...'."""
    return f"the sampling error of about {interviews(quarter)} interviews in 12 months with {effect_text()}"


def effect_text() -> str:
    """'a design effect of 2.1 (95% interval 1.9 to 2.3)'."""
    found = design_effect()
    ends = f"95% interval {number(found.low, 1)} to {number(found.high, 1)}"
    return f"a design effect of {number(found.value, 1)} ({ends})"


def survey_error_text() -> str:
    """What the data page says of the sampling error: the design effect, what it rests on, interviews by period."""
    found = design_effect()
    by_measure = sorted(found.by_measure.values())
    first, *later = INTERVIEWS.items()
    designs = "".join(f", and about {count} from {months_of(start)} on" for start, count in later)
    return (
        "**The survey's sampling error.** A figure's variance is that of a simple random sample times "
        f"{effect_text()}. It is estimated from how the quarterly changes of {len(by_measure)} measures in "
        f"{found.boroughs} boroughs are related over time, in the figures to {months_of(found.last)}; from one measure "
        f"alone it is {number(by_measure[0], 1)} to {number(by_measure[-1], 1)}. Map, ranks, changes and the page of a "
        f"borough all use the one figure. Interviews in a borough in a quarter: about {first[1]}{designs}."
    )
