"""Verdicts on the West Midlands study: checked against the raw figures, and changed with the figures."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from core.app.navigation import PAGES_DIR
from core.claims import Claim, Judged, Verdict, judge
from core.claims.study import read_findings
from core.crime.area import (
    ALL_RECORDS,
    BICYCLE_THEFT,
    EVERYWHERE,
    LOW,
    LOW_SCORE,
    MEASURES,
    NOT_LOW,
    CrimeArea,
    outliers,
)
from core.crime.claims import CLAIMS, WEST_MIDLANDS_CLAIMS
from core.crime.deprivation.analysis import SCORES
from core.crime.deprivation.claims import PROPER, Correlation, NoneBelow, Strength
from core.crime.deprivation.question import crime_and_deprivation
from core.crime.loaders import from_street_crime, west_midlands
from core.crime.places import STUDY_AREA
from core.crime.rates.claims import MostCrime, ShareOfCrime
from core.crime.types.claims import MUCH, Ranked
from core.crime.types.view import offer
from core.questions.question import RECOMMENDED
from core.registry.pages import PAGES
from core.sources.small_areas.places import CENTRE, HOSPITAL, UNIVERSITY
from core.tables.catalogue import DATA_DIR, Catalogue
from tests.crime.conftest import DISTRICTS, counts, squares
from tests.pages.visiting import Visit

VIOLENCE, BURGLARY = "Violence and sexual offences", "Burglary"
HOLDS, ONLY, NOT, CANNOT = (
    Verdict.STANDS_UP,
    Verdict.NOT_SUPPORTED,
    Verdict.NOT_REPRODUCED,
    Verdict.CANNOT_BE_CHECKED,
)
EXPECTED = {
    HOLDS: "share-birmingham share-dudley centres violence-largest bicycle-coventry solihull-vehicle max-birmingham "
    "max-solihull low-imd-burglary low-imd-vehicle bicycle-universities",
    ONLY: "r2-all r2-birmingham r2-coventry r2-sandwell r2-solihull r2-walsall r2-wolverhampton strongest-district "
    "share-wolverhampton share-solihull violence-wolverhampton violence-sandwell bicycle-dudley shoplifting-138a "
    "low-imd-shoplifting low-imd-person low-imd-order",
    NOT: "weakest-district outliers-removed sandwell-floor solihull-deprived low-imd-damage",
}
COUNTED = {"crime_types": "total", "crime_rates": "crime_type"}  # where pages take what the study counted, all records
BY_ID: Mapping[str, Claim[CrimeArea]] = {claim.id: claim for claim in CLAIMS}


@pytest.fixture(scope="module")
def area() -> CrimeArea:
    return west_midlands()


@pytest.fixture(scope="module")
def claims(area: CrimeArea, catalogue: Catalogue) -> dict[str, Judged]:
    return {claim.finding.id: claim for claim in judge(WEST_MIDLANDS_CLAIMS, area, catalogue)}


@pytest.fixture(scope="module")
def raw() -> dict[str, pd.DataFrame]:
    """The tables as files, read without the code under test."""
    names = ("lsoas", "lsoa_crime", "district_crime", "districts", "places", "two_lsoas_crime")
    return {name: pd.read_csv(DATA_DIR / "west_midlands" / f"{name}.csv") for name in names}


@pytest.fixture(scope="module")
def lsoas(raw: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row per LSOA with its records, of all types and of bicycle theft."""
    crime = raw["lsoa_crime"]
    total = crime.groupby("lsoa11_code")["records"].sum().rename("records")
    thefts = crime[crime["crime_type"] == BICYCLE_THEFT].set_index("lsoa11_code")["records"].rename("thefts")
    return raw["lsoas"].set_index("lsoa11_code").join([total, thefts]).fillna({"records": 0, "thefts": 0})


@pytest.fixture(scope="module")
def verdict(catalogue: Catalogue) -> Callable[..., Judged]:
    """Judges one claim on changed figures, changed text of its finding or a changed check."""

    def judged(id_: str, figures: CrimeArea, check: Any = None, **finding: str | float) -> Judged:
        rows = catalogue.read_table("crime_findings")
        for column, value in finding.items():
            rows.loc[rows["id"] == id_, column] = value
        claim = BY_ID[id_] if check is None else replace(BY_ID[id_], check=check)
        rest = tuple(other for other in CLAIMS if other.id != id_)
        study = replace(WEST_MIDLANDS_CLAIMS, claims=(claim, *rest))
        return next(one for one in judge(study, figures, changed(catalogue, rows)) if one.finding.id == id_)

    return judged


