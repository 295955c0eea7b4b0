"""Files that cannot be used end with a sentence that names the file and says what to do, and cost next to nothing."""

import re
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from core.sources.files.cells import SourceError
from core.sources.files.limits import IN_A_VISIT, ON_DISK, Limits, UploadedFile, in_memory, on_disk
from core.sources.london.force.force_quarters import Counting
from core.sources.london.force.force_workbook import read_force
from core.sources.london.survey.survey_workbook import read_survey
from core.tables.catalogue import load_catalogue
from core.uploads.read import read_upload
from core.user_panel.panel import guessed_roles
from core.user_panel.read import UserPanelError, read_table_file
from tests.conftest import ROOT
from tests.sources.workbooks.broken import CORPUS, ROWS, files
from tests.sources.workbooks.xlsx import Row, write_xlsx

READERS: tuple[Callable[[UploadedFile], object], ...] = (read_survey, read_force)
DAMAGED = "is damaged or not whole; download it again"
NOT_A_WORKBOOK = "is not a workbook, whatever its name says; download it again"
NO_PUBLISHED_ONE = "which no published file does; it is not unpacked"
DEFINES = "defines its own XML, which no workbook does; it is not read"
MESSAGES = {
    "empty.xlsx": "is empty; download it again",
    "text.xlsx": NOT_A_WORKBOOK,
    "web_page.xlsx": "is a web page, not a workbook; open its address in a browser and download the file",
    "document.csv": "is a PDF document, not a workbook",
    "password.xlsx": "is protected with a password; open it in Excel, take the password off and save it again",
    "old_kind.xls": r"is a workbook of the old kind \(.xls\); open it in Excel and save it as .xlsx",
    "binary.csv": "is neither a workbook nor a CSV file in UTF-8; save it again",
    "cut_short.xlsx": DAMAGED,
    "cut_in_the_directory.xlsx": DAMAGED,
    "directory_only.xlsx": "says that it holds more than its size",
    "cut_in_a_row.csv": "has no column",
    "one_quotation_mark.csv": "cannot be read as CSV after row 1; look for a quotation mark|has no column",
    "zip_of_files.zip": "is a zip file but not a workbook; unpack it and choose what is in it",
    "binary_workbook.xlsb": r"is a binary workbook \(.xlsb\); open it in Excel and save it as .xlsx",
    "no_sheet.xlsx": "lacks its part xl/worksheets/sheet1.xml; download it again, or save it again in Excel",
    "no_texts.xlsx": "lacks its part xl/sharedStrings.xml",
    "fewer_texts.xlsx": DAMAGED,
    "unclosed_texts.xlsx": DAMAGED,
    "no_rows.xlsx": "sheet Data holds no rows that can be read",
    "empty_rows.xlsx": r"has no sheet with the columns .* \(it has sheet Data\)",
    "cut_in_a_row.xlsx": "sheet Data ends in the middle of a row; the file is not whole|has no column",
    "not_utf8.xlsx": DAMAGED,
    "tags_that_do_not_match.xlsx": DAMAGED,
    "letters_for_numbers.xlsx": DAMAGED,
    "definitions_in_texts.xlsx": DEFINES,
    "definitions_in_the_sheet.xlsx": DEFINES,
    "definitions_in_the_list.xlsx": DEFINES,
    "bomb.xlsx": NO_PUBLISHED_ONE,
    "overlapping.xlsx": "says that it holds more than its size; its parts overlap, so it is not unpacked",
    "locked_part.xlsx": "is locked with a password; take the password off",
    "other_packing.xlsx": "is packed in a way that is not read here; save it again, or download it again",
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", sorted(path.name for path in CORPUS.iterdir()))
def test_readers_with_broken_file_refuse_it_with_a_sentence(
    name: str, reader: Callable[[UploadedFile], object]
) -> None:
    for file in (on_disk(CORPUS / name), in_memory(name, (CORPUS / name).read_bytes())):
        with pytest.raises(SourceError, match=f"^{name}.*({MESSAGES[name]})") as refused:
            reader(file)
        assert str(refused.value).endswith(".")
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", sorted(path.name for path in CORPUS.iterdir()))
def test_read_upload_and_read_table_file_with_broken_file_refuse_it(name: str) -> None:
    """On the page of the figures, and on the page of own panels."""
    content = (CORPUS / name).read_bytes()
    with pytest.raises(SourceError, match=re.escape(Path(name).stem)) as refused:
        read_upload([in_memory(name, content)], load_catalogue(), Counting())
    with pytest.raises(UserPanelError, match=re.escape(name)) as of_panel:
        guessed_roles(read_table_file(name, content))
    for said in (refused, of_panel):
        assert str(said.value).endswith((".", ")"))
        assert "Error" not in str(said.value)


def test_corpus_of_broken_files_is_small_and_complete() -> None:
    kept = {path.name: path.read_bytes() for path in CORPUS.iterdir()}
    assert set(kept) == set(files()) == set(MESSAGES)
    assert sum(map(len, kept.values())) < 200_000


def test_read_survey_with_truncated_csv_is_refused() -> None:
    content = b"Date,Borough,Measure,Proportion\n31/12/2020,Barnet,Trust MPS,0.5\n31/12/2020,Bre"
    with pytest.raises(SourceError, match=r"^file.csv ends in the middle of a row; it is not whole, so download"):
        read_survey(in_memory("file.csv", content))


def test_on_disk_with_missing_file_names_it(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere.xlsx is not there; name the file as it was downloaded"):
        on_disk(tmp_path / "nowhere.xlsx")


def test_read_force_with_too_large_file_does_not_open_it() -> None:
    def refuse() -> BytesIO:
        raise AssertionError("it was opened")

    with pytest.raises(SourceError, match=r"huge.xlsx has 210.0 MB, more than the 209.7 MB that are read here; choose"):
        read_force(UploadedFile("huge.xlsx", 210_000_000, refuse), IN_A_VISIT)


@pytest.mark.parametrize("limits", [Limits(unpacked_bytes=3000), Limits(file_bytes=100)])
def test_read_survey_beyond_the_size_limits_is_refused(limits: Limits) -> None:
    target = BytesIO()
    write_xlsx(target, {"Data": ROWS})
    with pytest.raises(SourceError, match=r"would unpack|more than the"):
        read_survey(in_memory("file.xlsx", target.getvalue()), limits)


def test_read_survey_with_ten_million_rows_stops_at_the_row_limit() -> None:
    class Endless(BytesIO):
        """A CSV of ten million rows that counts how much of it was read."""

        delivered = 0
        begun = False

        def read(self, size: int | None = -1) -> bytes:
            line = b"31/12/2020,Barnet,Trust MPS,0.5\n"
            head = b"" if self.begun else b"Date,Borough,Measure,Proportion\n"
            self.begun = True
            lines = head + line * ((size or 1) // len(line))
            Endless.delivered += len(lines)
            return lines

    limit = 300_000
    with pytest.raises(SourceError, match=r"file.csv has more than 300,000 rows, which is more than is read here"):
        read_survey(UploadedFile("file.csv", 10_000_000 * 32, Endless), Limits(rows=limit))
    assert Endless.delivered < 20_000_000


def test_read_survey_with_too_many_sheets_is_refused() -> None:
    target = BytesIO()
    nothing: list[Row] = []
    write_xlsx(target, {f"Sheet {number}": nothing for number in range(101)})
    with pytest.raises(SourceError, match="has more than 100 sheets; choose the sheet that is wanted"):
        read_survey(in_memory("many.xlsx", target.getvalue()))


@pytest.mark.parametrize("name", ["bomb.xlsx", "overlapping.xlsx", "definitions_in_texts.xlsx"])
def test_read_force_with_expanding_file_uses_little_memory(name: str) -> None:
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from core.sources.london.force.force_workbook import read_force\n"
        "from core.sources.files.limits import on_disk\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n"
        f"    read_force(on_disk(Path({str(CORPUS / name)!r})))\n"
        "except ValueError:\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    printed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert int(printed) < 30_000


def test_in_memory_with_path_as_name_takes_the_file_name_only() -> None:
    assert in_memory("../../etc/passwd", b"x").name == "passwd"
    assert in_memory("C:\\fakepath\\survey.xlsx", b"x").name == "survey.xlsx"
    assert in_memory("", b"x").name == "The file"
    assert ON_DISK.file_bytes > IN_A_VISIT.file_bytes
