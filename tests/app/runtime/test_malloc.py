"""Heaps are shared: threads that come and go do not each leave one behind, and large blocks leave no gaps in them."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

# In a process of its own: a limit that is set stays set.
COUNTED = """
import ctypes, sys, threading
from core.app.runtime import malloc

def used():
    libc, text, size = ctypes.CDLL(None), ctypes.c_char_p(), ctypes.c_size_t()
    libc.open_memstream.restype = ctypes.c_void_p
    stream = ctypes.c_void_p(libc.open_memstream(ctypes.byref(text), ctypes.byref(size)))
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    return text.value.count(b"<heap ")

if sys.argv[1] == "shared":
    malloc.tune.__wrapped__()
together = threading.Barrier(6)

def work():
    kept = bytearray(100_000)
    together.wait()

threads = [threading.Thread(target=work) for _ in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(used())
"""


APART = """
import ctypes, sys
import pyarrow as pa
from core.app.runtime import malloc

class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "arena ord sm hblks apart usm fsm used free keep".split()]

def apart():
    libc = ctypes.CDLL(None)
    libc.mallinfo2.restype = Info
    return libc.mallinfo2().apart

if sys.argv[1] == "shared":
    malloc.tune.__wrapped__()
before = apart()
for _ in range(3):  # glibc's own limit is that of the largest block that was freed
    block = bytearray(2_000_000)
    del block
block, table = bytearray(1_000_000), pa.array(range(200_000))
print(apart() - before)
"""


def count_in_process(program: str, how: str) -> int:
    command = [sys.executable, "-c", program, how]
    return int(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="heaps are counted by glibc")
def test_tune_makes_many_threads_share_two_heaps() -> None:
    assert count_in_process(COUNTED, "shared") == 2
    assert count_in_process(COUNTED, "each its own") > 2


@pytest.mark.skipif(sys.platform != "linux", reason="blocks are counted by glibc")
def test_tune_places_large_and_arrow_blocks_outside_heaps() -> None:
    assert count_in_process(APART, "shared") > 2_000_000
    assert count_in_process(APART, "each its own") < 1_000_000
