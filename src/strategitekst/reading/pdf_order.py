"""The order in which a person reads the lines and tables of a page: columns one after the other."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from strategitekst.reading.pdf_cells import visual_rows
from strategitekst.reading.pdf_parts import Box, PdfLine, PdfTable, around
from strategitekst.reading.pdf_sequence import are_apart, are_rows, bands, beside_crossing, lines_amid, stand_beside

_FEWEST_LINES = 3
"""Lines on each side of a gutter that make columns; fewer do where the whole document has them."""
_SHORTEST_WORDS = 2.6
"""Words a line on average, below which lines are cells or labels."""
_MANY_LINES, _LONG_WORDS = 8, 5
"""Lines, and words a line, from which it does not matter how lines start."""
_LEAST_SMALL = 0.25
"""Share of lines that start in the middle of a sentence, below which lines are cells or items."""
_MOST_BESIDE = 0.25
"""Share of heights with several lines beside each other, above which one side of a gutter is no single column."""
_WIDE = 0.55
"""Share of a column's width that lines of text fill, and lines of cells do not."""
_NARROWEST = 5.0
"""Points of the narrowest gutter that nothing but the shape of the text on its sides tells."""
_DEEPEST = 2
"""How often columns are looked for in what may be columns: a page of scattered words has no end of them."""
_OVERHANG = 8.0
"""Points by which a long word may stick out of its column."""
_EDGE = 0.12
"""Share of the width of the text at its left and right in which no gutter is looked for."""

Item = PdfLine | PdfTable


@dataclass(frozen=True, slots=True)
class _Split:
    """How a gutter parts the items of a page: stretches from the top, and whether each has columns."""

    parts: list[tuple[bool, list[Item]]]
    weight: int


def reading_order(items: Sequence[Item], gutters: Sequence[float] = ()) -> list[list[Item]]:
    """Order the lines and tables of a page.

    Args:
        items: Lines and tables of one page.
        gutters: Where columns part on other pages of the document: there, few lines suffice.

    Returns:
        Stretches in reading order, each sorted from the top: a column, or what stands over the whole width.
    """
    best = _best(items, gutters)
    if best is None:
        return [sorted(items, key=lambda item: -item.box.middle)] if items else []
    x, split = best
    stretches: list[list[Item]] = []
    for columns, part in split.parts:
        if columns:
            for side in ([item for item in part if item.box.left < x], [item for item in part if item.box.left >= x]):
                stretches += reading_order(side, gutters)
        else:
            stretches += reading_order(part, gutters)
    return stretches


def gutter_of(items: Sequence[Item]) -> float | None:
    """Find where the columns of a page part, if it has any.

    Returns:
        The distance of the right columns from the left edge of the page.
    """
    best = _best(items, ())
    return best[0] if best else None


def _best(items: Sequence[Item], gutters: Sequence[float], depth: int = 0) -> tuple[float, _Split] | None:
    if len(items) < 2:
        return None
    box = around([item.box for item in items])
    lefts = Counter[int]()
    for item in items:
        lefts[round(item.box.left)] += 2 if isinstance(item, PdfTable) else 1
    known = {round(gutter) for gutter in gutters}
    amid = lines_amid(items)
    ranked = sorted(items, key=lambda item: -item.box.middle)
    best: tuple[float, _Split] | None = None
    for left in sorted({*lefts, *known}, key=lambda left: (-lefts[left], left)):
        share = (left - box.left) / max(box.width, 1.0)
        hinted = any(abs(left - gutter) <= 2 for gutter in known)
        if not _EDGE < share < 1 - _EDGE or (lefts[left] < 2 and not hinted):
            continue
        if (
            best is not None
            and sum(not item.box[0] < left - 2.0 < item.box[2] - _OVERHANG for item in items) <= best[1].weight
        ):
            continue  # it cannot part more than another one does
        split = _split(ranked, left - 2.0, 1 if hinted else _FEWEST_LINES, amid, depth)
        if split is not None and (best is None or split.weight > best[1].weight):
            best = (left - 2.0, split)
    wider = _wider_gap(*best) if best is not None else None
    if best is not None and wider is not None:
        split = _split(ranked, wider, _FEWEST_LINES, amid, depth)
        if split is not None and split.weight >= best[1].weight:
            return wider, split
    return best


