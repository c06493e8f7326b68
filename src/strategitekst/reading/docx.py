"""Word files → blocks: styles as headings, list paragraphs as items, tables as rows, notes behind their paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from strategitekst.document import Block
from strategitekst.errors import CorruptFile
from strategitekst.reading.collecting import Collector
from strategitekst.reading.docx_numbering import Numbering
from strategitekst.reading.docx_styles import (
    SUBTITLE_LEVEL,
    Mark,
    StyleFacts,
    Styles,
    W,
    list_mark,
    outline_level,
    switch,
)
from strategitekst.reading.docx_tables import Cell, grid, unwrapped
from strategitekst.reading.numbering import is_numbered_heading
from strategitekst.reading.outline import to_blocks
from strategitekst.reading.packages import Package
from strategitekst.reading.pieces import Piece, with_chunks, with_first_gap
from strategitekst.reading.tables import merged_header, table_pieces
from strategitekst.reading.text import text_pieces
from strategitekst.reading.unread import embedded_tables

_TRANSITIONAL = W[1:-1].encode()
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_SIGNS = {f"{W}tab": " ", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": "\xad"}
_SKIPPED = frozenset([f"{W}moveFrom", f"{W}txbxContent", f"{W}pPr", f"{W}rPr", f"{W}sdtPr", f"{W}rt", _FALLBACK])
_WRAPPERS = frozenset(f"{W}{name}" for name in ("ins", "moveTo", "customXml", "smartTag"))
_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}


def read_docx(data: bytes, name: str, most_bytes: int) -> tuple[list[Block], int]:
    """Read a Word file.

    Headings are told by style, outline level or automatic number; where a document uses none, by shape. Tracked changes
    are read as if accepted; comments, tables of contents, headers and footers are passed over.

    Args:
        data: The content of the file.
        name: How messages name it.
        most_bytes: What its parts together may hold unpacked.

    Returns:
        Its blocks in reading order, and how many tables there are that no text could be read from.

    Raises:
        CorruptFile: It cannot be read to the end.
        TooLarge: It holds too much unpacked.
    """
    package = Package(data, name, most_bytes)
    main = next(
        (target for kind, target in _relations(package, "_rels/.rels", "") if kind == "officeDocument"),
        "word/document.xml",
    )
    body = _part(package, main).find(f"{W}body")
    if body is None:
        raise CorruptFile(f"{name} er beskadiget og har ingen tekst: gem den igen i Word")
    folder, _, file = main.rpartition("/")
    parts = dict(_relations(package, f"{folder}/_rels/{file}.rels", main))
    reader = _Reader({kind: _part(package, parts[kind]) for kind in _READ if parts.get(kind) in package.names})
    reader.blocks(body)
    reader.found.finish()
    pieces = reader.found.pieces
    titled = any(piece.level == 1 and piece.mark == "title" for piece in pieces)
    ready = with_chunks(_under_title(piece) if titled else piece for piece in pieces)
    unread = embedded_tables(body.iter(f"{W}p"))
    return to_blocks(ready, marked=any(piece.level for piece in ready)), unread


_READ = ("styles", "numbering", "footnotes", "endnotes")


def _part(package: Package, part: str) -> Any:
    """Parse a part; the strict variant of the format differs from the usual one in its names only."""
    return package.xml(part, (_STRICT, _TRANSITIONAL))


def _relations(package: Package, part: str, base: str) -> Iterator[tuple[str, str]]:
    """Yield the kinds of a part's relations and the parts they lead to; those that lead out of the file are not."""
    if part not in package.names:
        return
    for relation in package.xml(part).iter(_RELATION):
        if relation.get("TargetMode") != "External":
            yield relation.get("Type", "").rpartition("/")[2], package.beside(base, relation.get("Target", ""))


def _under_title(piece: Piece) -> Piece:
    """Put the headings of a document with a title one level down."""
    below = piece.kind == "heading" and piece.mark != "title" and piece.level < SUBTITLE_LEVEL
    return replace(piece, level=piece.level + 1) if below else piece


