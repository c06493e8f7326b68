"""Numbers of lines in the margin, as drafts of laws, pleadings and listings have them: no part of the text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from strategitekst.reading.pdf_parts import Word

_FEWEST = 8
"""Numbers that make a count of each line; a count of each fifth needs half as many."""
_ALIGNED = 2.0
"""Points between the sides of numbers that stand below each other."""
_MOSTLY, _EVEN = 0.8, 0.25
"""Share of the numbers that go on as lines do, and how far the steps between them may differ from the usual one."""
_NAME_ABOVE = 3.0
"""Sizes above the first number in which something makes it the column of a table."""


def without_line_numbers(words: list[Word]) -> list[Word]:
    """Take out the numbers of lines.

    Args:
        words: The words of a page.

    Returns:
        Those that are no numbers of lines, in the same order.

    Example:
        >>> from strategitekst.reading.pdf_parts import Box
        >>> at = lambda text, left, line: Word(text, Box(left, 700 - 20 * line, left + 5, 710 - 20 * line), 10, False)
        >>> lines = [word for line in range(9) for word in (at(str(line + 1), 40, line), at("Tekst", 60, line))]
        >>> {word.text for word in without_line_numbers(lines)}
        {'Tekst'}
    """
    numbers = [word for word in words if word.text.isdecimal() and len(word.text) <= 4 and not word.raised]
    taken: set[int] = set()
    for side in (2, 0):  # set flush right, or left
        waiting = [word for word in numbers if id(word) not in taken]
        while len(waiting) >= _FEWEST // 2:
            edge = waiting[0].box[side]
            column = [word for word in waiting if abs(word.box[side] - edge) <= _ALIGNED]
            waiting = [word for word in waiting if abs(word.box[side] - edge) > _ALIGNED]
            if _is_count(column) and _stands_apart(column, [word for word in words if id(word) not in taken]):
                taken |= {id(word) for word in column}
    return [word for word in words if id(word) not in taken] if taken else words


def _is_count(column: list[Word]) -> bool:
    """Say whether numbers count lines: one, or five, more with each step down the page."""
    if len(column) < _FEWEST // 2:
        return False
    column.sort(key=lambda word: -word.box.middle)
    steps = [int(below.text) - int(above.text) for above, below in pairwise(column)]
    usual = median(steps)
    if usual not in (1, 2, 5, 10) or (usual == 1 and len(column) < _FEWEST):
        return False
    heights = [above.box.middle - below.box.middle for above, below in pairwise(column)]
    height = median(heights)
    even = sum(step == usual and abs(own - height) <= _EVEN * height for step, own in zip(steps, heights, strict=True))
    return even >= _MOSTLY * len(steps)


def _stands_apart(column: Sequence[Word], words: Sequence[Word]) -> bool:
    """Say whether numbers stand left or right of all else between the first and the last, with no name above them."""
    left, right = min(word.box.left for word in column), max(word.box.right for word in column)
    top, bottom = column[0].box.top + _NAME_ABOVE * column[0].size, column[-1].box.bottom
    own = {id(word) for word in column}
    others = [word.box for word in words if id(word) not in own and bottom <= word.box.middle <= top]
    return bool(others) and (all(box.left >= right for box in others) or all(box.right <= left for box in others))
