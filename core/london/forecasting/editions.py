"""Editions of forecasts: kept as they were when made, and held against whatever the survey publishes after.

An edition is the forecasts made from one last quarter of the survey, its origin, with the day and the code that made
them. The newest is what the forecast page shows; when figures of a later quarter come in, it is kept with those before
it, unchanged.
"""

from datetime import date
from pathlib import Path

import pandas as pd

KEPT = "past_forecasts"
STAMPS = ["made", "code_version", "data_version"]
KEY = ["origin", "method", "measure", "borough", "quarter", "horizon"]


def with_origin(edition: pd.DataFrame) -> pd.DataFrame:
    """Forecasts of the next quarters with the column ``origin``: the last quarter that was known, as ``"2023Q4"``."""
    quarters = pd.PeriodIndex(edition["quarter"], freq="Q") - edition["horizon"].to_numpy()
    return edition.assign(origin=quarters.astype(str))


def stored_editions(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The editions kept in `folder`, and the newest one; each empty where there is none, both with ``origin``."""
    kept, newest = (_stored(folder / f"{name}.csv") for name in (KEPT, "next_forecasts"))
    return kept, newest if newest.empty else with_origin(newest)


def kept_editions(kept: pd.DataFrame, newest: pd.DataFrame, origin: str) -> pd.DataFrame:
    """What is to be kept once there are figures to `origin`: the editions of earlier origins, as they are.

    An edition is kept once; forecasts worked out again later from the same quarters do not replace it.
    """
    passed = newest[newest["origin"] < origin] if len(newest) else newest
    if len(passed) and len(kept):
        passed = passed[~passed["origin"].isin(kept["origin"])]
    editions = pd.concat([part for part in (kept, passed) if len(part)] or [kept])
    return editions[[*KEY, "mean", "sd", *STAMPS]].sort_values(KEY, ignore_index=True) if len(editions) else editions


def day_made(newest: pd.DataFrame, versions: dict[str, str], today: date) -> str:
    """Day to stamp on forecasts: that of the stored ones where code and figures are the same, else `today`."""
    same = len(newest) and all((newest[name] == version).all() for name, version in versions.items())
    return str(newest["made"].iloc[0]) if same else today.isoformat()


def held_against(editions: pd.DataFrame, survey: pd.DataFrame) -> pd.DataFrame:
    """The forecasts of `editions` whose quarters have been published since, with the published figure ``actual``.

    Parameters
    ----------
    editions
        Rows with ``origin, method, measure, borough, quarter, horizon, mean, sd``.
    survey
        One row per borough and quarter, with a column for each measure.
    """
    measures = [name for name in editions["measure"].unique() if name in survey]
    published = survey.melt(["borough", "quarter"], measures, "measure", "actual").dropna()
    return editions.merge(published, on=["borough", "quarter", "measure"], validate="many_to_one")


def _stored(path: Path) -> pd.DataFrame:
    return pd.read_csv(path) if path.is_file() else pd.DataFrame()
