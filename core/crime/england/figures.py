"""Pictures and tables of crime and deprivation in England's neighbourhoods."""

import pandas as pd

from core.crime.england import text
from core.crime.england.analysis import Compared, LondonCompared, ratio_row
from core.crime.england.question import EnglandSpec
from core.crime.text import counted
from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.numbers import upper_first
from core.sources.police.street_crime_2025 import YEAR

RATIO_AXIS = "Rate in the most deprived fifth, times that in the least deprived"
AVERAGE = "Average over forces"
PREDICTED = "Another force, 95%"
NO_WIDE = {"wide_low": float("nan"), "wide_high": float("nan")}
FORCE_COLUMNS = {
    "force": "Police force",
    "ratio": "Times the rate",
    "low": "95% interval from",
    "high": "95% interval to",
    "most": "Per 1,000 residents, most deprived fifth",
    "least": "Per 1,000 residents, least deprived fifth",
    "areas": "Neighbourhoods",
    "records": "Records",
}
TYPE_COLUMNS = {
    "crime_type": "Crime type",
    "ratio": "Times the rate",
    "low": "95% interval from",
    "high": "95% interval to",
    "records": "Records",
}
CHOICE_COLUMNS = {
    "choice": "Choice",
    "ratio": "Times the rate",
    "low": "95% interval from",
    "high": "95% interval to",
    "predicted_low": "Another force from",
    "predicted_high": "Another force to",
    "higher": "Forces with a higher rate",
    "forces": "Police forces",
}
FIFTH_COLUMNS = {"label": "Fifth of neighbourhoods", "rate": "Per 1,000 residents", "areas": "Neighbourhoods"}
FIFTH_STEP = 48  # pixels from bar to bar: five of them fill the place of the picture in a summary
FIFTH_NAMES = {1: "Most deprived", 2: "Second", 3: "Middle", 4: "Fourth", 5: "Least deprived"}


def forest(found: Compared) -> Figure:
    """The ratio of every force, and the average over them with its prediction interval."""
    rows = found.forces.assign(label=found.forces["force"], highlighted=False, **NO_WIDE)
    if found.average:
        ratios = ratio_row(found.average)
        average = {name: ratios[name] for name in ("ratio", "low", "high")}
        wide = {"wide_low": ratios["predicted_low"], "wide_high": ratios["predicted_high"]}
        top = pd.DataFrame([{"label": AVERAGE, **average, **wide, "highlighted": True}])
        rows = pd.concat([top, rows], ignore_index=True)
    drawn = rows[["label", "ratio", "low", "high", "highlighted", "wide_low", "wide_high"]]
    return Figure(
        name="england_forces",
        title=text.forest_title(found),
        charts=(charts.ratio_rows(drawn, RATIO_AXIS, PREDICTED),),
        alt=f"A dot with its 95% interval for each force, and the average over forces. {text.forest_title(found)}.",
        table=_with_average(found),
        note=f"{text.compared_text(found)} Bars: 95% intervals. Wide pale bar: where another force would lie.",
    )


def _with_average(found: Compared) -> pd.DataFrame:
    table = found.forces[list(FORCE_COLUMNS)].rename(columns=FORCE_COLUMNS)
    if found.average is None:
        return table
    ratios = ratio_row(found.average)
    rows = [
        [AVERAGE, ratios["ratio"], ratios["low"], ratios["high"]],
        [PREDICTED, float("nan"), ratios["predicted_low"], ratios["predicted_high"]],
    ]
    return pd.concat([table, pd.DataFrame(rows, columns=table.columns[:4])], ignore_index=True)


def fifths_figure(found: Compared) -> Figure:
    """Rate of each fifth of neighbourhoods, all forces together."""
    axis = f"{upper_first(counted(found.spec.crime_type))} per 1,000 residents, {YEAR}"
    return _bars("england_fifths", text.fifths_title(found), found.fifths, axis, "All forces together.")


def london_figure(found: LondonCompared) -> Figure:
    """Rate of each fifth in London, in its own categories."""
    title = f"London: {found.ratio:.1f} times as many offences in the most deprived fifth as in the least"
    axis = "Offences a year per 1,000 residents, categories of the Metropolitan Police"
    return _bars("london_fifths", title, found.fifths, axis, text.OWN_CATEGORIES)


def _bars(name: str, title: str, fifths: pd.DataFrame, axis: str, note: str) -> Figure:
    rows = fifths.assign(label=fifths["fifth"].map(FIFTH_NAMES))
    digits = ".0f" if rows["rate"].max() >= 10 else ".2f"
    return Figure(
        name=name,
        title=title,
        charts=(charts.sorted_bars(rows[["label", "rate"]], "rate", "label", axis, digits, FIFTH_STEP),),
        alt=f"A bar for each fifth of neighbourhoods by deprivation. {title}.",
        table=rows.rename(columns=FIFTH_COLUMNS)[list(FIFTH_COLUMNS.values())],
        note=note,
    )


def types_figure(types: pd.DataFrame, spec: EnglandSpec) -> Figure:
    """The ratio of every type of crime, all forces together."""
    known = types.dropna(subset=["ratio"])
    rows = known.assign(label=known["crime_type"], highlighted=known["crime_type"] == spec.crime_type, **NO_WIDE)
    title = text.types_title(types)
    return Figure(
        name="england_types",
        title=title,
        charts=(charts.ratio_rows(rows.drop(columns=["variance"]), RATIO_AXIS),),
        alt=f"A dot with its 95% interval for each type of crime. {title}.",
        table=known[list(TYPE_COLUMNS)].rename(columns=TYPE_COLUMNS),
        note="All forces together; 95% intervals let a whole force be an exception.",
    )


def choices_figure(variants: pd.DataFrame) -> Figure:
    """The average over forces for each way to choose."""
    rows = variants.rename(columns={"predicted_low": "wide_low", "predicted_high": "wide_high"})
    rows = rows.assign(label=rows["choice"], highlighted=rows.index == 0)
    title = text.verdict_reason(variants)
    return Figure(
        name="england_choices",
        title=title,
        charts=(charts.ratio_rows(rows, RATIO_AXIS, PREDICTED),),
        alt=f"A dot with its 95% interval for each way to choose. {title}",
        table=variants[list(CHOICE_COLUMNS)].rename(columns=CHOICE_COLUMNS),
        note="Averages over forces. Each row changes one choice. Wide pale bar: where another force would lie.",
    )
