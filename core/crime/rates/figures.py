"""Shares and rates of recorded crime as figures: districts, single LSOAs, and distances to places."""

import numpy as np
import pandas as pd

from core.crime.area import BICYCLE_THEFT, PER_RESIDENTS, TOTALS, CrimeArea
from core.crime.funnel import LIMITS, funnel
from core.crime.geography.distances import ALONE, KINDS, TOGETHER, nearest_place
from core.crime.geography.rate_map import BASES, RATE_KINDS, RateKind
from core.crime.intervals import wilson
from core.crime.lsoa_rates import Base, shrinkage, shrunk_rates, worst
from core.crime.rate_figures import TOP, bands_chart, interval_extent, labelled_columns, lsoa_table, whole_numbers
from core.crime.rates.text import (
    DISTANCES,
    SUFFIX,
    Population,
    against_average,
    dispersion,
    lsoa_place,
    share_per_cent,
    what_shrinking_does,
)
from core.crime.text import TWO_INTERVALS, Scope, interval, rate, rate_digits, rate_interval
from core.presentation import charts
from core.presentation.charts import AnyChart, Figure
from core.presentation.numbers import number, upper_first
from core.questions.vocabulary import NBSP
from core.tables.panel import POINTS

NAMED_POINTS = 2
SHARE_COLUMNS = {
    "district": "District",
    "records": "Records",
    "residents": "Residents",
    "residents_2011": "Residents (2011 census)",
    "share_of_records": "Share of records (%)",
    "share_of_residents": "Share of residents (%)",
    "share_of_residents_2011": "Share of residents, 2011 (%)",
    "ratio": "Times its share",
    "ratio_low": "95% interval from",
    "ratio_high": "95% interval to",
    "narrow_low": "Poisson interval from",
    "narrow_high": "Poisson interval to",
    "ratio_2011": "Times its share, 2011",
    "ratio_2011_low": "2011: 95% interval from",
    "ratio_2011_high": "2011: 95% interval to",
    "narrow_2011_low": "2011: Poisson interval from",
    "narrow_2011_high": "2011: Poisson interval to",
}
BAND_COLUMNS = {
    "kind": "Nearest",
    "band": "Distance",
    "lsoas": "LSOAs",
    "msoas": "MSOAs",
    "residents": "Residents",
    "records": "Records",
    "per_1000_residents": "Per 1,000 residents",
    "per_1000_residents_low": "95% interval from",
    "per_1000_residents_high": "95% interval to",
}


def shares_figure(shares: pd.DataFrame, scope: Scope, district: str, population: Population) -> Figure:
    """Each district's share of records and of residents, and the ratio of the two with its intervals.

    Parameters
    ----------
    shares
        From :func:`core.crime.district_rates.district_shares`, of several districts.
    """
    end = SUFFIX[population]
    rows = _with_narrow(shares).sort_values(f"ratio{end}", ascending=False, ignore_index=True)
    top, bottom = rows.iloc[0], rows.iloc[-1]
    pairs = pd.DataFrame(
        {
            "label": rows["district"],
            "one": rows["share_of_records"] * POINTS,
            "other": rows[f"share_of_residents{end}"] * POINTS,
        }
    )
    ratios = pd.DataFrame(
        {
            "label": rows["district"],
            "value": rows[f"ratio{end}"],
            "low": rows[f"ratio{end}_low"],
            "high": rows[f"ratio{end}_high"],
            "narrow_low": rows[f"narrow{end}_low"],
            "narrow_high": rows[f"narrow{end}_high"],
            "text": rows[f"ratio{end}"].map(number),
        }
    )
    clear = (ratios["low"] > 1) | (ratios["high"] < 1)
    ratios["highlighted"] = rows["district"] == district if district else clear
    columns = "share_of_records", f"share_of_residents{end}"
    extremes = [
        f"{row['district']} {' and '.join(share_per_cent(row[column]) for column in columns)}" for row in (top, bottom)
    ]
    in_per_cent = {name: rows[name] * POINTS for name in SHARE_COLUMNS if name.startswith("share_")}
    return Figure(
        name="district_shares",
        title=f"Share of {scope.crime} and of residents: {extremes[0]}, {extremes[1]}",
        charts=(
            charts.paired_dots(
                pairs, (f"Share of {scope.records}", "Share of residents"), "Per cent of all districts together"
            ),
            charts.intervals(ratios, "Times its share of residents (dashed: its share)", "Times", 1.0),
        ),
        alt=(
            f"Two dot plots of {len(rows)} districts: shares of {scope.records} and of residents, and the ratio of the "
            f"two, from {number(bottom[f'ratio{end}'])} in {bottom['district']} to {number(top[f'ratio{end}'])} in "
            f"{top['district']}."
        ),
        table=labelled_columns(rows.assign(**in_per_cent), SHARE_COLUMNS),
        note=f"{TWO_INTERVALS} {dispersion(shares)}",
        side_by_side=True,
    )