def changed(catalogue: Catalogue, rows: pd.DataFrame) -> Catalogue:
    """The catalogue with other findings."""
    return catalogue.with_tables({"crime_findings": (rows, catalogue.table("crime_findings").fields)})


def times(area: CrimeArea, own: pd.Series, factor: float) -> CrimeArea:
    """`area` with `factor` times the records in the LSOAs of `own`, true or false."""
    codes = set(area.lsoas["lsoa11_code"][own])
    scaled = area.counts["records"].where(~area.counts["lsoa11_code"].isin(codes), area.counts["records"] * factor)
    return replace(area, counts=area.counts.assign(records=scaled))


def mixed(
    area: CrimeArea, name: str, crime_type: str, records: float, rest_in: str = "Anti-social behaviour"
) -> CrimeArea:
    """`area` with other `records` of one type in the composition of `name`; another type makes up the same total."""
    compositions = area.compositions.copy()
    at = (compositions["area"] == name) & (compositions["crime_type"] == crime_type)
    rest = (compositions["area"] == name) & (compositions["crime_type"] == rest_in)
    moved = records - float(compositions.loc[at, "records"].iloc[0])
    compositions.loc[at, "records"], compositions.loc[rest, "records"] = (
        records,
        compositions.loc[rest, "records"] - moved,
    )
    return replace(area, compositions=compositions)


def records_of(area: CrimeArea, name: str, crime_type: str) -> float:
    rows = area.compositions[(area.compositions["area"] == name) & (area.compositions["crime_type"] == crime_type)]
    return float(rows["records"].iloc[0])


def test_judge_has_expected_verdict_for_each_finding(claims: dict[str, Judged], catalogue: Catalogue) -> None:
    findings = catalogue.read_table("crime_findings")
    assert sorted(claims) == sorted(findings["id"])
    assert len(claims) == 33
    expected = {id_: verdict for verdict, ids in EXPECTED.items() for id_ in ids.split()}
    assert {id_: claim.verdict for id_, claim in claims.items()} == expected
    for id_, finding in read_findings(findings).items():
        assert claims[id_].finding == finding


def test_judge_gives_reason_and_evidence_for_each_claim(claims: dict[str, Judged]) -> None:
    for id_, claim in claims.items():
        assert claim.reason.endswith("."), id_
        assert "{" not in claim.text + claim.reason
        assert "nan" not in claim.reason
        evidence = claim.evidence
        for sentence in (evidence.reported, evidence.recomputed, evidence.proper):
            assert sentence.file, id_
            assert sentence.file.isascii(), sentence.file
        if claim.finding.text == "yes":
            assert evidence.recomputed.file.startswith(("yes", "no"))
            assert evidence.reported.file == "yes"
            assert evidence.reported.headline != "yes"
            assert evidence.recomputed.file.startswith("yes") == evidence.repeats


def test_judge_links_each_claim_to_an_offered_view(claims: dict[str, Judged], area: CrimeArea) -> None:
    names, offered = {entry.name for entry in PAGES}, offer(area)
    for claim in claims.values():
        seen = claim.evidence.seen
        assert seen.page in names
        assert (PAGES_DIR / f"{seen.page}.py").is_file()
        assert seen.query["v"] == "1"
        assert seen.query["place"] == STUDY_AREA
        assert seen.query["district"] in {"", *area.districts["district"]}
        for field in ("one", "other"):
            assert seen.query.get(field, offered.areas[0]) in offered.areas
        assert seen.query.get("crime_type", offered.types[0]) in (*offered.types, *area.totals)
        counted = COUNTED.get(seen.page)
        assert counted is None or seen.query[counted] == ALL_RECORDS


def test_claim_links_open_their_pages_without_notice(claims: dict[str, Judged]) -> None:
    views = {(claim.evidence.seen.page, tuple(claim.evidence.seen.query.items())) for claim in claims.values()}
    visit = Visit("data")
    for page, query in sorted(views):
        visit.go(page, dict(query))
        assert not visit.at.info, (page, query)
        assert {name: visit.query[name] for name, _ in query} == dict(query)


