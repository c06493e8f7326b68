"""Tables with rules between their cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from strategitekst.reading.pdf_cells import bold_row, cell_text
from strategitekst.reading.pdf_parts import Box, Drawing, PdfLine, PdfTable, around
from strategitekst.reading.pdf_rows import row_gaps

_TOUCH = 3.0
"""Points between two rules that are taken to meet."""
_SAME = 1.6
"""Points between two rules that are taken to lie on one line."""
_LEAST_FULL = 0.8
"""Share of the parts of a row with several cells, from which they are rows of their own."""
_LEAST_FILLED = 0.4
"""Share of cells with text below which a grid is a chart or a form, and no table."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Rules that meet.

    Attributes:
        box: Where they stand.
        heights: Where rows part, from top to bottom.
        edges: Where columns part, from left to right.
        across: The rules between rows.
    """

    box: Box
    heights: tuple[float, ...]
    edges: tuple[float, ...]
    across: tuple[Box, ...]


def merged(rules: Sequence[Box], *, across: bool) -> list[Box]:
    """Put rules together that lie on one line and touch: cells are often framed one by one.

    Example:
        >>> merged([Box(0, 5, 10, 5), Box(10, 5.5, 30, 5.5)], across=True)
        [Box(left=0, bottom=5, right=30, top=5.5)]
    """
    result: list[Box] = []
    level = -math.inf  # pages may start below zero
    sides: list[list[Box]] = []
    for rule in sorted(rules, key=lambda rule: rule.middle if across else rule.left + rule.right):
        place = rule.middle if across else (rule.left + rule.right) / 2
        if place - level > _SAME:
            sides.append([])
            level = place
        sides[-1].append(rule)
    for side in sides:
        start = len(result)
        for rule in sorted(side, key=lambda rule: rule.left if across else rule.bottom):
            last = result[-1] if len(result) > start else None
            if last and (rule.left <= last.right + _TOUCH if across else rule.bottom <= last.top + _TOUCH):
                result[-1] = around([last, rule])
            else:
                result.append(rule)
    return result


def grids(drawing: Drawing) -> list[Grid]:
    """Find the rules that meet, each set of them a grid; a single frame is one with one cell."""
    across = merged(drawing.across, across=True)
    down = merged(drawing.down, across=False)
    rules = [*across, *down]
    parents = list(range(len(rules)))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = parents[parents[place]]
            place = parents[place]
        return place

    for place, rule in enumerate(across):
        for other, crossing in enumerate(down, start=len(across)):
            if (
                rule.left - _TOUCH <= crossing.left <= rule.right + _TOUCH
                and crossing.bottom - _TOUCH <= rule.bottom <= crossing.top + _TOUCH
            ):
                parents[root(place)] = root(other)
    found: dict[int, list[int]] = {}
    for place in range(len(rules)):
        found.setdefault(root(place), []).append(place)
    result = []
    for places in found.values():
        own_across = [rules[place] for place in places if place < len(across)]
        own_down = [rules[place] for place in places if place >= len(across)]
        if own_across and own_down:
            result.append(_grid(own_across, own_down))
    return sorted(result, key=lambda grid: -grid.box.top)


def _grid(across: list[Box], down: list[Box]) -> Grid:
    heights = _distinct([*(rule.middle for rule in across), *(y for rule in down for y in (rule.bottom, rule.top))])
    edges = _distinct([*((rule.left + rule.right) / 2 for rule in down), *(x for rule in across for x in rule[::2])])
    box = Box(edges[0], heights[0], edges[-1], heights[-1])
    return Grid(box, tuple(reversed(heights)), tuple(edges), tuple(across))


def _distinct(values: list[float]) -> list[float]:
    result: list[float] = []
    for value in sorted(values):
        if not result or value - result[-1] > 2 * _TOUCH:
            result.append(value)
    return result


def grid_table(grid: Grid, lines: Sequence[PdfLine]) -> PdfTable | None:
    """Fill the cells of a grid with lines.

    Args:
        grid: The rules.
        lines: The lines that stand between them.

    Returns:
        The table, or None where it has one column, or too few cells with text.
    """
    columns, height = len(grid.edges) - 1, len(grid.heights) - 1
    if columns < 2 or height < 1:
        return None
    cells: list[list[list[PdfLine]]] = [[[] for _ in range(columns)] for _ in range(height)]
    for line in lines:
        row = sum(line.box.middle < bound for bound in grid.heights[1:-1])
        column = sum(line.box.left + 2 > edge for edge in grid.edges[1:-1])
        cells[row][column].append(line)
    _join_rows(grid, cells)
    kept = [part for row in cells if any(row) for part in _parted(row)]
    used = [column for column in range(columns) if any(row[column] for row in kept)]
    filled = sum(bool(row[column]) for row in kept for column in used)
    if len(used) < 2 or not kept or filled < _LEAST_FILLED * len(kept) * len(used):
        return None
    bold = bold_row(kept[0]) and not all(bold_row(row) for row in kept)
    rows = tuple(tuple(cell_text(row[column]) for column in used) for row in kept)
    return PdfTable(grid.box, rows, tuple(grid.edges[column] for column in used), lines[0].page, True if bold else None)


def _parted(row: list[list[PdfLine]]) -> list[list[list[PdfLine]]]:
    """Part what stands between two rules into rows, where white space over all columns does."""
    columns = [sorted(cell, key=lambda line: -line.box.middle) for cell in row]
    if max(map(len, columns)) < 2 or sum(map(bool, columns)) < 2:
        return [row]
    bounds = row_gaps(columns)
    parts: list[list[list[PdfLine]]] = [[[] for _ in row] for _ in range(len(bounds) + 1)]
    for place, column in enumerate(columns):
        for line in column:
            parts[sum(line.box.middle < bound for bound in bounds)][place].append(line)
    full = sum(sum(map(bool, part)) > 1 for part in parts)
    small = sum(cell[0].text[:1].islower() for part in parts for cell in part if cell)
    sound = full >= _LEAST_FULL * len(parts) and not small and sum(map(bool, parts[0])) > 1
    return parts if sound else [row]


def _join_rows(grid: Grid, cells: list[list[list[PdfLine]]]) -> None:
    """Give each row the text of a cell that runs over several of them."""
    for row in range(1, len(cells)):
        bound = grid.heights[row]
        parted = []
        for column in range(len(grid.edges) - 1):
            middle = (grid.edges[column] + grid.edges[column + 1]) / 2
            parted.append(
                any(rule.left <= middle <= rule.right and abs(rule.middle - bound) < _TOUCH for rule in grid.across)
            )
        if not any(parted):
            continue
        for column, is_parted in enumerate(parted):
            if not is_parted:
                both = cells[row - 1][column] + [
                    line for line in cells[row][column] if line not in cells[row - 1][column]
                ]
                start = row - 1
                cells[row][column] = both
                while start >= 0 and cells[start][column] and cells[start][column][0] is both[0]:
                    cells[start][column] = both
                    start -= 1
