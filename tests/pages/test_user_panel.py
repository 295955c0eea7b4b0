import html
import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from core.london.amount.question import LONDON_AMOUNT
from core.presentation.robustness.robust_text import page_answer
from core.questions.links import NAMES
from core.questions.question import RECOMMENDED
from core.questions.robustness import robustness
from core.stats.regression import ModelSpec, fit
from core.user_panel.panel import guessed_roles
from core.user_panel.question import table_catalogue, user_question
from tests.pages.caches import cached_for_all
from tests.pages.visiting import Visit
from tests.user_panel.panels import YEARS, as_csv, held, rows, shaped

PAGE = "user_panel"
FRAME = rows(YEARS)
TABLE = held(FRAME)
PANEL = shaped(TABLE)
QUESTION = user_question(TABLE, guessed_roles(TABLE))
SPEC = QUESTION.presets[RECOMMENDED]


def upload(visit: Visit, content: bytes, name: str = "mine.csv") -> Visit:
    """`visit` after the file was uploaded."""
    visit.at.file_uploader[0].set_value((name, content, "text/csv"))
    return visit.run()


def press(visit: Visit, name: str) -> Visit:
    """`visit` after a click on the button `name`."""
    visit.at.button(key=f"{PAGE}.{name}").click()
    return visit.run()


def asked(visit: Visit, content: bytes = as_csv(FRAME), name: str = "mine.csv") -> Visit:
    """`visit` after the file was uploaded, and the suggested question asked unless the link has one."""
    page = upload(visit, content, name)
    offered = [button.key for button in page.at.button]
    return press(page, "suggest") if f"{PAGE}.suggest" in offered else page


def visit(content: bytes = as_csv(FRAME), **query: str) -> Visit:
    return asked(Visit(PAGE, query), content)


def expected(spec: ModelSpec) -> str:
    found = robustness(PANEL, QUESTION, spec)
    return page_answer(fit(PANEL, spec, {}), found, table_catalogue(TABLE), QUESTION.vocabulary)


def consistent(page: Visit) -> Visit:
    """Assert that answer, address and copied link say what the model says."""
    spec = page.agrees("RolesView", "ModelSpec", "UserFocus").view("ModelSpec")
    assert page.answer == expected(spec)
    return page


def answered(page: Visit) -> bool:
    return any("font-size:1.3rem" in text for text in page.texts)


def test_user_panel_page_estimates_nothing_before_it_is_asked() -> None:
    page = upload(Visit(PAGE), as_csv(FRAME))
    assert not answered(page)
    assert any("6 areas, 8 periods (2016 to 2023), 48 rows" in item.value for item in page.at.caption)
    page.at.selectbox(key=f"{PAGE}.explain").set_value("chance")
    page.run().at.multiselect(key=f"{PAGE}.by").set_value(["people"])
    press(page.run(), "ask")
    assert consistent(page).view("ModelSpec") == replace(SPEC, outcome="chance", predictors=("people",))


def test_user_panel_example_is_one_click_and_a_suggestion_another() -> None:
    page = press(Visit(PAGE), "example")
    assert not answered(page)
    assert "Trust (%)" in press(page, "suggest").answer


def test_user_panel_file_can_be_read_in_another_way() -> None:
    page = upload(Visit(PAGE), as_csv(FRAME.pivot(index="Region", columns="Year", values="outcome").reset_index()))
    assert any("8 columns named after periods" in item.value for item in page.at.caption)
    page.set(reading_as_it_stands=True)
    assert page.value("area") == "Region"
    assert "2016" in page.at.selectbox(key=f"{PAGE}.period").options


def test_user_panel_shows_a_turned_table_before_anything_is_made_of_it() -> None:
    page = upload(Visit(PAGE), as_csv(FRAME.pivot(index="Year", columns="Region", values="outcome").reset_index()))
    assert not page.has("area")
    assert any("6 columns are read as areas" in item.value for item in page.at.caption)
    page = press(page, "agree")
    assert (page.value("area"), page.value("period")) == ("Area", "Year")
    assert any("6 areas, 8 periods (2016 to 2023), 48 rows" in item.value for item in page.at.caption)


