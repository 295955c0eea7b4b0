"""The line that says how much of a long command is done."""

from io import BytesIO, StringIO
from pathlib import Path
from threading import Event

import pytest

from core.build import progress
from core.build.__main__ import INTERRUPTED, main
from core.build.progress import ProgressLine
from core.build.street_crime import build_street_crime
from core.sources.police import rows
from core.sources.police.built import built
from core.sources.police.download import StreetFile
from tests.sources.police.generated import ASB, UNCHANGED, street_csv, write_zip


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look at the clock is a second later."""
    seconds = iter(range(1000))
    monkeypatch.setattr(progress, "monotonic", lambda: next(seconds))


def test_progress_line_shows_the_share_and_the_time_left() -> None:
    out = Terminal()
    line = ProgressLine(out)
    for share in (0, 0.5, 1):
        line(share)
    assert [part.replace("\x1b[K", "") for part in out.getvalue().split("\r")] == [
        "",
        "Counting: 0% of the files, 1 s",
        "Counting: 50% of the files, 2 s, about 2 s left",
        "Counting: 100% of the files, 3 s\n",
    ]


def test_progress_line_is_silent_where_there_is_no_terminal() -> None:
    out = StringIO()
    ProgressLine(out)(0.5)
    assert out.getvalue() == ""


def test_progress_line_is_not_written_for_every_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "monotonic", lambda: 0.0)
    out = Terminal()
    line = ProgressLine(out)
    for share in (0, 0.1, 0.2):
        line(share)
    assert out.getvalue() == ""
    line(1)
    assert out.getvalue().endswith("100% of the files, 0 s\n")


def test_street_crime_command_interrupted_and_run_again_counts_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    months = [f"2018-{month:02}" for month in range(1, 9)]
    content = {f"{month}-south-yorkshire-street.csv": street_csv(month, [(UNCHANGED[0], ASB)]) for month in months}
    source = write_zip(tmp_path / "a.zip", content)
    command = ["street-crime", str(source), "--out", str(tmp_path / "out")]

    def interrupting(_: object, share: float) -> None:
        if share >= 0.5:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ProgressLine, "__call__", interrupting)
        assert main(command) == 130
    said = capsys.readouterr()
    assert (said.out, said.err.strip()) == ("", INTERRUPTED)
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
    for _ in range(2):
        assert main(command) == 0
        assert "read 8 = counted 8 " in capsys.readouterr().out
    assert built(tmp_path / "out").counts("south-yorkshire")["records"].sum() == len(months)


def test_build_street_crime_reports_progress_to_the_end(tmp_path: Path) -> None:
    months = [f"2018-{month:02}" for month in range(1, 6)]
    content = {f"{month}-south-yorkshire-street.csv": street_csv(month, [(UNCHANGED[0], ASB)]) for month in months}
    shares: list[float] = []
    build_street_crime(write_zip(tmp_path / "a.zip", content), tmp_path / "out", progress=shares.append)
    assert (shares[0], shares[-1]) == (0, 1)
    assert shares == sorted(shares)
    assert len({round(share, 2) for share in shares}) > 2


def test_count_records_tells_how_much_of_one_large_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "BLOCK", rows.STEP)
    monkeypatch.setattr(rows, "EVERY_SECONDS", 0.01)
    content = street_csv("2018-01", [(UNCHANGED[0], ASB)] * 2000)
    told, seen = Event(), [0]

    class Slow(BytesIO):
        """A file whose second part comes only when the first has been told."""

        def read(self, size: int | None = -1) -> bytes:
            assert self.tell() < rows.STEP or told.wait(60)
            return super().read(size)

    def add(size: int) -> None:
        seen[0] += size

    def meanwhile() -> None:
        if 0 < seen[0] < len(content):
            told.set()

    file = StreetFile("a.csv", "2018-01", "south-yorkshire", lambda: Slow(content), size=len(content), seen=add)
    counts = list(rows.count_records([file], meanwhile))
    assert sum(int(part["records"].sum()) for part in counts) == 2000
    assert seen[0] == len(content) > 2 * rows.STEP
