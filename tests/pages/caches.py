"""What the app caches for all visitors."""

from typing import Any

from streamlit.runtime.caching import cache_data_api, cache_resource_api

from core.app import cache as app_cache
from core.app.crime_places import places


def cached_for_all() -> set[tuple[object, ...]]:
    """What each cache, the app's own and Streamlit's, holds by the key of its function and its own."""
    places.places()  # which places there are is the same for everybody, and cached by whoever asks first
    found: set[tuple[object, ...]] = set(app_cache.cached_keys())
    caches: tuple[Any, ...] = (cache_resource_api._resource_caches, cache_data_api._data_caches)
    for function, cache in [item for kind in caches for item in kind._function_caches.get(None, {}).items()]:
        entries = cache._mem_cache if hasattr(cache, "_mem_cache") else cache.storage._mem_cache
        found |= {(function, entry) for entry in entries}
    return found
