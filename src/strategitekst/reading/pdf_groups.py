"""Lines in reading order → groups that make one paragraph, item or heading each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from strategitekst.reading.pdf_notes import contents_lines, note_lines, starts_note, without_note_marks
from strategitekst.reading.pdf_order import Item
from strategitekst.reading.pdf_parts import Group, PdfLine, PdfTable
from strategitekst.reading.repair import clean, is_broken
from strategitekst.reading.shape import bullet, ends_firmly, ends_sentence, number_depth

Part = Group | PdfTable

_FULL, _MANY = 0.93, 10
"""Share of the lines of a column that do not stick out, where it has so many lines."""
_VERY_SHORT = 0.4
"""Share that a line leaves free which is not cut, though the next starts with a small letter: a list without marks."""
_HANG, _FLUSH = 0.3, 2.0
"""Sizes, and points, within which a line begins under the text of an item, and under its mark."""
_SHORT = 0.15
"""Share of a column's width that a line without a full stop leaves free where it ends a paragraph."""


@dataclass(frozen=True, slots=True)
class Style:
    """What is usual in a document.

    Attributes:
        size: Font size of the body in points.
        leading: Distance from line to line, in sizes, by font size.
        hangs: Items go on under their text, never under their mark.
    """

    size: float
    leading: dict[float, float]
    hangs: bool = False

    def step(self, size: float) -> float:
        """Return the usual distance between two lines of a size, in sizes."""
        return self.leading.get(size, self.leading.get(self.size, 1.3))


def style_of(pages: Sequence[Sequence[Item]], size: float) -> Style:
    """Measure what is usual.

    Args:
        pages: The lines of each page in reading order.
        size: Font size of the body.
    """
    steps: dict[float, Counter[float]] = {}
    hanging = flush = 0
    for page in pages:
        for above, line in pairwise(page):
            if isinstance(above, PdfLine) and isinstance(line, PdfLine) and above.size == line.size:
                step = round((above.box.bottom - line.box.bottom) / line.size, 2)
                if above.column == line.column and 0.8 < step < 2.2:
                    steps.setdefault(line.size, Counter())[step] += 1
                    if above.inner and line.text[:1].islower():
                        hanging += abs(line.box.left - above.inner) < _HANG * line.size
                        flush += abs(line.box.left - above.box.left) < _FLUSH
    leading = {found: _lowest_common(counts) for found, counts in steps.items()}
    return Style(size, leading, hangs=hanging > 0 == flush)


def _lowest_common(counts: Counter[float]) -> float:
    """Return the smallest step that is not rare: steps between items or paragraphs are wider."""
    most = counts.most_common(1)[0][1]
    return min(step for step, count in counts.items() if count >= 0.3 * most)


def to_groups(pages: Sequence[Sequence[Item]], style: Style) -> list[list[Part]]:
    """Put lines together.

    Args:
        pages: The lines and tables of each page in reading order.
        style: What is usual in the document.

    Returns:
        For each page its groups and tables; notes and lists of contents have their role.
    """
    return [_page(page, style) for page in pages]


def _page(page: Sequence[Item], style: Style) -> list[Part]:
    lines = [item for item in page if isinstance(item, PdfLine)]
    edges = right_edges(lines)
    notes, contents = note_lines(lines, style.size), contents_lines(lines)
    parts: list[Part] = []
    for item in page:
        if isinstance(item, PdfTable):
            parts.append(item)
            continue
        line = item
        if id(item) not in notes and (text := without_note_marks(item.text)) != item.text:
            line = item._replace(text=text)
        last = parts[-1] if parts and isinstance(parts[-1], Group) else None
        if id(item) in notes:
            if last is not None and last.role == "note" and not starts_note(item):
                last.lines.append(line)
            else:
                parts.append(Group([line], "note"))
        elif id(item) in contents:
            parts.append(Group([line], "contents"))
        elif last is not None and not last.role and goes_on(last.lines, line, edges[line.column, line.frame], style):
            last.lines.append(line)
        else:
            parts.append(Group([line]))
    return parts


