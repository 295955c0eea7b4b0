"""The forecast record: forecasts that were kept, next to what the survey found later, as a figure and in sentences."""

import pandas as pd

from core.london.forecast.figures import TOGETHER
from core.london.forecast.view import LIKELY, Forecasts
from core.london.forecasting import BASELINE, METHODS, WINNER
from core.london.forecasting.backtest import ALL_MEASURES, score
from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.numbers import lower_first, number, number_word, quoted
from core.tables.catalogue import Catalogue
from core.tables.panel import POINTS
from core.tables.quarters import quarter_end, quarter_label

KEPT_UNCHANGED = (
    "Forecasts are kept as they were made, with the day and the version of the code that made them, and every new "
    "edition of the survey scores them."
)
NOTHING_YET = "No quarter that was forecast has been published yet."


def record_figure(rows: pd.DataFrame, catalogue: Catalogue) -> Figure:
    """The error of kept forecasts by quarter, and that of no change.

    Parameters
    ----------
    rows
        As :func:`core.london.forecast.view.kept_record` returns it.
    """
    whole = rows[rows["measure"] == ALL_MEASURES].sort_values("horizon")
    origin, near, far = str(whole["origin"].iloc[0]), whole.iloc[0], whole.iloc[-1]
    quarters = [str(pd.Period(origin, freq="Q") + int(ahead)) for ahead in whole["horizon"]]
    lines = {METHODS[WINNER].label: "mae", METHODS[BASELINE].label: "no_change"}
    drawn = pd.concat(
        pd.DataFrame({"line": line, "quarter": quarters, "value": (whole[column] * POINTS).to_numpy()})
        for line, column in lines.items()
    ).assign(
        quarter_end=lambda frame: frame["quarter"].map(quarter_end),
        quarter_label=lambda frame: frame["quarter"].map(quarter_label),
    )
    return Figure(
        name="forecast_record",
        title=(
            f"Made from {quarter_label(origin)}: off by {_points(near['mae'])} one quarter later and "
            f"{_points(far['mae'])} after {number_word(int(far['horizon']))}; {quoted('no change')} by "
            f"{_points(near['no_change'])} and {_points(far['no_change'])}"
        ),
        charts=(charts.named_lines(drawn, "value", "Mean absolute error over measures and boroughs (points)", ".1f"),),
        alt=(
            f"Mean absolute error by quarter of the forecasts made from {quarter_label(origin)}, and of no change: "
            + "; ".join(f"{name} {', '.join(map(_points, whole[column]))}" for name, column in lines.items())
            + "."
        ),
        table=record_table(rows, catalogue),
        note=f"Worked out on {near['made']} from figures to {quarter_label(origin)} alone, and not changed since.",
    )


def record_table(rows: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """The scores of kept forecasts by measure and horizon; errors in points, shares in per cent."""
    names = rows["measure"].map(lambda name: TOGETHER if name == ALL_MEASURES else catalogue.label(name))
    shares = {
        "Mean absolute error (points)": "mae",
        "That of no change (points)": "no_change",
        "80% intervals that held (%)": "coverage_80",
        "95% intervals that held (%)": "coverage_95",
    }
    return pd.DataFrame(
        {
            "Score": names.to_numpy(),
            "Made from": rows["origin"].map(quarter_label).to_numpy(),
            "Quarters ahead": rows["horizon"].to_numpy(),
            **{title: (rows[column] * POINTS).to_numpy() for title, column in shares.items()},
            "Forecasts": rows["forecasts"].to_numpy(),
        }
    )


def intervals_held(rows: pd.DataFrame) -> str:
    """How often the 80% intervals of the kept forecasts held the figure, by horizon, in a sentence."""
    whole = rows[rows["measure"] == ALL_MEASURES].sort_values("horizon")
    return (
        f"Their {LIKELY}% intervals held {_listed(whole['coverage_80'])} of the figures {_horizons(len(whole))} ahead."
    )


def walked_since(found: Forecasts, since: str) -> str:
    """How good the recommended method was on the quarters after `since`, fitted again at each, in two sentences."""
    scores = _walked(found.past[found.past["quarter"] > since])
    last = quarter_label(str(found.past["quarter"].max()))
    skill = float(scores["skill"].iloc[0])
    nearer = "nearer" if skill >= 0 else "further off"
    return (
        f"Walking forward from there to {last}, the {lower_first(METHODS[WINNER].label)} was "
        f"{number(abs(skill) * POINTS, 0)}% {nearer} than {quoted('no change')} one quarter ahead. "
        f"Its {LIKELY}% intervals held {_listed(scores['coverage_80'])} of the figures {_horizons(len(scores))} "
        "ahead."
    )


def intervals_over_time(found: Forecasts) -> str:
    """How often the recommended method's 80% intervals held over the whole back-test, by horizon, in a sentence."""
    scores = _walked(found.past)
    return (
        f"Over all measures and quarters since {quarter_label(str(found.past['quarter'].min()))}, the "
        f"{lower_first(METHODS[WINNER].label)}'s {LIKELY}% intervals held {_listed(scores['coverage_80'])} of "
        f"the figures {_horizons(len(scores))} ahead."
    )


def two_ways(london: pd.DataFrame, first: str, second: str, since: str, catalogue: Catalogue) -> str:
    """How two scores moved since a quarter, up to the turning point of the first and after it, in two sentences.

    Parameters
    ----------
    london
        The average of the boroughs by quarter (index), a column for each score, in shares.
    """
    path = london.loc[since:, [first, second]].dropna()
    inner = path[first].iloc[1:]
    turn, last = str((inner - path[first].iloc[0]).abs().idxmax()), str(path.index[-1])
    named = [f"{quoted(catalogue.label(name))} {_moved(path[name], since, turn)}" for name in (first, second)]
    sentence = f"From {quarter_label(since)} to {quarter_label(turn)}, {named[0]}, while {named[1]}."
    if turn == last:
        return sentence
    ends = " and ".join(f"{number(path[name].iloc[-1] * POINTS, 1)}%" for name in (first, second))
    return f"{sentence} In {quarter_label(last)} they stood at {ends} (averages of the boroughs)."


def _walked(past: pd.DataFrame) -> pd.DataFrame:
    """Scores of the recommended method over all measures together, by horizon."""
    scored = score(past[past["method"].isin([WINNER, BASELINE])])
    whole = scored[(scored["measure"] == ALL_MEASURES) & (scored["method"] == WINNER)]
    return whole.set_index("horizon").sort_index()


def _moved(path: pd.Series, since: str, until: str) -> str:
    before, after = path[since], path[until]
    word = "rose" if after > before else "fell" if after < before else "stayed"
    return f"{word} from {number(before * POINTS, 1)} to {number(after * POINTS, 1)}%"


def _listed(shares: pd.Series) -> str:
    *most, last = [number(share * POINTS, 0) for share in shares]
    return f"{', '.join(most)} and {last}%" if most else f"{last}%"


def _horizons(steps: int) -> str:
    return "one quarter" if steps == 1 else f"one to {number_word(steps)} quarters"


def _points(share: float) -> str:
    return f"{number(share * POINTS, 1)} points"
