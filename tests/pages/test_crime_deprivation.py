"""The page on crime and deprivation: every control, link and preset, in the West Midlands and in any English force."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.app.crime_places import places as app_places
from core.app.sections.crime_deprivation import question_of
from core.build.street_crime import build_street_crime
from core.crime import places
from core.crime.area import CrimeArea, panel
from core.crime.deprivation.analysis import associations
from core.crime.deprivation.models import check
from core.crime.deprivation.question import CRIME_PAGE, CRIME_TITLE, DISTRICT, MSOA
from core.crime.deprivation.text import AREAS_NOT_PEOPLE, NO_PUBLISHED, R_SQUARED, ModelSummary, crime_answer
from core.crime.loaders import west_midlands
from core.crime.places import STUDY_AREA
from core.questions.links import to_query
from core.questions.question import AS_PUBLISHED, RECOMMENDED
from core.stats.regression import CONLEY_KM, ModelSpec, fit
from core.tables.catalogue import load_catalogue
from tests.pages.visiting import WHOLE, Visit
from tests.sources.police.generated import TYPES, street_csv, write_zip

PAGE = CRIME_PAGE
QUESTION = question_of(STUDY_AREA)


def preset(name: str) -> ModelSpec:
    return QUESTION.presets[name]


PUBLISHED, BEST = preset(AS_PUBLISHED), preset(RECOMMENDED)
EVERYTHING = ModelSpec(
    outcome="records_per_1000_typical",
    predictors=("imd_score_without_crime",),
    form="count",
    effects=(MSOA,),
    weights="population",
    covariance="cluster",
    cluster=DISTRICT,
)
FEW = {
    "outcomes": "log_records|log_records_per_1000",
    "forms": "count",
    "samples": "all",
    "absorbed": "nothing|district",
}
FORCE, FORCE_DISTRICTS = "south-yorkshire", ("Barnsley", "Rotherham")
TINY, TINY_DISTRICTS = "city-of-london", ("City of London",)  # one MSOA


def visit(spec: ModelSpec | None = None, **more: str) -> Visit:
    return Visit(PAGE, WHOLE | (to_query(spec) if spec else {}) | more)


def spec_of(page: Visit) -> ModelSpec:
    spec = page.view("ModelSpec")
    assert isinstance(spec, ModelSpec)
    return spec


def widgets_say(page: Visit) -> ModelSpec:
    """The model that the widgets show, read off one by one."""
    offered = question_of(page.view("PlaceView").place).effects
    return ModelSpec(
        outcome=page.value("outcome"),
        predictors=(page.value("score") if page.has("score") else "imd_score",),
        form="count",
        effects=tuple(name for name in offered if page.value(f"effect_{name}")),
        weights=page.value("weights"),
        covariance=page.value("covariance"),
        response=page.value("response"),
        kernel=page.value("kernel") if page.has("kernel") else "bartlett",
        distance=page.value("distance") if page.has("distance") else CONLEY_KM,
        cluster=page.value("cluster") if page.has("cluster") else MSOA,
    )


def summary_of(area: CrimeArea, spec: ModelSpec) -> ModelSummary:
    lines = panel(area)
    usual = float(lines.frame[spec.outcome].mean())
    return ModelSummary(fit(lines, spec, wild=False), check(lines, spec, []).share, usual, len(area.lsoas))


def consistent(page: Visit, area: CrimeArea | None = None) -> Visit:
    """Assert that widgets, address, copied link, answer and preset button all say the same."""
    page.agrees("ModelSpec", "PlaceView")
    spec, area = spec_of(page), area or west_midlands()
    assert widgets_say(page) == spec
    preset = page.value("preset")
    question = question_of(page.view("PlaceView").place)
    assert preset == question.preset_of(spec)
    assert page.answer == crime_answer(summary_of(area, spec), area.name)
    assert not page.refusals
    return page


def said(page: Visit) -> str:
    return "\n".join(item.value for kind in ("markdown", "caption", "subheader") for item in getattr(page.at, kind))


def headers(page: Visit) -> list[str]:
    return [item.value for item in page.at.header]


def test_deprivation_page_opens_with_recommended_model() -> None:
    page = consistent(visit())
    assert page.at.title[0].value == CRIME_TITLE
    assert spec_of(page) == BEST
    assert page.answer.startswith("Yes, in this model. In the 1,680 small areas (LSOAs) of the West Midlands")
    assert said(page).count(AREAS_NOT_PEOPLE) == 1


def test_deprivation_page_reproduces_published_r_squared() -> None:
    page = visit()
    rows = page.table("Printed as r", f"{R_SQUARED} here")
    findings = load_catalogue().read_table("crime_findings").set_index("id")["value"]
    printed = findings[findings.index.str.startswith("r2-")].dropna()
    assert len(rows) == len(printed) == 7
    np.testing.assert_allclose(rows[f"{R_SQUARED} here"], printed, atol=1e-6)
    assert any("7 numbers of the study are reproduced" in item.value for item in page.at.subheader)
    assert "The study printed 0.075 for all districts and called it r" in said(page)
    assert "did not look at Dudley" in said(page)


def test_district_table_has_published_numbers_and_dudley() -> None:
    page = visit(PUBLISHED)
    rows = page.table("Place", "Spearman", "Chance to be strongest").set_index("Place")
    assert len(rows) == 8
    expected = associations(west_midlands()).set_index("place")
    np.testing.assert_allclose(rows[R_SQUARED], expected.loc[rows.index, "r2"], atol=1e-12)
    assert rows.loc["All districts", R_SQUARED] == pytest.approx(0.07523949043166604, abs=1e-6)
    assert rows.loc["Dudley", R_SQUARED] == pytest.approx(0.331064, abs=1e-6)


def test_preset_buttons_switch_model_answer_and_link() -> None:
    page = visit()
    recommended = page.answer
    consistent(page.set(preset=AS_PUBLISHED))
    assert spec_of(page) == PUBLISHED
    published = page.answer
    assert published != recommended
    page.set(outcome="log_records_per_1000", effect_MSOA=True, covariance="cluster")
    consistent(page.set(cluster=DISTRICT))
    assert page.value("preset") is None
    assert "Your own model" in said(page)
    consistent(page.set(preset=RECOMMENDED))
    assert (spec_of(page), page.answer) == (BEST, recommended)
    consistent(page.set(preset=AS_PUBLISHED))
    assert (spec_of(page), page.answer) == (PUBLISHED, published)


def test_own_model_is_shown_next_to_both_presets() -> None:
    page = visit()
    cards = [item.value for item in page.at.markdown if item.value.startswith("**")]
    assert [name for name in ("As published", "Recommended", "Your model") if any(name in card for card in cards)] == [
        "As published",
        "Recommended",
    ]
    page.set(outcome=f"{BEST.outcome}_typical")
    own = [item.value for item in page.at.markdown if item.value.startswith("**Your model**")]
    assert own == ["**Your model** :primary[(used on this page)]"]
    steps = page.table("Model", "Per cent", "LSOAs")["Model"].tolist()
    assert "Your model" not in steps, "it is one of the steps"
    page.set(covariance="classical")
    assert page.table("Model", "Per cent", "LSOAs")["Model"].tolist() == [*steps, "Your model"]


@pytest.mark.parametrize(
    "choices",
    [
        [
            {"outcome": "log_records"},
            {"outcome": "records"},
            {"outcome": "records_typical"},
            {"outcome": "log_records_typical"},
            {"outcome": "log_records_per_1000_typical"},
        ],
        [
            {"effect_district": False},
            {"score": "imd_score_without_crime"},
            {"effect_MSOA": True},
            {"weights": "population"},
        ],
        [{"cluster": DISTRICT}, {"covariance": "HC1"}, {"covariance": "classical"}, {"covariance": "cluster"}],
        [{"covariance": "conley"}, {"distance": 10}, {"kernel": "uniform"}, {"distance": 1}, {"covariance": "HC1"}],
        [{"outcome": "records_per_1000"}, {"response": "poisson"}, {"effect_MSOA": True}, {"outcome": "records"}],
    ],
    ids=["measure", "comparison", "errors", "distance", "Poisson"],
)
def test_deprivation_page_choice_changes_answer_and_link(choices: list[dict[str, Any]]) -> None:
    page = consistent(visit())
    answers, queries = [page.answer], [page.query]
    for choice in choices:
        consistent(page.set(**choice))
        answers.append(page.answer)
        queries.append(page.query)
    for seen in (answers, queries):
        assert all(before != after for before, after in pairwise(seen))


def test_poisson_of_a_logarithm_says_why_not_and_keeps_the_model() -> None:
    page = visit(BEST)
    answer = page.answer
    page.set(response="poisson")
    assert any("is a logarithm already" in warning.value for warning in page.at.warning)
    assert page.answer == answer
    consistent(page.set(outcome="records_per_1000"))
    assert "Poisson regression" in said(page)
    assert "ln(expected recorded crimes per 1,000 residents) per point of the score" in said(page)


def test_link_with_errors_by_distance_marks_them_among_the_kinds() -> None:
    page = consistent(visit(replace(BEST, covariance="conley", distance=5)))
    rows = page.table("Standard errors", "Degrees of freedom").set_index("Standard errors")
    found = fit(panel(west_midlands()), spec_of(page)).estimate("imd_score")
    assert rows.loc["By distance (Conley)", "Standard error per point"] == pytest.approx(found.std_error)
    assert "up to 5\N{NO-BREAK SPACE}km apart" in said(page)


def test_link_with_unclustered_errors_ignores_earlier_cluster() -> None:
    page = visit(replace(BEST, cluster=DISTRICT)).set(covariance="HC1")
    assert page.query["cluster"] == MSOA
    assert consistent(page.set(covariance="cluster")).value("preset") == RECOMMENDED
    assert visit(replace(BEST, covariance="HC1", cluster=DISTRICT)).query["cluster"] == MSOA


def test_district_clusters_show_bootstrap_and_warning() -> None:
    page = visit(replace(BEST, cluster=DISTRICT))
    assert "wild cluster bootstrap" in said(page)
    assert any("There are only 7 districts" in warning.value for warning in page.at.warning)
    assert "wild cluster bootstrap" not in said(page.set(cluster=MSOA))


def test_district_choice_leaves_the_model_unchanged() -> None:
    page = visit()
    answer = page.answer
    consistent(page.set(district="Dudley"))
    assert (page.answer, page.query["district"]) == (answer, "Dudley")
    assert any(item.value.startswith("Dudley: the more deprived") for item in page.at.subheader)
    (scatter,) = [item for item in page.pictures if "Scatter plot" in item.alt]
    assert "Dudley: " in scatter.alt


def test_outlier_counts_follow_the_stated_rule() -> None:
    page = visit(PUBLISHED)
    assert "15 of 1,680 LSOAs above, 3 below" in said(page)
    page.set(outcome="records_typical")
    assert page.answer.startswith("Yes, in this model. In 1,662 of the 1,680 small areas")
    assert "17 of 1,680 LSOAs above, 7 below" in said(page.set(outcome="records_per_1000_typical"))


def test_residual_moran_is_shown_for_presets_and_own_model() -> None:
    page = visit()
    assert "Moran's I of the residuals of the recommended model is +0.16" in said(page)
    assert "Moran's I of the residuals of the study's model is +0.25" in said(page.set(preset=AS_PUBLISHED))
    page.set(outcome="records_typical")
    assert "of the recommended model is" in said(page)
    assert "Moran's I of the residuals of your model is" in said(page)


def test_deprivation_page_link_restores_every_widget() -> None:
    plain = ModelSpec("log_records_per_1000", ("imd_score",))
    same = {f.name for f in fields(ModelSpec) if getattr(EVERYTHING, f.name) == getattr(plain, f.name)}
    page = visit(EVERYTHING, district="Solihull")
    assert not page.at.info
    assert spec_of(page) == widgets_say(page) == EVERYTHING
    assert page.value("district") == "Solihull"
    consistent(page)
    assert not same & {"outcome", "predictors", "form", "effects", "weights", "cluster"}


def test_deprivation_page_choices_after_other_pages_are_unchanged() -> None:
    page = visit().set(
        outcome="log_records", effect_district=False, effect_MSOA=True, cluster=DISTRICT, district="Walsall"
    )
    spec, query, answer = spec_of(page), page.query, page.answer
    page.go("data").go("london_amount").go(PAGE)
    consistent(page)
    assert (spec_of(page), page.query, page.answer) == (spec, query, answer)


def test_later_link_overrides_earlier_choices() -> None:
    page = visit().set(outcome="log_records", district="Walsall")
    consistent(page.go("data").go(PAGE, {"outcome": "log_records", "covariance": "HC1"}))
    assert spec_of(page) == replace(BEST, outcome="log_records", covariance="HC1")
    assert page.value("district") == ""


@pytest.mark.parametrize(
    "bad",
    [
        {
            "outcome": "happiness",
            "predictors": "income",
            "effects": "month",
            "weights": "gold",
            "covariance": "two_way",
            "cluster": "borough",
            "place": "atlantis",
            "district": "Lyonesse",
        },
        {"outcome": "<script>alert(1)</script>", "effects": "all", "predictors": "x" * 5000},
    ],
    ids=["wrong", "hostile"],
)
def test_deprivation_page_with_bad_link_shows_notices_and_defaults(bad: dict[str, str]) -> None:
    page = visit(BEST, **bad)
    (notices,) = page.at.info
    for name, value in bad.items():
        assert f"`'{value[:60]}'` as {name.replace('_', ' ')}," in notices.value
    assert spec_of(consistent(page)) == BEST
    page.run()
    assert not page.at.info


def test_link_with_two_scores_uses_one() -> None:
    page = consistent(visit(BEST, predictors="imd_score|imd_score_without_crime"))
    assert spec_of(page) == BEST


def test_link_with_both_effects_compares_neighbours() -> None:
    page = consistent(visit(BEST, effects="district|MSOA"))
    assert spec_of(page).effects == (DISTRICT, MSOA)
    assert page.answer == visit(replace(BEST, effects=(MSOA,))).answer


def test_back_button_restores_previous_model() -> None:
    page = visit(BEST)
    before = page.query
    page.set(outcome="records_per_1000")
    page.at.query_params = dict(before)
    assert spec_of(consistent(page.run())) == BEST


def test_change_before_link_is_updated_retains_earlier_change() -> None:
    page = visit(BEST)
    before = page.query
    page.set(outcome="records_per_1000")
    page.at.query_params = dict(before)
    consistent(page.set(weights="population"))
    assert spec_of(page) == replace(BEST, outcome="records_per_1000", weights="population")


# The specification curve


def pills(page: Visit, name: str) -> Any:
    (found,) = [item for item in page.at.pills if item.key == f"{PAGE}.curve.{name}"]
    return found


def test_first_curve_shows_both_presets_and_leaves_link_unchanged() -> None:
    page = visit()
    (title,) = [item.value for item in page.at.subheader if " specifications" in item.value]
    assert title.startswith("Of 32 specifications with district effects, none")
    assert "% for ten points more" in title
    assert "As published is number" in said(page)
    assert "Recommended is number" in said(page)
    assert not set(FEW) & set(page.query)


def test_curve_ticks_are_written_to_and_read_from_link() -> None:
    page = visit(BEST, **FEW)
    rows = page.table("Per cent for ten points more", "Measure", "Effects")
    assert len(rows) == 4
    assert set(rows["Measure"]) == {"ln(count)", "ln(rate)"}
    pills(page, "samples").set_value(["all", "without_largest"])
    page.run()
    assert page.query["samples"] == "all|without_largest"
    again = Visit(PAGE, page.linked)
    assert len(again.table("Per cent for ten points more")) == 8
    assert "Without Birmingham" in set(again.table("Per cent for ten points more")["Sample"])
    pills(again, "outcomes").set_value([])
    assert any("tick at least one" in warning.value for warning in again.run().at.warning)
    assert len(again.table("Per cent for ten points more")) == 8


def test_recommended_estimate_on_curve_equals_that_on_its_card() -> None:
    page = visit(BEST, **FEW)
    rows = page.table("Per cent for ten points more")
    own = rows[(rows["Measure"] == "ln(rate)") & (rows["Effects"] == "District effects")]
    summary = summary_of(west_midlands(), BEST)
    assert own["Per cent for ten points more"].item() == pytest.approx(summary.effect.value)
    # On the curve each model has the interval of its own errors; the card has the one to rely on, which is wider.
    assert own["95% interval from"].item() == pytest.approx(summary.per_cent(summary.result.estimate("imd_score").low))
    assert own["95% interval from"].item() > summary.effect.low


# Any English force


@dataclass(frozen=True)
class Built:
    folder: Path

    def area(self, force: str) -> CrimeArea:
        return places.place(force, folder=self.folder)


def force_files(force: str, districts: tuple[str, ...], seed: int) -> dict[str, bytes]:
    """A year of a force, with more records where there is more deprivation."""
    england = load_catalogue().read_table("england_lsoas")
    own = england[england["district"].isin(districts)]
    draw = random.Random(seed)
    rows = [
        (code, draw.choice(TYPES))
        for code, score in zip(own["lsoa11_code"], own["imd_score"], strict=True)
        for _ in range(1 + int(draw.gammavariate(4, 1 + score / 20)))
    ]
    months = [f"2018-{month:02}" for month in range(1, 13)]
    return {f"{month}/{month}-{force}-street.csv": street_csv(month, rows[at::12]) for at, month in enumerate(months)}


def offered(folder: Path) -> Iterator[Built]:
    """The places of `folder` on the pages, next to the West Midlands."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app_places, "choices", partial(places.choices, folder=folder))
        patch.setattr(app_places, "place", partial(places.place, folder=folder))
        yield Built(folder)


