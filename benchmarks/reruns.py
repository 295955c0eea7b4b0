"""Reruns: how long a page's script takes after a visitor has changed something on it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from benchmarks.measuring import Row, seconds
from core.app.navigation import PAGES
from tests.conftest import ROOT

RERUN_MS = 250
CHANGES = 20
PATIENCE = 60


def measure() -> list[Row]:
    """Milliseconds of a warm rerun, each with a choice not yet made before: median and 95th percentile by page."""
    return [row for entry in PAGES for row in _rows(entry.name)]


def _rows(page: str) -> list[Row]:
    times = np.array(list(_reruns(page))) * 1000
    middle, high = np.percentile(times, [50, 95])
    return [
        Row(f"{page}: rerun after a change, median of {len(times)}", float(middle), "ms"),
        Row(f"{page}: rerun after a change, 95th percentile", float(high), "ms", most=RERUN_MS),
    ]


def _reruns(page: str) -> Iterator[float]:
    app = AppTest.from_file(ROOT / "streamlit_app.py", default_timeout=PATIENCE).run()
    app.switch_page(f"pages/{page}.py").run()
    for turn in range(CHANGES):
        _change(app, turn)
        yield seconds(app.run)
        assert not app.exception, f"{page} failed: {app.exception}"


def _change(app: AppTest, turn: int) -> None:
    """Move one of the page's widgets, each in its turn; a page without any is run again as it is."""
    boxes: list[Any] = [box for box in app.selectbox if len(box.options) > 1]
    widgets = [*boxes, *app.toggle]
    if not widgets:
        return
    widget = widgets[turn % len(widgets)]
    if widget in boxes:
        widget.select_index((widget.index + 1) % len(widget.options))
    else:
        widget.set_value(not widget.value)
