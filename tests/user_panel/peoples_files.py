"""Files as people have them, written here so that the truth is known: six areas, two measures, any periods."""

from collections.abc import Callable, Sequence
from io import BytesIO, StringIO

import numpy as np
import pandas as pd
import xlsxwriter

from core.stats.regression import Estimate, ModelSpec, fit
from core.tables.panel import Panel
from core.user_panel.panel import guessed_roles, panel_of
from core.user_panel.read import Reading, UserTable, read_table_file

AREAS = ("Alder", "Bracken", "Clover", "Dogwood", "Elder", "Fern")
YEARS = tuple(str(year) for year in range(2015, 2021))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
EFFECT = -0.5
STEPS = 24

Write = Callable[[int], str]


def table(periods: Sequence[str] = YEARS, period: str = "Year", area: str = "Area") -> pd.DataFrame:
    """Recorded offences and trust by area and period, as text."""
    rng = np.random.default_rng(20)
    keys = pd.MultiIndex.from_product([AREAS, periods], names=[area, period]).to_frame(index=False)
    counts, shares = rng.integers(1000, 9999, len(keys)), rng.uniform(40, 75, len(keys)).round(1)
    return keys.assign(Offences=counts.astype(str), Trust=shares.astype(str)).astype("str")


def as_text(
    frame: pd.DataFrame, separator: str = ",", before: str = "", after: str = "", encoding: str = "utf-8"
) -> bytes:
    """`frame` as a file of separated text, with text before and after it."""
    return (before + frame.to_csv(index=False, sep=separator, lineterminator="\n") + after).encode(encoding)


def as_workbook(rows: Sequence[Sequence[object]], sheets: Sequence[str] = ("Table",)) -> bytes:
    """Rows in the last of `sheets` of a workbook; the others hold a line of text."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows if name == sheets[-1] else [["About this file"]]):
                for place, cell in enumerate(row):
                    if isinstance(cell, pd.Timestamp):
                        sheet.write_datetime(number, place, cell.to_pydatetime(), day)
                    elif cell != "":
                        sheet.write(number, place, cell)
    return buffer.getvalue()


def read(frame: pd.DataFrame | bytes, name: str = "mine.csv", **reading: object) -> UserTable:
    """A file as it is read."""
    content = as_text(frame) if isinstance(frame, pd.DataFrame) else frame
    return read_table_file(name, content, Reading(**reading))  # type: ignore[arg-type]


def shaped(frame: pd.DataFrame | bytes, **reading: object) -> Panel:
    """A file as the panel that the first view shows."""
    found = read(frame, "mine.csv", **reading)
    return panel_of(found, guessed_roles(found))


def with_column(written: Sequence[str], name: str = "Spend") -> pd.DataFrame:
    """The table with one more column, whose cells are `written` over and over."""
    frame = table()
    return frame.assign(**{name: [written[row % len(written)] for row in range(len(frame))]})


def lagged(write: Write) -> pd.DataFrame:
    """Trust that falls by half a point for each unit of force one step before, in periods that `write` writes."""
    rng = np.random.default_rng(31)
    force = rng.normal(100, 15, (20, STEPS + 1)).round(1)
    own = rng.normal(60, 5, (20, 1))
    trust = (own + EFFECT * (force[:, :-1] - 100) + rng.normal(0, 1, (20, STEPS))).round(2)
    return pd.DataFrame(
        {
            "Area": np.repeat([f"Area {number}" for number in range(20)], STEPS),
            "Time": [write(step) for _ in range(20) for step in range(STEPS)],
            "Trust": trust.ravel(),
            "Force": force[:, 1:].ravel(),
        }
    )


def effect_one_step_before(content: pd.DataFrame | bytes) -> Estimate:
    """What a unit of force in the step before is linked to."""
    panel = shaped(content)
    keys = (panel.area, panel.period)
    return fit(panel, ModelSpec("Trust", ("Force",), form="count", effects=keys, lag=1), {}).estimate("Force")


def plain(content: bytes) -> pd.DataFrame:
    """A file of text as pandas reads it, every cell as it is written."""
    return pd.read_csv(StringIO(content.decode()), dtype="str", keep_default_na=False)