@pytest.fixture(scope="module")
def force_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("force")
    files = force_files(FORCE, FORCE_DISTRICTS, seed=3) | force_files(TINY, TINY_DISTRICTS, seed=4)
    build_street_crime(write_zip(folder / "download.zip", files), folder / "built")
    return folder / "built"


@pytest.fixture
def force(force_folder: Path) -> Iterator[Built]:
    yield from offered(force_folder)


def test_deprivation_page_of_force_lacks_only_study_sections(force: Built) -> None:
    page = visit(place=FORCE)
    area = force.area(FORCE)
    consistent(page, area)
    assert area.name in page.answer
    assert not page.at.info
    assert NO_PUBLISHED in said(page)
    assert area.missing["imd_score_without_crime"] in said(page)
    assert not any("study's numbers" in title for title in headers(page))
    assert not page.has("score")
    studied = headers(visit())
    assert [title for title in studied if title not in headers(page)] == ["The study's numbers, recalculated"]
    assert len(page.table("Place", "Spearman")) == 3
    assert "Without Barnsley" in said_by_pills(page) or "Without Rotherham" in said_by_pills(page)


def said_by_pills(page: Visit) -> str:
    return ", ".join(pills(page, "samples").options)


@pytest.mark.parametrize(
    "choice",
    [{"preset": AS_PUBLISHED}, {"effect_MSOA": True}, {"cluster": DISTRICT}, {"outcome": f"{BEST.outcome}_typical"}],
)
def test_deprivation_page_of_force_choice_changes_answer(choice: dict[str, Any], force: Built) -> None:
    page = visit(place=FORCE)
    answer = page.answer
    consistent(page.set(**choice), force.area(FORCE))
    assert page.answer != answer
    assert page.query["place"] == FORCE


