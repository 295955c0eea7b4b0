"""Command line: ``python -m core.build london --sources DIR --out DIR``, and ``package --data DIR``.

A study written into a folder that has a data package beside it renews the package too, so that its
hashes stay true.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from core.build.package import PACKAGE_FILE, write_package
from core.build.studies import STUDIES
from core.build.writing import build_study, report
from core.catalogue import DATA_DIR
from core.sources.reading import SourceError

FAILED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it worked, 2 with a sentence on standard error when it did not."""
    options = _parser().parse_args(arguments)
    try:
        for line in _run(options):
            print(line)
    except (SourceError, OSError) as error:
        print(f"Stopped: {error}", file=sys.stderr)
        return FAILED
    return 0


def _run(options: argparse.Namespace) -> list[str]:
    if options.command == "package":
        return [f"Wrote {path}" for path in write_package(options.data)]
    study = STUDIES[options.command]
    out = options.out or DATA_DIR / study.folder
    lines = [*report(build_study(study, options.sources, out)), f"Wrote {out}"]
    if (out.parent / PACKAGE_FILE).is_file():
        lines += [f"Wrote {path}" for path in write_package(out.parent)]
    return lines


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core.build", description="Write and describe the tables in data/.")
    commands = parser.add_subparsers(dest="command", required=True)
    for study in STUDIES.values():
        command = commands.add_parser(study.name, help=f"read, check and write: {study.title}")
        command.add_argument(
            "--sources",
            type=Path,
            required=True,
            help="folder with the published files of the study",
        )
        command.add_argument("--out", type=Path, help=f"folder to write to (default: {DATA_DIR / study.folder})")
    package = commands.add_parser("package", help="write datapackage.json and README.md")
    package.add_argument("--data", type=Path, default=DATA_DIR, help="folder of the tables (default: %(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
