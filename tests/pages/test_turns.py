"""Pages take turns: never more than so many run at once, all get their turn, and one that fails gives it back."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.testing.v1 import AppTest

from core.app import navigation, turns
from tests.pages.visiting import ENTRY, PATIENCE, Visit


class Crowd:
    """Counts who runs at the same time; each goes on when as many are there as may be, or nobody else can come."""

    def __init__(self) -> None:
        self.running, self.most = 0, 0
        self._lock, self._full = threading.Lock(), threading.Barrier(turns.AT_ONCE)

    def run(self) -> None:
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
        self._full.wait(PATIENCE)
        with self._lock:
            self.running -= 1


class _Page:
    url_path = "glossary"

    def __init__(self, crowd: Crowd) -> None:
        self.run = crowd.run


def test_so_many_pages_run_at_once_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = Crowd()
    monkeypatch.setattr(navigation, "_navigation", lambda: _Page(crowd))
    visitors = 4 * turns.AT_ONCE
    with ThreadPoolExecutor(visitors) as pool:
        tests = [AppTest.from_file(ENTRY, default_timeout=PATIENCE) for _ in range(visitors)]
        found = list(pool.map(lambda test: test.run(), tests))
    assert not [test.exception for test in found if test.exception]
    assert crowd.most == turns.AT_ONCE


def test_a_page_that_fails_or_is_left_gives_its_turn_back() -> None:
    for _ in range(turns.AT_ONCE + 1):
        Visit("home").at.switch_page("pages/glossary.py").run()
        with pytest.raises(ZeroDivisionError), turns.turn:
            raise ZeroDivisionError
    free = [turns.turn.acquire(blocking=False) for _ in range(turns.AT_ONCE + 1)]
    for _ in range(sum(free)):
        turns.turn.release()
    assert free == [True] * turns.AT_ONCE + [False]
