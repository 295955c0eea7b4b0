"""A file that would cost too much is answered with a sentence, at once, and with its figures."""

import pandas as pd
import pytest

from core.stats.regression import absorption
from tests.pages.test_user_panel import visit
from tests.user_panel.panels import as_csv


def long_keys(n: int = 500) -> pd.DataFrame:
    """As many areas as rows, and as many dates."""
    rows = [(f"Street {at}", str(20_000_000 + at), at * 37 % 101, at * 53 % 97) for at in range(n)]
    return pd.DataFrame(rows, columns=["Area", "Date", "Offences", "Trust"])


def said(frame: pd.DataFrame) -> list[str]:
    page = visit(as_csv(frame))
    assert not page.at.exception
    assert any("gaps" in header.value.lower() for header in page.at.header)
    return [warning.value for warning in page.at.warning]


def test_user_panel_page_with_as_many_keys_as_rows_says_why_there_is_no_answer() -> None:
    page = visit(as_csv(long_keys()))
    assert not page.at.exception
    (warning,) = page.at.warning
    assert warning.value.startswith("Each Area has one row in mine.csv, so there is no change to compare;")


def test_user_panel_page_with_too_many_levels_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(absorption, "MOST_CROSSED", 3)
    frame = long_keys(120).assign(
        Area=[f"A{at % 20:02}" for at in range(120)], Date=[str(2000 + at // 20) for at in range(120)]
    )
    (sentence,) = said(frame)
    assert "take out the effects of area alone" in sentence
