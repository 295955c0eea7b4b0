"""The model of a reader's own table as a question: its columns as variables, its keys as words."""

import math
from dataclasses import replace
from pathlib import Path

import pandas as pd

from core.presentation.numbers import quoted
from core.questions import alternatives
from core.questions.alternatives import Alternative
from core.questions.question import RECOMMENDED, Question
from core.questions.vocabulary import Vocabulary
from core.stats.regression import ModelSpec, Sample
from core.tables.catalogue import Catalogue
from core.tables.options import LAGS, Form
from core.tables.schema import Field, Table
from core.user_panel.panel import Roles, suggested, usable_outcomes
from core.user_panel.read import UserTable
from core.user_panel.text import CAUTION, TITLE

ROUNDING = 1e-9  # 0.3 - 0.2 is a little less than 0.1
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


def _step(values: pd.Series) -> float:
    """The power of ten that fits the range of `values` (without the tenth at either end): 0.01, 1, 100.

    Of whole numbers, yes and no among them, it is one or more.
    """
    low, high = values.quantile([0.1, 0.9], interpolation="nearest")
    span = float(high - low) or float(values.max() - values.min())
    if not 0 < span < math.inf:
        return 1.0
    step = 10.0 ** math.floor(math.log10(span) + ROUNDING)
    return max(step, 1.0) if (values.dropna() % 1 == 0).all() else step


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
            sizes={name: _step(table.frame[name]) for name in names},
            switches=frozenset(name for name in names if table.frame[name].dropna().isin((0, 1)).all()),
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
