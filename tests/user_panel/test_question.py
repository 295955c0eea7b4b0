import math
import re
from dataclasses import replace
from pathlib import Path

import pytest

from core.app.models.choices import allowed_values
from core.app.models.fitted_model import model_of
from core.app.models.model_page import model_caption
from core.presentation.models.effects import Effect, effect
from core.presentation.models.model_figures import ladder
from core.presentation.text import question_answer, question_uncertainty
from core.questions.curve import NONE, choices, dimensions, first_view, in_outcome_units, samples_of
from core.questions.links import from_query, to_query
from core.questions.question import RECOMMENDED, Question
from core.stats.regression import FitResult, ModelError, ModelSpec, fit
from core.stats.regression.curves.curve import specification_curve
from core.tables.options import Form
from core.tables.panel import Panel
from core.user_panel import text as user_panel_text
from core.user_panel.panel import Roles, guessed_roles, panel_of
from core.user_panel.question import table_catalogue, user_question
from core.user_panel.read import UserTable, read_table_file
from core.user_panel.text import format_number
from tests.exports.test_script import agrees, ran, written
from tests.user_panel.panels import SLOPE, YEARS, held, rows, shaped
from tests.user_panel.peoples_files import table as six_areas

ROLES = Roles("Region", "Year", "people")


@pytest.fixture(scope="module")
def table() -> UserTable:
    return held(rows(YEARS))


@pytest.fixture(scope="module")
def own(table: UserTable) -> Panel:
    return panel_of(table, ROLES)


@pytest.fixture(scope="module")
def question(table: UserTable) -> Question:
    return user_question(table, ROLES)


def test_user_question_offers_each_numeric_column(question: Question) -> None:
    assert question.outcomes == question.predictors == question.controls == ("outcome", "spending", "chance")
    assert question.presets[RECOMMENDED] == ModelSpec(
        "outcome", ("spending",), form="count", effects=("Region", "Year")
    )
    assert question.forms == ("count", "log", "per_1000", "log_per_1000")


def test_user_question_without_residents_has_no_rates_or_weights(table: UserTable) -> None:
    roles = Roles("Region", "Year")
    question = user_question(table, roles)
    assert question.forms == ("count", "log")
    assert "people" in question.outcomes
    assert allowed_values(panel_of(table, roles), question)["weights"] == ("equal",)


def test_table_catalogue_labels_are_the_column_names(table: UserTable) -> None:
    catalogue = table_catalogue(table)
    assert catalogue.version == table.fingerprint
    assert [catalogue.label(name) for name in table.numbers] == table.numbers


def test_fit_of_recommended_preset_finds_the_known_slope(own: Panel, question: Question) -> None:
    found = fit(own, question.presets[RECOMMENDED], {}).estimate("spending")
    assert found.low < SLOPE < found.high
    assert found.estimate == pytest.approx(SLOPE, abs=0.1)


def test_ladder_goes_from_no_effects_to_both(question: Question) -> None:
    spec = question.presets[RECOMMENDED]
    steps = ladder(question)
    assert [step.effects for step in steps.values()] == [(), ("Year",), ("Region",), ("Region", "Year")]
    assert {replace(step, effects=()) for step in steps.values()} == {replace(spec, effects=())}
    assert list(steps) == [
        "No effects",
        "Between areas only (year effects)",
        "Within areas only (region effects)",
        "Both effects",
    ]


def test_dimensions_name_the_columns_and_make_a_curve(table: UserTable, own: Panel, question: Question) -> None:
    spec = replace(question.presets[RECOMMENDED], controls=("chance",))
    offered = dimensions(replace(question, presets={RECOMMENDED: spec}), own, table_catalogue(table))
    assert list(offered["outcomes"].alternatives) == ["outcome"]
    assert list(offered["held"].alternatives) == [NONE, "chance"]
    assert "Region effects" in offered["absorbed"].alternatives.values()
    assert offered["errors"].alternatives["cluster"] == "Clustered by region"
    assert "borough" not in str(offered)
    view = first_view(offered)
    made = choices(view, spec.predictors, samples_of(question, own))
    curve = specification_curve(own, made, "spending", {}, lambda _share: None)
    statement = in_outcome_units(curve).table
    plain = statement[(statement["form"] == "count") & (statement["lag"] == 0)]
    assert len(plain)
    assert plain["effect_low"].le(plain["effect"]).all()


def test_samples_are_halves_that_do_not_overlap(own: Panel, question: Question) -> None:
    found = samples_of(question, own)
    assert list(found) == ["all", "first", "second"]
    assert (found["first"].end, found["second"].start) == ("2019", "2020")
    one = Panel(own.frame[own.frame[own.period] == "2020"], own.area, own.period)
    assert list(samples_of(question, one)) == ["all"]


def test_lag_of_user_question_is_in_words(question: Question) -> None:
    words = [question.vocabulary.lag(lag) for lag in (0, 1, 3)]
    assert words == ["Same year", "1 year earlier", "3 periods earlier"]


