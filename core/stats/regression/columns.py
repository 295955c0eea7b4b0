"""Columns of a panel as arrays: variables with their missing values, and keys with their levels."""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.stats.regression.errors import one

if TYPE_CHECKING:  # imported where it is used, because few models need it
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Mask = NDArray[np.bool_]

LARGEST = 1e100  # its square is still a float
ROUNDING = 1e-9  # 0.3 - 0.2 is a little less than 0.1


def fitting_step(values: Floats) -> float:
    """The power of ten that fits the range of `values` (without the tenth at either end): 0.01, 1, 100.

    Of whole numbers, yes and no among them, it is one or more.

    Parameters
    ----------
    values
        Values without missing ones, shape (n,).
    """
    low, high = np.quantile(values, [0.1, 0.9], method="nearest")
    span = float(high - low) or float(values.max() - values.min())
    if not 0 < span < math.inf:
        return 1.0
    step = 10.0 ** math.floor(math.log10(span) + ROUNDING)
    return max(step, 1.0) if (values % 1 == 0).all() else step


@dataclass(frozen=True, eq=False)
class Column:
    """A variable on every row of the panel.

    Parameters
    ----------
    name
        Name of the variable.
    values
        Its values, shape (n,); NaN where one is missing.
    """

    name: str
    values: Floats

    @cached_property
    def known(self) -> Mask:
        """Rows that have a value."""
        return ~np.isnan(self.values)

    @cached_property
    def own_step(self) -> float:
        """The step for which effects of it are stated where 10% of its mean means nothing; otherwise 0.

        From 0 to 1 of what holds no more; of what lies below zero too, such as a balance, what fits its range.
        """
        values = self.values[self.known]
        if np.isin(values, (0.0, 1.0)).all():
            return 1.0
        return fitting_step(values) if values.min() < 0 else 0.0

    @cached_property
    def beyond(self) -> Mask:
        """Rows whose value is infinite or too large to use."""
        return np.abs(self.values) > LARGEST


@dataclass(frozen=True, eq=False)
class Key:
    """A key column of the panel on the rows of a sample.

    Parameters
    ----------
    name
        Name of the column.
    levels
        Every area, period or group of the panel, in order.
    codes
        Position of each row's level in `levels`, shape (n,).
    """

    name: str
    levels: tuple[str, ...]
    codes: Codes

    @property
    def noun(self) -> str:
        """What it is called in a sentence: `borough`, `“firm_id”`."""
        return one(self.name)

    @cached_property
    def present(self) -> list[str]:
        """Levels in the sample, in order."""
        return [self.levels[code] for code in self.used]

    @cached_property
    def used(self) -> Codes:
        """Positions in `levels` of those in the sample, rising."""
        return np.flatnonzero(np.bincount(self.codes))  # a tenth of the time that sorting the codes takes

    @cached_property
    def places(self) -> Codes:
        """Position of each row's level in `present`, shape (n,)."""
        place = np.zeros(len(self.levels), dtype=np.intp)
        place[self.used] = np.arange(len(self.used))
        return place[self.codes]

    def sums(self, values: Floats) -> Floats:
        """Sums by level in the sample of `values`, shape (n, columns); shape (levels present, columns)."""
        return np.column_stack([np.bincount(self.places, column) for column in values.T])

    def spread(self, values: Floats) -> "csr_array":
        """One row per level in the sample, with `values`, shape (n,), where the level is; shape (levels present, n)."""
        from scipy.sparse import csr_array

        n = len(values)
        return csr_array((values, (self.places, np.arange(n))), shape=(len(self.present), n))

    def within(self, other: "Key") -> bool:
        """Whether each level is nested in one level of `other`, as MSOAs are in districts."""
        owner = np.empty(len(self.levels), dtype=np.intp)
        owner[self.codes] = other.codes
        return bool((owner[self.codes] == other.codes).all())

    @property
    def column(self) -> pd.Series:
        """The level of each row."""
        return pd.Series(np.asarray(self.levels, dtype=object)[self.codes], dtype="str")

    def keep(self, rows: Codes | Mask) -> "Key":
        """The same key on some of the rows."""
        return replace(self, codes=self.codes[rows])
