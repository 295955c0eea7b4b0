from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.app.navigation import PAGES_DIR
from core.claims import ClaimError, Judged, Verdict, judge
from core.claims.report import (
    ClaimsView,
    allowed_views,
    claims_table,
    counted_once,
    shown,
    summary,
    tally,
    verdicts_figure,
)
from core.claims.study import read_findings
from core.london.ages.question import AGE_BANDS, LONDON_AGES
from core.london.claims import LONDON_CLAIMS
from core.london.forecasting import forecast
from core.london.panel import OUTCOMES
from core.questions.links import from_query
from core.questions.question import AS_PUBLISHED, RECOMMENDED
from core.registry.pages import PAGES, QUESTIONS
from core.stats.regression import CONSTANT, FitResult, fit
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel


@pytest.fixture(scope="module")
def claims(london: Panel, catalogue: Catalogue) -> dict[str, Judged]:
    return {claim.finding.id: claim for claim in judge(LONDON_CLAIMS, london, catalogue)}


def test_london_claims_match_the_published_findings(catalogue: Catalogue) -> None:
    findings = list(catalogue.read_table("published_findings")["id"])
    assert sorted(claim.id for claim in LONDON_CLAIMS.claims) == sorted(findings)
    assert len(findings) == 17


def test_judge_with_missing_claim_finding_or_topic_names_it(london: Panel, catalogue: Catalogue) -> None:
    first, *others = LONDON_CLAIMS.claims
    with pytest.raises(ClaimError, match=f"finding {first.id} of published_findings has no claim"):
        judge(replace(LONDON_CLAIMS, claims=tuple(others)), london, catalogue)
    with pytest.raises(ClaimError, match="claim invented of london has no finding"):
        judge(replace(LONDON_CLAIMS, claims=(*LONDON_CLAIMS.claims, replace(first, id="invented"))), london, catalogue)
    with pytest.raises(ClaimError, match="topic ages has no words"):
        judge(replace(LONDON_CLAIMS, topics={"data": "Data"}), london, catalogue)


def test_judge_of_amount_coefficient_is_only_as_published(claims: dict[str, Judged]) -> None:
    claim = claims["amount-log-coefficient"]
    assert claim.verdict is Verdict.NOT_SUPPORTED
    assert claim.evidence.recomputed.file == claim.finding.reported.file == "-0.0441"
    assert claim.evidence.proper.file == "0.0705 (95% interval 0.0170 to 0.1240)"


def test_judge_repeats_each_checkable_number(claims: dict[str, Judged]) -> None:
    checked = [claim for claim in claims.values() if claim.verdict is not Verdict.CANNOT_BE_CHECKED]
    assert {claim.finding.topic for claim in checked} == {"amount", "outcomes", "data", "forecast"}
    for claim in (claim for claim in checked if claim.finding.topic != "forecast"):
        assert claim.evidence.recomputed.headline == claim.finding.reported.headline


def test_judge_of_outcomes_supports_none_by_the_rule(claims: dict[str, Judged]) -> None:
    verdicts = {id_: claim.verdict for id_, claim in claims.items() if claim.finding.topic == "outcomes"}
    assert verdicts == {
        "outcome-arrested": Verdict.NOT_SUPPORTED,
        "outcome-hospitalised": Verdict.NOT_SUPPORTED,
        "outcome-mental-health-act": Verdict.NOT_SUPPORTED,
        "outcome-other": Verdict.NOT_SUPPORTED,
    }


def test_judge_without_ages_by_quarter_cannot_check_and_says_why(claims: dict[str, Judged]) -> None:
    waiting = [claim for claim in claims.values() if claim.finding.topic in ("ages", "policy")]
    assert len(waiting) == 6
    for claim in waiting:
        assert claim.verdict is Verdict.CANNOT_BE_CHECKED
        assert "force on under-18s" in claim.reason
        assert claim.reason.endswith(".")
    assert claims["forecast-horizon"].verdict is Verdict.CANNOT_BE_CHECKED
    assert "2024" in claims["forecast-horizon"].reason


