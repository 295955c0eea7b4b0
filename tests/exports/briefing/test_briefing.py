"""The briefing: what is in it, as HTML and for Word."""

import io
import re
import tomllib
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn

from core.app.render import escape_markdown
from core.exports.attribution import APP
from core.exports.briefing import content
from core.exports.briefing.content import HOW_SURE, METHOD, TOP, Briefing, Drawing, Listing, Origin
from core.exports.briefing.html import html_page
from core.exports.briefing.word import word_file
from core.presentation.charts import Figure
from core.tables.schema import Licence, Source
from tests.exports.html_reader import Read

DAY = date(2025, 3, 3)
NASTY = "</style><script>alert(1)</script> =cmd|' /C calc'!A0 ]]> <!-- & \" ' \x00\x0b [a](javascript:1)"
SEEN = "</style><script>alert(1)</script> =cmd|' /C calc'!A0 ]]> <!-- & \" ' "
LINK = "https://figures.example/app/page?v=1&outcome=trust%26more"
LICENCE = Licence("", "Open Government Licence v3.0", "https://licence.example/ogl")
SOURCE = Source("The <survey>", "MOPAC", "https://data.example/survey", LICENCE, "Source: MOPAC & others.")


def figure(name: str, text: str = "", parts: int = 1) -> Figure:
    rows = pd.DataFrame({"borough": ["Brent", text or "Sutton"], "score": [61.5, 72.25]})
    charts = tuple(alt.Chart(rows).mark_bar(clip=True).encode(x="score:Q", y="borough:N") for _ in range(parts))
    return Figure(name, f"{name} found {text}", charts, f"Bars of {name} {text}.", rows, f"Note of {name}.", parts > 1)


def listing(rows: int = 3) -> Listing:
    frame = pd.DataFrame({"Area": [f"A{n}" for n in range(rows)], "Points": [n - 1.5 for n in range(rows)]})
    return Listing(frame, 2, "The estimates")


def briefing(**changed: object) -> Briefing:
    sections = {
        TOP: ["The **study** said *otherwise*."],
        "Boroughs": [figure("ladder"), figure("scatter", parts=2)],
        HOW_SURE: [listing(), "Not very.", "- one\n- two"],
        "Over time": [figure("history")],
        METHOD: ["Least squares."],
    }
    made: dict[str, object] = {"question": "Is trust lower?", "answer": "No clear association.", "sections": sections}
    made |= {"link": LINK, "origin": content.of_package("abc123", (SOURCE,))}
    return Briefing(**(made | changed))  # type: ignore[arg-type]


def nasty() -> Briefing:
    rows = pd.DataFrame({NASTY: [NASTY, "=1+1"], "n": [1, 2]})
    sections = {
        NASTY: [figure("map", NASTY), Listing(rows, title=NASTY)],
        HOW_SURE: [escape_markdown(NASTY), NASTY],
    }
    notes = (Source(NASTY, NASTY, "javascript:alert(1)", Licence("", NASTY, "data:text/html,1"), NASTY),)
    origin = Origin(content.of_uploaded_file(NASTY, "f00").figures, True, notes)
    return briefing(question=NASTY, answer=NASTY, sections=sections, origin=origin, link="javascript:alert(1)")


def read(document: Briefing) -> Read:
    return Read(html_page(document, DAY))


def texts(document: object) -> list[tuple[str, str]]:
    return [(item.style.name, item.text) for item in document.paragraphs]  # type: ignore[attr-defined]


def opened(document: Briefing) -> object:
    return Document(io.BytesIO(word_file(document, DAY)))


def test_html_page_usual_briefing_asks_for_nothing() -> None:
    page = read(briefing())
    assert not page.unclosed
    assert not page.asked_for
    assert page.values("html", "lang") == ["en-GB"]
    assert page.of("title") == [f"Is trust lower? {APP}: briefing"]
    (policy,) = [value for value in page.values("meta", "content") if "default-src" in value]
    assert policy.startswith("default-src 'none'")
    style = re.search(r"<style>(.*?)</style>", html_page(briefing(), DAY), re.DOTALL)
    assert style
    assert not re.search(r"url\(|@import", style[1])


