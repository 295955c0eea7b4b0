"""Where recorded crime lies: which LSOAs are neighbours, whether neighbours are alike, and how far places are.

Moran's I (Moran 1950, "Notes on continuous stochastic phenomena", Biometrika 37; Cliff and Ord 1981, *Spatial
Processes*) is the correlation of a figure with the mean of its neighbours. Residuals of neighbours that are alike mean
that the model leaves out something that lies there, and that LSOAs are not independent: errors that treat them as such
are too small.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array
from scipy.special import stdtr, stdtrit

from core.crime.area import ALL_CRIME, PER_RESIDENTS, CrimeArea, CrimeError
from core.crime.rates.analysis import TAILS, Base, clustered_rate
from core.stats.regression import ModelSpec
from core.stats.regression.design import design
from core.stats.regression.least_squares import LeastSquares, solve
from core.tables.catalogue import DATA_DIR, load_catalogue
from core.tables.geometry import Shape, shape_of
from core.tables.panel import Panel

NBSP = "\N{NO-BREAK SPACE}"
EARTH_KM = 6371.0088  # mean radius
NEAREST = 4
PERMUTATIONS = 999
SEED = 19_500_601
BANDS_KM = (0.5, 1.0, 2.0, 3.0, 5.0)
NEAREST_KM = 0.1  # no closer: an LSOA's point is no more exact than that
CONVERGED = 1e-10
ALIKE = 1e-6  # relative difference below which distances are the same ones
TIE = 1e-10  # relative difference below which two statistics are the same one
ROUNDS = 50

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Which LSOAs are neighbours.

    Parameters
    ----------
    codes
        LSOA of each row and column of `links`.
    links
        1 where two LSOAs are neighbours, shape (n, n), sparse.
    by_distance
        LSOAs that share no boundary, whose neighbours are the :data:`NEAREST` nearest.
    """

    codes: tuple[str, ...]
    links: csr_array
    by_distance: tuple[str, ...] = ()

    @property
    def weights(self) -> csr_array:
        """The links of each row divided by their number, so that they take a mean; nothing for a row without."""
        counts = self.links.sum(axis=1)
        return csr_array(diags_array(1 / np.maximum(counts, 1)) @ self.links)

    def among(self, codes: Sequence[str]) -> "Neighbours":
        """The same among some of the LSOAs, in their order."""
        places = pd.Index(self.codes).get_indexer(pd.Index(codes))
        if (places < 0).any():
            absent = codes[int((places < 0).argmax())]
            raise CrimeError(f"The neighbours of {absent} are not known; take the outlines of its own area.")
        kept = tuple(sorted(set(self.by_distance).intersection(codes)))
        return Neighbours(tuple(codes), csr_array(self.links[places][:, places]), kept)


@dataclass(frozen=True)
class Moran:
    """How alike neighbours are.

    Parameters
    ----------
    statistic
        Moran's I: 0 is about none, 1 is all alike.
    expected
        Its mean over random arrangements: a little below 0, and further where effects make neighbours differ.
    p
        Share of random arrangements, the observed one among them, that are at least as far from `expected`.
    n
        LSOAs.
    alone
        LSOAs without a neighbour among them, which count in no mean.
    permutations
        Random arrangements tried.
    """

    statistic: float
    expected: float
    p: float
    n: int
    alone: int
    permutations: int


def outlines(area: CrimeArea, data_dir: Path = DATA_DIR) -> dict[str, Shape]:
    """Outline of each LSOA of `area`, by code.

    Raises
    ------
    core.tables.catalogue.CatalogueError
        If the table of outlines is missing or damaged.
    """
    tables, own = load_catalogue(data_dir), set(area.lsoas["lsoa11_code"])
    path = tables.path(area.outlines)
    if path.suffix == ".geojson":
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        shapes = {feature["properties"]["lsoa11_code"]: shape_of(feature["geometry"]) for feature in features}
        return {code: shape for code, shape in shapes.items() if code in own}
    rows = tables.read_table(area.outlines)
    rows = rows[rows["lsoa11_code"].isin(own)]
    return {code: json.loads(text) for code, text in zip(rows["lsoa11_code"], rows["coordinates"], strict=True)}


