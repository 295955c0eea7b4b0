"""Gives memory back, or keeps it where the next visitor's page finds it.

Streamlit runs each page in a thread of its own, and the C library gives threads up to eight heaps for each processor:
what one has freed, the others cannot use. It also learns from each large block that is freed to take the next one from
a heap, where small ones that outlive it leave gaps; and Arrow brings a heap of its own. Over hundreds of visits the
process grew by a third without holding more. Python runs one thing at a time, so that two heaps are enough; large
blocks come from the system and go back to it. See https://github.com/streamlit/streamlit/issues/12120.
"""

import ctypes
import sys

import pyarrow as pa
import streamlit as st

HEAPS, LARGE = 2, 96 * 1024
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8  # malloc.h of glibc


@st.cache_resource(show_spinner=False)
def tune() -> None:
    """Have all threads and Arrow share :data:`HEAPS` heaps, without blocks of :data:`LARGE` bytes and more, once.

    Where the C library is not glibc, nothing happens.
    """
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(_M_ARENA_MAX, HEAPS)
        mallopt(_M_MMAP_THRESHOLD, LARGE)
        pa.set_memory_pool(pa.system_memory_pool())
