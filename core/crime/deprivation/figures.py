"""Crime and deprivation as figures: the scatter, districts, ways to count, steps between models, kinds of error."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from core.crime.area import EVERYWHERE, MEASURES, TYPICAL, CrimeArea
from core.crime.deprivation.analysis import SCORES, associations
from core.crime.deprivation.text import (
    DISTRICTS_NOTE,
    LOGARITHM,
    PER_RESIDENT,
    R_SQUARED,
    SCATTER_NOTE,
    SCORE_LABELS,
    SHORT,
    TEN,
    by_place,
    crime_text,
    measure_of,
    with_outliers,
)
from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.numbers import YES_NO, interval_text, lower_first, number, signed
from core.stats.regression.errors import listed
from core.tables.options import Form
from core.tables.panel import POINTS, Panel

AGAIN = "Reproduced"
NAMED = 1  # LSOAs whose names stand in the scatter
ENDS: Mapping[str, str] = {"": "", "_low": ", 95% interval from", "_high": ", to"}


def score_steps(area: CrimeArea, score: str) -> dict[Form, float]:
    """Ten points of `score` in each form of it; as a logarithm, from its mean up."""
    return {"count": TEN, "log": float(np.log1p(TEN / area.lsoas[score].mean()))}


def district_table(area: CrimeArea, outcome: str, score: str) -> pd.DataFrame:
    """Associations of `outcome` with `score`; see :func:`core.crime.deprivation.analysis.associations`."""
    return associations(area, measure_of(outcome), score, with_outliers=with_outliers(outcome))


def scatter_figure(lines: Panel, table: pd.DataFrame, outcome: str, score: str, district: str, period: str) -> Figure:
    """Every LSOA by deprivation and crime with the line through all, and that of the district picked.

    Parameters
    ----------
    lines
        The LSOAs.
    table
        As :func:`district_table` returns it.
    district
        The district in the accent colour; empty for none.
    period
        Months counted.
    """
    logarithmic = outcome.startswith(LOGARITHM)
    points = lines.frame[lines.frame[outcome].notna()]
    places = [EVERYWHERE, *([district] if district else [])]
    known = by_place(table)
    rows = pd.DataFrame(
        {
            "name": points["LSOA"],
            "x": points[score].round(2),
            "y": _natural(points[outcome], logarithmic).round(2),
            "residents": points["residents"],
            "highlighted": points["district"] == district,
        }
    )
    axis = f"{_unit(outcome)}, {period}{' (logarithmic axis)' if logarithmic else ''}"
    finding = _scatter_finding([known[place] for place in reversed(places)], outcome)
    return Figure(
        name="crime_and_deprivation",
        title=finding,
        charts=(
            charts.deprivation_scatter(
                rows,
                _lines([known[place] for place in places], logarithmic),
                rows.nlargest(NAMED, "y"),
                f"{SCORE_LABELS[score]} (higher is more deprived)",
                axis,
                logarithmic,
            ),
        ),
        alt=(
            f"Scatter plot of {len(rows):,} LSOAs: {lower_first(axis)}, against the "
            f"{lower_first(SCORE_LABELS[score])}. "
            f"{finding}."
        ),
        table=_points_table(points, outcome, score, period),
        note=f"{SCATTER_NOTE}{f' Blue is {district} with its line, orange the line of all.' if district else ''}",
    )


def _points_table(points: pd.DataFrame, outcome: str, score: str, period: str) -> pd.DataFrame:
    apart = points[f"{measure_of(outcome)}{TYPICAL}"].isna()
    return pd.DataFrame(
        {
            "LSOA": points["LSOA"],
            "MSOA": points["MSOA"],
            "District": points["district"],
            SCORE_LABELS[score]: points[score],
            f"Recorded crimes, {period}": points["records"],
            "Recorded crimes per 1,000 residents": points["records_per_1000"],
            "Residents": points["residents"],
            "Outlier": apart.map(YES_NO),
        }
    )


def _scatter_finding(rows: list[dict[Any, Any]], outcome: str) -> str:
    """How crime and deprivation are linked in a place, and in all districts where that is another."""
    first, *others = rows
    sentence = f"{first['place']}: {_direction(first, outcome)}, r = {_with_interval(first, 'r')}"
    return "; ".join([sentence, *(f"{lower_first(row['place'])} {_with_interval(row, 'r')}" for row in others)])


def _direction(row: Mapping[str, Any], outcome: str) -> str:
    if not (row["r_low"] > 0 or row["r_high"] < 0):
        return "deprivation and crime are not clearly related"
    return f"the more deprived, the {'more' if row['r'] > 0 else 'less'} {crime_text(outcome)}"


def _natural(values: pd.Series, logarithmic: bool) -> pd.Series:
    return np.exp(values) if logarithmic else values


def _unit(outcome: str) -> str:
    """What a measure counts, whether or not it enters as a logarithm."""
    return MEASURES[measure_of(outcome).removeprefix(LOGARITHM)].label


def _lines(rows: list[dict[Any, Any]], logarithmic: bool) -> pd.DataFrame:
    """Ends of the fitted line of each place: ``place``, ``x``, ``y``, ``highlighted``."""
    ends = [
        {"place": row["place"], "x": x, "value": row["constant"] + row["slope"] * x}
        for row in rows
        for x in (row["score_low"], row["score_high"])
        if pd.notna(row["slope"])
    ]
    drawn = pd.DataFrame(ends, columns=["place", "x", "value"])
    return drawn.assign(y=_natural(drawn["value"], logarithmic), highlighted=drawn["place"] != EVERYWHERE)


def _with_interval(row: Mapping[str, Any], name: str) -> str:
    """'+0.59 (95% interval +0.54 to +0.63)', as far as it is known."""
    if pd.isna(row[name]):
        return "unknown, too few LSOAs"
    if pd.isna(row[f"{name}_low"]):
        return signed(row[name])
    return f"{signed(row[name])} (95% interval {interval_text(row[f'{name}_low'], row[f'{name}_high'])})"


def districts_figure(table: pd.DataFrame, outcome: str, district: str) -> Figure:
    """How closely crime and deprivation are linked in each district, and by how much; all of them together first.

    Parameters
    ----------
    table
        As :func:`district_table` returns it.
    district
        The district in the accent colour; empty for all of them together.
    """
    whole = table["place"] == EVERYWHERE
    rows = pd.concat([table[whole], table[~whole].sort_values("r", ascending=False)], ignore_index=True)
    known = rows.dropna(subset=["r"])
    finding = _districts_finding([row for place, row in by_place(known).items() if place != EVERYWHERE])
    logarithmic = outcome.startswith(LOGARITHM)
    more = "Per cent more" if logarithmic else f"{_unit(outcome)}, more"
    return Figure(
        name="districts",
        title=finding,
        charts=(
            charts.estimates(
                _dots(known, "r", district),
                "Correlation r",
                "How closely crime and the score are linked",
                unit="Correlation",
            ),
            charts.estimates(
                _dots(known, "slope", district, _percent if logarithmic else _for_ten),
                f"{more} for ten points",
                "How much more for ten points of the score",
                unit=more,
            ),
        ),
        alt=f"Two charts with a row for each district: correlation, and slope. {finding}.",
        table=_districts_table(rows, outcome),
        note=DISTRICTS_NOTE,
        side_by_side=True,
    )


def _districts_finding(districts: list[dict[Any, Any]]) -> str:
    if not districts:
        return "Too few LSOAs in each district to say how closely crime and deprivation are linked"
    first, last = districts[0], districts[-1]
    if first is last:
        return f"{first['place']}: r = {_with_interval(first, 'r')}"
    return (
        f"Crime and deprivation are most closely linked in {first['place']}, r = {_with_interval(first, 'r')}; least "
        f"in {last['place']}, r = {_with_interval(last, 'r')}"
    )


def _dots(
    rows: pd.DataFrame, name: str, highlighted: str, written: Callable[[float], float] = lambda value: value
) -> pd.DataFrame:
    """`rows` that have `name`, as estimates to be drawn; without an interval where there is none."""
    known = rows.dropna(subset=[name])
    ends = {"points": name, "low": f"{name}_low", "high": f"{name}_high"}
    return pd.DataFrame(
        {
            "label": known["place"],
            **{end: known[column].astype(float).map(written) for end, column in ends.items()},
            "highlighted": known["place"] == (highlighted or EVERYWHERE),
        }
    )


def _for_ten(slope: float) -> float:
    return TEN * slope


def _percent(slope: float) -> float:
    return POINTS * math.expm1(TEN * slope)


def _districts_table(rows: pd.DataFrame, outcome: str) -> pd.DataFrame:
    slope = f"Slope ({lower_first(MEASURES[measure_of(outcome)].label)} per point)"
    names = {"r": "r", "r2": R_SQUARED, "spearman": "Spearman", "slope": slope}
    chances = {f"Chance to be {end}": rows[end] for end in ("strongest", "weakest")}
    table = pd.DataFrame({"Place": rows["place"], "LSOAs": rows["n"], "MSOAs": rows["msoas"]} | _with_ends(rows, names))
    table = table.assign(**{"p": rows["p"]}, **chances, Missing=rows["reason"].replace("", pd.NA))
    return table.dropna(axis="columns", how="all")


def _with_ends(rows: pd.DataFrame, names: Mapping[str, str]) -> dict[str, pd.Series]:
    """Figures of associations with the ends of their intervals, under the words in `names`."""
    return {
        f"{text}{end_words}": rows[f"{name}{end}"] for name, text in names.items() for end, end_words in ENDS.items()
    }


def reproduction(findings: pd.Series, table: pd.DataFrame, decimals: int) -> pd.DataFrame:
    """Each number that the study printed, next to the one that comes out here.

    Parameters
    ----------
    findings
        Values of the findings by id; those named ``r2-...`` are compared.
    table
        Associations of the count of records.
    decimals
        To how many the numbers are to agree.
    """
    printed = findings[findings.index.str.startswith("r2-")].dropna()
    place = [EVERYWHERE if name == "r2-all" else name.removeprefix("r2-").capitalize() for name in printed.index]
    found = table.set_index("place").loc[place]
    return pd.DataFrame(
        {
            "Place": place,
            "Printed as r": printed.to_numpy(),
            f"{R_SQUARED} here": found["r2"].to_numpy(),
            AGAIN: np.where(abs(found["r2"].to_numpy() - printed) <= 0.5 * 10.0**-decimals, "yes", "no"),
            "r here": found["r"].to_numpy(),
            "r, 95% interval from": found["r_low"].to_numpy(),
            "r, to": found["r_high"].to_numpy(),
        }
    )


def reproduction_finding(rows: pd.DataFrame, decimals: int) -> str:
    """How many of the numbers are reproduced to `decimals` decimals."""
    same = int((rows[AGAIN] == "yes").sum())
    every = "All" if same == len(rows) else f"{same} of"
    return f"{every} {len(rows)} numbers of the study are reproduced to {decimals} decimals: each is {R_SQUARED}, not r"


def variants_figure(rows: pd.DataFrame) -> Figure:
    """What the score accounts for, by how crime is counted, with and without outliers and crime domain.

    Parameters
    ----------
    rows
        As :func:`core.crime.deprivation.analysis.variants` returns them.
    """
    outliers = rows["with_outliers"].map({True: "", False: ", outliers out"})
    rows = rows.assign(place=rows["measure"].map(SHORT) + outliers)
    order = rows[rows["score"] == SCORES[0]].sort_values("r2", ascending=False)["place"]
    drawn = [
        charts.estimates(
            _dots(part.set_index("place").loc[order].reset_index(), "r2", "", _of_hundred),
            f"{R_SQUARED} (%)",
            SCORE_LABELS[str(score)],
            unit="Per cent",
        )
        for score, part in rows.groupby("score", sort=False)
    ]
    low, high = (number(value * POINTS, 0) for value in (rows["r2"].min(), rows["r2"].max()))
    return Figure(
        name="ways_to_count",
        title=f"The score accounts for {low} to {high}% of the differences, by how crime is counted",
        charts=tuple(drawn),
        alt=(
            f"Dots with intervals: {R_SQUARED} for counts, rates and their logarithms, with and without outliers and "
            f"crime domain, from {low} to {high} per cent."
        ),
        table=_variants_table(rows),
        note="Count: records. Rate: records per 1,000 residents. ln: natural logarithm. Bars: 95% intervals.",
        side_by_side=True,
    )


def _of_hundred(share: float) -> float:
    return POINTS * share


def _variants_table(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Crime": rows["measure"].map(lambda name: MEASURES[name].label),
            "Outliers": rows["with_outliers"].map({True: "with", False: "without"}),
            "Deprivation": rows["score"].map(SCORE_LABELS),
            "LSOAs": rows["n"],
        }
        | _with_ends(rows, {"r": "r", "r2": R_SQUARED, "spearman": "Spearman", "slope": "Slope per point"})
    )


def variants_finding(rows: pd.DataFrame) -> str:
    """What each way to count changes, on average over all others.

    Parameters
    ----------
    rows
        As :func:`core.crime.deprivation.analysis.variants` returns them.
    """
    switches = {
        "taking the logarithm": rows["measure"].str.startswith(LOGARITHM),
        "leaving out the outliers": ~rows["with_outliers"],
        "counting per resident": rows["measure"].str.endswith(PER_RESIDENT),
        "taking the crime domain out of the score": rows["score"] != SCORES[0],
    }
    moved = {text: _moved(rows["r2"], on) for text, on in switches.items() if on.nunique() > 1}
    order = sorted(moved, key=lambda text: -abs(moved[text]))
    sentence = listed(f"{text} {signed(moved[text] * POINTS, 1)}" for text in order)
    return f"How each choice changes {R_SQUARED}, in percentage points on average: {sentence}."


def _moved(values: pd.Series, on: pd.Series) -> float:
    return float(values[on].mean() - values[~on].mean())