def test_place_change_drops_choices_that_are_unavailable(force: Built) -> None:
    page = visit(EVERYTHING, district="Walsall")
    page.set(place=FORCE)
    consistent(page, force.area(FORCE))
    assert (page.value("district"), spec_of(page).predictors) == ("", ("imd_score",))
    assert spec_of(page) == replace(EVERYTHING, predictors=("imd_score",))
    page.set(district="Barnsley")
    consistent(page.set(place=STUDY_AREA))
    assert page.value("district") == ""


def test_link_to_force_with_unavailable_choices_shows_notice(force: Built) -> None:
    page = visit(replace(BEST, predictors=("imd_score_without_crime",)), place=FORCE, district="Walsall")
    (notices,) = page.at.info
    assert "`'imd_score_without_crime'` as predictors" in notices.value
    assert "`'Walsall'` as district" in notices.value
    assert spec_of(consistent(page, force.area(FORCE))) == BEST


@pytest.mark.usefixtures("force")
def test_curve_ticks_after_place_change_show_no_warning() -> None:
    page = visit(BEST)
    pills(page, "samples").set_value(["without_largest"])
    page.run().set(place=FORCE)
    assert pills(page, "samples").value == ["without_largest"]
    assert page.query["samples"] == "without_largest"
    assert not page.at.warning
    page.set(place=TINY)
    assert not page.at.warning


