"""A line on a terminal that says how much of a long command is done."""

from time import monotonic
from typing import TextIO

LEAST_SECONDS = 0.2


class ProgressLine:
    """Writes the share that is done over the line before; nothing where the output is not a terminal.

    Parameters
    ----------
    out
        Where to write, such as ``sys.stderr``.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._is_shown = out.isatty()
        self._started = self._last = monotonic()

    def __call__(self, share: float) -> None:
        """Show `share` (0 to 1), at most five times a second; the whole ends the line."""
        now = monotonic()
        is_done = share >= 1
        if not self._is_shown or (now - self._last < LEAST_SECONDS and not is_done):
            return
        self._last = now
        passed = now - self._started
        left = "" if is_done or not share else f", about {passed / share - passed:.0f} s left"
        # The line is cleared first: the one before may be longer.
        self._out.write(f"\r\x1b[KCounting: {share:.0%} of the files, {passed:.0f} s{left}" + "\n" * is_done)
        self._out.flush()
