"""A server that misbehaves, and a transport that reaches it and does not wait between tries."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.build.download.addresses import FORCE, PublishedFile
from core.build.download.fetch import RETRY, Transport
from tests.build.download.server import SITE, LoopbackAdapter, Publisher, running_publisher

PAGE = "https://data.example/dataset/use-of-force"
SETTINGS = Path("my-downloads.toml")


@pytest.fixture
def server() -> Iterator[Publisher]:
    with running_publisher() as publisher:
        yield publisher


@pytest.fixture
def transport(server: Publisher) -> Transport:
    retry = RETRY.new(backoff_factor=0)
    transport = Transport(retry, read_timeout=0.3)
    transport.trust_env = False
    adapter = LoopbackAdapter(max_retries=retry)
    adapter.publisher = server
    transport.mount(SITE, adapter)
    return transport


def published(address: str, name: str = "FY17-18.xlsx", kind: str = FORCE) -> PublishedFile:
    return PublishedFile(kind, PAGE, SETTINGS, address, name)
