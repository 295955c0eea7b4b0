"""Whatever the server does, a file is whole and as it should be, or what was there stays and a sentence says why."""

import gzip
import hashlib
import json
import socket
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from core.build.download.addresses import FORCE, SURVEY
from core.build.download.fetch import Transport, download
from core.build.download.manifest import MANIFEST_FILE
from core.sources.files import limits as guards
from core.sources.files.cells import SourceError
from tests.build.download.conftest import PAGE, SETTINGS, published
from tests.build.download.server import SITE, Answer, Publisher, workbook_bytes

NAME = "FY17-18.xlsx"
OLD, NEW = workbook_bytes(1), workbook_bytes(2, 300_000)
WHOLE = Answer(OLD)
CUT = Answer(OLD, sent=200_000)
HTML = b"\n <!DOCTYPE html><html><body>We have moved</body></html>"
CSV = "\n".join(["Use of force,,", "IncidentDate,Borough,Outcome", *['01/04/2020,"Barnet, N",Yes'] * 20]).encode()
MOVED = f"look for its new address on {PAGE} and correct {SETTINGS}, or a copy named with --settings."


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between tries; none is waited for."""
    waits: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", waits.append)
    return waits


def contents(folder: Path) -> dict[str, bytes]:
    """Every file in `folder`, hidden ones too."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refusal(server: Publisher, transport: Transport, folder: Path, *answers: Answer, name: str = NAME) -> str:
    """What is said when a file cannot be had; the folder is as it was."""
    before = contents(folder)
    with pytest.raises(SourceError) as error:
        download([published(server.serve(name, *answers), name)], folder, transport)
    assert contents(folder) == before
    assert str(error.value).startswith(f"{SITE}/{name} ") or str(error.value).startswith(f"{SITE}/{name}: ")
    return str(error.value)


def manifest(folder: Path) -> dict[str, dict[str, object]]:
    entries: dict[str, dict[str, object]] = json.loads((folder / MANIFEST_FILE).read_text())
    return entries


