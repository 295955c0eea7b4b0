"""Messages leave at once: connections of the server's kind, taken before and after, have the option set."""

import socket
from collections.abc import Iterator

import pytest

from core.app.runtime import tcp_nodelay
from tests.pages.visiting import Visit


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """A socket made as Streamlit makes its own; the option is asked for by the first page of the process."""
    tcp_nodelay.enable.clear()
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server


def accepted(server: socket.socket) -> tuple[socket.socket, socket.socket]:
    visitor = socket.create_connection(server.getsockname())
    return server.accept()[0], visitor


def at_once(line: socket.socket) -> bool:
    return bool(line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))


def test_enable_sets_nodelay_on_existing_and_later_connections(listening: socket.socket) -> None:
    first, visitor = accepted(listening)
    with first, visitor:
        assert not at_once(first)
        Visit("glossary")
        assert at_once(first)
        later, other = accepted(listening)
        with later, other:
            assert at_once(later)


@pytest.mark.usefixtures("listening")
def test_enable_leaves_other_sockets_and_files_unchanged() -> None:
    one, other = socket.socketpair()
    with one, other:
        before = len(list(tcp_nodelay.DESCRIPTORS.iterdir()))
        tcp_nodelay.enable()
        assert len(list(tcp_nodelay.DESCRIPTORS.iterdir())) == before
        one.sendall(b"still there")
        assert other.recv(11) == b"still there"


def test_enable_without_listed_descriptors_does_nothing(
    monkeypatch: pytest.MonkeyPatch, listening: socket.socket
) -> None:
    monkeypatch.setattr(tcp_nodelay, "DESCRIPTORS", tcp_nodelay.DESCRIPTORS / "none")
    tcp_nodelay.enable()
    assert not at_once(listening)
