"""A briefing as a Word document: real headings, tables and captions, pictures with their text alternatives."""

import io
import zipfile
from datetime import date, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from core.exports.attribution import APP
from core.exports.briefing import content
from core.exports.briefing.content import Briefing, Listing, Origin, Part
from core.exports.briefing.markdown import blocks
from core.exports.images import png
from core.presentation.charts import Figure, with_theme
from core.tables.characters import strip_control_characters

if TYPE_CHECKING:
    from docx.document import Document

FULL, SIDE_BY_SIDE = 656, 420  # widths of charts in pixels; two in a row are shown smaller than drawn
TEXT_WIDTH, GAP = 17.0, 0.4  # centimetres
# A picture that does not fit leaves the rest of a page empty, so most take less of one than those with many rows.
HIGHEST, TALLEST, TALL = 10.0, 13.0, 16.5  # centimetres: of most pictures, of tall ones, and from which height on
INK, SOFT, ACCENT, LINE = "16202A", "4A5763", "1F6399", "C9D0D6"
FONT, LANGUAGE = "Arial", "en-GB"
STYLES = {  # name: size in points, bold, colour, space before and after in points
    "Normal": (10, False, INK, 0, 6),
    "Title": (22, True, INK, 6, 8),
    "Subtitle": (13, True, INK, 0, 12),
    "Heading 1": (14, True, INK, 18, 6),
    "Caption": (10, True, INK, 10, 4),
    "List Bullet": (10, False, INK, 0, 3),
    "List Number": (10, False, INK, 0, 3),
    "Footer": (8, False, SOFT, 0, 0),
}
LISTS = {"text": "Normal", "bullet": "List Bullet", "number": "List Number"}


def word_file(briefing: Briefing, day: date) -> bytes:
    """The briefing as DOCX.

    Parameters
    ----------
    day
        The day on which it is made.
    """
    from docx import Document

    document = Document()
    _set_up(document, briefing, day)
    _head(document, briefing, day)
    figures, tables = count(1), count(1)
    for heading, parts in content.ordered(briefing):
        if heading:
            document.add_heading(strip_control_characters(heading), 1)
        for part in parts:
            _part(document, part, figures, tables, briefing.rows)
    _sources(document, briefing.origin)
    _about(document, briefing, day)
    return _bytes(document, day)


def _set_up(document: "Document", briefing: Briefing, day: date) -> None:
    """Page, styles, footer and properties."""
    from docx.shared import Cm

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm((21.0 - TEXT_WIDTH) / 2)
    section.top_margin = section.bottom_margin = Cm(2.0)
    for name in STYLES:
        _style(document.styles[name], *STYLES[name])
    _language(document)
    _footer(section.footer, content.footer(briefing))
    made = datetime(day.year, day.month, day.day)
    core = document.core_properties
    core.title, core.subject = strip_control_characters(briefing.title), strip_control_characters(briefing.answer)[:255]
    core.author = core.last_modified_by = APP
    core.language, core.created, core.modified = LANGUAGE, made, made
    core.comments = strip_control_characters(f"{content.made_text(day)} {briefing.link}")[:255]


def _style(style: Any, size: float, bold: bool, colour: str, before: float, after: float) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.bold = FONT, Pt(size), bold
    style.font.italic, style.font.color.rgb = False, RGBColor.from_string(colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in (
        "asciiTheme",
        "hAnsiTheme",
        "eastAsiaTheme",
        "cstheme",
    ):  # these override the font's name
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)
    style.paragraph_format.keep_with_next = style.name in ("Caption", "Heading 1", "Title")


def _language(document: "Document") -> None:
    from docx.oxml.ns import qn

    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)