def neighbours(area: CrimeArea, shapes: Mapping[str, Shape]) -> Neighbours:
    """LSOAs of `area` whose outlines have a point in common (queen contiguity).

    One that shares no point with any, across a river or for want of an outline, has its :data:`NEAREST` nearest
    as neighbours, and they it.

    Parameters
    ----------
    shapes
        Outlines by LSOA; neighbours must have the same points on their common line.
    """
    codes = tuple(area.lsoas["lsoa11_code"])
    links = _touching(codes, shapes)
    islands = np.flatnonzero(links.sum(axis=1) == 0)
    if len(codes) > 1 and "points" not in area.missing:
        near = _nearest(area.lsoas, islands)
        links = csr_array(((links + near + near.T) > 0).astype(np.float64))
    return Neighbours(codes, links, tuple(codes[place] for place in islands))


def moran(values: Floats, near: Neighbours, permutations: int = PERMUTATIONS) -> Moran:
    """Moran's I of `values`, shape (n,), one for each LSOA of `near`, with a permutation p-value.

    Raises
    ------
    CrimeError
        If there are fewer than three LSOAs, all values are the same, or no two LSOAs are neighbours.
    """
    return _moran(_shuffled(values, permutations), near, -1 / (len(values) - 1) if len(values) > 1 else np.nan)


def residual_moran(data: Panel, spec: ModelSpec, near: Neighbours, permutations: int = PERMUTATIONS) -> Moran:
    """Moran's I of the residuals of `spec` on `data`, a panel of LSOAs; see :func:`core.crime.area.panel`.

    Residuals are related even where the errors are not: those of one MSOA add up to zero once its effect is taken
    out. So every random arrangement of the residuals is put through the model again, and is a residual as they are.

    Raises
    ------
    CrimeError
        As :func:`moran` does.
    core.stats.regression.ModelError
        If the model cannot be estimated.
    """
    model = solve(design(data, spec))
    codes = data.frame["lsoa11_code"].iloc[model.design.rows].tolist()
    residuals = _residuals(model, _shuffled(model.residuals, permutations))
    return _moran(residuals, near.among(codes))


def distance_km(longitude: Floats, latitude: Floats, other_longitude: Floats, other_latitude: Floats) -> Floats:
    """Great-circle distance in km (haversine) between points in degrees; shapes broadcast."""
    east, north = np.radians(other_longitude - longitude), np.radians(other_latitude - latitude)
    across = np.cos(np.radians(latitude)) * np.cos(np.radians(other_latitude)) * np.sin(east / 2) ** 2
    distance: Floats = 2 * EARTH_KM * np.arcsin(np.sqrt(np.sin(north / 2) ** 2 + across))
    return distance


def nearest_place(area: CrimeArea, kind: str) -> pd.DataFrame:
    """The place of `kind` that is nearest to each LSOA, as the crow flies from the LSOA's point.

    Made once for each area and shared, so never to be changed in place.

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
    area: CrimeArea, kind: str, crime_type: str = ALL_CRIME, bands: Sequence[float] = BANDS_KM
) -> pd.DataFrame:
    """Recorded crime by distance to the nearest place of `kind`.

    Parameters
    ----------
    bands
        Where bands end, in km, rising; the last band has no end.

    Returns
    -------
    DataFrame
        One row per band that has LSOAs, the nearest first. ``band`` (words), ``km_from``, ``km_to`` (infinite for the
        last); ``lsoas``, ``msoas``, ``residents``, ``records``, ``all_records``; ``per_1000_residents`` and
        ``per_1000_records`` (of all types), each with ``_low`` and ``_high``, 95 % by the spread between MSOAs, missing
        where all LSOAs are of one MSOA or none has a record.
    """
    # No more columns than are used: each band is a copy of its rows.
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
    area: CrimeArea, kinds: Sequence[str], crime_type: str = ALL_CRIME, per: Base = "residents"
) -> pd.DataFrame:
    """How recorded crime changes with each doubling of the distance to the nearest places, all `kinds` at once.

    Campuses, hospitals and centres often lie close together: with several kinds, each is told for LSOAs that are
    equally far from the others. The rate is log-linear in the logarithms of the distances (Poisson pseudo maximum
    likelihood, which asks for no Poisson spread: Gourieroux, Monfort and Trognon 1984), errors clustered by MSOA.
    Distances under :data:`NEAREST_KM` count as that.

    Parameters
    ----------
    per
        Rate per resident, or per record of all types.

    Returns
    -------
    DataFrame
        One row per kind: ``kind``; ``ratio`` of the rate at twice the distance, with its 95 % interval ``low``,
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
    apart = _apart(area.lsoas, places)
    first = apart.argmin(axis=1)
    return pd.DataFrame(
        {
            "lsoa11_code": area.lsoas["lsoa11_code"],
            "place": places["place"].to_numpy()[first],
            "km": apart.min(axis=1),
        }
    )


