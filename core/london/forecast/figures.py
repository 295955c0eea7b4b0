"""Forecasts as figures: boroughs with their ranks, one borough's fan, the back-test."""

import pandas as pd

from core.london.forecast.text import RANKS_NOTE, quarters_ahead, survey_margin
from core.london.forecast.view import LIKELY, Forecasts, ForecastView
from core.london.forecasting import BASELINE, METHODS, WINNER
from core.london.forecasting.backtest import ALL_MEASURES, STORED_METHODS, score
from core.london.forecasting.intervals import LEVELS
from core.london.panel import AVERAGES, MEASURES
from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.numbers import YES_NO, lower_first, number, quoted, signed
from core.tables.catalogue import Catalogue
from core.tables.panel import POINTS, Panel
from core.tables.quarters import quarter_end, quarter_label

SURVEYED = "Last survey"
TOGETHER = "All measures together"


def boroughs_figure(
    rows: pd.DataFrame, view: ForecastView, picked: str, last: str, coming: str, catalogue: Catalogue
) -> Figure:
    """Every borough's forecast and rank with 80% intervals and the last survey, from the highest score down.

    `last` and `coming` are the quarters of the survey and of the forecast.
    """
    surveyed, when = quarter_label(last), quarter_label(coming)
    rows = rows.sort_values(["mean", "now"], ascending=False)
    first, lowest = rows.iloc[0], rows.iloc[-1]
    label = catalogue.label(view.measure)
    scores = pd.DataFrame(
        {"value": rows["mean"], "low": rows["low_80"], "high": rows["high_80"], "before": rows["now"]}
    )
    places = pd.DataFrame(
        {"value": rows["rank"], "low": rows["rank_low"], "high": rows["rank_high"], "before": rows["rank_now"]}
    )
    marked = rows.index == picked
    drawn = [
        charts.ranges(table.assign(label=rows.index, highlighted=marked).reset_index(), axis, SURVEYED, ".0f", extent)
        for table, axis, extent in (
            (scores * POINTS, f"{label}, forecast for {when} (% of residents asked)", None),
            (places, "Rank among the boroughs, 1 for the highest score", (1, len(rows))),
        )
    ]
    return Figure(
        name="forecast_ranks",
        title=(
            f"{when}: {first.name} is forecast highest, rank {_places(first)}; {lowest.name} lowest, rank "
            f"{_places(lowest)}"
        ),
        charts=tuple(drawn),
        alt=(
            f"Two charts with a row for each borough: {lower_first(label)} forecast for {when} and rank, each with its "
            f"{LIKELY}% interval and a tick for the last survey. {first.name} is highest, {lowest.name} lowest."
        ),
        table=outlook_table(rows),
        note=(
            f"Dots are forecasts, bars {LIKELY}% intervals, orange marks the survey of {surveyed}. {RANKS_NOTE} "
            f"{survey_margin(float(rows['mean'].mean()), coming)}"
        ),
        side_by_side=True,
    )


def _places(row: pd.Series) -> str:
    return f"{row['rank']:.0f} ({LIKELY}% interval {row['rank_low']:.0f} to {row['rank_high']:.0f})"


def outlook_table(rows: pd.DataFrame) -> pd.DataFrame:
    """The forecast for each borough, under readable names; scores in per cent of residents asked."""
    shares = {
        f"{SURVEYED} (%)": "now",
        "Forecast (%)": "mean",
        "80% interval from (%)": "low_80",
        "80% interval to (%)": "high_80",
        "95% interval from (%)": "low_95",
        "95% interval to (%)": "high_95",
        "Change (points)": "change",
    }
    places = {
        "Rank, last survey": "rank_now",
        "80% interval of the last rank from": "rank_now_low",
        "80% interval of the last rank to": "rank_now_high",
        "Rank, forecast": "rank",
        "80% interval of the rank from": "rank_low",
        "80% interval of the rank to": "rank_high",
        "Places gained": "gained",
        "80% interval of the gain from": "gained_low",
        "80% interval of the gain to": "gained_high",
    }
    return pd.DataFrame(
        {
            "Borough": rows.index,
            **{name: (rows[column] * POINTS).to_numpy() for name, column in shares.items()},
            "No change outside 80% interval": rows["clear"].map(YES_NO).to_numpy(),
            **{name: rows[column].to_numpy() for name, column in places.items()},
        }
    )


