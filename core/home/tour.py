"""The guided tour: a few views, each with what to look at there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.london.amount.question import LONDON_AMOUNT
from core.questions.links import to_query
from core.questions.question import AS_PUBLISHED, RECOMMENDED


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


def _model(preset: str) -> dict[str, str]:
    return to_query(LONDON_AMOUNT.presets[preset])


STOPS = (
    Stop(
        LONDON_AMOUNT.page,
        "What the study said",
        "This is the study's own model on its own figures. The large sentence under the title is its answer, to the "
        "digit.",
        _model(AS_PUBLISHED),
    ),
    Stop(
        LONDON_AMOUNT.page,
        "The same question, asked properly",
        "Now each borough is compared with itself, and what happened in all of London is taken out. Read the answer "
        "again. The first chart shows which step moves it, and “How sure are we?” how far to trust it.",
        _model(RECOMMENDED),
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
        "A forecast is worth something only if it beats saying “no change”. The sentence under the title says by how "
        "much this one does, and how sure that is.",
    ),
    Stop(
        "published_claims",
        "What is left of it",
        "Every number that the two studies published, worked out again, with a verdict and its reason. Choose a topic "
        "or a verdict to see fewer.",
    ),
    Stop(
        "crime_deprivation",
        "Take it with you",
        "The second study's first question. The end of each page has its figures, the code, a link that brings back "
        "the same view, and a briefing to print.",
    ),
)
