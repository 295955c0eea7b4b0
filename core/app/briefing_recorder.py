"""What the page that runs has shown so far, for the briefing at its end.

Each function hands back what it notes, so that it is noted where it is shown: ``st.markdown(record.said(text))``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

from core.exports.briefing.content import HOW_SURE, METHOD, TOP, Listing, Part
from core.presentation.charts import Figure

_KEY = "record"
ESTIMATES = "The estimates of the model"


@dataclass(frozen=True)
class Picture:
    """A picture that can be taken away.

    Parameters
    ----------
    make
        Makes it.
    title
        What it shows.
    across
        How many of its charts stand next to each other.
    """

    make: Callable[[], Figure]
    title: str
    across: int = 1


@dataclass
class Recording:
    """What one run of one page has shown.

    Parameters
    ----------
    question, answer
        Title of the page and its answer; empty as long as there is none.
    parts
        Texts, figures and tables by their headings, in the order of the page.
    names
        Names of the tables in them.
    heading, headings
        The last heading, and all of them.
    contents
        Where the page lists its sections; nowhere on pages without a list.
    picture
        The first picture; none as long as there is none.
    """

    question: str = ""
    answer: str = ""
    parts: dict[str, list[Part]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    heading: str = TOP
    headings: list[str] = field(default_factory=list)
    contents: Any = None
    picture: Picture | None = None

    def add(self, part: Part, heading: str | None = None, name: str = "") -> None:
        """Note `part` under `heading`, or under the last one, and the `name` that its table has, if any."""
        self.parts.setdefault(self.heading if heading is None else heading, []).append(part)
        if name:
            self.names.add(name)


def begin() -> None:
    """Forget what was shown before (when a page begins)."""
    st.session_state[_KEY] = Recording()


def recorded() -> Recording:
    """What has been shown; the visit keeps nothing of it."""
    noted: Recording = st.session_state.pop(_KEY, None) or Recording()
    return noted


def end() -> None:
    """Keep nothing of what was shown (when a page ends)."""
    st.session_state.pop(_KEY, None)


def _recording() -> Recording:
    noted: Recording = st.session_state.setdefault(_KEY, Recording())
    return noted


def question(text: str) -> str:
    """The page's question."""
    _recording().question = text
    return text


def answer(sentence: str) -> str:
    """The page's answer."""
    _recording().answer = sentence
    return sentence


def heading(text: str) -> str:
    """The heading of what follows."""
    noted = _recording()
    noted.heading = text
    noted.headings.append(text)
    return text


def contents_at(slot: Any) -> None:
    """Where the page lists its sections once it knows them."""
    _recording().contents = slot


def contents() -> tuple[list[str], Any]:
    """The headings so far, and where to list them."""
    noted = _recording()
    return noted.headings, noted.contents


def text(marked: str) -> str:
    """Sentences in Markdown that a briefing needs too."""
    _recording().add(marked)
    return marked


def caveat(marked: str) -> str:
    """Sentences in Markdown that tell how sure the answer is."""
    _recording().add(marked, HOW_SURE)
    return marked


def method(marked: str) -> str:
    """Sentences in Markdown that tell how the figures were worked out."""
    _recording().add(marked, METHOD)
    return marked


def figure(picture: Picture, name: str = "") -> Picture:
    """A picture, that a briefing makes when it is made itself; its table is not noted once more under that `name`."""
    noted = _recording()
    noted.picture = noted.picture or picture
    noted.add(picture.make, name=name)
    return picture


def first_picture() -> Picture | None:
    """The first picture that the page has shown so far."""
    return _recording().picture


def table(rows: pd.DataFrame, name: str, digits: int = 3, title: str = "") -> pd.DataFrame:
    """A table, unless it is that of a picture or is noted already; without a `title` it has that of its section."""
    noted = _recording()
    if name not in noted.names:
        noted.add(Listing(rows, digits, title or noted.heading), name=name)
    return rows
