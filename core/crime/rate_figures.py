"""Rates of districts and of small areas, and rates by distance, as figures and tables that several crime pages show."""

from dataclasses import replace

import numpy as np
import pandas as pd

from core.crime.area import PER_RESIDENTS
from core.crime.geography.rate_map import BASES, is_clear
from core.crime.lsoa_rates import Base, worst
from core.crime.text import TWO_INTERVALS, Scope, rate, rate_interval
from core.presentation import charts
from core.presentation.charts import AnyChart, Figure
from core.presentation.numbers import ordinal, upper_first

GRADIENTS_TITLE = "Effect of doubling the distance"
TOP = 10
PICTURE_NOTE = (
    "Each dot is a rate, the bar where it very likely lies, the dashed line the average of all. What nobody reported "
    "is not counted."
)
COUNTS = ("records", "residents")
RATE_COLUMNS = {
    "district": "District",
    "records": "Records",
    "residents": "Residents",
    "per_1000": "Records per 1,000 residents",
    "low": "95% interval from",
    "high": "95% interval to",
    "poisson_low": "Poisson interval from",
    "poisson_high": "Poisson interval to",
    "dispersion": "Times as variable as chance",
}
GRADIENT_COLUMNS = {
    "kind": "Nearest",
    "taken": "Kinds of places taken",
    "ratio": "Times the rate at twice the distance",
    "low": "95% interval from",
    "high": "95% interval to",
    "p": "p-value",
    "n": "LSOAs",
    "msoas": "MSOAs",
}


def rates_figure(shares: pd.DataFrame, scope: Scope, district: str) -> Figure:
    """Records per 1,000 residents of each district, sorted, with the wide and the narrow interval."""
    rows = shares.sort_values("per_1000", ascending=False, ignore_index=True)
    average = _average(rows)
    drawn = _intervals(rows, district).assign(narrow_low=rows["poisson_low"], narrow_high=rows["poisson_high"])
    top, bottom = rows.iloc[0], rows.iloc[-1]
    ends = [f"{rate_interval(row['per_1000'], row['low'], row['high'])} in {row['district']}" for row in (top, bottom)]
    return Figure(
        name="district_rates",
        title=f"{upper_first(scope.crime)} {scope.per_residents}: {ends[0]}, {ends[1]}",
        charts=(_rates_chart(drawn, scope, average),),
        alt=f"Dots with intervals: {scope.records} {scope.per_residents} by district, {ends[0]} down to {ends[1]}.",
        table=labelled_columns(rows, RATE_COLUMNS),
        note=f"{TWO_INTERVALS} All together: {rate(average)} {scope.per_residents}.",
    )


def _average(rows: pd.DataFrame) -> float:
    return float(rows["records"].sum() / rows["residents"].sum() * PER_RESIDENTS)


def _intervals(rows: pd.DataFrame, district: str) -> pd.DataFrame:
    """Rows of an interval chart: the district highlighted, without one those that differ from the average."""
    average = _average(rows)
    clear = (rows["low"] > average) | (rows["high"] < average)
    return pd.DataFrame(
        {
            "label": rows["district"],
            "value": rows["per_1000"],
            "low": rows["low"],
            "high": rows["high"],
            "text": rows["per_1000"].map(rate),
            "highlighted": rows["district"] == district if district else clear,
        }
    )


def _rates_chart(drawn: pd.DataFrame, scope: Scope, average: float) -> AnyChart:
    axis = f"{upper_first(scope.records)} {scope.per_residents} (dashed: all)"
    return charts.intervals(drawn, axis, "Per 1,000 residents", average)


def lsoa_table(rates: pd.DataFrame, per: Base = "residents") -> pd.DataFrame:
    """Rates of LSOAs under readable names, with their ranks by count, by rate and by shrunk rate."""
    base, rest = BASES[per], f"per 1,000 {BASES[per]}"
    ranks = {name: rates[name].rank(ascending=False, method="min").astype(int) for name in ("records", "rate")}
    return pd.DataFrame(
        {
            "LSOA": rates["LSOA"],
            "District": rates["district"],
            "Records": whole_numbers(rates["records"]),
            upper_first(base): whole_numbers(rates["base"]),
            upper_first(rest): rates["rate"],
            "95% interval from": rates["low"],
            "95% interval to": rates["high"],
            "Smoothed rate": rates["shrunk"],
            "95% credible interval from": rates["shrunk_low"],
            "95% credible interval to": rates["shrunk_high"],
            "Rank by records": ranks["records"],
            "Rank by rate": ranks["rate"],
            "Rank by smoothed rate": rates["rank"],
            "95% interval of the rank from": rates["rank_low"],
            "95% interval of the rank to": rates["rank_high"],
            "LSOA code": rates["lsoa11_code"],
        }
    )


