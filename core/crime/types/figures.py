"""Types of crime as figures: one area, one type in every district, location quotients, two areas compared."""

import altair as alt
import pandas as pd

from core.crime.area import EVERYWHERE
from core.crime.text import per_cent, place_text
from core.crime.types.analysis import areas
from core.crime.types.text import (
    LINES_NOTE,
    PAIR_NOTE,
    QUOTIENTS_MEAN,
    ROUNDED_NOTE,
    SHARES_NOTE,
    clear,
    clear_differences,
    intervals_note,
    pair_finding,
    share_text,
    times_text,
)
from core.presentation import charts
from core.presentation.charts import Figure, estimates
from core.presentation.numbers import lower_first, number
from core.stats.regression.errors import listed
from core.tables.panel import POINTS

TYPE, AREA, RECORDS, SHARE = "Type", "Area", "Records", "Share (%)"
FROM, TO = "95% interval from", "95% interval to"
SHARE_AXIS = "Share of recorded crime"


def shares_of_types_figure(table: pd.DataFrame, area: str, period: str) -> Figure:
    """All types in one area as bars from the most recorded down, with a mark for all districts.

    Parameters
    ----------
    table
        From :func:`core.crime.types.design_effects.typed_compositions`.
    area
        One of its areas.
    period
        Label of the months counted.
    """
    rows, overall = (table[table["area"] == name] for name in (area, EVERYWHERE))
    first, second = rows.iloc[0], rows.iloc[min(1, len(rows) - 1)]
    everywhere = rows["crime_type"].map(overall.set_index("crime_type")["share"])
    alone = table.loc[table["kind"] == "district", "area"].nunique() == 1
    reference = "" if alone or area == EVERYWHERE else EVERYWHERE
    return Figure(
        name="composition",
        title=(
            f"{area}: {share_text(first)} are {lower_first(first['crime_type'])}, {per_cent(second['share'])} "
            f"{lower_first(second['crime_type'])}"
        ),
        charts=(_bars(rows.assign(label=rows["crime_type"], reference=everywhere), SHARE_AXIS, reference),),
        alt=f"Bars: share of each type of crime in {area}, {period}. {_described(rows, 'crime_type')}.",
        table=_composition_table(rows.assign(everywhere=everywhere)),
        note=f"{_marks(reference)}{SHARES_NOTE} {intervals_note(table)}",
    )


def type_figure(table: pd.DataFrame, crime_type: str, highlighted: str) -> Figure:
    """One type in every district as bars, the highest share first.

    Parameters
    ----------
    highlighted
        District in the accent colour; empty for all of them.
    """
    of_type = table[table["crime_type"] == crime_type]
    districts = of_type[of_type["kind"] == "district"].sort_values("share", ascending=False)
    overall = float(of_type.loc[of_type["area"] == EVERYWHERE, "share"].iloc[0])
    most, least = districts.iloc[0], districts.iloc[-1]
    extremes = [f"{share_text(end)} in {end['area']}" for end in (most, least)]
    rows = districts.assign(label=districts["area"], reference=overall, everywhere=overall)
    return Figure(
        name="type",
        title=f"{crime_type}: {', '.join(extremes)}",
        charts=(_bars(rows, f"{crime_type} as a share of recorded crime", EVERYWHERE, highlighted),),
        alt=f"Bars: share of {lower_first(crime_type)} in each district. {_described(districts, 'area')}.",
        table=_composition_table(rows),
        note=_marks(EVERYWHERE) + LINES_NOTE,
    )


