"""A server that misbehaves, and a clock that does not wait."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.build.addresses import FORCE, Published
from core.build.download import Line, Patience
from tests.build.download.server import Publisher, publisher

PAGE = "https://data.example/dataset/use-of-force"
SETTINGS = Path("my-downloads.toml")
# The server answers at once or is made to be silent: that is seen soon enough.
IMPATIENT = Patience(connecting=5, silence=5)


@dataclass
class Clock:
    """Time that passes only by sleeping."""

    now: float = 0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def line(self, patience: Patience = IMPATIENT) -> Line:
        return Line(patience, self.sleep, lambda: self.now)


@pytest.fixture
def server() -> Iterator[Publisher]:
    with publisher() as told:
        yield told


@pytest.fixture
def clock() -> Clock:
    return Clock()


def published(address: str, name: str = "FY17-18.xlsx", sha256: str = "") -> Published:
    return Published(FORCE, address, name, PAGE, SETTINGS, sha256)