@pytest.mark.parametrize("make", [briefing, nasty])
def test_html_page_any_briefing_is_html5_that_runs_nothing(make: Callable[[], Briefing]) -> None:
    for document in (make(), content.shortened(make())):
        page = read(document)  # which fails on what HTML5 does not allow
        assert page.tags[:2] == ["html", "head"]
        assert not page.asked_for


def test_html_page_usual_briefing_goes_from_answer_to_certainty_to_sources() -> None:
    page = read(briefing())
    assert page.of("h1") == ["Is trust lower?"]
    assert page.of("h2") == [
        HOW_SURE,
        "Boroughs",
        "Over time",
        METHOD,
        "Sources and licences",
        "About this briefing",
    ]
    landmarks = ["No clear association.", "ladder found", HOW_SURE, "Not very.", "The estimates", "scatter found"]
    landmarks += ["history found", "Least squares.", "Source: MOPAC & others.", "version abc123", "3\xa0March\xa02025"]
    places = [page.text.rindex(text) for text in landmarks]
    assert all(first < second for first, second in pairwise(places))
    assert page.of("strong") == ["study"]
    assert page.of("em") == ["otherwise"]
    assert page.of("li")[:2] == ["one", "two"]


def test_html_page_usual_briefing_links_to_view_sources_and_licence() -> None:
    assert read(briefing()).values("a", "href") == [SOURCE.path, LICENCE.path, LINK]


def test_html_page_each_chart_is_a_drawing_with_text_alternative() -> None:
    page = read(briefing())
    assert page.values("div", "aria-label")[:1] == ["Bars of ladder . ladder found ."]
    pictures = [value for tag, name, value in page.attributes if (tag, name) == ("div", "role") and value == "img"]
    assert len(pictures) == 3
    assert page.tags.count("svg") == 2 * 4  # each as wide as paper and as a phone
    names = page.values("clippath", "id")
    assert names
    assert len(set(names)) == len(names)
    assert all(f"url(#{name})" in html_page(briefing(), DAY) for name in names)


def test_html_page_long_table_has_headers_and_note_of_omitted_rows() -> None:
    page = read(briefing(sections={TOP: [listing(20)]}, rows=15))
    assert page.of("th") == ["Area", "Points"]
    assert page.values("th", "scope") == ["col", "col"]
    assert page.of("td")[:4] == ["A0", "\N{MINUS SIGN}1.50", "A1", "\N{MINUS SIGN}0.50"]
    assert len(page.of("td")) == 2 * 15
    assert "The first 15 of 20 rows" in page.text


def test_html_page_uploaded_figures_are_stated_first() -> None:
    own = briefing(origin=content.of_uploaded_file("mine_<b>\N{EN DASH}é.csv", "f00"))
    page = read(own)
    assert page.text.index("Not published figures.") < page.text.index("ladder found")
    assert page.text.count("mine_<b>\N{EN DASH}é.csv") == 2
    assert "Sources and licences" not in page.text
    assert "Figures: not published." in html_page(own, DAY)
    uploaded = content.of_package("abc", (SOURCE,), ["survey *1*.xlsx"])
    assert uploaded.uploaded
    assert "survey *1*.xlsx" in read(briefing(origin=uploaded)).text


@pytest.mark.parametrize("write", [html_page, word_file])
def test_documents_same_briefing_and_day_are_the_same_file(write: object) -> None:
    assert write(briefing(), DAY) == write(briefing(), DAY)  # type: ignore[operator]
    assert write(briefing(), DAY) != write(briefing(), date(2025, 3, 4))  # type: ignore[operator]


