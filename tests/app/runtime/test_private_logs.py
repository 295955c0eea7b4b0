import logging
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from core.app.runtime.private_logs import enable
from core.tables.catalogue import CatalogueError
from tests.conftest import ROOT

CELL = "J. Smith, 12 High Street"
PAGE = """
import os
import pandas as pd
import streamlit as st
from core.app import navigation
navigation._frame()
cells = pd.Series([os.environ["CELL"]])
try:
    cells.astype(float)
except ValueError as error:
    raise KeyError(cells[0]) from error
"""


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    factory = logging.getLogRecordFactory()
    enable()
    yield logging.getLogger("tests.logs")
    logging.setLogRecordFactory(factory)


def test_a_page_that_fails_tells_the_log_where_and_not_what_was_in_the_file() -> None:
    code = (
        "from streamlit.testing.v1 import AppTest\n"
        f"at = AppTest.from_string({PAGE!r}, default_timeout=60).run()\n"
        "print([item.value for item in at.exception], len(at.exception))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"CELL": CELL},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip().endswith(" 1")
    assert "Uncaught app execution" in done.stderr
    assert "ValueError (its message is left out)\nwhich led to" in done.stderr
    assert "raise KeyError(cells[0]) from error\nKeyError (its message is left out)" in done.stderr
    assert "Smith" not in done.stderr + done.stdout


def test_an_exception_among_the_arguments_is_told_by_its_kind(
    logger: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    logger.warning("Not sent: %s, %d times", ValueError(CELL), 3)
    logger.warning(OSError(CELL))
    assert caplog.messages == [
        "Not sent: ValueError (its message is left out), 3 times",
        "OSError (its message is left out)",
    ]


def test_what_is_missing_of_the_app_is_named(logger: logging.Logger, caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise CatalogueError("survey.csv cannot be read")
    except CatalogueError:
        logger.exception("A page failed")
    assert "core.tables.catalogue.CatalogueError: survey.csv cannot be read" in caplog.text


def test_a_long_chain_of_causes_ends(logger: logging.Logger, caplog: pytest.LogCaptureFixture) -> None:
    error: Exception = ValueError(CELL)
    for _ in range(50):
        above = RuntimeError(CELL)
        above.__cause__, error = error, above
    logger.warning("Failed", exc_info=error)
    assert caplog.text.count("RuntimeError") == 10
    assert CELL not in caplog.text
