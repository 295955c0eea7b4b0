"""What is set aside from garbage collection: once for each page, and nothing of visitors who upload figures."""

import gc
from threading import Event

import pytest

from core.app import user_panel
from core.app.runtime import gc_freeze
from core.user_panel.read import read_table_file
from tests.pages.visiting import Visit


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """When memory was set aside, in a process where nobody has uploaded anything yet."""
    times: list[int] = []
    monkeypatch.setattr(gc, "freeze", lambda: times.append(len(times)))
    monkeypatch.setattr(gc_freeze, "_disabled", Event())
    monkeypatch.setattr(gc_freeze, "_pages", set())
    return times


def test_freeze_runs_once_for_each_page(frozen: list[int]) -> None:
    visit = Visit("glossary")
    assert len(frozen) == 1
    visit.run()
    Visit("glossary")
    assert len(frozen) == 1
    visit.go("home")
    assert len(frozen) == 2


def test_freeze_after_upload_does_nothing(frozen: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("streamlit.session_state", {})
        user_panel.hold(read_table_file("panel.csv", b"area,year,trust\na,2001,1\na,2002,2\nb,2001,3\nb,2002,5\n"))
    gc_freeze.freeze("home")
    assert frozen == []
