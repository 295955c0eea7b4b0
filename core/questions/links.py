"""A view as the query of a link, and back: every choice written out, so that a link keeps its meaning.

A view is a frozen dataclass (:class:`core.stats.regression.ModelSpec` or a page's own). A link carries
all its fields, defaults too: a later change of a default then does not change what an old link shows.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, replace
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar, get_args
from urllib.parse import urlencode, urlsplit, urlunsplit

from core.stats.regression.errors import listed

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    View = TypeVar("View", bound=DataclassInstance)
else:
    View = TypeVar("View")

LINK_VERSION = "1"
SEPARATOR = "|"
NOTHING = "none"
EVERYTHING = "all"
YES, NO = "yes", "no"
LONGEST_QUOTE = 60

# Choices of models, of their checks and of what is drawn from them, on every page that has models.
MODELS = frozenset(
    re.findall(
        r"\w+",
        """
        outcome response predictors form window lag controls effects trends differences squares moderator
        start end areas non_overlapping weights covariance cluster kernel kernel_lags distance
        absorbed forms held lags outcomes samples weighting windows
        after before compared events grouping margin percent repeated term where
        """,
    )
)
PLACES = frozenset({"borough", "place", "district", "lsoa"})
# The choices of each page besides which place and which layer it shows; pages of models alone have theirs.
CHOICES: Mapping[str, frozenset[str]] = {
    "borough": frozenset(),
    "neighbourhood": frozenset({"score", "residents", "nearest"}),
    "england": frozenset({"busiest", "crime_type", "errors", "fifths", "residents", "score", "weights"}),
    "london_ages": frozenset({"outcome", "form", "controls", "band", "recovered"}),
    "london_forecast": frozenset({"ahead", "measure", "method", "show"}),
    "london_map": frozenset({"events", "form", "kind", "quarter", "since", "variable"}),
    "crime_rates": frozenset({"crime_type", "figure", "mark", "population", "style"}),
    "crime_types": frozenset({"crime_type", "one", "other", "total"}),
    "crime_bicycle_theft": frozenset({"figure", "mark", "per", "style"}),
    "user_panel": MODELS
    | {"file", "area", "period", "one", "one_case", "population", "without_empty", "without_totals"},
    "published_claims": frozenset({"claim", "study", "topic", "verdict"}),
    "data": frozenset({"table"}),
    "glossary": frozenset({"term", "study"}),
}
# What the links of all pages hold: a page leaves another's choices alone, and names what is none of anybody's.
NAMES = MODELS.union(PLACES, {"v", "layer", "tab", "find"}, *CHOICES.values())
NOT_OURS = re.compile("utm_.*|.*cl(?:k)?id|gbraid|wbraid|mc_[ce]id|embed(?:_options)?")  # tracking, and Streamlit's own
MOST_UNKNOWN = 3

Allowed = Mapping[str, Collection[Any]]


def to_query(view: "DataclassInstance") -> dict[str, str]:
    """Every field of `view` as query text, e.g. ``{"outcome": "trust_mps", "lag": "1", ...}``."""
    return {field.name: _write(getattr(view, field.name)) for field in fields(view)}


def address(current: str, page: str, query: Mapping[str, str]) -> str:
    """Full address of `page` with `query`, next to the `current` address of any page of the app."""
    parts = urlsplit(current)
    path = f"{parts.path.rsplit('/', 1)[0]}/{page}"
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(query), ""))


def understood(query: Mapping[str, str]) -> dict[str, str]:
    """What of a link may mean something on a page: known names that say something."""
    return {name: text for name, text in query.items() if text and name in NAMES}


def own_choices(query: Mapping[str, str], page: str) -> set[str]:
    """The choices of `page` itself that a link makes, besides which place it shows."""
    return understood(query).keys() & (CHOICES.get(page, MODELS) | {"tab"})


def unknown_names(query: Mapping[str, str]) -> list[str]:
    """A sentence on the names in a link that no page knows, if there are any; not those of trackers."""
    unknown = [name for name in query if name not in NAMES and not NOT_OURS.fullmatch(name)]
    if not unknown:
        return []
    named, more = listed(map(_quoted, unknown[:MOST_UNKNOWN])), len(unknown) - MOST_UNKNOWN
    others = f" (and {more} more)" if more > 0 else ""
    return [f"The link has {named}{others}, which no page here knows."]


def not_offered(name: str, text: str) -> str:
    """A sentence on what a link asks for as `name` in vain."""
    return f"The link asks for {_quoted(text)} as {name.replace('_', ' ')}, which is not offered here."


def unread(query: Mapping[str, str], read: Collection[str], written: Mapping[str, str]) -> list[str]:
    """A sentence for each choice of a link that its page writes but works out by itself, and that says another thing.

    Parameters
    ----------
    query
        The link.
    read
        Names that the page reads.
    written
        What the page writes into its own link.
    """
    derived = (written.keys() & query.keys()) - {*read, "v"}
    return [not_offered(name, query[name]) for name in query if name in derived and query[name] != written[name]]


def from_query(query: Mapping[str, str], base: View, allowed: Allowed) -> tuple[View, list[str]]:
    """Read a view from a link.

    Parameters
    ----------
    query
        Names and texts of the link; names that are not fields of `base` are left to others.
    base
        The view to fall back on, field by field.
    allowed
        For each field its allowed values (for a tuple field, those of its members), or what each text of a link
        stands for. Fields that are not named here are not read from a link.

    Returns
    -------
    view, notices
        The view, and a sentence for each value that could not be used; an empty text that stands for nothing is as
        if the name were not there.
    """
    notices = []
    may_be_all = {field.name for field in fields(base) if NoneType in get_args(field.type)}
    for name, options in allowed.items():
        if name not in query:
            continue
        text = _place(query[name], options) if name in PLACES else query[name]
        value, wrong = _checked(text, getattr(base, name), options, name in may_be_all)
        if wrong:
            notices.append(not_offered(name, wrong))
        base = _replaced(base, name, value, notices)
    return base, notices


def _replaced(base: View, name: str, value: Any, notices: list[str]) -> View:
    try:
        return replace(base, **{name: value})
    except ValueError as error:
        notices.append(str(error))
        return base


def _checked(text: str, fallback: Any, options: Collection[Any], may_be_all: bool) -> tuple[Any, str]:
    """Value that `text` stands for, or the fallback with the part of the text that is wrong."""
    if isinstance(fallback, tuple) or fallback is None:
        return (None, "") if may_be_all and text == EVERYTHING else _members(text, fallback, options)
    readings: dict[str, Any] = {_write(option): option for option in options}
    if isinstance(options, Mapping):
        readings = dict(options)
    return (readings[text], "") if text in readings else (fallback, text)


def _place(text: str, options: Collection[Any]) -> str:
    """The place of `options` that `text` means: in any case, or the only one whose name has its words."""
    if text in options or not text.strip():
        return text
    wanted = text.strip().casefold()
    named = {str(option): str(option).casefold() for option in options}
    same = [option for option, name in named.items() if name == wanted]
    within = [option for option, name in named.items() if re.search(rf"\b{re.escape(wanted)}\b", name)]
    return next((found[0] for found in (same, within) if len(found) == 1), text)


def _members(text: str, fallback: Any, options: Collection[Any]) -> tuple[Any, str]:
    if text == NOTHING:
        return (), ""
    if not text:
        return fallback, ""
    parts = tuple(dict.fromkeys(text.split(SEPARATOR)))
    known = tuple(part for part in parts if part in options)
    unknown = [part for part in parts if part not in options]
    return (known or fallback), (SEPARATOR.join(unknown) or "nothing") if unknown else ""


def _quoted(text: str) -> str:
    """The start of `text` as code: pages show notices as Markdown, where a stranger's text could pose as a link."""
    start = text.replace("`", "")[:LONGEST_QUOTE]
    return f"`{start!r}`"


def _write(value: Any) -> str:
    writers: dict[type, Callable[[Any], str]] = {
        bool: lambda flag: YES if flag else NO,
        tuple: lambda members: SEPARATOR.join(members) or NOTHING,
        type(None): lambda _: EVERYTHING,
    }
    return writers.get(type(value), str)(value)
