"""Page slots: no more than a fixed number of pages run at once, all get a slot, and one that fails frees its slot."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from core.app import navigation
from core.app.runtime import concurrency
from tests.pages.visiting import PATIENCE, Visit


class Crowd:
    """A page that counts its simultaneous runs, and ends once as many are running as may."""

    url_path, title = "crowded", "Crowd"

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


def test_page_slots_limit_pages_running_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd, visitors = Crowd(), 4 * concurrency.AT_ONCE
    monkeypatch.setattr(navigation, "_frame", lambda: None)
    monkeypatch.setattr(navigation, "_navigation", lambda: crowd)
    monkeypatch.setattr(navigation, "st", SimpleNamespace(session_state={}, set_page_config=lambda **_: None))
    monkeypatch.setattr(navigation, "tour", SimpleNamespace(line=lambda *_: None))
    monkeypatch.setattr(navigation, "gc_freeze", SimpleNamespace(freeze=lambda _: None))
    with ThreadPoolExecutor(visitors) as pool:
        for visit in [pool.submit(navigation.run) for _ in range(visitors)]:
            visit.result()
    assert crowd.most == concurrency.AT_ONCE


def test_page_slots_after_error_or_page_switch_are_free_again() -> None:
    for _ in range(concurrency.AT_ONCE + 1):
        Visit("home").at.switch_page("pages/glossary.py").run()
        with pytest.raises(ZeroDivisionError), concurrency.page_slots:
            raise ZeroDivisionError
    free = [concurrency.page_slots.acquire(blocking=False) for _ in range(concurrency.AT_ONCE + 1)]
    for _ in range(sum(free)):
        concurrency.page_slots.release()
    assert free == [True] * concurrency.AT_ONCE + [False]
