"""Downloads the publishers' workbooks into a folder, with a manifest of their origins.

A file is written under a temporary name, checked, and only then moved into place. An unchanged file is not
downloaded again. File names and paths come from the settings, never from a server.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from http.client import responses
from pathlib import Path
from tempfile import TemporaryDirectory

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import SSLError
from tqdm import tqdm  # type: ignore[import-untyped]
from urllib3.util import Retry

from core.build.download.addresses import PublishedFile
from core.build.download.manifest import Manifest
from core.sources.files.cells import SourceError
from core.sources.files.limits import ON_DISK, UploadedFile, megabytes
from core.sources.files.tables import check_csv, sheets

DOWNLOADS = Path("downloads")
BLOCK = 1 << 16
MAX_REDIRECTS = 5
# With compression in transit, a file would not have the length that the server states.
HEADERS = {"User-Agent": "policing-evidence-explorer", "Accept-Encoding": "identity"}

TEMPORARY = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS, *range(500, 600))
FORBIDDEN = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
# Waits 0, 2, 4, 8 and 16 seconds, or as long as the server asks, up to five minutes each time.
RETRY = Retry(5, backoff_factor=1, status_forcelist=TEMPORARY, retry_after_max=300, raise_on_status=False)
CONNECT_TIMEOUT, READ_TIMEOUT = 10, 60


class Transport(requests.Session):
    """Session for requests over https only.

    Parameters
    ----------
    retry
        Rules for retrying.
    read_timeout
        Maximum wait for the next bytes, in seconds.
    """

    def __init__(self, retry: Retry = RETRY, read_timeout: float = READ_TIMEOUT):
        super().__init__()
        self.timeout = (CONNECT_TIMEOUT, read_timeout)
        self.headers.update(HEADERS)
        self.max_redirects = MAX_REDIRECTS
        # Without adapters for other schemes, redirects to them fail.
        self.adapters.clear()
        self.mount("https://", HTTPAdapter(max_retries=retry))

    def answer(self, file: PublishedFile, conditions: Mapping[str, str]) -> requests.Response:
        """Response to a request for `file` with the headers `conditions`.

        Raises
        ------
        core.sources.files.cells.SourceError
            If there is no response, or it redirects to an address that is not https.
        """
        try:
            return self.get(file.address, headers=conditions, stream=True, timeout=self.timeout)
        except (SSLError, requests.TooManyRedirects, ValueError) as error:  # an address that cannot be used: ValueError
            raise SourceError(f"{file.address} cannot be fetched over https ({error}); {_if_moved(file)}") from error
        except requests.RequestException as error:
            raise SourceError(f"{file.address} does not answer; try again later.") from error


def download(files: Sequence[PublishedFile], folder: Path = DOWNLOADS, transport: Transport | None = None) -> list[str]:
    """Download `files` into `folder`, and return a line about each.

    Parameters
    ----------
    files
        Files from :func:`core.build.download.addresses.read_settings`.
    folder
        Folder to write to; created if missing. Its manifest records the origin of each file.
    transport
        Session to use; a new :class:`Transport` by default.

    Raises
    ------
    core.sources.files.cells.SourceError
        If a file cannot be downloaded or is invalid. Its previous version and the files already downloaded are kept.
    """
    manifest = Manifest(folder)
    try:
        with transport or Transport() as session:
            return [_update(file, manifest, session) for file in files]
    except KeyboardInterrupt:
        raise SourceError("The download was interrupted; the same command fetches what is missing.") from None


def _update(file: PublishedFile, manifest: Manifest, transport: Transport) -> str:
    """Download one file if it has changed, and return a line that says whether it has."""
    target = manifest.folder / file.path
    conditions = manifest.conditions(file)
    with transport.answer(file, conditions) as response:
        is_unchanged = conditions and response.status_code == HTTPStatus.NOT_MODIFIED
        if not is_unchanged:
            _check_status(response, file)
            _replace(target, response, file)
            manifest.record(file, response.headers)
    outcome = "has not changed" if is_unchanged else "fetched"
    return f"{file.path.as_posix()}: {outcome}, {megabytes(target.stat().st_size)}"


def _replace(target: Path, response: requests.Response, file: PublishedFile) -> None:
    """Replace `target` by the response, after it is complete and has been checked."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{file.name}-", dir=target.parent) as draft:
        part = Path(draft, file.name)
        _write(response, part, file)
        _check_content(part, file)
        part.replace(target)


def _check_status(response: requests.Response, file: PublishedFile) -> None:
    """Raise :class:`SourceError` unless the server sends the file."""
    status = response.status_code
    if status == HTTPStatus.OK:
        return
    answer = f"{file.address} answers {status} {responses.get(status, '')}".rstrip()
    if status in TEMPORARY:
        raise SourceError(f"{answer}; try again later.")
    if status in FORBIDDEN:
        option = file.kind.replace("_", "-")
        raise SourceError(f"{answer}; fetch it with a browser from {file.page}, and name it with --{option}.")
    raise SourceError(f"{answer}; {_if_moved(file)}")


def _write(response: requests.Response, part: Path, file: PublishedFile) -> None:
    """Write the response to `part`, with a progress bar on a terminal."""
    length, limit = response.raw.length_remaining, ON_DISK.file_bytes
    shown = {"total": length, "desc": file.name, "disable": None}
    try:
        with part.open("wb") as stream, tqdm.wrapattr(stream, "write", **shown) as output:
            for block in response.iter_content(BLOCK):
                output.write(block)
                if max(length or 0, stream.tell()) > limit:
                    raise SourceError(f"{file.address} sends more than the {megabytes(limit)} that are read.")
    except requests.RequestException as error:
        raise SourceError(f"{file.address} broke off; the same command fetches it again.") from error


def _check_content(part: Path, file: PublishedFile) -> None:
    """Raise :class:`SourceError` if `part` is not a complete workbook or CSV file."""
    content = UploadedFile(file.name, part.stat().st_size, lambda: part.open("rb"))
    try:
        with sheets(content):
            pass
        if file.name.lower().endswith(".csv"):
            check_csv(content)
    except SourceError as error:
        raise SourceError(f"{file.address}: {error} If it has moved, {_if_moved(file)}") from error


def _if_moved(file: PublishedFile) -> str:
    return f"look for its new address on {file.page} and correct {file.settings}, or a copy named with --settings."
