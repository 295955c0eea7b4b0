"""Sets aside what stays in memory, so that Streamlit's garbage collection after every run need not look at it.

See https://github.com/streamlit/streamlit/issues/8977.
"""

import gc
import threading

_pages: set[str] = set()
_disabled = threading.Event()


def freeze(page: str) -> None:
    """Keep all that is alive after the first run of `page` out of later collections, once for each page.

    A collection holds up every visitor: over 100 ms for the modules alone, more than most pages take to run.
    """
    if page not in _pages and not _disabled.is_set():
        _pages.add(page)
        gc.collect()
        gc.freeze()


def disable() -> None:
    """Set nothing aside from now on: a visitor's own figures are in memory, and must leave it when the visit ends."""
    _disabled.set()