def test_html_page_hostile_text_stays_text() -> None:
    page = read(nasty())
    assert not page.unclosed
    assert not page.asked_for
    assert page.of("h1") == [SEEN + " [a](javascript:1)"]
    assert page.values("a", "href") == []
    assert page.tags.count("style") == 1
    tags = {tag for tag, text in page.in_order if SEEN.strip() in text}
    assert {"h1", "h2", "p", "td", "th", "caption", "figcaption"} <= tags
    # The quotation marks and brackets of the footer's licence would end the style sheet's text, or the style sheet.
    footer = re.search(r'content:"(Policing[^\n]*)"}}\n', html_page(nasty(), DAY))
    assert footer
    assert not set(footer[1]) & set('<>"\\')


@pytest.mark.parametrize("text", ["<script>x</script>", '"><img src=x onerror=x>', "{{ 7 * 7 }}", "{% x %}", "&amp;"])
def test_template_hostile_question_heading_or_cell_is_escaped(text: str) -> None:
    rows = pd.DataFrame({text: [text]})
    page = read(briefing(question=text, answer=text, sections={text: [Listing(rows, title=text)]}))
    assert {tag for tag, found in page.in_order if found.strip() == text} == {"h1", "h2", "p", "th", "td", "caption"}
    assert not {"script", "img"} & set(page.tags)


def test_word_file_hostile_text_stays_text() -> None:
    document = opened(nasty())
    assert ("Title", SEEN + " [a](javascript:1)") in texts(document) or (
        "Title",
        SEEN.strip() + "  [a](javascript:1)",
    ) in texts(document)
    (table,) = document.tables  # type: ignore[attr-defined]
    assert SEEN.strip() in table.rows[0].cells[0].text
    assert table.rows[2].cells[0].text == "=1+1"
    with zipfile.ZipFile(io.BytesIO(word_file(nasty(), DAY))) as parts:
        outside = [name for name in parts.namelist() if name.endswith(".rels")]
        assert not [name for name in outside if b"javascript" in parts.read(name) or b"data:" in parts.read(name)]
        assert b"DDE" not in parts.read("word/document.xml")


def test_word_file_usual_briefing_has_headings_captions_and_title() -> None:
    document = opened(briefing())
    found = texts(document)
    assert ("Title", "Is trust lower?") in found
    assert ("Subtitle", "No clear association.") in found
    assert [text for style, text in found if style == "Heading 1"] == read(briefing()).of("h2")
    assert [text.split("  ")[0] for style, text in found if style == "Caption"] == [
        "Figure 1",
        "Table 1",
        "Figure 2",
        "Figure 3",
    ]
    assert [text for style, text in found if style == "List Bullet"][:2] == ["one", "two"]
    properties = document.core_properties  # type: ignore[attr-defined]
    assert properties.title == briefing().title
    assert (properties.language, properties.created.date(), properties.modified.date()) == ("en-GB", DAY, DAY)
    section = document.sections[0]  # type: ignore[attr-defined]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    fields = section.footer._element.iter(qn("w:fldSimple"))
    assert [field.get(qn("w:instr")) for field in fields] == ["PAGE", "NUMPAGES"]
    assert "figures.example/app/page. Figures: Open Government Licence v3.0." in section.footer.paragraphs[0].text


def test_word_file_pictures_have_text_alternatives_and_fit_the_page() -> None:
    shapes = opened(briefing()).inline_shapes  # type: ignore[attr-defined]
    described = [shape._inline.docPr.get("descr") for shape in shapes]
    assert described == [
        "Bars of ladder . ladder found .",
        "Bars of scatter . scatter found .",
        "scatter found : part 2",
        "Bars of history . history found .",
    ]
    assert all(shape.width.cm <= 17.01 and shape.height.cm <= 13.01 for shape in shapes)


