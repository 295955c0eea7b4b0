"""Command line: ``python -m core.build STUDY --sources DIR --out DIR``, ``all``, ``package --data DIR``, ``answers``.

Writing a study into a data folder that has a data package also updates the package, so that its hashes
stay valid. ``london --attitude-survey FILE --use-of-force FILE_OR_FOLDER ... --out DIR`` merges new
editions into the current figures and writes a complete data folder; ``london --download`` fetches them first.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from core.build.answers import store_answers
from core.build.datasets import DATASETS
from core.build.download.addresses import FORCE, SETTINGS, SURVEY, read_settings
from core.build.download.fetch import DOWNLOADS, download
from core.build.download.renewal import renew_london
from core.build.london import DATASET as LONDON
from core.build.package import README_FILE, renewing, write_package
from core.build.progress import ProgressLine
from core.build.street_crime import build_street_crime
from core.build.writing import build_study, report
from core.sources.dataset import Dataset
from core.sources.files.cells import SourceError
from core.sources.london.force.force_quarters import QUARTER_RULES, REPEATS, Counting
from core.sources.police.built import FOLDER
from core.tables.catalogue import DATA_DIR, PACKAGE_FILE, CatalogueError

FAILED = 2
BY_THE_KEYBOARD = 130
INTERRUPTED = "Stopped: everything is as it was before; run the command again, and it begins from the start."
STREET_CRIME, ANSWERS = "street-crime", "answers"
ALL = "all"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it worked, 2 with a sentence on standard error when it did not, 130 when interrupted."""
    options = _parser().parse_args(arguments)
    try:
        for line in _run(options):
            print(line)
    except (SourceError, CatalogueError, OSError) as error:
        print(f"Stopped: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print(f"\n{INTERRUPTED}", file=sys.stderr)
        return BY_THE_KEYBOARD
    return 0


def _run(options: argparse.Namespace) -> list[str]:
    if options.command == "package":
        return [f"Wrote {path}" for path in write_package(options.data)]
    if options.command == ANSWERS:
        return [f"Wrote {store_answers()}"]
    if options.command == STREET_CRIME:
        return build_street_crime(options.download, options.out, progress=ProgressLine(sys.stderr))
    if options.command == ALL:
        return _build_all(options.sources, options.data)
    study = DATASETS[options.command]
    if study is LONDON and options.download:
        return _download(options)
    if study is LONDON and options.settings != SETTINGS:
        raise SourceError("--settings names the addresses to fetch from; give it together with --download.")
    if study is LONDON and (options.attitude_survey or options.use_of_force):
        return _renew(options)
    if not options.sources:
        raise SourceError(f"Name the folder with the published files of {study.word} with --sources.")
    return _build(study, options.sources, options.out or DATA_DIR / study.name)


def _build_all(sources: Path, data: Path) -> list[str]:
    """Write the tables of every study, each from the folder of its own name in `sources`."""
    if missing := [name for study in DATASETS.values() if not (sources / (name := study.name)).is_dir()]:
        raise SourceError(f"{sources} has no folder {', '.join(missing)}; it needs one with the files of each study.")
    return [line for study in DATASETS.values() for line in _build(study, sources / study.name, data / study.name)]


def _build(study: Dataset, sources: Path, out: Path) -> list[str]:
    """Write the tables of `study`, and the data package if the folder has one."""
    if not (out.parent / PACKAGE_FILE).is_file():
        return [*report(build_study(study, sources, out)), f"Wrote {out}"]
    with renewing(out.parent) as draft:
        tables = build_study(study, sources, draft / out.name)
    return [*report(tables), f"Wrote {out}", *(f"Wrote {out.parent / name}" for name in (PACKAGE_FILE, README_FILE))]


def _download(options: argparse.Namespace) -> list[str]:
    """Fetch the publishers' workbooks into the folder of sources, and merge them into the current figures."""
    if options.attitude_survey or options.use_of_force:
        raise SourceError("Name either --download or the new editions that are at hand, not both.")
    files, folder = read_settings(options.settings), options.sources or DOWNLOADS
    lines = download(files, folder)
    options.attitude_survey, options.use_of_force = (
        [folder / file.path for file in files if file.kind == kind] for kind in (SURVEY, FORCE)
    )
    options.sources = None
    return [*lines, *_renew(options)]


def _renew(options: argparse.Namespace) -> list[str]:
    if options.sources:
        raise SourceError("Name either --sources, for all published files, or new editions to lay over those at hand.")
    counting = Counting(options.repeats, options.quarters)
    return renew_london(options.attitude_survey, options.use_of_force, counting, options.out, options.data)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core.build", description="Write and describe the tables in data/.")
    commands = parser.add_subparsers(dest="command", required=True)
    for study in DATASETS.values():
        command = commands.add_parser(study.word, help=f"read, check and write: {study.title}")
        command.add_argument(
            "--sources",
            type=Path,
            help="folder with the published files of the study",
        )
        command.add_argument("--out", type=Path, help=f"folder to write to (default: {DATA_DIR / study.name})")
        if study is LONDON:
            _add_editions(command)
            _add_download(command)
    every = commands.add_parser(ALL, help="read, check and write all studies")
    every.add_argument("--sources", type=Path, required=True, help="folder with a folder of files for each study")
    every.add_argument("--data", type=Path, default=DATA_DIR, help="folder to write to (default: %(default)s)")
    crime = commands.add_parser(STREET_CRIME, help="count the street-level crime of any English force by LSOA")
    crime.add_argument("download", type=Path, help="the publisher's zip, or the folder that it was unpacked to")
    crime.add_argument("--out", type=Path, default=FOLDER, help="folder to write to (default: %(default)s)")
    commands.add_parser(ANSWERS, help="store the answers of the front page, so that it need not work them out at start")
    package = commands.add_parser("package", help="write datapackage.json and README.md")
    package.add_argument("--data", type=Path, default=DATA_DIR, help="folder of the tables (default: %(default)s)")
    return parser


def _add_editions(command: argparse.ArgumentParser) -> None:
    """Options that merge new editions into the current figures, instead of ``--sources``."""
    command.add_argument(
        "--attitude-survey", type=Path, nargs="+", default=[], help="new editions of the survey workbook"
    )
    command.add_argument(
        "--use-of-force", type=Path, nargs="+", default=[], help="yearly workbooks (xlsx or csv), or folders of them"
    )
    command.add_argument(
        "--data",
        type=Path,
        default=DATA_DIR,
        help="data folder at hand, which --out is then too (default: %(default)s)",
    )
    command.add_argument(
        "--repeats",
        choices=REPEATS,
        default=Counting.repeats,
        help="exact duplicates of records (default: %(default)s)",
    )
    command.add_argument(
        "--quarters",
        choices=QUARTER_RULES,
        default=Counting.quarters,
        help="calendar quarters, or the study's, which count a quarter's last day in the next (default: %(default)s)",
    )


def _add_download(command: argparse.ArgumentParser) -> None:
    """Options that fetch new editions from their publishers."""
    command.add_argument(
        "--download",
        action="store_true",
        help=f"fetch the publishers' workbooks into --sources (default: {DOWNLOADS}) and lay them over those at hand",
    )
    command.add_argument(
        "--settings", type=Path, default=SETTINGS, help="addresses of the workbooks (default: %(default)s)"
    )


if __name__ == "__main__":
    sys.exit(main())
