"""Uploaded figures: read, checked, and used instead of those of the package for one visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from io import BytesIO
from itertools import chain

from core.sources.files.cells import SourceError, Tidy
from core.sources.files.limits import IN_A_VISIT, STREET_CRIME_IN_A_VISIT, UploadedFile, begins, check_size
from core.sources.london.force.force_quarters import Counting, tabulate
from core.sources.london.force.force_workbook import ForceFile, read_force
from core.sources.london.renewal import Renewal, renew_force, renew_survey
from core.sources.london.survey.survey_workbook import Survey, read_survey
from core.sources.police.built import StreetCrime, known_forces
from core.sources.police.counts import count_download
from core.sources.police.download import is_street, name_of, refuse_other_police_files
from core.tables.catalogue import VERSION_LENGTH, Catalogue, field_of
from core.tables.progress import Progress
from core.tables.schema import Field

LONDON = "london"
SURVEYS, FORCE = ("survey", "survey_london"), "use_of_force"
POLICE_ZIP = ".zip"


@dataclass(frozen=True, eq=False)
class UploadedData:
    """Uploaded figures of a visitor.

    Parameters
    ----------
    files
        Names of the uploaded files.
    catalogue
        The catalogue with the uploaded figures.
    tables
        Names of the tables that were replaced.
    report
        Sentences on what was read, used and left out, and why.
    street_crime
        Street crime of police forces, if a download of it was uploaded.
    """

    files: tuple[str, ...]
    catalogue: Catalogue
    tables: tuple[str, ...]
    report: tuple[str, ...]
    street_crime: StreetCrime | None = None


def read_upload(
    files: Sequence[UploadedFile], base: Catalogue, counting: Counting, progress: Progress = lambda _share: None
) -> UploadedData:
    """The figures in `files`: workbooks or CSV files of the survey or of use of force, a zip of street crime.

    Parameters
    ----------
    base
        The catalogue of the package, for figures that the files lack.
    counting
        How records of force become counts.
    progress
        Called with the share that is done (0 to 1).

    Raises
    ------
    SourceError
        For the first file that is none of these or cannot be used.
    """
    if not files:
        raise SourceError("No file was chosen; choose one or more.")
    parts = _downloads(files)
    read = [_read(part, base, partial(_part, progress, done, len(parts))) for done, part in enumerate(parts)]
    surveys = [found for found in read if isinstance(found, Survey)]
    forces = [found for found in read if isinstance(found, ForceFile)]
    crimes = [found for found in read if isinstance(found, _Crimes)]
    if len(crimes) > 1:
        raise SourceError("Two downloads of street crime were chosen; choose one, with all the months in it.")
    renewals = [*_survey(surveys, base), *_force(forces, counting, base)]
    tidies = [tidy for renewal in renewals for tidy in renewal.tables]
    frames = {tidy.table.name: (tidy.frame, _fields(tidy)) for tidy in tidies}
    lines = [renewal.lines for renewal in renewals] + [tuple(found.lines) for found in crimes]
    catalogue = base.with_tables(frames) if frames else base
    street_crime = crimes[0].street_crime if crimes else None
    return UploadedData(
        tuple(file.name for file in files), catalogue, tuple(frames), tuple(chain(*lines)), street_crime
    )


def _part(progress: Progress, done: int, parts: int, share: float) -> None:
    progress((done + share) / parts)


def _downloads(files: Sequence[UploadedFile]) -> list[UploadedFile | list[UploadedFile]]:
    """The `files` one by one, those that are each a month of a police force together as one download."""
    months = [file for file in files if is_street(file.name)]
    others = [file for file in files if not is_street(file.name)]
    return [*others, months] if months else [*others]


@dataclass(frozen=True, eq=False)
class _Crimes:
    """A download of street crime, counted."""

    street_crime: StreetCrime
    lines: list[str]


def _read(
    file: UploadedFile | list[UploadedFile], base: Catalogue, progress: Progress
) -> "Survey | ForceFile | _Crimes":
    """`file` as street crime if it is a zip or months; else as a survey or, failing that, as use of force."""
    if isinstance(file, list) or file.name.lower().endswith(POLICE_ZIP):
        return _crimes(file, base, progress)
    refuse_other_police_files(file)
    try:
        return read_survey(file, IN_A_VISIT, progress)
    except SourceError as no_survey:
        try:
            return read_force(file, IN_A_VISIT, progress)
        except SourceError as no_force:
            raise SourceError(_why(file.name, str(no_survey), str(no_force))) from no_force


def _crimes(file: UploadedFile | list[UploadedFile], base: Catalogue, progress: Progress) -> _Crimes:
    for each in file if isinstance(file, list) else [file]:
        begins(each)
        check_size(each, STREET_CRIME_IN_A_VISIT)
    written = BytesIO()
    counted = count_download(file, written, base, STREET_CRIME_IN_A_VISIT.rows, progress)
    table = written.getvalue()
    found = StreetCrime(table, sha256(table).hexdigest()[:VERSION_LENGTH], known_forces(counted.report))
    total, *details = counted.lines()
    return _Crimes(found, [f"{name_of(file)}: {total}", *(f"  {line}" for line in details)])


def _why(name: str, survey: str, force: str) -> str:
    if survey == force:
        return survey
    return (
        f"{name} is neither of the tables that can be used here.\n- As a survey: {survey}\n- As use of force: {force}"
    )


def _survey(surveys: Sequence[Survey], base: Catalogue) -> list[Renewal]:
    return [renew_survey(surveys, {name: base.read_table(name) for name in SURVEYS})] if surveys else []


def _force(files: Sequence[ForceFile], counting: Counting, base: Catalogue) -> list[Renewal]:
    if not files:
        return []
    return [renew_force(tabulate(files, counting), {FORCE: base.read_table(FORCE)}, base.table(FORCE).description)]


def _fields(tidy: Tidy) -> tuple[Field, ...]:
    return tuple(field_of(field.descriptor()) for field in tidy.table.fields)
