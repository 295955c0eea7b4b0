"""Score every method walking forward: at each quarter, on the figures before it only, one to four quarters ahead.

``python -m core.build.backtest`` prints the scores and writes what is stored.
"""

import ast
import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from core.london.forecasting.ahead import HORIZON, next_forecasts
from core.london.forecasting.editions import KEPT, day_made, held_against, kept_editions, stored_editions, with_origin
from core.london.forecasting.forest import forest_scores
from core.london.forecasting.intervals import LEVELS
from core.london.forecasting.london import force_table, score_tables
from core.london.forecasting.methods import BASELINE, FOREST, METHODS, WINNER, method_named
from core.london.forecasting.scores import Floats, ForecastError, checked
from core.london.panel import MEASURES, london_panel
from core.tables.catalogue import DATA_DIR

FIRST_TARGET = "2019Q1"
ALL_MEASURES = "mean_of_measures"
# The methods whose every forecast is kept; the others are kept as scores.
STORED_METHODS = (WINNER, BASELINE, FOREST)
DECIMALS = 4
# Errors of neighbouring quarters share interviews, so quarters are drawn four in a row.
BLOCK = 4
DRAWS = 2000
SEED = 0
CODE = (
    "scores.py",
    "state_space.py",
    "simple.py",
    "forest.py",
    "intervals.py",
    "methods.py",
    "london.py",
    "ahead.py",
    "editions.py",
    "backtest.py",
)
DATA = ("survey.csv", "use_of_force.csv", "use_of_force_2024q1.csv")

Progress = Callable[[float], None]