def test_link_of_user_question_has_each_choice(own: Panel, question: Question) -> None:
    spec = ModelSpec(
        "chance",
        ("spending", "outcome"),
        form="log_per_1000",
        lag=2,
        effects=("Year",),
        start="2017",
        end="2022",
        covariance="two_way",
        weights="population",
    )
    base, allowed = question.presets[RECOMMENDED], allowed_values(own, question)
    assert from_query(to_query(spec), base, allowed) == (spec, [])
    wrong = {"outcome": "wages", "effects": "Region|Planet", "start": "1066"}
    kept, notices = from_query(wrong, base, allowed)
    assert (kept.outcome, kept.start) == ("outcome", "")
    assert len(notices) == 3


def test_read_table_file_with_unsafe_names_changes_and_reports_them() -> None:
    frame = rows(YEARS).rename(columns={"spending": "=1+1", "chance": "yes|no"})
    table = held(frame)
    assert table.numbers[2:4] == ["1+1", "yes/no"]
    assert [note for note in table.notes if "is called" in note] == [
        "=1+1 is called 1+1 here.",
        "yes|no is called yes/no here.",
    ]


def answer(table: UserTable, roles: Roles, spec: ModelSpec) -> tuple[str, Effect, FitResult]:
    result = fit(panel_of(table, roles), spec, {})
    words, catalogue = user_question(table, roles).vocabulary, table_catalogue(table)
    found = effect(result.estimate(spec.predictors[0]), spec, catalogue, words)
    return question_answer(result, catalogue, words), found, result


def test_answer_with_clear_effect_states_size_and_direction(table: UserTable, question: Question) -> None:
    sentence, found, result = answer(table, ROLES, question.presets[RECOMMENDED])
    estimate = result.estimate("spending")
    wide = estimate.cautious or estimate  # where few clusters carry it
    assert (found.value, found.low, found.high) == (estimate.estimate, wide.low, wide.high)
    assert sentence == (
        "Comparing each region with itself over time, and taking out what happened in all of them (2016 to 2023), "
        f"one more of “spending” is linked to “outcome” being {format_number(found.value)} higher "
        f"(95% interval +{format_number(found.low)} to +{format_number(found.high)})."
    )


@pytest.mark.parametrize(
    ("factor", "step"), [(0.1, "0.1 more of"), (0.01, "0.01 more of"), (10, "10 more of"), (1000, "1,000 more of")]
)
def test_answer_is_for_a_step_that_fits_the_range_of_the_predictor(factor: float, step: str) -> None:
    frame = rows(YEARS)
    table = held(frame.assign(spending=(frame["spending"] * factor).round(6)))
    sentence, found, result = answer(table, ROLES, user_question(table, ROLES).presets[RECOMMENDED])
    linked = "is" if step.startswith(("one", "0.")) else "are"
    assert f"{step} “spending” {linked} linked to" in sentence
    size = float(step.split()[0].replace(",", ""))
    assert found.value == pytest.approx(result.estimate("spending").estimate * size)


@pytest.mark.parametrize(("ones", "spread"), [(2, 1), (1, 1), (8, 1), (1, 3)])
def test_answer_on_a_column_of_yes_and_no_is_for_one_more(ones: int, spread: int) -> None:
    """Whole numbers have no tenths, however few rows have another."""
    frame = rows(YEARS)
    table = held(frame.assign(spending=[spread if row % 20 < ones else 0 for row in range(len(frame))]))
    question = user_question(table, ROLES)
    assert question.vocabulary.sizes.get("spending", 1) == 1


def test_answer_with_lower_outcome_says_lower() -> None:
    frame = rows(YEARS)
    table = held(frame.assign(outcome=-frame["outcome"]))
    roles = Roles("Region", "Year")
    sentence, found, _ = answer(table, roles, user_question(table, roles).presets[RECOMMENDED])
    assert f"{format_number(-found.value)} lower" in sentence
    assert "-" not in sentence


def test_answer_with_unclear_effect_says_unclear(table: UserTable, question: Question) -> None:
    spec = replace(question.presets[RECOMMENDED], predictors=("chance",), effects=())
    sentence, found, _ = answer(table, ROLES, spec)
    assert found.low < 0 < found.high
    assert sentence.startswith(
        "No clear association. Comparing all areas and periods as they are (2016 to 2023), one more of “chance” is "
        f"linked to {found.text} in “outcome” (95% interval {found.interval})"
    )
    assert sentence.endswith("so there may be no link.")


def test_answer_with_logarithm_is_for_ten_per_cent(table: UserTable, question: Question) -> None:
    spec = replace(question.presets[RECOMMENDED], form="log", effects=("Region",))
    sentence, found, result = answer(table, ROLES, spec)
    assert "10% more “spending” is linked to" in sentence
    assert found.value == pytest.approx(result.estimate("spending").estimate * math.log(1.1))
    assert found.size in sentence
    assert sentence.startswith("Comparing each region with itself over time (2016 to 2023), 10")


