"""The page on ages: what totals can say, and the quarterly model where there are quarterly ages."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.app import data
from core.app.sections import home
from core.london.ages.analysis import between_boroughs
from core.london.ages.figures import between_answer
from core.london.ages.question import AGE_BANDS, LONDON_AGES
from core.london.ages.text import AGES_QUARTERLY, AGES_SHOWN
from core.london.panel import london_panel
from core.london.questions import LONDON_CONTROLS, VOCABULARY
from core.presentation.robustness.robust_text import page_answer
from core.presentation.text import question_answer
from core.questions.links import to_query
from core.questions.question import AS_PUBLISHED, RECOMMENDED
from core.questions.robustness import robustness
from core.registry.studies import PANELS
from core.stats.contributions import contributions
from core.stats.penalised import penalty_paths
from core.stats.regression import ModelSpec, diagnose, fit
from core.tables.catalogue import load_catalogue
from core.tables.panel import Panel
from tests.pages.visiting import WHOLE, Visit

PAGE = LONDON_AGES.page
PUBLISHED, BEST = LONDON_AGES.presets[AS_PUBLISHED], LONDON_AGES.presets[RECOMMENDED]
CHEAP = replace(BEST, covariance="HC1")  # no bootstrap to wait for
SHORT = {
    "outcomes": "score_mean_of_8",
    "forms": "count",
    "windows": "quarter",
    "lags": "0",
    "absorbed": "nothing",
    "held": "nothing",
    "samples": "all",
}
MIXTURE = (12, 54, 25, 9)  # per cent of records by age band


def subheaders(visit: Visit) -> list[str]:
    return [item.value for item in visit.at.subheader]


def said(visit: Visit) -> str:
    return "\n".join(item.value for item in (*visit.at.markdown, *visit.at.caption, *visit.at.subheader))


# Totals only: the figures as they are


@pytest.fixture(scope="module")
def totals() -> Visit:
    return Visit(PAGE)


@pytest.fixture
def page(totals: Visit) -> Visit:
    """The page as a bare link shows it, in one visit for all tests of this file."""
    return totals.go("data").go(PAGE, {"outcome": "score_mean_of_8", "form": "share", "recovered": "yes"})


def consistent(visit: Visit) -> Visit:
    """Assert that answer, table and address say what the widgets say."""
    spec = ModelSpec(
        visit.value("outcome"), AGE_BANDS, form=visit.value("form"), controls=tuple(visit.value("controls"))
    )
    rows = load_catalogue().read_table("use_of_force_ages")
    fits = between_boroughs(london_panel(), rows, spec, visit.value("recovered"), {})
    assert visit.answer == between_answer(fits, load_catalogue())
    table = visit.table("Age band", "Points")
    assert table["p"].tolist() == pytest.approx([fits[band].estimate(band).p for band in AGE_BANDS])
    return visit.agrees("AgesView")


def composition(visit: Visit) -> pd.DataFrame:
    """The table of ages over the whole period; that of the quarter after it follows."""
    whole, after = [item.value for item in visit.at.dataframe if load_catalogue().label("age_under_18") in item.value]
    assert len(whole) == len(after) == 32
    rows: pd.DataFrame = whole
    return rows


def test_ages_page_states_what_it_shows_and_why(page: Visit) -> None:
    consistent(page)
    assert page.at.title[0].value == LONDON_AGES.title
    assert AGES_SHOWN in said(page)
    assert "yearly workbooks, which are not included here" in AGES_SHOWN
    assert AGES_QUARTERLY not in said(page)
    assert not page.has("preset")
    assert not page.at.warning
    assert len(page.at.get("vega_lite_chart")) == 6  # estimates, the curve's two parts, what moves it, two compositions


def test_ages_page_shows_published_coefficients_as_reported(page: Visit) -> None:
    table = page.table("Finding", "Reported").set_index("Finding")["Reported"]
    labels = [load_catalogue().label(band) for band in AGE_BANDS]
    assert table[labels].tolist() == ["-0.0006", "0.0002", "-0.0003", "-0.0003"]


def test_recovered_ages_switch_changes_estimates_and_composition(page: Visit) -> None:
    label = load_catalogue().label("age_under_18")
    with_them, answer = composition(page), page.table("Age band", "Points")
    titles = subheaders(page)
    consistent(page.set(recovered=False))
    without = composition(page)
    assert without[label].mean() < with_them[label].mean()
    assert not page.table("Age band", "Points")["Points"].equals(answer["Points"])
    assert page.query["recovered"] == "no"
    changed = [pair for pair in zip(titles, subheaders(page), strict=True) if pair[0] != pair[1]]
    assert len(changed) == 3  # the curve, what moves it, and the composition, but not that of the quarter after it
    consistent(page.set(recovered=True))
    assert subheaders(page) == titles


def test_ages_page_choice_changes_the_comparison(page: Visit) -> None:
    seen = [page.table("Age band", "Points")["Points"].tolist()]
    for change in (
        {"form": "per_1000"},
        {"controls": ["imd_score"]},
        {"controls": list(LONDON_CONTROLS)},
        {"outcome": "trust_mps"},
        {"form": "share"},
    ):
        consistent(page.set(**change))
        seen.append(page.table("Age band", "Points")["Points"].tolist())
        assert seen[-1] not in seen[:-1]
    assert page.query["controls"] == "|".join(LONDON_CONTROLS)
    assert "Correlation" not in page.table("Age band", "Points")


def test_ages_page_with_clear_band_reports_it_without_a_cause(page: Visit) -> None:
    consistent(page.set(outcome="good_job_local"))
    assert page.answer.startswith("Boroughs differ, but the data cannot say why.")
    assert "one of the four age groups shows a clear link" in "".join(subheaders(page))


def test_ages_curve_follows_the_chosen_band(page: Visit) -> None:
    page.set(band="age_35_49")
    (of_band,) = (title for title in subheaders(page) if "specifications" in title)
    assert load_catalogue().label("age_35_49") in of_band
    assert not page.has("curve.lags")  # nothing to lag between boroughs
    page.set(band="age_under_18")
    (of_other,) = (title for title in subheaders(page) if "specifications" in title)
    assert load_catalogue().label("age_under_18") in of_other


def test_ages_page_link_restores_every_choice() -> None:
    query = {
        "outcome": "score_trust",
        "form": "per_1000",
        "controls": "imd_score",
        "recovered": "no",
        "band": "age_35_49",
    }
    page = consistent(Visit(PAGE, query))
    assert page.query == {"v": "1"} | query | WHOLE
    assert [page.value(name) for name in query] == ["score_trust", "per_1000", ["imd_score"], False, "age_35_49"]
    again = consistent(Visit(PAGE, page.linked))
    assert (again.answer, subheaders(again)) == (page.answer, subheaders(page))


def test_ages_page_with_quarterly_link_shows_notice_and_answer() -> None:
    page = Visit(PAGE, to_query(PUBLISHED))
    (notice,) = page.at.info
    assert "`'count'` as form," in notice.value
    assert page.value("form") == "share"
    consistent(page)


def test_ages_page_choices_after_another_page_are_unchanged(page: Visit) -> None:
    page.set(recovered=False, form="per_1000", controls=["imd_score"])
    query, answer = page.query, page.answer
    page.go("home").go(PAGE)
    assert (consistent(page).query, page.answer) == (query, answer)


# Quarterly ages, made up here


def with_quarterly_ages(whole: bool = False) -> Panel:
    """The London panel with counts by age: shares that differ between boroughs and, around them, quarters.

    A few records have no known age, unless `whole` says that the bands make up all records.
    """
    rng = np.random.default_rng(2023)
    frame = london_panel().frame.copy()
    there = frame["records"].notna()
    own = {borough: rng.dirichlet(np.multiply(MIXTURE, 10)) for borough in frame["borough"].unique()}
    shares = [rng.dirichlet(own[borough] * 150) for borough in frame.loc[there, "borough"]]
    records = frame.loc[there, "records"].astype(int).to_numpy()
    known = records if whole else rng.binomial(records, 0.98)
    for band in AGE_BANDS:
        frame[band] = np.nan
    counts = [rng.multinomial(count, share) for count, share in zip(known, shares, strict=True)]
    frame.loc[there, list(AGE_BANDS)] = np.array(counts, dtype=float)
    return Panel(frame)


def shown_as_london(panel: Panel, version: str) -> Iterator[Panel]:
    """Show `panel` on all pages. Its own version keeps what is cached of it apart from the real figures."""
    catalogue = replace(load_catalogue(), version=version)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "PANELS", {**PANELS, "london": lambda _: panel})
        patch.setattr(data, "catalogue", lambda: catalogue)
        yield panel


@pytest.fixture
def simulated(simulated_panel: Panel) -> Iterator[Panel]:
    yield from shown_as_london(simulated_panel, "simulated")


@pytest.fixture(scope="module")
def simulated_panel() -> Panel:
    return with_quarterly_ages()


def quarterly(spec: ModelSpec = CHEAP, **more: str) -> Visit:
    return Visit(PAGE, to_query(spec) | SHORT | more)


def test_quarterly_ages_page_shows_the_full_model(simulated: Panel) -> None:
    page = quarterly(BEST)
    assert AGES_QUARTERLY in said(page)
    assert AGES_SHOWN not in said(page)
    found = robustness(simulated, LONDON_AGES, BEST)
    assert page.answer == page_answer(fit(simulated, BEST, wild=False), found, load_catalogue(), VOCABULARY)
    assert page.value("preset") == RECOMMENDED
    page.agrees("ModelSpec", "Focus", "PredictorFocus")
    page.set(preset=AS_PUBLISHED)
    assert page.answer == question_answer(fit(simulated, PUBLISHED, wild=False), load_catalogue(), VOCABULARY)
    page.agrees("ModelSpec", "Focus", "PredictorFocus")


def test_quarterly_ages_page_has_inflation_paths_and_contributions(simulated: Panel) -> None:
    page = quarterly()
    result = fit(simulated, CHEAP, wild=False)
    vif = page.table("Variable", "Variance inflation")
    assert vif["Variance inflation"].tolist() == pytest.approx(diagnose(simulated, CHEAP).vif["vif"].tolist())
    paths = page.table("Method", "Standardised coefficient")
    assert set(paths["Method"]) == {"least squares", "ridge", "lasso"}
    expected = penalty_paths(simulated, CHEAP)
    assert paths["Standardised coefficient"].to_numpy() == pytest.approx(expected["coefficient"].to_numpy())
    charts = [picture.alt for picture in page.pictures]
    assert sum("ridge and lasso" in text for text in charts) == 2
    (parts,) = [item.value for item in page.at.dataframe if "Points" in item.value and len(item.value) == 128]
    assert parts["Points"].to_numpy() == pytest.approx(contributions(simulated, result)["points"].to_numpy())
    assert "flags" not in said(page), "age bands do not overlap"
    coefficients = page.table("Term", "Coefficient")["Coefficient"].tolist()
    assert coefficients == pytest.approx([result.estimate(band).estimate for band in AGE_BANDS])


def test_quarterly_ages_page_choices_change_answer_and_link(simulated: Panel) -> None:
    page = quarterly()
    page.set(predictors=["age_under_18", "age_35_49"], form="per_1000", term="age_35_49")
    spec = replace(CHEAP, predictors=("age_under_18", "age_35_49"), form="per_1000")
    assert page.answer == question_answer(fit(simulated, spec, wild=False), load_catalogue(), VOCABULARY)
    label = load_catalogue().label("age_35_49")
    assert any(title.startswith(f"{label}: the part of the fitted score") for title in subheaders(page))
    again = Visit(PAGE, page.linked)
    assert (again.answer, again.query, subheaders(again)) == (page.answer, page.query, subheaders(page))
    page.set(predictors=[])
    assert page.refusals
    assert page.answer == again.answer


def test_quarterly_ages_page_reads_link_of_totals(simulated: Panel) -> None:
    page = Visit(PAGE, {"outcome": "trust_mps", "form": "share", "covariance": "HC1", "recovered": "no"} | SHORT)
    assert not page.at.info
    spec = replace(CHEAP, outcome="trust_mps", form="share")
    assert page.answer == question_answer(fit(simulated, spec, wild=False), load_catalogue(), VOCABULARY)


def test_home_page_with_quarterly_ages_answers_from_them(simulated: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "known", lambda: None)  # answers are stored of the figures as published
    found = robustness(simulated, LONDON_AGES, BEST)
    answer = page_answer(fit(simulated, BEST, wild=False), found, load_catalogue(), VOCABULARY)
    assert answer in said(Visit("home"))


def test_age_bands_of_all_records_as_shares_ask_to_leave_one_out() -> None:
    for _ in shown_as_london(with_quarterly_ages(whole=True), "simulated-whole"):
        page = quarterly(replace(CHEAP, form="share"))
        (sentence,) = page.refusals
        assert "leave one out" in sentence
        assert page.answer
        three = page.set(predictors=list(AGE_BANDS[:3]))
        assert not three.refusals


def curve_warnings(page: Visit) -> list[str]:
    """Warnings about the curve, without the cautions about the model."""
    return [warning.value for warning in page.at.warning if "curve" in warning.value]


def test_ages_curve_after_adding_collinear_band_shows_last_curve() -> None:
    # As shares of all records, three bands can stand in one model and four cannot.
    for _ in shown_as_london(with_quarterly_ages(whole=True), "simulated-whole"):
        page = quarterly(replace(CHEAP, predictors=AGE_BANDS[:3]), forms="share")
        assert not curve_warnings(page)
        page.set(predictors=list(AGE_BANDS))
        assert not page.refusals
        (warning,) = curve_warnings(page)
        assert "last curve that could be drawn" in warning
        assert any("specification" in title for title in subheaders(page))
