"""Fetches the publishers' workbooks into a folder, and notes what was fetched from where.

A file comes under a temporary name, is looked at, and only then takes its place. What broke off is gone on with where
it stopped, if the server says that the file is still the same; what has not changed since is not fetched again. Names
and places come from the settings, never from a server.
"""

import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import chain
from pathlib import Path
from typing import TextIO

import requests
from requests import exceptions as failing
from tqdm import tqdm  # type: ignore[import-untyped]
from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

from core.build.addresses import Published
from core.build.lockfile import Fetched, Lock, Version, read_version, sha256_of, write_version
from core.sources.files.cells import SourceError
from core.sources.files.limits import DAMAGED, ON_DISK, GivenFile, in_memory, megabytes, refuse_other_kinds
from core.sources.files.tables import CutShortError, check_csv
from core.sources.files.xlsx import workbook

DOWNLOADS = Path("downloads")
BLOCK = 1 << 16
REDIRECTS = 5
# Packed on the way, a file could not be gone on with, nor its size be checked.
ASKING = {"User-Agent": "policing-evidence-explorer", "Accept-Encoding": "identity"}
PLAIN = "identity"
REST = re.compile(r"bytes (\d+)-\d+/(\d+)")
BUSY = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)
GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
CLOSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
BROKEN_OFF = (failing.ConnectionError, failing.Timeout, failing.ChunkedEncodingError, failing.ContentDecodingError)


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds.

    Parameters
    ----------
    tries
        How often in a row to try without getting further.
    connecting, silence
        The longest that a server may take to answer, and be silent in the middle of a file.
    first_wait
        Before the second try; twice as long before each further one.
    longest_wait
        The longest that a server may ask to wait.
    whole
        The longest for one file with all its tries.
    """

    tries: int = 6
    connecting: float = 10
    silence: float = 60
    first_wait: float = 1
    longest_wait: float = 300
    whole: float = 3600


@dataclass(frozen=True)
class Line:
    """How files are fetched.

    Parameters
    ----------
    patience
        How long to wait.
    sleep, clock
        Waits for seconds; tells seconds.
    screen
        Where progress is shown, if it is a terminal; standard error where none is named.
    """

    patience: Patience = Patience()
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    screen: TextIO | None = None


@dataclass(frozen=True)
class Downloaded:
    """Where the files are, by what they hold, and what to say about each."""

    paths: Mapping[str, list[Path]]
    lines: tuple[str, ...]


class NoAnswerError(SourceError):
    """A server that cannot be reached."""


class TryAgain(Exception):
    """Something that may pass, and the seconds that the server asks to wait, where it does."""

    def __init__(self, reason: str, wait: float | None = None):
        super().__init__(reason)
        self.wait = wait


def download(files: Sequence[Published], folder: Path = DOWNLOADS, line: Line | None = None) -> Downloaded:
    """Fetch `files` into `folder`, each into the folder of its kind.

    Parameters
    ----------
    files
        As :func:`core.build.addresses.read_settings` lists them.
    folder
        Folder to write to; made where it is not there. Its lock file says what came from where.
    line
        How to fetch them.

    Raises
    ------
    core.sources.files.cells.SourceError
        If a file cannot be had or is not what it should be. The others are fetched all the same, and what came of a
        file that broke off is kept for the next time.
    """
    line, lock = line or Line(), Lock(folder)
    paths: dict[str, list[Path]] = {}
    lines: list[str] = []
    problems: list[str] = []
    silent: set[str] = set()
    with requests.Session() as session:
        session.headers.update(ASKING)
        session.max_redirects = REDIRECTS
        for file in files:
            # Once is enough to ask a server that has not answered all along.
            fetch = _Fetch(file, lock, session, line, 1 if file.host in silent else line.patience.tries)
            try:
                lines.append(fetch.run())
                paths.setdefault(file.kind, []).append(fetch.target)
            except SourceError as error:
                problems.append(str(error))
                silent |= {file.host} if isinstance(error, NoAnswerError) else set()
            except KeyboardInterrupt:
                raise SourceError(f"{file.name} was broken off; the same command goes on from there.") from None
    if problems:
        raise SourceError("\n".join([*problems, f"{len(lines)} of {len(files)} files are in {folder}."]))
    return Downloaded(paths, tuple(lines))


class _Fetch:
    """One file on its way into the folder of `lock`."""

    def __init__(self, file: Published, lock: Lock, session: requests.Session, line: Line, tries: int):
        self.file = file
        self.lock = lock
        self.session = session
        self.line = line
        self.tries = tries
        self.begun = line.clock()
        self.screen = line.screen or sys.stderr
        self.target = lock.folder / file.kind / file.name
        self.part = self.target.with_name(f".{file.name}.part")
        self.note = self.target.with_name(f".{file.name}.part.json")

    def run(self) -> str:
        """Fetch the file unless it is there; a line that says so."""
        self._check_place()
        at_hand = sha256_of(self.target) if self.target.is_file() else ""
        if at_hand and at_hand == self.file.sha256:
            return self._words("is there")
        self._check_ours(at_hand)
        furthest, failed = self._came(), 0
        while True:
            try:
                return self._attempt(self._unless_same(at_hand))
            except TryAgain as again:
                came = self._came()
                failed = 1 if came > furthest else failed + 1
                furthest = max(furthest, came)
                self._wait(again, failed)

    def _check_place(self) -> None:
        """Raise where a link would lead what is written out of the folder."""
        home = self.lock.folder.resolve()
        self.target.parent.mkdir(parents=True, exist_ok=True)
        for path in (self.target.parent, self.part, self.note):
            if not path.resolve().is_relative_to(home):
                raise SourceError(f"{path} leads out of {self.lock.folder}; name another folder.")

    def _check_ours(self, at_hand: str) -> None:
        """Raise where something else would be lost: a file that was put there or changed by hand."""
        known = self.lock.get(self.target)
        if at_hand and not (known and known.sha256 == at_hand):
            raise SourceError(
                f"{self.target} is there, but not as this command fetched it; move it away, or name another folder."
            )

    def _unless_same(self, at_hand: str) -> Mapping[str, str]:
        """Headers that ask for nothing when the file `at_hand` is what the server has."""
        known = self.lock.get(self.target)
        if not (known and at_hand) or self.file.sha256 or known.version.address != self.file.address:
            return {}
        return known.version.unless_same()

    def _came(self) -> int:
        """How much of the file has come so far, in bytes."""
        return self.part.stat().st_size if self.part.exists() else 0

    def _wait(self, again: TryAgain, failed: int) -> None:
        """Wait before the next try, or give up."""
        patience = self.line.patience
        wait = patience.first_wait * 2 ** (failed - 1) if again.wait is None else again.wait
        kept = " What has come is kept; the same command goes on from there." if self._came() else ""
        if failed >= self.tries:
            times = "once" if failed == 1 else f"{failed} times"
            problem = NoAnswerError if isinstance(again.__cause__, failing.RequestException) else SourceError
            raise problem(f"{self.file.address} {again}, asked {times}; try again later.{kept}") from again
        if wait > patience.longest_wait:
            raise SourceError(f"{self.file.address} {again}, and asks to wait {wait:,.0f} s; try again then.{kept}")
        self._check_time(wait)
        tqdm.write(f"{self.file.name}: {again}; next try in {wait:,.0f} s", file=self.screen)
        self.line.sleep(wait)

    def _check_time(self, more: float = 0) -> None:
        """Raise where `more` seconds are more than the file may take."""
        whole = self.line.patience.whole
        if self.line.clock() - self.begun + more > whole:
            raise SourceError(
                f"{self.file.address} would take more than {whole / 60:,.0f} minutes; "
                "what has come is kept, and the same command goes on from there."
            )

    def _attempt(self, unless_same: Mapping[str, str]) -> str:
        """Ask once, for the rest of what broke off or for all, and put the file in its place."""
        before = read_version(self.note)
        start = self._came() if before and before.mark and before.address == self.file.address else 0
        asked = {"Range": f"bytes={start}-", "If-Range": before.mark} if before and start else unless_same
        with self._ask(asked) as answer:
            if unless_same and asked is unless_same and answer.status_code == HTTPStatus.NOT_MODIFIED:
                return self._words("has not changed")
            self._check_status(answer)
            version = self._version(answer, before)
            try:
                self._take(answer, start if version == before else 0, version)
            except BROKEN_OFF:
                raise TryAgain(f"broke off after {megabytes(self._came())}") from None
        return self._settle(version)

    def _ask(self, headers: Mapping[str, str]) -> requests.Response:
        patience = self.line.patience
        timeout = (patience.connecting, patience.silence)
        try:
            return self.session.get(self.file.address, headers=headers, stream=True, timeout=timeout)
        except failing.SSLError as error:
            raise SourceError(f"{self.file.address} has no valid certificate ({error}); {self._moved}") from error
        except (failing.ConnectionError, failing.Timeout) as error:
            raise TryAgain("does not answer") from error
        except failing.RequestException as error:
            raise SourceError(f"{self.file.address} leads nowhere ({error}); {self._moved}") from error

    @property
    def _moved(self) -> str:
        file = self.file
        return f"look for its new address on {file.page} and correct {file.settings}, or a copy named with --settings."

    def _check_status(self, answer: requests.Response) -> None:
        """Raise unless the server sends the file, or the part of it that was asked for."""
        address, status = self.file.address, answer.status_code
        if address.lower().startswith("https:") and not answer.url.startswith("https:"):
            raise SourceError(f"{address} leads to an address without https; {self._moved}")
        if status in BUSY or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise TryAgain(f"answers {status}", _asked_wait(answer))
        if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and self._came():
            raise self._other_file()
        if status in GONE:
            raise SourceError(f"{address} is not there any more ({status}); {self._moved}")
        if status in CLOSED:
            raise SourceError(
                f"{address} is not given to programs ({status}); fetch it with a browser from {self.file.page}, and "
                f"name it with --{self.file.kind.replace('_', '-')}."
            )
        if status not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
            raise SourceError(f"{address} answers {status}; {self._moved}")

    def _version(self, answer: requests.Response, before: Version | None) -> Version:
        """The edition that the server sends; with the rest of a file it need not say all again."""
        if _is_packed(answer):
            return Version(self.file.address)
        is_rest = before and answer.status_code == HTTPStatus.PARTIAL_CONTENT
        said = before if before and is_rest else Version(self.file.address)
        said_now = answer.headers.get("ETag", said.etag), answer.headers.get("Last-Modified", said.last_modified)
        return Version(self.file.address, *said_now)

    def _other_file(self) -> TryAgain:
        """Drop what has come: the server has another file now."""
        self._drop()
        return TryAgain("is not the file that it was", wait=0)

    def _drop(self) -> None:
        self.part.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)

    def _take(self, answer: requests.Response, start: int, version: Version) -> None:
        """Write what the server sends to what has come: after `start` bytes of it, or from the beginning."""
        blocks: Iterator[bytes] = answer.iter_content(BLOCK)
        if answer.status_code == HTTPStatus.PARTIAL_CONTENT:
            rest = REST.fullmatch(answer.headers.get("Content-Range", ""))
            if not (start and rest and int(rest[1]) == start):
                raise self._other_file()
            return self._write(blocks, start, int(rest[2]))
        size = _size(answer)
        self._check_size(size or 0)
        first = next(blocks, b"")
        self._check_kind(first)
        self._drop()
        write_version(self.note, version)
        return self._write(chain([first], blocks), 0, size)

    def _check_kind(self, first: bytes) -> None:
        """Raise where the `first` bytes are not those of a workbook; what came before is not lost for it."""
        name = self.file.name
        if not first:
            raise TryAgain("sends nothing")
        try:
            refuse_other_kinds(name, first, in_memory(name, first))
        except SourceError as error:
            raise SourceError(f"{self.file.address}: {error} If it has moved, {self._moved}") from error

    def _write(self, blocks: Iterator[bytes], size: int, whole: int | None) -> None:
        shown = {"desc": self.file.name, "unit": "B", "unit_scale": True, "file": self.screen, "disable": None}
        with self.part.open("ab" if size else "wb") as part, tqdm(total=whole, initial=size, **shown) as bar:
            for block in blocks:
                size += len(block)
                self._check_size(size)
                self._check_time()
                part.write(block)
                bar.update(len(block))
        if whole is not None and size != whole:
            raise TryAgain(f"broke off after {megabytes(size)}")

    def _check_size(self, size: int) -> None:
        most = ON_DISK.file_bytes
        if size > most:
            self._drop()
            raise SourceError(f"{self.file.address} sends more than the {megabytes(most)} that are read; {self._moved}")

    def _settle(self, version: Version) -> str:
        """Put what has come in its place, once it is what it should be."""
        self._check_whole()
        sha256, size = sha256_of(self.part), self._came()
        if self.file.sha256 not in ("", sha256):
            self._drop()
            raise SourceError(
                f"{self.file.address} has the SHA-256 {sha256}, not {self.file.sha256} as {self.file.settings} says; "
                f"if a new edition is out on {self.file.page}, correct the settings."
            )
        self.part.replace(self.target)
        self.lock.put(self.target, Fetched(version, sha256, size, datetime.now(UTC).isoformat(timespec="seconds")))
        self._drop()
        return self._words("fetched")

    def _check_whole(self) -> None:
        """Raise where what has come is no whole workbook or CSV file."""
        came = GivenFile(self.file.name, self._came(), lambda: self.part.open("rb"))
        try:
            if self.file.name.lower().endswith(".csv"):
                check_csv(came)
            else:
                _check_workbook(came)
        except SourceError as error:
            self._drop()
            if isinstance(error, CutShortError) or isinstance(error.__cause__, DAMAGED):
                raise TryAgain("sends a file that is not whole") from None
            raise SourceError(f"{self.file.address}: {error} If it has moved, {self._moved}") from error

    def _words(self, what: str) -> str:
        return f"{self.file.kind}/{self.file.name}: {what}, {megabytes(self.target.stat().st_size)}"


def _check_workbook(file: GivenFile) -> None:
    with workbook(file, ON_DISK):
        pass


def _is_packed(answer: requests.Response) -> bool:
    return bool(answer.headers.get("Content-Encoding", PLAIN) != PLAIN)


def _size(answer: requests.Response) -> int | None:
    """Size of the file in bytes, where the server says it."""
    length = answer.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() and not _is_packed(answer) else None


def _asked_wait(answer: requests.Response) -> float | None:
    """Seconds that the server asks to wait, where it does so in a way that is understood."""
    asked = answer.headers.get("Retry-After")
    try:
        return Retry().parse_retry_after(asked) if asked else None
    except InvalidHeader:
        return None
