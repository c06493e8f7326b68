"""Plans set as PDF in many layouts: one and two columns, tables with and without rules, running heads, hyphenation.

``layouts`` has reportlab, LibreOffice, Chromium, WeasyPrint and Typst set a plan, each as far as it is installed. All
write the same running head and page numbers, so that whatever of them is left in the text can be counted.
"""

from __future__ import annotations

import io
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import util
from pathlib import Path
from typing import Any, NamedTuple

from reading_plans import Part, markdown, run, score

from strategitekst.document import Block

HEAD = "Udkast til byrådet"
_RUNNING = re.compile(rf"{HEAD}|Side \d+ af \d+")
RULES = ("grid", "lines", "stripes", "none", "tight")
"""Around the cells of tables; ``tight`` has no rules, and between its rows no more space than between lines."""
_STYLES = {"grid": "Table Grid", "lines": "Light List", "tight": "Normal Table"}
_NOTELESS = ("reportlab", "Typst", "LibreOffice", "LibreOffice, tagged")
_GAP = 22
"""Points between two columns."""


class Layout(NamedTuple):
    """How a plan was set.

    Attributes:
        tool: What set it.
        rules: Around the cells of its tables.
        columns: 1 or 2.
    """

    tool: str
    rules: str
    columns: int


def layouts(plan: Sequence[Part], *, tools: bool) -> Iterator[tuple[Layout, bytes]]:
    """Set a plan in every layout that can be made here.

    Args:
        plan: The plan; its notes are left out where the layout has none.
        tools: Not by reportlab alone.

    Yields:
        The layout, and the file.
    """
    for columns in (1, 2):
        for rules in RULES:
            yield Layout("reportlab", rules, columns), _reportlab(plan, columns, rules)
        if tools and util.find_spec("weasyprint"):
            for rules in RULES:
                yield Layout("WeasyPrint", rules, columns), _weasyprint(plan, columns, rules)
        if tools and util.find_spec("typst"):
            for rules in RULES[:-1]:
                yield Layout("Typst", rules, columns), _typst(plan, columns, rules)
        if tools and shutil.which("chromium"):
            for rules in ("grid", "lines", "tight"):
                yield Layout("Chromium", rules, columns), _chromium(plan, columns, rules, tagged=False)
            yield Layout("Chromium, tagged", "none", columns), _chromium(plan, columns, "none", tagged=True)
        if tools and shutil.which("soffice"):
            yield from _word_layouts(plan, columns)


def _word_layouts(plan: Sequence[Part], columns: int) -> Iterator[tuple[Layout, bytes]]:
    """Have LibreOffice print what was written for Word, all files at once: starting it takes longer than printing."""
    documents = {rules: _word_file(plan, columns, style) for rules, style in _STYLES.items()}
    tagged = {"tight": documents["tight"]}
    if shutil.which("pandoc"):
        documents["pandoc"] = _pandoc_file(plan, columns)
    for rules, data in _libreoffice(documents).items():
        tool, kind = ("pandoc and LibreOffice", "lines") if rules == "pandoc" else ("LibreOffice", rules)
        yield Layout(tool, kind, columns), data
    for rules, data in _libreoffice(tagged, tagged=True).items():
        yield Layout("LibreOffice, tagged", rules, columns), data


def score_layout(plan: Sequence[Part], blocks: Sequence[Block], layout: Layout) -> Counter[str]:
    """Count what of a plan came back from a layout, as ``score`` does; ``running`` counts running lines left in."""
    counts = score(plan, blocks, noteless=layout.tool in _NOTELESS)
    counts["running"] = sum(bool(_RUNNING.search(block.text)) for block in blocks)
    return counts


@cache
def _hyphenator() -> Callable[[str], str] | None:
    """Return what puts soft hyphens into a word, if pyphen is here."""
    if not util.find_spec("pyphen"):
        return None
    import pyphen

    dictionary = pyphen.Pyphen(lang="da_DK", left=3, right=3)
    return lambda text: re.sub(r"[a-zæøå]{7,}", lambda match: dictionary.inserted(match[0], "\u00ad"), text)


