"""Whatever the server does, a file is whole and as it should be, or it is not there and the reason is told."""

import gzip
import hashlib
import json
import socket
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from core.build.addresses import FORCE, Published
from core.build.download import Downloaded, Patience, download
from core.build.lockfile import LOCK_FILE
from core.sources.files import limits
from core.sources.files.cells import SourceError
from tests.build.download.conftest import IMPATIENT, PAGE, SETTINGS, Clock, published
from tests.build.download.server import Publisher, Turn, workbook_bytes

NAME = "FY17-18.xlsx"
OLD, NEW = workbook_bytes(1), workbook_bytes(2, 300_000)
WHOLE = Turn(OLD)
HALF = 200_000
BREAKS_OFF = Turn(OLD, sent=HALF)
HTML = b"\n <!DOCTYPE html><html><body>We have moved</body></html>"
MOVED = f"look for its new address on {PAGE} and correct {SETTINGS}, or a copy named with --settings."


def fetched(server: Publisher, folder: Path, clock: Clock, *turns: Turn, sha256: str = "") -> Downloaded:
    return download([published(server.will(NAME, *turns), sha256=sha256)], folder, clock.line())


def stopped(server: Publisher, folder: Path, clock: Clock, *turns: Turn, sha256: str = "") -> str:
    """What is said when the file cannot be had; its place is as it was."""
    before = left(folder)
    with pytest.raises(SourceError) as error:
        fetched(server, folder, clock, *turns, sha256=sha256)
    assert left(folder) == before
    return str(error.value)