def _wider_gap(x: float, split: _Split) -> float | None:
    """Find what stands left of a gutter, but nearer to what is on its right: numbers in front of headings there."""
    kept = [item for columns, part in split.parts if columns for item in part]
    right = {item.place for item in kept if isinstance(item, PdfLine) and item.box[0] >= x}
    left = sorted((item for item in kept if item.box[0] < x), key=lambda item: -item.box.right)
    start, end = left[0].box.left, left[0].box.right
    for place, item in enumerate(left[1:], start=1):
        if start - item.box.right > x + 2.0 - end:
            before = sum(isinstance(other, PdfLine) and other.place + 1 in right for other in left[:place])
            return start - 2.0 if 2 * before > place else None
        start = min(start, item.box.left)
    return None


def _split(ranked: Sequence[Item], x: float, fewest: int, amid: Mapping[int, Box], depth: int) -> _Split | None:
    parts: list[tuple[bool, list[Item]]] = [(False, [])]
    run: list[Item] = []
    aside: list[Item] = []
    barred = beside_crossing(ranked, x, _OVERHANG, amid) if fewest < _FEWEST_LINES else ()
    weight = 0
    crossing: Item | None = None
    for item in [*ranked, None]:
        if item is not None:
            whole = amid.get(id(item))
            if whole is not None and whole.left < x < whole.right:
                aside.append(item)
                continue
            if not item.box[0] < x < item.box[2] - _OVERHANG and id(item) not in barred:
                run.append(item)
                continue
        clean = bool(run) and not any(
            edge is not None and edge.box.bottom < near.box.middle < edge.box.top
            for edge, near in ((crossing, run[0]), (item, run[-1]))
        )
        crossing = item
        if len(run) > 1 and _has_columns(run, x, fewest, depth, clean=clean):
            run = _without_head(run, x, parts[-1][1])
            kept, rest = _without_tail(run, x) if item is not None else (run, [])
            for columns, band in _banded(kept, x, fewest, depth):
                if columns:
                    parts += [(True, band), (False, [])]
                    weight += len(band)
                else:
                    parts[-1][1].extend(band)
            parts[-1][1].extend([*aside, *rest])
        else:
            parts[-1][1].extend(sorted([*run, *aside], key=lambda item: -item.box.middle) if aside else run)
        run, aside = [], []
        if item is not None:
            parts[-1][1].append(item)
    if not weight:
        return None
    return _Split([(columns, part) for columns, part in parts if part], weight)


def _banded(run: Sequence[Item], x: float, fewest: int, depth: int) -> list[tuple[bool, list[Item]]]:
    """Part columns into rows of boxes, and say which of them have columns; where none has, all of it does."""
    parted: list[list[Item]] = []
    for band in bands(run):
        if parted and len({item.box[0] < x for item in band}) == 1:
            parted[-1] += band  # the rest of one column
        else:
            parted.append(band)
    found = [(_has_columns(band, x, fewest, depth), band) for band in parted] if len(parted) > 1 else []
    return found if any(columns for columns, _ in found) else [(True, list(run))]


def _has_columns(run: Sequence[Item], x: float, fewest: int, depth: int, *, clean: bool = True) -> bool:
    """Say whether a gutter parts columns; ``clean`` if nothing beside them crosses it, as in tables some cell does."""
    sides: list[list[Item]] = [[], []]
    for item in run:
        sides[item.box[0] >= x].append(item)
    if not all(sides):
        return False
    boxes = [around([item.box for item in side]) for side in sides]
    overlap = min(box.top for box in boxes) - max(box.bottom for box in boxes)
    gap = boxes[1].left - max((item.box.right for item in sides[0] if item.box.right <= x), default=x)
    if overlap <= 0.3 * min(box.height for box in boxes) or gap < 0:
        return False
    if gap >= _NARROWEST and all(_is_text(side, fewest, depth) for side in sides) and not are_rows(*sides):
        return True
    return clean and are_apart(*sides)


