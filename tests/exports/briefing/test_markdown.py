"""The little Markdown of the app's sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.app.render import plain
from core.exports.briefing.markdown import Run, blocks


def test_bold_and_italic_words_are_runs_of_their_own() -> None:
    (block,) = blocks("It **holds** only *as published*.")
    assert block.runs == (
        Run("It "),
        Run("holds", bold=True),
        Run(" only "),
        Run("as published", italic=True),
        Run("."),
    )


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("see [the page](https://x.example/a_b)", "see the page"),
        ("run `python -m core.build`", "run python -m core.build"),
        (":material/person: **Yours**", "Yours"),
        ("at 10:30, 5\\*3 = 15", "at 10:30, 5*3 = 15"),
        ("two\nlines", "two lines"),
    ],
)
def test_links_keep_their_words_and_icons_go(marked: str, words: str) -> None:
    assert [block.text for block in blocks(marked)] == [words]


def test_a_list_follows_its_paragraph() -> None:
    found = blocks("Rules:\n1. first\n2. second\n\n- a\n- b\n\nEnd.")
    assert [(block.kind, block.text) for block in found] == [
        ("text", "Rules:"),
        ("number", "first"),
        ("number", "second"),
        ("bullet", "a"),
        ("bullet", "b"),
        ("text", "End."),
    ]


@given(st.text(alphabet="ab *_`[]()<>$#~|:!\\-1./'\"&=", min_size=1))
def test_what_the_app_escapes_comes_out_as_it_was(words: str) -> None:
    """`plain` guards a stranger's words on a page; a document has them back letter for letter."""
    told = f"x{words}x"
    assert [block.runs for block in blocks(plain(told))] == [(Run(told),)]