def right_edges(lines: Iterable[PdfLine]) -> dict[tuple[int, int], float]:
    """Measure where the lines of each column and box end on the right; a line that sticks out does not count."""
    rights: dict[tuple[int, int], list[float]] = {}
    for line in lines:
        rights.setdefault((line.column, line.frame), []).append(line.box.right)
    return {
        key: sorted(found)[int(_FULL * len(found))] if len(found) >= _MANY else max(found)
        for key, found in rights.items()
    }


def goes_on(group: list[PdfLine], line: PdfLine, edge: float, style: Style) -> bool:
    """Say whether a line belongs to the paragraph above it.

    Args:
        group: The lines of the paragraph.
        line: The line below.
        edge: Where the column ends on the right.
        style: What is usual in the document.
    """
    above, first = group[-1], group[0]
    if (line.column, line.frame) != (above.column, above.frame):
        return False
    if abs(line.size - above.size) > 0.08 * above.size or (line.bold != above.bold and not _mixed(group, line)):
        return False
    step = (above.box.bottom - line.box.bottom) / line.size
    if step < -0.5 or step > 2.5:
        return False
    if is_broken(clean(above.text), clean(line.text)):
        return True
    mark, first_mark = bullet(line.text), bullet(first.text)
    if mark is not None and mark.number and not is_next(first, line) and is_figure(above, line, edge):
        mark = None
    if mark is not None and (
        not mark.dash or ends_firmly(above.text) or first_mark is not None or line.box.left > above.box.left + 3
    ):
        return False
    if number_depth(line.text) > 1:
        return False
    if step > style.step(line.size) * 1.22 + 0.02:
        return False
    indented = line.box.left - above.box.left > 0.8 * line.size
    if first_mark is not None and first.inner:
        hang = first.inner if len(group) == 1 else above.box.left
        if abs(line.box.left - hang) < _HANG * line.size:
            return True
        unfinished = not ends_firmly(above.text) and line.text[:1].islower()
        level = not style.hangs and len(group) == 1 and abs(line.box.left - first.box.left) < _FLUSH
        return unfinished or (level and not ends_sentence(above.text) and not ends_early(above, line, edge))
    if line.text[:1].islower() and not first_mark:
        room = edge - above.box.right > _VERY_SHORT * (edge - above.box.left)
        return ends_firmly(above.text) or not room or line.bold or not ends_early(above, line, edge)
    if indented and ends_firmly(above.text):
        return False
    early = ends_early(above, line, edge)
    short = early and edge - above.box.right > _SHORT * (edge - line.box.left) and line.text[:1].isupper()
    return not (early and ends_sentence(above.text)) and not (short and not line.bold)


def is_next(first: PdfLine, line: PdfLine) -> bool:
    """Say whether a line is numbered as the item behind another one."""
    mark, before = bullet(line.text), bullet(first.text)
    return mark is not None and before is not None and before.number > 0 and mark.number == before.number + 1


def is_figure(above: PdfLine, line: PdfLine, edge: float) -> bool:
    """Say whether the number that a line starts with is the end of a sentence that began above, and no mark."""
    return not (ends_firmly(above.text) or ends_early(above, line, edge)) and above.text[-1:].isalpha()


def _mixed(group: list[PdfLine], line: PdfLine) -> bool:
    """Say whether bold and plain lines are one paragraph: a sentence that starts or ends in bold."""
    return not ends_firmly(group[-1].text) and line.text[:1].islower()


def ends_early(above: PdfLine, line: PdfLine, edge: float) -> bool:
    """Say whether the first word of a line had room on the line above; ``edge`` is where the column ends."""
    word = line.text.split(maxsplit=1)[0]
    width = line.box.width / max(len(line.text), 1) * (len(word) + 1)
    return edge - above.box.right > width + 0.5 * line.size