def walk_forward(
    scores: pd.DataFrame,
    methods: Iterable[str] = tuple(METHODS),
    first_target: str = FIRST_TARGET,
    horizon: int = HORIZON,
    force: pd.DataFrame | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Forecasts of `scores` that could have been made at the time, next to what was published later.

    Parameters
    ----------
    scores
        Index of quarters, one column per borough, fractions from 0 to 1.
    methods
        Names of methods; "no change" is always among them.
    first_target
        First quarter that is forecast.
    horizon
        Quarters ahead that are forecast from each origin.
    force
        Use of force, for the forest; at each origin it is shown the quarters up to the origin.
    progress
        Called with the share of origins that is done (0 to 1).

    Returns
    -------
    DataFrame
        ``method, borough, quarter`` (as ``"2023Q4"``), ``horizon, mean, sd, actual``; only targets that were published.

    Raises
    ------
    core.london.forecasting.scores.ForecastError
        If the table cannot be used, or no quarter from `first_target` on has 12 quarters before it.
    """
    names = list(dict.fromkeys([BASELINE, *(method_named(name).name for name in methods)]))
    table = checked(scores)
    starts = [place for place, quarter in enumerate(table.quarters) if str(quarter) >= first_target]
    if not starts or starts[0] == 0:
        raise ForecastError(f"The scores have no quarter before and after {first_target}; name a later first target.")
    clean = pd.DataFrame(table.values, table.quarters, list(table.boroughs))
    parts = []
    for done, origin in enumerate(starts, start=1):
        parts += [_made_at(clean, origin, name, horizon, force) for name in names]
        if progress:
            progress(done / len(starts))
    return pd.concat(parts, ignore_index=True)


def score(forecasts: pd.DataFrame, by: Sequence[str] = ("method", "measure", "horizon")) -> pd.DataFrame:
    """How good forecasts were, in each group of `by`.

    Parameters
    ----------
    forecasts
        Rows of :func:`walk_forward` with a column ``measure``; "no change" must be among the methods.
    by
        Columns that make the groups; add ``"borough"`` or ``"quarter"`` to see where and when.

    Returns
    -------
    DataFrame
        The columns of `by`, then ``mae`` and ``rmse`` (in shares), ``skill`` (share of the mean absolute error of "no
        change" that is saved) with its 95% interval ``skill_lower``, ``skill_upper`` over quarters (circular blocks of
        four quarters, 2,000 draws; missing with fewer than eight quarters), ``coverage_80``, ``coverage_95``,
        ``interval_score_80``, ``interval_score_95`` (mean width, plus 2/alpha times what lies outside), ``forecasts``
        and ``quarters``, their numbers.
    """
    rows = _with_measures_together(_with_marks(forecasts))
    scored = [
        {**dict(zip(by, key, strict=True)), **_summary(group)} for key, group in rows.groupby(list(by), sort=False)
    ]
    return pd.DataFrame(scored)


def record(editions: pd.DataFrame, survey: pd.DataFrame, method: str = WINNER) -> pd.DataFrame:
    """How good the kept forecasts of `method` were, by edition, measure and horizon.

    Returns
    -------
    DataFrame
        ``origin, measure, horizon``, the scores of :func:`score`, and ``no_change`` (mean
        absolute error of "no change", in shares); empty until a quarter that was forecast has been published.
    """
    rows = held_against(editions[editions["method"].isin([method, BASELINE])], survey)
    if rows.empty:
        return pd.DataFrame()
    scored = score(rows, by=("origin", "method", "measure", "horizon"))
    key = ["origin", "measure", "horizon"]
    baseline = scored[scored["method"] == BASELINE].set_index(key)["mae"].rename("no_change")
    return scored[scored["method"] == method].join(baseline, on=key).reset_index(drop=True)


def back_test(
    data_dir: Path = DATA_DIR, methods: Iterable[str] = tuple(METHODS), progress: Progress | None = None
) -> pd.DataFrame:
    """:func:`walk_forward` over every measure and average of the London study, with a column ``measure``.

    Numbers have the four decimals that are stored, so that stored forecasts give the stored scores.
    """
    tables, force = score_tables(data_dir), force_table(data_dir)
    parts = []
    for done, (measure, table) in enumerate(tables.items(), start=1):
        parts.append(walk_forward(table, methods, force=force).round(DECIMALS).assign(measure=measure))
        if progress:
            progress(done / len(tables))
    return pd.concat(parts, ignore_index=True)


def as_stored(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Forecasts as they are stored: a row per measure, borough, quarter and horizon, two columns per kept method."""
    key = ["measure", "borough", "quarter", "horizon"]
    wide = forecasts[forecasts["method"].isin(STORED_METHODS)].pivot(index=[*key, "actual"], columns="method")
    columns = {name: wide["mean"][name] for name in STORED_METHODS} | {
        f"{name}_sd": wide["sd"][name] for name in STORED_METHODS
    }
    return (
        pd.DataFrame(columns)
        .round(DECIMALS)
        .reset_index()
        .round({"actual": DECIMALS})
        .sort_values(key, ignore_index=True)
    )


def from_stored(stored: pd.DataFrame) -> pd.DataFrame:
    """The rows of :func:`back_test`, for the kept methods, from what :func:`kept` made of them."""
    key = ["measure", "borough", "quarter", "horizon", "actual"]
    parts = [
        stored[[*key, name, f"{name}_sd"]].rename(columns={name: "mean", f"{name}_sd": "sd"}).assign(method=name)
        for name in STORED_METHODS
    ]
    return pd.concat(parts, ignore_index=True)


def code_version() -> str:
    """Fingerprint of what the code does that makes and scores the forecasts.

    Imports, docstrings, comments and layout do not count: a module that has moved or is better explained still makes
    the stored forecasts. The same on every version of Python.
    """
    folder = Path(__file__).parent
    return _fingerprint(_structure(ast.parse((folder / name).read_text(encoding="utf-8"))) for name in CODE)


def data_version(data_dir: Path = DATA_DIR) -> str:
    """Fingerprint of the figures that the forecasts are made from."""
    return _fingerprint((data_dir / "london" / name).read_text(encoding="utf-8") for name in DATA)


def _made_at(scores: pd.DataFrame, origin: int, name: str, horizon: int, force: pd.DataFrame | None) -> pd.DataFrame:
    """Forecasts by one method that knows the first `origin` quarters, for the quarters that are published."""
    table = checked(scores.iloc[:origin])
    known = None if force is None else force[force["quarter"] <= str(table.origin)]
    outlook = METHODS[name].outlook(table, horizon, force=known)
    targets = scores.iloc[origin : origin + horizon]
    steps = len(targets)
    frame = pd.DataFrame(
        {
            "method": name,
            "borough": np.tile(scores.columns, steps),
            "quarter": np.repeat(targets.index.astype(str), scores.shape[1]),
            "horizon": np.repeat(np.arange(1, steps + 1), scores.shape[1]),
            "mean": outlook.mean[:steps].ravel(),
            "sd": outlook.sd[:steps].ravel(),
            "actual": targets.to_numpy().ravel(),
        }
    )
    return frame.dropna(subset=["actual", "mean"])


def _with_marks(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Each forecast with its error, that of "no change", and how its intervals did."""
    key = ["measure", "borough", "quarter", "horizon"]
    baseline = forecasts[forecasts["method"] == BASELINE].set_index(key)["mean"].rename("baseline")
    rows = forecasts.join(baseline, on=key)
    error = (rows["actual"] - rows["mean"]).abs()
    marks = {"error": error, "baseline_error": (rows["actual"] - rows["baseline"]).abs()}
    for level, z in LEVELS.items():
        beyond = (error - z * rows["sd"]).clip(lower=0)
        marks[f"covered_{level}"] = (beyond == 0).astype(float)
        marks[f"interval_score_{level}"] = 2 * z * rows["sd"] + 2 / (1 - level / 100) * beyond
    return rows.assign(**marks)


def _with_measures_together(rows: pd.DataFrame) -> pd.DataFrame:
    together = rows[rows["measure"].isin(MEASURES)].assign(measure=ALL_MEASURES)
    return pd.concat([rows, together], ignore_index=True)


def _summary(group: pd.DataFrame) -> dict[str, float]:
    by_quarter = group.groupby("quarter")[["error", "baseline_error"]].sum().to_numpy()
    lower, upper = _skill_interval(by_quarter)
    return {
        "mae": group["error"].mean(),
        "rmse": float(np.sqrt((group["error"] ** 2).mean())),
        "skill": _skill(by_quarter),
        "skill_lower": lower,
        "skill_upper": upper,
        **{f"coverage_{level}": group[f"covered_{level}"].mean() for level in LEVELS},
        **{f"interval_score_{level}": group[f"interval_score_{level}"].mean() for level in LEVELS},
        "forecasts": len(group),
        "quarters": len(by_quarter),
    }


def _skill(by_quarter: Floats) -> float:
    errors, baseline = by_quarter.sum(axis=0)
    return float(1 - errors / baseline) if baseline else float("nan")


def _skill_interval(by_quarter: Floats) -> tuple[float, float]:
    """Central 95% of the skill when quarters are drawn again in blocks of four, the last followed by the first."""
    quarters = len(by_quarter)
    if quarters < 2 * BLOCK:
        return float("nan"), float("nan")
    starts = np.random.default_rng(SEED).integers(0, quarters, size=(DRAWS, -(-quarters // BLOCK)))
    drawn = (starts[:, :, None] + np.arange(BLOCK)).reshape(DRAWS, -1)[:, :quarters] % quarters
    errors, baseline = by_quarter[drawn].sum(axis=1).T
    lower, upper = np.quantile(1 - errors / baseline, [0.025, 0.975])
    return float(lower), float(upper)


def results(
    forecasts: pd.DataFrame, scores: pd.DataFrame, data_dir: Path = DATA_DIR, today: date | None = None
) -> dict[str, pd.DataFrame]:
    """Every table that is stored, by name: the back-test, what comes next, what was forecast before, and the forest."""
    stamp = {"code_version": code_version(), "data_version": data_version(data_dir)}
    kept, newest = stored_editions(data_dir / "forecasts")
    made = day_made(newest, stamp, today or date.today())
    coming = next_forecasts(data_dir).round(DECIMALS)
    stamped = scores.round(DECIMALS + 2).assign(**stamp)
    forest = forest_scores(london_panel(data_dir))
    return {
        "forecasts": as_stored(forecasts),
        "forecast_scores": stamped.sort_values(["method", "measure", "horizon"], ignore_index=True),
        "next_forecasts": coming.assign(made=made, **stamp),
        KEPT: kept_editions(kept, newest, with_origin(coming)["origin"].max()),
        "forest_scores": forest.frame().round(DECIMALS),
        "forest_importance": forest.importance.sort_values("feature", ignore_index=True).round(DECIMALS),
    }


def _structure(node: object) -> str:
    """A syntax tree as text, without positions, imports, docstrings and fields that are empty.

    ``ast.dump`` is not used because its text depends on the version of Python.
    """
    if isinstance(node, list):
        return f"[{', '.join(_structure(item) for item in node if not _is_import_or_docstring(item))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = [f"{name}={_structure(value)}" for name, value in ast.iter_fields(node) if value not in (None, [])]
    return f"{type(node).__name__}({', '.join(fields)})"


def _is_import_or_docstring(node: object) -> bool:
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    return is_text or isinstance(node, (ast.Import, ast.ImportFrom))


def _fingerprint(texts: Iterable[str]) -> str:
    return hashlib.sha256("".join(texts).encode()).hexdigest()[:12]
