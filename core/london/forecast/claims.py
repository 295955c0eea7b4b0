"""Checks of claims about forecasts: the study's random forest, scored as in the study and forward in time."""

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import pandas as pd

from core.claims.checks import Case
from core.claims.findings import written_number
from core.claims.verdicts import Evidence, Seen, Statement
from core.london.forecast.text import AGES_LEFT_OUT
from core.london.forecasting import BASELINE, FOREST, ForecastError, forecast
from core.london.forecasting.forest import DRAWS, features_of, forest_scores
from core.london.panel import OUTCOMES
from core.presentation.numbers import number, quoted
from core.tables.panel import POINTS, Panel
from core.tables.quarters import quarter_label

FORECAST_PAGE = "london_forecast"


@dataclass(frozen=True)
class ForestScore:
    """A score of the study's random forest.

    Parameters
    ----------
    score
        ``"r2"`` or ``"mae"``.
    """

    score: Literal["r2", "mae"]
    standard: ClassVar[str] = (
        "**A score of the random forest** is reproduced when the number reported lies among those of "
        f"{DRAWS} random draws of the test rows, since which rows the study drew is not known. It stands when the "
        "forest, fitted to earlier quarters only, predicts later ones: R-squared above 0, or an average error below "
        "that of saying that nothing changes."
    )

    def evidence(self, case: Case[Panel]) -> Evidence:
        """The forest's score on rows drawn at random, and forward in time."""
        scores = _scores(case)
        drawn, ahead = scores["random"], scores["forward"]
        lowest, highest, middle = (drawn[f"{self.score}{end}"] for end in ("_lowest", "_highest", ""))
        decimals, reported = case.finding.decimals or 0, case.finding.value
        stands, because = self._forward(ahead)
        quarters = f"the last {ahead['quarters']:.0f} quarters, each forecast from those before it"
        fed = "" if len(features_of(case.figures.frame)) > len(OUTCOMES) + 1 else f" {AGES_LEFT_OUT}"
        return Evidence(
            case.finding.reported,
            Seen(FORECAST_PAGE),
            Statement(
                f"{written_number(middle, decimals)} (draws from {written_number(lowest, decimals)} to "
                f"{written_number(highest, decimals)})",
                f"{number(middle, decimals)} ({number(lowest, decimals)} to {number(highest, decimals)})",
                f"Mean and range of {DRAWS} random draws of the test rows.{fed}",
            ),
            Statement(
                written_number(ahead[self.score], decimals),
                number(ahead[self.score], decimals),
                f"On {quarters}. {quoted('No change')} errs by {number(ahead['no_change_mae'], decimals)}.",
            ),
            repeats=reported is not None and lowest <= reported <= highest,
            stands=stands,
            because=because,
            plainly=f"it {'also predicts' if stands else 'does not predict'} later quarters",
            subject="A number like it",
        )

    def _forward(self, ahead: dict[str, float]) -> tuple[bool, str]:
        if self.score == "r2":
            template = "predicts the quarters after those it learned from {} than their average would (R-squared {})"
            better, figure = ahead["r2"] > 0, number(ahead["r2"])
        else:
            template = (
                "errs {} than saying that nothing changes, on the quarters after those it learned from ({} points)"
            )
            better = ahead["mae"] < ahead["no_change_mae"]
            errors = number(ahead["mae"] * POINTS, 1), number(ahead["no_change_mae"] * POINTS, 1)
            figure = " against ".join(errors)
        comparison = ("better", "worse") if self.score == "r2" else ("less", "more")
        return better, f"the forest {template.format(comparison[0] if better else comparison[1], figure)}"


@dataclass(frozen=True)
class ForecastMade:
    """A forecast of one quarter by the study's forest, checked once the quarter's survey is out.

    Parameters
    ----------
    outcome
        The score that was forecast.
    period
        The quarter.
    """

    outcome: str
    period: str
    standard: ClassVar[str] = (
        "**A forecast** stands when, over the boroughs, it was nearer to the survey that came out later than saying "
        "that nothing changes."
    )

    def evidence(self, case: Case[Panel]) -> Evidence:
        """The forecast of the forest and that of no change, compared with the survey."""
        scores = case.figures.frame.pivot(index="quarter", columns="borough", values=self.outcome).dropna(how="all")
        unknown = Evidence(case.finding.reported, Seen(FORECAST_PAGE))
        if self.period not in scores.index:
            label, when = quoted(case.catalogue.label(self.outcome)), quarter_label(self.period)
            return replace(unknown, missing=f"there is no {label} of {when} to hold a forecast against")
        before = scores.loc[scores.index < self.period].set_axis(
            pd.PeriodIndex(scores.index[scores.index < self.period], freq="Q")
        )
        force = case.figures.frame[["borough", "quarter", "records", *OUTCOMES]].dropna()
        try:
            errors = {
                name: _error(forecast(before, 1, name, force=force), scores.T[self.period])
                for name in (FOREST, BASELINE)
            }
        except ForecastError as error:
            return replace(unknown, missing=f"the forecast cannot be made again ({str(error).rstrip('.')})")
        forest, same = (f"{number(errors[name] * POINTS, 1)} points" for name in (FOREST, BASELINE))
        better = errors[FOREST] < errors[BASELINE]
        return replace(
            unknown,
            recomputed=Statement(f"off by {forest} on average"),
            proper=Statement(f"no change: off by {same} on average"),
            repeats=True,
            stands=better,
            because=f"it was {'nearer to' if better else 'further from'} the survey than saying that nothing changes "
            f"({forest} against {same})",
            plainly=f"it was {'nearer' if better else 'further off'} than saying that nothing changes",
        )


def _error(forecasts: pd.DataFrame, actual: pd.Series) -> float:
    """Mean absolute error of one quarter's forecasts."""
    return float((forecasts.set_index("borough")["mean"] - actual).abs().mean())


def _scores(case: Case[Panel]) -> dict[str, dict[str, float]]:
    """The forest's scores by split: as stored, or calculated where the panel has the age bands that the study used."""
    has_ages = len(features_of(case.figures.frame)) > len(OUTCOMES) + 1
    table = forest_scores(case.figures).frame() if has_ages else case.catalogue.read_table("forest_scores")
    return {str(row["split"]): row for row in table.to_dict("records")}  # type: ignore[misc]
