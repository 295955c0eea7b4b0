"""A client of Streamlit's browser protocol: a websocket, on which runs are requested and messages received.

It does what the pages need from a browser: open a link, go to another page, change a widget, upload a file. Widgets are
identified by their labels, as readers identify them.
"""

import asyncio
import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any, Self
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pyarrow as pa
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 180.0  # in seconds; long, because many visitors may come at once to a busy machine
SITE = "https://figures.example/app"
XSRF_COOKIE = "_streamlit_xsrf"
BOUNDARY = "a-file-of-the-visitor"
# Addresses of downloads are random in each run, and progress messages depend on the cache.
FLEETING = ("download_button", "empty", "spinner", "skeleton")
# A widget set by a link is sent differently from one set by the visitor; their values are all in the link.
WIDGETS = ("selectbox", "checkbox", "button_group", "multiselect", "slider", "radio", "number_input", "text_input")
CHANGED = ("selectbox", "checkbox")
ANSWER = "font-size:1.3rem"
KEPT_FOR = 2  # runs for which a browser caches a large message (maxCachedMessageAge)


class VisitError(Exception):
    """An unexpected response of the server; the message names the request."""


@dataclass
class Page:
    """Content sent by the runs for one view: elements by position, the link, and the cost.

    Parameters
    ----------
    elements
        Elements by their path from the root of the page.
    fragments
        Ids of the fragments that they are in, by the same; empty for those in none.
    seconds
        Time from the request to the end of the last run.
    plain, packed
        Bytes of the messages, uncompressed and as compressed by the websocket; large messages that were sent before are
        referenced by hash.
    link
        The address of the view, with what the page has written into it.
    """

    elements: dict[tuple[int, ...], Element] = field(default_factory=dict)
    fragments: dict[tuple[int, ...], str] = field(default_factory=dict)
    seconds: float = 0.0
    plain: int = 0
    packed: int = 0
    link: str = ""

    def of_kind(self, *kinds: str) -> Iterator[Any]:
        """Content of the elements of `kinds`, in the order of the page."""
        for path in sorted(self.elements):
            kind = self.elements[path].WhichOneof("type")
            if kind in kinds:
                yield getattr(self.elements[path], str(kind))

    @property
    def answer(self) -> str:
        """The sentence at the top, as HTML; empty if there is none."""
        return next((html.body for html in self.of_kind("html") if ANSWER in html.body), "")

    @property
    def errors(self) -> list[str]:
        """Errors that the page shows."""
        return [shown.message for shown in self.of_kind("exception")]

    def fingerprint(self) -> str:
        """Short hash of everything on the page: text, charts, tables, widgets."""
        return hashlib.sha256(repr(self.content()).encode()).hexdigest()[:16]

    def view(self) -> tuple[str, list[bytes]]:
        """The link and all content except widgets: the same for a visitor who opens the link."""
        return self.link, self.content(WIDGETS)

    def content(self, without: Collection[str] = ()) -> list[bytes]:
        """All elements in page order, except those of kinds `without` and those that differ from run to run."""
        elements = (self.elements[path] for path in sorted(self.elements))
        return [_content(item) for item in elements if item.WhichOneof("type") not in (*FLEETING, *without)]


