"""Ages of the people on whom force was used: composition of the records, and the comparison of boroughs by it.

Quarterly figures by age are not published in tables; totals over all quarters are. They allow a
comparison between the 32 boroughs, not within them over time.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from core.london.ages.question import AGE_BANDS
from core.london.panel import london_panel
from core.london.questions import LONDON_CONTROLS, LONDON_FIRST, LONDON_LAST, LONDON_SCORES
from core.stats.regression import FitResult, ModelSpec, fit
from core.tables.catalogue import DATA_DIR, Catalogue, load_catalogue
from core.tables.panel import Panel

UNDER_18, RECOVERED = "age_under_18", "age_under_18_with_recovered"
SPOILED = "age_recorded_as_date"
WHOLE_PERIOD = f"{LONDON_FIRST} to {LONDON_LAST}"


def age_counts(totals: pd.DataFrame, recovered: bool) -> pd.DataFrame:
    """Records by borough and age band.

    Parameters
    ----------
    totals
        One row per borough with the columns of ``AGE_BANDS`` and, for `recovered`, the under-18s with
        the records whose age a spreadsheet had turned into a date.
    recovered
        Whether to count those records back as under 18.

    Returns
    -------
    DataFrame
        Index ``borough``, one column per band.
    """
    counts = totals.set_index("borough")[list(AGE_BANDS)]
    if recovered:
        counts[UNDER_18] = totals.set_index("borough")[RECOVERED]
    return counts


def age_shares(totals: pd.DataFrame, recovered: bool) -> pd.DataFrame:
    """Share of each age band among the records with a known age; index ``borough``, one column per band."""
    counts = age_counts(totals, recovered)
    return counts.div(counts.sum(axis=1), axis=0)


def age_panel(panel: Panel, totals: pd.DataFrame, recovered: bool) -> Panel:
    """The boroughs as a cross-section: their mean scores over the quarters of the totals, and their ages.

    Counts are per quarter on average, so that rates compare with those of the quarterly panel; ``records``
    are those with a known age, of which shares are taken.
    """
    frame = panel.frame
    quarters = frame[(frame[panel.period] >= LONDON_FIRST) & (frame[panel.period] <= LONDON_LAST)]
    means = quarters.groupby(panel.area)[[*LONDON_SCORES, panel.population, *LONDON_CONTROLS]].mean()
    counts = age_counts(totals, recovered) / quarters[panel.period].nunique()
    rows = means.join(counts).assign(records=counts.sum(axis=1), quarter=WHOLE_PERIOD)
    return Panel(rows.rename_axis(panel.area).reset_index(), panel.area, panel.period, panel.population, panel.total)


def london_age_panel(recovered: bool, data_dir: Path | Catalogue = DATA_DIR) -> Panel:
    """:func:`age_panel` of the London figures in `data_dir`."""
    return age_panel(london_panel(data_dir), load_catalogue(data_dir).read_table("use_of_force_ages"), recovered)


def between_boroughs(
    panel: Panel, totals: pd.DataFrame, spec: ModelSpec, recovered: bool, labels: Mapping[str, str]
) -> dict[str, FitResult]:
    """One regression between boroughs for each age band, on its own: shares of one whole cannot enter together.

    Parameters
    ----------
    spec
        Outcome, form and controls; effects and period are set here.
    """
    rows = age_panel(panel, totals, recovered)
    return {
        band: fit(
            rows,
            ModelSpec(
                outcome=spec.outcome, predictors=(band,), form=spec.form, controls=spec.controls, covariance="HC1"
            ),
            labels,
        )
        for band in AGE_BANDS
    }
