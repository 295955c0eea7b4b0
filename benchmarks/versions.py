"""Another version of the app next to this one, for what compares the two."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]


@contextmanager
def checked_out(version: str) -> Iterator[Path]:
    """Folder of another version of the app.

    Parameters
    ----------
    version
        A folder that holds it, which stays as it is; or a commit, branch or tag of this repository, which is checked
        out into a folder that is removed at the end.
    """
    if Path(version).is_dir():
        yield Path(version).resolve()
        return
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "before"
        _git("worktree", "add", "--detach", str(folder), version)
        try:
            yield folder
        finally:
            _git("worktree", "remove", "--force", str(folder))


def run_in(folder: Path, *command: str) -> str:
    """What this Python prints for `command` in the version in `folder`; errors are shown as they come."""
    done = subprocess.run([sys.executable, *command], cwd=folder, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 1):  # 1: a budget was not kept, or files differ
        raise SystemExit(f"{' '.join(command)} failed in {folder}")
    return done.stdout


def _git(*command: str) -> None:
    subprocess.run(["git", *command], cwd=ROOT, check=True, capture_output=True)