def top_table(rates: pd.DataFrame, figure: RateKind, district: str, per: Base = "residents") -> pd.DataFrame:
    """The LSOAs of `district`, or of all, that are highest in `figure`; ranks are those among all."""
    selected = rates[rates["district"] == district] if district else rates
    highest = worst(selected, TOP, figure)["lsoa11_code"]
    table = lsoa_table(rates, per).drop(columns="District").set_index("LSOA code", drop=False)
    return table.loc[highest].reset_index(drop=True)


def top_title(figure: RateKind, rates: pd.DataFrame, district: str) -> str:
    """Heading of :func:`top_table`."""
    lsoas = len(rates[rates["district"] == district]) if district else len(rates)
    return f"The {min(TOP, lsoas)} highest by {RATE_KINDS[figure].lower()}{f', {district}' if district else ''}"


def picked_table(area: CrimeArea, rates: pd.DataFrame, code: str, per: Base = "residents") -> pd.DataFrame:
    """The figures of one LSOA, a row for each."""
    picked = area.lsoas["lsoa11_code"] == code
    records = rates.loc[rates["lsoa11_code"] == code]
    lines = [("District", str(area.lsoas.loc[picked, "district"].item()))]
    if len(records):
        lines += _rate_lines(records.iloc[0], len(rates), per, area.period)
    if "places" not in area.missing and "points" not in area.missing:
        lines += [_distance_line(nearest_place(area, kind)[picked], kind) for kind in KINDS]
    return pd.DataFrame(lines, columns=["Figure", "Value"])


def _rate_lines(row: pd.Series, total: int, per: Base, period: str) -> list[tuple[str, str]]:
    digits = rate_digits(row["shrunk"])
    credible = interval(row["shrunk_low"], row["shrunk_high"], digits, "credible interval")
    return [
        ("Records", number(row["records"], 0)),
        (upper_first(BASES[per]), number(row["base"], 0)),
        (f"Per 1,000 {BASES[per]} in {period}", rate_interval(row["rate"], row["low"], row["high"])),
        ("Smoothed rate", f"{number(row['shrunk'], digits)} ({credible})"),
        ("Against the average", against_average(row)),
        ("Rank of the smoothed rate", lsoa_place(row, total)),
    ]


def _distance_line(nearest: pd.DataFrame, kind: str) -> tuple[str, str]:
    row = nearest.iloc[0]
    return f"Nearest {kind}", f"{row['place']}, {number(row['km'], 1)}{NBSP}km"


