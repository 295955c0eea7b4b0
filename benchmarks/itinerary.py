"""Actions of a visitor under load: links opened, widgets changed, a file uploaded; and the expected answers.

A visitor is a number, the seed of all their choices, so that the same visit can be repeated alone and among others.
The sentences that their models lead to are calculated here from the figures, without the app and its caches.
"""

import html
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from benchmarks.protocol import Page, Visit, VisitError
from core.london.amount.question import LONDON_AMOUNT
from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.panel import london_panel
from core.london.questions import VOCABULARY
from core.presentation.text import question_answer
from core.questions.links import LINK_VERSION, to_query
from core.questions.question import RECOMMENDED, Question
from core.stats.regression import ModelSpec, fit
from core.tables.catalogue import load_catalogue
from core.tables.panel import Panel

UPLOADER = "A file with one row for each area and period"
EVERY_NTH_HANDS_IN = 5
MARK = re.compile(rb"Visitor\d{6}")
DISTRICTS = ("", "Birmingham", "Coventry", "Dudley", "Sandwell", "Solihull", "Walsall", "Wolverhampton")
CRIME_PAGES = ("crime_deprivation", "crime_rates", "crime_types", "crime_bicycle_theft")
MAPPED = ("trust_mps", "score_trust", "records", "treat_everyone_fairly")
OTHER_PAGES = ("home", "london_ages", "london_forecast", "published_claims", "data")

Kind = Literal["open", "choose", "switch", "submit"]


@dataclass(frozen=True)
class Step:
    """One action of a visitor.

    Parameters
    ----------
    kind, name, value
        ``"open"`` a page, ``"choose"`` an option of a select-box, ``"switch"`` a toggle (``"on"`` or ``"off"``), or
        ``"submit"`` a file.
    query
        Query of the link that is opened.
    answer
        The expected answer; empty if it is not checked.
    """

    kind: Kind
    name: str
    value: str = ""
    query: tuple[tuple[str, str], ...] = ()
    answer: str = ""

    async def take(self, visit: Visit) -> Page:
        """Perform the action; raise :class:`VisitError` if the answer is not that of this visitor's model."""
        page = await self._take(visit)
        if self.answer not in page.answer:
            raise VisitError(f"{visit.query} was answered {page.answer!r}, not {self.answer!r}")
        if self.kind == "submit" and self.name.encode() not in b"".join(page.content()):
            raise VisitError(f"the file of {self.name} was handed in and is not shown")
        return page

    async def _take(self, visit: Visit) -> Page:
        match self.kind:
            case "open":
                return await visit.open(self.name, dict(self.query))
            case "choose":
                return await visit.choose(self.name, self.value)
            case "switch":
                return await visit.switch(self.name, self.value == "on")
            case "submit":
                return await visit.submit(UPLOADER, f"{self.name}.csv", own_file(self.name))


def mark(number: int) -> str:
    """A marker that only this visitor's file contains."""
    return f"Visitor{number:06}"


def own_file(name: str) -> bytes:
    """A panel as CSV whose area names contain `name`."""
    drawn = random.Random(name)
    keys = [(area, year) for area in range(9) for year in range(2010, 2020)]
    rows = (f"{name} {area},{year},{drawn.random():.3f},{drawn.random():.3f}" for area, year in keys)
    return "\n".join(["area,year,trust,force", *rows]).encode()


def itinerary(number: int) -> list[Step]:
    """All steps of visitor `number`."""
    drawn = random.Random(number)
    panel = _panel()
    one, other = drawn.sample(panel.areas, 2)
    amount, outcomes = _spec(LONDON_AMOUNT, drawn), _spec(LONDON_OUTCOMES, drawn)
    turned = replace(amount, effects=tuple(sorted({"borough"} ^ set(amount.effects))))
    variable, district = drawn.choice(MAPPED), drawn.choice(DISTRICTS)
    return [
        _model_link(LONDON_AMOUNT, amount, one),
        Step("choose", "Borough", other, answer=_answer(amount)),
        Step("switch", "Borough effects", "on" if "borough" in turned.effects else "off", answer=_answer(turned)),
        _link("london_map", {"variable": variable, "borough": one}),
        Step("choose", "Borough", other),
        _model_link(LONDON_OUTCOMES, outcomes, other),
        _link(drawn.choice(CRIME_PAGES), {"district": district}),
        *_last_steps(number, drawn),
    ]


def short_itinerary(number: int) -> list[Step]:
    """A short visit of `number`: a model, two changes of it, and the last steps of :func:`itinerary`."""
    steps = itinerary(number)
    return [*steps[:3], *steps[7:]]


def _last_steps(number: int, drawn: random.Random) -> Sequence[Step]:
    if number % EVERY_NTH_HANDS_IN:
        return [_link(drawn.choice(OTHER_PAGES), {})]
    return [_link("user_panel", {}), Step("submit", mark(number)), _link("home", {}), Step("open", "user_panel")]


def _link(page: str, choices: Mapping[str, str]) -> Step:
    return Step("open", page, query=tuple({"v": LINK_VERSION, **choices}.items()))


def _model_link(question: Question, spec: ModelSpec, borough: str) -> Step:
    return replace(_link(question.page, {**to_query(spec), "borough": borough}), answer=_answer(spec))


def _spec(question: Question, drawn: random.Random) -> ModelSpec:
    return replace(
        question.presets[RECOMMENDED],
        outcome=drawn.choice(question.outcomes),
        lag=drawn.choice((0, 1, 2)),
        effects=drawn.choice((("borough", "quarter"), ("borough",), ("quarter",))),
        covariance=drawn.choice(question.covariances),
    )


@lru_cache(maxsize=1)
def _panel() -> Panel:
    return london_panel()


@lru_cache(maxsize=4000)
def _answer(spec: ModelSpec) -> str:
    """The sentence of `spec`, as the page must show it."""
    catalogue = load_catalogue()
    labels = {variable.name: variable.label for variable in catalogue}
    return html.escape(question_answer(fit(_panel(), spec, labels), catalogue, VOCABULARY))
