"""Logs with none of a visitor's data.

The message of an exception may quote what a visitor uploaded: "could not convert string to float: 'J. Smith'". A log
record therefore tells an exception by its kind and by where it was raised, and keeps the message of those alone that
name nothing but the app's own files.
"""

import logging
import traceback
from collections.abc import Iterator
from itertools import islice
from typing import Any

from core.tables.catalogue import CatalogueError

ABOUT_THE_APP = (CatalogueError, ImportError, FileNotFoundError, PermissionError)
MOST_CAUSES = 10


def enable() -> None:
    """Make every log record of this process leave out what visitors uploaded (again and again does no harm)."""
    logging.setLogRecordFactory(_record)


def _record(*arguments: Any, **named: Any) -> logging.LogRecord:
    record = logging.LogRecord(*arguments, **named)
    if record.exc_info and record.exc_info[1]:
        record.exc_text = _trace(record.exc_info[1])  # what formatters then take instead of formatting it themselves
    record.msg = _written(record.msg)
    if isinstance(record.args, tuple):
        record.args = tuple(map(_written, record.args))
    return record


def _written(part: Any) -> Any:
    """An exception by its kind; anything else as it is."""
    if not isinstance(part, BaseException):
        return part
    kind = f"{type(part).__module__}.{type(part).__qualname__}".removeprefix("builtins.")
    return f"{kind}: {part}" if isinstance(part, ABOUT_THE_APP) else f"{kind} (its message is left out)"


def _trace(error: BaseException) -> str:
    """Where `error` and what led to it were raised, the first cause first."""
    causes = reversed(list(islice(_chain(error), MOST_CAUSES)))
    return "\nwhich led to\n".join("".join(traceback.format_tb(one.__traceback__)) + _written(one) for one in causes)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
