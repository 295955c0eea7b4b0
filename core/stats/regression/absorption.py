"""Absorbed effects: the projection orthogonal to the levels of one key or several, without a dummy for each.

The levels of the key with the most, the *longest*, are taken out by subtracting means. What the *crossed* levels of the
other keys then still have in common is a matrix of their number squared, which is factorised once. This is exact, and
costs memory in proportion to the rows and to that square, never to rows times levels. Trends of areas are taken out
with the levels of the area: within an area, time less its mean is orthogonal to the level, and nothing of it is
elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from core.stats.regression.columns import Codes, Floats, Key
from core.stats.regression.errors import TooCostly, listed, several

if TYPE_CHECKING:  # imported where it is used, because models without effects do not need it
    from scipy.sparse import csr_array

MOST_CROSSED = 2_000  # their matrix has 32 MB, and its factorisation takes about a second
DETERMINED = 1e-8  # residual of a column, relative to its size, if the others determine it


@dataclass(frozen=True, eq=False)
class Effects:
    """The weights of the rows, the keys whose levels are absorbed, and the projection orthogonal to them.

    Works for any number of keys, unbalanced panels and weights.

    Parameters
    ----------
    root_weights
        Root of the weights, which have mean one, shape (n,).
    keys
        Keys that are not nested in one another, the one with the most levels first; with `times`, the area first.
    times
        Place in time of each row, shape (n,), whose slope within each level of the first key is absorbed too; ``None``
        for levels alone.
    """

    root_weights: Floats
    keys: tuple[Key, ...]
    times: Floats | None = None

    @cached_property
    def rank(self) -> int:
        """Number of free levels, one of which is the constant, and of free trends.

        Of two keys it is known without solving anything: their levels minus the connected parts of the graph in which
        each row joins a level of the one and a level of the other.
        """
        if self.times is not None:
            return self.columns + (self._half.shape[1] if len(self.keys) > 1 else 0)
        counts = [len(key.present) for key in self.keys]
        return counts[0] + self._half.shape[1] if len(counts) > 2 else sum(counts) - len(np.unique(self._parts))

    @cached_property
    def trends(self) -> int:
        """How many of the free ones are trends."""
        return 0 if self.times is None else self.rank - Effects(self.root_weights, separate_keys(self.keys)).rank

    @property
    def columns(self) -> int:
        """Number of levels of the longest key, and of their trends."""
        return len(self._weight)

    def removed(self, values: Floats) -> Floats:
        """`values`, shape (n,) or (n, columns), times `root_weights`, with the effects partialled out."""
        values = (values.T * self.root_weights).T
        for _ in range(2 if self.keys else 0):  # twice, for full numerical precision
            values = values - self._fitted(values)
        return values

    def coordinates(self, rows: "csr_array[np.float64, tuple[int, int]]") -> list[Any]:
        """Coordinates of vectors in an orthonormal basis of the effects.

        Parameters
        ----------
        rows
            One vector of each row, shape (vectors, n).

        Returns
        -------
        list
            Matrices with a row for each vector, whose products with their transposes add up to that of the vectors'
            projections. The first is sparse, with a column for each level of the longest key and each trend.
        """
        if not self.keys:
            return []
        scale = self._diagonal(1 / np.sqrt(self._weight))
        return [rows @ self._longest @ scale, *(self._beyond(rows) @ self._half for _ in self.keys[1:2])]

    def _fitted(self, values: Floats) -> Floats:
        """The part of `values`, already times `root_weights`, that the effects explain."""
        means = self._per_weight(np.asarray(self._longest.T @ values))
        if len(self.keys) == 1:
            return np.asarray(self._longest @ means)
        left = self._crossed.T @ values - self._shared.T @ means
        crossed = self._half @ (self._half.T @ left)
        means -= self._per_weight(np.asarray(self._shared @ crossed))
        return np.asarray(self._longest @ means + self._crossed @ crossed)

    def _per_weight(self, sums: Floats) -> Floats:
        return np.asarray((sums.T / self._weight).T)

    def _beyond(self, rows: "csr_array[np.float64, tuple[int, int]]") -> Floats:
        """Products of `rows` with the crossed levels from which the longest key is taken out, shape (rows, crossed)."""
        taken_out = rows @ self._longest @ self._diagonal(1 / self._weight) @ self._shared
        return np.asarray((rows @ self._crossed - taken_out).toarray())

    @cached_property
    def _longest(self) -> "csr_array[np.float64, tuple[int, int]]":
        """Dummies of the longest key and its trends, times `root_weights`, shape (n, levels and trends)."""
        levels = self._levels(self.keys[0])
        if self.times is None:
            return levels
        from scipy.sparse import hstack

        return hstack([levels, self._trends(self.times)], format="csr")

    def _trends(self, times: Floats) -> "csr_array[np.float64, tuple[int, int]]":
        """Time less its mean, for each level of the first key that has more than one time, shape (n, trends)."""
        from scipy.sparse import csr_array

        places, weights = self.keys[0].places, self.root_weights**2
        mean = np.bincount(places, weights * times) / np.bincount(places, weights)
        moving = np.bincount(places, times != times[np.unique(places, return_index=True)[1]][places]) > 0
        since = np.where(moving[places], times - mean[places], 0.0) * self.root_weights
        n, count = len(times), int(moving.sum())
        columns: Codes = (np.cumsum(moving) - 1).clip(0, count - 1)  # without a trend any: what stands there is zero
        return csr_array((since, (np.arange(n), columns[places])), shape=(n, count))

    @cached_property
    def _crossed(self) -> "csr_array[np.float64, tuple[int, int]]":
        """Dummies of the other keys, times `root_weights`, shape (n, levels)."""
        from scipy.sparse import hstack

        return hstack([self._levels(key) for key in self.keys[1:]], format="csr")

    def _levels(self, key: Key) -> "csr_array[np.float64, tuple[int, int]]":
        from scipy.sparse import csr_array

        n = len(self.root_weights)
        return csr_array((self.root_weights, key.places, np.arange(n + 1)), shape=(n, len(key.present)))

    @cached_property
    def _weight(self) -> Floats:
        """Total weight of each level of the longest key, and squared length of each trend."""
        levels = np.asarray(np.bincount(self.keys[0].places, self.root_weights**2), dtype=np.float64)
        return levels if self.times is None else np.asarray(self._longest.power(2).sum(axis=0))

    @cached_property
    def _shared(self) -> "csr_array[np.float64, tuple[int, int]]":
        """What each level of the longest key, or its trend, has in common with each crossed one."""
        return (self._longest.T @ self._crossed).tocsr()

    @cached_property
    def _half(self) -> Floats:
        """Matrix whose product with its transpose is a generalised inverse of what the crossed levels have in common.

        The levels of two keys have one dependency in each part that is connected. Adding these dependencies makes the
        matrix invertible, and changes nothing where the inverse is applied. Those of more keys, and of trends, show in
        eigenvalues.
        """
        check_crossed(self.keys)
        own = (self._crossed.T @ self._crossed).toarray()
        scale = np.sqrt(own.diagonal())
        taken_out = self._shared.T @ self._diagonal(1 / self._weight) @ self._shared
        left = (own - taken_out.toarray()) / np.outer(scale, scale)
        if len(self.keys) > 2 or self.times is not None:
            values, vectors = np.linalg.eigh(left)
            free = values > DETERMINED
            return np.asarray(vectors[:, free] / np.sqrt(values[free]) / scale[:, None])
        together = self._parts[len(self.keys[0].present) :]
        dependency = np.where(together[:, None] == np.unique(together), scale[:, None], 0)
        dependency /= np.linalg.norm(dependency, axis=0)
        lower = np.linalg.cholesky(left + dependency @ dependency.T)
        return np.asarray(np.linalg.inv(lower).T / scale[:, None])

    @cached_property
    def _parts(self) -> "np.ndarray[Any, np.dtype[np.intp]]":
        """Of two keys, the connected part to which each level belongs, those of the longest key first."""
        if len(self.keys) != 2:
            return np.empty(0, dtype=np.intp)
        longest, crossed = (len(key.present) for key in self.keys)
        if self._shared.count_nonzero(axis=0).max() == longest:  # a level of the one has rows in all of the other
            return np.zeros(longest + crossed, dtype=np.intp)
        from scipy.sparse import block_array
        from scipy.sparse.csgraph import connected_components

        joined: Any = block_array([[None, self._shared], [self._shared.T, None]], format="csr")
        return np.asarray(connected_components(joined, directed=False)[1], dtype=np.intp)

    @staticmethod
    def _diagonal(values: Floats) -> "csr_array[np.float64, tuple[int, int]]":
        from scipy.sparse import csr_array

        places = np.arange(len(values))
        return csr_array((values, (places, places)))


def separate_keys(keys: Iterable[Key]) -> tuple[Key, ...]:
    """`keys` without those in which finer ones are nested, whose levels add nothing; the longest first."""
    separate: list[Key] = []
    for key in sorted(keys, key=lambda key: len(key.present), reverse=True):
        if not any(finer.within(key) for finer in separate):
            separate.append(key)
    return tuple(separate)


def effects_of(root_weights: Floats, keys: Iterable[Key], area: Key, times: Floats | None = None) -> Effects:
    """The effects of `keys`, with a trend of each `area` in `times` unless there are none."""
    separate = separate_keys(keys)
    if times is None:
        return Effects(root_weights, separate)
    return Effects(root_weights, (area, *(key for key in separate if not area.within(key))), times)


def check_crossed(keys: tuple[Key, ...]) -> None:
    """Raise :class:`TooCostly` if the levels of all keys but the longest are more than can be absorbed."""
    if sum(len(key.present) for key in keys[1:]) <= MOST_CROSSED:
        return
    counts = listed(f"{len(key.present):,} levels of {key.noun}" for key in keys)
    shorter = listed(key.name for key in keys[1:])
    raise TooCostly(
        f"The sample has {counts}, and effects of all of them can be taken out for at most {MOST_CROSSED:,} of "
        f"{shorter}; take out the effects of {keys[0].noun} alone, or use longer {several(shorter)} with fewer levels."
    )
