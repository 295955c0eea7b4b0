"""Heaps are shared: threads that come and go do not each leave one behind."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

# In a process of its own: a limit that is set stays set.
COUNTED = """
import ctypes, sys, threading
from core.app import heaps

def used():
    libc, words, size = ctypes.CDLL(None), ctypes.c_char_p(), ctypes.c_size_t()
    libc.open_memstream.restype = ctypes.c_void_p
    stream = ctypes.c_void_p(libc.open_memstream(ctypes.byref(words), ctypes.byref(size)))
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    return words.value.count(b"<heap ")

if sys.argv[1] == "shared":
    heaps.share.__wrapped__()
together = threading.Barrier(6)

def work():
    kept = bytearray(100_000)
    together.wait()

threads = [threading.Thread(target=work) for _ in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(used())
"""


def heaps(how: str) -> int:
    command = [sys.executable, "-c", COUNTED, how]
    return int(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="heaps are counted by glibc")
def test_many_threads_share_two_heaps() -> None:
    assert heaps("shared") == 2
    assert heaps("each its own") > 2