def _is_text(side: Sequence[Item], fewest: int, depth: int) -> bool:
    """Say whether one side of a gutter is running text, and no column of a table."""
    if any(isinstance(item, PdfTable) for item in side):
        return True
    hinted = fewest < _FEWEST_LINES
    lines = [item for item in side if isinstance(item, PdfLine)]
    rows = visual_rows(lines) if any(map(stand_beside, lines, lines[1:])) else []
    if hinted and _is_cells(rows):
        return True
    if rows and sum(len(row) > 1 for row in rows) > _MOST_BESIDE * len(rows) and _no_columns(lines, depth):
        box = around([line.box for line in lines])  # a table, perhaps with text above or below
        lines = [row[0] for row in rows if len(row) == 1 and row[0].box.width > _WIDE * box.width]
        fewest = max(fewest, _FEWEST_LINES)
    words = [len(line.text.split()) for line in lines]
    if len(lines) < fewest:
        return False
    if fewest == 1:
        return sum(words) >= (2 if len(lines) < _FEWEST_LINES else _SHORTEST_WORDS) * len(lines)
    small = sum(line.text[:1].islower() for line in lines)
    framed = all(line.frame for line in lines)
    long = len(lines) >= _MANY_LINES and sum(words) >= _LONG_WORDS * len(lines)
    return sum(words) >= _SHORTEST_WORDS * len(lines) and (small >= _LEAST_SMALL * len(lines) or framed or long)


def _no_columns(lines: Sequence[PdfLine], depth: int) -> bool:
    return depth >= _DEEPEST or _best(lines, (), depth + 1) is None


def _is_cells(rows: Sequence[Sequence[PdfLine]]) -> bool:
    """Say whether a side of a gutter is a table by itself: half of its heights have several lines beside each other."""
    return len(rows) >= _FEWEST_LINES and 2 * sum(len(row) > 1 for row in rows) >= len(rows)


def _without_head(run: list[Item], x: float, above: list[Item]) -> list[Item]:
    """Take the short last lines of what stands over both columns out of the left one."""
    top = max(item.box.top for item in run if item.box.left >= x)
    while run and above:
        item, last = run[0], above[-1]
        if (
            not isinstance(item, PdfLine)
            or not isinstance(last, PdfLine)
            or item.box.left >= x
            or item.box.bottom < top
        ):
            break
        if abs(item.size - last.size) > 0.5 or last.box.bottom - item.box.bottom > 1.8 * item.size:
            break
        above.append(run.pop(0))
    return run


def _without_tail(run: Sequence[Item], x: float) -> tuple[list[Item], list[Item]]:
    """Take what stands under both columns out of the left one: a heading of the text below, over the whole width."""
    right = min(item.box.bottom for item in run if item.box.left >= x)
    left = [item for item in run if item.box.left < x]
    for above, item in itertools.pairwise(left):
        if item.box.top > right or not isinstance(item, PdfLine):
            continue
        other = not isinstance(above, PdfLine) or abs(above.size - item.size) > 0.5 or above.bold != item.bold
        if other or above.box.bottom - item.box.top > 0.8 * item.size:
            tail = [found for found in left if found.box.middle <= item.box.middle]
            return [found for found in run if found not in tail], tail
    return list(run), []


def with_frames(lines: Sequence[PdfLine], areas: Sequence[Box], page: Box) -> list[int]:
    """Say for each line which box of the page it stands in.

    Args:
        lines: The lines of a page.
        areas: Rectangles drawn on it.
        page: What is seen of the page.

    Returns:
        For each line the number of the smallest box that holds it, from 1, or 0.
    """
    frames = [0] * len(lines)
    for number, area in enumerate(sorted(areas, key=lambda area: -area.width * area.height), start=1):
        inside = [place for place, line in enumerate(lines) if area.holds(line.box)]
        if len(inside) < 2 or area.width * area.height > 0.6 * page.width * page.height:
            continue
        beside = any(
            a.box.bottom < b.box.middle < a.box.top
            for place, a in enumerate(lines[inside[0] : inside[-1] + 1])
            for b in lines[inside[0] + place + 1 : inside[0] + place + 2]
        )
        framed = any(
            abs(other.bottom - area.bottom) < 2 and abs(other.top - area.top) < 2 and other != area for other in areas
        )
        if not beside and not framed:
            for place in inside:
                frames[place] = number
    return frames