def test_proper_outcome_is_the_recommended_one() -> None:
    question = crime_and_deprivation(STUDY_AREA, tuple(MEASURES), tuple(SCORES), 7, 356)
    assert question.presets[RECOMMENDED].outcome == PROPER


# Against the raw figures


def test_judge_of_r2_findings_agrees_with_scipy(claims: dict[str, Judged], lsoas: pd.DataFrame) -> None:
    for id_ in (id_ for id_ in claims if id_.startswith("r2-")):
        place = id_.removeprefix("r2-").capitalize()
        own = lsoas[(lsoas["district"] == place) | (place == "All")]
        r = stats.pearsonr(own["imd_score"], own["records"]).statistic
        proper = stats.pearsonr(own["imd_score"], np.log(own["records"] / own["residents"])).statistic
        evidence = claims[id_].evidence
        assert evidence.recomputed.file == f"{r**2:.6f}" == claims[id_].finding.reported.file
        assert f"which is {r:.2f} by count" in evidence.because
        assert evidence.proper.file.startswith(f"r {proper:.2f} (95% interval ")
        assert f"over {len(own):,} LSOAs" in evidence.recomputed.note


def test_judge_of_shares_of_crime_agrees_with_tables(
    claims: dict[str, Judged], lsoas: pd.DataFrame, raw: dict[str, pd.DataFrame]
) -> None:
    residents = raw["districts"].set_index("district")
    records = lsoas.groupby("district")["records"].sum() / lsoas["records"].sum()
    for id_ in (id_ for id_ in claims if id_.startswith("share-")):
        district, evidence = id_.removeprefix("share-").capitalize(), claims[id_].evidence
        census = residents["residents_2011"][district] / residents["residents_2011"].sum()
        ratio = records[district] / (residents["residents"][district] / residents["residents"].sum())
        stated = "more" if id_ in ("share-birmingham", "share-wolverhampton") else "less"
        assert evidence.reported.headline == f"{stated} than its share"
        assert evidence.recomputed.file == (
            f"yes: {records[district] * 100:.1f}% of records, {census * 100:.1f}% of residents"
        )
        assert f"{ratio:.2f} times its share" in evidence.proper.file


def test_judge_of_low_imd_interval_agrees_with_newcombe(
    claims: dict[str, Judged], lsoas: pd.DataFrame, raw: dict[str, pd.DataFrame]
) -> None:
    """Vehicle crime is there for each LSOA, so its own design effect is used, here from a weighted regression."""
    table = raw["district_crime"].pivot(index="crime_type", columns="area", values="records")
    low, all_ = table["IMD under 5"], table.drop(columns="IMD under 5").sum(axis=1)
    rest = all_ - low
    crime = raw["lsoa_crime"]
    vehicles = crime[crime["crime_type"] == "Vehicle crime"].set_index("lsoa11_code")["records"]
    lsoas = lsoas.assign(vehicles=vehicles).fillna({"vehicles": 0})
    effect = {}
    for name, own in (("low", lsoas["imd_score"] < LOW_SCORE), ("rest", lsoas["imd_score"] >= LOW_SCORE)):
        rows = lsoas[own]
        fitted = sm.WLS(rows["vehicles"] / rows["records"], np.ones(len(rows)), weights=rows["records"]).fit(
            cov_type="cluster", cov_kwds={"groups": pd.factorize(rows["msoa11_name"])[0]}
        )
        share = fitted.params.iloc[0]
        effect[name] = fitted.bse.iloc[0] ** 2 / (share * (1 - share) / rows["records"].sum())
    ends = confint_proportions_2indep(
        low["Vehicle crime"] / effect["low"],
        low.sum() / effect["low"],
        rest["Vehicle crime"] / effect["rest"],
        rest.sum() / effect["rest"],
        method="newcomb",
    )
    gap = low["Vehicle crime"] / low.sum() - rest["Vehicle crime"] / rest.sum()
    proper = claims["low-imd-vehicle"].evidence.proper.file
    assert f"+{gap * 100:.1f} percentage points, 95% interval +{ends[0] * 100:.1f} to +{ends[1] * 100:.1f}" in proper
    for id_, name in (("low-imd-damage", "Criminal damage and arson"), ("low-imd-order", "Public order")):
        shares = low[name] / low.sum() * 100, rest[name] / rest.sum() * 100
        side = "higher" if shares[0] > shares[1] else "lower"
        assert f"{side}, {shares[0]:.1f}% against {shares[1]:.1f}%" in claims[id_].evidence.recomputed.file


