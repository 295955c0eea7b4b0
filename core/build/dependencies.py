"""The packages that the app depends on: version, licence, and why each is needed.

``python -m core.build.dependencies`` writes them to ``docs/dependencies.md``; ``make audit`` calls it. Licences are
read from the packages' metadata by pip-licenses, so the packages of ``requirements-dev.txt`` must be installed.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
REQUIREMENTS, FILE = ROOT / "requirements.txt", ROOT / "docs" / "dependencies.md"
HEADER = """# Dependencies

What the app runs on: the packages that `requirements.txt` pins, with its reasons, and what they need in turn. Written
by `python -m core.build.dependencies` on Python {version} ({system}), which `make audit` calls; do not edit it by
hand. What checking needs on top is in `requirements-dev.txt`; it is not part of the app.

| package | version | licence | why |
|---|---|---|---|
"""
PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+)\s*# (?P<why>.*)$", re.MULTILINE)
COST = re.compile(r"\s*\[[^\]]*\]")  # time and memory, which differ from machine to machine


@dataclass(frozen=True)
class Package:
    """A package with its licence, and why the app needs it."""

    name: str
    version: str
    licence: str
    why: str


def packages(requirements: str, licences: Mapping[str, tuple[str, str]]) -> list[Package]:
    """The packages that `requirements` pins, then their dependencies, each in alphabetical order.

    Parameters
    ----------
    requirements
        Text of a requirements file, each pin with its reason after ``#``.
    licences
        Version and licence of every installed package.
    """
    pinned = {str(canonicalize_name(pin["name"])): COST.sub("", pin["why"]) for pin in PIN.finditer(requirements)}
    why = pinned | {name: f"needed by {', '.join(users)}" for name, users in _needed_by(pinned).items()}
    order = sorted(why, key=lambda name: (name not in pinned, name))
    return [Package(name, *licences[name], why[name]) for name in order if name in licences]


def _needed_by(pinned: Mapping[str, str]) -> dict[str, list[str]]:
    """Direct and indirect dependencies of the `pinned` packages, each with the packages that need it."""
    users: dict[str, list[str]] = {}
    waiting = list(pinned)
    while waiting:
        user = waiting.pop(0)
        for name in _needs(user):
            if name not in users and name not in pinned:
                waiting.append(name)
            users.setdefault(name, []).append(user)
    return {name: sorted(set(found)) for name, found in users.items() if name not in pinned}


def _needs(name: str) -> Iterator[str]:
    """Dependencies of the installed package `name` on this system, without extras."""
    for line in requires(name) or ():
        needed = Requirement(line)
        if needed.marker is None or needed.marker.evaluate({"extra": ""}):
            yield canonicalize_name(needed.name)


def installed() -> dict[str, tuple[str, str]]:
    """Version and licence of every installed package, as pip-licenses lists them."""
    command = [sys.executable, "-m", "piplicenses", "--format=json", "--from=mixed", "--with-system"]
    listing = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return {canonicalize_name(entry["Name"]): (entry["Version"], entry["License"]) for entry in listing}


def document(found: Sequence[Package]) -> str:
    """The list in Markdown."""
    head = HEADER.format(version=f"{sys.version_info.major}.{sys.version_info.minor}", system=sys.platform)
    rows = (f"| {one.name} | {one.version} | {one.licence.replace('; ', ', ')} | {one.why} |\n" for one in found)
    return head + "".join(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the list."""
    parser = argparse.ArgumentParser(
        prog="python -m core.build.dependencies", description="Write the list of packages."
    )
    parser.add_argument("--out", type=Path, default=FILE, help="file to write")
    out = parser.parse_args(arguments).out
    out.write_text(document(packages(REQUIREMENTS.read_text(encoding="utf-8"), installed())), encoding="utf-8")
    print(f"Wrote {out}")


if __name__ == "__main__":
    main()
