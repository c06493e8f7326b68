"""Where the rows of a table part that has no rules between them: by white space, or by what its cells say."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from strategitekst.reading.pdf_cells import visual_rows
from strategitekst.reading.pdf_parts import Box, PdfLine
from strategitekst.reading.repair import clean, is_broken
from strategitekst.reading.shape import ends_sentence

_PADDING = 0.18
"""Sizes by which the space between two rows is wider than that between two lines of a cell."""
_MOST_NAMES, _FEW = 3, 3
"""Lines that the name of a column takes at the most; lines a column of a small table, where one rule is enough."""


def row_bounds(columns: Sequence[Sequence[PdfLine]], box: Box, rules: Sequence[Box]) -> tuple[list[float], bool]:
    """Find the heights at which rows part, from the top, and whether rules do it.

    Args:
        columns: The lines of each column, each from the top.
        box: Where the table stands.
        rules: Rules from left to right.
    """
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
    if len(inside) > 1:
        return [float(height) for height in inside], True
    if inside:
        above = [[line for line in column if line.box.middle > inside[0]] for column in columns]
        below = [[line for line in column if line.box.middle < inside[0]] for column in columns]
        if sum(map(bool, above)) > 1 and max(map(len, above)) <= _MOST_NAMES:  # the rule under the names of the columns
            few = sum(map(len, columns)) <= _FEW * len(columns)
            return [float(inside[0]), *_without_rules(below)], few
    return _without_rules(columns), False


def _without_rules(columns: Sequence[Sequence[PdfLine]]) -> list[float]:
    if not any(columns):
        return []
    gaps = row_gaps(columns)
    inner = [
        bound
        for top, bottom in pairwise([float("inf"), *gaps, float("-inf")])
        for bound in row_starts(
            [[line for line in column if top > line.box.middle > bottom] for column in columns], surely=bool(gaps)
        )
    ]
    bounds = sorted([*gaps, *inner], reverse=True)
    return [bound for bound in bounds if not any(_is_cut(column, bound) for column in columns)]


def _is_cut(column: Sequence[PdfLine], bound: float) -> bool:
    """Say whether the last line above a height ends in the middle of a word that the first below it goes on with."""
    return any(
        above.box.middle > bound > line.box.middle and is_broken(clean(above.text), clean(line.text))
        for above, line in pairwise(column)
    )


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


def row_starts(columns: Sequence[Sequence[PdfLine]], *, surely: bool = False) -> list[float]:
    """Find the heights at which rows part that have no more space between them than the lines of a cell.

    A line goes on with the cell above it only where its first word had no room there.

    Args:
        columns: The lines of each column.
        surely: Only where a whole row stands under cells that had room: other rows part by more space.
    """
    places = {id(line): place for place, column in enumerate(columns) for line in column}
    rights = [max((line.box.right for line in column), default=0.0) for column in columns]
    bounds: list[float] = []
    current: dict[int, PdfLine] = {}
    most = 0
    for row in visual_rows(line for column in columns for line in column):
        cells = {places[id(line)]: line for line in row}
        whole = 0 in cells and len(cells) > 1 and len(cells) >= most
        starts = _starts(current, cells, rights) if current else False
        if starts is None:
            starts = whole and not surely
        if starts and (whole or not surely):
            bounds.append(row[0].box.top)
            current, most = {}, 0
        current |= cells
        most = max(most, len(cells))
    return bounds


def _starts(current: dict[int, PdfLine], cells: dict[int, PdfLine], rights: Sequence[float]) -> bool | None:
    """Say whether lines beside each other start a row, and do not go on with the cells of the row above; None: unknown.

    Args:
        current: The last line of each cell of the row above.
        cells: The lines, by column.
        rights: Where the text of each column ends.
    """
    pairs = [(current[place], line, rights[place]) for place, line in cells.items() if place in current]
    others = [_is_other(above, line, right) for above, line, right in pairs]
    for (above, line, _), other in zip(pairs, others, strict=True):
        small = line.text[:1].islower() and not ends_sentence(above.text) and not other
        if small or is_broken(clean(above.text), clean(line.text)):
            return False
    return True if any(others) else None


def _is_other(above: PdfLine, line: PdfLine, right: float) -> bool:
    """Say whether a line cannot go on with the one above it: its first word had room there, or it is less bold."""
    if above.bold and not line.bold:
        return True
    width = line.box.width / max(len(line.text), 1) * (len(line.text.split(maxsplit=1)[0]) + 1)
    return above.box.right + width + 0.3 * line.size < right
