"""Peers: distances, their symmetry, and text that agrees with the figures."""

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import cdist

from core.london.evidence.peers import COLUMNS, PeerCount, peers
from core.stats.regression import UnknownArea, UnknownVariable
from core.tables.panel import Panel


def tiny(figures: dict[str, tuple[float, float, float]]) -> Panel:
    rows = [(name, f"2023Q{quarter}", *values) for name, values in figures.items() for quarter in range(1, 5)]
    return Panel(pd.DataFrame(rows, columns=["borough", "quarter", *COLUMNS]))


def test_peers_of_each_borough_are_five_others(london: Panel) -> None:
    for borough in london.areas:
        found = peers(london, borough)
        assert len(found) == 5
        assert borough not in set(found["borough"])
        assert found["distance"].is_monotonic_increasing
        assert (found["distance"] > 0).all()
        assert found["why"].str.len().gt(0).all()


def test_peers_distances_agree_with_scipy(london: Panel) -> None:
    last = london.frame[london.frame["quarter"] >= "2023Q1"].groupby("borough")[COLUMNS].mean()
    values = last.assign(crime_per_1000=np.log(last["crime_per_1000"]), population=np.log(last["population"]))
    matrix = cdist(values, values, "seuclidean", V=values.var().to_numpy())
    expected = pd.DataFrame(matrix, values.index, values.index)
    for borough in ("Camden", "Westminster", "Sutton"):
        found = peers(london, borough, 31).set_index("borough")["distance"]
        np.testing.assert_allclose(found, expected[borough].loc[found.index])


def test_peers_distance_is_symmetric(london: Panel) -> None:
    there = peers(london, "Camden", 31).set_index("borough").loc["Islington"]
    back = peers(london, "Islington", 31).set_index("borough").loc["Camden"]
    assert there["distance"] == pytest.approx(back["distance"])
    for column in COLUMNS:
        assert there[f"{column}_difference"] == pytest.approx(-back[f"{column}_difference"])
    squares = sum(there[f"{column}_difference"] ** 2 for column in COLUMNS)
    assert there["distance"] == pytest.approx(np.sqrt(squares))


def test_peers_figures_are_means_of_latest_four_quarters(london: Panel) -> None:
    found = peers(london, "Camden").set_index("borough")
    year = london.frame.query("borough == 'Islington' and quarter >= '2023Q1'")
    for column in COLUMNS:
        assert found.loc["Islington", column] == pytest.approx(year[column].mean())
    gone = london.frame.copy()
    gone.loc[gone["quarter"] == "2023Q4", "crime_per_1000"] = np.nan
    year = gone.query("borough == 'Islington' and '2022Q4' <= quarter <= '2023Q3'")
    found = peers(Panel(gone), "Camden").set_index("borough")
    assert found.loc["Islington", "crime_per_1000"] == pytest.approx(year["crime_per_1000"].mean())


def test_peers_reason_names_similarities_and_largest_difference() -> None:
    panel = tiny(
        {
            "Own": (22.5, 25, 300_000),
            "Twin": (23.0, 25.5, 310_000),
            "Small": (22.6, 26, 150_000),
            "Calm": (22.4, 12, 290_000),
            "Other": (40, 80, 900_000),
        }
    )
    why = peers(panel, "Own", 4).set_index("borough")["why"]
    assert why["Twin"] == "deprivation 22.5 and 23.0, crime 25 and 26 per 1,000, 300,000 and 310,000 residents"
    assert why["Small"] == "deprivation 22.5 and 22.6, crime 25 and 26 per 1,000; fewer residents"
    assert why["Calm"] == "deprivation 22.5 and 22.4, 300,000 and 290,000 residents; less crime"
    assert why["Other"] == "no figure is close; above all more deprived"
    assert peers(panel, "Own", 1)["borough"].to_list() == ["Twin"]


def test_peers_compare_residents_by_ratio() -> None:
    panel = tiny({"Own": (20, 20, 200_000), "Half": (20.1, 20, 100_000), "Double": (20.2, 20.1, 400_000)})
    found = peers(panel, "Own", 2).set_index("borough")["population_difference"]
    assert found["Half"] == pytest.approx(-found["Double"])


def test_peers_with_unknown_choice_name_it(london: Panel) -> None:
    with pytest.raises(UnknownArea, match="Atlantis"):
        peers(london, "Atlantis")
    for count in (0, 32):
        with pytest.raises(PeerCount, match="choose from 1 to 31"):
            peers(london, "Camden", count)
    with pytest.raises(UnknownVariable, match="crime_per_1000"):
        peers(Panel(london.frame.drop(columns="crime_per_1000")), "Camden")
    unknown = london.frame.assign(imd_score=london.frame["imd_score"].where(london.frame["borough"] != "Barnet"))
    with pytest.raises(UnknownArea, match="no figures to compare for the borough Barnet"):
        peers(Panel(unknown), "Barnet")
