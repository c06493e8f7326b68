"""Tables without rules between their columns: cells that stand under each other with white space between."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from strategitekst.reading.outline import plain
from strategitekst.reading.pdf_cells import bold_row, cell_text, visual_rows
from strategitekst.reading.pdf_notes import RAISED_SIGNS
from strategitekst.reading.pdf_parts import Box, PdfLine, PdfTable, around
from strategitekst.reading.pdf_rows import row_bounds

_NARROWEST = 4.0
"""Points of the narrowest white space between two columns."""
_STEP = 1.6
"""Sizes from line to line, at the most, where they belong to one cell."""
_TALLEST = 6.0
"""Sizes from one row to the next, at the most, where both have several parts."""
_OUTSIDE, _INSIDE = 3.0, 8.0
"""Points that a line may begin before its column, and behind its start."""
_FAR = 3.0
"""Sizes from the first column of a table from which no paragraph begins."""
_MOST_SMALL = 0.35
"""Share of cells that may start with a small letter."""

Gap = tuple[float, float]


def aligned_tables(
    lines: Sequence[PdfLine], rules: Sequence[Box], headers: Collection[str] = ()
) -> list[tuple[PdfTable, list[PdfLine]]]:
    """Find tables among the lines of one column of a page.

    Args:
        lines: The lines.
        rules: Rules from left to right, and the edges of filled rectangles: they part rows.
        headers: How the tables of the document begin: where one is repeated, a single row under it is enough.

    Returns:
        Each table from the top, with the lines in it.
    """
    rows = visual_rows(lines)
    found: list[tuple[PdfTable, list[PdfLine]]] = []
    start = free = 0
    while start < len(rows):
        end, gaps = stretch_of(rows, start) if len(rows[start]) > 1 else (start, [])
        first = start
        while gaps and end > start > free and _is_above(rows[start - 1], rows[start], gaps):
            start -= 1
        table = None
        if end - start > 1:
            known = bool(headers) and row_key(rows[start]) in headers
            table = _table(rows[start:end], gaps, rules, known=known)
        if table is None:
            start = first + 1
        else:
            found.append((table, [line for row in rows[start:end] for line in row]))
            free = start = end
    return found


def table_rest(
    lines: Sequence[PdfLine], edges: Sequence[float], rules: Sequence[Box]
) -> tuple[PdfTable, list[PdfLine]] | None:
    """Find the rest of a table that the end of a column cut.

    Args:
        lines: The lines of the next column.
        edges: Where the columns of the table begin there, from the left.
        rules: As for ``aligned_tables``.

    Returns:
        The rest and the lines in it; None where the column begins with something else.
    """
    rows = visual_rows(lines)
    start = rows[0][0].box.left
    shift = min((start - edge for edge in edges), key=abs)
    edges = [edge + shift for edge in edges] if -_OUTSIDE <= shift <= _INSIDE else edges
    end = 0
    while end < len(rows) and _fits(rows[end], edges, whole=end > 0):
        if end and rows[end - 1][0].box.middle - rows[end][0].box.middle > _TALLEST * rows[end][0].size:
            break
        end += 1
    kept = rows[: _without_foreign(rows[:end])] if any(len(row) > 1 for row in rows[:end]) else rows[: min(end, 1)]
    if not kept:
        return None
    table = _table(kept, [(edge - 1.0, edge) for edge in edges[1:]], rules, known=True)
    whole = replace(table, box=table.box._replace(left=edges[0]), edges=tuple(edges)) if table is not None else None
    return (whole, [line for row in kept for line in row]) if whole is not None else None


def _fits(row: list[PdfLine], edges: Sequence[float], *, whole: bool) -> bool:
    """Say whether lines stand in the columns of a table; one by itself in the first may be the text behind it."""
    for line in row:
        place = max((at for at, edge in enumerate(edges) if edge <= line.box.left + _OUTSIDE), default=-1)
        following = edges[place + 1] if place + 1 < len(edges) else line.box.right + 1
        if place < 0 or line.box.left - edges[place] > _INSIDE or line.box.right > following:
            return False
    return len(row) > 1 or whole or row[0].box.left - edges[0] > _FAR * row[0].size


def row_key(row: Sequence[PdfLine]) -> str:
    """Return what tells the first line of a repeated header."""
    return plain("".join(line.text for line in row))


def stretch_of(rows: list[list[PdfLine]], start: int) -> tuple[int, list[Gap]]:
    """Go down from a row with several parts while the white space between its parts goes on.

    Args:
        rows: The lines of a page that stand beside each other, from the top.
        start: Which of them is the first.

    Returns:
        Behind which row it ends, and from where to where the white space reaches.
    """
    first = rows[start]
    gaps = [(a.box.right, b.box.left) for a, b in pairwise(first)]
    gaps = [gap for gap in gaps if gap[1] - gap[0] >= _NARROWEST]
    end = start + 1
    while gaps and end < len(rows):
        step = rows[end - 1][0].box.middle - rows[end][0].box.middle
        size = rows[end][0].size
        if step > (_TALLEST if len(rows[end]) > 1 else 3.5) * size:
            break
        narrowed = _narrow(gaps, rows[end])
        if narrowed is None:
            break
        gaps = narrowed
        end += 1
    return start + _without_foreign(rows[start:end]), gaps


def _is_above(row: list[PdfLine], below: list[PdfLine], gaps: list[Gap]) -> bool:
    """Say whether lines are the first of names of columns that stand at the foot of their row."""
    near = row[0].box.middle - below[0].box.middle < _STEP * below[0].size
    inside = all(line.box.left >= gaps[0][1] - 1 and line.bold == below[0].bold for line in row)
    return near and inside and _narrow(gaps, row) is not None


def _narrow(gaps: list[Gap], row: list[PdfLine]) -> list[Gap] | None:
    result: list[Gap] = []
    for left, right in gaps:
        for line in row:
            if line.box.left < right and line.box.right > left:
                before, after = (left, line.box.left), (line.box.right, right)
                left, right = max(before, after, key=lambda gap: gap[1] - gap[0])
        if right - left < _NARROWEST:
            return None
        result.append((left, right))
    return result


def _without_foreign(rows: list[list[PdfLine]]) -> int:
    """Return how many of the rows are the table: lines behind its last full row may be the text that follows it."""
    full = max(place for place, row in enumerate(rows) if len(row) > 1)
    for place in range(full + 1, len(rows)):
        if _is_foreign(rows[: place + 1]):
            return place
    return len(rows)


def _is_foreign(rows: list[list[PdfLine]]) -> bool:
    """Say whether the last row is text behind the table: one part on the left, of another look or further off."""
    last = rows[-1]
    body = [line for row in rows[1:-1] for line in row] or rows[0]
    if len(last) > 1 or last[0].box.left > min(line.box.left for line in body) + 3:
        return False
    sizes = {line.size for line in body}
    widest = max((a[0].box.middle - b[0].box.middle for a, b in pairwise(rows[:-1])), default=2 * last[0].size)
    step = rows[-2][0].box.middle - last[0].box.middle
    return (
        last[0].size not in sizes
        or (last[0].bold and not body[-1].bold)
        or step > 1.3 * widest
        or last[0].text[0] in RAISED_SIGNS
    )


def _table(rows: list[list[PdfLine]], gaps: list[Gap], rules: Sequence[Box], *, known: bool) -> PdfTable | None:
    lines = [line for row in rows for line in row]
    box = around([line.box for line in lines])
    columns = columns_of(lines, gaps)
    bounds, ruled = row_bounds(columns, box, rules)
    cells: list[list[list[PdfLine]]] = [[[] for _ in columns] for _ in range(len(bounds) + 1)]
    for place, column in enumerate(columns):
        for line in column:
            cells[sum(line.box.middle < bound for bound in bounds)][place].append(line)
    kept = [row for row in cells if any(row)]
    if not known and ((not ruled and len(kept) < 3 and len(columns) < 3) or not _is_sound(kept, columns, ruled)):
        return None
    bold = bold_row(kept[0]) and not all(bold_row(row) for row in kept)
    texts = tuple(tuple(cell_text(cell) for cell in row) for row in kept)
    edges = tuple(
        min((line.box.left for line in column), default=gap[1])
        for column, gap in zip(columns, [(box.left, box.left), *gaps], strict=True)
    )
    return PdfTable(box, texts, edges, lines[0].page, True if bold else None)


def columns_of(lines: Sequence[PdfLine], gaps: Sequence[Gap]) -> list[list[PdfLine]]:
    """Part lines where white space does; in the order that they come in."""
    middles = [(left + right) / 2 for left, right in gaps]
    columns: list[list[PdfLine]] = [[] for _ in range(len(gaps) + 1)]
    for line in lines:
        columns[sum(line.box.left > middle - 1 for middle in middles)].append(line)
    return columns


def _is_sound(rows: list[list[list[PdfLine]]], columns: list[list[PdfLine]], ruled: bool) -> bool:
    """Say whether rows and columns are those of a table: not of text in columns, nor of a list of contents."""
    wide = [row for row in rows if sum(map(bool, row)) > 1]
    if len(rows) < 2 or len(wide) < 2 or len(wide) < 0.6 * len(rows):
        return False
    if len(columns) == 2 and all(line.text.strip(" .").isdigit() for line in columns[1]):
        return False
    texts = [cell[0].text for row in rows for cell in row if cell]
    small = sum(text[:1].islower() for text in texts)
    if small > _MOST_SMALL * len(texts):
        return False
    lengths = [len(line.text) for column in columns for line in column]
    return (
        ruled or len(columns) > 2 or (len(rows) > 2 and min(len(column) for column in columns) > 1) or max(lengths) < 60
    )
