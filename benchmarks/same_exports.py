"""Whether every page still exports the same figures: ``python -m benchmarks.same_exports VERSION``.

Each page of this version and of `VERSION` (a commit, or a folder with a checkout) is opened at its default and at five
links that other choices in `VERSION` give, and every CSV file that it offers there is compared, byte by byte. Prints
what differs, and how; exit code 1 if anything does. ``python -m benchmarks.same_exports VERSION london_amount`` is of
that page alone.
"""

import argparse
import difflib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.versions import ROOT, checked_out

COLLECTOR = Path(__file__).with_name("exported.py")
SHOWN = 3  # lines of a difference


def export(version: Path, folder: Path, links: Path, pages: Sequence[str]) -> None:
    """Write the CSV files of the pages of `version` to `folder`."""
    command = [sys.executable, "-P", str(COLLECTOR), str(folder), str(links), *pages]
    environment = os.environ | {"PYTHONPATH": str(version)}
    done = subprocess.run(command, cwd=version, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The pages in {version} cannot be exported:\n{done.stderr[-2000:]}")


def differences(before: Path, now: Path) -> Iterator[str]:
    """A line for each file of two folders that is not in both, and a few for each that is not the same."""
    old, new = ({path.relative_to(folder): path for path in folder.rglob("*.csv")} for folder in (before, now))
    for name in sorted({*old, *new}):
        if name not in new:
            yield f"{name}: is not offered any more"
        elif name not in old:
            yield f"{name}: is new"
        elif old[name].read_bytes() != new[name].read_bytes():
            lines, changed = (path.read_text(encoding="utf-8").splitlines() for path in (old[name], new[name]))
            found = list(difflib.unified_diff(lines, changed, lineterm="", n=0))[2:]
            yield "\n".join([f"{name}: differs", *(f"    {line}" for line in found[: 1 + 2 * SHOWN])])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what differs; 1 if anything does."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.same_exports", description="Whether every page still exports the same figures."
    )
    parser.add_argument("version", help="commit, or folder with a checkout, to compare with")
    parser.add_argument("pages", nargs="*", help="pages to look at (default: all)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as made, checked_out(options.version) as other:
        before, now, links = Path(made) / "before", Path(made) / "now", Path(made) / "links.json"
        export(other, before, links, options.pages)
        export(ROOT, now, links, options.pages)
        opened = {page: len(found) for page, found in json.loads(links.read_text(encoding="utf-8")).items()}
        found, files = list(differences(before, now)), len(list(before.rglob("*.csv")))
    print(*found, sep="\n")
    print(f"{len(opened)} pages at {sum(opened.values())} links, {files} files: {len(found)} differ.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