def test_download_new_file_is_recorded(server: Publisher, transport: Transport, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    answer = replace(WHOLE, headers={"Last-Modified": "Mon, 01 Apr 2024 10:00:00 GMT"})
    assert download([published(server.serve(NAME, answer))], folder, transport) == [
        f"use_of_force/{NAME}: fetched, 0.4 MB"
    ]
    assert set(contents(folder)) == {MANIFEST_FILE, f"{FORCE}/{NAME}"}
    entry = manifest(folder)[f"{FORCE}/{NAME}"]
    assert str(entry.pop("retrieved")).endswith("+00:00")
    assert entry == {
        "address": f"{SITE}/{NAME}",
        "sha256": hashlib.sha256(OLD).hexdigest(),
        "size": len(OLD),
        "etag": '"1"',
        "last_modified": "Mon, 01 Apr 2024 10:00:00 GMT",
    }


def test_download_no_files_writes_nothing(tmp_path: Path) -> None:
    assert download([], tmp_path / "new") == []
    assert not (tmp_path / "new").exists()


def test_download_two_kinds_of_one_name_are_kept_apart(server: Publisher, transport: Transport, tmp_path: Path) -> None:
    address = server.serve(NAME, WHOLE)
    download([published(address, kind=kind) for kind in (SURVEY, FORCE)], tmp_path, transport)
    assert set(contents(tmp_path)) == {MANIFEST_FILE, f"{SURVEY}/{NAME}", f"{FORCE}/{NAME}"}


def test_download_unchanged_file_is_not_fetched_again(server: Publisher, transport: Transport, tmp_path: Path) -> None:
    file = published(server.serve(NAME, WHOLE))
    download([file], tmp_path, transport)
    before = contents(tmp_path)
    assert download([file], tmp_path, transport) == [f"use_of_force/{NAME}: has not changed, 0.4 MB"]
    assert server.header("If-None-Match") == [None, '"1"']
    assert contents(tmp_path) == before


def test_download_dated_file_is_asked_for_by_date(server: Publisher, transport: Transport, tmp_path: Path) -> None:
    date = "Mon, 01 Apr 2024 10:00:00 GMT"
    file = published(server.serve(NAME, replace(WHOLE, etag="", headers={"ETag": None, "Last-Modified": date})))
    download([file], tmp_path, transport)
    server.serve(NAME, Answer(status=304))
    assert "has not changed" in download([file], tmp_path, transport)[0]
    assert server.header("If-Modified-Since") == [None, date]


def test_download_new_edition_replaces_old_one(server: Publisher, transport: Transport, tmp_path: Path) -> None:
    file = published(server.serve(NAME, WHOLE, Answer(NEW, etag='"2"')))
    download([file], tmp_path, transport)
    download([file], tmp_path, transport)
    assert (tmp_path / FORCE / NAME).read_bytes() == NEW
    assert manifest(tmp_path)[f"{FORCE}/{NAME}"]["etag"] == '"2"'


def test_download_new_address_is_fetched_whole(server: Publisher, transport: Transport, tmp_path: Path) -> None:
    """What names an edition at one address says nothing at another."""
    download([published(server.serve(NAME, WHOLE))], tmp_path, transport)
    download([published(server.serve("moved.xlsx", Answer(NEW)))], tmp_path, transport)
    assert (tmp_path / FORCE / NAME).read_bytes() == NEW


def test_download_deleted_file_is_fetched_again(server: Publisher, transport: Transport, tmp_path: Path) -> None:
    file = published(server.serve(NAME, WHOLE))
    download([file], tmp_path, transport)
    (tmp_path / FORCE / NAME).unlink()
    download([file], tmp_path, transport)
    assert (tmp_path / FORCE / NAME).read_bytes() == OLD


@pytest.mark.parametrize("is_downloaded", [True, False], ids=["changed", "never downloaded"])
def test_download_over_a_file_from_elsewhere_is_refused(
    is_downloaded: bool, server: Publisher, transport: Transport, tmp_path: Path
) -> None:
    file, target = published(server.serve(NAME, WHOLE)), tmp_path / FORCE / NAME
    download([file] if is_downloaded else [], tmp_path, transport)
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(NEW)
    with pytest.raises(SourceError, match=r"FY17-18\.xlsx is there, but was not downloaded by this command"):
        download([file], tmp_path, transport)
    assert target.read_bytes() == NEW


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 520])
def test_download_temporary_status_is_tried_again(
    status: int, server: Publisher, transport: Transport, tmp_path: Path
) -> None:
    download([published(server.serve(NAME, *[Answer(status=status)] * 2, WHOLE))], tmp_path, transport)
    assert (tmp_path / FORCE / NAME).read_bytes() == OLD


def test_download_lasting_status_is_named(server: Publisher, transport: Transport, tmp_path: Path) -> None:
    said = refusal(server, transport, tmp_path, Answer(status=503))
    assert said == f"{SITE}/{NAME} answers 503 Service Unavailable; try again later."
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    ("asked", "waited"), [("7", [7]), ("7200", [300]), ("0", []), ("Wed, 21 Oct 2015 07:28:00 GMT", [])]
)
def test_download_retry_after_is_respected(
    asked: str, waited: list[float], server: Publisher, transport: Transport, tmp_path: Path, slept: list[float]
) -> None:
    busy = Answer(status=429, headers={"Retry-After": asked})
    download([published(server.serve(NAME, busy, WHOLE))], tmp_path, transport)
    assert slept == waited


def test_download_no_answer_is_tried_again_with_longer_waits(tmp_path: Path, slept: list[float]) -> None:
    with socket.socket() as deaf, Transport() as transport:
        deaf.bind(("127.0.0.1", 0))
        address = f"https://127.0.0.1:{deaf.getsockname()[1]}/{NAME}"
        with pytest.raises(SourceError) as error:
            download([published(address)], tmp_path, transport)
    assert str(error.value) == f"{address} does not answer; try again later."
    assert slept == [2, 4, 8, 16]


BROKEN = {
    "hangs up": CUT,
    "stalls": replace(CUT, stalls=True),
    "sends less than it says": replace(WHOLE, headers={"Content-Length": "500000"}),
    "is not compressed as it says": replace(WHOLE, headers={"Content-Encoding": "gzip"}),
}