@pytest.mark.parametrize("form", ["count", "log", "per_1000", "log_per_1000"])
def test_answer_with_several_predictors_names_the_step_once(form: Form, table: UserTable, question: Question) -> None:
    spec = replace(question.presets[RECOMMENDED], outcome="chance", predictors=("spending", "outcome"), form=form)
    sentence, _, _ = answer(table, ROLES, spec)
    assert sentence.startswith("No clear association with either of the two.")
    alike = question.vocabulary.alike(spec)
    assert ("of one of them" in sentence) == alike
    assert ("neither of the 95% intervals excludes zero" in sentence) != alike
    assert "of of" not in sentence


def test_uncertainty_and_caption_state_rows_and_periods(table: UserTable, question: Question) -> None:
    spec = replace(question.presets[RECOMMENDED], controls=("chance",), start="2018")
    _, _, result = answer(table, ROLES, spec)
    assert "we would see a result at least this large" in question_uncertainty(result, question.vocabulary)
    caption = model_caption(model_of(question, table_catalogue(table), result, "spending"))
    assert caption.startswith("outcome on spending, region and year effects; control variables: chance.")
    assert f"{result.n:,} rows, 6 areas, 2018 to 2023" in caption
    assert result.note in caption
    assert result.n_dropped == 0 or f"{result.n_dropped:,} row" in caption


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (math.nan, "unknown"),
        (1234.5, "1,234"),
        (-0.01234, "\N{MINUS SIGN}0.0123"),
        (2.0, "2.00"),
        (1e-9, "1.00e\N{MINUS SIGN}09"),
    ],
)
def test_format_number_has_three_significant_digits(value: float, text: str) -> None:
    assert format_number(value) == text


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"start": "2018", "end": "2022", "lag": 1},
        {"form": "per_1000", "weights": "population", "covariance": "HC1"},
    ],
    ids=["recommended", "some years, lagged", "rates"],
)
def test_model_script_with_years_as_periods_agrees_with_fit(
    changes: dict[str, object], own: Panel, question: Question, tmp_path: Path
) -> None:
    spec = replace(question.presets[RECOMMENDED], **changes)  # type: ignore[arg-type]
    agrees(ran(written(own, spec, tmp_path, "mine"), folder=tmp_path), fit(own, spec, {}, wild=False))


def test_model_script_with_code_in_column_name_does_not_run_it(tmp_path: Path) -> None:
    run = '"]; open("ran", "w"); panel["'
    named = rows(YEARS).rename(columns={"spending": run, "Region": f"Region{run}", "Year": 'Year"\\'})
    buffer = tmp_path / "mine.parquet"
    named.to_parquet(buffer)
    table = read_table_file("mine.parquet", buffer.read_bytes())
    roles = guessed_roles(table)
    panel, spec = panel_of(table, roles), user_question(table, roles).presets[RECOMMENDED]
    spec = replace(spec, lag=1, start="2018")
    agrees(ran(written(panel, spec, tmp_path, "mine"), folder=tmp_path), fit(panel, spec, {}, wild=False))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("periods", "text"),
    [
        (["2016", "2017"], "A lag of one period goes back one year, whether or not there are rows in between."),
        (
            ["2016", "2017", "2019"],
            "goes back one year, whether or not there are rows in between. No row at all: 2018.",
        ),
        (["2016", "2018"], "goes back 2 years, whether or not"),
        (["2016-01", "2016-02", "2016-09"], "No row at all: 2016-03, 2016-04, 2016-05, 2016-06 and 2 more."),
        (["2019/20", "2020/21"], "goes back one financial year"),
        (["late", "mid", "now"], "“Year” holds no times (late, mid and now), so nothing is lagged or drawn over time."),
    ],
)
def test_lag_text_states_what_a_lag_counts(periods: list[str], text: str) -> None:
    assert text in user_panel_text.lag_text(shaped(held(rows(periods))))


def test_sentences_name_several_of_a_column_whose_name_is_a_plural() -> None:
    frame = six_areas(["2016", "2017"], "months", "rownames").astype({"Offences": float, "Trust": float})
    panel = Panel(frame, "rownames", "months")
    spec = ModelSpec("Trust", ("Offences",), form="count", effects=("rownames", "months"), start="2017")
    with pytest.raises(ModelError) as refused:
        fit(panel, spec, wild=False)
    few = fit(panel, replace(spec, start=""), wild=False)
    said = " ".join([str(refused.value), *few.warnings])
    assert "rownames" in said
    assert not re.search(r"rownamess|monthss", said)


@pytest.mark.parametrize(
    "periods", [["2014", "2015", "2016", "2019", "2020", "2021", "2022"]], ids=["two years missing"]
)
def test_model_script_with_missing_years_agrees_with_fit(periods: list[str], tmp_path: Path) -> None:
    table = held(rows(periods))
    panel = shaped(table)
    spec = replace(user_question(table, guessed_roles(table)).presets[RECOMMENDED], lag=1)
    found = fit(panel, spec, {}, wild=False)
    assert found.n == 6 * 5
    agrees(ran(written(panel, spec, tmp_path, "mine"), folder=tmp_path), found)
