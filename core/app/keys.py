"""What is kept for all visitors: how much, and by which keys, that are equal only where the arguments are.

Streamlit's own keys take as long as many of the results that they find, and of a large table they look at a sample.
"""

import itertools
import os
import pickle
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from weakref import WeakKeyDictionary

from core.catalogue import Catalogue
from core.forecast_view import Forecasts
from core.panel import Panel
from core.regression.curve import Curve

SETTING, USUAL = "EXPLORER_KEPT", 1000


def kept(environment: Mapping[str, str]) -> int:
    """How many exhibits, and how many results, are kept: what ``EXPLORER_KEPT`` says, else 1,000.

    Raises
    ------
    ValueError
        With a sentence, where it is not a whole number from 1.
    """
    told = environment.get(SETTING, str(USUAL))
    if not (told.isascii() and told.isdigit() and int(told)):
        raise ValueError(f"{SETTING} says how many results are kept: a whole number from 1, not {told!r}.")
    return int(told)


KEPT = kept(os.environ)  # an exhibit has 45 kB on average, a result 20
_SHARED = (Panel, Forecasts, Curve)
_numbers: WeakKeyDictionary[object, int] = WeakKeyDictionary()
_count = itertools.count()


def key(arguments: tuple[Any, ...]) -> bytes:
    """`arguments` written down: large objects that all visitors share by their number, all else by what it holds."""
    stream = BytesIO()
    _Writer(stream).dump(arguments)
    return stream.getvalue()


class _Writer(pickle.Pickler):
    def __init__(self, stream: BytesIO) -> None:
        super().__init__(stream, pickle.HIGHEST_PROTOCOL)
        self.fast = True  # without references to what was written before, which would tell equal objects apart

    def reducer_override(self, item: Any) -> Any:
        if isinstance(item, _SHARED):
            return type(item), (_numbers.setdefault(item, next(_count)),)
        if isinstance(item, Catalogue):
            return Catalogue, (item.version, *item.tables)
        return NotImplemented
