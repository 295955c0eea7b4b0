"""Work that takes longer than a visitor should wait: done next to the page, one piece at a time for all visitors.

A page asks for the work on a button and stays usable; what comes out is kept for whoever asks for the same again.
"""

from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any

import streamlit as st

from core.tables.progress import Progress

KEPT = 12
QUEUED = 6
LOOK_EVERY = 0.5  # seconds between two looks at the progress


@dataclass(eq=False)
class Job:
    """One piece of work: the share of it that is done, and what comes out."""

    result: Future[Any] = field(default_factory=Future)
    share: float = 0.0

    @property
    def done(self) -> bool:
        """Whether it has come out, or failed."""
        return self.result.done()

    def set_progress(self, share: float) -> None:
        """Note how much is done (0 to 1)."""
        self.share = share


class JobQueue:
    """Where work is submitted: one thread does it, few pieces wait, few results are kept."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="job")
        self._jobs: dict[Hashable, Job] = {}
        self._lock = Lock()

    def find(self, key: Hashable) -> Job | None:
        """The job of that key, if it is running, waiting or kept."""
        return self._jobs.get(key)

    def submit(self, key: Hashable, work: Callable[[Progress], Any]) -> Job | None:
        """Start `work`, or find it where it was submitted before; ``None`` where too much is waiting."""
        with self._lock:
            found = self._jobs.get(key)
            if found is not None and not (found.done and found.result.exception()):
                return found
            if sum(not job.done for job in self._jobs.values()) >= QUEUED:
                return None
            job = Job()
            self._jobs[key] = job
            self._forget()
        self._thread.submit(_do, job, work)
        return job

    def _forget(self) -> None:
        """Drop the oldest results beyond those that are kept."""
        finished = [key for key, job in self._jobs.items() if job.done]
        for key in finished[: max(0, len(self._jobs) - KEPT)]:
            del self._jobs[key]


def _do(job: Job, work: Callable[[Progress], Any]) -> None:
    try:
        job.result.set_result(work(job.set_progress))
    except Exception as error:
        job.result.set_exception(error)


@st.cache_resource(show_spinner=False)
def job_queue() -> JobQueue:
    """The desk of all visitors."""
    return JobQueue()


def background_job(key: Hashable, label: str, help_: str, work: Callable[[Progress], Any], name: str) -> Any:
    """A button that starts `work`, a bar while it runs, and its result once there is one; ``None`` until then.

    Parameters
    ----------
    key
        What the result depends on: pieces of work with the same key are the same.
    label, help_
        Words of the button.
    work
        Called with a function that takes the share done.
    name
        Name of the button among the page's widgets.
    """
    asked = st.session_state.setdefault(f"{name}.asked", set())
    job = job_queue().find(key) if key in asked else None
    if job and not job.done:
        _progress_fragment(job)
        return None
    error = job.result.exception() if job else None
    if job and not error:
        return job.result.result()
    ask = partial(_submit, key, work, name)
    st.button(label, key=name, help=help_, icon=":material/play_arrow:", on_click=ask)
    if st.session_state.pop(f"{name}.refused", False):
        st.info("Others are having something worked out just now. Try again in a minute.")
    elif error:
        st.warning(f"This could not be worked out. {error}")
    return None


def _submit(key: Hashable, work: Callable[[Progress], Any], name: str) -> None:
    """Submit the work for this visitor, or note that too much is waiting."""
    if job_queue().submit(key, work):
        st.session_state[f"{name}.asked"].add(key)
    else:
        st.session_state[f"{name}.refused"] = True


@st.fragment(run_every=LOOK_EVERY)
def _progress_fragment(job: Job) -> None:
    """The progress of `job`; the page is shown again once it is done."""
    st.progress(min(job.share, 1.0), text="Running. You can keep reading.")
    if job.done:
        st.rerun()
