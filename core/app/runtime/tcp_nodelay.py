"""Has the server send each message at once.

Streamlit makes the socket that it listens on without naming TCP, and asyncio therefore leaves Nagle's algorithm on for
the connections that it takes: the third message of every run waits until the visitor's machine has acknowledged the
first two, which it puts off for 40 ms. See
https://github.com/python/asyncio/pull/373. Connections taken later have the option from the socket that listens.
"""

import contextlib
import os
import socket
from pathlib import Path

import streamlit as st

DESCRIPTORS = Path("/proc/self/fd")


@st.cache_resource(show_spinner=False)
def enable() -> None:
    """Turn Nagle's algorithm off for all TCP sockets of this process, once; without ``/proc`` nothing happens."""
    for entry in DESCRIPTORS.glob("*"):
        with contextlib.suppress(OSError):  # closed meanwhile
            if entry.is_socket():
                _set(int(entry.name))


def _set(descriptor: int) -> None:
    with socket.socket(fileno=os.dup(descriptor)) as found:
        if found.type == socket.SOCK_STREAM and found.family in (socket.AF_INET, socket.AF_INET6):
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
