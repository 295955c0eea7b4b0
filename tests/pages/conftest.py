from collections.abc import Callable

import pytest

from core.app import downloads

pytest.register_assert_rewrite("tests.pages.visiting")

Makers = dict[str, Callable[[], bytes]]


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Makers:
    """What makes each file that pages have offered since, by file name."""
    makers: Makers = {}
    draw = downloads.button

    def noting(label: str, make: Callable[[], bytes], file: str, kind: str, *icon: str, **named: str) -> None:
        makers[file] = make
        draw(label, make, file, kind, *icon, **named)

    monkeypatch.setattr(downloads, "button", noting)
    return makers
