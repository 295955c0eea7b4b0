"""How far small areas lie from places such as campuses, and how recorded crime changes with the distance."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from core.crime.area import ALL_RECORDS, PER_RESIDENTS, CrimeArea, CrimeError
from core.crime.intervals import TAILS, clustered_rate
from core.crime.lsoa_rates import Base
from core.questions.vocabulary import NBSP
from core.sources.small_areas.places import CENTRE, HOSPITAL, UNIVERSITY
from core.tables.panel import EARTH_KM

Floats = NDArray[np.float64]
BANDS_KM = (0.5, 1.0, 2.0, 3.0, 5.0)
NEAREST_KM = 0.1  # shortest distance: an LSOA's point is no more exact than that
CONVERGED = 1e-10
ALIKE = 1e-6  # relative difference below which distances count as equal
ROUNDS = 50


def distance_km(longitude: Floats, latitude: Floats, other_longitude: Floats, other_latitude: Floats) -> Floats:
    """Great-circle distance in km (haversine) between points in degrees; shapes broadcast."""
    east, north = np.radians(other_longitude - longitude), np.radians(other_latitude - latitude)
    across = np.cos(np.radians(latitude)) * np.cos(np.radians(other_latitude)) * np.sin(east / 2) ** 2
    distance: Floats = 2 * EARTH_KM * np.arcsin(np.sqrt(np.sin(north / 2) ** 2 + across))
    return distance


def nearest_place(area: CrimeArea, kind: str) -> pd.DataFrame:
    """The place of `kind` that is nearest to each LSOA, as the crow flies from the LSOA's point.

    Cached for each area and shared: not to be changed in place.

    Returns
    -------
    DataFrame
        ``lsoa11_code``, ``place``, ``km``; aligned with ``area.lsoas``.

    Raises
    ------
    CrimeError
        If there is no place of that kind.
    """
    return area.once(_nearest_place, kind)


def distance_profile(
    area: CrimeArea, kind: str, crime_type: str = ALL_RECORDS, bands: Sequence[float] = BANDS_KM
) -> pd.DataFrame:
    """Recorded crime by distance to the nearest place of `kind`.

    Parameters
    ----------
    bands
        Where bands end, in km, rising; the last band has no end.

    Returns
    -------
    DataFrame
        One row per band that has LSOAs, the nearest first. ``band`` (label), ``km_from``, ``km_to`` (infinite for the
        last); ``lsoas``, ``msoas``, ``residents``, ``records``, ``all_records``; ``per_1000_residents`` and
        ``per_1000_records`` (of all types), each with ``_low`` and ``_high``, 95% by the spread between MSOAs, missing
        where all LSOAs are of one MSOA or none has a record.
    """
    # Only the columns that are used, because each band is a copy of its rows.
    lsoas = pd.DataFrame(
        {
            "MSOA": pd.factorize(area.lsoas["MSOA"])[0],
            "residents": area.lsoas["residents"],
            "km": nearest_place(area, kind)["km"],
            "records": area.records(crime_type),
            "all_records": area.records(),
        }
    )
    ends = [0.0, *bands, np.inf]
    rows = [_band(lsoas[lsoas["km"].between(low, high, inclusive="left")], low, high) for low, high in pairwise(ends)]
    return pd.DataFrame([row for row in rows if row["lsoas"]])


def distance_gradients(
    area: CrimeArea, kinds: Sequence[str], crime_type: str = ALL_RECORDS, per: Base = "residents"
) -> pd.DataFrame:
    """How recorded crime changes with each doubling of the distance to the nearest places, all `kinds` at once.

    Campuses, hospitals and centres often lie close together: with several kinds, each ratio is for LSOAs that
    are equally far from the others. The rate is log-linear in the logarithms of the distances (Poisson pseudo maximum
    likelihood, which does not require Poisson variance: Gourieroux, Monfort and Trognon 1984), with errors clustered
    by MSOA. Distances under :data:`NEAREST_KM` count as that.

    Parameters
    ----------
    per
        Rate per resident, or per record of all types.

    Returns
    -------
    DataFrame
        One row per kind: ``kind``; ``ratio`` of the rate at twice the distance, with its 95% interval ``low``,
        ``high`` (1 is no change); ``p``; ``n`` (LSOAs), ``msoas``.
    """
    base = (area.lsoas["residents"] if per == "residents" else area.records()).to_numpy(dtype=float)
    kilometres = np.column_stack([nearest_place(area, kind)["km"] for kind in kinds])
    used = base > 0
    doublings = np.log2(np.maximum(kilometres, NEAREST_KM))[used]
    clusters = pd.factorize(area.lsoas["MSOA"][used])[0]
    records = area.records(crime_type).to_numpy(dtype=float)[used]
    slopes, std_errors, df = _poisson(records, base[used], doublings, clusters)
    reach = stdtrit(df, TAILS[1]) * std_errors
    return pd.DataFrame(
        {
            "kind": list(kinds),
            "ratio": np.exp(slopes),
            "low": np.exp(slopes - reach),
            "high": np.exp(slopes + reach),
            "p": 2 * stdtr(df, -np.abs(slopes / std_errors)),
            "n": int(used.sum()),
            "msoas": df + 1,
        }
    )


def _nearest_place(area: CrimeArea, kind: str) -> pd.DataFrame:
    area.require("places")
    area.require("points")
    places = area.places[area.places["kind"] == kind].reset_index(drop=True)
    if places.empty:
        raise CrimeError(f"There is no {kind}; choose {', '.join(sorted(area.places['kind'].unique()))}.")
    kilometres = pairwise_km(area.lsoas, places)
    nearest = kilometres.argmin(axis=1)
    return pd.DataFrame(
        {
            "lsoa11_code": area.lsoas["lsoa11_code"],
            "place": places["place"].to_numpy()[nearest],
            "km": kilometres.min(axis=1),
        }
    )


def pairwise_km(rows: pd.DataFrame, columns: pd.DataFrame) -> Floats:
    """Distances in km, shape (rows, columns)."""
    here = (rows[name].to_numpy(dtype=float)[:, None] for name in ("longitude", "latitude"))
    there = (columns[name].to_numpy(dtype=float) for name in ("longitude", "latitude"))
    return distance_km(*here, *there)


def _band(lsoas: pd.DataFrame, low: float, high: float) -> dict[str, object]:
    clusters = pd.factorize(lsoas["MSOA"])[0]
    row: dict[str, object] = {
        "band": _band_text(low, high),
        "km_from": low,
        "km_to": high,
        "lsoas": len(lsoas),
        "msoas": lsoas["MSOA"].nunique(),
    }
    sums = {name: float(lsoas[name].sum()) for name in ("residents", "records", "all_records")}
    for name, column in (("per_1000_residents", "residents"), ("per_1000_records", "all_records")):
        rate = clustered_rate(lsoas["records"].to_numpy(dtype=float), lsoas[column].to_numpy(dtype=float), clusters)
        ends = zip(("", "_low", "_high"), rate, strict=True)
        row |= {f"{name}{end}": value * PER_RESIDENTS for end, value in ends}
    return row | sums


def _band_text(low: float, high: float) -> str:
    if low == 0:
        return f"under {high:g}{NBSP}km"
    return f"{low:g}{NBSP}km and more" if np.isinf(high) else f"{low:g} to {high:g}{NBSP}km"


def _poisson(records: Floats, base: Floats, columns: Floats, clusters: NDArray[np.intp]) -> tuple[Floats, Floats, int]:
    """Slopes of log(records / base) on `columns`, their clustered errors, and degrees of freedom."""
    count = int(clusters.max()) + 1
    if not records.sum() > 0 or count < 2:
        raise CrimeError("There are no records, or LSOAs of one MSOA only; choose another type of crime or area.")
    x = np.column_stack([np.ones(len(records)), columns])
    if np.linalg.matrix_rank(x, rtol=ALIKE) < x.shape[1]:
        raise CrimeError(
            "Every LSOA is as far from one kind of place as from another, or all are equally far, so the links "
            "with each distance cannot be separated; choose fewer kinds, or a larger area."
        )
    coefficients = np.zeros(x.shape[1])
    coefficients[0] = np.log(records.sum() / base.sum())
    for _ in range(ROUNDS):
        expected = base * np.exp(x @ coefficients)
        bread = np.linalg.inv((x * expected[:, None]).T @ x)
        step = bread @ (x.T @ (records - expected))
        coefficients = coefficients + step
        if np.abs(step).max() < CONVERGED:
            break
    scores = x * (records - base * np.exp(x @ coefficients))[:, None]
    sums = np.column_stack([np.bincount(clusters, column) for column in scores.T])
    covariance = count / (count - 1) * bread @ (sums.T @ sums) @ bread
    return coefficients[1:], np.sqrt(covariance.diagonal())[1:], count - 1


KINDS = (CENTRE, UNIVERSITY, HOSPITAL)
TOGETHER, ALONE = "together", "alone"


def distance_bands(area: CrimeArea, crime_type: str = ALL_RECORDS, kinds: Sequence[str] = KINDS) -> pd.DataFrame:
    """Profiles by distance of each kind of place under each other; see ``distance_profile``."""
    return pd.concat([distance_profile(area, kind, crime_type).assign(kind=kind) for kind in kinds], ignore_index=True)


def gradient_rows(
    area: CrimeArea, crime_type: str = ALL_RECORDS, kinds: Sequence[str] = KINDS, per: Base = "residents"
) -> pd.DataFrame:
    """Gradients of all `kinds` together and of each alone; see ``distance_gradients``."""
    together = distance_gradients(area, kinds, crime_type, per).assign(taken=TOGETHER)
    alone = [distance_gradients(area, [kind], crime_type, per).assign(taken=ALONE) for kind in kinds]
    return pd.concat([together, *alone], ignore_index=True)