def fan_figure(panel: Panel, found: Forecasts, view: ForecastView, borough: str, catalogue: Catalogue) -> Figure:
    """The history of one borough with the forecasts of the next year, and earlier forecasts."""
    survey = panel.frame
    of_borough = survey[(survey["borough"] == borough) & survey[view.measure].notna()]
    known = _dated(of_borough["quarter"], of_borough[view.measure])
    ahead = _fan_rows(found, view, borough, known)
    earlier = _earlier(found, view, borough)
    end = ahead.iloc[view.ahead]
    label = catalogue.label(view.measure)
    rings = f", rings what was forecast {quarters_ahead(view.ahead)} at the time" if len(earlier) else ""
    return Figure(
        name="forecast_fan",
        title=(
            f"{borough}: {number(known['value'].iloc[-1], 0)}% in {known['quarter_label'].iloc[-1]}, forecast "
            f"{number(end['value'], 0)}% for {end['quarter_label']} ({LIKELY}% range from "
            f"{number(end['low_80'], 0)}% to {number(end['high_80'], 0)}%)"
        ),
        charts=(charts.fan(known, ahead, earlier, f"{label} in {borough} (% of residents asked)"),),
        alt=f"Line of {lower_first(label)} in {borough} by quarter, with forecasts that widen into the future.",
        table=_fan_table(known, ahead, earlier),
        note=(
            f"The line is the survey{rings}; the bands are the 80% and 95% ranges of the forecast. "
            f"{survey_margin(end['value'] / POINTS, str(end['quarter']))}"
        ),
    )


def _dated(quarters: pd.Series, shares: pd.Series) -> pd.DataFrame:
    rows = pd.DataFrame({"quarter": quarters, "value": shares * POINTS}).sort_values("quarter", ignore_index=True)
    ends = pd.to_datetime(rows["quarter"].map(quarter_end))  # a date even where there are no rows
    return rows.assign(quarter_end=ends, quarter_label=rows["quarter"].map(quarter_label))


def _fan_rows(found: Forecasts, view: ForecastView, borough: str, known: pd.DataFrame) -> pd.DataFrame:
    """The last known figure, without uncertainty, and the forecasts after it."""
    rows = found.of(view.measure).ahead
    rows = rows[(rows["method"] == view.method) & (rows["borough"] == borough)]
    ahead = _dated(rows["quarter"], rows["mean"])
    sds = rows.sort_values("quarter")["sd"].to_numpy() * POINTS
    for level, z in LEVELS.items():
        ahead[f"low_{level}"] = (ahead["value"] - z * sds).clip(0, POINTS)
        ahead[f"high_{level}"] = (ahead["value"] + z * sds).clip(0, POINTS)
    last = known.iloc[[-1]]
    ends = dict.fromkeys(ahead.columns.difference(known.columns), last["value"])
    return pd.concat([last.assign(**ends), ahead], ignore_index=True)


def _earlier(found: Forecasts, view: ForecastView, borough: str) -> pd.DataFrame:
    past = found.of(view.measure).past
    rows = past[(past["method"] == view.method) & (past["horizon"] == view.ahead) & (past["borough"] == borough)]
    return _dated(rows["quarter"], rows["mean"])


