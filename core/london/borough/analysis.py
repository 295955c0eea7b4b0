"""What is known of one borough: trust with its uncertainty, what is forecast, use of force, crime, what stands out.

Shares are in per cent, changes in percentage points, rates per 1,000 residents and 12 months.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.london.forecast.view import LIKELY, Forecasts
from core.london.forecasting import WINNER
from core.london.forecasting.intervals import LEVELS
from core.london.panel import AVERAGES, PER_RESIDENTS, TRUST
from core.london.questions import SAMPLES
from core.london.survey_error import score_change_margin, score_error, score_margin
from core.sources.london.boroughs import LONDON
from core.stats.ranks import Ranks, ranks
from core.tables.catalogue import Catalogue
from core.tables.panel import PERIODS_PER_YEAR, POINTS, Panel
from core.tables.quarters import quarter_end

BASE = "2016Q1"  # since when all measures of trust are published
SETTLED = SAMPLES["settled"].start  # when the recording of force had settled


@dataclass(frozen=True)
class BoroughView:
    """Which borough the page is about; empty for none."""

    borough: str = ""


@dataclass(frozen=True)
class SurveyChange:
    """A change of a survey figure.

    Parameters
    ----------
    since
        The quarter that it is counted from.
    before
        The figure of that quarter, in per cent.
    points
        The change since then, in percentage points.
    margin
        Half-width of its 95% interval.
    """

    since: str
    before: float
    points: float
    margin: float

    @property
    def clear(self) -> bool:
        """Whether the change is larger than chance would explain."""
        return abs(self.points) > self.margin


@dataclass(frozen=True)
class Standing:
    """A borough's last published figure of a survey measure, in per cent.

    Parameters
    ----------
    quarter
        The last quarter with a figure.
    margin
        Half-width of the 95% interval of `value`.
    rank_low, rank_high
        Ends of the 80% interval of its rank among the `boroughs`, 1 for the highest figure.
    year
        The change since a year before; none where there was no figure then.
    """

    borough: str
    measure: str
    quarter: str
    value: float
    margin: float
    rank_low: int
    rank_high: int
    boroughs: int
    year: SurveyChange | None

    @property
    def low(self) -> float:
        """Lower end of the 95% interval."""
        return max(0.0, self.value - self.margin)

    @property
    def high(self) -> float:
        """Upper end of the 95% interval."""
        return min(float(POINTS), self.value + self.margin)


@dataclass(frozen=True)
class NextFigure:
    """The forecast of the next published figure, in per cent, and how such forecasts did in this borough.

    Parameters
    ----------
    low, high
        Ends of the 80% interval.
    held, tried
        How many of the intervals of past forecasts held the figure that came.
    """

    quarter: str
    mean: float
    low: float
    high: float
    held: int
    tried: int


@dataclass(frozen=True)
class Rate:
    """A count per 1,000 residents over 12 months: in the borough, and in London as a whole.

    Parameters
    ----------
    quarter
        The quarter that the 12 months end with.
    rank
        The borough's place among all, 1 for the highest rate.
    """

    quarter: str
    value: float
    london: float
    rank: int


def scores(panel: Panel, measure: str) -> pd.DataFrame:
    """The figures of `measure`: a row for each quarter that has any, a column for each borough; in shares.

    Cached for each panel and shared: not to be changed in place.
    """
    return panel.once(_scores, measure)


def _scores(panel: Panel, measure: str) -> pd.DataFrame:
    areas, periods = (pd.Index(panel.frame[name].unique(), name=name) for name in (panel.area, panel.period))
    if len(panel.frame) == len(areas) * len(periods):  # sorted by area and period: a tenth of the time of a pivot
        values = panel.frame[measure].to_numpy(float, na_value=float("nan"))
        table = pd.DataFrame(values.reshape(len(areas), -1).T, periods, areas)
    else:
        table = panel.frame.pivot(index=panel.period, columns=panel.area, values=measure).astype(float)
    return table.dropna(how="all")


def continuing(panel: Panel, catalogue: Catalogue) -> list[str]:
    """The survey measures, not averages of them, that have a figure in the last quarter with any."""
    names = [field.name for field in catalogue.with_role("outcome") if field.name in panel.frame]
    measures = [name for name in dict.fromkeys(names) if name not in AVERAGES]
    last = {name: scores(panel, name).index[-1] for name in measures}
    return [name for name in measures if last[name] == max(last.values())]


def last_quarter(panel: Panel, borough: str, measure: str = TRUST) -> str:
    """The last quarter in which `borough` has a figure of `measure`."""
    return str(scores(panel, measure)[borough].dropna().index[-1])


def with_margins(panel: Panel, boroughs: Sequence[str]) -> pd.DataFrame:
    """The last figure of trust in each of `boroughs`: ``value`` and ``margin`` (95%), in per cent."""
    table = scores(panel, TRUST)[list(boroughs)].ffill()
    now, quarter = table.iloc[-1], str(table.index[-1])
    return pd.DataFrame({"value": now, "margin": score_margin(now, quarter)}) * POINTS


def standing(panel: Panel, borough: str, measure: str = TRUST) -> Standing:
    """Where `borough` stands on `measure`, in the last quarter in which it has a figure."""
    quarter = last_quarter(panel, borough, measure)
    now = figures_of(panel, measure, quarter)
    placed = panel.once(_placed, measure, quarter)
    return Standing(
        borough,
        measure,
        quarter,
        float(now[borough]) * POINTS,
        float(score_margin(now, quarter)[borough]) * POINTS,
        int(placed.low[borough]),
        int(placed.high[borough]),
        len(now),
        change(panel, borough, measure, year_before(quarter)),
    )


def figures_of(panel: Panel, measure: str, quarter: str) -> pd.Series:
    """The figure of every borough that has one in `quarter`, in shares."""
    return scores(panel, measure).T[quarter].dropna()


def _placed(panel: Panel, measure: str, quarter: str) -> Ranks:
    """Where each borough stands in `quarter`: the same for the pages of all of them."""
    now = figures_of(panel, measure, quarter)
    return ranks(now, score_error(now, quarter))


def change(panel: Panel, borough: str, measure: str, since: str) -> SurveyChange | None:
    """The change of `measure` from `since` to its last figure; none where one of them is missing."""
    last = last_quarter(panel, borough, measure)
    if since == last or since not in scores(panel, measure).index:
        return None
    found = panel.once(_changes, measure, since, last)
    return SurveyChange(since, *found.T[borough].tolist()) if borough in found.index else None


def _changes(panel: Panel, measure: str, since: str, last: str) -> pd.DataFrame:
    """``before``, ``change`` and ``margin`` of every borough with figures in both quarters, in per cent and points."""
    before, now = scores(panel, measure).loc[[since, last]].T.dropna().to_dict("series").values()
    margin = score_change_margin(before, now, since, last)
    return pd.DataFrame({"before": before, "change": now - before, "margin": margin}) * POINTS


def first_quarter(panel: Panel, measure: str) -> str:
    """The first quarter from 2016 on that has figures of `measure`."""
    quarters = scores(panel, measure).index
    return str(quarters[quarters >= BASE][0])


def year_before(quarter: str) -> str:
    """The same quarter of the year before."""
    return _quarters_before(quarter, PERIODS_PER_YEAR)


def _quarters_before(quarter: str, count: int) -> str:
    return str(pd.Period(quarter, freq="Q") - count)


def ahead(found: Forecasts, borough: str, last: str, measure: str = TRUST) -> pd.DataFrame:
    """The recommended forecasts of the figures after `last`: ``quarter``, ``value``, ``low``, ``high`` (80%).

    Empty where the stored forecasts are no longer of what comes next.
    """
    rows = found.of(measure).ahead
    rows = rows[(rows["method"] == WINNER) & (rows["borough"] == borough)].sort_values("quarter")
    if not len(rows) or rows["quarter"].iloc[0] != _quarters_before(last, -1):
        rows = rows.iloc[:0]
    mean, margin = rows["mean"].to_numpy(), LEVELS[LIKELY] * rows["sd"].to_numpy()
    ends = {"value": mean, "low": mean - margin, "high": mean + margin}
    shares = {name: np.clip(each, 0, 1) * POINTS for name, each in ends.items()}
    return pd.DataFrame({**shares, "quarter": rows["quarter"].to_numpy()})


def next_figure(found: Forecasts, borough: str, last: str, measure: str = TRUST) -> NextFigure | None:
    """The forecast of the figure after `last`, and how often such intervals held in `borough`."""
    rows = ahead(found, borough, last, measure)
    if rows.empty:
        return None
    past = found.of(measure).past
    past = past[(past["method"] == WINNER) & (past["borough"] == borough) & (past["horizon"] == 1)]
    held = (past["actual"] - past["mean"]).abs() <= LEVELS[LIKELY] * past["sd"]
    first = rows.iloc[0]
    return NextFigure(first["quarter"], first["value"], first["low"], first["high"], int(held.sum()), len(held))


def rates(counts: pd.DataFrame, column: str, start: str = "") -> pd.DataFrame:
    """`column` per 1,000 residents over the 12 months to each quarter, for each borough and for London.

    Parameters
    ----------
    counts
        ``borough``, ``quarter``, ``population`` and `column`.
    start
        The first quarter that a window of 12 months may hold.

    Returns
    -------
    DataFrame
        One row per quarter, one column per borough and one for London.
    """
    rows = counts[counts[column].notna() & (counts["quarter"] >= start)]
    count, residents = (
        rows.pivot(index="quarter", columns="borough", values=name).astype(float).assign(**_total(rows, name))
        for name in (column, "population")
    )
    window = count.rolling(PERIODS_PER_YEAR), residents.rolling(PERIODS_PER_YEAR)
    return (window[0].sum() / window[1].mean() * PER_RESIDENTS).dropna(how="all")


def _total(rows: pd.DataFrame, name: str) -> dict[str, pd.Series]:
    return {LONDON: rows.groupby("quarter")[name].sum()}


def last_rate(table: pd.DataFrame, borough: str) -> Rate:
    """The last of the rates of `borough` in `table`, which is as :func:`rates` makes it."""
    last = table.iloc[-1]
    order = last.drop(LONDON).rank(ascending=False, method="min")
    return Rate(str(table.index[-1]), float(last[borough]), float(last[LONDON]), int(order[borough]))


def force_rates(panel: Panel) -> pd.DataFrame:
    """Records of force per 1,000 residents over 12 months, since recording settled; as :func:`rates` makes it."""
    return rates(panel.frame, panel.total, SETTLED)


def crime_rates(catalogue: Catalogue) -> pd.DataFrame:
    """Recorded crime per 1,000 residents over 12 months; as :func:`rates` makes it.

    Where residents of a year are not estimated yet, the last estimate stands for them.
    """
    crime = catalogue.read_table("recorded_crime", ["borough", "quarter", "recorded_crime"])
    residents = catalogue.read_table("population", ["borough", "year", "population"])
    crime["year"] = crime["quarter"].str[:4].astype(int).clip(upper=residents["year"].max())
    return rates(crime.merge(residents, on=["borough", "year"], validate="many_to_one"), "recorded_crime")


def dated(table: pd.DataFrame, lines: Iterable[str]) -> pd.DataFrame:
    """`lines` of `table` as rows for a chart: ``quarter``, ``quarter_end``, ``line``, ``value``."""
    named = table[list(lines)].rename_axis(index="quarter").reset_index()
    rows = named.melt("quarter", var_name="line", value_name="value").dropna()
    return rows.assign(quarter_end=rows["quarter"].map(quarter_end))