def _footer(footer: Any, text: str) -> None:
    """`text`, and below it on the right the number of the page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    footer.paragraphs[0].add_run(text)
    page = footer.add_paragraph(style="Footer")
    page.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _field(page, "PAGE")
    page.add_run(" / ")
    _field(page, "NUMPAGES")


def _field(paragraph: Any, code: str) -> None:
    """A field whose number Word fills in."""
    field = _element("w:fldSimple", {"w:instr": code})
    run = _element("w:r")
    text = _element("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _element(name: str, attributes: dict[str, str] | None = None) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(name)
    for key, value in (attributes or {}).items():
        element.set(qn(key), value)
    return element


def _head(document: "Document", briefing: Briefing, day: date) -> None:
    series = document.add_paragraph()
    series.add_run(APP).bold = True
    series.add_run(f"  Briefing, {content.date_text(day)}")
    document.add_paragraph(strip_control_characters(briefing.question), "Title")
    document.add_paragraph(strip_control_characters(briefing.answer), "Subtitle")
    if briefing.origin.uploaded:
        for paragraph in _paragraphs(document, briefing.origin.figures):
            for run in paragraph.runs:
                run.bold = True


def _part(document: "Document", part: Part, figures: "count[int]", tables: "count[int]", most: int) -> None:
    if isinstance(part, str):
        _paragraphs(document, part)
    elif isinstance(part, Listing):
        _table(document, part, next(tables), most)
    else:
        _figure(document, content.made(part), next(figures))


def _paragraphs(document: "Document", marked: str) -> list[Any]:
    """Sentences in Markdown as paragraphs."""
    paragraphs = []
    for block in blocks(marked):
        paragraph = document.add_paragraph(style=LISTS[block.kind])
        for text, bold, italic in block.runs:
            run = paragraph.add_run(text)
            run.bold, run.italic = bold or None, italic or None
        paragraphs.append(paragraph)
    return paragraphs


def _caption(document: "Document", label: str, text: str) -> None:
    from docx.shared import RGBColor

    paragraph = document.add_paragraph(style="Caption")
    paragraph.add_run(f"{label}  ").font.color.rgb = RGBColor.from_string(ACCENT)
    paragraph.add_run(strip_control_characters(text))


def _figure(document: "Document", figure: Figure, number: int) -> None:
    from docx.shared import Cm

    _caption(document, f"Figure {number}", figure.title)
    note = content.for_print(figure.note)
    across = 2 if figure.side_by_side else 1
    pictures = [png(with_theme(chart, dark=False), FULL if across == 1 else SIDE_BY_SIDE) for chart in figure.charts]
    for start in range(0, len(pictures), across):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = bool(note) or start + across < len(pictures)
        for at, picture in enumerate(pictures[start : start + across]):
            shape = paragraph.add_run("  " * (at > 0)).add_picture(
                io.BytesIO(picture), width=Cm((TEXT_WIDTH - GAP * (across - 1)) / across)
            )
            _no_taller(shape)
            _described(shape, figure.alternative if start + at == 0 else f"{figure.title}: part {start + at + 1}")
    if note:
        _soft(document.add_paragraph(), note)


def _no_taller(shape: Any) -> None:
    """Shrink a picture that is higher than a page may take, keeping its proportions."""
    from docx.shared import Cm

    most = Cm(TALLEST if shape.height > Cm(TALL) else HIGHEST)
    if shape.height > most:
        shape.width, shape.height = int(shape.width * most / shape.height), most


def _described(shape: Any, text: str) -> None:
    """Give a picture its text alternative."""
    shape._inline.docPr.set("descr", strip_control_characters(text))


def _soft(paragraph: Any, text: str) -> None:
    """A caption below a picture or a table."""
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(strip_control_characters(text))
    run.font.size, run.font.color.rgb = Pt(8.5), RGBColor.from_string(SOFT)
    paragraph.paragraph_format.space_after = Pt(12)


def _table(document: "Document", listing: Listing, number: int, most: int) -> None:
    names, rows = content.cells(listing, most)
    _caption(document, f"Table {number}", listing.title)
    table = document.add_table(rows=0, cols=len(names))
    table._tbl.tblPr.append(_borders())
    numeric = content.numeric_columns(listing)
    size = 8.5 if len(names) <= content.WIDE_TABLE else 7.5
    for row in [names, *rows]:
        _row(table, row, numeric, size, head=row is names)
    _soft(document.add_paragraph(), content.left_out(listing, most))


def _borders() -> Any:
    """Lines between rows only, as in statistical tables."""
    borders = _element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(_element(f"w:{side}", {"w:val": "single", "w:sz": "4", "w:color": LINE}))
    return borders


def _row(table: Any, texts: list[str], numeric: list[bool], size: float, head: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    row = table.add_row()
    properties = row._tr.get_or_add_trPr()
    properties.append(_element("w:cantSplit"))
    if head:  # repeated on every page, and announced by screen readers with each cell
        properties.append(_element("w:tblHeader"))
    for cell, text, is_number in zip(row.cells, texts, numeric, strict=True):
        paragraph = cell.paragraphs[0]
        run = paragraph.add_run(text)
        run.font.size, run.bold = Pt(size), head or None
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.paragraph_format.space_before = Pt(2)
        paragraph.paragraph_format.keep_with_next = head
        if is_number:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _sources(document: "Document", origin: Origin) -> None:
    if not origin.sources:
        return
    document.add_heading("Sources and licences", 1)
    for note in origin.sources:
        source = document.add_paragraph(style="List Bullet")
        _link(source, note.path, note.title)
        source.add_run(strip_control_characters(f", {note.publisher}. {note.attribution}"))
    licences = document.add_paragraph("Licences: ")
    for at, (name, address) in enumerate(origin.licences.items()):
        licences.add_run("; " * (at > 0))
        _link(licences, address, name)


def _about(document: "Document", briefing: Briefing, day: date) -> None:
    document.add_heading("About this briefing", 1)
    _paragraphs(document, briefing.origin.figures)
    document.add_paragraph(content.made_text(day))
    document.add_paragraph(content.LINK_TEXT)
    _link(document.add_paragraph(), briefing.link, briefing.link)


def _link(paragraph: Any, address: str, text: str) -> None:
    """`text` as a link to a web page; plain text where `address` is not a web address."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.shared import RGBColor

    run = paragraph.add_run(strip_control_characters(text))
    if not content.is_web_address(address):
        return
    run.font.color.rgb, run.font.underline = RGBColor.from_string(ACCENT), True
    name = paragraph.part.relate_to(strip_control_characters(address), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = _element("w:hyperlink", {"r:id": name})
    link.append(run._r)
    paragraph._p.append(link)


def _bytes(document: "Document", day: date) -> bytes:
    """The file, the same bytes for the same content: time stamps inside its zip are those of `day`."""
    written, same = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(same, "w", zipfile.ZIP_DEFLATED) as out:
        for name in parts.namelist():
            part = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            out.writestr(part, parts.read(name), zipfile.ZIP_DEFLATED)
    return same.getvalue()