def _hyphenated(text: str) -> str:
    soft = _hyphenator()
    return soft(text) if soft else text


def _reportlab(plan: Sequence[Part], columns: int, rules: str) -> bytes:
    from reportlab import platypus
    from reportlab.lib.styles import ParagraphStyle

    words = {"hyphenationLang": "da_DK", "embeddedHyphenation": 1} if _hyphenator() else {}
    body = ParagraphStyle("body", fontName="Times-Roman", fontSize=10, leading=12.5, spaceAfter=5, **words)
    cell = ParagraphStyle("cell", body, fontSize=9, leading=11, spaceAfter=0)
    quote = ParagraphStyle("quote", body, leftIndent=16, fontName="Times-Italic")
    width = (475 - _GAP * (columns - 1)) / columns
    kinds: dict[str, list[tuple[Any, ...]]] = {
        "grid": [("GRID", (0, 0), (-1, -1), 0.5, "black")],
        "lines": [("LINEBELOW", (0, 0), (-1, -1), 0.5, "grey")],
        "stripes": [("ROWBACKGROUNDS", (0, 0), (-1, -1), ["lightgrey", "white"])],
        "none": [],
        "tight": [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("TOP", "BOTTOM")],
    }
    flow: list[Any] = []
    number = 0
    for part in plan:
        number = number + 1 if part.ordered else 0
        text = _escaped(part.text)
        if part.kind == "heading":
            size = {1: 18, 2: 14, 3: 11.5}.get(part.level, 10)
            style = ParagraphStyle(
                "head",
                body,
                fontName="Helvetica-Bold",
                fontSize=size,
                leading=1.2 * size,
                keepWithNext=1,
                hyphenationLang="",
            )
            flow.append(platypus.Paragraph(text, style))
        elif part.kind == "item":
            left = 14 * part.level
            style = ParagraphStyle("item", body, leftIndent=left + 14, bulletIndent=left, spaceAfter=2)
            flow.append(
                platypus.Paragraph(text, style, bulletText=f"{number}." if part.ordered else "•–"[part.level > 0])
            )
        elif part.kind == "table":
            share = (0.5, 0.26, 0.24) if len(part.rows[0]) == 3 else (0.7, 0.3)
            cells = [[platypus.Paragraph(f"<b>{name}</b>", cell) for name in part.rows[0]]]
            cells += [[platypus.Paragraph(_escaped(text), cell) for text in row] for row in part.rows[1:]]
            style = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 3), *kinds[rules]]
            flow.append(platypus.Table(cells, colWidths=[width * each for each in share], style=style, repeatRows=1))
            flow.append(platypus.Spacer(1, 8))
        else:
            flow.append(platypus.Paragraph(text, quote if part.kind == "quote" else body))
    frames = [platypus.Frame(60 + place * (width + _GAP), 60, width, 730, 0, 0, 0, 0) for place in range(columns)]

    def running(canvas: Any, template: Any) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(60, 812, HEAD)
        canvas.drawRightString(535, 30, f"Side {canvas.getPageNumber()} af 99")

    buffer = io.BytesIO()
    document = platypus.BaseDocTemplate(buffer, pagesize=(595, 842))
    document.addPageTemplates([platypus.PageTemplate("page", frames, onPage=running)])
    document.build(flow)
    return buffer.getvalue()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _page(plan: Sequence[Part], columns: int, rules: str) -> str:
    """Write a plan as a page for print; words carry soft hyphens."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    body = MarkdownIt("commonmark").enable("table").use(footnote_plugin).render(markdown(plan))
    body = re.sub(r'<a href="#fnref.*?</a>|(?<=>)\[(?=\d+\])|(?<=\d)\](?=</a>)', "", body)  # as on paper
    body = re.sub(r">[^<]+<", lambda match: _hyphenated(match[0]), body)
    body = re.sub(r"(<h\d>)(.*?)(</h\d>)", lambda match: match[1] + match[2].replace("\u00ad", "") + match[3], body)
    borders = {
        "grid": "td, th { border: 0.5pt solid }",
        "lines": "tr { border-bottom: 0.5pt solid grey }",
        "stripes": "tr:nth-child(odd) { background: #e6e6e6 }",
        "none": "",
        "tight": "td, th { padding: 0 3pt }",
    }[rules]
    parted = f"columns: {columns}; column-gap: {_GAP}pt" if columns > 1 else ""
    style = f"""@page {{ size: A4; margin: 22mm 20mm; @top-left {{ content: "{HEAD}"; font: 8pt sans-serif }}
        @bottom-right {{ content: "Side " counter(page) " af " counter(pages); font: 8pt sans-serif }} }}
        body {{ font: 10pt/1.3 "Liberation Serif", serif; margin: 0; {parted} }}
        h1, h2, h3 {{ font-family: sans-serif; break-after: avoid; margin: 0.8em 0 0.3em }}
        p {{ margin: 0 0 0.5em; text-align: {"justify" if columns == 2 else "left"} }} ul, ol {{ padding-left: 1.4em }}
        table {{ border-collapse: collapse; font-size: 9pt; margin: 0.5em 0 }}
        td, th {{ text-align: left; vertical-align: top; padding: 2pt 4pt }} {borders}"""
    return (
        f'<!DOCTYPE html><html lang="da"><meta charset="utf-8"><title>Plan</title><style>{style}</style>{body}</html>'
    )


def _weasyprint(plan: Sequence[Part], columns: int, rules: str) -> bytes:
    import weasyprint

    return bytes(weasyprint.HTML(string=_page(plan, columns, rules)).write_pdf())


def _chromium(plan: Sequence[Part], columns: int, rules: str, *, tagged: bool) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "plan.html", Path(name) / "plan.pdf"
        source.write_text(_page(plan, columns, rules), encoding="utf-8")
        flags = [] if tagged else ["--disable-pdf-tagging"]
        flags += ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={target}"]
        run("chromium", *flags, source.as_uri())
        return target.read_bytes()


def _typst(plan: Sequence[Part], columns: int, rules: str) -> bytes:
    import typst

    stroke = {"grid": "0.5pt", "lines": "(bottom: 0.5pt)"}.get(rules, "none")
    fill = "(x, y) => if calc.even(y) { luma(230) }" if rules == "stripes" else "none"
    out = [
        f'#set page(paper: "a4", columns: {columns}, margin: 2.2cm, header: text(8pt)[{HEAD}], '
        "footer: context align(right, text(8pt)[Side #counter(page).display() af 99]))",
        f'#set text(lang: "da", size: 10pt, hyphenate: true); #set par(justify: {str(columns == 2).lower()})',
        f"#set columns(gutter: {_GAP}pt); #show heading: set text(hyphenate: false)",
        f"#set table(stroke: {stroke}, fill: {fill}, align: left); #show table: set text(9pt)",
        "#show table: set par(justify: false)",
    ]
    for part in plan:
        text = f'#"{_quoted(part.text)}"'
        if part.kind == "heading":
            out.append(f"#heading(level: {part.level})[{text}]\n")
        elif part.kind == "item":
            out.append("  " * part.level + ("+ " if part.ordered else "- ") + text)
        elif part.kind == "table":
            sizes = "(2fr, 1fr, 1fr)" if len(part.rows[0]) == 3 else "(2fr, 1fr)"
            cells = ", ".join(f'[*#"{_quoted(name)}"*]' for name in part.rows[0])
            rows = ", ".join(f'[#"{_quoted(cell)}"]' for row in part.rows[1:] for cell in row)
            out.append(f"\n#table(columns: {sizes}, table.header({cells}), {rows})\n")
        else:
            out.append(f"\n#quote(block: true)[{text}]\n" if part.kind == "quote" else f"\n{text}\n")
    return bytes(typst.compile("\n".join(out).encode()))


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _libreoffice(documents: dict[str, bytes], *, tagged: bool = False) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for key, data in documents.items():
            (folder / f"{key}.docx").write_bytes(data)
        choice = f'pdf:writer_pdf_Export:{{"UseTaggedPDF":{{"type":"boolean","value":"{str(tagged).lower()}"}}}}'
        sources = [str(folder / f"{key}.docx") for key in documents]
        run("soffice", "--headless", "--convert-to", choice, "--outdir", name, *sources)
        return {key: (folder / f"{key}.pdf").read_bytes() for key in documents}


def _word_file(plan: Sequence[Part], columns: int, style: str) -> bytes:
    """Write a plan with python-docx: running head, page numbers, hyphenation, columns that tables keep to."""
    import docx
    from docx.shared import Pt

    document = docx.Document()
    _set_pages(document, columns)
    for part in plan:
        if part.kind == "heading":
            document.add_heading(part.text, part.level)
        elif part.kind == "item":
            kind = ("List Number" if part.ordered else "List Bullet") + (f" {part.level + 1}" if part.level else "")
            document.add_paragraph(part.text, style=kind)
        elif part.kind == "table":
            table = document.add_table(rows=0, cols=len(part.rows[0]), style=style)
            for row in part.rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
                    cell.paragraphs[0].paragraph_format.space_after = Pt(0)
            _set_widths(table, columns)
            document.add_paragraph()
        else:
            document.add_paragraph(part.text, style="Quote" if part.kind == "quote" else None)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _pandoc_file(plan: Sequence[Part], columns: int) -> bytes:
    """Have pandoc write a plan with its notes."""
    import docx

    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "plan.md", Path(name) / "plan.docx"
        source.write_text(markdown(plan), encoding="utf-8")
        run("pandoc", "--from=markdown-smart", "--output", str(target), str(source))
        document = docx.Document(str(target))
    _set_pages(document, columns)
    for table in document.tables:
        _set_widths(table, columns)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _set_widths(table: Any, columns: int) -> None:
    """Make a table as wide as a column: LibreOffice does not, as Word would, and hides what sticks out."""
    from docx.shared import Pt

    table.autofit = False
    shares = (0.5, 0.27, 0.23) if len(table.columns) == 3 else (0.7, 0.3)
    for column, share in zip(table.columns, shares, strict=True):
        width = Pt(int((475 - _GAP * (columns - 1)) / columns * share))
        column.width = width
        for cell in column.cells:
            cell.width = width


def _set_pages(document: Any, columns: int) -> None:
    """Give a Word document its running head, page numbers, hyphenation and columns."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement
    from docx.shared import Pt

    section = document.sections[0]
    section.page_width, section.page_height = Pt(595), Pt(842)
    section.left_margin = section.right_margin = Pt(60)
    section.header.paragraphs[0].text = HEAD
    parted = section._sectPr.find(qn("w:cols"))
    if parted is None:
        section._sectPr.append(parted := OxmlElement("w:cols"))
    parted.set(qn("w:num"), str(columns))
    parted.set(qn("w:space"), str(20 * _GAP))
    hyphenation = OxmlElement("w:autoHyphenation")
    hyphenation.set(qn("w:val"), "true")
    document.settings.element.insert(0, hyphenation)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "da-DK")
    normal = document.styles["Normal"]
    normal.element.get_or_add_rPr().append(language)
    normal.font.size = Pt(10)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for text, field in (("Side ", "PAGE"), (" af ", "NUMPAGES")):
        footer.add_run(text)
        simple, run, shown = (OxmlElement(f"w:{name}") for name in ("fldSimple", "r", "t"))
        simple.set(qn("w:instr"), field)
        shown.text = "1"
        run.append(shown)
        simple.append(run)
        footer._p.append(simple)
