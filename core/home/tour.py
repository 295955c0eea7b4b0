"""The guided tour: a few views, each with what to look at there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.london.amount.question import LONDON_AMOUNT
from core.questions.links import LINK_VERSION, to_query
from core.questions.question import AS_PUBLISHED


@dataclass(frozen=True)
class Stop:
    """One view on the tour.

    Parameters
    ----------
    page, query
        The view.
    title, text
        What it is about, and what to look at.
    """

    page: str
    title: str
    text: str
    query: Mapping[str, str] = field(default_factory=dict)


STOPS = (
    Stop(
        LONDON_AMOUNT.page,
        "What we find",
        "The sentence under the title is the answer. The label below it says how firm the answer is, and the box "
        "further down what you can say and what you cannot.",
        {"v": LINK_VERSION, "layer": "summary"},
    ),
    Stop(
        LONDON_AMOUNT.page,
        "What the study said",
        "This is the study's own model on the same data. It finds a link, which does not survive a stronger test: "
        "the tab “Evidence” shows which step makes the difference.",
        to_query(LONDON_AMOUNT.presets[AS_PUBLISHED]),
    ),
    Stop(
        "london_map",
        "Your borough",
        "Click a borough, or choose it from the list: its figures appear below the map. The quarter and the measure "
        "can be changed too.",
    ),
    Stop(
        "london_forecast",
        "What comes next",
        "A forecast is worth something only if it beats assuming no change. The page says by how much this one does.",
    ),
    Stop(
        "published_claims",
        "What stands up",
        "Every number that the two studies published, checked, with a verdict and its reason. Choose a row of the "
        "table to see how it was checked.",
    ),
    Stop(
        "crime_deprivation",
        "Download and share",
        "The second study's first question. Each page has its data, the code, a link that brings back the same view, "
        "and a briefing to print.",
    ),
)