def footfall_figure(rates: pd.DataFrame, scope: Scope) -> Figure:
    """Residents and records of every LSOA, with the line of the average rate; the extremes are named."""
    rows = rates[rates["records"] > 0]
    named = {code for figure in ("records", "rate") for code in worst(rows, NAMED_POINTS, figure)["lsoa11_code"]}
    average = rates["records"].sum() / rates["base"].sum()
    ends = pd.Series([rows["base"].min(), rows["base"].max()])
    top = worst(rows, 1, "rate").iloc[0]
    middle = [number(rates[name].median(), 0) for name in ("base", "records")]
    return Figure(
        name="residents_and_records",
        title=(
            f"Half of the LSOAs have {middle[0]} residents or fewer, half {middle[1]} {scope.records} or fewer; "
            f"{top['LSOA']} has {number(top['base'], 0)} and {number(top['records'], 0)}"
        ),
        charts=(
            charts.against_average_chart(
                pd.DataFrame(
                    {
                        "label": rows["LSOA"],
                        "x": rows["base"],
                        "y": rows["records"].round(1),
                        "highlighted": rows["lsoa11_code"].isin(named),
                    }
                ),
                pd.DataFrame({"x": ends, "y": ends * average}),
                "Residents, logarithmic",
                f"{upper_first(scope.records)}, logarithmic",
            ),
        ),
        alt=(
            f"Scatter plot of residents and {scope.records} of {len(rows):,} LSOAs with the line of the average rate; "
            f"{top['LSOA']} lies {rate(top['ratio'])} times above it."
        ),
        table=pd.DataFrame(
            {"LSOA": rows["LSOA"], "Residents": rows["base"], "Records": whole_numbers(rows["records"])}
        ),
        note=(
            f"The line is the average, {rate(average * PER_RESIDENTS)} {scope.per_residents}. LSOAs were drawn to hold "
            "much the same number of residents, so they differ mostly in how much is recorded. LSOAs with no recorded "
            "crime are not shown."
        ),
    )


def funnel_figure(rates: pd.DataFrame, scope: Scope) -> Figure:
    """Rates of LSOAs against the records expected at the average rate, with limits that allow for overdispersion."""
    found = funnel(rates)
    rows = found.rows[found.rows["records"] > 0]
    beyond, (inner, outer) = rows["outside"] == list(LIMITS)[-1], LIMITS
    average = found.average * PER_RESIDENTS
    lines = found.limits(found.sizes).melt(["expected", "limit"], ["low", "high"], "side", "y")
    lines = lines[lines["y"] > 0].assign(line=lines["limit"] + lines["side"]).rename(columns={"expected": "x"})
    sides = [number(int((beyond & (rows["z"] * side > 0)).sum()), 0) for side in (1, -1)]
    x_axis = f"{upper_first(scope.records)} at the average rate, logarithmic"
    y_axis = f"{upper_first(scope.records)} per 1,000 residents, logarithmic"
    drawn = {"label": rows["LSOA"], "x": rows["expected"].round(1), "y": rows["rate"].round(2), "highlighted": False}
    top = set(rows[beyond].nlargest(NAMED_POINTS, "z")["lsoa11_code"])
    return Figure(
        name="funnel",
        title=f"{sides[0]} of {len(found.rows):,} small areas stand out above the others, {sides[1]} below",
        charts=(
            charts.against_average_chart(
                pd.DataFrame(drawn).assign(highlighted=rows["lsoa11_code"].isin(top)),
                pd.DataFrame({"x": lines["x"].agg(["min", "max"]), "y": average}),
                x_axis,
                y_axis,
                lines[["x", "y", "line"]],
            ),
        ),
        alt=(
            f"Funnel plot of {len(rows):,} small areas: rate against the records that an area of its size would have "
            f"at the average rate, with limits. {sides[0]} lie above the outer limits, {sides[1]} below."
        ),
        table=pd.DataFrame(
            {
                "LSOA": found.rows["LSOA"],
                "Records": whole_numbers(found.rows["records"]),
                "Records at the average rate": found.rows["expected"],
                "Per 1,000 residents": found.rows["rate"],
                "Outside the limits of": found.rows["outside"],
            }
        ),
        note=(
            "A funnel plot: the fewer crimes are expected, the further chance moves a rate. "
            f"The line is the average, {rate(average)} {scope.per_residents}; the dashed lines hold {inner} and "
            f"{outer} of areas that differ no more than most do. "
            f"Rates vary {number(found.dispersion, 0)} times as much as by chance; the limits allow for that, "
            "so an area outside them is unusual even among areas that differ."
        ),
    )


