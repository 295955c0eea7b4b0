"""The first screen of every page that has one, as a visitor meets it: plain English."""

from collections.abc import Callable, Mapping

import pytest

from core.app.sections import summary as section
from core.london.panel import survey_panel
from core.presentation.summary import Summary
from core.registry.pages import PAGES
from tests.pages.visiting import Visit
from tests.presentation.plain_english import summary_faults

Seen = Callable[..., list[Summary]]
WITH_SUMMARY = {"london_amount", "london_outcomes", "london_ages"}


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """The summaries that a visit to a page shows."""
    shown: list[Summary] = []
    show = section.show

    def noting(summary: Summary, picture: Callable[[], None]) -> None:
        shown.append(summary)
        show(summary, picture)

    monkeypatch.setattr(section, "show", noting)

    def visit(page: str, query: Mapping[str, str] | None = None) -> list[Summary]:
        shown.clear()
        Visit(page, query)
        return list(shown)

    return visit


@pytest.mark.parametrize("page", [entry.name for entry in PAGES])
def test_first_screen_is_in_plain_english(page: str, seen: Seen) -> None:
    found = seen(page, {"v": "1", "layer": "summary"})
    assert found or page not in WITH_SUMMARY
    assert [fault for summary in found for fault in summary_faults(summary)] == []


@pytest.mark.parametrize("page", sorted(WITH_SUMMARY))
def test_first_screen_of_a_borough_is_in_plain_english(page: str, seen: Seen) -> None:
    longest = max(survey_panel().areas, key=len)
    (found,) = seen(page, {"v": "1", "borough": longest})
    assert summary_faults(found) == []
