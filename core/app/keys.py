"""Keys of what is kept for all visitors: equal only where the arguments are.

Streamlit's own keys take as long as many of the results that they find, and of a large table they look at a sample.
"""

import itertools
import pickle
from io import BytesIO
from typing import Any
from weakref import WeakKeyDictionary

from core.catalogue import Catalogue
from core.forecast_view import Forecasts
from core.panel import Panel
from core.regression.curve import Curve

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
