"""The specification curve on a question page: ticks, the curve or its table, the link."""

from dataclasses import replace
from typing import Any

import pytest

from core.london.amount.question import LONDON_AMOUNT
from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.panel import london_panel
from core.london.questions import VOCABULARY
from core.presentation.models.effects import counted
from core.presentation.robustness.curve_figures import FEWEST_DRAWN, curve_finding
from core.presentation.text import curve_text
from core.questions.curve import CurveView, choices, dimensions, first_view, samples_of
from core.questions.links import to_query
from core.questions.question import AS_PUBLISHED, RECOMMENDED, Question
from core.stats.regression.curves.curve import specification_curve
from core.tables.catalogue import load_catalogue
from tests.pages.visiting import Visit

CHEAP = replace(LONDON_AMOUNT.presets[RECOMMENDED], covariance="HC1")  # no bootstrap to wait for
OFFERED = dimensions(LONDON_AMOUNT, london_panel(), load_catalogue())
FIRST = first_view(OFFERED)
ONE = CurveView(
    outcomes=("score_mean_of_8",),
    forms=("log",),
    windows=("quarter",),
    lags=("0",),
    absorbed=("borough+quarter",),
    held=("nothing",),
    samples=("all",),
    weighting=("equal",),
    errors=("cluster",),
)
FEW = replace(ONE, outcomes=("score_mean_of_8", "trust_mps"), lags=("0", "1"), absorbed=("nothing", "borough+quarter"))
SOME = replace(FEW, forms=("log", "per_1000"))


class CurveVisit(Visit):
    """A visit that also ticks the choices of a curve."""

    def pills(self, name: str) -> Any:
        (found,) = [item for item in self.at.pills if item.key == f"{self.page}.curve.{name}"]
        return found

    def tick(self, **ticked: tuple[str, ...]) -> "CurveVisit":
        """Tick exactly these alternatives, by the fields of the curve's view, then let the page run."""
        for name, alternatives in ticked.items():
            self.pills(name).set_value(list(alternatives))
        self.run()
        return self

    @property
    def ticked(self) -> CurveView:
        """What the widgets say, in the order on offer."""
        chosen = {name: self.pills(name).value for name in OFFERED}
        offered = {name: dimension.alternatives for name, dimension in OFFERED.items()}
        return CurveView(**{name: tuple(n for n in offered[name] if n in chosen[name]) for name in OFFERED})

    @property
    def finding(self) -> str:
        (title,) = [item.value for item in self.at.subheader if " specification" in item.value]
        return str(title)

    @property
    def drawn(self) -> int:
        return sum("Specification curve" in picture.alt for picture in self.pictures)

    @property
    def refused(self) -> list[str]:
        return [item.value for item in self.at.warning if "last curve that could be drawn" in item.value]


def visit(view: CurveView = FIRST, question: Question = LONDON_AMOUNT, **more: str) -> CurveVisit:
    spec = replace(question.presets[RECOMMENDED], covariance="HC1")
    return CurveVisit(question.page, to_query(spec) | ({} if view == FIRST else to_query(view)) | more)


def expected(view: CurveView, question: Question = LONDON_AMOUNT, term: str = "") -> str:
    made = choices(view, question.predictors, samples_of(question, london_panel()))
    shown = term or question.predictors[0]
    curve = specification_curve(london_panel(), made, shown)
    return curve_finding(curve, counted(shown, load_catalogue(), VOCABULARY), curve_text(VOCABULARY))


@pytest.fixture(scope="module")
def shared() -> CurveVisit:
    return visit(SOME)


@pytest.fixture
def page(shared: CurveVisit) -> CurveVisit:
    """The page with sixteen specifications ticked, in one visit for all tests of this file."""
    shared.go("data").go(LONDON_AMOUNT.page, to_query(CHEAP) | to_query(SOME))
    assert (shared.ticked, shared.refused) == (SOME, [])
    return shared


