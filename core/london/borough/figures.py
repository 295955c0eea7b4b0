"""One borough as figures: trust with its margin and forecast, changes of each measure, rates over time."""

import math

import pandas as pd

from core.london.borough.analysis import (
    Standing,
    ahead,
    change,
    continuing,
    dated,
    first_quarter,
    last_quarter,
    scores,
    standing,
    with_margins,
    year_before,
)
from core.london.borough.section_text import CHANGES_NOTE, changes
from core.london.borough.stand_out import SINCE, YEAR
from core.london.borough.text import band_note, per_1000, whole
from core.london.column_help import RATE_AXIS
from core.london.forecast.view import Forecasts
from core.london.panel import TRUST
from core.london.survey_error import score_margins
from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.numbers import YES_NO, lower_first, number
from core.sources.london.boroughs import LONDON
from core.tables.catalogue import Catalogue
from core.tables.panel import POINTS, Panel
from core.tables.quarters import last_month, quarter_end, quarter_label

COLUMNS = {
    "line": "Where",
    "kind": "What",
    "quarter": "Quarter",
    "quarter_label": "Months",
    "value": "% of residents asked",
    "low": "Range from (%)",
    "high": "Range to (%)",
}
AVERAGE = "Boroughs' average"
KINDS = {"known": "survey", "ahead": "forecast"}


def trust_figure(panel: Panel, wide: pd.DataFrame, found: Forecasts, borough: str, catalogue: Catalogue) -> Figure:
    """Trust in `borough` with its margin next to London's, and the forecast of the next published figures.

    Parameters
    ----------
    wide
        London as a whole, one row per quarter.
    """
    now = standing(panel, borough)
    rows = trust_rows(panel, wide, found, now)
    label = catalogue.label(TRUST)
    return Figure(
        name="borough_trust",
        title=f"{borough}: {_compared(now, rows)}",
        charts=(charts.place_over_time(rows, borough, f"{label} (% of residents asked)", "%", sign="%"),),
        alt=(
            f"Lines of {lower_first(label)} in {borough} and in {_elsewhere(rows)} by quarter, with a band and a "
            "forecast."
        ),
        table=rows.assign(kind=rows["kind"].map(KINDS))[list(COLUMNS)].rename(columns=COLUMNS),
        note=band_note(now.quarter, str(wide.loc[wide[TRUST].notna(), "quarter"].max())),
    )


def trust_rows(panel: Panel, wide: pd.DataFrame, found: Forecasts, now: Standing) -> pd.DataFrame:
    """What is drawn: the survey in the borough and in London or all boroughs, and the forecast."""
    known = scores(panel, now.measure)[now.borough].dropna()
    margin = score_margins(known)
    borough = [(ends.clip(0, 1) * POINTS).tolist() for ends in (known, known - margin, known + margin)]
    london = wide.set_index("quarter")[now.measure].dropna() * POINTS
    if now.quarter in london.index:
        whole_of, of_all = LONDON, london
    else:  # what the borough is compared with has to reach as far as its own line
        whole_of, of_all = AVERAGE, scores(panel, now.measure).mean(axis=1).dropna() * POINTS
    coming = ahead(found, now.borough, now.quarter, now.measure)
    fan = list(coming[["quarter", "value", "low", "high"]].itertuples(index=False, name=None))
    start = [(known.index[-1], borough[0][-1], now.value, now.value)] if fan else []
    rows = [
        *((*row, now.borough, "known") for row in zip(known.index, *borough, strict=True)),
        *((quarter, value, math.nan, math.nan, whole_of, "known") for quarter, value in of_all.items()),
        *((*row, now.borough, "ahead") for row in (*start, *fan)),
    ]
    return _labelled(pd.DataFrame(rows, columns=["quarter", "value", "low", "high", "line", "kind"]))


def _elsewhere(rows: pd.DataFrame) -> str:
    """What the grey line stands for, in a sentence."""
    return LONDON if LONDON in set(rows["line"]) else "the average of the boroughs"


def _labelled(rows: pd.DataFrame) -> pd.DataFrame:
    ends = pd.to_datetime(rows["quarter"].map(quarter_end))
    return rows.assign(quarter_end=ends, quarter_label=rows["quarter"].map(quarter_label))


def _compared(now: Standing, rows: pd.DataFrame) -> str:
    """'56% trust the Met, below London's 69%', or than the average of the boroughs where London has no figure yet."""
    (other,) = rows[(rows["line"] != now.borough) & (rows["quarter"] == now.quarter)]["value"]
    apart = now.value - other
    place = "close to" if abs(apart) <= now.margin else "above" if apart > 0 else "below"
    whose = f"London's {whole(other)}" if LONDON in set(rows["line"]) else f"the boroughs' average of {whole(other)}"
    return f"{whole(now.value)} trust the Met in {quarter_label(now.quarter)}, {place} {whose}"


