from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.app import downloads

pytest.register_assert_rewrite("tests.pages.visiting")

Makers = dict[str, Callable[[], bytes]]


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Makers:
    """What makes each file that pages have offered since, by file name.

    Files are made in a thread without the visit's session, as Streamlit makes them once a visitor asks for them.
    """
    makers: Makers = {}
    asked_for = ThreadPoolExecutor(1)
    draw = downloads.button

    def noting(label: str, make: Callable[[], bytes], file: str, kind: str, *icon: str, **named: str) -> None:
        makers[file] = lambda: asked_for.submit(make).result()
        draw(label, make, file, kind, *icon, **named)

    monkeypatch.setattr(downloads, "button", noting)
    return makers