def test_force_of_one_msoa_has_no_effects_and_no_clusters(force: Built) -> None:
    page = visit(EVERYTHING)
    page.set(place=TINY)
    consistent(page, force.area(TINY))
    assert spec_of(page).effects == ()
    assert page.widget("covariance").options == ["By distance (Conley)", "Robust (HC1)", "Classical"]
    assert not any(page.has(name) for name in ("cluster", "effect_district", "effect_MSOA"))
    assert "too few figures" not in said(page)
    consistent(visit(place=TINY), force.area(TINY))


@pytest.mark.sources
@pytest.mark.parametrize(
    ("file", "slug", "lsoas"),
    [("south-yorkshire-2018", "south-yorkshire", 853), ("city-of-london-2018", "city-of-london", 6)],
)
def test_deprivation_page_with_published_download_is_consistent(
    file: str, slug: str, lsoas: int, sources_dir: Path, tmp_path: Path
) -> None:
    build_street_crime(sources_dir / "street_crime" / f"{file}.zip", tmp_path / "built")
    for built in offered(tmp_path / "built"):
        page = consistent(visit(place=slug), built.area(slug))
        assert f"In the {lsoas:,} small areas" in page.answer
        assert not [found.value for found in page.at.warning if "up to 5 km (Conley)" not in found.value]
        consistent(page.set(preset=AS_PUBLISHED), built.area(slug))
