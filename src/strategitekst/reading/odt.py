"""OpenDocument text → blocks: headings, lists, tables as rows, text boxes, notes behind their paragraph."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from strategitekst.document import Block
from strategitekst.errors import CorruptFile
from strategitekst.reading.collecting import Collector
from strategitekst.reading.encryption import odf_decoders
from strategitekst.reading.numbering import is_numbered_heading
from strategitekst.reading.odt_styles import OFFICE, TABLE, TEXT, Lists, Styles, whole
from strategitekst.reading.outline import to_blocks
from strategitekst.reading.packages import Package
from strategitekst.reading.pieces import Piece, with_chunks, with_first_gap
from strategitekst.reading.tables import merged_header, table_pieces
from strategitekst.reading.text import text_pieces
from strategitekst.reading.unread import embedded_tables

_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_MANIFEST = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"
_SKIPPED = frozenset(
    [
        *(f"{OFFICE}{name}" for name in ("annotation", "forms", "event-listeners")),
        *(
            f"{TEXT}{name}"
            for name in (
                "tracked-changes",  # holds what was deleted
                "table-of-content",
                "illustration-index",
                "table-index",
                "object-index",
                "user-index",
                "alphabetical-index",
                "note",
                "ruby-text",
                "hidden-text",
                "sequence-decls",
                "variable-decls",
                "user-field-decls",
            )
        ),
        f"{_DRAW}frame",
        f"{_DRAW}custom-shape",
        f"{_DRAW}rect",
    ]
)
_BOXES = frozenset([f"{_DRAW}frame", f"{_DRAW}custom-shape", f"{_DRAW}rect"])
_MOST_REPEATS = 100
"""Times that a cell or a row may stand for itself again; spreadsheets fill their width with empty ones."""


def read_odt(data: bytes, name: str, most_bytes: int, password: str | None = None) -> tuple[list[Block], int]:
    """Read an OpenDocument text (.odt).

    Headings are told by their level or style; where a document marks none, by shape. Tracked changes are read as if
    accepted; comments, indexes, headers and footers are passed over.

    Args:
        data: The content of the file.
        name: How messages name it.
        most_bytes: What its parts together may hold unpacked.
        password: Opens it, where it asks for one.

    Returns:
        Its blocks in reading order, and how many tables there are that no text could be read from.

    Raises:
        CorruptFile: It cannot be read to the end.
        EncryptedFile: It asks for a password, or for another one.
        TooLarge: It holds too much unpacked.
    """
    package = Package(data, name, most_bytes)
    manifest = "META-INF/manifest.xml"
    media: dict[str, str] = {}
    if manifest in package.names:
        parts = package.xml(manifest)
        package.decode(odf_decoders(parts, name, password))
        media = {
            part.get(f"{_MANIFEST}full-path", "").rstrip("/"): part.get(f"{_MANIFEST}media-type", "")
            for part in parts.iter(f"{_MANIFEST}file-entry")
        }
    content = package.xml("content.xml")
    text = content.find(f"{OFFICE}body/{OFFICE}text")
    if text is None:
        raise CorruptFile(f"{name} er et OpenDocument uden tekst, måske et regneark: gem det som PDF")
    roots = [content, *([package.xml("styles.xml")] if "styles.xml" in package.names else [])]
    reader = _Reader(Styles(roots), Lists(roots))
    reader.blocks(text)
    reader.found.finish()
    pieces = reader.found.pieces
    titled = any(piece.mark == "title" for piece in pieces)
    ready = with_chunks(_under_title(piece) if titled else piece for piece in pieces)
    unread = embedded_tables(text.iter(f"{TEXT}p"), media)
    return to_blocks(ready, marked=any(piece.level for piece in ready)), unread


def _under_title(piece: Piece) -> Piece:
    below = piece.kind == "heading" and piece.mark != "title"
    return replace(piece, level=piece.level + 1) if below else piece


class _Reader:
    """Walks through the text of a document."""

    def __init__(self, styles: Styles, lists: Lists) -> None:
        self.found = Collector()
        self._styles = styles
        self._lists = lists
        self._gap = 1

    def blocks(self, container: Any, depth: int = -1, list_style: str | None = None) -> None:
        """Read the children of the body, a section, an item, a cell or a text box.

        Args:
            container: The element.
            depth: How deep in lists it stands, -1 for outside.
            list_style: The style of the list that it stands in.
        """
        first = True
        for child in container.iterchildren():
            tag = child.tag
            if tag in (f"{TEXT}p", f"{TEXT}h"):
                self._paragraph(child, depth, list_style, first=first)
                first = False
            elif tag == f"{TEXT}list":
                name = child.get(f"{TEXT}style-name") or list_style
                for item in child.iterchildren(f"{TEXT}list-item", f"{TEXT}list-header"):
                    self.blocks(item, depth + 1, name)
            elif tag == f"{TABLE}table":
                self._table(child)
            elif tag in _BOXES:
                self._box(child)
            elif isinstance(tag, str) and tag not in _SKIPPED:
                self.blocks(child, depth, list_style)

    def _box(self, frame: Any) -> None:
        for inner in frame.iterchildren(f"{_DRAW}text-box", f"{_DRAW}frame"):
            self.blocks(inner)
        if frame.tag != f"{_DRAW}frame":
            self.blocks(frame)

    def _paragraph(self, element: Any, depth: int, list_style: str | None, *, first: bool) -> None:
        notes: list[str] = []
        text = self._text(element, notes)
        style = self._styles.of(element)
        level = style.level
        if element.tag == f"{TEXT}h":
            level = whole(element.get(f"{TEXT}outline-level"), 1)
        if text.strip() and not style.contents:
            pieces = self._pieces(text, style.bold, level, depth, self._lists.next(list_style, depth) if first else "")
            if style.title and level:
                pieces = [replace(piece, mark="title") for piece in pieces]
            elif style.caption:
                pieces = [replace(piece, kind="prose", strong=False) for piece in pieces]
            self.found.add(with_first_gap(pieces, self._gap), notes)
            self._gap = 1
        elif not style.contents:
            self._gap += 1
        for frame in _frames(element):
            self._box(frame)

    def _pieces(self, text: str, bold: bool, level: int, depth: int, number: str) -> list[Piece]:
        pieces = text_pieces(text)
        if level:
            joined = " ".join(piece.mark + piece.text for piece in pieces)
            return [Piece(joined, "heading", level=level)]
        if depth < 0:
            return [replace(piece, strong=piece.strong or bold) for piece in pieces]
        if is_numbered_heading(pieces, number, strong=bold):
            return [Piece(pieces[0].text, "heading", level=depth + 1)]
        return [replace(piece, kind="item", number=0, mark="", depth=depth) for piece in pieces]

    def _text(self, element: Any, notes: list[str]) -> str:
        """Put the text of a paragraph together: white space folded as the format wants, its own spaces kept."""
        parts = [element.text or ""]
        for child in element.iterchildren():
            tag = child.tag
            if tag == f"{TEXT}note":
                body = child.find(f"{TEXT}note-body")
                if body is not None:
                    notes.append("\n\n".join(self._text(part, []) for part in body.iter(f"{TEXT}p")))
            elif tag in (f"{TEXT}s", f"{TEXT}tab"):
                parts.append(" ")
            elif tag == f"{TEXT}line-break":
                parts.append("\x00")
            elif isinstance(tag, str) and tag not in _SKIPPED:
                parts.append(self._text(child, notes))
            parts.append(child.tail or "")
        text = "".join(parts)
        folded = " ".join(text.replace("\n", " ").replace("\t", " ").split(" "))
        return folded.replace("\x00", "\n") if element.tag in (f"{TEXT}p", f"{TEXT}h") else folded

    def _table(self, table: Any) -> None:
        """Read a table row by row; one of a single row or column, or with headings in it, cell by cell."""
        headers = sum(1 for part in table.iter(f"{TABLE}table-header-rows") for _ in part.iter(f"{TABLE}table-row"))
        rows = [_cells(row) for row in _rows(table)]
        layout = len(rows) <= 1 or max(len(row) for row in rows) <= 1
        cells = [cell for row in rows for cell in row if cell is not None]
        if layout or any(next(cell.iterchildren(f"{TEXT}h"), None) is not None for cell in cells):
            for cell in cells:
                self.blocks(cell)
            return
        notes: list[str] = []
        texts = [[self._cell(cell, notes) for cell in row] for row in rows]
        texts, has_header = merged_header(texts, headers)
        self.found.add(table_pieces(texts, has_header=has_header), notes)
        for cell in cells:
            for inner in cell.iterchildren(f"{TABLE}table"):
                self._table(inner)
            for part in _paragraphs(cell):
                for frame in _frames(part):
                    self._box(frame)

    def _cell(self, cell: Any | None, notes: list[str]) -> str:
        parts = [] if cell is None else [" ".join(self._text(part, notes).split()) for part in _paragraphs(cell)]
        return " ".join(part for part in parts if part)


def _rows(table: Any) -> list[Any]:
    """Return the rows of a table, not those of tables in its cells."""
    rows: list[Any] = []
    for child in table.iterchildren():
        if child.tag == f"{TABLE}table-row":
            rows += [child] * min(whole(child.get(f"{TABLE}number-rows-repeated"), 1), _MOST_REPEATS)
        elif child.tag in (f"{TABLE}table-header-rows", f"{TABLE}table-rows", f"{TABLE}table-row-group"):
            rows += _rows(child)
    return rows


def _cells(row: Any) -> list[Any | None]:
    """Return the cells of a row; None for those that a merged cell covers."""
    cells: list[Any | None] = []
    for child in row.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
        cell = child if child.tag == f"{TABLE}table-cell" else None
        cells += [cell] * min(whole(child.get(f"{TABLE}number-columns-repeated"), 1), _MOST_REPEATS)
    return cells


def _paragraphs(cell: Any) -> list[Any]:
    """Return the paragraphs of a cell, those in lists and sections too, not those in tables inside."""
    found: list[Any] = []
    for child in cell.iterchildren():
        if child.tag in (f"{TEXT}p", f"{TEXT}h"):
            found.append(child)
        elif child.tag != f"{TABLE}table" and child.tag not in _SKIPPED:
            found += _paragraphs(child)
    return found


def _frames(element: Any) -> list[Any]:
    found: list[Any] = []
    for child in element.iterchildren():
        if child.tag in _BOXES:
            found.append(child)
        elif child.tag not in _SKIPPED:
            found += _frames(child)
    return found