def test_curve_section_opens_with_first_curve_and_unchanged_link() -> None:
    page = visit()
    assert page.ticked == FIRST
    assert page.finding == expected(FIRST)
    assert page.drawn == 2
    assert not set(OFFERED) & set(page.query)
    note = " ".join(item.value for item in page.at.caption)
    assert "As published is number" in note
    assert "Recommended is number" in note
    assert any("moves the estimate most" in item.value for item in page.at.subheader)


def test_curve_ticks_change_curve_and_link_but_not_answer(page: CurveVisit) -> None:
    assert page.finding.startswith("Of 8 specifications with borough and quarter effects")
    answer = page.answer
    page.tick(outcomes=(*SOME.outcomes, "score_trust"))
    assert page.finding == expected(page.ticked)
    assert page.finding.startswith("Of 12 specifications with borough and quarter effects")
    assert page.query["outcomes"] == "score_mean_of_8|score_trust|trust_mps"
    page.tick(outcomes=SOME.outcomes, lags=("1", "4"))
    assert page.finding == expected(page.ticked) != expected(SOME)
    assert page.query["lags"] == "1|4"
    assert page.drawn == 2
    assert page.answer == answer, "what is combined does not change the model"
    page.agrees("ModelSpec", "CurveView")


@pytest.mark.parametrize("name", OFFERED)
def test_curve_choice_changes_finding_and_link(name: str, page: CurveVisit) -> None:
    before, ticked = page.finding, getattr(page.ticked, name)
    wanted = [alternative for alternative in OFFERED[name].alternatives if alternative not in ticked][:1]
    page.tick(**{name: (*ticked, *wanted)})
    assert getattr(page.ticked, name) == tuple(n for n in OFFERED[name].alternatives if n in (*ticked, *wanted))
    assert page.finding == expected(page.ticked)
    assert page.finding != before
    assert page.linked[name] == "|".join(getattr(page.ticked, name))


def test_curve_of_few_specifications_is_a_table(page: CurveVisit) -> None:
    page.tick(forms=("log",))
    assert page.drawn == 0
    assert page.finding == expected(FEW)
    table = page.table("Score", "Effects", "Points for 10% more")
    assert len(table) == 8 < FEWEST_DRAWN
    assert table["Points for 10% more"].is_monotonic_increasing
    assert set(table["Effects"]) == {"No effects", "Both effects"}
    page.tick(forms=("log", "per_1000"))
    assert page.drawn == 2


def test_curve_of_one_specification_equals_the_model(page: CurveVisit) -> None:
    model = replace(ONE, windows=("year",), samples=("settled_years",))
    page.tick(**{name: getattr(model, name) for name in OFFERED})
    assert page.finding.startswith("Of 1 specification, ")
    table = page.table("Points for 10% more", "Coefficient")
    shown = page.table("Term", "Coefficient")
    assert table["Coefficient"].tolist() == pytest.approx(shown["Coefficient"].tolist())
    assert not any("moves the estimate most" in item.value for item in page.at.subheader)


@pytest.mark.parametrize("name", ["outcomes", "absorbed", "errors"])
def test_curve_with_nothing_ticked_shows_warning_and_last_curve(name: str, page: CurveVisit) -> None:
    page.tick(lags=("0", "2"))
    finding = page.finding
    page.tick(**{name: ()})
    (sentence,) = page.refused
    assert sentence.startswith("No ")
    assert "tick at least one" in sentence
    assert (page.finding, page.drawn) == (finding, 2)
    assert page.query[name] == "none"
    assert page.linked == page.query
    page.tick(**{name: getattr(SOME, name)})
    assert not page.refused
    assert page.finding == expected(page.ticked)


def test_curve_without_estimable_specification_shows_warning(page: CurveVisit) -> None:
    finding = page.finding
    page.tick(absorbed=("borough",), held=("imd_score",))
    assert page.refused
    assert page.finding == finding


