"""The study's random forest: the score of a borough and quarter from the force used in it.

Neither borough nor time is a feature, so it predicts what a borough-quarter with such force records tends to score.
Features as in the study: logarithm of the records, the four outcome counts, and the four age-band counts if available.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.london.forecasting.scores import Floats, ForecastError, Scores
from core.london.panel import OUTCOMES
from core.tables.panel import Panel
from core.tables.quarters import quarter_of

LOG_RECORDS = "ln_records"
AGES = ("age_under_18", "age_18_34", "age_35_49", "age_50_plus")
# The study's search: 50 to 500 trees, depth 2 to 10, three settings of the features tried at a split.
GRID: Mapping[str, tuple[Any, ...]] = {
    "n_estimators": (50, 100, 200, 500),
    "max_depth": (2, 4, 6, 8, 10),
    "max_features": ("sqrt", "log2", 1.0),
}
# The choice of that search on the figures to the end of 2023, but with 100 trees instead of 500: errors differ in the
# fourth decimal, the time by a factor of five.
SETTINGS: Mapping[str, Any] = {"n_estimators": 100, "max_depth": 10, "max_features": 1.0}
SEED = 0
TEST_SHARE = 0.2
FOLDS = 5
FORWARD_QUARTERS = 8
DRAWS = 10
REPEATS = 10

Progress = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class ForestScores:
    """The forest scored both ways.

    Parameters
    ----------
    random_r2, random_mae
        R-squared and mean absolute error on a fifth of the rows drawn at random, as in the study: other quarters of
        the same borough, which share its interviews, are in the training rows. Means over ten draws.
    random_r2_lowest, random_r2_highest, random_mae_lowest, random_mae_highest
        Lowest and highest of the ten draws.
    forward_r2, forward_mae
        The same on the last quarters, each forecast by a forest fitted to the quarters before it.
    no_change_mae
        Mean absolute error of "no change" on those same last quarters.
    settings
        Settings of the forest.
    features
        Its features.
    importance
        One row per feature: ``feature``, ``random`` and ``forward``, by how much R-squared falls when the feature's
        values are shuffled among the test rows, and ``random_sd`` and ``forward_sd`` over repeated shuffles.
    rows, forward_quarters
        Borough-quarters in all, and how many quarters were forecast.
    """

    random_r2: float
    random_mae: float
    random_r2_lowest: float
    random_r2_highest: float
    random_mae_lowest: float
    random_mae_highest: float
    forward_r2: float
    forward_mae: float
    no_change_mae: float
    settings: Mapping[str, Any]
    features: tuple[str, ...]
    importance: pd.DataFrame
    rows: int
    forward_quarters: int

    def frame(self) -> pd.DataFrame:
        """The scores as a table, a row for each way: ``split`` is ``"forward"`` or ``"random"``."""
        drawn = {
            name: {"random": getattr(self, f"random_{name}")}
            for name in ("r2", "r2_lowest", "r2_highest", "mae", "mae_lowest", "mae_highest")
        }
        drawn["r2"]["forward"], drawn["mae"]["forward"] = self.forward_r2, self.forward_mae
        ahead = {"no_change_mae": {"forward": self.no_change_mae}, "quarters": {"forward": self.forward_quarters}}
        frame = pd.DataFrame(drawn | ahead).astype({"quarters": "Int64"}).rename_axis("split")
        return frame.sort_index().reset_index().assign(rows=self.rows)


def forest_scores(
    panel: Panel,
    outcome: str = "score_mean_of_8",
    search: bool = False,
    progress: Progress | None = None,
) -> ForestScores:
    """Score the study's forest on rows drawn at random, and forward in time.

    Parameters
    ----------
    panel
        Boroughs and quarters with force records and outcomes.
    outcome
        The score that is forecast.
    search
        Whether to search the study's grid again (60 settings, five folds); otherwise its settings are used.
    progress
        Called with the share of the work that is done (0 to 1).

    Raises
    ------
    ForecastError
        If the panel has no force records, or too few quarters that have both.
    """
    report = progress or (lambda _share: None)
    rows = _complete_rows(panel, outcome)
    quarters = sorted(rows["quarter"].unique())[-FORWARD_QUARTERS:]
    early, ahead = rows[rows["quarter"] < quarters[0]], rows[rows["quarter"].isin(quarters)]
    if early.empty:
        raise ForecastError(
            f"{rows['quarter'].nunique()} quarters have both force records and {outcome}; scoring the forest forward "
            f"in time needs more than {FORWARD_QUARTERS}."
        )
    table = _Rows(rows, features_of(rows), outcome)
    drawn = _random_fifth(len(rows), SEED)
    settings = _best_settings(table.part(~drawn), report) if search else SETTINGS
    draws = np.array([_random_scores(table, settings, SEED + draw) for draw in range(DRAWS)])
    report(0.85)
    forward_r2, forward_mae = _r2_and_mae(ahead[outcome], _forward_forecasts(table, settings, quarters))
    report(0.95)
    trained = table.part(~drawn).fitted(settings), table.part(rows["quarter"] < quarters[0]).fitted(settings)
    importance = _importance(table.features, (trained[0], table.part(drawn)), (trained[1], replace(table, frame=ahead)))
    report(1.0)
    return ForestScores(
        random_r2=float(draws[:, 0].mean()),
        random_mae=float(draws[:, 1].mean()),
        random_r2_lowest=float(draws[:, 0].min()),
        random_r2_highest=float(draws[:, 0].max()),
        random_mae_lowest=float(draws[:, 1].min()),
        random_mae_highest=float(draws[:, 1].max()),
        forward_r2=forward_r2,
        forward_mae=forward_mae,
        no_change_mae=float((ahead[outcome] - ahead["before"]).abs().mean()),
        settings=dict(settings),
        features=table.features,
        importance=importance,
        rows=len(rows),
        forward_quarters=len(quarters),
    )


def forest_path(scores: Scores, force: pd.DataFrame | None) -> Callable[[Floats, int], Floats]:
    """The forest as a forecaster of `scores`, fitted to the force and scores known at an origin.

    Parameters
    ----------
    scores
        The table that is forecast.
    force
        Columns ``borough``, ``quarter`` (such as ``"2023Q4"``), ``records``, the four outcomes, and the four age bands
        where they are known. Force of a quarter ahead is used if available, as the study did for January to March
        2024; otherwise a borough's last force is carried forward.

    Raises
    ------
    ForecastError
        If there is no such table, or no quarter with both force and scores.
    """
    if force is None:
        raise ForecastError("The forest needs the use of force; pass force= with borough, quarter, records, outcomes.")
    wide = _wide_force(force, scores)

    def path(values: Floats, horizon: int) -> Floats:
        known = np.isfinite(wide[: len(values)]).all(axis=2) & ~np.isnan(values)
        if not known.any():
            raise ForecastError("No quarter has both force records and a score; pass the force of the same quarters.")
        model = _fitted_forest(wide[: len(values)][known].tobytes(), values[known].tobytes(), wide.shape[2])
        ahead = _carried_forward(wide, len(values), horizon, bool(np.isfinite(wide[len(scores.values) :]).any()))
        flat = model.predict(ahead.reshape(-1, ahead.shape[2]))
        return np.asarray(flat, dtype=np.float64).reshape(horizon, values.shape[1])

    return path


def features_of(frame: pd.DataFrame) -> tuple[str, ...]:
    """Features of the forest in `frame`: age bands only where all four are available."""
    ages = AGES if set(AGES) <= set(frame.columns) else ()
    return (LOG_RECORDS, *OUTCOMES, *ages)


def with_log_records(force: pd.DataFrame) -> pd.DataFrame:
    """`force` with the logarithm of its records."""
    missing = [name for name in ("borough", "quarter", "records", *OUTCOMES) if name not in force.columns]
    if missing:
        raise ForecastError(f"The table of force has no column {missing[0]}; the forest is fed records and outcomes.")
    records = force["records"].astype("float64")
    return force.assign(**{LOG_RECORDS: np.log(records.where(records > 0))})


def _wide_force(force: pd.DataFrame, scores: Scores) -> Floats:
    """Features by quarter and borough, with up to a year after the scores: (quarters, boroughs, features)."""
    rows = with_log_records(force)
    repeated = rows[rows.duplicated(["borough", "quarter"])]
    if len(repeated):
        raise ForecastError(
            f"The force of {repeated['borough'].iloc[0]} in {repeated['quarter'].iloc[0]} is there more than once; "
            "keep one row for each borough and quarter."
        )
    quarters = [quarter_of(period.start_time) for period in scores.quarters]
    later = sorted(set(rows["quarter"]) - set(quarters) - {name for name in rows["quarter"] if name < quarters[-1]})
    columns = list(features_of(rows))
    index = pd.MultiIndex.from_product([[*quarters, *later], scores.boroughs], names=["quarter", "borough"])
    filled = rows.set_index(["quarter", "borough"])[columns].astype("float64").reindex(index)
    return filled.to_numpy().reshape(len(quarters) + len(later), len(scores.boroughs), len(columns))


def _carried_forward(wide: Floats, origin: int, horizon: int, ahead_known: bool) -> Floats:
    """Features of the quarters after `origin`, the last known ones carried forward: (horizon, boroughs, features)."""
    last = wide[:origin]
    rows = []
    for step in range(horizon):
        row = origin + step
        if ahead_known and row < len(wide):
            last = wide[: row + 1]
        rows.append(_last_known(last))
    return np.array(rows)


def _last_known(wide: Floats) -> Floats:
    known = np.isfinite(wide)
    position = len(wide) - 1 - np.argmax(known[::-1], axis=0)
    latest: Floats = np.take_along_axis(wide, position[None], axis=0)[0]
    typical = np.nanmean(np.where(known, wide, np.nan), axis=(0, 1))
    return np.where(np.isfinite(latest), latest, typical)


def _complete_rows(panel: Panel, outcome: str) -> pd.DataFrame:
    frame = with_log_records(panel.frame)
    if outcome not in frame.columns:
        raise ForecastError(f"The panel has no score {outcome!r}; name one of its measures or averages.")
    frame = frame.assign(before=panel.values(outcome, lag=1))
    needed = [*features_of(frame), outcome]
    return frame.dropna(subset=needed).sort_values(["quarter", "borough"], ignore_index=True)


def _forest(settings: Mapping[str, Any]) -> Any:
    from sklearn.ensemble import RandomForestRegressor

    return RandomForestRegressor(**settings, random_state=SEED, n_jobs=1)


@lru_cache(maxsize=6)
def _fitted_forest(features: bytes, scores: bytes, width: int) -> Any:
    """A fitted forest, cached because the intervals of later origins need it again."""
    return _forest(SETTINGS).fit(np.frombuffer(features).reshape(-1, width), np.frombuffer(scores))


@dataclass(frozen=True, eq=False)
class _Rows:
    """Borough-quarters with the names of the features and of the score to predict."""

    frame: pd.DataFrame
    features: tuple[str, ...]
    outcome: str

    @property
    def inputs(self) -> pd.DataFrame:
        return self.frame[list(self.features)]

    @property
    def scores(self) -> pd.Series:
        return self.frame[self.outcome]

    def part(self, chosen: Any) -> "_Rows":
        return replace(self, frame=self.frame[chosen])

    def fitted(self, settings: Mapping[str, Any]) -> Any:
        return _forest(settings).fit(self.inputs, self.scores)


def _random_fifth(rows: int, seed: int) -> NDArray[np.bool_]:
    """A fifth of the rows, drawn at random."""
    chosen: NDArray[np.bool_] = np.random.default_rng(seed).permutation(rows) < TEST_SHARE * rows
    return chosen


def _random_scores(table: _Rows, settings: Mapping[str, Any], seed: int) -> tuple[float, float]:
    drawn = _random_fifth(len(table.frame), seed)
    test = table.part(drawn)
    return _r2_and_mae(test.scores, table.part(~drawn).fitted(settings).predict(test.inputs))


def _forward_forecasts(table: _Rows, settings: Mapping[str, Any], quarters: list[str]) -> Floats:
    """Forecasts of `quarters` one after another, each from the force of the quarter and a forest fitted before it."""
    forecasts = []
    for quarter in quarters:
        model = table.part(table.frame["quarter"] < quarter).fitted(settings)
        forecasts.append(model.predict(table.part(table.frame["quarter"] == quarter).inputs))
    return np.concatenate(forecasts)


def _r2_and_mae(actual: pd.Series, forecasts: Floats) -> tuple[float, float]:
    """R-squared and mean absolute error."""
    errors = actual.to_numpy() - forecasts
    return float(1 - (errors**2).mean() / actual.var(ddof=0)), float(np.abs(errors).mean())


def _importance(features: tuple[str, ...], *tried: tuple[Any, _Rows]) -> pd.DataFrame:
    """Permutation importance: the fall of R-squared, in the first of `tried` at random, in the second forward."""
    from sklearn.inspection import permutation_importance

    table = pd.DataFrame({"feature": features})
    for name, (model, test) in zip(("random", "forward"), tried, strict=True):
        shuffled = permutation_importance(
            model, test.inputs, test.scores, n_repeats=REPEATS, random_state=SEED, n_jobs=1
        )
        table[name], table[f"{name}_sd"] = shuffled.importances_mean, shuffled.importances_std
    return table.sort_values("random", ascending=False, ignore_index=True)


def _best_settings(table: _Rows, report: Progress) -> Mapping[str, Any]:
    """The settings of the study's grid with the best R-squared over five random folds."""
    from sklearn.model_selection import KFold, cross_val_score

    folds = KFold(FOLDS, shuffle=True, random_state=SEED)
    choices = [dict(zip(GRID, values, strict=True)) for values in product(*GRID.values())]
    best, best_r2 = SETTINGS, -np.inf
    for done, settings in enumerate(choices, start=1):
        r2 = cross_val_score(_forest(settings), table.inputs, table.scores, cv=folds, scoring="r2").mean()
        if r2 > best_r2:
            best, best_r2 = settings, r2
        report(0.75 * done / len(choices))
    return best
