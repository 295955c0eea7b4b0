"""What the forecast page shows: one measure, one method, one quarter ahead, borough by borough."""

from dataclasses import dataclass, field, replace
from typing import Literal

import pandas as pd

from core.london.forecasting import WINNER
from core.london.forecasting.ahead import next_forecasts
from core.london.forecasting.backtest import DECIMALS, STORED_METHODS, from_stored, record
from core.london.forecasting.editions import KEPT, with_origin
from core.london.forecasting.intervals import LEVELS
from core.london.forecasting.scores import LEAST_QUARTERS
from core.london.questions import LONDON_SCORES
from core.london.survey_error import score_error
from core.stats.ranks import Ranks, own_share, ranks
from core.tables.catalogue import Catalogue

ForecastKind = Literal["survey", "forecast", "change"]
KINDS: tuple[ForecastKind, ...] = ("survey", "forecast", "change")
HORIZONS = (1, 2, 3, 4)
LIKELY = 80
SCORES = ("score_mean_of_3", *LONDON_SCORES)


@dataclass(frozen=True, slots=True)
class ForecastView:
    """Every choice of the forecast page.

    Parameters
    ----------
    measure
        Survey measure or average.
    method
        Name of the forecasting method.
    ahead
        Quarters after the last that the survey has.
    show
        What the map shows: the last survey, the forecast, or the change between them.
    """

    measure: str = "trust_mps"
    method: str = WINNER
    ahead: int = 1
    show: ForecastKind = "forecast"

    @property
    def unmapped(self) -> "ForecastView":
        """The same forecast, whatever the map shows."""
        return replace(self, show="forecast")


@dataclass(frozen=True, eq=False)
class Forecasts:
    """The stored results of the forecasters.

    Parameters
    ----------
    ahead
        Forecasts from the last quarter: ``method, measure, borough, quarter, horizon, mean, sd``.
    past
        Forecasts of the back-test: ``method, measure, borough, quarter, horizon, mean, sd, actual``.
    scores
        Scores of every method: ``method, measure, horizon, mae, skill, ...``.
    forest, importance
        The study's forest, scored both ways, and the importance of its features.
    kept
        Forecasts made from earlier quarters, as they were: as `ahead`, with ``origin`` and ``made``.
    """

    ahead: pd.DataFrame
    past: pd.DataFrame
    scores: pd.DataFrame
    forest: pd.DataFrame
    importance: pd.DataFrame
    kept: pd.DataFrame
    _parts: dict[str, "Forecasts"] = field(default_factory=dict, init=False, repr=False)

    def of(self, measure: str) -> "Forecasts":
        """The forecasts of `measure` alone, cached."""
        if measure not in self._parts:
            ahead, past, scores = (rows[rows["measure"] == measure] for rows in (self.ahead, self.past, self.scores))
            self._parts[measure] = replace(self, ahead=ahead, past=past, scores=scores)
        return self._parts[measure]


def stored_forecasts(catalogue: Catalogue) -> Forecasts:
    """The results that the back-test command stored."""
    return Forecasts(
        ahead=catalogue.read_table("next_forecasts"),
        past=from_stored(catalogue.read_table("forecasts")),
        scores=catalogue.read_table("forecast_scores"),
        forest=catalogue.read_table("forest_scores"),
        importance=catalogue.read_table("forest_importance"),
        kept=catalogue.read_table(KEPT),
    )


def target(view: ForecastView, found: Forecasts) -> str:
    """The quarter that `view` forecasts."""
    return str(_only(found.of(view.measure).ahead, view.method, view.ahead)["quarter"].iloc[0])


def forecast_scores(survey: pd.DataFrame) -> list[str]:
    """The scores that can be forecast: with a figure in the last quarter of `survey`, and enough quarters before it."""
    last = last_quarter(survey)
    there = {name: survey.loc[survey[name].notna(), "quarter"] for name in SCORES}
    return [name for name, quarters in there.items() if quarters.max() == last and quarters.nunique() >= LEAST_QUARTERS]


def kept_record(found: Forecasts, survey: pd.DataFrame) -> pd.DataFrame:
    """How good the newest kept forecasts were that the survey has since caught up with, by measure and horizon.

    Returns
    -------
    DataFrame
        As :func:`core.london.forecasting.backtest.record` gives it, of one origin, with ``made``; empty where there is
        none.
    """
    scored = record(found.kept, survey)
    if scored.empty:
        return scored
    newest: pd.DataFrame = scored[scored["origin"] == scored["origin"].max()]
    made = found.kept.drop_duplicates("origin").set_index("origin")["made"]
    return newest.assign(made=newest["origin"].map(made)).reset_index(drop=True)