def test_user_panel_turned_table_can_stay_as_it_stands() -> None:
    page = upload(Visit(PAGE), as_csv(FRAME.pivot(index="Region", columns="Year", values="outcome").reset_index()))
    page = press(page, "as_it_stands")
    assert "2016" in page.at.selectbox(key=f"{PAGE}.period").options


def test_user_panel_long_table_asks_which_measures() -> None:
    long = FRAME.melt(["Region", "Year"], ["outcome", "spending", "people"], var_name="Measure")
    page = upload(Visit(PAGE), as_csv(long))
    page.at.multiselect(key=f"{PAGE}.kept_Measure").set_value(["people", "outcome"])
    page = press(page.run(), "agree")
    assert page.at.selectbox(key=f"{PAGE}.explain").options == ["outcome", "people"]


def test_user_panel_totals_are_offered_to_be_left_out() -> None:
    total = FRAME[FRAME["Region"] == "Ash"].assign(Region="England")
    page = upload(Visit(PAGE), as_csv(pd.concat([FRAME, total])))
    assert any("7 areas" in item.value for item in page.at.caption)
    page.set(without_totals=True)
    assert any("6 areas" in item.value for item in page.at.caption)
    assert page.query["without_totals"] == "yes"


def test_user_panel_without_times_offers_no_lag_and_no_trend() -> None:
    page = asked(
        Visit(PAGE), as_csv(FRAME[FRAME["Year"] < "2019"].replace({"Year": {"2016": "a", "2017": "b", "2018": "c"}}))
    )
    assert not page.has("lag")
    assert not page.has("start")
    assert "holds no times" in " ".join(item.value for item in page.at.caption)


def test_user_panel_page_answers_from_uploaded_file() -> None:
    page = consistent(visit())
    assert page.view("ModelSpec") == SPEC
    assert page.query["file"] == TABLE.fingerprint
    assert set(page.query) <= NAMES
    assert any("mine.csv" in item.value and "48 rows" in item.value for item in page.at.markdown)


@pytest.mark.parametrize(
    ("choice", "spec"),
    [
        ({"outcome": "chance"}, replace(SPEC, outcome="chance")),
        ({"predictors": ["chance"]}, replace(SPEC, predictors=("chance",))),
        ({"form": "log"}, replace(SPEC, form="log")),
        ({"lag": 1}, replace(SPEC, lag=1)),
        ({"effect_Year": False}, replace(SPEC, effects=("Region",))),
        ({"start": "2019"}, replace(SPEC, start="2019")),
        ({"covariance": "HC1"}, replace(SPEC, covariance="HC1")),
        ({"controls": ["people"]}, replace(SPEC, controls=("people",))),
    ],
    ids=lambda value: "" if isinstance(value, ModelSpec) else next(iter(value)),
)
def test_user_panel_page_choice_changes_answer_and_link(choice: dict[str, Any], spec: ModelSpec) -> None:
    page = visit()
    answer, query = page.answer, page.query
    consistent(page.set(**choice))
    assert page.view("ModelSpec") == spec
    assert page.answer != answer
    assert page.query != query


def test_user_panel_link_with_same_file_restores_the_view() -> None:
    first = consistent(visit().set(form="log", effect_Year=False, start="2018", one="Elm"))
    empty = Visit(PAGE, first.query)
    (wanted,) = empty.at.info
    assert TABLE.fingerprint in wanted.value
    second = consistent(upload(empty, as_csv(FRAME)))
    assert (second.answer, second.query) == (first.answer, first.query)
    assert not second.at.info


def test_user_panel_link_with_another_file_says_so_and_retains_form() -> None:
    query = visit().set(form="log").query
    page = visit(as_csv(FRAME.rename(columns={"chance": "luck"})), **query)
    sentence = " ".join(item.value for item in page.at.info)
    assert TABLE.fingerprint in sentence
    assert page.value("form") == "log"


def test_user_panel_link_with_markdown_as_file_shows_no_link() -> None:
    (wanted,) = Visit(PAGE, {"file": "[x](//evil.test)"}).at.info
    assert "[x](" not in wanted.value


@pytest.mark.parametrize(
    ("content", "text"),
    [(b"", "is empty"), (b"a,b\n1,2\n", "has 2 columns"), (b"PK\x03\x04", "is damaged or not whole")],
    ids=["empty", "narrow", "a workbook"],
)
def test_upload_of_bad_file_shows_warning_and_accepts_the_next(content: bytes, text: str) -> None:
    page = upload(Visit(PAGE), content, "bad.csv")
    (warning,) = page.at.warning
    assert text in warning.value
    consistent(asked(page))


