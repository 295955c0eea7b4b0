from collections.abc import Iterator
from dataclasses import fields
from threading import Event
from typing import Any

import pytest

from core.app import jobs
from core.app.sections import london_forecast
from core.london.forecast import text as forecast_text
from core.london.forecast.map import forecast_map_data
from core.london.forecast.view import (
    Forecasts,
    ForecastView,
    borough_outlook,
    last_quarter,
    picked_borough,
    score_of,
    stored_forecasts,
    target,
)
from core.london.forecasting import METHODS, WINNER, ForecastError
from core.london.forecasting.forest import SETTINGS, ForestScores
from core.london.panel import survey_panel
from core.questions.links import to_query
from core.tables.catalogue import load_catalogue
from core.tables.progress import Progress
from core.tables.quarters import quarter_label
from tests.pages.visiting import PATIENCE, Visit

PAGE = "london_forecast"
LINK = ForecastView("good_job_local", "drift", 3, "change")
CHOICES = ("measure", "method", "ahead", "show")
FIT, SEARCH = "forest.False", "forest.True"
WORKING = "Running. You can keep reading."


@pytest.fixture(scope="module")
def found() -> Forecasts:
    return stored_forecasts(load_catalogue())


@pytest.fixture(autouse=True)
def queue() -> Iterator[jobs.JobQueue]:
    """A queue without anybody's work in it."""
    jobs.job_queue.clear()
    yield jobs.job_queue()
    jobs.job_queue.clear()


def visit(**query: str) -> Visit:
    return Visit(PAGE, query)


def view_of(page: Visit) -> ForecastView:
    view = page.view("ForecastView")
    assert isinstance(view, ForecastView)
    return view


def consistent(page: Visit, found: Forecasts) -> Visit:
    """Assert that widgets, address, copied link, answer, map, fan and tables all say the same."""
    view, catalogue, survey = (
        view_of(page.agrees("ForecastView", "BoroughView")),
        load_catalogue(),
        survey_panel().frame,
    )
    assert {name: page.value(name) for name in CHOICES} == {name: getattr(view, name) for name in CHOICES}
    rows, coming = borough_outlook(view, found, survey), target(view, found)
    assert page.answer == forecast_text.headline(view, score_of(view, found), catalogue)
    figures = forecast_map_data(view, rows, last_quarter(survey), coming, catalogue)
    assert any(figures.title in text for text in page.texts)
    (chart,) = [item.proto.alt for item in page.at.get("deck_gl_json_chart")]
    assert chart == f"Map of London boroughs. {figures.finding}."
    borough = picked_borough(page.value("borough"), rows)
    headers = [item.value for item in page.at.header]
    assert f"{borough} over time" in headers
    assert f"Every score, {quarter_label(coming)}" in headers
    assert any(item.value.startswith(f"{borough}: ") for item in page.at.subheader)
    table = page.table("Borough", "Rank, forecast").set_index("Borough")
    assert table["Forecast (%)"].to_dict() == pytest.approx((100 * rows["mean"]).to_dict())
    return page


def test_forecast_page_opens_with_recommended_method(found: Forecasts) -> None:
    page = consistent(visit(), found)
    assert view_of(page) == ForecastView()
    assert page.answer.startswith("The forecast is ")
    assert "better than assuming no change" in page.answer
    assert "95% interval" in page.answer
    text = " ".join(item.value for item in page.at.markdown)
    assert "A point is one resident in a hundred, 6 of the 600 asked" in text
    assert "Apr\N{EN DASH}Jun 2026" in text


def test_forecast_page_lists_every_measure(found: Forecasts) -> None:
    table = visit().table("Score", "Forecast (%)", "Skill (%)")
    catalogue = load_catalogue()
    assert set(table["Score"]) == {catalogue.label(measure) for measure in found.ahead["measure"].unique()}


@pytest.mark.parametrize(
    "choice",
    [{"measure": "score_mean_of_3"}, {"method": "drift"}, {"method": "forest"}, {"ahead": 3}],
    ids=lambda choice: "-".join(map(str, choice.values())),
)
def test_forecast_page_choice_changes_answer_map_and_link(choice: dict[str, Any], found: Forecasts) -> None:
    page = visit()
    answer, query, chart = page.answer, page.query, page.at.get("deck_gl_json_chart")[0].proto.json
    consistent(page.set(**choice), found)
    assert page.answer != answer
    assert page.query != query
    assert page.at.get("deck_gl_json_chart")[0].proto.json != chart


