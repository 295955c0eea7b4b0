"""Panels of a visitor's own, with answers that are known."""

import numpy as np
import pandas as pd

from core.tables.panel import Panel
from core.user_panel.panel import guessed_roles, panel_of
from core.user_panel.read import UserTable, read_table_file

AREAS = ["Ash", "Beech", "Cedar", "Elm", "Fir", "Gorse"]
YEARS = [str(year) for year in range(2016, 2024)]
QUARTERS = [f"{year}Q{quarter}" for year in (2021, 2022) for quarter in (1, 2, 3, 4)]
SLOPE = 2.0


def rows(periods: list[str], period: str = "Year", noise: float = 0.3) -> pd.DataFrame:
    """An outcome that goes up by ``SLOPE`` with each ``spending`` and not with ``chance``, in six regions."""
    rng = np.random.default_rng(5)
    keys = pd.MultiIndex.from_product([AREAS, periods], names=["Region", period]).to_frame(index=False)
    size = len(keys)
    frame = keys.assign(
        outcome=0.0,
        spending=rng.uniform(1, 9, size),
        chance=rng.uniform(1, 9, size),
        people=rng.integers(1000, 9000, size),
    )
    own = pd.factorize(frame["Region"])[0] * 3.0
    frame["outcome"] = SLOPE * frame["spending"] + own + rng.normal(scale=noise, size=size)
    frame.loc[3, "chance"] = np.nan
    return frame


def as_csv(frame: pd.DataFrame) -> bytes:
    """`frame` as an uploaded file."""
    return frame.to_csv(index=False).encode()


def held(frame: pd.DataFrame, name: str = "mine.csv") -> UserTable:
    """`frame` as it is read once uploaded."""
    return read_table_file(name, as_csv(frame))


def shaped(table: UserTable) -> Panel:
    """`table` as a panel of the columns that look like its keys."""
    return panel_of(table, guessed_roles(table))
