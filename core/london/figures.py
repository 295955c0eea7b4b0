"""Force and trust over time: totals, two lines, a borough's history, events and gaps."""

import pandas as pd

from core.london.borough_map import PER_CENT
from core.london.map.figures import MapView, is_score
from core.london.panel import PER_RESIDENTS
from core.london.questions import LAST_UNSETTLED
from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.numbers import (
    lower_first,
    number,
)
from core.sources.london.boroughs import LONDON
from core.tables.catalogue import Catalogue
from core.tables.gaps import missing_shares
from core.tables.panel import Panel
from core.tables.quarters import months_of, quarter_label


def totals_figure(wide: pd.DataFrame, variable: str, catalogue: Catalogue) -> Figure:
    """London totals of `variable` by quarter; `wide` has one row per quarter."""
    rows = wide.loc[wide[variable].notna(), ["quarter", "quarter_end", variable]].assign(
        quarter_label=lambda frame: frame["quarter"].map(quarter_label)
    )
    first, last = rows.iloc[0], rows.iloc[-1]
    top = rows.iloc[int(rows[variable].argmax())]
    label = catalogue.label(variable)
    return Figure(
        name=f"totals_{variable}",
        title=(
            f"{label}: {number(first[variable], 0)} a quarter in {first['quarter_label']}, at most "
            f"{number(top[variable], 0)} in {top['quarter_label']}, and {number(last[variable], 0)} "
            f"in {last['quarter_label']}"
        ),
        charts=(charts.bars_over_time(rows, variable, f"{label} in the quarter"),),
        alt=f"Bars: {lower_first(label)} in London by quarter, {first['quarter_label']} to {last['quarter_label']}.",
        table=rows[["quarter", "quarter_label", variable]].rename(
            columns={"quarter": "Quarter", "quarter_label": "Months", variable: label}
        ),
        note=catalogue.help(variable),
    )


def over_time_figure(
    wide: pd.DataFrame,
    panel: Panel,
    outcome: str,
    variable: str,
    borough: str,
    catalogue: Catalogue,
    events: pd.DataFrame | None = None,
) -> Figure:
    """Force per resident and the score over time, in two panels under each other; one borough next to London.

    From when the recording of force had settled: the rise before says more of recording than of force.
    """
    lines = {LONDON: wide}
    if borough:
        lines[borough] = panel.frame[panel.frame[panel.area] == borough]
    axes = {
        variable: f"{catalogue.label(variable)} per 1,000 residents",
        outcome: f"{catalogue.label(outcome)} ({PER_CENT})",
    }
    rows = pd.concat(
        [
            _history(_settled(frame, variable), line, name, name == outcome, name == variable).assign(panel=axis)
            for name, axis in axes.items()
            for line, frame in lines.items()
        ],
        ignore_index=True,
    )
    highlighted = borough or LONDON
    own = rows[rows["line"] == highlighted].groupby("panel")["value"]
    first, last = own.first(), own.last()
    force, score = ((float(first[axes[name]]), float(last[axes[name]])) for name in (variable, outcome))
    return Figure(
        name="over_time",
        title=(
            f"{highlighted} since {months_of(rows['quarter'].min())}: {lower_first(catalogue.label(variable))} "
            f"{_moved(force, 1)} per 1,000 residents a quarter; "
            f"{lower_first(catalogue.label(outcome))} {_moved(score, 0)}%"
        ),
        charts=tuple(
            charts.lines_over_time(rows[rows["panel"] == axis], highlighted, axis, fmt, events)
            for axis, fmt in zip(axes.values(), (".1f", ".0f"), strict=True)
        ),
        alt=f"Two line charts over the same quarters: {' and '.join(axes.values())}.",
        table=rows[["line", "panel", "quarter", "quarter_label", "value"]].rename(
            columns={
                "quarter": "Quarter",
                "quarter_label": "Months",
                "line": "Where",
                "panel": "Figure",
                "value": "Value",
            }
        ),
        note="Both lines move over time, but that alone does not show a link: much else changed in these years."
        + charts.events_note(events, rows),
    )


def _settled(frame: pd.DataFrame, variable: str) -> pd.DataFrame:
    """The quarters with `variable` since recording had settled; all of them where there are none since."""
    there = frame[frame[variable].notna()]
    settled = there[there["quarter"] > LAST_UNSETTLED]
    return there if settled.empty else settled


def _moved(ends: tuple[float, float], digits: int) -> str:
    """'rose from 3.1 to 4.0', 'fell from 78 to 60'; 'stayed at 60' where no digit that is shown changes."""
    first, last = (number(end, digits) for end in ends)
    if first == last:
        return f"stayed at {last}"
    return f"{'rose' if ends[1] > ends[0] else 'fell'} from {first} to {last}"


def events_table(events: pd.DataFrame) -> pd.DataFrame:
    """Dated events with what happened and where to check it."""
    return pd.DataFrame(
        {
            "No.": events["number"],
            "From": events["start"],
            "To": events["end"].fillna(""),
            "Event": events["label"],
            "What happened": events["description"],
            "Source": events["source"] + ", " + events["publisher"],
            "Address": events["url"].fillna(""),
        }
    )