@pytest.mark.parametrize("case", BROKEN)
def test_download_broken_off_keeps_old_file(case: str, server: Publisher, transport: Transport, tmp_path: Path) -> None:
    download([published(server.serve(NAME, Answer(NEW, etag='"2"')))], tmp_path, transport)
    said = refusal(server, transport, tmp_path, BROKEN[case])
    assert said == f"{SITE}/{NAME} broke off; the same command fetches it again."


REFUSED: dict[str, tuple[Answer, str]] = {
    "not found": (Answer(HTML, status=404), f"answers 404 Not Found; {MOVED}"),
    "gone": (Answer(status=410), f"answers 410 Gone; {MOVED}"),
    "login": (Answer(status=401), f"answers 401 Unauthorized; fetch it with a browser from {PAGE}"),
    "forbidden": (Answer(status=403), "and name it with --use-of-force."),
    "odd status": (Answer(status=499), f"answers 499; {MOVED}"),
    "no content": (Answer(status=204), f"answers 204 No Content; {MOVED}"),
    "part": (Answer(OLD, status=206), f"answers 206 Partial Content; {MOVED}"),
    "unasked 304": (Answer(status=304), f"answers 304 Not Modified; {MOVED}"),
    "odd wait": (Answer(status=429, headers={"Retry-After": "soon"}), "Invalid Retry-After header: soon"),
    "web page": (
        Answer(HTML, headers={"Content-Type": "application/vnd.ms-excel"}),
        f"{NAME} is a web page, not a workbook",
    ),
    "JSON": (
        Answer(b'{"error": "no such file"}'),
        f"is JSON, which programs exchange; download or save the table as CSV or .xlsx. If it has moved, {MOVED}",
    ),
    "old workbook": (Answer(guards.OLD_OFFICE + bytes(99)), "is a workbook of the old kind (.xls)"),
    "another zip": (
        Answer(OLD.replace(b"[Content_Types].xml", b"[Content_Typed].xml")),
        "is a zip file but not a workbook",
    ),
    "nothing": (Answer(b""), f"{NAME} is empty"),
    "cut without a length": (replace(CUT, headers={"Content-Length": None}), "is damaged or not whole"),
    "length too small": (replace(WHOLE, headers={"Content-Length": "200000"}), "is damaged or not whole"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_download_wrong_answer_is_named(case: str, server: Publisher, transport: Transport, tmp_path: Path) -> None:
    answer, text = REFUSED[case]
    assert text in refusal(server, transport, tmp_path, answer)


LOCATIONS = {
    "itself": (f"/{NAME}", "Exceeded 5 redirects"),
    "http": (f"http://publisher.example/{NAME}", "No connection adapters were found for 'http://"),
    "a file": ("file:///etc/passwd", "No connection adapters were found for 'file:///etc/passwd'"),
    "no address": ("https://[::1/a.xlsx", "cannot be fetched over https"),
}


@pytest.mark.parametrize("case", LOCATIONS)
def test_download_bad_redirect_is_not_followed(
    case: str, server: Publisher, transport: Transport, tmp_path: Path
) -> None:
    location, text = LOCATIONS[case]
    said = refusal(server, transport, tmp_path, Answer(status=302, headers={"Location": location}))
    assert text in said
    assert said.endswith(MOVED)


def test_download_server_without_certificate_is_refused(server: Publisher, tmp_path: Path, slept: list[float]) -> None:
    address = f"{server.root.replace('http:', 'https:')}/{NAME}"
    with pytest.raises(SourceError, match="cannot be fetched over https"):
        download([published(address)], tmp_path)
    assert server.requests == []
    assert len(slept) == 4


@pytest.mark.parametrize("name", ["../../evil.xlsx", "/etc/evil.xlsx", "C:\\evil.xlsx"])
def test_download_server_does_not_choose_the_path(
    name: str, server: Publisher, transport: Transport, tmp_path: Path
) -> None:
    """Neither by the name it gives, nor by its redirect."""
    header = {"Content-Disposition": f'filename="{name}"'}
    elsewhere = server.serve("..%2F..%2Fevil.xlsx", replace(WHOLE, headers=header))
    redirect = Answer(status=302, headers={"Location": elsewhere})
    folder = tmp_path / "deep" / "folder"
    download([published(server.serve(NAME, redirect))], folder, transport)
    assert set(contents(tmp_path)) == {f"deep/folder/{path}" for path in (MANIFEST_FILE, f"{FORCE}/{NAME}")}


def test_download_compressed_answer_is_unpacked(server: Publisher, transport: Transport, tmp_path: Path) -> None:
    compressed = Answer(gzip.compress(OLD), headers={"Content-Encoding": "gzip"})
    download([published(server.serve(NAME, compressed))], tmp_path, transport)
    assert (tmp_path / FORCE / NAME).read_bytes() == OLD
    assert server.header("Accept-Encoding") == ["identity"]


TOO_LARGE = {
    "declared": Answer(OLD, headers={"Content-Length": "100001"}, sent=70_000),
    "undeclared": Answer(OLD, headers={"Content-Length": None}),
    "unpacked": Answer(gzip.compress(bytes(200_000)), headers={"Content-Encoding": "gzip"}),
}


@pytest.mark.parametrize("case", TOO_LARGE)
def test_download_larger_than_limit_is_refused(
    case: str, server: Publisher, transport: Transport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.build.download.fetch.ON_DISK", guards.Limits(file_bytes=100_000))
    assert "sends more than the 0.1 MB that are read" in refusal(server, transport, tmp_path, TOO_LARGE[case])


def test_download_csv_is_accepted(server: Publisher, transport: Transport, tmp_path: Path) -> None:
    address = server.serve("a.csv", Answer(CSV, headers={"Content-Length": None}))
    download([published(address, "a.csv")], tmp_path, transport)
    assert (tmp_path / FORCE / "a.csv").read_bytes() == CSV


@pytest.mark.parametrize("length", [300, CSV.index(b", N") + 1], ids=["in a row", "inside quotation marks"])
def test_download_csv_cut_short_is_refused(
    length: int, server: Publisher, transport: Transport, tmp_path: Path
) -> None:
    said = refusal(server, transport, tmp_path, Answer(CSV[:length]), name="a.csv")
    assert "a.csv ends in the middle of a row; it is not whole" in said


def test_download_web_page_named_csv_is_refused(server: Publisher, transport: Transport, tmp_path: Path) -> None:
    assert "a.csv is a web page" in refusal(server, transport, tmp_path, Answer(HTML), name="a.csv")


def test_download_after_a_failure_fetches_what_is_missing(
    server: Publisher, transport: Transport, tmp_path: Path
) -> None:
    files = [published(server.serve("a.xlsx", WHOLE), "a.xlsx"), published(server.serve("b.xlsx", CUT), "b.xlsx")]
    with pytest.raises(SourceError, match=r"b\.xlsx broke off"):
        download(files, tmp_path, transport)
    assert set(contents(tmp_path)) == {MANIFEST_FILE, f"{FORCE}/a.xlsx"}
    server.serve("b.xlsx", WHOLE)
    first, second = download(files, tmp_path, transport)
    assert ("has not changed" in first, "fetched" in second) == (True, True)


def test_download_interrupted_writes_nothing(
    server: Publisher, transport: Transport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("core.build.download.fetch._check_content", interrupt)
    with pytest.raises(SourceError, match="was interrupted; the same command fetches what is missing"):
        download([published(server.serve(NAME, WHOLE))], tmp_path, transport)
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("text", ["{", "[]", '{"a.xlsx": 1}', '{"a.xlsx": {"address": ""}}', "\x00"])
def test_download_with_damaged_manifest_names_it(text: str, tmp_path: Path) -> None:
    (tmp_path / MANIFEST_FILE).write_text(text)
    with pytest.raises(SourceError, match=rf"{MANIFEST_FILE} is damaged .*; delete it, or name another folder"):
        download([], tmp_path)


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("screen", [Terminal(), StringIO()], ids=["terminal", "log"])
def test_download_shows_progress_only_on_a_terminal(
    screen: StringIO, server: Publisher, transport: Transport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", screen)
    download([published(server.serve(NAME, WHOLE))], tmp_path, transport)
    shown = screen.getvalue()
    assert (NAME in shown and "100%" in shown) == isinstance(screen, Terminal)
    assert bool(shown) == isinstance(screen, Terminal)
