"""The survey from its first quarter to its last: the workbook to the end of 2023, the dashboard after it."""

from pathlib import Path

import pandas as pd

from core.sources.files.cells import SourceError, Tidy
from core.sources.london.survey import survey_dashboard, survey_workbook
from core.sources.london.survey.survey_workbook import refuse_holes


def read(folder: Path) -> tuple[Tidy, Tidy]:
    """The survey by borough, and for London.

    Raises
    ------
    SourceError
        If a file is missing or cannot be used as it is, or the dashboard does not begin where the workbook ends.
    """
    earlier, later = survey_workbook.read(folder), survey_dashboard.read(folder)
    boroughs, london = (joined(before, after) for before, after in zip(earlier, later, strict=True))
    return boroughs, london


def joined(before: Tidy, after: Tidy) -> Tidy:
    """The rows of `before`, then those of `after`, which must begin in the quarter after the last of `before`."""
    last, first = str(before.frame["quarter"].max()), str(after.frame["quarter"].min())
    if pd.Period(last, freq="Q") + 1 != pd.Period(first, freq="Q"):
        raise SourceError(
            f"{before.origin} ends in {last} and {after.origin} begins in {first}; "
            "use editions of which one begins in the quarter after the other ends."
        )
    frame = pd.concat([before.frame, after.frame], ignore_index=True)
    files = (*before.files, *after.files)
    refuse_holes(frame, " and ".join(files))
    gaps = [name for name in frame.columns if frame[name].isna().any()]
    return Tidy(before.table.having(frame.columns, gaps), frame, files)
