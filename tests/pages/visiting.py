"""The app driven as a visitor drives it, without a browser."""

import html
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
from streamlit.testing.v1 import AppTest

from core.links import to_query

ROOT = Path(__file__).parents[2]
ENTRY = ROOT / "streamlit_app.py"
SITE = "https://figures.example/app"
PATIENCE = 120
KINDS = ("selectbox", "select_slider", "slider", "toggle", "multiselect", "segmented_control")


class Visit:
    """One visit to the app; `at` is the page it is on."""

    def __init__(self, page: str, query: Mapping[str, str] | None = None) -> None:
        self.at = AppTest.from_file(ENTRY, default_timeout=PATIENCE)
        self.page = page
        self.go(page, query)

    def go(self, page: str, query: Mapping[str, str] | None = None) -> "Visit":
        """Go to `page`, as a link in the app does: with no query but the link's own."""
        self.page = page
        self.at.context = {"url": f"{SITE}/{page}", "theme": "light"}
        self.at.query_params = dict(query or {})
        self.at.switch_page(f"pages/{page}.py")
        return self.run()

    def run(self) -> "Visit":
        self.at.run()
        assert not self.at.exception, self.at.exception[0].value
        assert not self.at.error
        return self

    def widget(self, name: str) -> Any:
        """The widget for `name`, whatever its kind."""
        key = f"{self.page}.{name}"
        found = [widget for kind in KINDS for widget in getattr(self.at, kind) if widget.key == key]
        assert len(found) == 1, f"{len(found)} widgets for {key}"
        return found[0]

    def has(self, name: str) -> bool:
        return any(widget.key == f"{self.page}.{name}" for kind in KINDS for widget in getattr(self.at, kind))

    def set(self, **choices: Any) -> "Visit":
        """Set widgets at once, then let the page run."""
        for name, value in choices.items():
            self.widget(name).set_value(value)
        return self.run()

    def value(self, name: str) -> Any:
        return self.widget(name).value

    def table(self, *columns: str) -> pd.DataFrame:
        """The one table on the page that has `columns`."""
        (rows,) = [item.value for item in self.at.dataframe if set(columns) <= set(item.value.columns)]
        return rows

    @property
    def refusals(self) -> list[str]:
        """What the page says about a model that cannot be fitted."""
        return [item.value for item in self.at.warning if "last model that could be fitted" in item.value]

    @property
    def query(self) -> dict[str, str]:
        return dict(self.at.query_params)

    @property
    def answer(self) -> str:
        """The sentence at the top, as text."""
        tag = re.compile(r"<[^>]+>")
        (sentence,) = [tag.sub("", item.value) for item in self.at.get("html") if "font-size:1.3rem" in item.value]
        return html.unescape(sentence)

    @property
    def linked(self) -> dict[str, str]:
        """Query of the address that the page offers to copy."""
        address = urlsplit(self.at.code[-1].value)
        assert f"{address.scheme}://{address.netloc}{address.path}" == f"{SITE}/{self.page}"
        return dict(parse_qsl(address.query, keep_blank_values=True, strict_parsing=True))

    def view(self, name: str) -> Any:
        """The view that the page remembers under the class name `name`."""
        return self.at.session_state[f"{self.page}.{name}"]

    def agrees(self, *views: str) -> "Visit":
        """Assert that address and copied link are `to_query` of the views shown."""
        expected = {"v": "1"}
        for name in views:
            expected |= to_query(self.view(name))
        assert self.query == expected
        assert self.linked == expected
        return self
