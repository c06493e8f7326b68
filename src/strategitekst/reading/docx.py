"""Word files → blocks: styles as headings, list paragraphs as items, tables as rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from strategitekst.document import Block
from strategitekst.errors import CorruptFile
from strategitekst.reading.docx_styles import SUBTITLE_LEVEL, Styles, numbering, outline_level
from strategitekst.reading.outline import to_blocks
from strategitekst.reading.pieces import Piece, with_chunks, with_first_gap
from strategitekst.reading.tables import table_pieces
from strategitekst.reading.text import text_pieces

_TEXT, _TAB, _BREAK, _RETURN = qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")
_HYPHEN, _SOFT_HYPHEN = qn("w:noBreakHyphen"), qn("w:softHyphen")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = frozenset([qn("w:moveFrom"), qn("w:txbxContent"), qn("w:pPr"), qn("w:rPr"), _FALLBACK])


def read_docx(data: bytes, name: str) -> list[Block]:
    """Read a Word file.

    Headings are told by style or outline level; where a document uses none, by shape. Tracked changes are read as if
    accepted; tables of contents, headers, footers and notes are passed over.

    Args:
        data: The content of the file; its unpacked size has been checked.
        name: How messages name it.

    Returns:
        Its blocks in reading order.

    Raises:
        CorruptFile: It cannot be read to the end.
    """
    try:
        document = docx.Document(BytesIO(data))
        pieces = list(_pieces(document.element.body, document, Styles(document)))
    except Exception as error:  # whatever the parsers trip over, the file is at fault
        raise CorruptFile(f"{name} er beskadiget og kan ikke læses til ende: gem den igen i Word") from error
    titled = any(piece.level == 1 and piece.mark == "title" for piece in pieces)
    ready = with_chunks(_under_title(piece) if titled else piece for piece in pieces)
    return to_blocks(ready, marked=any(piece.level for piece in ready))


def _under_title(piece: Piece) -> Piece:
    """Put the headings of a document with a title one level down."""
    below = piece.kind == "heading" and piece.mark != "title" and piece.level < SUBTITLE_LEVEL
    return replace(piece, level=piece.level + 1) if below else piece


def _pieces(container: Any, parent: Any, styles: Styles) -> Iterator[Piece]:
    """Walk through the children of the body, a cell or a content control."""
    gap = 1
    for child in container.iterchildren():
        if child.tag == qn("w:p"):
            found = list(_paragraph(Paragraph(child, parent), styles))
            yield from with_first_gap(found, gap)
            gap = 1 if found else gap + 1
        elif child.tag == qn("w:tbl"):
            yield from _table(Table(child, parent), styles)
        elif child.tag == qn("w:sdt") and not _is_contents_control(child):
            for content in child.iterchildren(qn("w:sdtContent")):
                yield from _pieces(content, parent, styles)
        elif child.tag in (qn("w:ins"), qn("w:customXml"), qn("w:smartTag")):
            yield from _pieces(child, parent, styles)


def _is_contents_control(control: Any) -> bool:
    return any(
        "table of contents" in (part.get(qn("w:val")) or "").lower() for part in control.iter(qn("w:docPartGallery"))
    )


def _paragraph(paragraph: Paragraph, styles: Styles) -> Iterator[Piece]:
    text = _text(paragraph._p)
    style = styles.of(paragraph)
    if text.strip() and not style.contents:
        own = paragraph._p.pPr
        pieces = text_pieces(text)
        level = outline_level(own) or style.level
        listed = numbering(own)
        if level:
            joined = " ".join(piece.mark + piece.text for piece in pieces)
            yield Piece(joined, "heading", level=level, mark="title" if style.title else "")
        elif style.listed if listed is None else listed:
            yield from (replace(piece, kind="item", number=0, mark="") for piece in pieces)
        else:
            strong = _is_bold(paragraph, style.bold)
            yield from (replace(piece, strong=piece.strong or strong) for piece in pieces)
    for box in _text_boxes(paragraph._p):
        yield from _pieces(box, paragraph._parent, styles)


def _text(element: Any) -> str:
    """Put the text of a paragraph together; a manual line break stays a line break."""
    parts: list[str] = []
    for child in element.iterchildren():
        if child.tag in _SKIPPED:
            continue
        if child.tag == _TEXT:
            parts.append(child.text or "")
        elif child.tag == _TAB:
            parts.append(" ")
        elif child.tag in (_BREAK, _RETURN):
            parts.append("\n" if child.get(qn("w:type")) is None else " ")
        elif child.tag == _HYPHEN:
            parts.append("-")
        elif child.tag == _SOFT_HYPHEN:
            parts.append("\xad")
        else:
            parts.append(_text(child))
    return "".join(parts)


def _text_boxes(element: Any) -> Iterator[Any]:
    for child in element.iterchildren():
        if child.tag == qn("w:txbxContent"):
            yield child
        elif child.tag not in _SKIPPED:
            yield from _text_boxes(child)


def _is_bold(paragraph: Paragraph, by_style: bool) -> bool:
    runs = [run for run in paragraph.runs if run.text.strip()]
    return bool(runs) and all(by_style if run.bold is None else run.bold for run in runs)


def _table(table: Table, styles: Styles) -> Iterator[Piece]:
    """Read a table row by row; one of a single row or column is layout and read cell by cell."""
    rows = [list(row.cells) for row in table.rows]
    if len(rows) == 1 or max((len(row) for row in rows), default=0) == 1:
        seen: set[int] = set()
        for cell in (cell for row in rows for cell in row):
            if id(cell._tc) not in seen:
                seen.add(id(cell._tc))
                yield from _pieces(cell._tc, cell, styles)
        return
    marked = table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    yield from table_pieces([_cell_texts(row) for row in rows], has_header=True if marked else None)


def _cell_texts(cells: list[Any]) -> list[str]:
    """Return the text of each column; a cell over several columns counts in the first alone."""
    texts: list[str] = []
    for place, cell in enumerate(cells):
        merged = place > 0 and cell._tc is cells[place - 1]._tc
        texts.append("" if merged else " ".join(" ".join(_text(part).split()) for part in cell._tc.iter(qn("w:p"))))
    return texts
