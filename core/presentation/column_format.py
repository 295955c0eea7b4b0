"""How the numbers of a column are written, so that all of them can be compared: on pages and in briefings."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.presentation.numbers import MINUS, number

YEARS = 1900, 2100
MORE_DIGITS, SPREAD = 3, 30  # digits that small values may add; how far below the usual they may be


@dataclass(frozen=True)
class ColumnFormat:
    """One way to write every number of a column.

    Parameters
    ----------
    decimals
        How many; missing where numbers are written with powers of ten.
    apart
        Whether thousands are set apart.
    """

    decimals: int | None
    apart: bool = False

    @property
    def printf(self) -> str:
        """As a format in the manner of C, with the comma for thousands."""
        return "%.2e" if self.decimals is None else f"%{',' * self.apart}.{self.decimals}f"

    def write(self, value: float) -> str:
        """`value` in words of the page: with a true minus sign."""
        if self.decimals is None:
            return f"{value:.2e}".replace("-", MINUS) if value else "0"
        written = number(value, self.decimals)
        return written if self.apart else written.replace(",", "")


def column_format(values: pd.Series, digits: int = 3) -> ColumnFormat:
    """How to write `values`: with fixed decimals, or with powers of ten where too many would be needed.

    Counts have no decimals, also where pandas keeps them with some because one is missing; thousands are set apart,
    but not in numbers that may be years.

    Parameters
    ----------
    values
        Numbers, shape (n,); missing ones do not count.
    digits
        Decimals, or more where they would leave little of small values.
    """
    sizes = np.abs(values.to_numpy(dtype=float))  # pandas would take ten times as long over a few rows
    sizes = sizes[np.isfinite(sizes) & (sizes != 0)]
    whole = values.dtype.kind != "f" or (len(sizes) and not (sizes % 1).any())
    years = whole and ((YEARS[0] <= sizes) & (sizes <= YEARS[1])).all()
    apart = bool(sizes.max(initial=0) >= 1000 and not years)
    if whole:
        return ColumnFormat(0, apart)
    smallest = max(sizes.min(), float(np.median(sizes)) / SPREAD) if len(sizes) else 1.0
    needed = math.ceil(-math.log10(smallest)) + 1
    return ColumnFormat(max(digits, needed) if needed <= digits + MORE_DIGITS else None, apart)
