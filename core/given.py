"""Figures that a visitor hands in: read, checked, and put in place of those of the package for one visit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from core.catalogue import Catalogue, Variable, variable_of
from core.sources.force_quarters import Counting, tabulate
from core.sources.force_workbook import ForceFile, read_force
from core.sources.guards import IN_A_VISIT, GivenFile
from core.sources.reading import SourceError, Tidy
from core.sources.renewal import Renewal, renew_force, renew_survey
from core.sources.survey_workbook import Survey, read_survey

LONDON = "london"
SURVEYS, FORCE = ("survey", "survey_london"), "use_of_force"
Progress = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Given:
    """What a visitor handed in.

    Parameters
    ----------
    files
        Names of the files.
    catalogue
        The catalogue with their figures in it.
    tables
        Names of the tables that hold them.
    report
        What was read, used and left out, and why, in sentences.
    """

    files: tuple[str, ...]
    catalogue: Catalogue
    tables: tuple[str, ...]
    report: tuple[str, ...]


def read_given(
    files: Sequence[GivenFile], base: Catalogue, counting: Counting, progress: Progress = lambda _share: None
) -> Given:
    """The figures in `files`: workbooks or CSV files of the survey, or of use of force.

    Parameters
    ----------
    base
        The catalogue of the package, from which is taken what the files do not have.
    counting
        How records of force become counts.
    progress
        Called with the share that is done (0 to 1).

    Raises
    ------
    SourceError
        For the first file that is neither, or cannot be used.
    """
    if not files:
        raise SourceError("No file was handed in; choose one or more.")
    surveys: list[Survey] = []
    forces: list[ForceFile] = []
    for done, file in enumerate(files):
        read = _read(file, partial(_part, progress, done, len(files)))
        if isinstance(read, Survey):
            surveys.append(read)
        else:
            forces.append(read)
    renewals = [*_survey(surveys, base), *_force(forces, counting, base)]
    tidies = [tidy for renewal in renewals for tidy in renewal.tables]
    frames = {tidy.table.name: (tidy.frame, _variables(tidy)) for tidy in tidies}
    report = tuple(line for renewal in renewals for line in renewal.lines)
    return Given(tuple(file.name for file in files), base.with_given(frames), tuple(frames), report)


def _part(progress: Progress, done: int, files: int, share: float) -> None:
    progress((done + share) / files)


def _read(file: GivenFile, progress: Progress) -> Survey | ForceFile:
    """`file` as a survey or, where it is none, as use of force."""
    try:
        return read_survey(file, IN_A_VISIT, progress)
    except SourceError as no_survey:
        try:
            return read_force(file, IN_A_VISIT, progress)
        except SourceError as no_force:
            raise SourceError(_why(file.name, str(no_survey), str(no_force))) from no_force


def _why(name: str, survey: str, force: str) -> str:
    if survey == force:
        return survey
    return f"{name} is neither a survey that can be used ({survey}) nor a table of use of force ({force})"


def _survey(surveys: Sequence[Survey], base: Catalogue) -> list[Renewal]:
    return [renew_survey(surveys, {name: base.read_table(name) for name in SURVEYS})] if surveys else []


def _force(files: Sequence[ForceFile], counting: Counting, base: Catalogue) -> list[Renewal]:
    if not files:
        return []
    return [renew_force(tabulate(files, counting), {FORCE: base.read_table(FORCE)}, base.table(FORCE).description)]


def _variables(tidy: Tidy) -> tuple[Variable, ...]:
    return tuple(variable_of(field.descriptor(), tidy.table.name, LONDON) for field in tidy.table.fields)
