"""How much more crime there is in deprived neighbourhoods: by force, on average over forces, by type, by fifth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.crime.area import PER_RESIDENTS
from core.crime.england.question import INDEPENDENT, EnglandSpec, variants
from core.crime.england.tables import FORCE, England
from core.sources.small_areas.areas import DISTRICT_CODE
from core.stats.meta_analysis import RandomEffects, random_effects
from core.stats.rate_ratio import Codes, Floats, LogRatios, log_ratios
from core.stats.uncertainty import Z_95

Column = npt.NDArray[Any]

GROUPS = 5
MOST, LEAST = 1, GROUPS
BUSIEST = 0.99


@dataclass(frozen=True, eq=False)
class Compared:
    """The answer for one specification.

    Parameters
    ----------
    spec
        What was compared.
    forces
        One row per force: ``force``, ``ratio`` (of the rate in the most deprived fifth to that in the least), ``low``,
        ``high`` (95%), ``most``, ``least`` (records per 1,000 residents), ``areas``, ``records``; sorted by ratio.
    left_out
        Forces without a ratio, because one of the two fifths is empty or has no records.
    average
        Average of the logarithms of the ratios; ``None`` with fewer than three forces.
    fifths
        ``fifth`` (1 for the most deprived), ``rate`` per 1,000 residents, ``areas``: all forces together.
    """

    spec: EnglandSpec
    forces: pd.DataFrame
    left_out: tuple[str, ...]
    average: RandomEffects | None
    fifths: pd.DataFrame

    @property
    def ratio(self) -> float:
        """Rate in the most deprived fifth over that in the least, all forces together."""
        return float(self.fifths["rate"].iloc[0] / self.fifths["rate"].iloc[-1])

    @property
    def higher(self) -> int:
        """Number of forces with a higher rate in the most deprived fifth."""
        return int((self.forces["ratio"] > 1).sum())

    @property
    def records(self) -> int:
        """Records compared."""
        return int(self.forces["records"].sum())


def compare(england: England, spec: EnglandSpec) -> Compared:
    """Compare the most deprived fifth of neighbourhoods with the least deprived, force by force and together."""
    rows = neighbourhoods(england, spec)
    table = _by_force(rows)
    order = _known(table["ratio"].to_numpy(), table["variance"].to_numpy())
    forces = table.iloc[order].reset_index(drop=True)
    average = _average(forces["ratio"].to_numpy(), forces["variance"].to_numpy())
    return Compared(spec, forces, tuple(table["force"].drop(order)), average, by_fifth(rows))


def neighbourhoods(england: England, spec: EnglandSpec) -> pd.DataFrame:
    """The neighbourhoods that `spec` compares.

    Returns
    -------
    DataFrame
        Code, force, district and score of each, and ``fifth``, ``records``, ``residents``, ``rate`` (per resident),
        ``weight`` and ``cluster``.
    """
    covered, columns = england.covered, _columns(england, spec)
    named = {name: covered[name] for name in ("lsoa21_code", FORCE, DISTRICT_CODE, spec.score)}
    rows = pd.DataFrame(named | columns)
    return rows if spec.busiest else rows[_not_busiest(columns["rate"])]


def _columns(england: England, spec: EnglandSpec) -> dict[str, Column]:
    """What :func:`neighbourhoods` has of numbers, of all neighbourhoods."""
    covered = england.covered
    records = england.records(spec.crime_type).to_numpy(float)
    residents = covered[spec.residents].to_numpy(float)
    independent = spec.errors == INDEPENDENT
    return {
        "fifth": england.once(fifths, spec.score, spec.fifths)[england.is_covered],
        "records": records,
        "residents": residents,
        "rate": records / residents,
        "weight": residents if spec.weights == "population" else np.ones(len(covered)),
        "cluster": np.arange(len(covered)) if independent else covered[spec.errors].cat.codes.to_numpy(),
    }


def _not_busiest(rates: Column) -> npt.NDArray[np.bool_]:
    calm: npt.NDArray[np.bool_] = rates <= pd.Series(rates).quantile(BUSIEST)
    return calm


def fifths(england: England, score: str, within: str) -> npt.NDArray[np.int64]:
    """Fifth of every neighbourhood of England by deprivation, 1 for the most deprived, aligned with ``areas``.

    Parameters
    ----------
    score
        Measure of deprivation.
    within
        What neighbourhoods are put into fifths of: one of :data:`core.crime.england.question.FIFTHS`.
    """
    scores = england.areas[score]
    if within == "england":
        places, counts = scores.rank(ascending=False, method="first"), pd.Series(len(scores), scores.index)
    else:
        groups = scores.groupby(england.areas[within], observed=True)
        places, counts = groups.rank(ascending=False, method="first"), groups.transform("size")
    return np.ceil((places / counts * GROUPS).to_numpy()).astype(np.int64)


def by_fifth(rows: pd.DataFrame) -> pd.DataFrame:
    """Rate of each fifth per 1,000 residents, all forces together."""
    fifth, weights = rows["fifth"].to_numpy(), rows["weight"].to_numpy()
    counts = np.bincount(fifth, minlength=GROUPS + 1)
    there = np.flatnonzero(counts)
    rates = np.bincount(fifth, rows["rate"].to_numpy() * weights)[there] / np.bincount(fifth, weights)[there]
    return pd.DataFrame({"fifth": there, "rate": rates * PER_RESIDENTS, "areas": counts[there]})


def by_type(england: England, spec: EnglandSpec) -> pd.DataFrame:
    """Ratio of the most deprived fifth to the least for every type, all forces together.

    Returns
    -------
    DataFrame
        ``crime_type``, ``ratio``, ``low``, ``high`` (95%, clustered by force), ``records``; sorted by ratio.
    """
    rows = neighbourhoods(england, spec)
    ends = rows[rows["fifth"].isin((MOST, LEAST))]  # the others have no part in a ratio
    residents, weights = (ends[name].to_numpy(float) for name in ("residents", "weight"))
    most, forces = (ends["fifth"] == MOST).to_numpy(), ends[FORCE].cat.codes.to_numpy(np.intp)
    found = []
    for crime_type in england.crime_types:
        records = england.records(crime_type).to_numpy()
        ratios = log_ratios(records[ends.index] / residents, weights, most, ~most, forces, forces * 0)
        one = {name: float(values[0]) for name, values in _with_interval(ratios).items()}
        found.append({"crime_type": crime_type, **one, "records": int(records[rows.index].sum())})
    return pd.DataFrame(found).sort_values("ratio", ascending=False, ignore_index=True)


def compare_variants(england: England, spec: EnglandSpec) -> pd.DataFrame:
    """The average over forces for `spec` and for what else could have been chosen.

    Returns
    -------
    DataFrame
        ``choice``, ``ratio``, ``low``, ``high``, ``predicted_low``, ``predicted_high``, ``higher`` and ``forces`` (how
        many forces have a higher rate in the most deprived fifth, of how many).
    """
    rows = []
    for label, variant in variants(spec).items():
        # As in `compare`, without the tables: this is asked for nine variants at once.
        columns = _columns(england, variant) | {FORCE: england.covered[FORCE].cat.codes.to_numpy()}
        if not variant.busiest:
            calm = _not_busiest(columns["rate"])
            columns = {name: values[calm] for name, values in columns.items()}
        found = _with_interval(_ratios(columns))
        order = _known(found["ratio"], found["variance"])
        ratios = found["ratio"][order]
        average = _average(ratios, found["variance"][order])
        if average:
            rows.append(
                {"choice": label, **ratio_row(average), "higher": int((ratios > 1).sum()), "forces": len(ratios)}
            )
    return pd.DataFrame(rows)


def ratio_row(average: RandomEffects) -> dict[str, float]:
    """An average of logarithms and its intervals as ratios."""
    logs = {
        "ratio": average.mean,
        "low": average.low,
        "high": average.high,
        "predicted_low": average.predicted_low,
        "predicted_high": average.predicted_high,
    }
    return {name: float(np.exp(value)) for name, value in logs.items()}


@dataclass(frozen=True, eq=False)
class LondonCompared:
    """London by its own figures: rates of each fifth, and how closely crime follows deprivation.

    Parameters
    ----------
    fifths
        ``fifth``, ``rate`` (offences a year per 1,000 residents), ``areas``.
    spearman
        Rank correlation of the rate with the score over neighbourhoods.
    areas
        Number of neighbourhoods.
    """

    fifths: pd.DataFrame
    spearman: float
    areas: int

    @property
    def ratio(self) -> float:
        """Rate in the most deprived fifth over that in the least."""
        return float(self.fifths["rate"].iloc[0] / self.fifths["rate"].iloc[-1])


def compare_london(england: England, london: pd.DataFrame, spec: EnglandSpec) -> LondonCompared:
    """London's neighbourhoods by the fifths of `spec`, in the categories of the Metropolitan Police."""
    residents = london[spec.residents].astype(float)
    fifth = pd.Series(england.once(fifths, spec.score, spec.fifths), england.areas["lsoa21_code"])
    rows = london.assign(
        fifth=fifth.loc[london["lsoa21_code"]].to_numpy(),
        rate=london["offences"] / residents,
        weight=residents if spec.weights == "population" else 1.0,
    )
    if not spec.busiest:
        rows = rows[rows["rate"] <= rows["rate"].quantile(BUSIEST)]
    return LondonCompared(by_fifth(rows), spearman(rows["rate"], rows[spec.score]), len(rows))


