"""Lines of a PDF → reading order, without running heads, as paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from strategitekst.reading.pdf_lines import PdfLine
from strategitekst.reading.pieces import Piece
from strategitekst.reading.repair import clean, is_broken, join, repair
from strategitekst.reading.shape import bullet, ends_firmly, ends_sentence, number_depth

_FEWEST_LINES = 4
"""Lines on each side of a gap down the page that make it a gap between columns."""
_PAGE_NUMBER = re.compile(r"\W*(?:side|s\.)?\s*\d{1,4}\s*(?:(?:af|/|\|)\s*\d{1,4})?\W*", re.IGNORECASE)
_EDGE_LINES = 3
_LONGEST_RUNNING = 80
_MARGIN = 0.15
"""Share of the page's height at the top and at the bottom that running heads and page numbers stand in."""
_LARGER, _LARGER_BOLD = 1.12, 1.04
"""Times the size of the body from which a line is a heading."""
_LONGEST_HEADING = 160
_MOST_LEVELS = 6


def reading_order(lines: Sequence[PdfLine], column: int = 0) -> list[PdfLine]:
    """Order the lines of a page: columns one after the other, what spans them in between.

    Args:
        lines: The lines of one page.
        column: The number of the first stretch.

    Returns:
        The lines with ``column`` set; lines of one stretch share a number.
    """
    gutter = _gutter(lines)
    if gutter is None:
        return [replace(line, column=column) for line in _by_rows(lines)]
    ordered: list[PdfLine] = []
    spanning = sorted((line for line in lines if line.left < gutter < line.right), key=lambda line: -line.middle)
    rest = [line for line in lines if not line.left < gutter < line.right]
    for bound in [*spanning, None]:
        above = [line for line in rest if bound is None or line.middle > bound.middle]
        rest = [line for line in rest if bound is not None and line.middle <= bound.middle]
        for side in ([line for line in above if line.right <= gutter], [line for line in above if line.left >= gutter]):
            part = reading_order(side, column)
            ordered += part
            column = max((line.column for line in part), default=column) + 1
        if bound is not None:
            ordered.append(replace(bound, column=column))
            # Lines that span the columns one under the other stay together.
            column += bool(rest and any(line.middle < bound.middle for line in rest))
    return ordered


def _gutter(lines: Sequence[PdfLine]) -> float | None:
    """Find the middle of a gap down the page with enough lines on both sides and few across."""
    if len(lines) < 2 * _FEWEST_LINES:
        return None
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    best: tuple[int, float] | None = None
    for edge in sorted({round(line.left / 2) * 2 for line in lines}):
        place = edge - 3.0
        if not left + 0.2 * (right - left) < place < left + 0.8 * (right - left):
            continue
        before = sum(line.right <= place for line in lines)
        after = sum(line.left >= place for line in lines)
        across = len(lines) - before - after
        enough = min(before, after) >= _FEWEST_LINES and across <= 0.3 * len(lines)
        if enough and (best is None or across < best[0]) and _side_by_side(lines, place):
            best = (across, place)
    return best[1] if best else None


