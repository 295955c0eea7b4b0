from collections.abc import Iterator
from threading import Event, current_thread
from typing import Any

import pytest

from core.app.jobs import KEPT, QUEUED, Job, JobQueue, Progress

SOON = 30


class Work:
    """A piece of work that waits until it is let go."""

    def __init__(self, result: Any = None) -> None:
        self.result = result
        self.started, self.free = Event(), Event()
        self.calls = 0

    def __call__(self, progress: Progress) -> Any:
        self.calls += 1
        self.started.set()
        progress(0.5)
        assert self.free.wait(SOON)
        progress(1.0)
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


@pytest.fixture
def desk() -> JobQueue:
    return JobQueue()


@pytest.fixture
def busy(desk: JobQueue) -> Iterator[Work]:
    """Work that holds the desk up until the test lets it go, or is over."""
    work = Work("busy")
    desk.submit("busy", work)
    assert work.started.wait(SOON)
    yield work
    work.free.set()


def done(desk: JobQueue, key: str, result: Any = None) -> Job:
    """The job of work that was let go at once, once it has come out or failed."""
    work = Work(result)
    work.free.set()
    job = desk.submit(key, work)
    assert job is not None
    job.result.exception(SOON)
    return job


def test_work_tells_how_far_it_is_and_what_came_out(desk: JobQueue, busy: Work) -> None:
    job = desk.find("busy")
    assert job is not None
    busy.free.set()
    assert job.result.result(SOON) == "busy"
    assert job.done
    assert job.share == 1.0


def test_a_job_is_not_done_while_it_runs(desk: JobQueue, busy: Work) -> None:
    job = desk.find("busy")
    assert job is not None
    assert not job.done
    assert not busy.free.is_set()


def test_the_same_key_is_the_same_job_while_it_runs_and_after(desk: JobQueue, busy: Work) -> None:
    job = desk.find("busy")
    again = Work("other")
    assert desk.submit("busy", again) is job
    busy.free.set()
    assert job is not None
    job.result.result(SOON)
    assert desk.submit("busy", again) is job
    assert (busy.calls, again.calls) == (1, 0)


def test_nothing_is_found_under_a_key_that_was_never_handed_in(desk: JobQueue) -> None:
    assert desk.find("nothing") is None


def test_an_error_is_told_and_the_work_can_be_asked_for_again(desk: JobQueue) -> None:
    failed = done(desk, "a", ValueError("no such figures"))
    assert failed.done
    assert str(failed.result.exception()) == "no such figures"
    assert desk.find("a") is failed
    again = done(desk, "a", 3)
    assert again is not failed
    assert again.result.result() == 3
    assert desk.find("a") is again


def test_one_failure_does_not_stop_what_comes_after(desk: JobQueue) -> None:
    done(desk, "a", ValueError("wrong"))
    assert done(desk, "b", 2).result.result() == 2


def test_only_the_last_results_are_kept(desk: JobQueue) -> None:
    for number in range(KEPT + 5):
        done(desk, f"{number}", number)
    found = [job.result.result() for number in range(KEPT + 5) if (job := desk.find(f"{number}"))]
    assert found == list(range(5, KEPT + 5))


def test_what_is_waiting_is_never_forgotten(desk: JobQueue) -> None:
    for number in range(KEPT):
        done(desk, f"{number}")
    held = Work()
    waiting = [desk.submit(f"new {number}", held) for number in range(QUEUED)]
    assert [desk.find(f"new {number}") for number in range(QUEUED)] == waiting
    assert sum(desk.find(f"{number}") is not None for number in range(KEPT)) == KEPT - QUEUED
    held.free.set()
    for job in waiting:
        assert job is not None
        job.result.result(SOON)


def test_work_is_refused_while_too_much_is_waiting(desk: JobQueue, busy: Work) -> None:
    rest = Work("rest")
    jobs = [desk.submit(number, rest) for number in range(QUEUED - 1)]
    assert all(jobs)
    refused = Work()
    assert desk.submit("too much", refused) is None
    assert desk.find("too much") is None
    assert desk.submit(0, refused) is jobs[0]
    busy.free.set()
    rest.free.set()
    for job in jobs:
        assert job is not None
        assert job.result.result(SOON) == "rest"
    assert done(desk, "too much", "later").result.result() == "later"
    assert refused.calls == 0


def test_one_thread_does_one_piece_of_work_at_a_time(desk: JobQueue, busy: Work) -> None:
    def note(_: Progress) -> str:
        order.append(len(order))
        return current_thread().name

    order: list[int] = []
    jobs = [desk.submit(number, note) for number in range(QUEUED - 1)]
    assert not order
    busy.free.set()
    names = {job.result.result(SOON) for job in jobs if job}
    assert order == list(range(QUEUED - 1))
    assert len(names) == 1
    assert current_thread().name not in names