def quotients_figure(quotients: pd.DataFrame, district: str) -> Figure:
    """Location quotients of one district as dots with intervals on a logarithmic axis.

    Parameters
    ----------
    quotients
        From :func:`core.crime.types.design_effects.quotients`.
    """
    selected = quotients[quotients["area"] == district].sort_values("quotient", ascending=False)
    highlighted = clear(selected)
    more, less = (
        selected.loc[highlighted & side, "crime_type"] for side in (selected["quotient"] > 1, selected["quotient"] < 1)
    )
    parts = [f"{_named(types)} {text}" for types, text in ((more, "more common"), (less, "less common")) if len(types)]
    axis = "Location quotient: times as common (logarithmic)"
    rows = selected.assign(
        label=selected["crime_type"],
        value=selected["quotient"],
        text=selected["quotient"].map(number),
        highlighted=highlighted,
    )
    return Figure(
        name="quotients",
        title=f"{district}: {'; '.join(parts) or 'no type clearly more or less common'} than in all districts",
        charts=(charts.intervals(rows[selected["low"] > 0], axis, "Location quotient", 1.0, log=True),),
        alt=(
            f"Dots with intervals: location quotient of each type of crime in {district}, next to a line at 1. "
            f"Highest: {selected.iloc[0]['crime_type']}, {times_text(selected.iloc[0])}."
        ),
        table=_quotient_rows(selected),
        note=(f"{QUOTIENTS_MEAN} In colour: clearly different from 1, as about one in twenty would be by chance."),
    )


def quotient_table_figure(quotients: pd.DataFrame) -> Figure:
    """Every type in every district as a shaded table of location quotients."""
    of_type = quotients.groupby("crime_type")["records"].transform("sum")
    rows = quotients.assign(clear=clear(quotients), of_type=of_type)
    rows = rows.sort_values(["of_type", "crime_type", "area"], ascending=[False, True, True])
    top = rows.sort_values("low").iloc[-1]
    most = f"{lower_first(top['crime_type'])} in {top['area']}, {number(top['quotient'])} times as common"
    return Figure(
        name="all_quotients",
        title=(
            f"{rows['clear'].sum() or 'None'} of {len(rows)} shares differ clearly from those of all districts"
            f"{f'; what stands out most is {most}' if top['low'] > 1 else ''}"
        ),
        charts=(charts.quotient_table(rows, "Times as common as in all districts"),),
        alt=(
            f"Table of location quotients, types of crime by district, shaded where clearly different from 1. "
            f"{top['crime_type']} in {top['area']}: {times_text(top)}."
        ),
        table=_quotient_rows(rows),
        note=(
            f"{QUOTIENTS_MEAN} Blue: more common; orange: less; unshaded: no clear difference. Of "
            f"{len(rows)} quotients about {round(len(rows) / 20)} would be shaded by chance."
        ),
    )


def pair_figure(compared: pd.DataFrame, one: str, other: str, name: str) -> Figure:
    """Two areas compared: the shares of each type, and their difference with its interval.

    Parameters
    ----------
    compared
        From :func:`core.crime.types.design_effects.differences`.
    one, other
        What was compared.
    name
        Of the figure.
    """
    here, there = place_text(one), place_text(other)
    differing = clear_differences(compared)
    shares = compared.assign(label=compared["crime_type"], one=compared["share_one"], other=compared["share_other"])
    shares[["one", "other"]] *= POINTS
    gaps = compared[["difference", "low", "high"]] * POINTS
    gaps = gaps.rename(columns={"difference": "points"}).assign(label=compared["crime_type"], highlighted=differing)
    tested = bool(compared["p_holm"].notna().any())
    return Figure(
        name=name,
        title=pair_finding(compared, one, other),
        charts=(
            charts.paired_dots(shares, (one, other), SHARE_AXIS),
            estimates(gaps, "", "Percentage points, the first less the second", unit="Percentage points"),
        ),
        alt=(
            f"Two charts with a row for each type of crime: its share of recorded crime in {here} and in {there}, and "
            f"the difference with its 95% interval. {pair_finding(compared, one, other)}."
        ),
        table=_pair_table(compared, one, other),
        note=f"{PAIR_NOTE if tested else ROUNDED_NOTE} {LINES_NOTE}",
        side_by_side=True,
    )