class Visit:
    """One visitor's connection to the server at `root`.

    Parameters
    ----------
    root
        Address of the server.
    heard
        Called with every message received.
    cookies
        Cookies of the visitor's browser; those that servers set are added.
    """

    def __init__(
        self, root: str, heard: Callable[[bytes], None] | None = None, cookies: dict[str, str] | None = None
    ) -> None:
        self.root = root
        self.cookies = {} if cookies is None else cookies
        self.page = Page()
        self.name = ""
        self.query = ""
        self.session = ""
        self._widgets: dict[str, WidgetState] = {}
        self._cached: dict[str, tuple[ForwardMsg, int]] = {}
        self._runs = 0
        self._heard = heard
        self._fragments: dict[str, str] = {}  # by the ids of the widgets that are in one
        self._line: ClientConnection

    async def __aenter__(self) -> Self:
        stream = f"{self.root.replace('http', 'ws', 1)}/_stcore/stream"
        self._line = await connect(
            stream,
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers=_cookie_header(self.cookies),
            max_size=None,
            open_timeout=PATIENCE,
            ping_interval=None,
            create_connection=_Counted,
        )
        assert self._line.response
        _keep_cookies(self.cookies, self._line.response.headers.get_all("Set-Cookie"))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._line.close()

    async def open(self, name: str, query: Mapping[str, str] | None = None) -> Page:
        """Go to the page `name` by a link with `query`."""
        self.name, self.query = name, urlencode(query or {})
        self._widgets.clear()
        return await self._run()

    async def again(self) -> Page:
        """Run the page again as it stands."""
        return await self._run()

    def value(self, widget: Any) -> str | bool:
        """The value of a select-box or a toggle."""
        state = self._widgets[widget.id]
        return state.string_value if state.WhichOneof("value") == "string_value" else state.bool_value

    async def choose(self, label: str, option: str) -> Page:
        """Pick `option` in the select-box `label`."""
        box = self._find("selectbox", label)
        if option not in box.options:
            raise VisitError(f"{label!r} has no option {option!r}; it has {', '.join(box.options)}")
        self._widgets[box.id] = WidgetState(id=box.id, string_value=option)
        return await self._run(self._fragments.get(box.id, ""))

    async def switch(self, label: str, on: bool) -> Page:
        """Turn the toggle `label` on or off."""
        toggle = self._find("checkbox", label)
        self._widgets[toggle.id] = WidgetState(id=toggle.id, bool_value=on)
        return await self._run(self._fragments.get(toggle.id, ""))

    async def submit(self, label: str, name: str, content: bytes) -> Page:
        """Upload a file with the uploader `label`, to the server's upload address as a browser does."""
        box = self._find("file_uploader", label)
        request = BackMsg()
        request.file_urls_request.request_id = name
        request.file_urls_request.session_id = self.session
        request.file_urls_request.file_names.append(name)
        await self._line.send(request.SerializeToString())
        message = await self._receive("file_urls_response")
        where = message.file_urls_response.file_urls[0]
        await asyncio.to_thread(self._put, where, name, content)
        state = WidgetState(id=box.id)
        state.file_uploader_state_value.uploaded_file_info.add(
            name=name, size=len(content), file_id=where.file_id, file_urls=where
        )
        self._widgets[box.id] = state
        return await self._run()

    def _put(self, where: FileURLs, name: str, content: bytes) -> None:
        """Send a file to its address, with the server's token against cross-site request forgery."""
        self._fetch(Request(f"{self.root}/_stcore/health"))
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        headers = {
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "X-Xsrftoken": self.cookies.get(XSRF_COOKIE, "").strip('"'),
        }
        body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        self._fetch(Request(f"{self.root}{where.upload_url}", body, headers, method="PUT"))

    def _fetch(self, request: Request) -> None:
        for name, value in _cookie_header(self.cookies).items():
            request.add_header(name, value)
        with urlopen(request, timeout=PATIENCE) as answer:
            answer.read()
            _keep_cookies(self.cookies, answer.headers.get_all("Set-Cookie") or [])

    def _find(self, kind: str, label: str) -> Any:
        found = next((item for item in self.page.of_kind(kind) if item.label == label), None)
        if found is None:
            raise VisitError(f"{self.name} has no {kind} {label!r}")
        return found

    async def _run(self, fragment: str = "") -> Page:
        """Request a run with the current widgets, and process messages until it has finished.

        Parameters
        ----------
        fragment
            Id of the part of the page that is to run; empty for all of it.
        """
        request = BackMsg()
        request.rerun_script.fragment_id = fragment
        request.rerun_script.page_name = self.name
        request.rerun_script.query_string = self.query
        request.rerun_script.context_info.url = f"{SITE}/{self.name}"
        request.rerun_script.context_info.color_scheme = "light"
        request.rerun_script.widget_states.widgets.extend(self._widgets.values())
        request.rerun_script.cached_message_hashes.extend(self._cached)
        start, before = perf_counter(), self._counted()
        await self._line.send(request.SerializeToString())
        self.page = replace(self.page) if fragment else Page()
        await self._receive("script_finished")
        self._forget()
        self.page.seconds = perf_counter() - start
        self.page.plain, self.page.packed = (after - was for after, was in zip(self._counted(), before, strict=True))
        self.page.link = f"{SITE}/{self.name}?{self.query}"
        self._take_over()
        if self.page.errors:
            raise VisitError(f"{self.name}?{self.query} shows an error: {self.page.errors[0]}")
        return self.page

    def _counted(self) -> tuple[int, int]:
        assert isinstance(self._line, _Counted)
        return self._line.plain, self._line.packed

    async def _receive(self, kind: str) -> ForwardMsg:
        """The next message of `kind`; those before it are processed. An interrupted run does not count as finished."""
        while True:
            raw = await asyncio.wait_for(self._line.recv(decode=False), PATIENCE)
            if self._heard:
                self._heard(raw)
            assert isinstance(self._line, _Counted)
            self._line.plain += len(raw)
            message = self._complete(ForwardMsg.FromString(raw))
            self._take_in(message)
            early = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
            if message.WhichOneof("type") == kind and not (kind == "script_finished" and early):
                return message

    def _complete(self, message: ForwardMsg) -> ForwardMsg:
        """`message`, or the cached message of an earlier run that it references."""
        name = message.ref_hash or message.hash
        if message.ref_hash:
            complete = ForwardMsg()
            complete.CopyFrom(self._cached[name][0])
            complete.metadata.CopyFrom(message.metadata)
        elif message.metadata.cacheable:
            complete = message
        else:
            return message
        self._cached[name] = complete, self._runs
        return complete

    def _forget(self) -> None:
        """Drop cached messages that the last runs did not use."""
        self._runs += 1
        self._cached = {name: cached for name, cached in self._cached.items() if self._runs - cached[1] <= KEPT_FOR}

    def _take_in(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session = message.new_session.initialize.session_id
            self._drop(message.metadata.run.fragment_ids)
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            path, element = tuple(message.metadata.delta_path), message.delta.new_element
            self.page.elements[path], self.page.fragments[path] = element, message.delta.fragment_id
            if element.WhichOneof("type") in CHANGED:
                self._fragments[getattr(element, str(element.WhichOneof("type"))).id] = message.delta.fragment_id

    def _drop(self, fragments: Collection[str]) -> None:
        """Drop what is about to be sent again: what is in `fragments`, or all if none is named."""
        for path in [path for path, name in self.page.fragments.items() if not fragments or name in fragments]:
            del self.page.elements[path], self.page.fragments[path]

    def _take_over(self) -> None:
        """Set the widgets to the values sent by the server, as a browser does."""
        for box in self.page.of_kind("selectbox"):
            if box.set_value:
                self._widgets[box.id] = WidgetState(id=box.id, string_value=box.raw_value)
            elif box.id not in self._widgets and box.options:
                self._widgets[box.id] = WidgetState(id=box.id, string_value=box.options[box.default])
        for toggle in self.page.of_kind("checkbox"):
            if toggle.set_value or toggle.id not in self._widgets:
                value = toggle.value if toggle.set_value else toggle.default
                self._widgets[toggle.id] = WidgetState(id=toggle.id, bool_value=value)


class _Counted(ClientConnection):
    """A connection that counts the bytes received."""

    plain = packed = 0

    def data_received(self, data: bytes) -> None:
        self.packed += len(data)
        super().data_received(data)


def _content(element: Element) -> bytes:
    """`element` as bytes that do not depend on the memory layout of a table."""
    kind = str(element.WhichOneof("type"))
    if kind not in ("dataframe", "table"):
        return bytes(element.SerializeToString(deterministic=True))
    rows = pa.ipc.open_stream(getattr(element, kind).arrow_data.data).read_all().to_pydict()
    return repr(rows).encode()


def _cookie_header(cookies: Mapping[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}


def _keep_cookies(cookies: dict[str, str], headers: Iterable[str]) -> None:
    """Add to `cookies` those of ``Set-Cookie`` `headers`."""
    for header in headers:
        name, _, value = header.split(";")[0].partition("=")
        cookies[name] = value
