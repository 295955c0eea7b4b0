"""Force as others counted it: the outside check of our records, and incidents that are never joined to them."""

import pandas as pd
import pytest

from core.london.force_figures import incidents_figure, incidents_per_record, outside_check, outside_figure
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel


@pytest.fixture(scope="module")
def checked(catalogue: Catalogue) -> pd.DataFrame:
    return outside_check(catalogue.read_table("force_outside"), catalogue.read_table("use_of_force"))


def test_outside_check_has_the_counts_of_the_home_office_and_those_printed(checked: pd.DataFrame) -> None:
    found = checked.set_index(["publication", "area", "period"])[["published", "ours"]].to_records().tolist()
    assert set(found) == {
        ("Home Office", "London", "2017-18", 61_016, 61_416),
        ("Home Office", "London", "2018-19", 129_729, 130_984),
        ("Home Office", "London", "2019-20", 157_705, 158_624),
        ("First release, 2017", "London", "2017Q2", 12_605, 12_522),
        ("First release, 2017", "Westminster", "2017Q2", 965, 970),
        ("First release, 2017", "Hillingdon", "2017Q2", 445, 439),
        ("First release, 2017", "Brent", "2017Q2", 420, 418),
        ("First release, 2017", "Harrow", "2017Q2", 221, 220),
        ("Printed in October 2018", "London", "2017-18", 62_153, 61_416),
    }


def test_outside_check_of_our_records_is_within_two_per_cent(checked: pd.DataFrame) -> None:
    assert checked["difference"].abs().max() < 2


def test_outside_figure_names_the_largest_difference(catalogue: Catalogue) -> None:
    shown = outside_figure(catalogue)
    assert "All 9 counts" in shown.title
    assert "1.3" in shown.title
    assert "Hillingdon, Apr\N{EN DASH}Jun 2017" in shown.note


def test_incidents_per_record_is_over_quarters_that_both_have(catalogue: Catalogue, panel: Panel) -> None:
    incidents = catalogue.read_table("force_incidents")
    found = incidents_per_record(incidents, panel.frame)
    months = incidents["month"].between("2023-04", "2023-12")
    records = panel.frame.loc[panel.frame["quarter"].between("2023Q2", "2023Q4"), "records"].sum()
    assert found == pytest.approx(incidents.loc[months, "incidents"].sum() / records)
    assert found == pytest.approx(0.89, abs=0.005)


@pytest.mark.parametrize(("borough", "incidents"), [("", 99_951), ("Brent", 3_316)])
def test_incidents_figure_counts_the_year_of_london_or_a_borough(
    borough: str, incidents: int, panel: Panel, catalogue: Catalogue
) -> None:
    shown = incidents_figure(panel, borough, catalogue)
    assert shown.title.startswith(f"{borough or 'London'}, April 2023 to March 2024: {incidents:,} incidents")
    rows = shown.table.set_index("What")
    groups = rows.drop(index=["Taser used", "Firearm aimed"])
    assert groups["Incidents"].sum() == incidents
    assert groups["Share of incidents (%)"].sum() == pytest.approx(100)
    assert "0.89 incidents to a use-of-force record" in shown.note


def test_incidents_are_in_no_panel(panel: Panel, catalogue: Catalogue) -> None:
    """Incidents are not records: a series of both would change its meaning in the middle."""
    names = {variable.name for variable in catalogue.table("force_incidents").fields} - {"borough"}
    assert not names & set(panel.frame.columns)
    assert not names & {variable.name for role in ("force", "control") for variable in catalogue.with_role(role)}
