"""The readers of published files take the same kinds of file as the reader of anybody's table."""

import pytest

from core.sources.files.limits import ON_DISK, in_memory
from core.sources.files.tables import SheetColumn, sheets, tables
from tests.sources.files.open_document import as_ods
from tests.user_panel.peoples_files import as_workbook

ROWS: list[list[object]] = [["Borough", "Date", "Share"], ["Barnet", "2023-12-31", 0.5], ["Brent", "2023-12-31", 0.25]]
COLUMNS = [SheetColumn("area", ("Borough",)), SheetColumn("day", ("Date",)), SheetColumn("share", ("Share",))]
TEXT = "\n".join(";".join(map(str, row)) for row in ROWS) + "\n"
CONTENTS = {
    "semicolons": TEXT.encode(),
    "commas": TEXT.replace(";", ",").encode(),
    "tabs": TEXT.replace(";", "\t").encode(),
    "bars": TEXT.replace(";", "|").encode(),
    "declared": f"sep=;\n{TEXT}".encode(),
    "UTF-16": TEXT.encode("utf-16"),
    "titles": f"A title\n\n{TEXT}".encode(),
    "workbook": as_workbook([["A title"], *ROWS]),
    "open document": as_ods({"Cover": [["About"]], "Data": [["A title"], *ROWS]}),
}


@pytest.mark.parametrize("kind", CONTENTS)
@pytest.mark.parametrize("fingerprint", [False, True])
def test_sheets_of_any_kind_give_the_same_rows(kind: str, fingerprint: bool) -> None:
    with sheets(in_memory("file", CONTENTS[kind]), ON_DISK) as found:
        [table] = tables(found, COLUMNS, "file")
        blocks = [block for _, block in table.blocks(ON_DISK, fingerprint)]
    [rows] = blocks
    assert rows.select("area", "day", "share").rows() == [
        ("Barnet", "2023-12-31", "0.5"),
        ("Brent", "2023-12-31", "0.25"),
    ]
    assert ("fingerprint" in rows.columns) is fingerprint