def rate_figure(table: pd.DataFrame, borough: str, name: str, what: str, note: str) -> Figure:
    """A rate in `borough` over time next to London's.

    Parameters
    ----------
    table
        As :func:`core.london.borough.analysis.rates` makes it.
    what
        What is counted, such as ``"Recorded crime"``.
    """
    rows = _labelled(dated(table, [borough, LONDON])).assign(kind="known", low=float("nan"), high=float("nan"))
    first, last, london = table[borough].iloc[0], table[borough].iloc[-1], table[LONDON].iloc[-1]
    axis = f"{what}{RATE_AXIS}"
    per = ",.1f" if table[[borough, LONDON]].to_numpy().max() < POINTS else ",.0f"
    return Figure(
        name=name,
        title=(
            f"{borough}: {per_1000(last)} per 1,000 residents in the year to {last_month(str(table.index[-1]))}, "
            f"{_side(last, london)} London's {per_1000(london)}"
        ),
        charts=(charts.place_over_time(rows, borough, axis, " per 1,000", per),),
        alt=f"Lines of {lower_first(axis)} in {borough} and in London; in {borough} from {number(first, 1)} to "
        f"{number(last, 1)}.",
        table=rows[["line", "quarter", "quarter_label", "value"]].rename(columns={**COLUMNS, "value": axis}),
        note=note,
    )


def change_rows(panel: Panel, borough: str, catalogue: Catalogue) -> pd.DataFrame:
    """The change of each measure over a year and since 2016: ``label``, ``points``, ``low``, ``high``, ``kind``."""
    measures = continuing(panel, catalogue)
    now = {name: last_quarter(panel, borough, name) for name in measures}
    found = {(name, YEAR): change(panel, borough, name, year_before(now[name])) for name in measures}
    found |= {(name, SINCE): change(panel, borough, name, first_quarter(panel, name)) for name in measures}
    rows = [
        {
            "label": catalogue.label(name),
            "kind": kind,
            "since": each.since,
            "until": now[name],
            "points": each.points,
            "low": each.points - each.margin,
            "high": each.points + each.margin,
            "highlighted": each.clear,
        }
        for (name, kind), each in found.items()
        if each is not None
    ]
    return pd.DataFrame(rows)


def changes_figure(panel: Panel, borough: str, catalogue: Catalogue) -> Figure:
    """The change of each measure that continues, over a year and since 2016, with its margin."""
    rows = change_rows(panel, borough, catalogue)
    titles = {SINCE: "Change since 2016", YEAR: "Change over a year"}
    parts = {kind: rows[rows["kind"] == kind] for kind in titles if (rows["kind"] == kind).any()}
    drawn = [
        charts.estimates(
            part, "Percentage points", titles[kind], unit="Change in points", bars="95% margin", fmt="+.0f"
        )
        for kind, part in parts.items()
    ]
    listed = "; ".join(
        rows["label"] + " " + rows["kind"].map(titles).str.lower() + rows["points"].map(" {:+.0f}".format)
    )
    return Figure(
        name="borough_changes",
        title=changes(rows, borough),
        charts=tuple(drawn),
        alt=f"Changes of survey measures in {borough}, in percentage points: {listed}.",
        table=pd.DataFrame(
            {
                "Measure": rows["label"],
                "From": rows["since"],
                "To": rows["until"],
                "Change (points)": rows["points"],
                "95% margin from": rows["low"],
                "95% margin to": rows["high"],
                "Beyond chance": rows["highlighted"].map(YES_NO),
            }
        ),
        note=CHANGES_NOTE,
        side_by_side=True,
    )


def side_by_side(panel: Panel, crime: pd.DataFrame, force: pd.DataFrame, similar: pd.DataFrame) -> pd.DataFrame:
    """The boroughs of `similar` with trust, force and crime next to each other.

    Parameters
    ----------
    crime, force
        As :func:`core.london.borough.analysis.rates` makes them.
    similar
        ``borough`` and ``distance``, the borough itself first.
    """
    names = list(similar["borough"])
    now = with_margins(panel, names)
    return pd.DataFrame(
        {
            "Borough": names,
            "Trust (%)": [round(value) for value in now["value"]],
            "95% margin (points)": [round(margin) for margin in now["margin"]],
            "Use of force per 1,000": force.iloc[-1][names].to_numpy(),
            "Recorded crime per 1,000": crime.iloc[-1][names].to_numpy(),
            "Distance": similar["distance"],
        }
    )


def _side(value: float, other: float) -> str:
    """'above', 'below' or 'the same as', as the figures are written."""
    if per_1000(value) == per_1000(other):
        return "the same as"
    return "above" if value > other else "below"
