"""Spatial autocorrelation: which LSOAs are neighbours, and whether the residuals of neighbours are alike.

Moran's I (Moran 1950, "Notes on continuous stochastic phenomena", Biometrika 37; Cliff and Ord 1981, *Spatial
Processes*) is the correlation of a figure with the mean of its neighbours. Positive autocorrelation of residuals means
that the model omits something with a spatial pattern, and that LSOAs are not independent: standard errors that assume
independence are too small.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from core.crime.area import CrimeArea, CrimeError
from core.crime.geography.distances import pairwise_km
from core.stats.regression import ModelSpec
from core.stats.regression.design import design
from core.stats.regression.fit import solved
from core.stats.regression.least_squares import LeastSquares
from core.tables.catalogue import DATA_DIR, load_catalogue
from core.tables.geometry import Shape, shape_of
from core.tables.panel import Panel

NEAREST = 4
# Columns with code and outline of the tables whose rows have outlines as text.
OUTLINE_COLUMNS = {"england_shapes": ("lsoa11_code", "coordinates"), "area_shapes": ("lsoa21_code", "outline")}
PERMUTATIONS = 999
SEED = 19_500_601
TIE = 1e-10  # relative difference below which two statistics count as equal

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
        """Row-standardised links, which give the mean of the neighbours; all 0 for a row without links."""
        counts = self.links.sum(axis=1)
        return csr_array(diags_array(1 / np.maximum(counts, 1)) @ self.links)

    def among(self, codes: Sequence[str]) -> "Neighbours":
        """The neighbours among some of the LSOAs, in the order of `codes`."""
        positions = pd.Index(self.codes).get_indexer(pd.Index(codes))
        if (positions < 0).any():
            absent = codes[int((positions < 0).argmax())]
            raise CrimeError(f"The neighbours of {absent} are not known; take the outlines of its own area.")
        by_distance = tuple(sorted(set(self.by_distance).intersection(codes)))
        return Neighbours(tuple(codes), csr_array(self.links[positions][:, positions]), by_distance)


@dataclass(frozen=True)
class Moran:
    """Moran's I and its permutation test.

    Parameters
    ----------
    statistic
        Moran's I: about 0 without autocorrelation, 1 where neighbours are all alike.
    expected
        Its mean over random arrangements: a little below 0, and further where effects make neighbours differ.
    p
        Share of random arrangements, the observed one among them, that are at least as far from `expected`.
    n
        LSOAs.
    alone
        LSOAs without a neighbour, which are left out of the mean.
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
    tables, codes = load_catalogue(data_dir), area.lsoas["lsoa11_code"].tolist()
    if area.outlines not in OUTLINE_COLUMNS:
        features = json.loads(tables.path(area.outlines).read_text(encoding="utf-8"))["features"]
        shapes = {feature["properties"]["lsoa11_code"]: shape_of(feature["geometry"]) for feature in features}
        return {code: shapes[code] for code in codes if code in shapes}
    code_column, outline = OUTLINE_COLUMNS[area.outlines]
    rows = tables.read_table(area.outlines, [code_column, outline], where={code_column: codes})
    return shapes_of(rows[code_column], rows[outline])


def shapes_of(codes: Iterable[str], texts: Iterable[str]) -> dict[str, Shape]:
    """The shape of each code, from outlines that tables have as text."""
    return {code: json.loads(text) for code, text in zip(codes, texts, strict=True)}


def neighbours(area: CrimeArea, shapes: Mapping[str, Shape]) -> Neighbours:
    """LSOAs of `area` whose outlines have a point in common (queen contiguity).

    An LSOA that shares no point with any other, across a river or without an outline, is made a neighbour of its
    :data:`NEAREST` nearest.

    Parameters
    ----------
    shapes
        Outlines by LSOA; neighbours must have the same points on their common boundary.
    """
    codes = tuple(area.lsoas["lsoa11_code"])
    links = _touching(codes, shapes)
    islands = np.flatnonzero(links.sum(axis=1) == 0)
    if len(codes) > 1 and "points" not in area.missing:
        near = _nearest(area.lsoas, islands)
        links = csr_array(((links + near + near.T) > 0).astype(np.float64))
    return Neighbours(codes, links, tuple(codes[position] for position in islands))


