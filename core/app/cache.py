"""What is worked out once: for all visitors, or for this visit alone where the figures are the visitor's own.

Streamlit's own caches keep a lock for every key that was ever asked for, so that new choices cost memory for ever;
their keys take as long as many of the results that they find, and of a large table they look at a sample.
"""

import functools
import itertools
import os
import pickle
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from threading import Condition
from types import FunctionType
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

import cachetools
import streamlit as st

from core.crime.neighbourhood.tables import ForceNeighbourhoods
from core.london.forecast.view import Forecasts
from core.stats.regression.curves.curve import Curve
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel

T = TypeVar("T")
SETTING, DEFAULT_ENTRIES = "EXPLORER_KEPT", 1000
VISIT, VISIT_ENTRIES = "cache", 120


def max_entries(environment: Mapping[str, str]) -> int:
    """How many figures, and how many results, are cached: what ``EXPLORER_KEPT`` says, else 1,000.

    Raises
    ------
    ValueError
        With a sentence, where it is not a whole number from 1.
    """
    setting = environment.get(SETTING, str(DEFAULT_ENTRIES))
    if not (setting.isascii() and setting.isdigit() and int(setting)):
        raise ValueError(f"{SETTING} says how many results are kept: a whole number from 1, not {setting!r}.")
    return int(setting)


MAX_ENTRIES = max_entries(os.environ)  # a figure has 45 kB on average, a result 20
_SHARED = (Panel, Forecasts, Curve, ForceNeighbourhoods)
_numbers: WeakKeyDictionary[object, int] = WeakKeyDictionary()
_count = itertools.count()
_stores: "dict[str, cachetools.LRUCache[bytes, Any]]" = {}


class Cached(Generic[T]):
    """A function whose results are cached; make one with :func:`cached`."""

    def __init__(self, function: Callable[..., T], size: int, copies: bool) -> None:
        self._function, self._copies = function, copies
        self._name = f"{function.__module__}.{function.__qualname__}"
        store = _stores[self._name] = cachetools.LRUCache(size)
        # Whoever asks for what another visitor is just having worked out waits for it. An error is not cached.
        once = cachetools.cached(store, key=lambda key, _: key, condition=Condition())
        self._shared: Callable[[bytes, Callable[[], Any]], Any] = once(lambda _, make: make())

    def __call__(self, *arguments: Any, version: str = "", this_visit: bool = False, **unkeyed: Any) -> T:
        """The result for `arguments`.

        Parameters
        ----------
        version
            Fingerprint of the figures that the result comes from; part of the key.
        this_visit
            Cache it in this visit alone, because the figures are the visitor's own.
        unkeyed
            Further arguments that do not change the result, such as what shows the progress.
        """
        make = functools.partial(self._function, *arguments, **unkeyed)
        known = key((arguments, version))
        if this_visit:
            return _in_visit((self._name, known), make)
        if not self._copies:
            shared: T = self._shared(known, make)
            return shared
        copy: T = pickle.loads(self._shared(known, lambda: pickle.dumps(make(), pickle.HIGHEST_PROTOCOL)))
        return copy


def cached(size: int = MAX_ENTRIES, copies: bool = False) -> Callable[[Callable[..., T]], Cached[T]]:
    """A decorator: `size` results are cached for all visitors; the one not asked for the longest goes first.

    Parameters
    ----------
    copies
        Give everybody a copy, for results that a page may change; else one is shared, and never to be changed.
    """

    def decorate(function: Callable[..., T]) -> Cached[T]:
        return Cached(function, size, copies)

    return decorate


def _in_visit(known: tuple[str, bytes], make: Callable[[], T]) -> T:
    store = st.session_state.setdefault(VISIT, cachetools.LRUCache(VISIT_ENTRIES))
    if known not in store:
        store[known] = make()
    found: T = store[known]
    return found


def clear_visit() -> None:
    """Drop what was worked out from the visitor's own figures."""
    st.session_state.pop(VISIT, None)


def cached_keys() -> Iterator[tuple[str, bytes]]:
    """What is cached for all visitors: the name of each function with the key of each of its results."""
    for name, store in _stores.items():
        yield from ((name, found) for found in store)


def clear() -> None:
    """Drop all that is cached for all visitors."""
    for store in _stores.values():
        store.clear()


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
                raise ValueError(f"{item.__qualname__} has no name of its own, so its results cannot be kept apart.")
            return str, (f"{item.__module__}.{item.__qualname__}",)
        return NotImplemented