def test_judge_of_places_by_share_agrees_with_tables(claims: dict[str, Judged], raw: dict[str, pd.DataFrame]) -> None:
    table = raw["district_crime"][lambda rows: rows["area"] != "IMD under 5"]
    share = table["records"] / table.groupby("area")["records"].transform("sum")
    shares = table.assign(share=share).pivot(index="area", columns="crime_type", values="share")
    assert (shares.idxmax(axis=1) == VIOLENCE).all()
    order = shares[VIOLENCE].sort_values(ascending=False)
    for place, id_ in enumerate(("violence-wolverhampton", "violence-sandwell")):
        assert claims[id_].evidence.recomputed.file == order.index[place] == claims[id_].finding.text
        assert f"{(order.iloc[place] - order.iloc[place + 1]) * 100:+.1f} percentage points" in claims[id_].reason
    assert shares[BICYCLE_THEFT].idxmin() == "Dudley"
    whole = table.groupby("crime_type")["records"].sum() / table["records"].sum()
    quotient = shares.loc["Coventry", BICYCLE_THEFT] / whole[BICYCLE_THEFT]
    assert f"{quotient:.2f} times as common" in claims["bicycle-coventry"].reason
    for name in ("Vehicle crime", "Other theft", BURGLARY):
        text = f"{name}: {shares.loc['Solihull', name] / whole[name]:.2f} times"
        assert text in claims["solihull-vehicle"].evidence.proper.note
    two = raw["two_lsoas_crime"].set_index(["lsoa11_name", "crime_type"]).loc["Birmingham 138A"]
    lead = (two["share"]["Shoplifting"] - two["share"][VIOLENCE]) * two["records_total"].iloc[0]
    assert f"about {lead:.0f} of 4,707 records ahead" in claims["shoplifting-138a"].reason


def test_judge_of_single_lsoas_agrees_with_tables(claims: dict[str, Judged], lsoas: pd.DataFrame) -> None:
    for id_, district in (("max-birmingham", "Birmingham"), ("max-solihull", "Solihull")):
        own = lsoas[lsoas["district"] == district].set_index("lsoa11_name")["records"].nlargest(2)
        assert claims[id_].evidence.recomputed.file == own.index[0] == claims[id_].finding.text
        assert (
            f"{own.iloc[0]:,.0f} records against {own.iloc[1]:,.0f} in the next, {own.index[1]}" in claims[id_].reason
        )
    lowest = lsoas[lsoas["district"] == "Sandwell"].nsmallest(1, "imd_score").iloc[0]
    note = f"The lowest is {lowest['lsoa11_name']} with {lowest['imd_score']:.1f}"
    assert note in claims["sandwell-floor"].evidence.recomputed.note
    mean = lsoas.groupby("district")["imd_score"].mean()
    assert mean.idxmin() == "Solihull"
    assert f"Mean score {mean['Solihull']:.1f}, number 7 of 7" in claims["solihull-deprived"].evidence.recomputed.note


def kilometres(lsoas: pd.DataFrame, places: pd.DataFrame, kind: str) -> np.ndarray:
    """To the nearest place of `kind`, by the spherical law of cosines."""
    own = places[places["kind"] == kind]
    (north, east), (to_north, to_east) = (
        (np.radians(rows["latitude"].to_numpy()), np.radians(rows["longitude"].to_numpy())) for rows in (lsoas, own)
    )
    cosines = np.sin(north)[:, None] * np.sin(to_north) + np.cos(north)[:, None] * np.cos(to_north) * np.cos(
        east[:, None] - to_east
    )
    return np.asarray(6371.0088 * np.arccos(np.clip(cosines, -1, 1)).min(axis=1))