def spearman(one: pd.Series, other: pd.Series) -> float:
    """Rank correlation of two columns."""
    return float(one.rank().corr(other.rank()))


def follows(england: England, spec: EnglandSpec) -> float:
    """Rank correlation of the rate with the score over the neighbourhoods of all forces."""
    rows = neighbourhoods(england, spec)
    return spearman(rows["rate"], rows[spec.score])


def _by_force(rows: pd.DataFrame) -> pd.DataFrame:
    """A row for each force as in :class:`Compared`, with the ``variance`` of the logarithm of its ratio."""
    places = rows[FORCE].cat.codes.to_numpy(np.intp)
    ratios = _ratios({name: rows[name].to_numpy() for name in ("fifth", "cluster", "rate", "weight")} | {FORCE: places})
    return pd.DataFrame(
        {
            "force": rows[FORCE].cat.categories.astype("str"),
            **_with_interval(ratios),
            "most": ratios.top * PER_RESIDENTS,
            "least": ratios.bottom * PER_RESIDENTS,
            "areas": np.bincount(places),
            "records": np.bincount(places, rows["records"]).astype(int),
        }
    )


def _ratios(columns: Mapping[str, Column]) -> LogRatios:
    """The ratio of each force; `columns` as in :func:`neighbourhoods`, with the number of the force of each."""
    clusters, places = (columns[name].astype(np.intp) for name in ("cluster", FORCE))
    fifth = columns["fifth"]
    return log_ratios(columns["rate"], columns["weight"], fifth == MOST, fifth == LEAST, clusters, places)


def _known(ratios: Floats, variances: Floats) -> Codes:
    """Which forces have a ratio with an error, neither fifth being empty or without records; the highest first."""
    known = np.flatnonzero(~np.isnan(ratios) & (variances > 0))
    return known[np.argsort(-ratios[known], kind="stable")]


def _with_interval(ratios: LogRatios) -> dict[str, npt.NDArray[np.float64]]:
    """Ratios with their 95% intervals, and the variances of their logarithms."""
    reach = Z_95 * np.sqrt(ratios.variances)
    ends = {"ratio": ratios.values, "low": ratios.values - reach, "high": ratios.values + reach}
    return {name: np.exp(value) for name, value in ends.items()} | {"variance": ratios.variances}


def _average(ratios: Floats, variances: Floats) -> RandomEffects | None:
    return random_effects(np.log(ratios), variances) if len(ratios) >= 3 else None