def bands_chart(bands: pd.DataFrame, column: str, axis: str, extent: tuple[float, float] | None = None) -> AnyChart:
    """Rates of `column` by distance, nearest first; the nearest band highlighted."""
    rows = pd.DataFrame(
        {
            "label": bands["band"],
            "value": bands[column],
            "low": bands[f"{column}_low"],
            "high": bands[f"{column}_high"],
            "text": bands[column].map(rate),
            "highlighted": bands["km_from"] == 0,
        }
    )
    return charts.intervals(
        rows[rows["value"] > 0], axis, "Rate", log=True, extent=extent or interval_extent(bands, column)
    )


def gradients_table(gradients: pd.DataFrame) -> pd.DataFrame:
    """Ratios of rates at twice each distance, under readable names."""
    return labelled_columns(gradients, GRADIENT_COLUMNS)


def clear_count(rates: pd.DataFrame) -> tuple[int, int]:
    """How many LSOAs are clearly above, and how many clearly below the average."""
    clear = is_clear(rates["above"])
    above = int((clear & (rates["above"] > 0.5)).sum())
    return above, int(clear.sum()) - above


def interval_extent(bands: pd.DataFrame, column: str) -> tuple[float, float]:
    """Least and largest end of the intervals of `column` above zero."""
    ends = bands[[column, f"{column}_low", f"{column}_high"]].to_numpy(dtype=float)
    return float(np.nanmin(ends[ends > 0])), float(np.nanmax(ends))


def labelled_columns(rows: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    """The known `columns` of `rows` under their names for readers; columns without any figure are left out."""
    known = [name for name in columns if rows[name].notna().any()]
    return (
        rows[known]
        .assign(**{name: whole_numbers(rows[name]) for name in COUNTS if name in known})
        .rename(columns=columns)
    )


def whole_numbers(counts: pd.Series) -> pd.Series:
    """Counts without decimals, unless records were shared out among LSOAs."""
    return counts.astype(int) if (counts % 1 == 0).all() else counts


def rates_picture(shares: pd.DataFrame, scope: Scope, district: str) -> Figure:
    """The picture of a summary: :func:`rates_figure` with one interval, said for anyone."""
    rows = shares.sort_values("per_1000", ascending=False, ignore_index=True)
    title = f"{rows['district'].iloc[0]} has the most {scope.crime} per resident, {rows['district'].iloc[-1]} the least"
    if district:
        place = int(rows.index[rows["district"] == district][0]) + 1
        title = f"{district}: {ordinal(place)} of {len(rows)} districts by {scope.crime} per resident"
    chart = _rates_chart(_intervals(rows, district), scope, _average(rows))
    return replace(rates_figure(shares, scope, district), title=title, charts=(chart,), note=PICTURE_NOTE)


def lsoas_picture(rates: pd.DataFrame, scope: Scope) -> Figure:
    """The picture of a summary where there is one district: its neighbourhoods with the highest rates.

    Parameters
    ----------
    rates
        From :func:`core.crime.lsoa_rates.lsoa_rates`.
    """
    top, average = worst(rates, TOP), rates["records"].sum() / rates["base"].sum() * PER_RESIDENTS
    drawn = pd.DataFrame(
        {
            "label": top["LSOA"],
            "value": top["shrunk"],
            "low": top["shrunk_low"],
            "high": top["shrunk_high"],
            "text": top["shrunk"].map(rate),
            "highlighted": is_clear(top["above"]),
        }
    )
    axis = f"{upper_first(scope.records)} per 1,000 residents (dashed: all)"
    title = f"{top['LSOA'].iloc[0]} has the most {scope.crime} per resident of the neighbourhoods"
    return Figure(
        name="highest_lsoas",
        title=title,
        charts=(charts.intervals(drawn, axis, "Per 1,000 residents", average),),
        alt=f"Dots with intervals: the {len(top)} neighbourhoods with most {scope.records} per resident. {title}.",
        table=lsoa_table(top),
        note=PICTURE_NOTE,
    )
