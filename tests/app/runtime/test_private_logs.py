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


def test_log_of_failed_page_has_location_and_no_cell_values() -> None:
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


def test_log_record_with_exception_argument_names_only_its_type(
    logger: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    logger.warning("Not sent: %s, %d times", ValueError(CELL), 3)
    logger.warning(OSError(CELL))
    assert caplog.messages == [
        "Not sent: ValueError (its message is left out), 3 times",
        "OSError (its message is left out)",
    ]


def test_log_of_catalogue_error_includes_its_message(logger: logging.Logger, caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise CatalogueError("survey.csv cannot be read")
    except CatalogueError:
        logger.exception("A page failed")
    assert "core.tables.catalogue.CatalogueError: survey.csv cannot be read" in caplog.text


def test_log_of_long_exception_chain_stops_at_ten(logger: logging.Logger, caplog: pytest.LogCaptureFixture) -> None:
    error: Exception = ValueError(CELL)
    for _ in range(50):
        above = RuntimeError(CELL)
        above.__cause__, error = error, above
    logger.warning("Failed", exc_info=error)
    assert caplog.text.count("RuntimeError") == 10
    assert CELL not in caplog.text