def reported_as_fitted(catalogue: Catalogue, result: FitResult) -> Catalogue:
    """The catalogue with age findings that the panel of `result` gives, to the decimals of the real ones."""
    terms = dict(zip(("age-under-18", "age-18-34", "age-35-49", "age-50-plus"), AGE_BANDS, strict=True))
    terms["age-constant"] = CONSTANT
    rows = catalogue.read_table("published_findings")
    for id_, term in terms.items():
        at = rows["id"] == id_
        rows.loc[at, "value"] = round(result.estimate(term).estimate, int(rows.loc[at, "decimals"].iloc[0]))
    rows.loc[rows["id"] == "age-constant", "note"] = f"R-squared {result.r2:.3f}"

    return catalogue.with_tables({"published_findings": (rows, catalogue.table("published_findings").fields)})


def judged_on(topics: Collection[str], panel: Panel, catalogue: Catalogue) -> dict[str, Judged]:
    """The claims of `topics` alone, judged on `panel`; those of the forecast take most of the time."""
    rows = catalogue.read_table("published_findings")
    rows = rows[rows["topic"].isin(topics)]
    some = replace(LONDON_CLAIMS, claims=tuple(claim for claim in LONDON_CLAIMS.claims if claim.id in set(rows["id"])))
    fields = catalogue.table("published_findings").fields
    found = judge(some, panel, catalogue.with_tables({"published_findings": (rows, fields)}))
    return {claim.finding.id: claim for claim in found}


def test_judge_with_ages_checks_age_claims(with_ages: Panel, catalogue: Catalogue) -> None:
    result = fit(with_ages, LONDON_AGES.presets[AS_PUBLISHED])
    proper = fit(with_ages, LONDON_AGES.presets[RECOMMENDED])
    judged = judged_on(("ages", "policy"), with_ages, reported_as_fitted(catalogue, result))
    ages = [claim for claim in judged.values() if claim.finding.topic == "ages"]
    assert len(ages) == 5
    for claim in ages:
        assert claim.evidence.repeats
        assert claim.verdict in (Verdict.STANDS_UP, Verdict.NOT_SUPPORTED)
        assert claim.evidence.proper.file
    assert f"{proper.estimate('age_under_18').estimate:.5f}" in judged["age-under-18"].evidence.proper.file
    assert judged["age-constant"].verdict is Verdict.NOT_SUPPORTED
    assert judged["recommendation-under-18"].verdict is judged["age-under-18"].verdict


@pytest.mark.slow
def test_judge_of_forecast_with_ages_takes_them_in(with_ages: Panel, catalogue: Catalogue) -> None:
    evidence = judged_on(("forecast",), with_ages, catalogue)["forecast-r2"].evidence
    assert "force by age" not in evidence.recomputed.note
    assert evidence.recomputed.file


def test_judge_with_different_ages_does_not_hold(with_ages: Panel, catalogue: Catalogue) -> None:
    judged = judged_on(("ages", "policy"), with_ages, catalogue)
    assert judged["age-constant"].verdict is Verdict.NOT_REPRODUCED
    assert judged["recommendation-under-18"].verdict is judged["age-under-18"].verdict


def test_judge_links_each_claim_to_its_page_and_model(claims: dict[str, Judged]) -> None:
    questions = {question.page: question for question in QUESTIONS}
    for claim in claims.values():
        seen = claim.evidence.seen
        assert seen.page in {entry.name for entry in PAGES}
        assert (PAGES_DIR / f"{seen.page}.py").is_file()
        if claim.finding.topic in ("ages", "policy", "forecast"):
            assert seen.page == ("london_forecast" if claim.finding.topic == "forecast" else LONDON_AGES.page)
            assert not seen.query
        elif seen.page in questions:
            question = questions[seen.page]
            recommended = question.presets[RECOMMENDED]
            allowed = {
                "outcome": question.outcomes,
                "predictors": question.predictors,
                "effects": ("borough", "quarter"),
            }
            assert from_query(seen.query, recommended, allowed) == (recommended, [])
        else:
            assert seen.query["table"].startswith("use_of_force")


