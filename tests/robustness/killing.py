"""Kills a command at one of the changes that it makes to the files of a folder.

``python -m tests.robustness.killing FOLDER POINTS COMMAND...`` runs ``python -m core.build COMMAND`` on FOLDER, each
time from the same start: to its end once, and then killed at about POINTS of its changes, evenly spread, the last ones
among them. For each it prints whether the folder is then ``old`` or ``new``, or what is torn.
"""

import hashlib
import os
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from core.build.__main__ import main as build

NEVER = sys.maxsize
LAST = 4
CHANGES = ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "shutil.copyfile", "ctypes.dlsym")


def contents(folder: Path) -> dict[str, str]:
    """Hash of each file in `folder`, by its path there."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def changes(work: Callable[[], object], at: int) -> int:
    """How many changes to files `work` makes in a child process, which is killed at change number `at`."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _work(work, at, writer)
    os.close(writer)
    number = os.read(reader, 20)
    os.close(reader)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return at
    assert status == 0, "the command failed"
    return int(number)


def _work(work: Callable[[], object], at: int, writer: int) -> None:
    made = 0

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal made
        if event in CHANGES or (event == "open" and arguments[1] and set(str(arguments[1])) & set("wax+")):
            made += 1
            if made == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hear)
    code = work()
    os.write(writer, str(made).encode())
    os._exit(int(bool(code)))


def points(made: int, wanted: int) -> list[int]:
    """About `wanted` numbers from 1 to `made`, evenly spread, the last few among them."""
    spread = range(1, made + 1, max(1, made // wanted))
    return sorted({*spread, *range(max(1, made - LAST), made + 1)})


def main(folder: Path, wanted: int, command: Sequence[str]) -> None:
    """Print what becomes of `folder` for each point."""
    start = folder.with_name("start")
    folder.rename(start)

    def restore() -> None:
        for left in folder.parent.glob(f".{folder.name}-*"):
            shutil.rmtree(left)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(start, folder)

    def work() -> int:
        with redirect_stdout(sys.stderr):
            return build(command)

    restore()
    old = contents(folder)
    made = changes(work, NEVER)
    new = contents(folder)
    assert new != old, "the command changes nothing"
    for point in points(made, wanted):
        restore()
        changes(work, point)
        found = contents(folder)
        torn = sorted(name for name in {*old, *new} if found.get(name) not in (old.get(name), new.get(name)))
        state = "old" if found == old else "new" if found == new else f"torn {torn or 'between the two'}"
        print(point, state, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