def left(folder: Path) -> dict[str, bytes]:
    """The files in `folder`, but for what is kept to go on from."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob(".*"))


def noted(folder: Path) -> dict[str, object]:
    entry: dict[str, object] = json.loads((folder / LOCK_FILE).read_text())[f"{FORCE}/{NAME}"]
    return entry


def test_a_file_comes_with_its_checksum(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    result = fetched(server, tmp_path / "new" / "folder", clock, WHOLE)
    folder = tmp_path / "new" / "folder"
    target = folder / FORCE / NAME
    assert result == Downloaded({FORCE: [target]}, (f"use_of_force/{NAME}: fetched, 0.4 MB",))
    assert target.read_bytes() == OLD
    assert noted(folder)["sha256"] == hashlib.sha256(OLD).hexdigest()
    assert noted(folder)["size"] == len(OLD)
    assert noted(folder)["version"] == {"address": f"{server.root}/{NAME}", "etag": '"1"', "last_modified": ""}
    assert (kept(folder), clock.slept) == ([], [])


def test_what_broke_off_is_gone_on_with(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    fetched(server, tmp_path, clock, BREAKS_OFF, WHOLE)
    assert (tmp_path / FORCE / NAME).read_bytes() == OLD
    first, second = server.header("Range")
    assert first is None
    assert second is not None
    assert 0 < int(second.removeprefix("bytes=").removesuffix("-")) <= HALF
    assert server.header("If-Range") == [None, '"1"']
    assert clock.slept == [1]


def test_it_is_gone_on_with_in_another_run(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    said = stopped(server, tmp_path, clock, BREAKS_OFF, Turn(status=503))
    assert said.startswith(f"{server.root}/{NAME} answers 503, asked 6 times; try again later. What has come is kept")
    assert kept(tmp_path) == [f".{NAME}.part", f".{NAME}.part.json"]
    server.asked.clear()
    fetched(server, tmp_path, clock, WHOLE)
    assert server.header("If-Range") == ['"1"']
    assert (tmp_path / FORCE / NAME).read_bytes() == OLD
    assert kept(tmp_path) == []


@pytest.mark.parametrize("mark", ["Last-Modified", "ETag"])
def test_by_date_where_there_is_no_sure_mark(mark: str, server: Publisher, tmp_path: Path, clock: Clock) -> None:
    said = {"ETag": {"Last-Modified": None, "ETag": 'W/"1"'}[mark], "Last-Modified": "Mon, 01 Apr 2024 10:00:00 GMT"}
    turns = (replace(BREAKS_OFF, headers=said), replace(WHOLE, headers=said, believes_range=True))
    fetched(server, tmp_path, clock, *turns)
    assert server.header("If-Range") == [None, said["Last-Modified"]]
    assert (tmp_path / FORCE / NAME).read_bytes() == OLD


def test_without_any_mark_it_begins_again(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    nothing = {"ETag": None}
    fetched(server, tmp_path, clock, replace(BREAKS_OFF, headers=nothing), replace(WHOLE, headers=nothing))
    assert server.header("Range") == [None, None]
    assert (tmp_path / FORCE / NAME).read_bytes() == OLD


CHANGES = {
    "the server ignores ranges": (replace(WHOLE, ranges=False),),
    "the file has changed": (Turn(NEW, etag='"2"'),),
    "the file has changed, and the server sends its rest all the same": (
        Turn(NEW, etag='"2"', believes_range=True),
        Turn(NEW, etag='"2"'),
    ),
    "the file is shorter now": (Turn(status=416), Turn(NEW, etag='"2"')),
    "the rest is not the one that was asked for": (
        replace(WHOLE, headers={"Content-Range": f"bytes 7-{len(OLD) - 1}/{len(OLD)}"}),
        WHOLE,
    ),
    "the rest comes packed": (replace(WHOLE, headers={"Content-Encoding": "gzip"}), WHOLE),
    "the rest is of no known size": (replace(WHOLE, headers={"Content-Range": None}), WHOLE),
}


@pytest.mark.parametrize("case", CHANGES)
def test_parts_of_two_files_are_never_joined(case: str, server: Publisher, tmp_path: Path, clock: Clock) -> None:
    fetched(server, tmp_path, clock, BREAKS_OFF, *CHANGES[case])
    assert (tmp_path / FORCE / NAME).read_bytes() == CHANGES[case][-1].body
    assert clock.slept == [1, *[0] * (len(CHANGES[case]) - 1)]
    assert kept(tmp_path) == []


def test_a_part_of_another_address_is_not_gone_on_with(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    stopped(server, tmp_path, clock, BREAKS_OFF, Turn(status=503))
    download([published(server.will("moved.xlsx", Turn(NEW)))], tmp_path, clock.line())
    assert [headers.get("Range") for path, headers in server.asked if path == "/moved.xlsx"] == [None]
    assert (tmp_path / FORCE / NAME).read_bytes() == NEW


def test_a_stalled_server_is_asked_again(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    stalls = replace(BREAKS_OFF, stalls=True)
    file = published(server.will(NAME, stalls, WHOLE))
    download([file], tmp_path, clock.line(replace(IMPATIENT, silence=0.05)))
    assert (tmp_path / FORCE / NAME).read_bytes() == OLD
    assert clock.slept == [1]


def test_a_server_that_never_answers(tmp_path: Path, clock: Clock) -> None:
    """After one file that it did not give in six tries, it is asked for the others once each."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        files = [published(f"{address}/{name}", name) for name in ("FY17-18.xlsx", "FY18-19.xlsx")]
        with pytest.raises(SourceError) as error:
            download(files, tmp_path, clock.line())
    assert str(error.value).splitlines() == [
        f"{address}/FY17-18.xlsx does not answer, asked 6 times; try again later.",
        f"{address}/FY18-19.xlsx does not answer, asked once; try again later.",
        f"0 of 2 files are in {tmp_path}.",
    ]
    assert clock.slept == [1, 2, 4, 8, 16]


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 520])
def test_what_may_pass_is_tried_again(status: int, server: Publisher, tmp_path: Path, clock: Clock) -> None:
    fetched(server, tmp_path, clock, Turn(status=status), Turn(status=status), WHOLE)
    assert (tmp_path / FORCE / NAME).read_bytes() == OLD
    assert clock.slept == [1, 2]