def _fan_table(known: pd.DataFrame, ahead: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    parts = {"survey": known, "forecast": ahead.iloc[1:], "forecast at the time": earlier}
    columns = {
        "what": "What",
        "quarter": "Quarter",
        "quarter_label": "Months",
        "value": "% of residents asked",
        **{f"{end}_{level}": f"{level}% interval {word} (%)" for level in LEVELS for end, word in ENDS.items()},
    }
    rows = pd.concat([rows.assign(what=what) for what, rows in parts.items()], ignore_index=True)
    return rows[list(columns)].rename(columns=columns)


ENDS = {"low": "from", "high": "to"}


def skill_figure(found: Forecasts, view: ForecastView, catalogue: Catalogue) -> Figure:
    """Skill of every method against no change, for the measure and horizon of `view`, the best first."""
    scores = found.scores
    rows = scores[(scores["measure"] == view.measure) & (scores["horizon"] == view.ahead)]
    rows = rows.sort_values("skill", ascending=False, ignore_index=True)
    others = rows[rows["method"] != BASELINE]
    drawn = pd.DataFrame(
        {
            "label": others["method"].map(lambda name: METHODS[name].label),
            "points": others["skill"] * POINTS,
            "low": others["skill_lower"] * POINTS,
            "high": others["skill_upper"] * POINTS,
            "highlighted": others["method"] == view.method,
        }
    )
    best, better = drawn.iloc[0], int((drawn["low"] > 0).sum())
    count = "Only one method does" if better == 1 else f"{better} methods do" if better else "No method does"
    return Figure(
        name="forecast_skill",
        title=(
            f"{count} clearly better than {quoted('no change')} {quarters_ahead(view.ahead)}; best is "
            f"{quoted(best['label'])} with {signed(best['points'], 0)}%"
        ),
        charts=(charts.estimates(drawn, f"Errors less than those of {quoted('no change')} (%)", unit="%"),),
        alt=(
            f"Skill of {len(drawn)} methods against no change for {lower_first(catalogue.label(view.measure))}: "
            + "; ".join(drawn["label"] + " " + drawn["points"].map(lambda value: f"{signed(value, 0)}%"))
            + "."
        ),
        table=scores_table(rows),
        note=f"Dots are skills, bars 95% intervals over quarters; the dashed line is {quoted('no change')}.",
    )


def scores_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Scores under readable names; errors in points, shares in per cent."""
    columns = {
        "mae": "Mean absolute error (points)",
        "rmse": "Root mean square error (points)",
        "skill": "Skill (%)",
        "skill_lower": "its 95% interval from (%)",
        "skill_upper": "its 95% interval to (%)",
        "coverage_80": "80% intervals that held (%)",
        "coverage_95": "95% intervals that held (%)",
        "interval_score_80": "Interval score, 80% (points)",
        "interval_score_95": "Interval score, 95% (points)",
    }
    named = {title: (rows[name] * POINTS).to_numpy() for name, title in columns.items()}
    return pd.DataFrame(
        {
            "Method": [METHODS[name].label for name in rows["method"]],
            "Quarters ahead": rows["horizon"].to_numpy(),
            **named,
            "Forecasts": rows["forecasts"].to_numpy(),
            "Quarters scored": rows["quarters"].to_numpy(),
        }
    )


def every_score(found: Forecasts, catalogue: Catalogue) -> pd.DataFrame:
    """Scores of every method on every measure, for a file."""
    names = found.scores["measure"].map(lambda name: TOGETHER if name == ALL_MEASURES else catalogue.label(name))
    table = scores_table(found.scores)
    table.insert(0, "Score", names.to_numpy())
    return table


def errors_figure(found: Forecasts, measure: str, ahead: int, catalogue: Catalogue) -> Figure:
    """Mean absolute error by quarter, `ahead` quarters ahead, of the recommended method, no change and the forest."""
    past = found.of(measure).past
    rows = past[past["horizon"] == ahead]
    rows = rows.assign(error=(rows["actual"] - rows["mean"]).abs() * POINTS)
    by_quarter = rows.groupby(["method", "quarter"])["error"].mean().unstack("method")[list(STORED_METHODS)]
    won = int((by_quarter[WINNER] < by_quarter[BASELINE]).sum())
    axis = f"Mean absolute error, {quarters_ahead(ahead)} (points)"
    drawn = by_quarter.rename(columns=lambda name: METHODS[name].label).melt(ignore_index=False, var_name="line")
    drawn = drawn.reset_index().assign(
        quarter_end=lambda frame: frame["quarter"].map(quarter_end),
        quarter_label=lambda frame: frame["quarter"].map(quarter_label),
    )
    return Figure(
        name="forecast_errors",
        title=(
            f"The {lower_first(METHODS[WINNER].label)} was nearer than {quoted('no change')} in {won} of "
            f"{len(by_quarter)} quarters"
        ),
        charts=(charts.named_lines(drawn, "value", axis, ".1f"),),
        alt=(
            f"Mean absolute error over the boroughs by quarter, {lower_first(catalogue.label(measure))}: "
            + "; ".join(f"{METHODS[name].label} {number(by_quarter[name].mean(), 1)} points" for name in STORED_METHODS)
            + "."
        ),
        table=drawn[["quarter", "quarter_label", "line", "value"]].rename(
            columns={
                "quarter": "Quarter",
                "quarter_label": "Months",
                "line": "Method",
                "value": "Mean absolute error (points)",
            }
        ),
        note="Each error is that of forecasts for the quarter, made from what was known the chosen time before.",
    )


def scores_by(found: Forecasts, view: ForecastView, part: str) -> pd.DataFrame:
    """Scores of the stored methods for the measure and horizon of `view`, for each ``borough`` or ``quarter``."""
    past = found.of(view.measure).past
    rows = past[past["horizon"] == view.ahead]
    scored = score(rows, by=("method", "measure", part, "horizon"))
    scored = scored[scored["measure"] == view.measure]
    table = scores_table(scored)
    table.insert(0, part.capitalize(), scored[part].to_numpy())
    return table.sort_values([part.capitalize(), "Method"], ignore_index=True).dropna(axis="columns", how="all")


def every_measure_table(
    found: Forecasts, view: ForecastView, survey: pd.DataFrame, catalogue: Catalogue
) -> pd.DataFrame:
    """Each score that is forecast: the boroughs' average now and forecast, their range, and how good the method is."""
    chosen = found.ahead[(found.ahead["method"] == view.method) & (found.ahead["horizon"] == view.ahead)]
    scores = found.scores[(found.scores["method"] == view.method) & (found.scores["horizon"] == view.ahead)]
    names = [name for name in (*AVERAGES, *MEASURES) if name in set(chosen["measure"])]
    by_quarter = survey.groupby("quarter")[names].mean()
    means, scored = chosen.groupby("measure")["mean"], scores.set_index("measure")
    columns = {
        f"{SURVEYED} (%)": by_quarter.iloc[-1],
        "Forecast (%)": means.mean(),
        "Lowest (%)": means.min(),
        "Highest (%)": means.max(),
        "Typical error (points)": scored["mae"],
        "Skill (%)": scored["skill"],
    }
    table = pd.DataFrame(columns).loc[names] * POINTS
    table.insert(0, "Score", [catalogue.label(name) for name in names])
    return table


def every_forecast(found: Forecasts, method: str, catalogue: Catalogue) -> pd.DataFrame:
    """Every forecast of `method` with its intervals, for a file; in shares."""
    rows = found.ahead[found.ahead["method"] == method]
    intervals = {}
    for level, z in LEVELS.items():
        intervals[f"lower_{level}"] = (rows["mean"] - z * rows["sd"]).clip(0, 1)
        intervals[f"upper_{level}"] = (rows["mean"] + z * rows["sd"]).clip(0, 1)
    return rows.assign(label=rows["measure"].map(catalogue.label), **intervals)[
        ["measure", "label", "borough", "quarter", "horizon", "mean", *intervals, "method"]
    ]