def test_user_panel_with_one_figure_column_asks_for_two() -> None:
    page = visit(as_csv(FRAME[["Region", "Year", "outcome", "people"]]))
    assert page.answer
    page.set(population="people")
    (warning,) = page.at.warning
    assert "two columns of numbers" in warning.value


def test_user_panel_with_a_constant_column_names_it() -> None:
    page = visit(as_csv(FRAME[["Region", "Year", "outcome"]].assign(spending=5)))
    (warning,) = page.at.warning
    assert "“spending” has one value in every row" in warning.value


def test_user_panel_role_change_adapts_the_model() -> None:
    page = visit().set(outcome="people", predictors=["chance"], controls=["spending"], one="Elm")
    page.set(population="people").set(form="per_1000", weights="population")
    assert page.value("outcome") != "people"
    page.set(population="")
    assert page.view("ModelSpec").weights == "equal"
    page.set(area="Year")
    (warning,) = page.at.warning
    assert "both the area and the period" in warning.value
    page.set(period="Region")
    assert set(page.view("ModelSpec").effects) <= {"Region", "Year"}
    assert page.answer


def test_user_panel_with_key_as_population_shows_warning() -> None:
    page = visit().set(population="Year")
    (warning,) = page.at.warning
    assert "Year cannot be a key and the residents" in warning.value


def test_user_panel_model_that_cannot_be_fitted_shows_last_answer() -> None:
    page = visit()
    answer = page.answer
    page.set(predictors=[])
    assert len(page.refusals) == 1
    assert page.answer == answer
    consistent(page.set(predictors=["chance"]))


def test_user_panel_forget_button_removes_file_from_session() -> None:
    page = visit().set(outcome="chance", predictors=["spending"])
    page.at.button(key=f"{PAGE}.forget").click()
    page.run()
    left = repr(page.at.session_state.to_dict())
    for name in ("spending", "Region", "Beech", TABLE.fingerprint, "mine.csv"):
        assert name not in left
    assert page.query == {"v": "1"}
    assert not page.at.info
    assert page.at.file_uploader
    assert consistent(asked(page)).answer == expected(SPEC)


def test_user_panel_upload_is_not_visible_to_another_visit() -> None:
    visit()
    other = Visit(PAGE)
    assert other.at.file_uploader
    assert "mine.csv" not in repr(other.at.session_state.to_dict())
    assert not any("font-size:1.3rem" in text for text in other.texts)


def test_user_panel_upload_is_not_cached_for_others() -> None:
    Visit(LONDON_AMOUNT.page).go(PAGE)
    before = cached_for_all()
    assert before
    visit().set(form="log", one="Elm")
    assert cached_for_all() == before


def test_user_panel_after_visit_to_another_page_is_unchanged() -> None:
    page = visit().set(form="log")
    answer = page.answer
    page.go("data").go(PAGE)
    assert consistent(page).answer == answer


def test_user_panel_with_markup_in_column_name_shows_it_escaped() -> None:
    nasty = "<img src=x>![a](http://evil.test)$x$"
    page = visit(as_csv(FRAME.rename(columns={"spending": nasty})))
    assert nasty in page.answer
    assert html.escape(nasty) in next(text for text in page.texts if "font-size:1.3rem" in text)
    shown = [*page.at.markdown, *page.at.caption, *page.at.subheader, *page.at.warning]
    assert not [item.value for item in shown if "![a](" in item.value or "<img" in item.value.replace("\\<", "")]


def test_user_panel_offers_groups_of_its_areas() -> None:
    assert not visit().has("moderator")
    page = visit(as_csv(FRAME.assign(side=FRAME["Region"].map(lambda name: "=left" if name < "D" else "right"))))
    page.set(moderator="side", squares=True).agrees("RolesView", "ModelSpec", "UserFocus")
    assert not page.refusals
    assert "Each group of “side” has an association of its own" in page.answer
    assert any("difference" in item.value for item in page.at.subheader)


