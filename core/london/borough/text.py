"""Sentences about one borough, for anyone: at most 25 words and two numbers each."""

from collections.abc import Mapping

from core.london.borough.analysis import NextFigure, Rate, Standing, SurveyChange
from core.london.forecast.view import LIKELY
from core.london.survey_error import interviews
from core.presentation.numbers import number, ordinal
from core.presentation.summary import Chip, Fact, Summary
from core.tables.quarters import last_month, months_of

CHOOSE = "Choose a borough to see how much its residents trust the police, what is likely next, and how sure that is."
WHICH = "Type or choose a borough"
ELSEWHERE = "{district} is not a London borough. The figures of its neighbourhoods are on a page of their own."
NOT_CHOSEN = "How much do people in your borough trust the police?"
CHIP_TEXT: Mapping[Chip, str] = {"clear": "Clear change", "none": "No clear change", "cannot_tell": "Cannot say"}
CHIP_HELP = "Whether trust changed over the last year by more than chance would explain."
SURVEY_LINE = "MOPAC Public Attitude Survey"
BAND_NOTE = (
    "The band around the line is the survey's 95% margin. The fan holds the next published figures four times in five. "
    "It can be narrower than the margin, because the next figure shares most of its interviews with the last."
)
METHOD = (
    "Each figure is the share of residents asked in 12 months who say that they trust the Metropolitan Police. A "
    "change counts as clear if it is larger than its 95% margin, which allows for interviews that both figures share. "
    "Ranks are 80% ranges from repeated draws within the margins. Force and crime are counts over 12 months per 1,000 "
    "residents; people who visit or work in the borough are not among the residents."
)


def band_note(last: str, last_of_london: str) -> str:
    """What the band and the fan are, and why London has no line if its figures end before the quarter `last`."""
    if last_of_london >= last:
        return BAND_NOTE
    line = "The grey line is the boroughs' average"
    return f"{BAND_NOTE} {line}: for London as a whole, figures are published to {months_of(last_of_london)}."


def question(borough: str) -> str:
    """The question that the page answers."""
    return f"How much do people in {borough} trust the police?"


def whole(value: float) -> str:
    """A figure in per cent, as the survey publishes it: '66%'."""
    return f"{number(value, 0)}%"


def answer(found: Standing) -> str:
    """The page's answer: the last figure, and how it changed in a year where that is beyond chance."""
    start = f"In the year to {last_month(found.quarter)}, {_asked(found)} trusted the Met"
    if found.year is None:
        return f"{start}; there is no figure a year before."
    if not found.year.clear:
        return f"{start}, with no clear change in a year."
    return f"{start}, {direction(found.year)} from {whole(found.year.before)} a year before."


def _asked(found: Standing) -> str:
    return f"{whole(found.value)} of residents asked in {found.borough}"


def direction(change: SurveyChange) -> str:
    """'up' or 'down'."""
    return "up" if change.points > 0 else "down"


def chip(found: Standing) -> Chip:
    """Whether the last year brought a change."""
    if found.year is None:
        return "cannot_tell"
    return "clear" if found.year.clear else "none"


def margin(found: Standing) -> str:
    """How sure the figure is."""
    return (
        f"The true share is very likely between {whole(found.low)} and {whole(found.high)}. "
        f"That is the survey's 95% margin, with about {interviews(found.quarter)} interviews a year."
    )


def published(found: Standing) -> str:
    """Which figure the page shows."""
    return f"Latest published figure: {months_of(found.quarter)}. It covers 12 months of interviews."


def rank(found: Standing) -> str:
    """The range of places among the boroughs: '9 to 21'."""
    return str(found.rank_low) if found.rank_low == found.rank_high else f"{found.rank_low} to {found.rank_high}"


def forecast_label(coming: NextFigure) -> str:
    """Which figure is forecast."""
    return f"Forecast for {months_of(coming.quarter)}"


def forecast_range(coming: NextFigure) -> str:
    """The range that the next published figure is forecast in: '54% to 58%'."""
    return f"{whole(coming.low)} to {whole(coming.high)}"


def forecast_note(coming: NextFigure) -> str:
    """How often such forecasts held in the borough."""
    return (
        f"{LIKELY}% range of the next published figure. Here, such ranges held {coming.held} times of {coming.tried}."
    )


RANK_NOTE = "1 is the highest. The range holds the borough's true place with 80% probability."
NO_FORECAST = "There is no forecast from the latest figures yet."


def per_1000(rate: float) -> str:
    """A rate as read: '41.3', or '120' where it is large."""
    return number(rate, 0 if rate >= 100 else 1)


FORCE_LABEL = "Use of force per 1,000 residents"


def force_note(rate: Rate) -> str:
    """When that was, the same for London, and the borough's place."""
    start = f"In the year to {last_month(rate.quarter)}. London: {number(rate.london, 1)}."
    return f"{start} {ordinal(rate.rank)} highest of the boroughs."


def can_say(found: Standing, coming: NextFigure | None) -> list[str]:
    """What a reader can say of the borough, to be quoted."""
    said = [f"In the year to {last_month(found.quarter)}, {_asked(found)} said that they trust the Met."]
    said.append(f"The survey's margin is about {number(found.margin, 0)} percentage points either way.")
    if found.year is not None and found.year.clear:
        points = number(abs(found.year.points), 0)
        said.append(f"That is {direction(found.year)} {points} percentage points in a year, more than chance explains.")
    if found.year is not None and not found.year.clear:
        said.append("Over a year, the figure did not change by more than chance would explain.")
    if coming is not None:
        ends = f"{number(coming.low, 0)}% and {whole(coming.high)}"
        said.append(f"The figure for {months_of(coming.quarter)} is likely to be between {ends}.")
    return said


def cannot_say(found: Standing) -> list[str]:
    """What the figures do not show."""
    unsaid = [
        f"That {found.borough} has one exact rank: its place is a range.",
        "Why trust is as it is, or what any event did to it: the survey does not show causes.",
        "What a single resident, a street or a group of residents thinks.",
    ]
    if found.year is not None and not found.year.clear:
        unsaid.insert(0, "That trust rose or fell in the last year: the change could be chance.")
    return unsaid


def source(found: Standing) -> str:
    """Source and date, to go with a quotation."""
    return f"Source: {SURVEY_LINE}, {months_of(found.quarter)}."


def summary(found: Standing, coming: NextFigure | None, force: Rate) -> Summary:
    """The first screen of the page of one borough."""
    return Summary(
        answer=answer(found),
        chip=chip(found),
        facts=(
            Fact(f"Rank among {found.boroughs} boroughs", rank(found), RANK_NOTE),
            forecast_fact(coming),
            Fact(FORCE_LABEL, per_1000(force.value), force_note(force)),
        ),
        can_say=tuple(can_say(found, coming)),
        cannot_say=tuple(cannot_say(found)),
        source=source(found),
        below=f"{margin(found)} {published(found)}",
        chip_text=CHIP_TEXT[chip(found)],
        chip_help=CHIP_HELP,
    )


def forecast_fact(coming: NextFigure | None) -> Fact:
    """The range of the next published figure, and how often such ranges held."""
    if coming is None:
        return Fact("Next published figure", "\N{EN DASH}", NO_FORECAST)
    return Fact(forecast_label(coming), forecast_range(coming), forecast_note(coming))


def trust_fact(found: Standing) -> Fact:
    """The last published figure and its margin."""
    return Fact(
        f"Trust in the Met in {found.borough}",
        whole(found.value),
        f"In the year to {last_month(found.quarter)}. The margin is about {number(found.margin, 0)} points either way.",
    )
