"""The figures that the app relies on, as stored in ``data/``."""

import json
from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from core.london.panel import (
    ADDED_LATER,
    AVERAGES,
    CONTINUING,
    FORCE,
    MEASURES,
    OUTCOMES,
    SURVEY_MEASURES,
    TRUST_MEASURES,
    london_panel,
    london_wide,
    survey_panel,
)
from core.tables.catalogue import Catalogue
from core.tables.gaps import missing_shares
from core.tables.panel import Panel


@pytest.fixture(scope="module")
def panel() -> Panel:
    return london_panel()


@pytest.fixture(scope="module")
def survey() -> Panel:
    return survey_panel()


def test_london_panel_has_each_borough_and_quarter_once(panel: Panel) -> None:
    assert len(panel.areas) == 32
    assert (panel.periods[0], panel.periods[-1], len(panel.periods)) == ("2014Q4", "2023Q4", 37)
    assert len(panel.frame) == 32 * 37
    assert {"Westminster", "Richmond upon Thames"} < set(panel.areas)


def test_london_panel_has_864_complete_rows_with_885267_records(panel: Panel) -> None:
    both = panel.frame.dropna(subset=["records", "score_mean_of_8"])
    assert len(both) == 864
    assert both["records"].sum() == 885_267
    assert both["arrested"].sum() / both["records"].sum() == pytest.approx(0.75988, abs=5e-6)
    assert (both["quarter"].min(), both["quarter"].max()) == ("2017Q2", "2023Q4")


def test_london_panel_has_no_force_before_2017q2(panel: Panel) -> None:
    early = panel.frame["quarter"] < "2017Q2"
    assert panel.frame.loc[early, list(FORCE)].isna().all(axis=None)
    assert panel.frame.loc[~early, list(FORCE)].notna().all(axis=None)


def test_london_panel_row_of_known_borough_is_as_published(panel: Panel) -> None:
    (row,) = panel.frame.query("borough == 'Barking and Dagenham' and quarter == '2017Q2'").to_dict("records")
    assert [row[name] for name in FORCE] == [208, 165, 11, 1, 43]
    assert row["population"] == 214_017
    assert row["imd_score"] == pytest.approx(32.7682)
    assert row["quarter_end"] == pd.Timestamp(2017, 6, 30)
    assert (row["gss_code"], row["inner_outer"]) == ("E09000002", "Outer London")
    assert row["crime_per_1000"] == pytest.approx(row["recorded_crime"] / 214.017)


def test_london_panel_averages_need_all_measures(panel: Panel) -> None:
    frame = panel.frame
    assert (len(MEASURES), len(TRUST_MEASURES)) == (8, 6)
    for average, measures in AVERAGES.items():
        expected = frame[list(measures)].to_numpy().sum(axis=1) / len(measures)
        np.testing.assert_allclose(frame[average], expected)
        assert frame.loc[frame[average].notna(), "quarter"].min() == "2016Q1"


def test_london_panel_gives_the_published_slope(panel: Panel) -> None:
    both = panel.frame.dropna(subset=["records", "score_mean_of_8"])
    slope, _ = np.polyfit(np.log(both["records"]), both["score_mean_of_8"], 1)
    assert slope == pytest.approx(-0.0441, abs=5e-5)


def test_london_panel_shares_and_outcomes_are_in_range(panel: Panel) -> None:
    frame = panel.frame
    shares = frame[[*MEASURES, *AVERAGES]].to_numpy()
    assert (np.isnan(shares) | ((shares >= 0) & (shares <= 1))).all()
    for outcome in OUTCOMES:
        assert not (frame[outcome] > frame["records"]).any()


def test_london_wide_is_as_published_and_sums_its_boroughs(panel: Panel) -> None:
    london = london_wide()
    last = london.set_index("quarter", drop=False).loc["2023Q4"].to_dict()
    assert len(london) == 44
    assert london["records"].sum() == 885_267
    assert london.loc[london["quarter"] < "2017Q2", list(FORCE)].isna().all(axis=None)
    assert london["quarter"].iloc[-1] == "2025Q3"
    assert (last["quarter"], last["trust_mps"], last["good_job_local"]) == ("2023Q4", 0.69, 0.47)
    assert last["score_mean_of_8"] == pytest.approx(0.49125)
    assert last["population"] == panel.frame.query("quarter == '2023Q4'")["population"].sum()


def test_london_wide_is_near_the_mean_of_boroughs(panel: Panel) -> None:
    boroughs = panel.frame.groupby("quarter")[list(MEASURES)].mean()
    london = london_wide().set_index("quarter")[list(MEASURES)]
    differences = (london - boroughs).abs().to_numpy()
    assert np.nanmax(differences) < 0.03


def test_missing_shares_change_where_figures_begin(panel: Panel) -> None:
    missing = missing_shares(panel, ["trust_mps", "records", "good_job_local"])
    by = missing.set_index(["variable", "quarter"])["missing"]
    assert len(missing) == 3 * 37
    assert (by["trust_mps", "2015Q4"], by["trust_mps", "2016Q1"]) == (1, 0)
    assert (by["records", "2017Q1"], by["records", "2017Q2"]) == (1, 0)
    assert by["good_job_local"].max() == 0


