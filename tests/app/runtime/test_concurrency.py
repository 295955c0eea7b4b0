"""Pages take turns: never more than so many run at once, all get their turn, and one that fails gives it back."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from core.app import navigation
from core.app.runtime import concurrency
from tests.pages.visiting import PATIENCE, Visit


class Crowd:
    """A page that counts who runs it at the same time, and ends once as many are there as may be."""

    url_path = "crowded"

    def __init__(self) -> None:
        self.running, self.most = 0, 0
        self._lock, self._full = threading.Lock(), threading.Barrier(concurrency.AT_ONCE)

    def run(self) -> None:
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
        self._full.wait(PATIENCE)
        with self._lock:
            self.running -= 1


def test_so_many_pages_run_at_once_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd, visitors = Crowd(), 4 * concurrency.AT_ONCE
    monkeypatch.setattr(navigation, "_frame", lambda: None)
    monkeypatch.setattr(navigation, "_navigation", lambda: crowd)
    monkeypatch.setattr(navigation, "st", SimpleNamespace(session_state={}))
    monkeypatch.setattr(navigation, "tour", SimpleNamespace(line=lambda *_: None))
    monkeypatch.setattr(navigation, "aside", SimpleNamespace(set_aside=lambda _: None))
    with ThreadPoolExecutor(visitors) as pool:
        for visit in [pool.submit(navigation.run) for _ in range(visitors)]:
            visit.result()
    assert crowd.most == concurrency.AT_ONCE


def test_a_page_that_fails_or_is_left_gives_its_turn_back() -> None:
    for _ in range(concurrency.AT_ONCE + 1):
        Visit("home").at.switch_page("pages/glossary.py").run()
        with pytest.raises(ZeroDivisionError), concurrency.page_slots:
            raise ZeroDivisionError
    free = [concurrency.page_slots.acquire(blocking=False) for _ in range(concurrency.AT_ONCE + 1)]
    for _ in range(sum(free)):
        concurrency.page_slots.release()
    assert free == [True] * concurrency.AT_ONCE + [False]
