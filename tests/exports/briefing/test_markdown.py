"""The Markdown of the app's sentences, for documents."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.app.render import escape_markdown
from core.exports.briefing.markdown import Run, blocks, to_html

HOSTILE = ["<script>", "&lt;", "&#42;", ":material/person: ", "[a](javascript:1)", "![a](http://x)", "<http://x>", "`"]


def texts(marked: str) -> list[tuple[str, str]]:
    return [(kind, "".join(run.text for run in runs)) for kind, runs in blocks(marked)]


def test_blocks_bold_and_italic_are_separate_runs() -> None:
    (block,) = blocks("It **holds** only *as published*, and ***both***.")
    assert block.runs == (
        Run("It "),
        Run("holds", bold=True),
        Run(" only "),
        Run("as published", italic=True),
        Run(", and "),
        Run("both", bold=True, italic=True),
        Run("."),
    )


@pytest.mark.parametrize(
    ("marked", "text", "html"),
    [
        ("see [the page](https://x.example/a_b)", "see the page", "see the page"),
        ("run `python -m core.build`", "run python -m core.build", "run <code>python -m core.build</code>"),
        (":material/person: **Yours**", "Yours", "<strong>Yours</strong>"),
        ("at 10:30, 5\\*3 = 15", "at 10:30, 5*3 = 15", "at 10:30, 5*3 = 15"),
        ("two\nlines", "two lines", "two\nlines"),
        ("*4* a_b_c <b>", "4 a_b_c <b>", "<em>4</em> a_b_c &lt;b&gt;"),
        ("a\x00b", "ab", "ab"),
    ],
)
def test_paragraph_with_marks_is_text_and_html(marked: str, text: str, html: str) -> None:
    assert texts(marked) == [("text", text)]
    assert to_html(marked) == f"<p>{html}</p>\n"


@pytest.mark.parametrize("marked", ["# a", "> a", "---", "| a |\n|---|", "~~a~~", "<b>a</b>", "&amp;", *HOSTILE[5:7]])
def test_to_html_other_markdown_stays_text(marked: str) -> None:
    assert to_html(marked).startswith("<p>")
    assert to_html(marked).count("<") == 2


def test_blocks_list_after_paragraph_has_its_items() -> None:
    assert texts("Rules:\n1. first\n2. second\n\n- a\n- b\n\nEnd.") == [
        ("text", "Rules:"),
        ("number", "first"),
        ("number", "second"),
        ("bullet", "a"),
        ("bullet", "b"),
        ("text", "End."),
    ]


@given(st.lists(st.sampled_from([*"ab *_`[]()<>$#~|:!\\-1./'\"&=;+", *HOSTILE]), min_size=1).map("".join))
def test_blocks_escaped_text_comes_out_unchanged(text: str) -> None:
    """`plain` escapes a visitor's text for a page; a document has it back letter for letter."""
    escaped = escape_markdown(f"x{text}x")
    assert [block.runs for block in blocks(escaped)] == [(Run(f"x{text}x"),)]
    assert to_html(escaped) == f"<p>{escape(f'x{text}x').replace('&#x27;', chr(39))}</p>\n"
