"""Bicycle theft as figures: by distance from a campus, the safest and the worst LSOAs, and those without a theft."""

import numpy as np
import pandas as pd

from core.crime.area import BICYCLE_THEFT, PER_RESIDENTS, CrimeArea
from core.crime.bicycle_theft.text import DISTANCE_NOTE, EXTREMES_NOTE, NoTheft
from core.crime.geography.distances import KINDS, distance_bands, gradient_rows
from core.crime.geography.rate_map import BASES
from core.crime.intervals import poisson_interval
from core.crime.lsoa_rates import Base, safest, shrinkage, worst
from core.crime.rate_figures import TOP, bands_chart, lsoa_table
from core.crime.text import rate
from core.presentation import charts
from core.presentation.charts import AnyChart, Figure
from core.presentation.numbers import number
from core.sources.small_areas.places import UNIVERSITY

MEASURES = {"per_1000_residents": "Per 1,000 residents", "per_1000_records": "Per 1,000 records of all types"}
BAND_COLUMNS = {
    "band": "Distance to the nearest campus",
    "lsoas": "LSOAs",
    "msoas": "MSOAs",
    "residents": "Residents",
    "all_records": "Records of all types",
    "records": "Thefts",
    **{
        f"{name}{end}": f"{text}{end_text}"
        for name, text in MEASURES.items()
        for end, end_text in (("", ""), ("_low", ", 95% interval from"), ("_high", ", to"))
    },
}


def campus_bands(area: CrimeArea) -> pd.DataFrame:
    """Thefts by distance to the nearest campus; see ``distance_profile``."""
    return distance_bands(area, BICYCLE_THEFT, (UNIVERSITY,))


def campus_gradients(area: CrimeArea, per: Base) -> pd.DataFrame:
    """What a doubling of each distance goes with, for thefts per `per`; see ``gradient_rows``."""
    return gradient_rows(area, BICYCLE_THEFT, KINDS, per)


def campus_figure(bands: pd.DataFrame, period: str) -> Figure:
    """Thefts of `period` by distance to the nearest campus, per 1,000 residents and per 1,000 records of all types."""
    near, far = bands.iloc[0], bands.iloc[-1]
    compared = [
        f"{rate(near[name])} and {rate(far[name])} {text[:1].lower()}{text[1:]}" for name, text in MEASURES.items()
    ]
    return Figure(
        name="campus_distances",
        title=f"Thefts in {period}, {near['band']} from a campus and {far['band']} away: {compared[0]}, {compared[1]}",
        charts=tuple(bands_chart(bands, name, text) for name, text in MEASURES.items()),
        alt=f"Two dot plots with intervals, thefts by distance to the nearest campus: {compared[0]}; {compared[1]}.",
        table=bands[list(BAND_COLUMNS)].rename(columns=BAND_COLUMNS),
        note=DISTANCE_NOTE,
        side_by_side=True,
    )


def extremes_figure(rates: pd.DataFrame, per: Base, average: float, period: str) -> Figure:
    """The LSOAs with the highest and with the lowest shrunk rates.

    Parameters
    ----------
    rates
        Of the selected LSOAs, the highest shrunk rate first.
    average
        Rate of all LSOAs of the place per 1,000 of the base.
    period
        Label of the months counted.
    """
    high, low = worst(rates, TOP), safest(rates, TOP)
    unit = f"per 1,000 {BASES[per]}"
    ends = [f"{rate(row['shrunk'])} in {row['LSOA']}" for row in (high.iloc[0], low.iloc[0])]
    return Figure(
        name="safest_and_worst",
        title=f"Smoothed rates of theft {unit} in {period}: from {ends[0]} down to {ends[1]}",
        charts=(
            _extremes(high, f"Highest, thefts {unit}, {period}", average, highlighted=True),
            _extremes(low, f"Lowest, thefts {unit}, {period}", average, highlighted=False),
        ),
        alt=(
            f"Two dot plots with credible intervals: the {len(high)} LSOAs with the highest and the {len(low)} with "
            f"the lowest smoothed rates, {ends[0]} and {ends[1]}."
        ),
        table=lsoa_table(pd.concat([high, low]).drop_duplicates("lsoa11_code"), per),
        note=f"{EXTREMES_NOTE} The average is {rate(average)} {unit} in {period}.",
        side_by_side=True,
    )


def no_theft(rates: pd.DataFrame) -> NoTheft:
    """LSOAs without a theft, of those in `rates`, and how many chance alone would give."""
    records, base = rates["records"].to_numpy(dtype=float), rates["base"].to_numpy(dtype=float)
    none, average = records == 0, records.sum() / base.sum()
    shape, inverse_scale = shrinkage(records, base).posterior(records, base)
    # Given its rate the next count is Poisson; over what the rate may be, negative binomial.
    stays = (inverse_scale / (inverse_scale + base)) ** shape
    size = float(np.median(base[none])) if none.any() else 0.0
    return NoTheft(
        lsoas=int(none.sum()),
        total=len(rates),
        if_alike=float(np.exp(-base * average).sum()),
        next_time=float((1 - stays[none]).sum()),
        size=size,
        chance=float(np.exp(-size * average)),
        at_most=float(poisson_interval(np.zeros(1))[1][0] / size * PER_RESIDENTS) if size else 0.0,
        average=average * PER_RESIDENTS,
    )


def _extremes(rows: pd.DataFrame, axis: str, average: float, highlighted: bool) -> AnyChart:
    drawn = pd.DataFrame(
        {
            "label": rows["LSOA"],
            "value": rows["shrunk"],
            "low": rows["shrunk_low"],
            "high": rows["shrunk_high"],
            "text": rows["shrunk"].map(rate) + " (" + rows["records"].map(lambda count: number(count, 0)) + ")",
            "highlighted": highlighted,
        }
    )
    return charts.intervals(drawn, f"{axis} (in brackets: thefts)", "Smoothed rate", average)