def coming_quarters(measure: str, survey: pd.DataFrame) -> dict[int, str]:
    """The quarters that can be forecast, by how many they are after the last with figures of `measure`."""
    last = pd.Period(last_quarter(survey, measure), freq="Q")
    return {ahead: str(last + ahead) for ahead in HORIZONS}


def with_data_of(catalogue: Catalogue, stored: Forecasts, method: str) -> Forecasts:
    """`stored` with new forecasts of `method` from the last figures of `catalogue`; past ones and scores stay.

    The forecasts that were stored are kept with those before them, to be held against the figures of `catalogue`.
    """
    # The function accepts what the readers of tables accept, which is more than its type hint.
    ahead = next_forecasts(catalogue, [method])  # type: ignore[arg-type]
    return replace(stored, ahead=ahead, kept=pd.concat([stored.kept, with_origin(stored.ahead)], ignore_index=True))


def borough_outlook(view: ForecastView, found: Forecasts, survey: pd.DataFrame) -> pd.DataFrame:
    """Last survey, forecast, change and ranks of each borough.

    Parameters
    ----------
    survey
        Panel rows with ``borough``, ``quarter`` and the measure.

    Returns
    -------
    DataFrame
        Index ``borough``; in shares ``now``, ``mean``, ``sd``, ``low_80``, ``high_80``, ``low_95``, ``high_95``,
        ``change``; ``clear`` (no change lies outside the 80% interval); ranks, 1 for the highest, ``rank_now`` and
        ``rank`` each with ``_low`` and ``_high`` (80%), and ``gained`` places with ``gained_low``, ``gained_high``.
    """
    chosen = _only(found.of(view.measure).ahead, view.method, view.ahead).set_index("borough")[["mean", "sd"]]
    # Rounded as stored forecasts are, so that "no change" is exactly zero.
    now = last_survey(view.measure, survey).reindex(chosen.index).round(DECIMALS)
    rows = chosen.assign(now=now, change=chosen["mean"] - now)
    for level, z in LEVELS.items():
        rows[f"low_{level}"] = (rows["mean"] - z * rows["sd"]).clip(0, 1)
        rows[f"high_{level}"] = (rows["mean"] + z * rows["sd"]).clip(0, 1)
    rows["clear"] = (now < rows[f"low_{LIKELY}"]) | (now > rows[f"high_{LIKELY}"])
    before = ranks(rows["now"], score_error(rows["now"], last_quarter(survey, view.measure)))
    return rows.join(_ranked(rows, before, error_share(view, found)))


def last_quarter(survey: pd.DataFrame, measure: str = "") -> str:
    """The last quarter of the survey, or the last with figures of `measure`."""
    rows = survey[survey[measure].notna()] if measure else survey
    return str(rows["quarter"].max())


def last_survey(measure: str, survey: pd.DataFrame) -> pd.Series:
    """Each borough's last published figure of `measure`, all of one quarter."""
    there = survey[["borough", "quarter", measure]].dropna()
    last: pd.Series = there[there["quarter"] == there["quarter"].max()].set_index("borough")[measure]
    return last


def error_share(view: ForecastView, found: Forecasts) -> float:
    """Share of the variance of past errors that boroughs do not share; 1 for methods without stored forecasts."""
    if view.method not in STORED_METHODS:
        return 1.0
    past = _only(found.of(view.measure).past, view.method, view.ahead)
    errors = past.assign(error=past["actual"] - past["mean"]).pivot(index="quarter", columns="borough", values="error")
    return own_share(errors)


def score_of(view: ForecastView, found: Forecasts, method: str = "") -> pd.Series:
    """Scores of the chosen method (or of `method`) for the measure and horizon of `view`."""
    return _only(found.of(view.measure).scores, method or view.method, view.ahead).iloc[0]


def picked_borough(borough: str, rows: pd.DataFrame) -> str:
    """The `borough` picked, or that with the largest forecast change where it is empty."""
    return borough or str(rows["change"].abs().idxmax())


def _only(rows: pd.DataFrame, method: str, horizon: int) -> pd.DataFrame:
    return rows[(rows["method"] == method) & (rows["horizon"] == horizon)]


def _ranked(rows: pd.DataFrame, before: Ranks, share: float) -> pd.DataFrame:
    after = ranks(rows["mean"], rows["sd"] * share**0.5)
    gained = after.change_from(before.rank)
    return pd.DataFrame(
        {
            "rank_now": before.rank,
            "rank_now_low": before.low,
            "rank_now_high": before.high,
            "rank": after.rank,
            "rank_low": after.low,
            "rank_high": after.high,
            "gained": gained["gained"],
            "gained_low": gained["low"],
            "gained_high": gained["high"],
        }
    )
