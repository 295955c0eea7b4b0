"""The model of a reader's own table as a question: its columns as variables, its keys as words."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from core.presentation.numbers import quoted
from core.questions import alternatives
from core.questions.alternatives import Alternative
from core.questions.question import RECOMMENDED, Question
from core.questions.vocabulary import Vocabulary
from core.stats.regression import ModelSpec, Sample
from core.stats.regression.columns import fitting_step
from core.tables.catalogue import Catalogue
from core.tables.options import LAGS, Form
from core.tables.schema import Field, Table
from core.user_panel.panel import Roles, suggested, usable_outcomes
from core.user_panel.read import UserTable
from core.user_panel.text import CAUTION, TITLE

PAGE = STUDY = "user_panel"
TABLE = "own"
FORMS: tuple[Form, ...] = ("count", "log")
RATES: tuple[Form, ...] = ("per_1000", "log_per_1000")


def table_catalogue(table: UserTable) -> Catalogue:
    """A catalogue of the table's own columns, each under its own name."""
    fields = tuple(_field(name, name in table.numbers) for name in map(str, table.frame.columns))
    own = Table(TABLE, "", table.name, table.name, (), fields, study=STUDY, rows=len(table.frame))
    return Catalogue(Path(), table.fingerprint, {TABLE: own}, {})


def _field(name: str, number: bool) -> Field:
    return Field(name, "number", name, "", "outcome") if number else Field(name, "string", name, "", "key")


def about(question: Question, outcome: str) -> Question:
    """`question` with the name of the column `outcome` in its sentences."""
    return replace(question, vocabulary=replace(question.vocabulary, outcome=quoted(outcome)))


def _alternatives(roles: Roles, timely: bool) -> tuple[Alternative, ...]:
    """What could be defended as well for any figures: errors, delay, and counting by residents where they are known."""
    by_residents = (
        Alternative("Per 1,000 residents", alternatives.FORM, {"form": "per_1000"}),
        Alternative("Rows weighted by residents", alternatives.WEIGHT, {"weights": "population"}),
    )
    return (
        Alternative("Errors clustered", alternatives.ERRORS, {"covariance": "cluster"}),
        Alternative("Errors related within periods too", alternatives.ERRORS, {"covariance": "two_way"}),
        *((Alternative("Predictors one period earlier", alternatives.TIMING, {"lag": 1}),) if timely else ()),
        Alternative("No control variables", alternatives.CONTROLS, {"controls": ()}),
        *(by_residents if roles.population else ()),
    )


def user_question(table: UserTable, roles: Roles, timely: bool = True, moderators: tuple[str, ...] = ()) -> Question:
    """The question that the table's figures (two or more) can be asked, with a first model.

    Parameters
    ----------
    timely
        Whether the periods have an order in time; without, there is no lag, no first and last, and no half.
    moderators
        Columns of text that group areas.
    """
    names = tuple(usable_outcomes(table, roles))
    first, second = suggested(table, roles)
    keys = (roles.area, roles.period)
    figures = {name: table.frame[name].dropna().to_numpy(dtype=float) for name in names}
    return Question(
        page=PAGE,
        study=STUDY,
        title=TITLE,
        vocabulary=Vocabulary(
            area=roles.area,
            areas="areas",
            period=roles.period,
            periods="periods",
            rows="rows",
            everywhere="all of them",
            outcome="outcome",
            caveat=CAUTION,
            sizes={name: fitting_step(values) for name, values in figures.items()},
            switches=frozenset(name for name, values in figures.items() if np.isin(values, (0, 1)).all()),
            signed=frozenset(name for name, values in figures.items() if (values < 0).any()),
        ),
        outcomes=names,
        predictors=names,
        controls=names,
        forms=FORMS + (RATES if roles.population else ()),
        presets={RECOMMENDED: ModelSpec(outcome=first, predictors=(second,), form="count", effects=keys)},
        responses=("level", "log", "poisson"),
        lags=LAGS if timely else (0,),
        effects=keys,
        covariances=("cluster", "jackknife", "two_way", "HC1", "classical"),
        weights=("equal", "population") if roles.population else ("equal",),
        choose_sample=timely,
        changes=timely,
        trends=timely,
        squares=True,
        moderators=moderators,
        samples={} if timely else {"all": Sample("All rows")},
        alternatives=_alternatives(roles, timely),
        free_choice=True,
    )