def own_weight(row: pd.Series, rates: pd.DataFrame, times: float = 1.0) -> float:
    """Weight of an LSOA's own rate in its shrunk rate, the rest being that of the mean of all `rates`.

    Parameters
    ----------
    times
        How many times the variance of a count is that of a Poisson count.
    """
    found = shrinkage(*(rates[name].to_numpy(dtype=float) / times for name in ("records", "base")))
    return float(row["base"] / (row["base"] + times * found.shape / found.mean))


def explained(area: CrimeArea, rates: pd.DataFrame, crime_type: str) -> str:
    """The effect of shrinkage on the highest of `rates`, and on the same LSOA's bicycle theft where that is rarer."""
    top = worst(rates, 1, "rate").iloc[0]
    rare = None
    if crime_type in TOTALS and BICYCLE_THEFT in area.crime_types:
        thefts = shrunk_rates(area, BICYCLE_THEFT).set_index("lsoa11_code").loc[[top["lsoa11_code"]]].iloc[0]
        rare = thefts if thefts["records"] > 0 else None
    weight = own_weight(top, rates, area.dispersion_of(crime_type))
    return what_shrinking_does(top, weight, rare, Scope(area.name, area.period, BICYCLE_THEFT))


def distance_figure(bands: pd.DataFrame, gradients: pd.DataFrame, scope: Scope) -> Figure:
    """Rates by distance to the nearest centre, campus and hospital, and the ratio of rates at twice each distance."""
    kinds = list(dict.fromkeys(bands["kind"]))
    extent = interval_extent(bands, "per_1000_residents")
    first = bands[bands["kind"] == kinds[0]]
    near, far = first.iloc[0], first.iloc[-1]
    ends = [f"{rate(row['per_1000_residents'])} ({row['band']})" for row in (near, far)]
    profiles = [
        bands_chart(bands[bands["kind"] == kind], "per_1000_residents", f"By distance to the nearest {kind}", extent)
        for kind in kinds
    ]
    return Figure(
        name="distances",
        title=f"{upper_first(scope.records)} {scope.per_residents} by distance to a {kinds[0]}: {ends[0]}, {ends[1]}",
        charts=(*profiles, gradient_chart(gradients)),
        alt=(
            f"Dots with intervals: {scope.records} {scope.per_residents} by distance to the nearest "
            f"{', '.join(kinds)}, and the ratio of rates at twice the distance."
        ),
        table=labelled_columns(bands, BAND_COLUMNS),
        note=DISTANCES,
        side_by_side=True,
    )


def gradient_chart(gradients: pd.DataFrame) -> AnyChart:
    """Ratio of rates at twice the distance, each kind of place alone and together with the others."""
    taken = {ALONE: "alone", TOGETHER: "others equal"}
    rows = gradients.sort_values("taken", kind="stable")
    labels = rows["kind"].map(upper_first) + ", " + rows["taken"].map(taken)
    drawn = pd.DataFrame(
        {
            "label": labels,
            "value": rows["ratio"],
            "low": rows["low"],
            "high": rows["high"],
            "text": rows["ratio"].map(number),
            "highlighted": rows["taken"] == TOGETHER,
        }
    )
    return charts.intervals(drawn, "Times the rate at twice the distance (dashed: no change)", "Times", 1.0)


def _with_narrow(shares: pd.DataFrame) -> pd.DataFrame:
    """`shares` with the interval of each ratio if records came by chance alone, that of a share (Wilson)."""
    records = shares["records"].to_numpy(dtype=float)
    low, high = wilson(records, np.full(len(records), records.sum()))
    narrow = {
        f"narrow{end}_{side}": share / shares[f"share_of_residents{end}"]
        for end in SUFFIX.values()
        for side, share in (("low", low), ("high", high))
    }
    return shares.assign(**narrow)