@pytest.mark.parametrize(("low", "high"), [("no", "yes"), ("0", "1"), ("1", "2")])
def test_user_panel_offers_groups_by_yes_and_no_and_by_codes(low: str, high: str) -> None:
    page = visit(as_csv(FRAME.assign(pilot=FRAME["Region"].map(lambda name: low if name < "D" else high))))
    page.set(moderator="pilot").agrees("RolesView", "ModelSpec", "UserFocus")
    assert not page.refusals
    assert "Each group of “pilot” has an association of its own" in page.answer
    assert any("difference" in item.value for item in page.at.subheader)


def test_user_panel_says_that_areas_switch_at_different_times() -> None:
    start = FRAME["Region"].map(
        dict(zip(sorted(FRAME["Region"].unique()), (2018, 2019, 2020, 2021, 9999, 9999), strict=True))
    )
    policy = (FRAME["Year"].astype(int) >= start).astype(int)
    page = visit(as_csv(FRAME.assign(policy=policy)))
    page.set(predictors=["policy"])
    under_answer = [item.value for item in page.at.warning if item.value.startswith("policy\\: ")]
    assert len(under_answer) == 1, "where nobody can miss it, whatever is open"
    page.set(before=1, after=1)
    assert any("at different times (4 times)" in item.value for item in page.at.warning)
    assert any("joint test of the leads" in item.value for item in page.at.subheader)


@pytest.mark.parametrize(("years", "before", "after"), [(3, 1, 0), (5, 1, 1), (8, 2, 2)])
def test_before_and_after_of_a_short_table_looks_no_further_than_it_goes(years: int, before: int, after: int) -> None:
    page = visit(as_csv(rows(YEARS[:years])))
    assert (page.value("before"), page.value("after")) == (before, after)
    (found,) = [item.value for item in page.at.subheader if "joint test of the leads" in item.value]
    assert f"; {after} year after " in found or f"; {after} periods after " in found or "; at once " in found
    page.agrees("EventWindow")
    page.set(before=4, after=4)
    assert not any("joint test of the leads" in item.value for item in page.at.subheader)
    assert any("Choose fewer periods before or after" in item.value for item in page.at.caption)


def test_user_panel_compares_outcomes_in_their_own_units() -> None:
    page = visit()
    page.set(compared=["outcome", "chance"])
    assert any("of the two " in item.value and "(Holm)" in item.value for item in page.at.subheader)


def test_user_panel_takes_trends_of_its_areas() -> None:
    page = consistent(visit().set(trends=True))
    assert not page.at.exception
    assert "apart from its own trend" in page.answer
    assert not page.refusals


def test_user_panel_takes_poisson_changes_of_a_logarithm_and_jackknife_errors() -> None:
    page = consistent(visit().set(response="poisson", covariance="jackknife"))
    assert not page.at.exception
    assert "%" in page.answer
    changes = consistent(page.set(response="log", differences=True))
    assert not changes.at.exception
    assert "Comparing the changes of areas from one year to the next" in changes.answer


def test_user_panel_rows_without_an_area_are_offered_to_be_left_out() -> None:
    whole = FRAME[FRAME["Region"] == "Ash"].assign(Region="")
    page = upload(Visit(PAGE), as_csv(pd.concat([whole, FRAME])))
    assert any("Row 2 of mine.csv has no Region" in item.value for item in page.at.warning)
    assert page.at.toggle[0].label.startswith("8 rows without Region (the first is row 2)")
    page.set(without_empty=True)
    assert page.at.warning == []
    assert page.query["without_empty"] == "yes"
    assert any("6 areas, 8 periods" in item.value for item in page.at.caption)


def test_nobody_recommends_the_model_of_a_readers_own_table() -> None:
    page = visit().at
    said = [f"{item.value} {item.proto.help}" for kind in (page.markdown, page.caption) for item in kind]
    said += [item.value for item in page.subheader]
    said += [f"{item.help} {item.label}" for kind in (page.selectbox, page.toggle, page.radio) for item in kind]
    said += [f"{item.value.to_csv()}" for item in page.dataframe]
    charts = [item.proto for item in page.get("vega_lite_chart")]
    said += [f"{chart.alt} {chart.spec} {chart.data} {chart.datasets}" for chart in charts]
    assert any("changes one choice of your model" in text for text in said)
    assert [text for text in said if re.search("recommend", text, re.IGNORECASE)] == []