def legend_of(page: Visit) -> str:
    return page.texts[-2]  # the last is the drawing of the map itself


@pytest.mark.parametrize("show", ["survey", "change"])
def test_map_selector_changes_map_and_legend(show: str, found: Forecasts) -> None:
    page = visit()
    legend, chart = legend_of(page), page.at.get("deck_gl_json_chart")[0].proto.json
    consistent(page.set(show=show), found)
    assert page.query["show"] == show
    assert legend_of(page) != legend
    assert page.at.get("deck_gl_json_chart")[0].proto.json != chart
    assert ("faded" in legend_of(page)) == (show == "change")
    assert forecast_text.map_note(view_of(page).show, last_quarter(survey_panel().frame)) in [
        item.value for item in page.at.caption
    ]
    consistent(page.set(show="forecast"), found)
    assert legend_of(page) == legend


def test_map_selector_after_quarter_change_is_unchanged(found: Forecasts) -> None:
    page = visit()
    page.set(show="change")
    consistent(page.set(ahead=4), found)
    assert view_of(page).show == "change"
    assert page.widget("show").options == [
        "Jan\N{EN DASH}Mar 2026: survey",
        "Jan\N{EN DASH}Mar 2027: forecast",
        "Change between them",
    ]


def test_picked_borough_after_quarter_change_is_unchanged(found: Forecasts) -> None:
    page = consistent(visit().set(borough="Brent"), found)
    assert page.query["borough"] == "Brent"
    consistent(page.set(ahead=2), found)
    assert page.value("borough") == "Brent"


def test_no_change_method_is_described_as_benchmark(found: Forecasts) -> None:
    page = consistent(visit(method="no_change"), found)
    assert page.answer.startswith("Assuming no change is wrong by ")
    assert page.answer.endswith("the mark that a forecast has to beat.")
    assert any("In no borough of 32 is a rise or a fall likely" in item.value for item in page.at.markdown)
    consistent(page.set(show="change"), found)
    assert any(
        "in no borough of 32 is a rise or a fall likely" in item.proto.alt for item in page.at.get("deck_gl_json_chart")
    )


@pytest.mark.parametrize(
    ("method", "text"),
    [("drift", "not clearly better than assuming no change"), ("seasonal_naive", "% worse than assuming no change")],
)
def test_method_that_ties_or_is_worse_is_described_so(method: str, text: str, found: Forecasts) -> None:
    assert text in consistent(visit(method=method), found).answer


@pytest.mark.parametrize("method", METHODS)
def test_method_in_every_map_view_is_consistent(method: str, found: Forecasts) -> None:
    page = visit(method=method, measure="good_job_local", ahead="4")
    for show in ("survey", "change", "forecast"):
        consistent(page.set(show=show), found)


def test_forecast_page_link_restores_every_choice(found: Forecasts) -> None:
    page = consistent(Visit(PAGE, to_query(LINK) | {"borough": "Camden"}), found)
    assert not page.at.info
    assert view_of(page) == LINK
    assert page.value("borough") == "Camden"


def test_forecast_page_choices_after_other_pages_are_unchanged(found: Forecasts) -> None:
    page = visit().set(measure="score_mean_of_3", show="change", ahead=2, borough="Hackney")
    for other in ("london_map", "data"):
        page.go(other)
    assert view_of(consistent(page.go(PAGE), found)) == ForecastView("score_mean_of_3", WINNER, 2, "change")
    assert page.value("borough") == "Hackney"


def test_forecast_page_link_after_rerun_is_unchanged() -> None:
    page = visit().set(ahead=3)
    query = page.query
    assert page.run().query == query
    assert Visit(PAGE, query).query == query


BAD = {
    "measure": "happiness",
    "method": "magic",
    "ahead": "5",
    "show": "trend",
    "borough": "<script>alert(1)</script>",
}


def test_forecast_page_with_bad_link_shows_notices_and_defaults(found: Forecasts) -> None:
    page = consistent(visit(**BAD), found)
    (notices,) = page.at.info
    for name, value in BAD.items():
        assert value in notices.value
        assert f" as {name}," in notices.value
    assert view_of(page) == ForecastView()
    assert not page.run().at.info


def button(page: Visit, key: str) -> Any:
    (found,) = [button for button in page.at.button if button.key == key]
    return found


def shown_settings(page: Visit) -> list[str]:
    return [item.value for item in page.at.caption if item.value.startswith("Fitted again")]


def progress(page: Visit) -> list[str]:
    return [item.proto.text for item in page.at.get("progress")]


