"""What the borough map shows: one figure in one quarter, or its change, with its uncertainty."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import pandas as pd
from scipy.special import ndtr

from core.london.borough_map import PER_CENT, BoroughMapData, digits_of, rises_and_falls
from core.london.panel import PER_RESIDENTS
from core.london.questions import SAMPLES
from core.london.survey_error import score_change_margin, score_margin
from core.presentation.maps import change_scale, level_scale
from core.presentation.numbers import interval_text, number, signed
from core.stats.dispersion import dispersion
from core.stats.regression.power import holm
from core.stats.uncertainty import Z_95, count_change_margin, count_margin
from core.tables.catalogue import Catalogue
from core.tables.options import Form
from core.tables.panel import Panel
from core.tables.quarters import months_of, quarter_label

MapKind = Literal["level", "change"]
KINDS: dict[MapKind, str] = {"level": "Level", "change": "Change"}
FORCE_FORMS: tuple[Form, ...] = ("per_1000", "count")
LEVEL = 95  # per cent of intervals
SIGNIFICANCE = 0.05


@dataclass(frozen=True, slots=True)
class MapView:
    """Every choice of the map page.

    Parameters
    ----------
    variable
        A score or a force count of the panel.
    form
        For counts: per 1,000 residents or as it is. Scores are always in per cent.
    kind
        The level in `quarter`, or the change from `since` to `quarter`.
    quarter, since
        Quarters; empty for the last with a figure, and for a year before that.
    events
        Whether its history marks dated events.
    """

    variable: str = "trust_mps"
    form: Form = "per_1000"
    kind: MapKind = "level"
    quarter: str = ""
    since: str = ""
    events: bool = False


def quarters_with(panel: Panel, variable: str) -> list[str]:
    """Quarters in which `variable` has a figure, in time order."""
    return sorted(panel.frame.loc[panel.frame[variable].notna(), panel.period].unique())


def complete_view(view: MapView, panel: Panel) -> MapView:
    """`view` with its quarters filled in and in time order."""
    quarters = quarters_with(panel, view.variable)
    last = view.quarter if view.quarter in quarters else quarters[-1]
    position = quarters.index(last)
    since = view.since if view.since in quarters and view.since < last else quarters[max(0, position - 4)]
    return replace(view, quarter=last, since=since)


def is_score(variable: str, catalogue: Catalogue) -> bool:
    """Whether `variable` is a survey score, and not a count."""
    return catalogue.variable(variable).role == "outcome"


def borough_map_data(view: MapView, panel: Panel, catalogue: Catalogue) -> BoroughMapData:
    """The figures that `view` asks for; `view` has both quarters (see :func:`complete_view`)."""
    score = is_score(view.variable, catalogue)
    now, before = (_at(panel, view.variable, quarter) for quarter in (view.quarter, view.since))
    residents = _at(panel, panel.population, view.quarter)
    if view.kind == "change":
        value, margin = _change(before, now, view, panel, score)
    else:
        value, margin = now, _margin(now, view, panel, score)
    per = 100 if score else PER_RESIDENTS / residents if view.form == "per_1000" else 1
    value, margin = value * per, margin * per
    rows = pd.DataFrame({"value": value, "low": value - margin, "high": value + margin}).rename_axis("borough")
    rows["clear"] = beyond_chance(value, margin) if view.kind == "change" else True
    scale = change_scale(rows["value"]) if view.kind == "change" else level_scale(rows["value"])
    digits = digits_of(scale, 1 if view.form == "per_1000" and not score else 0)
    write = _writer(view, score, digits)
    rows["text"] = [_text(row, view, catalogue, write, digits) for row in rows.itertuples()]
    finding = _finding(rows, view, catalogue, write)
    return BoroughMapData(
        rows.reset_index(), scale, _title(view, catalogue), write, digits, finding, LEVEL, view.kind == "change"
    )


def beyond_chance(change: pd.Series, margin: pd.Series) -> pd.Series:
    """Which changes are beyond chance, allowing for a look at all of them.

    Parameters
    ----------
    margin
        Half-widths of their 95% intervals.

    Returns
    -------
    Series
        Whether the p-value of each (two-sided, normal) is below 5% after Holm's correction (Holm 1979, Scandinavian
        Journal of Statistics 6). A change without a margin, as of a share of nought, counts only if there is any.
    """
    z = change.abs() / margin.where(margin > 0) * Z_95
    p = pd.Series(2 * ndtr(-z.fillna(0)), index=change.index).mask((margin == 0) & (change != 0), 0.0)
    known = p[change.notna()]
    return pd.Series(holm(known.tolist()), index=known.index).reindex(change.index, fill_value=1.0) < SIGNIFICANCE


def _margin(now: pd.Series, view: MapView, panel: Panel, score: bool) -> pd.Series:
    return score_margin(now, view.quarter) if score else count_margin(now, count_dispersion(panel, view.variable))


def count_dispersion(panel: Panel, variable: str) -> float:
    """How many times the variance of a borough's count is that of a Poisson count, over the quarters.

    From when the recording of force had settled, as far as all boroughs have figures.
    """
    rows = panel.frame[panel.frame[panel.period] >= SAMPLES["settled"].start]
    counts = rows.pivot(index=panel.area, columns=panel.period, values=variable).dropna(axis=1)
    return dispersion(counts.to_numpy(dtype=float))


def _at(panel: Panel, variable: str, quarter: str) -> pd.Series:
    frame = panel.frame[panel.frame[panel.period] == quarter]
    return frame.set_index(panel.area)[variable].astype(float)


def _change(before: pd.Series, now: pd.Series, view: MapView, panel: Panel, score: bool) -> tuple[pd.Series, pd.Series]:
    if score:
        return now - before, score_change_margin(before, now, view.since, view.quarter)
    return now - before, count_change_margin(before, now, count_dispersion(panel, view.variable))


def _writer(view: MapView, score: bool, digits: int) -> Callable[[float], str]:
    if view.kind == "change":
        unit = " points" if score else ""
        return lambda value: f"{signed(value, digits)}{unit}"
    unit = "%" if score else ""
    return lambda value: f"{number(value, digits)}{unit}"


def _unit(view: MapView, catalogue: Catalogue) -> str:
    if is_score(view.variable, catalogue):
        return "percentage points" if view.kind == "change" else PER_CENT
    return "per 1,000 residents" if view.form == "per_1000" else catalogue.variable(view.variable).unit


def _when(view: MapView) -> str:
    if view.kind == "level":
        return quarter_label(view.quarter)
    return f"change from {quarter_label(view.since)} to {quarter_label(view.quarter)}"


def _title(view: MapView, catalogue: Catalogue) -> str:
    return f"{catalogue.label(view.variable)}, {_when(view)} ({_unit(view, catalogue)})"


def _text(row: Any, view: MapView, catalogue: Catalogue, write: Callable[[float], str], digits: int) -> str:
    if view.kind == "change":
        interval = interval_text(row.low, row.high, digits)
        doubt = "" if row.clear else "\nCould be chance"
    else:
        interval, doubt = f"{number(max(row.low, 0), digits)} to {number(row.high, digits)}", ""
    # What is written of a score has its unit.
    unit = "" if is_score(view.variable, catalogue) else f" {_unit(view, catalogue)}"
    return f"{catalogue.label(view.variable)}: {write(row.value)}{unit}\n{LEVEL}% interval: {interval}{doubt}"


def _finding(rows: pd.DataFrame, view: MapView, catalogue: Catalogue, write: Callable[[float], str]) -> str:
    ordered = rows.sort_values("value")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    ends = f"from {write(low['value'])} in {low.name} to {write(high['value'])} in {high.name}"
    rate = view.form == "per_1000" and not is_score(view.variable, catalogue)
    label = f"{catalogue.label(view.variable)}{' per 1,000 residents' if rate else ''}"
    if view.kind == "level":
        return f"{label} ran {ends} in {months_of(view.quarter)}"
    when = f"from {months_of(view.since)} to {months_of(view.quarter)}"
    return f"{label} {rises_and_falls(rows, 'beyond chance')}, {when}; changes run {ends}"