def published_figure(table: pd.DataFrame) -> Figure:
    """The LSOAs whose composition was published, each as bars from the most recorded type down."""
    published = table[(table["kind"] == "LSOA") & (table["rounding"] > 0)]
    names = areas(published)
    compositions = {name: published[published["area"] == name] for name in names}
    firsts = [
        f"{lower_first(composition.iloc[0]['crime_type'])} ({per_cent(composition.iloc[0]['share'])}) in {name}"
        for name, composition in compositions.items()
    ]
    return Figure(
        name="published_mixes",
        title=f"Most recorded: {listed(firsts)}",
        charts=tuple(
            _bars(
                composition.assign(label=composition["crime_type"]),
                f"{name}: share of {number(composition['total'].iloc[0], 0)} records",
            )
            for name, composition in compositions.items()
        ),
        alt=". ".join(
            f"Bars: types of crime in {name}. {_described(composition, 'crime_type')}"
            for name, composition in compositions.items()
        )
        + ".",
        table=_composition_table(published),
        note=f"{ROUNDED_NOTE} {LINES_NOTE} They take every record as drawn on its own, and are too narrow.",
        side_by_side=True,
    )


def shares_table(table: pd.DataFrame) -> pd.DataFrame:
    """Every share of every area, under readable names."""
    overall = table[table["area"] == EVERYWHERE].set_index("crime_type")["share"]
    return _composition_table(table.assign(everywhere=table["crime_type"].map(overall)))


def _bars(rows: pd.DataFrame, axis: str, reference: str = "", highlighted: str = "") -> alt.LayerChart:
    drawn = rows.assign(
        value=rows["share"] * POINTS,
        low=rows["low"] * POINTS,
        high=rows["high"] * POINTS,
        reference=rows["reference"] * POINTS if reference else 0.0,
        text=_shares(rows),
        highlighted=(rows["label"] == highlighted) | (not highlighted),
    )
    columns = ["label", "value", "low", "high", "text", "highlighted", "reference"]
    return charts.interval_bars(drawn[columns], axis, reference)


def _described(rows: pd.DataFrame, label: str) -> str:
    return "; ".join(rows[label] + ": " + _shares(rows))


def _shares(rows: pd.DataFrame) -> pd.Series:
    """Shares in per cent, with no more decimals than were published."""
    pairs = zip(rows["share"], rows["rounding"], strict=True)
    return pd.Series([per_cent(share, 1 if rounding else None) for share, rounding in pairs], rows.index)


def _marks(reference: str) -> str:
    return f"Triangles: {lower_first(reference)} together. " if reference else ""


def _named(types: pd.Series) -> str:
    return listed(map(lower_first, types))


def _composition_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of compositions under readable names; ``everywhere``, if present, is the share in all districts."""
    shares = {SHARE: "share", FROM: "low", TO: "high", f"{EVERYWHERE} (%)": "everywhere", "Rounded by (%)": "rounding"}
    return pd.DataFrame(
        {
            AREA: rows["area"],
            TYPE: rows["crime_type"],
            RECORDS: rows["records"].round(1),
            "All records": rows["total"],
            **{name: rows[column] * POINTS for name, column in shares.items() if column in rows},
            "Design effect": rows["effect"],
        }
    )


def _quotient_rows(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            AREA: rows["area"],
            TYPE: rows["crime_type"],
            RECORDS: rows["records"],
            SHARE: rows["share"] * POINTS,
            f"{EVERYWHERE} (%)": rows["share_of_all"] * POINTS,
            "Location quotient": rows["quotient"],
            FROM: rows["low"],
            TO: rows["high"],
        }
    )


def _pair_table(compared: pd.DataFrame, one: str, other: str) -> pd.DataFrame:
    points = compared[["share_one", "share_other", "difference", "low", "high"]] * POINTS
    names = [f"{one} (%)", f"{other} (%)", "Difference (points)", FROM, TO]
    found = points.set_axis(names, axis="columns").assign(**{"p": compared["p"], "p (Holm)": compared["p_holm"]})
    return found.set_axis(found.index).assign(**{TYPE: compared["crime_type"]})[[TYPE, *found.columns]]
