"""Groups and tables page by page → pieces: what the end of a page or column cut is put together again."""

from __future__ import annotations

from collections.abc import Sequence

from strategitekst.reading.pdf_groups import Part, Style, ends_early, is_figure, is_next
from strategitekst.reading.pdf_headings import text_of
from strategitekst.reading.pdf_notes import is_caption, without_note_marks, without_note_start
from strategitekst.reading.pdf_parts import Group, PdfLine, PdfTable
from strategitekst.reading.pdf_tables import continued, names_columns, with_rest
from strategitekst.reading.pieces import Piece
from strategitekst.reading.repair import clean, is_broken, repair
from strategitekst.reading.shape import bullet, ends_firmly, ends_sentence, number_depth
from strategitekst.reading.tables import table_pieces

_SHORTEST_CUT = 40
"""Characters of the shortest text that may go on behind a gap without the file saying so."""
_INDENT = 0.8
"""Sizes from which a line is indented: the first of a paragraph, or those of a quotation."""

Edges = dict[tuple[int, int], tuple[float, float]]


def to_pieces(pages: Sequence[Sequence[Part]], style: Style) -> list[Piece]:
    """Put the parts of a document together.

    Args:
        pages: The parts of each page, headings marked.
        style: What is usual in the document.

    Returns:
        The pieces; notes, captions and lists of contents are residue.
    """
    edges = _edges(pages)
    parts: list[Part] = []
    for part in (part for page in pages for part in page):
        if isinstance(part, PdfTable):
            _add_table(parts, part)
            continue
        if part.role in ("", "prose") and is_caption(text_of(part)):
            part.role = "caption"
        table = _cut_table(parts, part)
        if table is not None:
            parts[table[0]] = table[1]
            continue
        before = _before(parts, part)
        if before is not None and _goes_on(before, part, edges, _between(parts, before)):
            before.lines += part.lines
            before.opens = part.opens
        else:
            parts.append(part)
    return [piece for part in parts for piece in _pieces(part, style)]


def _edges(pages: Sequence[Sequence[Part]]) -> Edges:
    """Measure where the text of each column begins and ends."""
    edges: Edges = {}
    for line in (line for page in pages for part in page if isinstance(part, Group) for line in part.lines):
        left, right = edges.get((line.page, line.column), (line.box.left, line.box.right))
        edges[line.page, line.column] = min(left, line.box.left), max(right, line.box.right)
    return edges


def _add_table(parts: list[Part], table: PdfTable) -> None:
    place = len(parts) - 1
    while place >= 0 and isinstance(part := parts[place], Group) and part.role in ("note", "contents"):
        place -= 1
    last = parts[place] if place >= 0 else None
    whole = continued(last, table) if isinstance(last, PdfTable) else None
    if whole is None:
        parts.append(table)
    else:
        parts[place] = whole


def _cut_table(parts: Sequence[Part], part: Group) -> tuple[int, PdfTable] | None:
    """Put the rest of a cell that the end of a page cut into the table before it."""
    place = len(parts) - 1
    while place >= 0 and isinstance(other := parts[place], Group) and other.role in ("note", "contents"):
        place -= 1
    table = parts[place] if place >= 0 else None
    if part.role or not isinstance(table, PdfTable) or table.page == part.first.page:
        return None
    whole = with_rest(table, part.first.box.left, text_of(part))
    return (place, whole) if whole is not None else None


def _before(parts: Sequence[Part], part: Group) -> Group | None:
    """Find the running text before a group: notes, captions, tables and boxes between do not count."""
    if part.role not in ("", "prose", "item"):
        return None
    for other in reversed(parts):
        if isinstance(other, PdfTable) or other.role in ("note", "caption"):
            continue
        if other.last.frame and not part.first.frame and other.role != "heading":
            continue
        return other if other.role in ("", "prose", "item") else None
    return None


def _between(parts: Sequence[Part], before: Group) -> list[Part]:
    """Return what stands behind a group."""
    place = next(place for place in range(len(parts) - 1, -1, -1) if parts[place] is before)
    return list(parts[place + 1 :])


def _goes_on(before: Group, part: Group, edges: Edges, between: Sequence[Part]) -> bool:
    """Say whether a group goes on with the text before it; notes, tables and boxes may stand between."""
    parted = any(isinstance(other, PdfTable) or other.role != "note" for other in between)
    last, first = before.last, part.first
    if before.role or part.role:
        cut = not ends_firmly(clean(last.text)) and first.text[:1].islower()
        return last.page != first.page and ((before.opens and part.goes_on) or (cut and before.role == part.role))
    if abs(last.size - first.size) > 0.06 * last.size:
        return False
    mark = bullet(first.text)
    numbered = mark is not None and mark.number > 0 and not is_next(before.first, first)
    if numbered and is_figure(last, first, edges[last.page, last.column][1]):
        mark = None
    if mark or number_depth(first.text) > 1 or (first.bold and not last.bold):
        return False
    above, below = clean(last.text), clean(first.text)
    if is_broken(above, below):
        return True
    small = below[:1].islower()
    long = sum(len(line.text) for line in before.lines) >= _SHORTEST_CUT
    shift = last.box.left - edges[last.page, last.column][0]
    left = first.box.left - edges[first.page, first.column][0]
    quoted = shift > _INDENT * first.size and abs(left - shift) < 1 and not bullet(before.first.text)
    full = quoted or not ends_early(last, first, edges[last.page, last.column][1])
    if (last.page, last.column) == (first.page, first.column):
        return small and long and not ends_firmly(above) and (bool(between) or full)
    is_item = bullet(before.first.text) is not None
    if is_item and left < 0.5 * first.size and edges[last.page, last.column][0] < before.first.box.left - 2:
        return small and not ends_firmly(above)
    if small:
        return not ends_sentence(above)
    announces = len(part.lines) == 1 and below.endswith(":") and ends_sentence(above)
    if not full or above.endswith(":") or announces or parted:
        return False
    if is_item:
        hang = (before.lines[1].box.left if len(before.lines) > 1 else before.first.inner) or before.first.box.left
        start = edges[before.first.page, before.first.column][0]
        return abs(left - (hang - start)) < 0.3 * first.size and not ends_sentence(above)
    new = left > _INDENT * first.size and (
        (len(part.lines) > 1 and part.lines[1].box.left < first.box.left - 0.5 * first.size) or shift < 0.5 * first.size
    )
    return not new and long and (not ends_sentence(above) or len(before.lines) > 1)


def _pieces(part: Part, style: Style) -> list[Piece]:
    if isinstance(part, PdfTable):
        rows = [[without_note_marks(cell) for cell in row] for row in part.rows]
        return table_pieces(rows, has_header=part.has_header or names_columns(rows) or None, page=part.page)
    page = part.first.page
    text = repair(without_note_marks(text_of(part)) if part.role != "note" else text_of(part))
    if part.role == "heading":
        return [Piece(text, "heading", level=part.level, page=page)]
    if part.role == "note":
        return [Piece(repair(without_note_marks(without_note_start(text))), "residue", page=page)]
    if part.role in ("caption", "contents"):
        return [Piece(text, "residue", page=page)]
    mark = bullet(text)
    if part.role == "item":
        return [
            Piece(text[mark.length :] if mark else text, "item", mark=text[: mark.length] if mark else "", page=page)
        ]
    if mark is not None and number_depth(text) < 2:
        return [Piece(text[mark.length :], "item", number=mark.number, mark=text[: mark.length], page=page)]
    return [Piece(text, strong=_is_strong(part.lines), page=page)]


def _is_strong(lines: Sequence[PdfLine]) -> bool:
    return all(line.bold for line in lines)