def test_judge_of_crime_near_places_agrees_with_tables(
    claims: dict[str, Judged], lsoas: pd.DataFrame, raw: dict[str, pd.DataFrame]
) -> None:
    apart = {kind: kilometres(lsoas, raw["places"], kind) for kind in (UNIVERSITY, HOSPITAL, CENTRE)}

    def rates(column: str, kind: str) -> list[float]:
        near = apart[kind] < 1
        return [lsoas[column][own].sum() / lsoas["residents"][own].sum() * 1000 for own in (near, ~near)]

    note = claims["centres"].evidence.recomputed.note
    for kind, text in (
        (CENTRE, "district centres"),
        (UNIVERSITY, "university campuses"),
        (HOSPITAL, "acute hospitals"),
    ):
        near, far = rates("records", kind)
        assert f"{text} {near:.0f} and {far:.0f}" in note
    near, far = rates("thefts", UNIVERSITY)
    assert f"university campuses {near:.1f} and {far:.1f}" in claims["bicycle-universities"].evidence.recomputed.note
    doublings = np.column_stack([np.log2(np.maximum(apart[kind], 0.1)) for kind in apart])
    for id_, column, bases in (
        ("centres", "records", ("residents",)),
        ("bicycle-universities", "thefts", ("residents", "records")),
    ):
        for base in bases:
            fitted = sm.GLM(
                lsoas[column], sm.add_constant(doublings), family=sm.families.Poisson(), offset=np.log(lsoas[base])
            ).fit(cov_type="cluster", cov_kwds={"groups": pd.factorize(lsoas["msoa11_name"])[0]})
            ratio = np.exp(fitted.params.iloc[1])
            per = "per resident" if base == "residents" else "per record of any crime"
            assert f"university campuses, {per}: {ratio:.2f} times" in claims[id_].evidence.proper.note


# With changed figures


def test_judge_of_correlation_printed_as_r_holds_if_clear(area: CrimeArea, verdict: Callable[..., Judged]) -> None:
    r = stats.pearsonr(area.lsoas["imd_score"], area.records()).statistic
    assert verdict("r2-all", area, value=round(r, 6)).verdict is HOLDS
    assert verdict("r2-all", area, value=-round(r, 6)).verdict is NOT
    assert verdict("r2-all", area, value=0.08).verdict is NOT
    shuffled = area.lsoas["imd_score"].sample(frac=1, random_state=3).to_numpy()
    other = replace(area, lsoas=area.lsoas.assign(imd_score=shuffled))
    r = stats.pearsonr(shuffled, area.records()).statistic
    found = verdict("r2-all", other, value=round(r, 6))
    assert found.verdict is ONLY
    assert "no clear association" in found.reason
    assert verdict("r2-all", other).verdict is NOT


def test_judge_of_district_nearly_certain_to_be_first_holds(area: CrimeArea, verdict: Callable[..., Judged]) -> None:
    own = area.lsoas["district"] == "Walsall"
    noise = np.random.default_rng(2).normal(0, 0.05, len(area.lsoas))
    expected = np.exp(4 + area.lsoas["imd_score"] / 40 + noise) * area.lsoas["residents"] / 1700
    close = area.counts.groupby("lsoa11_code")["records"].sum().rename("all").reset_index()
    target = pd.Series(expected[own].to_numpy(dtype=float), area.lsoas["lsoa11_code"][own].tolist())
    factor = close.set_index("lsoa11_code")["all"].rdiv(target).dropna()
    scaled = area.counts["records"] * area.counts["lsoa11_code"].map(factor).fillna(1)
    tied = replace(area, counts=area.counts.assign(records=scaled))
    assert verdict("strongest-district", tied).verdict is HOLDS
    by_all = verdict("strongest-district", area, Strength("strongest"), text="Dudley")
    assert by_all.verdict is ONLY
    assert "with all districts" not in by_all.reason
    found = verdict("strongest-district", area)
    assert "with all districts it is Dudley by count" in found.reason
    assert verdict("strongest-district", area, text="Solihull").verdict is NOT
    assert verdict("weakest-district", area, text="Birmingham").verdict is ONLY


