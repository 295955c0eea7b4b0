"""The app driven as a visitor drives it, without a browser."""

import html
import re
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
from streamlit.testing.v1 import AppTest

from core.app import lazy
from core.questions.links import to_query

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

ROOT = Path(__file__).parents[2]
ENTRY = ROOT / "streamlit_app.py"
SITE = "https://figures.example/app"
PATIENCE = 120
# Pages without a layer for analysts, and the view of the others that has everything.
ONE_LAYER = ("home", "data", "glossary", "published_claims")
WHOLE = {"layer": "analysts", "tab": "everything"}
KINDS = ("selectbox", "select_slider", "slider", "toggle", "multiselect", "segmented_control", "pills")


class Visit:
    """One visit to the app, to a `summary` or to everything on one page; `at` is the page it is on.

    Popovers and expanders are all open, unless the visitor opens none of them (`closed`).
    """

    def __init__(
        self, page: str, query: Mapping[str, str] | None = None, *, summary: bool = False, closed: bool = False
    ) -> None:
        self.at = AppTest.from_file(ENTRY, default_timeout=PATIENCE)
        self._closed = closed
        self.page = page
        self.go(page, query or ({} if summary or page in ONE_LAYER else WHOLE))

    def go(self, page: str, query: Mapping[str, str] | None = None) -> "Visit":
        """Go to `page`, as a link in the app does: with no query but the link's own."""
        self.page = page
        self.at.context = {"url": f"{SITE}/{page}", "theme": "light"}
        self.at.query_params = dict(query or {})
        self.at.switch_page(f"pages/{page}.py")
        return self.run()

    def run(self) -> "Visit":
        with nullcontext() if self._closed else patch.object(lazy, "is_open", lambda _part: True):
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
        """The table on the page that has `columns`; shown in two places, it is the same in both."""
        first, *others = [item.value for item in self.at.dataframe if set(columns) <= set(item.value.columns)]
        assert all(first.equals(other) for other in others), f"different tables have {', '.join(columns)}"
        return first

    @property
    def refusals(self) -> list[str]:
        """What the page says about a model that cannot be fitted."""
        return [item.value for item in self.at.warning if "last model that could be fitted" in item.value]

    @property
    def query(self) -> dict[str, str]:
        return dict(self.at.query_params)

    @property
    def texts(self) -> list[str]:
        """What the page sets as HTML of its own."""
        elements: list[Any] = list(self.at.main.get("html"))
        return [element.value for element in elements]

    @property
    def pictures(self) -> list[Any]:
        """Charts and maps, as they are sent to the browser."""
        elements: list[Any] = [*self.at.get("vega_lite_chart"), *self.at.get("deck_gl_json_chart")]
        return [element.proto for element in elements]

    @property
    def answer(self) -> str:
        """The sentence at the top, as text."""
        tag = re.compile(r"<[^>]+>")
        (sentence,) = [tag.sub("", text) for text in self.texts if "font-size:1.3rem" in text]
        return html.unescape(sentence)

    @property
    def linked(self) -> dict[str, str]:
        """Query of the address that the page offers to copy."""
        (link,) = [item.value for item in self.at.code if item.value.startswith(SITE)]
        address = urlsplit(link)
        assert f"{address.scheme}://{address.netloc}{address.path}" == f"{SITE}/{self.page}"
        return dict(parse_qsl(address.query, keep_blank_values=True, strict_parsing=True))

    def view(self, name: str) -> Any:
        """The view that the page remembers under the class name `name`."""
        return self.at.session_state[f"{self.page}.{name}"]

    def views(self) -> "dict[str, DataclassInstance]":
        """Every view that the page remembers, by class name."""
        stored = self.at.session_state.to_dict()
        return {
            type(view).__name__: view for key, view in stored.items() if key == f"{self.page}.{type(view).__name__}"
        }

    def agrees(self, *needed: str) -> "Visit":
        """Assert that the address holds all of the views `needed`, each as shown, and nothing that is not shown."""
        written = {name: to_query(view) for name, view in self.views().items()}
        names = [field for fields in written.values() for field in fields]
        assert len(names) == len(set(names)), "two views of one page write the same name into the link"
        statement = {"v": "1"} | {field: text for fields in written.values() for field, text in fields.items()}
        assert self.query == {field: statement[field] for field in self.query}
        assert {field for name in needed for field in written[name]} <= set(self.query)
        assert self.linked == self.query
        return self
