"""What tells columns from tables, boxes and quotations beside geometry: the order of the file, and what stands amid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from strategitekst.reading.pdf_aligned import columns_of, stretch_of
from strategitekst.reading.pdf_cells import visual_rows
from strategitekst.reading.pdf_parts import Box, PdfLine, PdfTable, around

_FEWEST, _MANY = 2, 8
"""Lines on each side of a gutter that make columns, and from which it does not matter how short they are."""
_MOST_SWITCHES = 3
"""Times that the file may go from one side to the other where there are many lines: a page number is written last."""
_WORD, _WORDS = 3, 0.7
"""Letters of a word, and words on one height on average, below which a few lines are labels or a formula."""
_LONG, _ROWS = 4.5, 0.8
"""Words a line on average from which lines are no cells, and share of rows that are written one after the other."""
_LEAST_LETTERS, _FEW_LETTERS = 0.3, 0.1
"""Share of lines with letters below which they are figures of a table or a chart; the second for many lines."""
_BAND = 0.5
"""Sizes of the white space between two rows of boxes."""
_LARGER = 1.15
"""Times the usual size from which text may be a quotation from the columns that it stands amid."""


def are_apart(left: Sequence[PdfLine | PdfTable], right: Sequence[PdfLine | PdfTable]) -> bool:
    """Say whether what stands on both sides of a gutter is written one side after the other, as columns are.

    Args:
        left: The lines and tables on the left.
        right: Those on the right.

    Returns:
        False too where there are too few lines, or too few with words, for their order to tell anything.
    """
    sides = [[item for item in side if isinstance(item, PdfLine)] for side in (left, right)]
    if not all(_tells(side) for side in sides):
        return False
    many = min(map(len, sides)) >= _MANY
    return _switches(sides) <= (_MOST_SWITCHES if many else 1)


def _switches(sides: Sequence[Sequence[PdfLine]]) -> int:
    """Count how often the file goes from one side to the other."""
    order = sorted([(line.place, number) for number, side in enumerate(sides) for line in side])
    return sum(above != below for (_, above), (_, below) in pairwise(order))


def are_rows(left: Sequence[PdfLine | PdfTable], right: Sequence[PdfLine | PdfTable]) -> bool:
    """Say whether the short lines on both sides of a gutter are written row by row, as cells are.

    Args:
        left: The lines and tables on the left, from the top.
        right: Those on the right.
    """
    sides = [[item for item in side if isinstance(item, PdfLine)] for side in (left, right)]
    if any(sum(len(line.text.split()) for line in side) >= _LONG * len(side) for side in sides):
        return False
    return _switches(sides) >= _ROWS * 2 * min(map(len, sides)) > _FEWEST


def _tells(lines: Sequence[PdfLine]) -> bool:
    if len(lines) < _FEWEST:
        return False
    many = len(lines) >= _MANY
    least = _FEW_LETTERS if many else _LEAST_LETTERS
    if sum(any(map(str.isalpha, line.text)) for line in lines) < least * len(lines):
        return False
    words = sum(sum(map(str.isalpha, word)) >= _WORD for line in lines for word in line.text.split())
    rows = len({round(line.box.middle) for line in lines})
    return many or (rows >= _FEWEST and words >= _WORDS * rows)


def bands(run: Sequence[PdfLine | PdfTable]) -> list[list[PdfLine | PdfTable]]:
    """Part what stands in columns where white space does, and the file has all above before all below.

    Columns of a page are written one by one; of boxes in rows, the upper row is written first.

    Args:
        run: Lines and tables that stand in columns, from the top.

    Returns:
        One part for each row of boxes; one with all of it where there are none.
    """
    lines = sorted((item for item in run if isinstance(item, PdfLine)), key=lambda line: -line.box.top)
    if len(lines) < 2 * _FEWEST or len(lines) < len(run):
        return [list(run)]
    following = [0] * len(lines)
    lowest = lines[-1].place
    for number in range(len(lines) - 1, -1, -1):
        lowest = min(lowest, lines[number].place)
        following[number] = lowest
    cuts: list[float] = []
    bottom, last = lines[0].box.bottom, lines[0].place
    for number, line in enumerate(lines[1:], start=1):
        if bottom - line.box.top > _BAND * line.size and last < following[number]:
            cuts.append((bottom + line.box.top) / 2)
        bottom, last = min(bottom, line.box.bottom), max(last, line.place)
    parts: list[list[PdfLine | PdfTable]] = [[] for _ in range(len(cuts) + 1)]
    for item in run:
        parts[sum(item.box.middle < cut for cut in cuts)].append(item)
    return parts


def lines_amid(items: Sequence[PdfLine | PdfTable]) -> dict[int, Box]:
    """Find boxes and quotations that text of columns stands on both sides of.

    Args:
        items: Lines and tables of a page, or of a part of it.

    Returns:
        By the id of each line in a box, and of each larger one, where the box or quotation is that has others on its
        left and right.
    """
    lines = [item for item in items if isinstance(item, PdfLine)]
    sizes = Counter[float]()
    for line in lines:
        sizes[line.size] += len(line.text)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    blocks: dict[tuple[int, float], list[PdfLine]] = {}
    for line in lines:
        if line.frame:
            blocks.setdefault((line.frame, 0.0), []).append(line)
        elif line.size > _LARGER * usual:
            blocks.setdefault((0, line.size), []).append(line)
    found: dict[int, Box] = {}
    for block in blocks.values():
        box = around([line.box for line in block])
        beside = [line.box for line in lines if box.bottom < line.box.middle < box.top]
        left = sum(other.right <= box.left for other in beside)
        right = sum(other.left >= box.right for other in beside)
        if left >= _FEWEST <= right:
            found |= dict.fromkeys(map(id, block), box)
    return found


def beside_crossing(
    ranked: Sequence[PdfLine | PdfTable], x: float, overhang: float, amid: Mapping[int, Box]
) -> set[int]:
    """Find what stands beside something that crosses a gutter: cells, and a few lines around them are no columns.

    Args:
        ranked: Lines and tables from the top.
        x: Where the gutter is.
        overhang: Points by which lines may reach over it.
        amid: What does not count, as ``lines_amid`` finds it.
    """
    found: set[int] = set()
    for place, item in enumerate(ranked):
        if item.box[0] < x < item.box[2] - overhang and id(item) not in amid:
            for way in (range(place + 1, len(ranked)), range(place - 1, -1, -1)):
                for other in way:
                    if not item.box.bottom < ranked[other].box.middle < item.box.top:
                        break
                    found.add(id(ranked[other]))
    return found


def side_by_side(items: Sequence[PdfLine | PdfTable]) -> list[list[PdfLine | PdfTable]]:
    """Find short texts beside each other that are written one after the other, such as figures with a line below each.

    Args:
        items: Lines and tables of a part of a page that has no gutter.

    Returns:
        The stretches of its reading order, each from the top.
    """
    ranked = sorted(items, key=lambda item: -item.box.middle)
    lines = [item for item in ranked if isinstance(item, PdfLine)]
    rows = visual_rows(lines) if any(map(stand_beside, lines, lines[1:])) else []
    found: list[tuple[float, list[list[PdfLine]]]] = []
    start = 0
    while start < len(rows):
        end, gaps = stretch_of(rows, start) if len(rows[start]) > 1 else (start, [])
        columns = columns_of([line for row in rows[start:end] for line in row], gaps) if end - start > 1 else []
        if len(columns) > 1 and all(are_apart(left, right) for left, right in pairwise(columns)):
            found.append((rows[start][0].box.middle, columns))
            start = end
        else:
            start += 1
    stretches: list[list[PdfLine | PdfTable]] = []
    for middle, columns in found:
        inside = {id(line) for column in columns for line in column}
        above = [item for item in ranked if item.box.middle > middle and id(item) not in inside]
        ranked = [item for item in ranked if item.box.middle <= middle and id(item) not in inside]
        stretches.append(above)
        stretches += [list(column) for column in columns]
    return [stretch for stretch in [*stretches, ranked] if stretch]


def stand_beside(above: PdfLine, line: PdfLine) -> bool:
    """Say whether a line is no lower than the one before it, from the top."""
    return line.box[1] + line.box[3] > 2 * above.box[1]