def test_judge_of_outliers_removed_holds_if_numbers_exclude_them(area: CrimeArea, catalogue: Catalogue) -> None:
    rows = catalogue.read_table("crime_findings")
    kept = ~outliers(area).either
    for id_, check in ((claim.id, claim.check) for claim in CLAIMS if claim.id.startswith("r2-")):
        assert isinstance(check, Correlation)
        own = kept & ((area.lsoas["district"] == check.place) | (check.place == EVERYWHERE))
        r = stats.pearsonr(area.lsoas["imd_score"][own], area.records()[own]).statistic
        rows.loc[rows["id"] == id_, "value"] = r**2
    rows.loc[rows["id"] == "r2-sandwell", "value"] = 0.5  # has no outlier, so its number is the same without
    judged = {claim.finding.id: claim for claim in judge(WEST_MIDLANDS_CLAIMS, area, changed(catalogue, rows))}
    assert judged["outliers-removed"].verdict is HOLDS
    assert judged["r2-all"].verdict is NOT


def test_judge_of_floor_holds_if_none_is_below(area: CrimeArea, verdict: Callable[..., Judged]) -> None:
    raised = area.lsoas["imd_score"].where(area.lsoas["district"] != "Sandwell", area.lsoas["imd_score"].clip(lower=11))
    assert verdict("sandwell-floor", replace(area, lsoas=area.lsoas.assign(imd_score=raised))).verdict is HOLDS
    assert verdict("sandwell-floor", area, NoneBelow("Sandwell", 9)).verdict is HOLDS


@pytest.mark.parametrize(
    ("id_", "factor", "expected"),
    [
        ("share-wolverhampton", 2.0, HOLDS),
        ("share-wolverhampton", 0.5, NOT),
        ("share-birmingham", 0.7, NOT),
        ("share-dudley", 1.15, ONLY),
        ("share-solihull", 0.5, HOLDS),
        ("share-solihull", 2.0, NOT),
    ],
)
def test_judge_of_shares_follows_the_records(
    area: CrimeArea, verdict: Callable[..., Judged], id_: str, factor: float, expected: Verdict
) -> None:
    district = id_.removeprefix("share-").capitalize()
    found = verdict(id_, times(area, area.lsoas["district"] == district, factor))
    assert found.verdict is expected
    assert ("could still be an even share" in found.reason) == (expected is ONLY)


def test_judge_of_deprived_district_with_little_crime_holds(area: CrimeArea, verdict: Callable[..., Judged]) -> None:
    own = area.lsoas["district"] == "Solihull"
    raised = replace(area, lsoas=area.lsoas.assign(imd_score=area.lsoas["imd_score"] + 30 * own))
    assert verdict("solihull-deprived", raised).verdict is HOLDS
    assert verdict("solihull-deprived", times(raised, own, 1.5)).verdict is ONLY


def test_judge_of_highest_lsoa_needs_a_lead_beyond_chance(area: CrimeArea, verdict: Callable[..., Judged]) -> None:
    second = area.lsoas["LSOA"] == "Birmingham 135C"
    assert verdict("max-birmingham", times(area, second, 4700 / 2444)).verdict is ONLY
    assert verdict("max-birmingham", times(area, second, 2)).verdict is NOT
    assert verdict("max-birmingham", area, MostCrime("Solihull")).verdict is NOT


def test_judge_of_centres_with_crime_moved_does_not_hold(area: CrimeArea, verdict: Callable[..., Judged]) -> None:
    rng = np.random.default_rng(4)
    order = rng.permutation(len(area.lsoas))
    moved = area.lsoas.assign(**{name: area.lsoas[name].to_numpy()[order] for name in ("longitude", "latitude")})
    anywhere = replace(area, lsoas=moved)
    for id_ in ("centres", "bicycle-universities"):
        assert verdict(id_, anywhere).verdict in (NOT, ONLY)


def test_judge_of_largest_type_needs_it_in_each_district(area: CrimeArea, verdict: Callable[..., Judged]) -> None:
    vehicles = records_of(area, "Solihull", "Vehicle crime")
    even = mixed(area, "Solihull", VIOLENCE, vehicles + 10, "Other crime")
    found = verdict("violence-largest", even)
    assert found.verdict is ONLY
    assert "in Solihull" in found.reason
    assert verdict("violence-largest", mixed(area, "Solihull", VIOLENCE, vehicles - 10, "Other crime")).verdict is NOT


