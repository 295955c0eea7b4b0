"""Invented survey workbooks in the published layout, with whichever quirk of it a test asks for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO

import pandas as pd

from core.sources.london.survey.attitude_survey import MEASURES
from core.tables.quarters import quarter_end
from tests.sources.workbooks.xlsx import PLAIN, Cell, Row, Style, write_xlsx

HEADINGS = ("Date", "Survey", "Borough", "Measure", "Proportion", "MPS")
COLUMN_OF = {published: field.name for published, field in MEASURES.items()}


@dataclass(frozen=True)
class Edition:
    """How an edition is written.

    Parameters
    ----------
    real_dates
        Whether dates are dates; text dd/mm/yyyy otherwise.
    headings
        Order of the columns; others than the usual ones are empty.
    title_rows
        Rows above the headings.
    shares
        How a share is written, such as ``"{:.2f}"``; as a number where empty.
    comma
        Whether it has a decimal comma.
    names
        Spellings of boroughs and measures that differ from the usual ones.
    measures
        Those that it has.
    london
        Whether London has a sheet of its own.
    extra
        Rows below the figures.
    style
        How the workbook's XML is written.
    """

    real_dates: bool = False
    headings: Sequence[str] = HEADINGS
    title_rows: int = 0
    shares: str = ""
    comma: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    measures: Sequence[str] = tuple(MEASURES)
    london: bool = True
    extra: Sequence[Row] = ()
    style: Style = PLAIN


def write_survey(boroughs: pd.DataFrame, london: pd.DataFrame, edition: Edition | None = None) -> bytes:
    """A workbook that says what the tables ``survey`` and ``survey_london`` say."""
    edition = edition or Edition()
    whole = london.set_index("quarter")
    target = BytesIO()
    sheets = {"Borough": list(_rows(boroughs, whole, edition))}
    if edition.london:
        alone = london.assign(borough="MPS")
        sheets["MPS"] = list(_rows(alone, None, edition))
    write_xlsx(target, sheets, edition.style)
    return target.getvalue()


def _rows(shares: pd.DataFrame, whole: pd.DataFrame | None, edition: Edition) -> Iterator[Row]:
    for number in range(edition.title_rows):
        yield {0: f"Public Attitude Survey, title {number + 1}"}
    headings = [name for name in edition.headings if whole is not None or name != "MPS"]
    yield dict(enumerate(headings))
    for published in edition.measures:
        column = COLUMN_OF[published]
        if column not in shares:
            continue
        for row in shares.dropna(subset=[column]).to_dict("records"):
            cells = {
                "Date": _date(row["quarter"], edition),
                "Survey": "PAS",
                "Borough": edition.names.get(row["borough"], row["borough"]),
                "Measure": edition.names.get(published, published),
                "Proportion": _share(row[column], edition),
            }
            if whole is not None and row["quarter"] in whole.index:
                cells["MPS"] = _share(float(whole.loc[row["quarter"], column]), edition)
            yield {place: cells[name] for place, name in enumerate(headings) if name in cells}
    yield from edition.extra


def _date(quarter: str, edition: Edition) -> Cell:
    day = quarter_end(quarter).date()
    return day if edition.real_dates else f"{day:%d/%m/%Y}"


def _share(value: float, edition: Edition) -> Cell:
    if not edition.shares:
        return value
    text = edition.shares.format(value)
    return text.replace(".", ",") if edition.comma else text