def test_curve_counts_left_out_combinations_with_reasons(page: CurveVisit) -> None:
    assert not [item for item in page.at.dataframe if "Reason" in item.value]
    page.tick(held=("nothing", "imd_score"))
    reasons = page.table("Reason", "Specifications")
    (statement,) = [item.label for item in page.at.expander if "combinations left out" in item.label]
    assert statement.startswith(f"{reasons['Specifications'].sum()} ")
    assert "borough" in reasons["Reason"].iloc[0]
    left = 32 - reasons["Specifications"].sum()
    assert page.finding.startswith("Of 8 specifications with borough and quarter effects")
    assert f"The other {left - 8}, with fewer effects" in page.finding


def test_curve_link_with_ticks_of_first_view_omits_them(page: CurveVisit) -> None:
    assert set(OFFERED) <= set(page.query)
    page.tick(**{name: getattr(FIRST, name) for name in OFFERED})
    assert not set(OFFERED) & set(page.query)
    assert page.linked == page.query


def test_curve_link_restores_ticks() -> None:
    page = visit(SOME)
    assert not page.at.info
    assert page.ticked == SOME
    assert page.finding == expected(SOME)
    again = CurveVisit(page.page, page.linked)
    assert (again.ticked, again.finding, again.query) == (SOME, page.finding, page.query)


@pytest.mark.parametrize("name", OFFERED)
def test_curve_link_restores_first_alternative_alone(name: str, page: CurveVisit) -> None:
    alone = replace(SOME, **{name: tuple(OFFERED[name].alternatives)[:1]})
    page.go(LONDON_AMOUNT.page, to_query(CHEAP) | to_query(alone))
    assert (page.ticked, page.refused) == (alone, [])
    assert page.finding == expected(alone)


def test_curve_link_with_nothing_ticked_shows_first_curve() -> None:
    page = visit(replace(SOME, forms=()))
    assert page.refused
    assert page.ticked.forms == ()
    assert page.finding == expected(FIRST)


def test_curve_link_with_wrong_ticks_shows_notice() -> None:
    page = visit(SOME, lags="0|7", samples="leap_years")
    (notice,) = page.at.info
    assert "`'7'` as lags" in notice.value
    assert "`'leap_years'` as samples" in notice.value
    assert page.ticked == replace(SOME, lags=("0",), samples=FIRST.samples)


def test_curve_ticks_after_visit_to_another_page_are_unchanged(page: CurveVisit) -> None:
    page.tick(lags=("0", "4"))
    ticked, finding = page.ticked, page.finding
    page.go("data").go(LONDON_AMOUNT.page)
    assert (page.ticked, page.finding, page.refused) == (ticked, finding, [])


def test_curve_follows_the_chosen_predictor() -> None:
    view = replace(SOME, forms=("count", "share"))
    page = visit(view, LONDON_OUTCOMES)
    assert page.finding == expected(view, LONDON_OUTCOMES)
    page.set(term="hospitalised")
    assert page.finding == expected(view, LONDON_OUTCOMES, "hospitalised")
    assert "is number" in " ".join(item.value for item in page.at.caption)
    page.set(predictors=["hospitalised", "arrested"])
    assert "is number" not in " ".join(item.value for item in page.at.caption), "the presets have other predictors"
    assert page.drawn == 2


def test_curve_after_model_change_is_unchanged(page: CurveVisit) -> None:
    finding = page.finding
    page.set(preset=AS_PUBLISHED)
    assert page.finding == finding
    assert page.ticked == SOME


def test_curve_says_why_it_agrees_less_than_the_other_ways_to_ask_in_a_model_of_the_same_kind() -> None:
    page = visit()
    said = [item.value for item in page.at.markdown if "other ways to ask find what the recommended" in item.value]
    assert len(said) == 1
    other = visit(squares="yes")
    assert not [item.value for item in other.at.markdown if "find what the recommended" in item.value]
