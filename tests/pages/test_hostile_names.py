"""Names of uploaded files: whatever they hold, they are shown as names."""

import re
from collections.abc import Iterator

import pytest

from tests.pages.test_hostile_links import HTML, MARKDOWN, NEEDLE, taken_as_markdown, texts
from tests.pages.test_uploads import File, badged, survey, upload_files
from tests.pages.test_user_panel import PAGE, asked, upload
from tests.pages.visiting import Visit
from tests.user_panel.panels import YEARS, as_csv, rows

__all__ = ["survey"]
MARKS = re.compile(r"<\w|!\[|\]\(|:red\[")
OWN_TAGS = re.compile(r"</?(p|div|span)\b[^<>]*>")
NAMES = {
    "markup": HTML,
    "markdown": MARKDOWN,
    "code span": f"a`{HTML}`` ![{NEEDLE}](https://a.example/x.png) `b",
    "path": f"../../etc/{NEEDLE}",
    "lines": f"{NEEDLE}\n\n# {NEEDLE}\r\n![{NEEDLE}](https://a.example)",
    "direction turned": f"{NEEDLE}\u202e\ufeff",
    "long": NEEDLE * 2_000,
}


def active(visit: Visit) -> Iterator[str]:
    """Texts on the page in which the name would be more than a name; what is plain text or JSON is left out."""
    plain = {visit.at.code[-1].value} if visit.at.code else set()
    for text in texts(visit):
        sentence = OWN_TAGS.sub("", text)
        if (
            NEEDLE in sentence
            and not sentence.startswith("{")
            and text not in plain
            and MARKS.search(taken_as_markdown(sentence))
        ):
            yield text


@pytest.mark.parametrize("kind", NAMES)
def test_user_panel_page_with_hostile_file_name_shows_plain_text(kind: str) -> None:
    visit = asked(Visit(PAGE), as_csv(rows(YEARS)), f"{NAMES[kind]}.csv")
    assert any(NEEDLE in item.value for item in visit.at.markdown)
    assert list(active(visit)) == []


@pytest.mark.parametrize("kind", NAMES)
def test_user_panel_page_with_unreadable_hostile_file_shows_plain_text(kind: str) -> None:
    visit = upload(Visit(PAGE), b"a,b\n1,2\n", f"{NAMES[kind]}.csv")
    assert len(visit.at.warning) == 1
    assert list(active(visit)) == []


@pytest.mark.parametrize("kind", ["markdown", "code span", "lines"])
def test_data_page_with_hostile_survey_name_shows_plain_text(kind: str, survey: File) -> None:
    visit = upload_files((f"{NAMES[kind]}.xlsx", *survey[1:]))
    assert badged(visit)
    assert list(active(visit)) == []
