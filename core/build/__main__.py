"""Command line: ``python -m core.build london --sources DIR --out DIR``, and ``package --data DIR``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from core.build.package import write_package
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
    lines = report(build_study(study, options.sources, options.out))
    return [*lines, f"Wrote {options.out / study.folder}", *(f"Wrote {path}" for path in write_package(options.out))]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core.build", description="Write and describe the tables in data/.")
    commands = parser.add_subparsers(dest="command", required=True)
    for study in STUDIES.values():
        command = commands.add_parser(study.name, help=f"read, check and write: {study.title}")
        command.add_argument(
            "--sources",
            type=Path,
            required=True,
            help=f"folder that holds the folder {study.folder} of published files",
        )
        command.add_argument("--out", type=Path, default=DATA_DIR, help="folder to write to (default: %(default)s)")
    package = commands.add_parser("package", help="write datapackage.json and README.md")
    package.add_argument("--data", type=Path, default=DATA_DIR, help="folder of the tables (default: %(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
