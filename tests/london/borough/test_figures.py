"""The figures of a borough: findings, rows and tooltips."""

import json
import re

import pandas as pd
import pytest

from core.london.borough import figures
from core.london.borough.analysis import crime_rates, force_rates, standing
from core.london.forecast.view import Forecasts
from core.presentation.charts import Figure, with_theme
from core.sources.london.boroughs import LONDON
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel


def tooltips(item: Figure) -> list[dict[str, str]]:
    """Every entry of every tooltip of the charts."""
    drawn = json.dumps([with_theme(chart, dark=False) for chart in item.charts])
    found = re.findall(r'"tooltip": (\[.*?\])', drawn)
    return [entry for part in found for entry in json.loads(part)]


@pytest.mark.parametrize("borough", ["Lewisham", "Kensington and Chelsea", "Barking and Dagenham"])
def test_trust_figure_states_its_last_figure_and_labels_tooltips(
    borough: str, panel: Panel, london_wide: pd.DataFrame, forecasts: Forecasts, catalogue: Catalogue
) -> None:
    item = figures.trust_figure(panel, london_wide, forecasts, borough, catalogue)
    now = standing(panel, borough)
    assert item.title.startswith(f"{borough}: {now.value:.0f}% trust the Met")
    known = set(london_wide.loc[london_wide[now.measure].notna(), "quarter"])
    assert set(item.table["Where"]) == {borough, LONDON if now.quarter in known else figures.AVERAGE}
    assert set(item.table["What"]) == {"survey", "forecast"}
    assert all("title" in entry for entry in tooltips(item))


def test_trust_figure_finding_agrees_with_london(
    panel: Panel, london_wide: pd.DataFrame, forecasts: Forecasts, catalogue: Catalogue
) -> None:
    for borough in panel.areas:
        now = standing(panel, borough)
        rows = figures.trust_rows(panel, london_wide, forecasts, now)
        london = rows[(rows["line"] == LONDON) & (rows["quarter"] == now.quarter)]["value"]
        last = panel.frame[panel.frame["quarter"] == now.quarter][now.measure]
        other = london.iloc[0] if len(london) else last.mean() * 100
        (drawn,) = rows[(rows["line"] != borough) & (rows["quarter"] == now.quarter)]["value"]
        assert drawn == pytest.approx(other), "what the title compares with is the line that is drawn"
        title = figures.trust_figure(panel, london_wide, forecasts, borough, catalogue).title
        word = re.search(r"(above|below|close to) (London's|the boroughs' average of)", title)
        assert word is not None
        assert title.endswith(f" {other:.0f}%")
        assert (word[2] == "London's") == bool(len(london))
        assert (word[1] == "above") == (now.value - other > now.margin)
        assert (word[1] == "below") == (other - now.value > now.margin)


def test_trust_figure_without_a_forecast_has_the_survey_alone(
    panel: Panel, london_wide: pd.DataFrame, forecasts: Forecasts
) -> None:
    early = Panel(panel.frame[panel.frame["quarter"] <= "2022Q4"])
    rows = figures.trust_rows(early, london_wide, forecasts, standing(early, "Lewisham"))
    assert set(rows["kind"]) == {"known"}


def test_rate_figure_finding_agrees_with_its_table(panel: Panel, catalogue: Catalogue) -> None:
    for table, what in ((force_rates(panel), "Use of force"), (crime_rates(catalogue), "Recorded crime")):
        item = figures.rate_figure(table, "Brent", "borough_force", what, "")
        found = re.search(r": ([\d.]+) per 1,000 .*London's ([\d.]+)", item.title)
        assert found is not None
        last, london = map(float, found.groups())
        assert last == pytest.approx(table["Brent"].iloc[-1], abs=0.51)
        assert london == pytest.approx(table[LONDON].iloc[-1], abs=0.51)
        assert ("above" in item.title) == (last > london)


def test_changes_figure_counts_what_is_beyond_chance(panel: Panel, catalogue: Catalogue) -> None:
    for borough in panel.areas:
        rows = figures.change_rows(panel, borough, catalogue)
        assert (rows["highlighted"] == ((rows["low"] > 0) | (rows["high"] < 0))).all()
        assert figures.changes_figure(panel, borough, catalogue).title.startswith(f"{borough}: ")
