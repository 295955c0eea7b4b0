"""The data of the London study for forecasters: scores as tables of quarters and boroughs, and the use of force."""

from pathlib import Path

import pandas as pd

from core.london.panel import AVERAGES, MEASURES, OUTCOMES, survey_panel
from core.tables.catalogue import DATA_DIR, Catalogue, load_catalogue

FORCE_COLUMNS = ["borough", "quarter", "records", *OUTCOMES]


def score_tables(data_dir: Path | Catalogue = DATA_DIR) -> dict[str, pd.DataFrame]:
    """Published figures of each measure and average, ready for :func:`core.london.forecasting.forecast`."""
    frame = survey_panel(data_dir).frame
    tables = {}
    for name in (*MEASURES, *AVERAGES):
        table = frame.pivot(index="quarter", columns="borough", values=name).dropna(how="all")
        tables[name] = table.set_axis(pd.PeriodIndex(table.index, freq="Q"))
    return tables


def force_table(data_dir: Path | Catalogue = DATA_DIR) -> pd.DataFrame:
    """Force records and outcomes by borough and quarter, for the forest, with the quarter after the survey's."""
    known = survey_panel(data_dir).frame[FORCE_COLUMNS].dropna()
    after = load_catalogue(data_dir).read_table("use_of_force_2024q1")[FORCE_COLUMNS]
    return pd.concat([known, after[~after["quarter"].isin(known["quarter"])]], ignore_index=True)