def test_catalogue_tables_cover_32_boroughs(catalogue: Catalogue) -> None:
    for name in ("boroughs", "deprivation", "use_of_force_ages", "use_of_force_2024q1"):
        assert len(catalogue.read_table(name)) == 32
    assert catalogue.read_table("use_of_force_2024q1")["records"].sum() == 25_862 - 178 - 286
    assert catalogue.read_table("use_of_force_ages")["age_under_18_with_recovered"].sum() == 106_635
    assert catalogue.read_table("population").query("interpolated")["year"].unique().tolist() == [2023]
    assert catalogue.read_table("recorded_crime")["quarter"].agg(["min", "max"]).tolist() == ["2014Q1", "2025Q4"]
    assert catalogue.read_table("ethnicity").groupby("borough").size().eq(19).all()


def test_borough_shapes_are_small_and_have_closed_rings(catalogue: Catalogue) -> None:
    path = catalogue.path("borough_shapes")
    shapes = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert path.stat().st_size < 60_000
    assert {shape["properties"]["borough"] for shape in shapes if shape["properties"]["surveyed"]} == set(
        catalogue.read_table("boroughs")["borough"]
    )
    assert [shape["properties"]["borough"] for shape in shapes if not shape["properties"]["surveyed"]] == [
        "City of London"
    ]
    rings = [ring for shape in shapes for polygon in shape["geometry"]["coordinates"] for ring in polygon]
    assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in rings)


def test_borough_shapes_of_neighbours_share_lines(catalogue: Catalogue) -> None:
    shapes = json.loads(catalogue.path("borough_shapes").read_text(encoding="utf-8"))["features"]
    rings = [ring for shape in shapes for polygon in shape["geometry"]["coordinates"] for ring in polygon]
    lines = Counter(frozenset(map(tuple, line)) for ring in rings for line in pairwise(ring))
    assert max(lines.values()) == 2
    assert sum(count == 2 for count in lines.values()) > 0.4 * len(lines)


def test_survey_panel_is_the_london_panel_and_the_quarters_after_it(panel: Panel, survey: Panel) -> None:
    assert (survey.periods[0], survey.periods[-1], len(survey.frame)) == ("2014Q4", "2026Q1", 32 * 46)
    shared = survey.frame[survey.frame["quarter"] <= panel.periods[-1]].reset_index(drop=True)
    pd.testing.assert_frame_equal(shared[panel.frame.columns], panel.frame, check_dtype=False)
    assert survey.frame.loc[survey.frame["quarter"] > panel.periods[-1], list(FORCE)].isna().all(axis=None)


@pytest.mark.parametrize(
    ("measures", "first", "last"),
    [
        (("good_job_local", "treat_everyone_fairly"), "2014Q4", "2026Q1"),
        (("trust_mps", "score_mean_of_3"), "2016Q1", "2026Q1"),
        (("understand_issues",), "2014Q4", "2025Q1"),
        (ADDED_LATER, "2025Q2", "2025Q4"),
        (("contact_ward_officer", "informed_local", "listen_to_concerns", "relied_on_to_be_there"), "2014Q4", "2023Q4"),
        (("score_mean_of_8", "score_trust"), "2016Q1", "2023Q4"),
    ],
)
def test_survey_panel_measures_begin_and_end_as_published(
    survey: Panel, measures: tuple[str, ...], first: str, last: str
) -> None:
    for measure in measures:
        there = survey.frame.loc[survey.frame[measure].notna(), "quarter"]
        assert (there.min(), there.max()) == (first, last)
        assert there.value_counts().eq(32).all()


def test_survey_panel_averages_are_of_their_own_measures_only(survey: Panel) -> None:
    assert set(CONTINUING) < set(TRUST_MEASURES) < set(MEASURES) < set(SURVEY_MEASURES)
    ends = {name: survey.frame.loc[survey.frame[name].notna(), "quarter"].max() for name in SURVEY_MEASURES}
    for average, measures in AVERAGES.items():
        there = survey.frame[survey.frame[average].notna()]
        assert there["quarter"].max() == min(ends[measure] for measure in measures)
        np.testing.assert_allclose(there[average], there[list(measures)].to_numpy().sum(axis=1) / len(measures))


def test_survey_panel_row_after_2023_is_as_published(survey: Panel) -> None:
    (row,) = survey.frame.query("borough == 'Westminster' and quarter == '2026Q1'").to_dict("records")
    assert (row["good_job_local"], row["treat_everyone_fairly"], row["trust_mps"]) == (0.42, 0.6, 0.7)
    assert row["score_mean_of_3"] == pytest.approx((0.42 + 0.6 + 0.7) / 3)


def test_london_figures_after_2023_are_the_mean_of_boroughs_to_a_point(survey: Panel) -> None:
    """London's own figure and the plain mean of its boroughs check each other."""
    boroughs = survey.frame.groupby("quarter")[list(SURVEY_MEASURES)].mean()
    london = london_wide().set_index("quarter")[list(SURVEY_MEASURES)].loc["2024Q1":]
    differences = (london - boroughs.loc[london.index]).abs().stack().dropna()
    assert len(differences) == 3 * 7 + 5 + 2
    assert differences.max() < 0.01
