"""Tables without rules between their columns: cells that stand under each other with white space between."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from strategitekst.reading.outline import plain
from strategitekst.reading.pdf_cells import bold_row, cell_text, visual_rows
from strategitekst.reading.pdf_parts import Box, PdfLine, PdfTable, around

_NARROWEST = 4.0
"""Points of the narrowest white space between two columns."""
_PADDING = 0.18
"""Sizes by which the space between two rows is wider than that between two lines of a cell."""
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
    start = 0
    while start < len(rows):
        end, gaps = _stretch(rows, start) if len(rows[start]) > 1 else (start, [])
        known = bool(headers) and row_key(rows[start]) in headers
        table = _table(rows[start:end], gaps, rules, known=known) if end - start > 1 else None
        if table is None:
            start += 1
        else:
            found.append((table, [line for row in rows[start:end] for line in row]))
            start = end
    return found


def row_key(row: Sequence[PdfLine]) -> str:
    """Return what tells the first line of a repeated header."""
    return plain("".join(line.text for line in row))


def _stretch(rows: list[list[PdfLine]], start: int) -> tuple[int, list[Gap]]:
    """Go down from a row with several parts while the white space between its parts goes on."""
    first = rows[start]
    gaps = [(a.box.right, b.box.left) for a, b in pairwise(first)]
    gaps = [gap for gap in gaps if gap[1] - gap[0] >= _NARROWEST]
    end = start + 1
    while gaps and end < len(rows):
        step = rows[end - 1][0].box.middle - rows[end][0].box.middle
        size = rows[end][0].size
        if step > (6.0 if len(rows[end]) > 1 else 3.5) * size:
            break
        narrowed = _narrow(gaps, rows[end])
        if narrowed is None:
            break
        gaps = narrowed
        end += 1
    while end - start > 1 and _is_foreign(rows[start:end]):
        end -= 1
    return end, gaps


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


def _is_foreign(rows: list[list[PdfLine]]) -> bool:
    """Say whether the last row is text behind the table: one part on the left, of another look or further off."""
    last = rows[-1]
    body = [line for row in rows[1:-1] for line in row] or rows[0]
    if len(last) > 1 or last[0].box.left > min(line.box.left for line in body) + 3:
        return False
    sizes = {line.size for line in body}
    steps = sorted(a[0].box.middle - b[0].box.middle for a, b in pairwise(rows))
    usual = steps[-1] if steps else 2 * last[0].size
    step = rows[-2][0].box.middle - last[0].box.middle
    return last[0].size not in sizes or (last[0].bold and not body[-1].bold) or step > 1.3 * usual


def _table(rows: list[list[PdfLine]], gaps: list[Gap], rules: Sequence[Box], *, known: bool) -> PdfTable | None:
    lines = [line for row in rows for line in row]
    box = around([line.box for line in lines])
    middles = [(left + right) / 2 for left, right in gaps]
    columns: list[list[PdfLine]] = [[] for _ in range(len(gaps) + 1)]
    for line in lines:
        columns[sum(line.box.left > middle - 1 for middle in middles)].append(line)
    bounds, ruled = _bounds(columns, box, rules)
    cells: list[list[list[PdfLine]]] = [[[] for _ in columns] for _ in range(len(bounds) + 1)]
    for place, column in enumerate(columns):
        for line in column:
            cells[sum(line.box.middle < bound for bound in bounds)][place].append(line)
    kept = [row for row in cells if any(row)]
    if not known and ((not ruled and len(kept) < 3 and len(columns) < 3) or not _is_sound(kept, columns, ruled)):
        return None
    bold = bold_row(kept[0]) and not all(bold_row(row) for row in kept)
    texts = tuple(tuple(cell_text(cell) for cell in row) for row in kept)
    edges = tuple(min(line.box.left for line in column) for column in columns)
    return PdfTable(box, texts, edges, lines[0].page, True if bold else None)


def _bounds(columns: list[list[PdfLine]], box: Box, rules: Sequence[Box]) -> tuple[list[float], bool]:
    """Find the heights at which rows part, from the top, and whether rules do it."""
    inside = sorted(
        {
            round(rule.middle)
            for rule in rules
            if box.bottom < rule.middle < box.top
            and rule.left < box.left + 12
            and rule.right > box.left + 0.7 * box.width
        },
        reverse=True,
    )
    if len(inside) > 1 or (inside and sum(map(len, columns)) <= 3 * len(columns)):
        return [float(height) for height in inside], True
    return row_gaps(columns) or _starts(columns), False


def row_gaps(columns: Sequence[Sequence[PdfLine]]) -> list[float]:
    """Find the heights at which white space over all columns parts rows, from the top.

    Args:
        columns: The lines of each column, each from the top.
    """
    lines = sorted((line for column in columns for line in column), key=lambda line: -line.box.top)
    steps = sorted(step for column in columns for a, b in pairwise(column) if (step := a.box.middle - b.box.middle) > 1)
    size = lines[0].size
    inner = (steps[len(steps) // 6] if steps else 1.2 * size) - lines[0].box.height
    bounds: list[float] = []
    low = lines[0].box.bottom
    for line in lines[1:]:
        if low - line.box.top > inner + _PADDING * size:
            bounds.append((low + line.box.top) / 2)
        low = min(low, line.box.bottom)
    return bounds


def _starts(columns: list[list[PdfLine]]) -> list[float]:
    """Part rows without space between them: where several columns have text, a row starts."""
    rows = visual_rows(line for column in columns for line in column)
    return [row[0].box.top for row in rows[1:] if len(row) > 1 and not all(line.text[:1].islower() for line in row)]


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