def _shuffled(values: Floats, permutations: int) -> Floats:
    """`values` and then `permutations` random arrangements of them, a row each."""
    arranged = np.random.default_rng(SEED).permuted(np.tile(values, (permutations, 1)), axis=1)
    return np.vstack([values, arranged])


def _residuals(model: LeastSquares, errors: Floats) -> Floats:
    """What the model leaves of each row of `errors`, which are times the root of the weights; its residuals are not."""
    root, basis = model.root_weights, model.factors.basis
    left = model.effects.removed((errors / root).T)
    residuals: Floats = (left - basis @ (basis.T @ left)).T / root
    return residuals


def _moran(arranged: Floats, near: Neighbours, expected: float | None = None) -> Moran:
    """Moran's I of the first row of `arranged` against that of the others."""
    n, connected = len(near.codes), int((near.links.sum(axis=1) > 0).sum())
    if n < 3 or not np.ptp(arranged[0]) or not connected:
        raise CrimeError("Moran's I needs three LSOAs or more that differ and of which some are neighbours.")
    centred = arranged - arranged.mean(axis=1, keepdims=True)
    means = (near.weights @ centred.T).T
    found = np.einsum("pn,pn->p", centred, means) / np.einsum("pn,pn->p", centred, centred) * n / connected
    middle = float(found[1:].mean()) if expected is None else expected
    far = np.abs(found - middle) >= abs(found[0] - middle) * (1 - TIE)
    return Moran(float(found[0]), middle, float(far.mean()), n, n - connected, len(found) - 1)


def _touching(codes: tuple[str, ...], shapes: Mapping[str, Shape]) -> csr_array:
    """1 where two outlines have a point in common."""
    rings = [(place, ring) for place, code in enumerate(codes) for polygon in shapes.get(code, []) for ring in polygon]
    if not rings:
        return csr_array((len(codes), len(codes)))
    owners = np.repeat([place for place, _ in rings], [len(ring) for _, ring in rings])
    points = np.vstack([ring for _, ring in rings])
    corners = np.unique(points.view(np.complex128), return_inverse=True)[1].ravel()
    at = csr_array((np.ones(len(owners)), (owners, corners)), shape=(len(codes), corners.max() + 1))
    shared = (at @ at.T).tocoo()
    apart = shared.row != shared.col
    return csr_array((np.ones(apart.sum()), (shared.row[apart], shared.col[apart])), shape=shared.shape)


def _nearest(lsoas: pd.DataFrame, places: NDArray[np.intp]) -> csr_array:
    """1 from each LSOA in `places` to those nearest to it."""
    size = len(lsoas), len(lsoas)
    if not len(places):
        return csr_array(size)
    apart = _apart(lsoas.iloc[places], lsoas)
    apart[np.arange(len(places)), places] = np.inf
    near = np.argsort(apart, axis=1)[:, : min(NEAREST, len(lsoas) - 1)]
    return csr_array((np.ones(near.size), (np.repeat(places, near.shape[1]), near.ravel())), shape=size)


def _apart(rows: pd.DataFrame, columns: pd.DataFrame) -> Floats:
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
            "Every LSOA is as far from one kind of place as from another, or all are equally far, so what goes with "
            "each distance cannot be told apart; choose fewer kinds, or a larger area."
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
