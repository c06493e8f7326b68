"""A page of a PDF → its lines and tables in reading order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from strategitekst.reading.pdf_aligned import aligned_tables, row_key, table_rest
from strategitekst.reading.pdf_cells import visual_rows
from strategitekst.reading.pdf_grid import Grid, grid_table, grids, merged
from strategitekst.reading.pdf_order import Item, gutter_of, reading_order, with_frames
from strategitekst.reading.pdf_parts import Box, PdfLine, PdfPage, PdfTable, around
from strategitekst.reading.pdf_sequence import side_by_side
from strategitekst.reading.repair import HARD, SOFT
from strategitekst.reading.unread import drawn_cells

_FEWEST_SOFT = 3
"""Lines that end in U+2010 from which the others with a hyphen end in one of the author's."""
_FEWEST_RULES, _TALLEST_ROW, _BEYOND = 3, 150.0, 60.0
"""Rules of one width that make a table, points between two of them, and points that its first or last row is beyond."""
_SAME_RULE = 3.0
"""Points between the ends of two rules of one width."""
_MOST_NAMES = 2
"""Lines that the names of columns at the end of a page take at the most."""
_SAME_EDGE = 8.0
"""Points between where a column begins before a cut and behind it."""
_LEAST_SHARE = 0.25
"""Share of the pages with text on which columns part at one place, for it to hold for the others."""


def lay_out(pages: Sequence[PdfPage]) -> list[list[Item]]:
    """Find the tables and the reading order of all pages.

    Args:
        pages: The pages, without running heads.

    Returns:
        For each page its lines and tables in reading order, with ``column`` set.
    """
    items = [_items(page) for page in pages]
    counts = Counter(round(gutter) for page in items if (gutter := gutter_of(page)) is not None)
    least = _LEAST_SHARE * sum(bool(page) for page in items)
    gutters = [gutter + 2.0 for gutter, count in counts.items() if count >= least]
    headers: set[str] = set()
    result: list[list[Item]] = []
    starts: list[_Cut | None] = []
    cut: _Cut | None = None
    for page, own in zip(pages, items, strict=True):
        starts.append(cut)
        found, cut = _page(page, own, gutters, headers, cut)
        result.append(found)
    longest = 2 * max(map(len, headers), default=0)
    for place, own in enumerate(items if headers else []):
        lines = [item for item in result[place] if isinstance(item, PdfLine) and len(item.text) <= longest]
        if any(row_key([line]) in headers for line in lines):
            result[place], _ = _page(pages[place], own, gutters, headers, starts[place])
    return result


def mark_hyphens(pages: Sequence[PdfPage]) -> None:
    """Tell hyphens at the ends of lines apart where a document uses U+2010 for those that a program put there."""
    lines = [line for page in pages for line in page.lines]
    if sum(line.text.endswith(SOFT) for line in lines) < _FEWEST_SOFT:
        return
    for page in pages:
        page.lines = [
            line._replace(text=line.text[:-1] + HARD) if line.text.endswith(("-", "\ufffe")) else line
            for line in page.lines
        ]


def _items(page: PdfPage) -> list[Item]:
    """Set the tables of a page that have rules apart from its lines."""
    lines, tables, frames = list(page.lines), list[PdfTable](), list(page.drawing.areas)
    for grid in grids(page.drawing):
        inside = [line for line in lines if grid.box.holds(line.box)]
        table = grid_table(grid, inside) if inside and not _fills(grid, page) else None
        if table is None:
            frames.append(grid.box)
            page.unread += not inside and drawn_cells(grid.heights, grid.edges)
        else:
            tables.append(table)
            lines = _without(lines, inside)
    rules = [*page.drawing.across, *_edges(page.drawing.areas)]
    free = [rule for rule in rules if not any(table.box.holds(rule, 4.0) for table in tables)]
    for band in _banded(free):
        region = Box(band.left - 2, band.bottom - _BEYOND, band.right + 2, band.top + _BEYOND)
        inside = [line for line in lines if region.holds(line.box)]
        for table, taken in aligned_tables(inside, [rule for rule in rules if region.holds(rule)]):
            if min(table.box.top, band.top) - max(table.box.bottom, band.bottom) > 0.5 * table.box.height:
                tables.append(table)
                lines = _without(lines, taken)
    numbers = with_frames(lines, frames, page.area)
    framed = (line._replace(frame=number) if number else line for line, number in zip(lines, numbers, strict=True))
    return [*tables, *framed]


def _fills(grid: Grid, page: PdfPage) -> bool:
    """Say whether a grid of few cells is the frame of the whole page."""
    return len(grid.edges) <= 3 and grid.box.width * grid.box.height > 0.7 * page.area.width * page.area.height