class _Reader:
    """Walks through the body of a document.

    Args:
        parts: The roots of the parts in ``_READ`` that the file has.
    """

    def __init__(self, parts: dict[str, Any]) -> None:
        self.found = Collector()
        self._styles = Styles(parts.get("styles"))
        self._numbering = Numbering(parts.get("numbering"))
        self._notes = {
            (kind, note.get(f"{W}id")): note
            for kind in _NOTES.values()
            if kind in parts
            for note in parts[kind].iterchildren()
            if note.get(f"{W}type") in (None, "normal")
        }
        self._gap = 1
        self._open: list[str] = []

    def blocks(self, container: Any) -> None:
        """Read the children of the body, a cell, a text box or a content control."""
        for child in container.iterchildren():
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                self._table(child)
            elif child.tag == f"{W}sdt" and not _is_contents_control(child):
                for content in child.iterchildren(f"{W}sdtContent"):
                    self.blocks(content)
            elif child.tag in _WRAPPERS:
                self.blocks(child)

    def _paragraph(self, paragraph: Any) -> None:
        own = paragraph.find(f"{W}pPr")
        style = self._styles.of(own)
        notes: list[str] = []
        text = "".join(self._open) + self._text(paragraph, notes)
        self._open.clear()
        mark = list_mark(own)
        if _is_end_deleted(own):  # the paragraph goes on in the next one
            self._open.append(text)
        elif text.strip() and not style.contents:
            pieces = self._pieces(text, own, style, mark if mark is not None else style.mark, paragraph)
            self.found.add(with_first_gap(pieces, self._gap), notes)
            self._gap = 1
        elif not style.contents:
            self._gap += 1
        for box in _text_boxes(paragraph):
            self.blocks(box)

    def _pieces(self, text: str, own: Any, style: StyleFacts, mark: Mark | None, paragraph: Any) -> list[Piece]:
        level = outline_level(own) or style.level
        in_list = mark is not None and mark.list_id != "0"
        number = self._numbering.next(mark) if mark is not None and in_list else ""
        if level:
            joined = " ".join(piece.mark + piece.text for piece in text_pieces(text))
            return [Piece(joined, "heading", level=level, mark="title" if style.title else "")]
        strong = _is_bold(paragraph, style.bold)
        pieces = text_pieces(text)
        if in_list or (mark is None and style.listed):
            depth = mark.depth if mark is not None else style.listed - 1
            if is_numbered_heading(pieces, number, strong=strong):
                return [Piece(pieces[0].text, "heading", level=depth + 1)]
            return [replace(piece, kind="item", number=0, mark="", depth=depth) for piece in pieces]
        if style.caption:
            return [replace(piece, kind="prose") for piece in pieces]
        return [replace(piece, strong=piece.strong or strong) for piece in pieces]

    def _text(self, element: Any, notes: list[str]) -> str:
        """Put the text of a paragraph together; a manual line break stays a line break."""
        parts: list[str] = []
        for child in element.iterchildren():
            tag = child.tag
            if tag in _SKIPPED or (tag == f"{W}r" and switch(child.find(f"{W}rPr"), "vanish")):
                continue
            if tag in (f"{W}t", _MATHS):
                parts.append(child.text or "")
            elif tag in _SIGNS:
                parts.append(_SIGNS[tag])
            elif tag == f"{W}br":
                parts.append("\n" if child.get(f"{W}type") in (None, "textWrapping") else " ")
            elif tag in _NOTES:
                note = self._notes.get((_NOTES[tag], child.get(f"{W}id")))
                if note is not None:
                    notes.append("\n\n".join(self._text(part, []) for part in note.iter(f"{W}p")))
            else:
                parts.append(self._text(child, notes))
        return "".join(parts)

    def _table(self, table: Any) -> None:
        """Read a table row by row; one of a single row or column, or with headings in it, cell by cell."""
        rows, headers = grid(table)
        layout = len(rows) == 1 or max((len(row) for row in rows), default=0) <= 1
        if layout or self._has_headings(rows):
            for cell in (cell for row in rows for cell in row if cell.own):
                self.blocks(cell.element)
            return
        notes: list[str] = []
        width = max(cell.column for row in rows for cell in row) + 1
        texts = [self._row(row, width, notes) for row in rows]
        texts, has_header = merged_header(texts, headers)
        self.found.add(table_pieces(texts, has_header=has_header), notes)
        for element in (cell.element for row in rows for cell in row if cell.own):
            for inner in element.iterchildren(f"{W}tbl"):
                self._table(inner)
            for paragraph in unwrapped(element, "p"):
                for box in _text_boxes(paragraph):
                    self.blocks(box)

    def _row(self, row: list[Cell], width: int, notes: list[str]) -> list[str]:
        texts = [""] * width
        for cell in row:
            own = notes if cell.own else []
            parts = [" ".join(self._text(part, own).split()) for part in unwrapped(cell.element, "p")]
            texts[cell.column] = " ".join(part for part in parts if part)
        return texts

    def _has_headings(self, rows: list[list[Cell]]) -> bool:
        cells = (cell.element for row in rows for cell in row if cell.own)
        return any(self._styles.of(part.find(f"{W}pPr")).level for cell in cells for part in unwrapped(cell, "p"))


def _is_contents_control(control: Any) -> bool:
    galleries = control.iter(f"{W}docPartGallery")
    return any("table of contents" in part.get(f"{W}val", "").lower() for part in galleries)


def _is_end_deleted(properties: Any | None) -> bool:
    """Say whether a tracked deletion took the end of the paragraph."""
    own = None if properties is None else properties.find(f"{W}rPr")
    return own is not None and own.find(f"{W}del") is not None


def _text_boxes(element: Any) -> Iterator[Any]:
    for child in element.iterchildren():
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag not in _SKIPPED:
            yield from _text_boxes(child)


def _is_bold(paragraph: Any, by_style: bool) -> bool:
    """Say whether all text of a paragraph is bold."""
    runs = [run for run in paragraph.iter(f"{W}r") if any((part.text or "").strip() for part in run.iter(f"{W}t"))]
    bolds = (switch(run.find(f"{W}rPr"), "b") for run in runs)
    return bool(runs) and all(by_style if bold is None else bold for bold in bolds)