def moran(arrangements: Floats, near: Neighbours) -> Moran:
    """Moran's I of one arrangement of values, with a permutation p-value.

    Parameters
    ----------
    arrangements
        Shape (1 + permutations, n): the observed values in the first row and random arrangements in the others, one
        column for each LSOA of `near`.

    Raises
    ------
    CrimeError
        If there are fewer than three LSOAs, all values are the same, or no two LSOAs are neighbours.
    """
    n, connected = len(near.codes), int((near.links.sum(axis=1) > 0).sum())
    if n < 3 or not np.ptp(arrangements[0]) or not connected:
        raise CrimeError("Moran's I needs three LSOAs or more that differ and of which some are neighbours.")
    centred = arrangements - arrangements.mean(axis=1, keepdims=True)
    lagged = (near.weights @ centred.T).T
    statistics = np.einsum("pn,pn->p", centred, lagged) / np.einsum("pn,pn->p", centred, centred) * n / connected
    expected = float(statistics[1:].mean())
    as_far = np.abs(statistics - expected) >= abs(statistics[0] - expected) * (1 - TIE)
    return Moran(float(statistics[0]), expected, float(as_far.mean()), n, n - connected, len(statistics) - 1)


def random_arrangements(values: Floats, permutations: int = PERMUTATIONS) -> Floats:
    """`values`, shape (n,), and random arrangements of them, a row each: shape (1 + permutations, n)."""
    shuffled = np.random.default_rng(SEED).permuted(np.tile(values, (permutations, 1)), axis=1)
    return np.vstack([values, shuffled])


def residual_moran(data: Panel, spec: ModelSpec, near: Neighbours, permutations: int = PERMUTATIONS) -> Moran:
    """Moran's I of the residuals of `spec` on `data`, a panel of LSOAs; see :func:`core.crime.area.panel`.

    Residuals are correlated even where the errors are not: those of one MSOA sum to zero once its effect is taken
    out. So the model is fitted to every random arrangement of the residuals too, and its residuals are used. Those of
    a Poisson regression are Pearson's, and the model is its last step.

    Raises
    ------
    CrimeError
        As :func:`moran` does.
    core.stats.regression.ModelError
        If the model cannot be estimated.
    """
    model = solved(design(data, spec))
    codes = data.frame["lsoa11_code"].iloc[model.design.rows].tolist()
    residuals = _residuals(model, random_arrangements(model.residuals, permutations))
    return moran(residuals, near.among(codes))


def _residuals(model: LeastSquares, errors: Floats) -> Floats:
    """Residuals of the model for each row of `errors`, which are multiplied by the root of the weights."""
    root, basis = model.root_weights, model.factors.basis
    left = model.effects.removed((errors / root).T)
    residuals: Floats = (left - basis @ (basis.T @ left)).T / root
    return residuals


def _touching(codes: tuple[str, ...], shapes: Mapping[str, Shape]) -> csr_array:
    """1 where two outlines have a point in common, shape (n, n)."""
    rings = [
        (position, ring) for position, code in enumerate(codes) for polygon in shapes.get(code, []) for ring in polygon
    ]
    if not rings:
        return csr_array((len(codes), len(codes)))
    owners = np.repeat([position for position, _ in rings], [len(ring) for _, ring in rings])
    points = np.vstack([ring for _, ring in rings])
    corners = np.unique(points.view(np.complex128), return_inverse=True)[1].ravel()
    incidence = csr_array((np.ones(len(owners)), (owners, corners)), shape=(len(codes), corners.max() + 1))
    shared = (incidence @ incidence.T).tocoo()
    different = shared.row != shared.col
    return csr_array((np.ones(different.sum()), (shared.row[different], shared.col[different])), shape=shared.shape)


def _nearest(lsoas: pd.DataFrame, positions: NDArray[np.intp]) -> csr_array:
    """1 from each LSOA at `positions` to those nearest to it, shape (n, n)."""
    size = len(lsoas), len(lsoas)
    if not len(positions):
        return csr_array(size)
    kilometres = pairwise_km(lsoas.iloc[positions], lsoas)
    kilometres[np.arange(len(positions)), positions] = np.inf
    near = np.argsort(kilometres, axis=1)[:, : min(NEAREST, len(lsoas) - 1)]
    return csr_array((np.ones(near.size), (np.repeat(positions, near.shape[1]), near.ravel())), shape=size)