def _page(
    page: PdfPage, items: list[Item], gutters: Sequence[float], headers: set[str], cut: _Cut | None
) -> tuple[list[Item], _Cut | None]:
    """Order a page; how its tables begin is added to the headers.

    ``cut`` is what the page before ended in the middle of; the same is returned for this page.
    """
    rules = [*page.drawing.across, *_edges(page.drawing.areas)]
    result: list[Item] = []
    column = 0
    for stretch in reading_order(items, gutters):
        left = min(item.box.left for item in stretch)
        lines = [item for item in stretch if isinstance(item, PdfLine)]
        tables: list[Item] = [item for item in stretch if isinstance(item, PdfTable)]
        top = max(stretch, key=_height)
        if cut and isinstance(top, PdfTable) and cut.fits(top):
            cut.with_names(top)
        elif cut and isinstance(top, PdfLine) and row_key(visual_rows(lines)[0]) not in headers:
            rest = table_rest(lines, [left + edge for edge in cut.edges], rules)
            if rest is not None and cut.with_names(rest[0]):
                tables.append(rest[0])
                lines = _without(lines, rest[1])
        for part in side_by_side([*tables, *lines]):
            lines = [item for item in part if isinstance(item, PdfLine)]
            ordered: list[Item] = [item for item in part if isinstance(item, PdfTable)]
            for table, inside in aligned_tables(lines, rules, headers):
                headers.add(row_key(visual_rows(inside)[0]))
                ordered.append(table)
                lines = _without(lines, inside)
            rows = visual_rows(lines)
            ordered += [_joined(row) for row in rows]
            ordered.sort(key=_height, reverse=True)
            result += [_in_column(item, column) for item in ordered]
            cut = _cut(ordered[-1], rows, left, result)
            column += 1
    return result, cut


@dataclass(frozen=True, slots=True)
class _Cut:
    """What the end of a column cut.

    Attributes:
        edges: Where the columns of a table begin, from the left of the text.
        names: The lines at the end that may be the names of the columns of a table; none where a table ends there.
        items: What stands before the cut; these lines are the last of it.
    """

    edges: tuple[float, ...]
    names: list[list[PdfLine]]
    items: list[Item]

    def fits(self, table: PdfTable) -> bool:
        """Say whether the lines at the end stand where the columns of a table without names begin."""
        shift = table.edges[0] - self.edges[0]
        pairs = zip(table.edges, self.edges, strict=False)
        same = len(table.edges) == len(self.edges) and all(abs(a - b - shift) < _SAME_EDGE for a, b in pairs)
        return bool(self.names) and same and not table.has_header

    def with_names(self, rest: PdfTable) -> bool:
        """Make the lines at the end the names of the columns of a table, if they can be; say whether it is one."""
        if not self.names:
            return True
        if sum(sum(map(bool, row)) > 1 for row in rest.rows) < 1:
            return False
        if isinstance(self.items[-1], PdfLine):
            last = self.items[-1]
            names = table_rest([line for row in self.names for line in row], self._absolute(), ())
            if names is None:
                return False
            rows = names[0].rows
            if not all(rows[-1]):  # names that take several lines
                rows = (tuple(" ".join(filter(None, cells)) for cells in zip(*rows, strict=True)),)
            self.items[-len(self.names) :] = [replace(names[0], rows=rows, has_header=True, column=last.column)]
        return True

    def _absolute(self) -> list[float]:
        return [line.box.left for line in self.names[0]]


def _cut(last: Item, rows: list[list[PdfLine]], left: float, items: list[Item]) -> _Cut | None:
    if isinstance(last, PdfTable):
        return _Cut(tuple(edge - left for edge in last.edges), [], items)
    for place in range(max(len(rows) - _MOST_NAMES, 0), len(rows)):
        if len(rows[place]) > 1:
            return _Cut(tuple(line.box.left - left for line in rows[place]), rows[place:], items)
    return None


def _in_column(item: Item, column: int) -> Item:
    if column == item.column:
        return item
    return item._replace(column=column) if isinstance(item, PdfLine) else replace(item, column=column)


def _height(item: Item) -> float:
    return item.box.middle


def _banded(rules: Sequence[Box]) -> list[Box]:
    """Find where rules or stripes of one width stand under each other: tables with rules between rows alone."""
    widths: list[list[Box]] = []
    for rule in merged(rules, across=True):
        for own in widths:
            if abs(rule.left - own[0].left) <= _SAME_RULE and abs(rule.right - own[0].right) <= _SAME_RULE:
                own.append(rule)
                break
        else:
            widths.append([rule])
    found: list[Box] = []
    for own in widths:
        run: list[Box] = []
        for below in [*sorted(own, key=lambda rule: -rule.middle), None]:
            if below is not None and (not run or run[-1].middle - below.middle < _TALLEST_ROW):
                run.append(below)
                continue
            if len(run) >= _FEWEST_RULES:
                found.append(around(run))
            run = [below] if below is not None else []
    return found


def _without(lines: list[PdfLine], gone: Sequence[PdfLine]) -> list[PdfLine]:
    taken = set(map(id, gone))
    return [line for line in lines if id(line) not in taken]


def _edges(areas: Sequence[Box]) -> list[Box]:
    return [Box(area.left, y, area.right, y) for area in areas for y in (area.bottom, area.top)]


def _joined(row: list[PdfLine]) -> PdfLine:
    """Put parts of one height together to one line."""
    if len(row) == 1:
        return row[0]
    widest = max(row, key=lambda line: len(line.text))
    box = around([line.box for line in row])
    return widest._replace(
        text=" ".join(line.text for line in row),
        box=Box(box.left, widest.box.bottom, box.right, widest.box.top),
        bold=all(line.bold for line in row),
    )
