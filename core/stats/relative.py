"""Changes of a logarithm as per cent of what it is of, and back."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", float, NDArray[np.float64])

HUNDRED = 100
LARGEST = 700.0  # the exponential of more is no longer a float


def per_cent(change: Number) -> Number:
    """Change in per cent of a quantity whose logarithm changes by `change`: 0.1 is 10.5%."""
    grown: Number = HUNDRED * np.expm1(np.minimum(change, LARGEST))
    return grown


def change_of_logarithm(size: float) -> float:
    """Change of the logarithm of a quantity that changes by `size` per cent, which is more than -100."""
    return float(np.log1p(size / HUNDRED))