def test_judge_reports_numbers_of_the_catalogue(claims: dict[str, Judged], catalogue: Catalogue) -> None:
    for id_, row in read_findings(catalogue.read_table("published_findings")).items():
        assert claims[id_].finding == row
    assert claims["outcome-arrested"].finding.reported.file == "-0.00005579"
    assert claims["age-constant"].finding.reported.file == "0.6250"


def test_summary_counts_each_claim_once(claims: dict[str, Judged]) -> None:
    every = list(claims.values())
    assert sum(tally(every).values()) == len(every)
    assert summary(every).startswith("Of 15 published claims, ")
    assert summary(every).endswith("count once.")
    together = {claim.finding.id for claim in every} - {claim.finding.id for claim in counted_once(every)}
    assert together == {"amount-direction", "recommendation-under-18"}
    assert summary([claims["records-total"]]) == "Of 1 published claim, 1 stands up."
    figure = verdicts_figure(every)
    assert list(figure.table["Verdict"]) == [verdict.label for verdict in Verdict]


def test_shown_filters_by_topic_and_verdict(claims: dict[str, Judged]) -> None:
    every = list(claims.values())
    assert shown(every, ClaimsView()) == every
    holding = shown(every, ClaimsView(topic="data", verdict=Verdict.STANDS_UP.value))
    assert [claim.finding.id for claim in holding] == ["records-total", "records-arrested-share"]
    for name, options in allowed_views(every).items():
        parts = [shown(every, replace(ClaimsView(), **{name: option})) for option in options if option]
        assert sum(len(part) for part in parts) == len(every)
    assert len(claims_table(every)) == len(every)


def test_judge_of_forest_is_only_as_published(claims: dict[str, Judged], catalogue: Catalogue) -> None:
    stored = catalogue.read_table("forest_scores").set_index("split").to_dict("index")
    drawn, ahead = stored["random"], stored["forward"]
    for id_, score in (("forecast-r2", "r2"), ("forecast-mae", "mae")):
        claim = claims[id_]
        assert claim.verdict is Verdict.NOT_SUPPORTED
        value = claim.finding.value
        assert value is not None
        assert drawn[f"{score}_lowest"] <= value <= drawn[f"{score}_highest"]
        assert "without" not in claim.reason
        assert "force by age" in claim.evidence.recomputed.note
        assert claim.evidence.seen.page == "london_forecast"
    assert ahead["r2"] < 0
    assert ahead["mae"] > ahead["no_change_mae"]


@pytest.mark.parametrize(("later", "verdict"), [("same", Verdict.NOT_SUPPORTED), ("as_forecast", Verdict.STANDS_UP)])
def test_judge_of_forecast_with_later_survey_compares_them(
    london: Panel, catalogue: Catalogue, later: str, verdict: Verdict
) -> None:
    last = london.frame[london.frame["quarter"] == "2023Q4"]
    came = last.assign(quarter="2024Q1")
    if later == "as_forecast":
        scores = london.frame.pivot(index="quarter", columns="borough", values="score_mean_of_8").dropna()
        scores = scores.set_axis(pd.PeriodIndex(scores.index, freq="Q"))
        force = london.frame[["borough", "quarter", "records", *OUTCOMES]].dropna()
        forest = forecast(scores, 1, "forest", force=force)
        came = came.drop(columns="score_mean_of_8").merge(
            forest[["borough", "mean"]].rename(columns={"mean": "score_mean_of_8"}), on="borough"
        )
    came = came.assign(records=np.nan)
    panel = Panel(pd.concat([london.frame, came], ignore_index=True))
    judged = {claim.finding.id: claim for claim in judge(LONDON_CLAIMS, panel, catalogue)}
    assert judged["forecast-horizon"].verdict is verdict
