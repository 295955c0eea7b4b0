"""What is kept for all visitors: how much, and by which keys, that are equal only where the arguments are.

Streamlit's own caches keep a lock for every key that was ever asked for, so that choices that are new cost memory for
ever; their keys take as long as many of the results that they find, and of a large table they look at a sample.
"""

import functools
import itertools
import os
import pickle
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from threading import Condition
from types import FunctionType
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from cachetools import LRUCache, cached

from core.london.forecast.view import Forecasts
from core.stats.regression.curve import Curve
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel

P = ParamSpec("P")
T = TypeVar("T")
SETTING, USUAL = "EXPLORER_KEPT", 1000


def most(environment: Mapping[str, str]) -> int:
    """How many figures, and how many results, are kept: what ``EXPLORER_KEPT`` says, else 1,000.

    Raises
    ------
    ValueError
        With a sentence, where it is not a whole number from 1.
    """
    sentence = environment.get(SETTING, str(USUAL))
    if not (sentence.isascii() and sentence.isdigit() and int(sentence)):
        raise ValueError(f"{SETTING} says how many results are kept: a whole number from 1, not {sentence!r}.")
    return int(sentence)


KEPT = most(os.environ)  # a figure has 45 kB on average, a result 20
_SHARED = (Panel, Forecasts, Curve)
_numbers: WeakKeyDictionary[object, int] = WeakKeyDictionary()
_count = itertools.count()
_caches: dict[str, LRUCache[bytes, Any]] = {}


def for_all(size: int = KEPT, copies: bool = False) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A decorator: results are kept for all visitors, `size` of them; the one not asked for the longest goes first.

    Whoever asks for what another visitor is just having worked out waits for it. An error is not kept.

    Parameters
    ----------
    copies
        Give everybody a copy, for results that a page may change; else one is shared, and never to be changed.
    """

    def decorator(function: Callable[P, T]) -> Callable[P, T]:
        cache = _caches[f"{function.__module__}.{function.__qualname__}"] = LRUCache[bytes, Any](size)
        keep = cached(cache, lambda *arguments, **named: key((arguments, named)), condition=Condition())
        if not copies:
            return keep(function)

        @keep
        def packed(*arguments: P.args, **named: P.kwargs) -> bytes:
            return pickle.dumps(function(*arguments, **named), pickle.HIGHEST_PROTOCOL)

        @functools.wraps(function)
        def unpacked(*arguments: P.args, **named: P.kwargs) -> T:
            result: T = pickle.loads(packed(*arguments, **named))
            return result

        return unpacked

    return decorator


def held() -> Iterator[tuple[str, bytes]]:
    """What is kept: the name of each function with the key of each of its results."""
    for name, cache in _caches.items():
        yield from ((name, found) for found in cache)


def forget() -> None:
    """Let go of all that is kept."""
    for cache in _caches.values():
        cache.clear()


def key(arguments: tuple[Any, ...]) -> bytes:
    """`arguments` written down.

    Functions by their names, large objects that all visitors share by their number, all else by what it holds.
    """
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
        if isinstance(item, FunctionType):
            if "<" in item.__qualname__:
                raise ValueError(f"{item.__qualname__} has no name of its own, so its results cannot be told apart.")
            return str, (f"{item.__module__}.{item.__qualname__}",)
        return NotImplemented