@pytest.mark.parametrize(
    ("asked", "waited"),
    [("7", 7), ("0", 0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("soon", 1), ("-5", 1)],
)
def test_it_waits_as_it_is_asked_to(asked: str, waited: float, server: Publisher, tmp_path: Path, clock: Clock) -> None:
    fetched(server, tmp_path, clock, Turn(status=429, headers={"Retry-After": asked}), WHOLE)
    assert clock.slept == [waited]


def test_it_does_not_wait_for_hours(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    said = stopped(server, tmp_path, clock, Turn(status=429, headers={"Retry-After": "7200"}))
    assert said.startswith(f"{server.root}/{NAME} answers 429, and asks to wait 7,200 s; try again then.")
    assert clock.slept == []


def test_getting_further_is_not_failing(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    """A server that breaks off time and again is asked as long as each time more has come."""
    pieces = [replace(WHOLE, sent=70_000)] * 5
    download([published(server.will(NAME, *pieces, WHOLE))], tmp_path, clock.line(replace(IMPATIENT, tries=2)))
    assert (tmp_path / FORCE / NAME).read_bytes() == OLD
    assert clock.slept == [1] * 5


def test_no_more_is_waited_for_than_was_agreed(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    busy = Turn(status=503, headers={"Retry-After": "50"})
    with pytest.raises(SourceError, match="would take more than 2 minutes; what has come is kept"):
        download([published(server.will(NAME, busy))], tmp_path, clock.line(replace(IMPATIENT, whole=120)))
    assert clock.slept == [50, 50]


def test_a_file_that_drips_is_left_at_last(server: Publisher, tmp_path: Path) -> None:
    ticks = iter(range(1000))
    line = replace(Clock().line(replace(IMPATIENT, whole=3)), clock=lambda: next(ticks))
    with pytest.raises(SourceError, match="what has come is kept"):
        download([published(server.will(NAME, WHOLE))], tmp_path, line)
    assert kept(tmp_path) == [f".{NAME}.part", f".{NAME}.part.json"]


WRONG: dict[str, tuple[Turn, tuple[str, ...]]] = {
    "moved": (Turn(HTML, status=404), ("is not there any more (404)", MOVED)),
    "gone": (Turn(status=410), ("is not there any more (410)", MOVED)),
    "for people only": (Turn(status=403), ("is not given to programs (403)", PAGE, "name it with --use-of-force.")),
    "odd answer": (Turn(status=418), ("answers 418", MOVED)),
    "odd success": (Turn(status=204), ("answers 204", MOVED)),
    "unasked 304": (Turn(status=304), ("answers 304", MOVED)),
    "web page": (
        Turn(HTML, headers={"Content-Type": "application/vnd.ms-excel"}),
        (f"{NAME} is a web page, not a workbook", f"If it has moved, {MOVED}"),
    ),
    "message in JSON": (
        Turn(b'{"error": "no such file"}'),
        ("is not a workbook, whatever its name says", f"If it has moved, {MOVED}"),
    ),
    "old workbook": (Turn(limits.OLD_OFFICE + bytes(99)), ("is a workbook of the old kind (.xls)",)),
    "another zip": (
        Turn(workbook_bytes().replace(b"[Content_Types].xml", b"[Content_Typed].xml")),
        ("is a zip file but not a workbook", MOVED),
    ),
    "leads to itself": (Turn(status=302, headers={"Location": f"/{NAME}"}), ("leads nowhere", MOVED)),
    "leads to a file of this machine": (
        Turn(status=302, headers={"Location": "file:///etc/passwd"}),
        ("leads nowhere", MOVED),
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_will_not_pass_is_told_at_once(case: str, server: Publisher, tmp_path: Path, clock: Clock) -> None:
    turn, words = WRONG[case]
    said = stopped(server, tmp_path, clock, turn)
    assert said.startswith(f"{server.root}/{NAME}")
    for part in words:
        assert part in said
    assert said.endswith(f"0 of 1 files are in {tmp_path}.")
    assert (clock.slept, kept(tmp_path)) == ([], [])


def test_an_error_page_does_not_cost_what_has_come(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    said = stopped(server, tmp_path, clock, BREAKS_OFF, Turn(HTML, etag='"2"'))
    assert "is a web page" in said
    assert f".{NAME}.part" in kept(tmp_path)
    fetched(server, tmp_path, clock, WHOLE)
    assert server.header("If-Range")[-1] == '"1"'
    assert (tmp_path / FORCE / NAME).read_bytes() == OLD


DAMAGED = {
    "says that it is shorter than it is": replace(WHOLE, headers={"Content-Length": str(HALF)}),
    "breaks off without having said its length": replace(BREAKS_OFF, headers={"Content-Length": None}),
    "sends nothing": Turn(b""),
    "says that it is longer than it is": replace(WHOLE, headers={"Content-Length": "500000", "ETag": None}),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_what_is_not_whole_is_fetched_again(case: str, server: Publisher, tmp_path: Path, clock: Clock) -> None:
    fetched(server, tmp_path, clock, DAMAGED[case], WHOLE)
    assert (tmp_path / FORCE / NAME).read_bytes() == OLD
    assert clock.slept == [1]
    reason = stopped(server, tmp_path / "other", clock, DAMAGED[case])
    assert "asked 6 times" in reason


CSV = "\n".join(["Use of force,,", "IncidentDate,Borough,Outcome", *['01/04/2020,"Barnet, N",Yes'] * 20]).encode()
CUT_CSV = {
    "breaks off without having said its length": Turn(CSV, sent=300, headers={"Content-Length": None}),
    "says that it is shorter than it is": Turn(CSV, headers={"Content-Length": "300"}),
    "says that it is longer than it is": Turn(CSV, headers={"Content-Length": "9999", "ETag": None}),
    "breaks off inside quotation marks": Turn(CSV, headers={"Content-Length": str(CSV.index(b", N") + 1)}),
}


@pytest.mark.parametrize("case", CUT_CSV)
def test_a_csv_file_that_is_not_whole_is_fetched_again(
    case: str, server: Publisher, tmp_path: Path, clock: Clock
) -> None:
    address = server.will("a.csv", CUT_CSV[case], Turn(CSV, headers={"Content-Length": None}))
    found = download([published(address, "a.csv")], tmp_path, clock.line())
    assert found.paths[FORCE][0].read_bytes() == CSV
    assert clock.slept == [1]
    with pytest.raises(SourceError, match="asked 6 times; try again later"):
        download([published(server.will("b.csv", CUT_CSV[case]), "b.csv")], tmp_path, clock.line())
    assert list(left(tmp_path)) == [LOCK_FILE, f"{FORCE}/a.csv"]


def test_length_that_is_no_number(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    fetched(server, tmp_path, clock, replace(WHOLE, headers={"Content-Length": "many"}))
    assert (tmp_path / FORCE / NAME).read_bytes() == OLD


def test_a_file_that_comes_packed_is_unpacked(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    fetched(server, tmp_path, clock, Turn(gzip.compress(OLD), headers={"Content-Encoding": "gzip"}))
    assert (tmp_path / FORCE / NAME).read_bytes() == OLD


@pytest.mark.parametrize("told", [True, False], ids=["said", "not said"])
def test_no_more_is_taken_than_is_read(
    told: bool, server: Publisher, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.build.download.ON_DISK", limits.Limits(file_bytes=100_000))
    turn = replace(WHOLE, sent=99 if told else None, headers={"Content-Length": "100001" if told else None})
    assert "sends more than the 0.1 MB that are read" in stopped(server, tmp_path, clock, turn)
    assert kept(tmp_path) == []


def test_a_file_that_has_not_changed_is_not_fetched_again(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    fetched(server, tmp_path, clock, WHOLE)
    before = noted(tmp_path)
    result = fetched(server, tmp_path, clock, WHOLE)
    assert result.lines == (f"use_of_force/{NAME}: has not changed, 0.4 MB",)
    assert result.paths == {FORCE: [tmp_path / FORCE / NAME]}
    assert server.header("If-None-Match") == [None, '"1"']
    assert noted(tmp_path) == before


def test_a_new_edition_takes_the_place_of_the_old(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    fetched(server, tmp_path, clock, WHOLE)
    fetched(server, tmp_path, clock, Turn(NEW, etag='"2"'))
    assert (tmp_path / FORCE / NAME).read_bytes() == NEW
    assert noted(tmp_path)["sha256"] == hashlib.sha256(NEW).hexdigest()


def test_a_file_that_has_moved_is_fetched_from_there(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    """The mark of an edition says nothing at another address."""
    fetched(server, tmp_path, clock, WHOLE)
    download([published(server.will("moved.xlsx", Turn(NEW)))], tmp_path, clock.line())
    assert (tmp_path / FORCE / NAME).read_bytes() == NEW


def test_it_is_not_led_round_for_long(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    stopped(server, tmp_path, clock, Turn(status=302, headers={"Location": f"/{NAME}"}))
    assert len(server.asked) <= 10


def test_a_file_that_was_deleted_is_fetched_again(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    fetched(server, tmp_path, clock, WHOLE)
    (tmp_path / FORCE / NAME).unlink()
    fetched(server, tmp_path, clock, WHOLE)
    assert (tmp_path / FORCE / NAME).read_bytes() == OLD


def test_a_file_that_somebody_put_there_is_not_lost(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    target = tmp_path / FORCE / NAME
    target.parent.mkdir()
    target.write_bytes(NEW)
    assert f"{target} is there, but not as this command fetched it" in stopped(server, tmp_path, clock, WHOLE)
    target.unlink()
    fetched(server, tmp_path, clock, WHOLE)
    target.write_bytes(NEW)
    assert "move it away, or name another folder" in stopped(server, tmp_path, clock, Turn(NEW))
    assert len(server.asked) == 1


def test_the_settings_may_say_what_it_must_be(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    old, new = (hashlib.sha256(body).hexdigest() for body in (OLD, NEW))
    said = stopped(server, tmp_path, clock, WHOLE, sha256=new)
    assert f"has the SHA-256 {old}, not {new} as {SETTINGS} says" in said
    assert PAGE in said
    assert kept(tmp_path) == []
    fetched(server, tmp_path, clock, WHOLE, sha256=old)
    asked = len(server.asked)
    result = fetched(server, tmp_path, clock, WHOLE, sha256=old)
    assert result.lines == (f"use_of_force/{NAME}: is there, 0.4 MB",)
    assert len(server.asked) == asked
    fetched(server, tmp_path, clock, Turn(NEW), sha256=new)
    assert (tmp_path / FORCE / NAME).read_bytes() == NEW


def test_one_file_that_fails_does_not_keep_others_away(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    gone, whole = server.will("a.xlsx", Turn(status=404)), server.will("b.xlsx", WHOLE)
    with pytest.raises(SourceError) as error:
        download([published(gone, "a.xlsx"), published(whole, "b.xlsx")], tmp_path, clock.line())
    assert str(error.value).splitlines()[-1] == f"1 of 2 files are in {tmp_path}."
    assert set(left(tmp_path)) == {LOCK_FILE, f"{FORCE}/b.xlsx"}


def test_a_csv_file_is_taken_and_a_web_page_is_not(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    files = [published(server.will("a.csv", Turn(b"IncidentDate,Borough\n")), "a.csv")]
    assert download(files, tmp_path, clock.line()).paths[FORCE][0].read_bytes() == b"IncidentDate,Borough\n"
    with pytest.raises(SourceError, match=r"b\.csv is a web page"):
        download([published(server.will("b.csv", Turn(HTML)), "b.csv")], tmp_path, clock.line())


@pytest.mark.parametrize("said", ["../../evil.xlsx", "/etc/evil.xlsx", "C:\\evil.xlsx"])
def test_the_server_does_not_choose_the_place(said: str, server: Publisher, tmp_path: Path, clock: Clock) -> None:
    """Neither by what it calls the file nor by where it leads to."""
    elsewhere = server.will(
        "..%2F..%2Fevil.xlsx", replace(WHOLE, headers={"Content-Disposition": f'filename="{said}"'})
    )
    leads = Turn(status=302, headers={"Location": elsewhere})
    folder = tmp_path / "deep" / "folder"
    download([published(server.will(NAME, leads))], folder, clock.line())
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == {folder / LOCK_FILE, folder / FORCE / NAME}


def test_a_link_does_not_lead_out_of_the_folder(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / FORCE).symlink_to(tmp_path / "outside")
    assert "leads out of" in stopped(server, tmp_path / "folder", clock, WHOLE)
    assert (list((tmp_path / "outside").iterdir()), server.asked) == ([], [])


def test_a_secure_address_may_not_lead_to_an_open_one(
    server: Publisher, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the server at the secure address had sent on to this one."""
    import requests

    ask = requests.Session.get
    open_address = server.will(NAME, WHOLE)
    monkeypatch.setattr(requests.Session, "get", lambda session, _address, **how: ask(session, open_address, **how))
    with pytest.raises(SourceError, match="leads to an address without https"):
        download([published("https://data.example/a.xlsx")], tmp_path, clock.line())


@pytest.mark.parametrize("text", ["{", "[]", '{"a.xlsx": 1}', '{"a.xlsx": {"version": {"url": ""}}}', "\x00"])
def test_a_damaged_lock_file_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / LOCK_FILE).write_text(text)
    with pytest.raises(SourceError, match=f"{LOCK_FILE} is damaged"):
        download([], tmp_path)


def test_a_damaged_note_of_a_part_begins_again(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    stopped(server, tmp_path, clock, BREAKS_OFF, Turn(status=503))
    (tmp_path / FORCE / f".{NAME}.part.json").write_text("{")
    fetched(server, tmp_path, clock, WHOLE)
    assert server.header("Range")[-1] is None
    assert (tmp_path / FORCE / NAME).read_bytes() == OLD


def test_broken_off_by_the_person(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    line = replace(clock.line(), sleep=interrupt)
    with pytest.raises(SourceError, match="was broken off; the same command goes on from there"):
        download([published(server.will(NAME, BREAKS_OFF))], tmp_path, line)
    assert f".{NAME}.part" in kept(tmp_path)


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_how_far_it_is(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    screen, log = Terminal(), StringIO()
    for folder, shown in (("a", screen), ("b", log)):
        file = published(server.will(NAME, BREAKS_OFF, WHOLE))
        download([file], tmp_path / folder, replace(clock.line(), screen=shown))
    assert NAME in screen.getvalue()
    assert "100%" in screen.getvalue()
    assert f"{NAME}: broke off after 0.2 MB; next try in 1 s" in screen.getvalue()
    assert log.getvalue() == f"{NAME}: broke off after 0.2 MB; next try in 1 s\n"


def test_patience_is_for_slow_lines() -> None:
    """What stands in the code is meant for the world, not for these tests."""
    patience = Patience()
    assert patience.connecting >= 5
    assert patience.silence >= 30
    waits = sum(patience.first_wait * 2**number for number in range(patience.tries - 1))
    assert 20 <= waits <= patience.whole


def test_files_are_told_apart_by_kind(server: Publisher, tmp_path: Path, clock: Clock) -> None:
    address = server.will(NAME, WHOLE)
    survey = Published("attitude_survey", address, NAME, PAGE, SETTINGS)
    result = download([survey, published(address)], tmp_path, clock.line())
    assert result.paths == {kind: [tmp_path / kind / NAME] for kind in ("attitude_survey", FORCE)}