def press(page: Visit, key: str) -> jobs.Job:
    """Ask for a forest; returns the job that was submitted."""
    button(page, key).click()
    page.run()
    job = jobs.job_queue().find(("forest", key == SEARCH, load_catalogue().version))
    assert job is not None
    return job


def test_forest_button_fits_forest_again(found: Forecasts) -> None:
    page = visit()
    assert not shown_settings(page)
    job = press(page, FIT)
    fresh = job.result.result(PATIENCE)
    assert isinstance(fresh, ForestScores)
    consistent(page.run(), found)
    assert shown_settings(page) == [forecast_text.forest_settings(SETTINGS)]
    assert not progress(page)
    assert FIT not in [item.key for item in page.at.button]
    table = page.table("Test rows", "R-squared")
    assert table["R-squared"].tolist()[:2] == [fresh.random_r2, fresh.forward_r2]
    assert shown_settings(page.set(ahead=2))


class Slow:
    """Stands for the forest, and takes until it is released."""

    def __init__(self) -> None:
        self.free = Event()
        self.searched: list[bool] = []
        self.error: Exception | None = None

    def __call__(self, _panel: Any, search: bool, progress: Progress) -> ForestScores:
        self.searched.append(search)
        progress(0.25)
        assert self.free.wait(PATIENCE)
        if self.error:
            raise self.error
        return SCORED


MADE_UP: dict[str, Any] = dict.fromkeys((field.name for field in fields(ForestScores)), 0.5) | {
    "random_r2": 0.51,
    "forward_r2": -0.25,
    "settings": {"n_estimators": 500, "max_depth": 8, "max_features": "sqrt"},
    "importance": load_catalogue().read_table("forest_importance"),
    "forward_quarters": 8,
}
SCORED = ForestScores(**MADE_UP)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    work = Slow()
    monkeypatch.setattr(london_forecast, "forest_scores", work)
    yield work
    work.free.set()


def test_forecast_page_during_forest_fit_stays_usable(slow: Slow, found: Forecasts) -> None:
    page = visit()
    headers, downloads = len(page.at.header), len(page.at.get("download_button"))
    job = press(page, SEARCH)
    assert progress(page) == [WORKING]
    consistent(page.set(measure="score_mean_of_3", show="change"), found)
    assert (len(page.at.header), len(page.at.get("download_button"))) == (headers, downloads)
    assert progress(page) == [WORKING]
    assert not shown_settings(page)
    assert not job.done
    slow.free.set()
    job.result.result(PATIENCE)
    consistent(page.run(), found)
    assert shown_settings(page) == [forecast_text.forest_settings(SCORED.settings)]
    assert slow.searched == [True]
    assert page.table("Test rows", "R-squared")["R-squared"].tolist()[:2] == [0.51, -0.25]


def test_second_visitor_sees_stored_scores_until_they_ask(slow: Slow) -> None:
    first, second = visit(), visit()
    slow.free.set()
    press(first, FIT).result.result(PATIENCE)
    assert shown_settings(first.run())
    assert not shown_settings(second.run())
    press(second, FIT)
    assert shown_settings(second)
    assert slow.searched == [False]


def test_forest_result_after_visit_to_another_page_is_shown(slow: Slow) -> None:
    page = visit()
    job = press(page, FIT)
    page.go("data")
    slow.free.set()
    job.result.result(PATIENCE)
    assert shown_settings(page.go(PAGE))


def test_failed_forest_fit_shows_error_and_can_be_repeated(slow: Slow) -> None:
    page = visit()
    slow.error = ForecastError("7 quarters have both force records and scores.")
    slow.free.set()
    press(page, FIT).result.exception(PATIENCE)
    (warning,) = page.run().at.warning
    assert warning.value == "This could not be worked out. 7 quarters have both force records and scores."
    assert page.table("Test rows", "R-squared")["R-squared"].tolist()[0] != SCORED.random_r2
    slow.error = None
    press(page, FIT).result.result(PATIENCE)
    assert shown_settings(page.run())
    assert not page.at.warning


def test_full_job_queue_asks_visitor_to_wait(slow: Slow, queue: jobs.JobQueue) -> None:
    page = visit()
    for number in range(jobs.QUEUED):
        queue.submit(number, lambda progress: slow(None, search=False, progress=progress))
    button(page, FIT).click()
    (sentence,) = page.run().at.info
    assert sentence.value.startswith("Others are having something worked out just now.")
    assert not page.run().at.info