def test_word_file_table_has_its_first_row_as_header() -> None:
    (table,) = opened(briefing()).tables  # type: ignore[attr-defined]
    assert [[cell.text for cell in row.cells] for row in table.rows][:2] == [
        ["Area", "Points"],
        ["A0", "\N{MINUS SIGN}1.50"],
    ]
    heads = [row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert heads == [True, False, False, False]


def test_word_file_usual_briefing_links_to_view_sources_and_licence() -> None:
    document = opened(briefing())
    outside = [part.target_ref for part in document.part.rels.values() if part.is_external]  # type: ignore[attr-defined]
    assert set(outside) == {SOURCE.path, LICENCE.path, LINK}
    assert LINK in [text for _, text in texts(document)] or LINK in "".join(
        node.text or ""
        for node in document.element.iter(qn("w:t"))  # type: ignore[attr-defined]
    )


def names(sections: Sequence[object]) -> list[str]:
    return [part if isinstance(part, str) else getattr(part, "name", "table") for part in sections]


def test_shortened_many_sections_keeps_the_first_picture_of_each() -> None:
    sections = {f"S{n}": [figure(f"e{n}a"), figure(f"e{n}b"), "words", listing()] for n in range(6)}
    sections[HOW_SURE] = ["sure", listing(), listing()]
    short = content.shortened(briefing(sections=sections))
    kept = {heading: names(parts) for heading, parts in short.sections.items() if parts}
    assert kept == {f"S{n}": [f"e{n}a"] for n in range(4)} | {HOW_SURE: ["sure", "table"]}
    assert short.rows < briefing().rows


def test_ordered_usual_briefing_keeps_every_part_once() -> None:
    usual = briefing()
    every = [part for _, parts in content.ordered(usual) for part in parts]
    assert sorted(names(every)) == sorted(names([part for parts in usual.sections.values() for part in parts]))


def test_html_page_deferred_picture_is_made_once() -> None:
    made: list[str] = []

    def later() -> Figure:
        made.append("once")
        return figure("map")

    short = content.shortened(briefing(sections={TOP: [later]}))
    assert not made
    assert "map found" in read(short).text
    assert made == ["once"]


@pytest.mark.parametrize(
    ("column", "written"),
    [
        (pd.Series([2019, 2023]), ["2019", "2023"]),
        (pd.Series([2019, 12345]), ["2,019", "12,345"]),
        (pd.Series([2019.0, None]), ["2019", "\N{EN DASH}"]),
        (pd.Series([0.5, float("nan")]), ["0.50", "\N{EN DASH}"]),
        (pd.Series([1e-9, -2e-9]), ["1.00e\N{MINUS SIGN}09", "\N{MINUS SIGN}2.00e\N{MINUS SIGN}09"]),
        (pd.Series([True, False]), ["yes", "no"]),
        (pd.Series(["a\x00b", None], dtype="str"), ["ab", "\N{EN DASH}"]),
        (pd.Series([-3, None], dtype="Int64"), ["\N{MINUS SIGN}3", "\N{EN DASH}"]),
    ],
    ids=["years", "counts", "a year missing", "decimals", "tiny", "flags", "text", "whole"],
)
def test_cells_each_kind_of_column_is_formatted(column: pd.Series, written: list[str]) -> None:
    _, rows = content.cells(Listing(pd.DataFrame({"c": column}), 2), 9)
    assert [row[0] for row in rows] == written


def test_for_print_interactive_hint_is_removed() -> None:
    assert content.for_print("Each dot is one LSOA. Hover over a dot, or tap it, for its name. Lines.") == (
        "Each dot is one LSOA. Lines."
    )


def test_software_has_the_version_of_the_project() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))
    assert content.software().split("\xa0") == [APP, project["project"]["version"]]


def test_is_drawing_text_and_table_are_not() -> None:
    drawings: list[Drawing] = [figure("a"), lambda: figure("b")]
    assert all(content.is_drawing(drawing) for drawing in drawings)
    assert not any(content.is_drawing(part) for part in ("words", listing()))
