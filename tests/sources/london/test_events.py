"""The dated events: as declared, in order, and each with a source."""

from datetime import date
from urllib.parse import urlparse

import pandas as pd
import pytest

from core.london.panel import london_events, london_panel
from core.sources.files.cells import SourceError, Tidy
from core.sources.files.validate import check_declared
from core.sources.london import events
from core.tables.catalogue import Catalogue
from core.tables.quarters import quarter_of

PUBLISHERS = ("gov.uk", "police.uk", "policeconduct.gov.uk", "justiceinspectorates.gov.uk")


def test_events_table_equals_the_declaration(catalogue: Catalogue) -> None:
    tidy = events.read()
    check_declared(tidy)
    kept = catalogue.read_table("events")
    pd.testing.assert_frame_equal(kept, tidy.frame.sort_values("event", ignore_index=True))
    assert {source.terms for source in catalogue.sources("events")} == {"Creative Commons Attribution 4.0"}


def test_london_events_are_in_order_with_their_quarters() -> None:
    found = london_events()
    assert found["start"].is_monotonic_increasing
    assert len(found) == len(events.EVENTS)
    by = found.set_index("event")
    assert (by["start_quarter"]["pandemic"], by["end_quarter"]["pandemic"]) == ("2020Q1", "2021Q3")
    assert by.loc["force-recording", "start_quarter"] == "2017Q2"
    assert by.loc["george-floyd", "start_quarter"] == "2020Q2"
    assert by.loc["casey-review", "start"] == pd.Timestamp(2023, 3, 21)
    assert found["start_quarter"].to_list() == [quarter_of(day) for day in found["start"]]
    assert (found["end"].isna() == found["end_quarter"].isna()).all()
    assert (found["start"] < found["end"]).sum() == found["end"].notna().sum()


def test_london_events_lie_within_the_periods_of_the_panel() -> None:
    periods = london_panel().periods
    found = london_events()
    quarters = pd.concat([found["start_quarter"], found["end_quarter"]]).dropna()
    assert quarters.between(periods[0], periods[-1]).all()


@pytest.mark.parametrize("event", events.EVENTS, ids=lambda event: event.event)
def test_event_has_one_sentence_and_a_source(event: events.Event) -> None:
    assert event.description.endswith(".")
    assert ". " not in event.description
    assert len(event.label) <= events.LONGEST_LABEL
    assert event.source
    assert event.publisher
    if event.url:
        address = urlparse(event.url)
        assert address.scheme == "https"
        assert str(address.hostname).endswith(PUBLISHERS)


def test_check_declared_with_invalid_event_names_the_column() -> None:
    frame = events.read().frame
    for column, value in {"label": "x" * 40, "event": "Two words", "url": "http://example.org"}.items():
        wrong = frame.assign(**{column: [value, *frame[column].iloc[1:]]})
        with pytest.raises(SourceError, match=f"column {column}"):
            check_declared(Tidy(events.TABLE, wrong, ("core/sources/london/events.py",)))
    assert events.EVENTS[0].start == date(2017, 4, 1)