def test_judge_of_rank_by_share_needs_clear_difference(area: CrimeArea, verdict: Callable[..., Judged]) -> None:
    ahead = mixed(area, "Wolverhampton", VIOLENCE, 0.45 * 27_921)
    assert verdict("violence-wolverhampton", ahead).verdict is HOLDS
    behind = mixed(area, "Wolverhampton", VIOLENCE, 0.30 * 27_921)
    assert verdict("violence-wolverhampton", behind).verdict is NOT
    between = mixed(mixed(area, "Wolverhampton", VIOLENCE, 0.455 * 27_921), "Sandwell", VIOLENCE, 0.42 * 32_282)
    assert verdict("violence-sandwell", between).verdict is HOLDS
    assert verdict("violence-sandwell", ahead, Ranked(VIOLENCE, 0)).verdict is NOT
    fewer = mixed(area, "Dudley", BICYCLE_THEFT, 20)
    assert verdict("bicycle-dudley", fewer).verdict is HOLDS
    assert verdict("bicycle-dudley", mixed(area, "Dudley", BICYCLE_THEFT, 200)).verdict is NOT


def test_judge_of_more_common_type_needs_each_to_be_clear(area: CrimeArea, verdict: Callable[..., Judged]) -> None:
    assert verdict("bicycle-coventry", mixed(area, "Coventry", BICYCLE_THEFT, 300)).verdict is ONLY
    assert verdict("bicycle-coventry", mixed(area, "Coventry", BICYCLE_THEFT, 200)).verdict is NOT
    assert verdict("solihull-vehicle", mixed(area, "Solihull", BURGLARY, 0.087 * 17_856)).verdict is ONLY
    assert verdict("solihull-vehicle", mixed(area, "Solihull", BURGLARY, 0.07 * 17_856)).verdict is NOT


def test_judge_of_low_imd_shares_follows_the_records(area: CrimeArea, verdict: Callable[..., Judged]) -> None:
    assert verdict("low-imd-shoplifting", mixed(area, LOW, "Shoplifting", 420)).verdict is HOLDS
    assert verdict("low-imd-damage", mixed(area, LOW, "Criminal damage and arson", 310)).verdict is ONLY
    assert verdict("low-imd-order", mixed(area, LOW, "Public order", 60)).verdict is HOLDS
    assert verdict("low-imd-person", mixed(area, LOW, "Theft from the person", 60)).verdict is NOT
    rest = (
        records_of(area, NOT_LOW, "Vehicle crime")
        / area.compositions[area.compositions["area"] == NOT_LOW]["records"].sum()
    )
    little = mixed(area, LOW, "Vehicle crime", 3528 * rest * (MUCH + 0.1))
    found = verdict("low-imd-vehicle", little)
    assert found.verdict is ONLY
    assert "which may be less than 1.5 times" in found.reason
    assert verdict("low-imd-vehicle", mixed(area, LOW, "Vehicle crime", 3528 * rest * (MUCH - 0.1))).verdict is NOT


def test_judge_of_type_ahead_needs_more_than_chance_and_rounding(
    area: CrimeArea, verdict: Callable[..., Judged]
) -> None:
    assert verdict("shoplifting-138a", mixed(area, "Birmingham 138A", "Shoplifting", 1200)).verdict is HOLDS
    assert verdict("shoplifting-138a", mixed(area, "Birmingham 138A", "Shoplifting", 900)).verdict is NOT


def test_judge_of_place_without_figures_cannot_be_checked(catalogue: Catalogue) -> None:
    lsoas = squares()
    grid = from_street_crime(counts(lsoas), lsoas, DISTRICTS, name="Gridshire", period="2018", points=lsoas)
    judged = {claim.finding.id: claim for claim in judge(WEST_MIDLANDS_CLAIMS, grid, catalogue)}
    known = {"r2-all", "violence-largest", "low-imd-burglary"}  # what every place has figures for
    for id_, claim in judged.items():
        assert (claim.verdict is CANNOT) == (id_ not in known), (id_, claim.reason)
    assert "there are no figures of Sandwell" in judged["sandwell-floor"].reason
    assert "residents of the 2011 census" in judged["share-dudley"].reason.lower()
    assert "places" in judged["centres"].reason.lower()
    assert judged["outliers-removed"].evidence.missing == judged["r2-birmingham"].evidence.missing


def test_claim_text_has_no_number_of_a_finding() -> None:
    for claim in CLAIMS:
        text = claim.text.replace(f"under {LOW_SCORE}", "")
        assert not any(letter.isdigit() for letter in text), claim.id
    assert ShareOfCrime("Dudley", above=False).standard != Correlation(EVERYWHERE).standard
