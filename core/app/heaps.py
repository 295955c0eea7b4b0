"""Keeps freed memory in one place, where the next visitor's page finds it.

Streamlit runs each page in a thread of its own, and the C library gives threads up to eight heaps for each processor:
what one has freed, the others cannot use. Over hundreds of visits the process grew by a third without holding more.
Python runs one thing at a time, so that two heaps are enough.
"""

import ctypes
import sys

import streamlit as st

HEAPS = 2
_M_ARENA_MAX = -8  # malloc.h of glibc


@st.cache_resource(show_spinner=False)
def share() -> None:
    """Have all threads of this process share :data:`HEAPS` heaps, once; where the C library is not glibc, nothing."""
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(_M_ARENA_MAX, HEAPS)
