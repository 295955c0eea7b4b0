from collections.abc import Iterator
from threading import Event, current_thread
from typing import Any

import pytest

from core.app.jobs import KEPT, QUEUED, Job, JobQueue
from core.tables.progress import Progress

SOON = 30


class Work:
    """A piece of work that waits until it is released."""

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
def queue() -> JobQueue:
    return JobQueue()


@pytest.fixture
def busy(queue: JobQueue) -> Iterator[Work]:
    """Work that blocks the queue until the test releases it, or ends."""
    work = Work("busy")
    queue.submit("busy", work)
    assert work.started.wait(SOON)
    yield work
    work.free.set()


def done(queue: JobQueue, key: str, result: Any = None) -> Job:
    """The job of work that was released at once, after it has finished or failed."""
    work = Work(result)
    work.free.set()
    job = queue.submit(key, work)
    assert job is not None
    job.result.exception(SOON)
    return job


def test_job_with_finished_work_has_result_and_full_share(queue: JobQueue, busy: Work) -> None:
    job = queue.find("busy")
    assert job is not None
    busy.free.set()
    assert job.result.result(SOON) == "busy"
    assert job.done
    assert job.share == 1.0


def test_job_while_running_is_not_done(queue: JobQueue, busy: Work) -> None:
    job = queue.find("busy")
    assert job is not None
    assert not job.done
    assert not busy.free.is_set()


def test_submit_with_known_key_returns_same_job(queue: JobQueue, busy: Work) -> None:
    job = queue.find("busy")
    again = Work("other")
    assert queue.submit("busy", again) is job
    busy.free.set()
    assert job is not None
    job.result.result(SOON)
    assert queue.submit("busy", again) is job
    assert (busy.calls, again.calls) == (1, 0)


def test_find_with_unknown_key_returns_none(queue: JobQueue) -> None:
    assert queue.find("nothing") is None


def test_submit_after_failed_job_starts_new_job(queue: JobQueue) -> None:
    failed = done(queue, "a", ValueError("no such figures"))
    assert failed.done
    assert str(failed.result.exception()) == "no such figures"
    assert queue.find("a") is failed
    again = done(queue, "a", 3)
    assert again is not failed
    assert again.result.result() == 3
    assert queue.find("a") is again


def test_submit_after_failure_runs_job_of_another_key(queue: JobQueue) -> None:
    done(queue, "a", ValueError("wrong"))
    assert done(queue, "b", 2).result.result() == 2


def test_job_queue_retains_only_latest_results(queue: JobQueue) -> None:
    for number in range(KEPT + 5):
        done(queue, f"{number}", number)
    found = [job.result.result() for number in range(KEPT + 5) if (job := queue.find(f"{number}"))]
    assert found == list(range(5, KEPT + 5))


def test_job_queue_never_drops_waiting_jobs(queue: JobQueue) -> None:
    for number in range(KEPT):
        done(queue, f"{number}")
    held = Work()
    waiting = [queue.submit(f"new {number}", held) for number in range(QUEUED)]
    assert [queue.find(f"new {number}") for number in range(QUEUED)] == waiting
    assert sum(queue.find(f"{number}") is not None for number in range(KEPT)) == KEPT - QUEUED
    held.free.set()
    for job in waiting:
        assert job is not None
        job.result.result(SOON)


def test_submit_with_full_queue_returns_none(queue: JobQueue, busy: Work) -> None:
    rest = Work("rest")
    jobs = [queue.submit(number, rest) for number in range(QUEUED - 1)]
    assert all(jobs)
    refused = Work()
    assert queue.submit("too much", refused) is None
    assert queue.find("too much") is None
    assert queue.submit(0, refused) is jobs[0]
    busy.free.set()
    rest.free.set()
    for job in jobs:
        assert job is not None
        assert job.result.result(SOON) == "rest"
    assert done(queue, "too much", "later").result.result() == "later"
    assert refused.calls == 0


def test_job_queue_runs_jobs_one_at_a_time_in_one_thread(queue: JobQueue, busy: Work) -> None:
    def note(_: Progress) -> str:
        order.append(len(order))
        return current_thread().name

    order: list[int] = []
    jobs = [queue.submit(number, note) for number in range(QUEUED - 1)]
    assert not order
    busy.free.set()
    names = {job.result.result(SOON) for job in jobs if job}
    assert order == list(range(QUEUED - 1))
    assert len(names) == 1
    assert current_thread().name not in names
