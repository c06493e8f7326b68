"""A page of a PDF → its lines and tables in reading order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from strategitekst.reading.pdf_aligned import aligned_tables, row_key
from strategitekst.reading.pdf_cells import visual_rows
from strategitekst.reading.pdf_grid import Grid, grid_table, grids, merged
from strategitekst.reading.pdf_order import Item, gutter_of, reading_order, with_frames
from strategitekst.reading.pdf_parts import Box, PdfLine, PdfPage, PdfTable, around
from strategitekst.reading.repair import HARD, SOFT

_FEWEST_SOFT = 3
"""Lines that end in U+2010 from which the others with a hyphen end in one of the author's."""
_FEWEST_RULES, _TALLEST_ROW, _BEYOND = 3, 150.0, 60.0
"""Rules of one width that make a table, points between two of them, and points that its first or last row is beyond."""
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
    found = Counter(round(gutter) for page in items if (gutter := gutter_of(page)) is not None)
    least = _LEAST_SHARE * sum(bool(page) for page in items)
    gutters = [gutter + 2.0 for gutter, count in found.items() if count >= least]
    headers: set[str] = set()
    result = [_page(page, own, gutters, headers) for page, own in zip(pages, items, strict=True)]
    for place, own in enumerate(items if headers else []):
        if any(isinstance(item, PdfLine) and row_key([item]) in headers for item in result[place]):
            result[place] = _page(pages[place], own, gutters, headers)
    return result


def mark_hyphens(pages: Sequence[PdfPage]) -> None:
    """Tell hyphens at the ends of lines apart where a document uses U+2010 for those that a program put there."""
    lines = [line for page in pages for line in page.lines]
    if sum(line.text.endswith(SOFT) for line in lines) < _FEWEST_SOFT:
        return
    for page in pages:
        page.lines = [
            replace(line, text=line.text[:-1] + HARD) if line.text.endswith(("-", "\ufffe")) else line
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
    return [*tables, *(replace(line, frame=number) for line, number in zip(lines, numbers, strict=True))]


def _fills(grid: Grid, page: PdfPage) -> bool:
    """Say whether a grid of few cells is the frame of the whole page."""
    return len(grid.edges) <= 3 and grid.box.width * grid.box.height > 0.7 * page.area.width * page.area.height


def _page(page: PdfPage, items: list[Item], gutters: Sequence[float], headers: set[str]) -> list[Item]:
    """Order a page; how its tables begin is added to the headers."""
    rules = [*page.drawing.across, *_edges(page.drawing.areas)]
    result: list[Item] = []
    for column, stretch in enumerate(reading_order(items, gutters)):
        lines = [item for item in stretch if isinstance(item, PdfLine)]
        ordered: list[Item] = [item for item in stretch if isinstance(item, PdfTable)]
        for table, inside in aligned_tables(lines, rules, headers):
            headers.add(row_key(visual_rows(inside)[0]))
            ordered.append(table)
            lines = _without(lines, inside)
        ordered += [_joined(row) for row in visual_rows(lines)]
        ordered.sort(key=lambda item: -item.box.middle)
        result += [replace(item, column=column) for item in ordered]
    return result


def _banded(rules: Sequence[Box]) -> list[Box]:
    """Find where rules or stripes of one width stand under each other: tables with rules between rows alone."""
    widths: dict[tuple[int, int], list[Box]] = {}
    for rule in merged(rules, across=True):
        widths.setdefault((round(rule.left / 3), round(rule.right / 3)), []).append(rule)
    found: list[Box] = []
    for own in widths.values():
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
    return replace(
        widest,
        text=" ".join(line.text for line in row),
        box=Box(box.left, widest.box.bottom, box.right, widest.box.top),
        bold=all(line.bold for line in row),
    )