def _side_by_side(lines: Sequence[PdfLine], place: float) -> bool:
    """Say whether both sides are running text: tables have several short cells to a line, columns wide lines."""
    before = [line for line in lines if line.right <= place]
    after = [line for line in lines if line.left >= place]
    overlap = min(max(line.top for line in side) for side in (before, after)) - max(
        min(line.bottom for line in side) for side in (before, after)
    )
    words = [sorted(len(line.text.split()) for line in side) for side in (before, after)]
    return overlap > 0 and all(sum(counts) >= 20 and counts[len(counts) * 3 // 4] >= 3 for counts in words)


def _by_rows(lines: Sequence[PdfLine]) -> list[PdfLine]:
    """Sort from top to bottom; parts of one baseline from left to right, put together to one line."""
    rows: list[list[PdfLine]] = []
    for line in sorted(lines, key=lambda line: -line.middle):
        if rows and rows[-1][0].bottom < line.middle < rows[-1][0].top:
            rows[-1].append(line)
        else:
            rows.append([line])
    merged: list[PdfLine] = []
    for row in rows:
        row.sort(key=lambda line: line.left)
        widest = max(row, key=lambda line: len(line.text))
        merged.append(
            replace(
                widest,
                text=" ".join(line.text for line in row),
                left=row[0].left,
                right=row[-1].right,
                bold=all(line.bold for line in row),
            )
        )
    return merged


def without_running_lines(pages: Sequence[Sequence[PdfLine]], heights: Sequence[float]) -> list[list[PdfLine]]:
    """Leave out page numbers and what recurs at the top or bottom of pages.

    Args:
        pages: The lines of each page in reading order.
        heights: The height of each page in points.

    Returns:
        The same pages without them.
    """
    edges = [_edges(page, height) for page, height in zip(pages, heights, strict=True)]
    counts = Counter(key for edge in edges for key in {_key(line) for line in edge})
    least = 2 if len(pages) < 5 else 3
    numbered = _numbered_like_pages(edges)
    small = 0.9 * body_size([line for page in pages for line in page])
    kept: list[list[PdfLine]] = []
    for page, edge in zip(pages, edges, strict=True):
        running = {
            line
            for line in edge
            if _PAGE_NUMBER.fullmatch(line.text)
            or counts[_key(line)] >= least
            or line in numbered
            or (line.size < small and len(line.text) <= _LONGEST_RUNNING and not ends_firmly(line.text))
        }
        kept.append([line for line in page if line not in running])
    return kept


def _numbered_like_pages(edges: Sequence[Sequence[PdfLine]]) -> set[PdfLine]:
    """Find lines in the margins that start or end with the page's number, as running heads of chapters do."""
    found: dict[int, set[PdfLine]] = {}
    for line in (line for edge in edges for line in edge):
        for number in re.findall(r"^\d{1,4}\b|\b\d{1,4}$", line.text):
            found.setdefault(int(number) - line.page, set()).add(line)
    most = max(found.values(), key=len, default=set())
    return most if len(most) >= max(3, len(edges) // 3) else set()


def _edges(page: Sequence[PdfLine], height: float) -> list[PdfLine]:
    """Return the lines in the margins: up to three at the top and bottom that white space parts from the rest."""
    ranked = sorted(page, key=lambda line: -line.middle)
    top = [line for line in ranked if line.middle > (1 - _MARGIN) * height]
    bottom = [line for line in reversed(ranked) if line.middle < _MARGIN * height]
    return _before_gap(top, ranked) + _before_gap(bottom, ranked[::-1])


def _before_gap(margin: Sequence[PdfLine], ranked: Sequence[PdfLine]) -> list[PdfLine]:
    for place in range(min(len(margin), _EDGE_LINES), 0, -1):
        parted = (
            place == len(ranked) or abs(ranked[place].middle - ranked[place - 1].middle) > 1.8 * ranked[place - 1].size
        )
        if parted:
            return list(ranked[:place])
    return []


def _key(line: PdfLine) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text.casefold()), round(line.middle / 6)


@dataclass(frozen=True, slots=True)
class _Style:
    """What is usual in a document: the size of its body and the distance from line to line, in sizes."""

    size: float
    leading: float


def to_pieces(lines: Sequence[PdfLine]) -> list[Piece]:
    """Put lines together to paragraphs, items and headings.

    Args:
        lines: All lines of the document in reading order, without running lines.

    Returns:
        The pieces; a heading's level is the rank of its size.
    """
    if not lines:
        return []
    style = _style(lines)
    edges: dict[tuple[int, int], float] = {}
    for line in lines:
        edges[line.page, line.column] = max(line.right, edges.get((line.page, line.column), 0.0))
    groups: list[list[PdfLine]] = []
    for line in lines:
        if groups and _goes_on(groups[-1], line, edges[line.page, line.column], style):
            groups[-1].append(line)
        else:
            groups.append([line])
    sizes = sorted({_rank_size(group) for group in groups if _is_large(group, style)}, reverse=True)
    ranks = {size: min(rank, _MOST_LEVELS) for rank, size in enumerate(sizes, start=1)}
    return [_piece(group, style, ranks) for group in groups]


def body_size(lines: Sequence[PdfLine]) -> float:
    """Return the font size of most of the text, in points; 1 where there is none."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] or 1.0 if sizes else 1.0


def _style(lines: Sequence[PdfLine]) -> _Style:
    size = body_size(lines)
    steps = [
        (above.middle - line.middle) / size
        for above, line in pairwise(lines)
        if (above.page, above.column, above.size, line.size) == (line.page, line.column, size, size)
        and above.middle > line.middle
    ]
    usual = sorted(step for step in steps if step < 2.5)
    return _Style(size, usual[len(usual) // 5] if usual else 1.3)  # low, since short items are further apart


def _goes_on(group: list[PdfLine], line: PdfLine, edge: float, style: _Style) -> bool:
    """Say whether a line belongs to the paragraph above it."""
    above, first = group[-1], group[0]
    if abs(line.size - above.size) > 0.08 * above.size or (line.bold != above.bold and not _mixed(group, line)):
        return False
    if (line.page, line.column) != (above.page, above.column):
        return False
    if is_broken(clean(above.text), clean(line.text)):
        return True
    mark, first_mark = bullet(line.text), bullet(first.text)
    if mark is not None and (
        not mark.dash or ends_firmly(above.text) or first_mark is not None or line.left > above.left + 3
    ):
        return False
    if number_depth(line.text) > 1:
        return False
    if (above.middle - line.middle) / line.size > style.leading * 1.3 * max(1.0, above.size / style.size * 0.9):
        return False
    indented = line.left - above.left > 0.8 * line.size
    if first_mark is not None and len(group) == 1:
        return line.left > above.left - 1 or not ends_sentence(above.text)
    if indented and ends_firmly(above.text):
        return False
    return not (ends_sentence(above.text) and _ends_early(above, line, edge))


def _mixed(group: list[PdfLine], line: PdfLine) -> bool:
    """Say whether bold and plain lines are one paragraph: a sentence that starts or ends in bold."""
    return not ends_firmly(group[-1].text) and line.text[:1].islower()


def _ends_early(above: PdfLine, line: PdfLine, edge: float) -> bool:
    """Say whether the first word of a line had room on the line above; ``edge`` is where the column ends."""
    word = line.text.split(maxsplit=1)[0]
    width = (line.right - line.left) / max(len(line.text), 1) * (len(word) + 1)
    return edge - above.right > width + 2 * line.size


def _text(group: list[PdfLine]) -> str:
    text = ""
    for line in group:
        text = join(text, clean(line.text))
    return repair(text)


def _rank_size(group: list[PdfLine]) -> float:
    return round(group[0].size * 2) / 2 + (0.1 if group[0].bold else 0.0)


def _is_large(group: list[PdfLine], style: _Style) -> bool:
    limit = _LARGER_BOLD if group[0].bold else _LARGER
    text = " ".join(line.text for line in group)
    return group[0].size >= limit * style.size and len(text) <= _LONGEST_HEADING and not text.endswith((".", ";", ","))


def _piece(group: list[PdfLine], style: _Style, ranks: dict[float, int]) -> Piece:
    text, page = _text(group), group[0].page
    if _is_large(group, style) and any(sign.isalpha() for sign in text):
        return Piece(text, "heading", level=ranks[_rank_size(group)], page=page)
    mark = bullet(text)
    if mark is not None and number_depth(text) < 2:
        return Piece(text[mark.length :], "item", number=mark.number, mark=text[: mark.length], page=page)
    return Piece(text, strong=all(line.bold for line in group), page=page)