def history_figure(
    wide: pd.DataFrame,
    panel: Panel,
    view: MapView,
    borough: str,
    catalogue: Catalogue,
    events: pd.DataFrame | None = None,
) -> Figure:
    """The map's figure over time: London, and next to it the `borough` picked, if any."""
    lines = {LONDON: wide}
    if borough:
        lines[borough] = panel.frame[panel.frame[panel.area] == borough]
    score = is_score(view.variable, catalogue)
    rate = not score and view.form == "per_1000"
    rows = pd.concat([_history(frame, line, view.variable, score, rate) for line, frame in lines.items()])
    highlighted = borough or LONDON
    unit = PER_CENT if score else "per 1,000 residents" if rate else catalogue.variable(view.variable).unit
    axis = f"{catalogue.label(view.variable)} ({unit})"
    own = rows[rows["line"] == highlighted].set_index("quarter")["value"]
    digits = 2 if rate and own.max() < 1 else 1 if rate else 0
    sign = "%" if score else ""
    return Figure(
        name="history",
        title=(
            f"{catalogue.label(view.variable)} in {highlighted}: lowest in {months_of(str(own.idxmin()))} "
            f"({number(own.min(), digits)}{sign}), "
            f"highest in {months_of(str(own.idxmax()))} ({number(own.max(), digits)}{sign})"
        ),
        charts=(charts.lines_over_time(rows, highlighted, axis, f",.{digits}f", events),),
        alt=f"Line chart of {lower_first(axis)} in {' and '.join(lines)} by quarter.",
        table=rows[["line", "quarter", "quarter_label", "value"]].rename(
            columns={"line": "Where", "quarter": "Quarter", "quarter_label": "Months", "value": axis}
        ),
        note=f"{catalogue.help(view.variable)}{charts.events_note(events, rows)}",
    )


def _history(frame: pd.DataFrame, line: str, variable: str, score: bool, rate: bool) -> pd.DataFrame:
    there = frame[frame[variable].notna()]
    per = 100 if score else PER_RESIDENTS / there["population"] if rate else 1
    return pd.DataFrame(
        {
            "line": line,
            "quarter": there["quarter"],
            "quarter_label": there["quarter"].map(quarter_label),
            "quarter_end": there["quarter_end"],
            "value": there[variable] * per,
        }
    )


def data_summary(catalogue: Catalogue, panel: Panel) -> str:
    """What figures there are, in a few sentences."""
    force = panel.frame[panel.frame[panel.total].notna()]
    survey_runs, force_runs = (
        f"{quarter_label(frame[panel.period].min())} to {quarter_label(frame[panel.period].max())}"
        for frame in (panel.frame, force)
    )
    records = number(force[panel.total].sum(), 0)
    return (
        f"{len(panel.areas)} boroughs. The survey runs from {survey_runs}, use of force from {force_runs}: "
        f"{len(force)} borough-quarters with {records} records. Every table below can be taken as CSV, and "
        f"`datapackage.json` next to them describes each column (version {catalogue.version})."
    )


def missing_figure(panel: Panel, catalogue: Catalogue) -> Figure:
    """Which figures are missing when: share of boroughs without a figure, by variable and quarter."""
    variables = [
        v.name for role in ("outcome", "force") for v in catalogue.with_role(role) if v.name in panel.frame.columns
    ]
    place = {name: at for at, name in enumerate(variables)}
    rows = missing_shares(panel, variables)
    rows = rows.assign(label=rows["variable"].map(catalogue.label)).sort_values(
        ["variable", panel.period], key=lambda column: column.map(place) if column.name == "variable" else column
    )
    there = rows[rows["missing"] < 1].groupby("variable")[panel.period]
    starts, ends = there.min(), there.max()
    inside = rows[rows[panel.period].between(rows["variable"].map(starts), rows["variable"].map(ends))]
    broken = inside.loc[inside["missing"] > 0, "variable"].nunique()
    late, early = starts[starts > panel.periods[0]], ends[ends < panel.periods[-1]]
    begins, stops = _spans(late, "from", catalogue), _spans(early, "to", catalogue)
    notes = f"{f'Start dates: {begins}. ' if begins else ''}{f'End dates: {stops}.' if stops else ''}".strip()
    return Figure(
        name="missing_values",
        title=(
            f"{number(len(late), 0)} of {len(variables)} measures start after {quarter_label(panel.periods[0])}, "
            f"{number(len(early), 0) if len(early) else 'none'} {'end' if len(early) != 1 else 'ends'} before "
            f"{quarter_label(panel.periods[-1])}; {number(broken, 0) if broken else 'none'} "
            f"{'have' if broken > 1 else 'has'} gaps in between"
        ),
        charts=(charts.heatmap(rows, panel.period, "label", "missing", "Boroughs without a figure"),),
        alt=f"Heat map of missing values, a row for each figure and a column for each quarter. {notes}",
        table=rows[["label", panel.period, "missing"]].rename(
            columns={"label": "Figure", panel.period: "Quarter", "missing": "Share of boroughs without a figure"}
        ),
        note=notes,
    )


def _spans(quarters: pd.Series, word: str, catalogue: Catalogue) -> str:
    """Which figures begin or end in which quarter; `quarters` by variable."""
    quarters = quarters.sort_values()
    return "; ".join(
        f"{', '.join(catalogue.label(str(name)) for name in names)}: {word} {quarter_label(str(quarter))}"
        for quarter, names in quarters.groupby(quarters).groups.items()
    )


EVENTS_NOTE = (
    "Dated events are marked for orientation. That a line turns near one does not mean that the one caused it."
)
