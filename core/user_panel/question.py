"""The model of a reader's own panel as a question: its columns as variables, its steps as words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from core.questions.curve import NONE, Dimension
from core.questions.question import RECOMMENDED, Question
from core.stats.regression import ModelSpec, Sample
from core.tables.catalogue import Catalogue, TableNote, Variable
from core.tables.options import COVARIANCES, FORMS, WEIGHTS, Covariance, Form, Weights
from core.tables.panel import Panel
from core.user_panel.read import Roles, UserTable, usable_outcomes

PAGE = STUDY = "own_panel"
TABLE = "own"
FORMS_OFFERED: tuple[Form, ...] = ("count", "log")
RATES: tuple[Form, ...] = ("per_1000", "log_per_1000")
LAGS = (0, 1, 2, 3, 4)
ERRORS: tuple[Covariance, ...] = ("cluster", "two_way", "HC1", "classical")


def table_catalogue(table: UserTable) -> Catalogue:
    """A catalogue of the table's own columns, each under its own name."""
    variables = tuple(_variable(name, name in table.numbers) for name in map(str, table.frame.columns))
    note = TableNote(TABLE, table.name, table.name, "", STUDY, "", len(table.frame), variables, ())
    return Catalogue(Path(), table.fingerprint, {TABLE: note}, ())


def _variable(name: str, number: bool) -> Variable:
    return Variable(
        name, name, "", "", "", "outcome" if number else "key", "number" if number else "string", TABLE, STUDY, {}
    )


def user_question(table: UserTable, roles: Roles) -> Question:
    """The question that the table's figures (two or more) can be asked, with the recommended model of its first two."""
    names = usable_outcomes(table, roles)
    first, second = names[:2]
    recommended = ModelSpec(outcome=first, predictors=(second,), form="count", effects=(roles.area, roles.period))
    return Question(
        page=PAGE,
        study=STUDY,
        title="Your own panel",
        outcomes=tuple(names),
        predictors=tuple(names),
        controls=tuple(names),
        forms=FORMS_OFFERED + (RATES if roles.population else ()),
        presets={RECOMMENDED: recommended},
    )


def ladder(spec: ModelSpec, panel: Panel) -> dict[str, ModelSpec]:
    """The same model with each set of effects, from none to both."""
    sets = {
        "Everything together": (),
        f"{panel.period} effects: areas compared": (panel.period,),
        f"{panel.area} effects: each with itself": (panel.area,),
        "Both effects": (panel.area, panel.period),
    }
    return {label: replace(spec, effects=effects) for label, effects in sets.items()}


def user_dimensions(question: Question, spec: ModelSpec, panel: Panel, outcomes: Sequence[str]) -> dict[str, Dimension]:
    """The choices that the specification curve combines."""
    area, period = panel.area, panel.period
    effects = {NONE: "No effects", area: f"{area} effects", period: f"{period} effects", f"{area}+{period}": "Both"}
    held = {NONE: "Nothing held constant"} | {name: name for name in spec.controls}
    errors: dict[str, str] = {
        name: COVARIANCES[name].label.replace("borough", area).replace("quarter", period) for name in ERRORS
    }
    weighted: tuple[Weights, ...] = ("equal", "population") if "per_1000" in question.forms else ("equal",)
    weights: dict[str, str] = {name: WEIGHTS[name].label.replace("borough", area) for name in weighted}
    return {
        "outcomes": Dimension("Outcome", {name: name for name in outcomes}, tuple(outcomes)),
        "forms": Dimension("Form", {form: FORMS[form].label for form in question.forms}, tuple(question.forms)),
        "windows": Dimension("Window", {"quarter": "The period"}, ("quarter",)),
        "lags": Dimension("Lag", {str(lag): lag_text(lag) for lag in LAGS}, ("0", "1")),
        "absorbed": Dimension("Effects", effects, tuple(effects)),
        "held": Dimension("Held constant", held, tuple(held)),
        "samples": Dimension("Sample", {name: sample.name for name, sample in samples(panel).items()}, ("all",)),
        "weighting": Dimension("Weight", weights, tuple(weights)),
        "errors": Dimension("Standard errors", errors, ("cluster",)),
    }


def samples(panel: Panel) -> dict[str, Sample]:
    """All periods, and each half of them."""
    periods = panel.periods
    middle = len(periods) // 2
    first, second = Sample("First half", end=periods[middle - 1]), Sample("Second half", start=periods[middle])
    halves = {"first": first, "second": second}
    return {"all": Sample("All periods")} | (halves if middle else {})


def lag_text(lag: int) -> str:
    """'The same period', '2 periods earlier'."""
    return "The same period" if lag == 0 else f"{lag} period{'s' * (lag > 1)} earlier"


def allowed_values(question: Question, panel: Panel) -> Mapping[str, Sequence[object]]:
    """What a link may ask for."""
    return {
        "outcome": question.outcomes,
        "predictors": question.predictors,
        "form": question.forms,
        "lag": LAGS,
        "controls": question.controls,
        "effects": (panel.area, panel.period),
        "start": ["", *panel.periods],
        "end": ["", *panel.periods],
        "weights": list(WEIGHTS) if "per_1000" in question.forms else ["equal"],
        "covariance": ERRORS,
    }
