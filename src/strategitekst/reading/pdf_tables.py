"""Tables that run over pages or columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from strategitekst.reading.pdf_parts import PdfTable
from strategitekst.reading.repair import is_broken, join
from strategitekst.reading.shape import ends_sentence

_FEWEST_ROWS, _LONGEST_NAME, _LONGEST_ABBREVIATION = 2, 40, 6
_NEAR = 8.0
"""Points between where a column begins on two pages."""


def continued(table: PdfTable, other: PdfTable) -> PdfTable | None:
    """Put the next part of a table behind it.

    Args:
        table: The table so far.
        other: The table that comes next in the document, nothing but notes between.

    Returns:
        Both as one, without the repeated header; None where the second is another table.
    """
    if (table.page, table.column) == (other.page, other.column):
        return None
    repeated = _plain(table.rows[0]) == _plain(other.rows[0])
    if repeated and len(table.rows[0]) == len(other.rows[0]):
        rows: Sequence[tuple[str, ...]] = other.rows[1:]
    elif other.has_header and table.has_header:
        return None
    else:
        places = _places(table, other)
        if places is None:
            return None
        rows = [_spread(row, places, len(table.edges)) for row in other.rows]
    done = list(table.rows)
    if rows and (len(done) > 1 or any(map(is_broken, done[-1], rows[0]))) and _is_rest(done[-1], rows[0]):
        done[-1] = tuple(join(above, cell) for above, cell in zip(done[-1], rows[0], strict=True))
        rows = rows[1:]
    header = table.has_header or (True if repeated else None)
    return (
        replace(other, rows=(*done, *rows), has_header=header, edges=table.edges, page=table.page)
        if rows or done
        else table
    )


def with_rest(table: PdfTable, left: float, text: str) -> PdfTable | None:
    """Put the rest of a cell into the last row of a table.

    Args:
        table: The table that the end of a page cut.
        left: Where the text begins on the next page.
        text: What stands there.

    Returns:
        The table with it; None where no cell goes on like that.
    """
    column = max((place for place, edge in enumerate(table.edges) if edge <= left + _NEAR), default=-1)
    last = table.rows[-1]
    if column < 0 or not text[:1].islower() or not last[column] or ends_sentence(last[column]):
        return None
    cells = tuple(join(cell, text) if place == column else cell for place, cell in enumerate(last))
    return replace(table, rows=(*table.rows[:-1], cells))


def names_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether the first row names the columns, where it is no more than short: names, above longer cells.

    Example:
        >>> names_columns([["Nr.", "Handling"], ["1", "Vi ansætter flere læger i Nakskov."]])
        True
    """
    if len(rows) < _FEWEST_ROWS:
        return False
    names = [cell for cell in rows[0] if cell]
    short = all(
        len(name) <= _LONGEST_NAME
        and any(map(str.isalpha, name))
        and (not name.endswith(".") or len(name) < _LONGEST_ABBREVIATION)
        for name in names
    )
    return (
        len(names) == len(rows[0]) > 1
        and short
        and sum(map(len, rows[0])) < max(sum(map(len, row)) for row in rows[1:])
    )


def _plain(row: Sequence[str]) -> list[str]:
    return ["".join(cell.split()).casefold().replace("-", "") for cell in row]


def _places(table: PdfTable, other: PdfTable) -> list[int] | None:
    """Find for each column of the second part the column of the first that begins at the same distance."""
    shifts = {0.0, other.box.left - table.box.left}
    for shift in shifts:
        pairs = [(a + shift, b) for a, b in zip(table.edges, other.edges, strict=False) if b > 0]
        if len(table.edges) == len(other.edges) and all(abs(a - b) <= _NEAR for a, b in pairs):
            return list(range(len(other.edges)))
        places = []
        for edge in other.edges:
            nearest = min(range(len(table.edges)), key=lambda place: abs(table.edges[place] + shift - edge))
            if abs(table.edges[nearest] + shift - edge) > _NEAR:
                break
            places.append(nearest)
        if len(places) == len(other.edges) and len(set(places)) == len(places):
            return places
    return None


def _spread(row: Sequence[str], places: Sequence[int], count: int) -> tuple[str, ...]:
    cells = [""] * count
    for place, cell in zip(places, row, strict=True):
        cells[place] = cell
    return tuple(cells)


def _is_rest(above: Sequence[str], row: Sequence[str]) -> bool:
    """Say whether a row is the rest of the one that the end of a page cut."""
    filled = [(last, cell) for last, cell in zip(above, row, strict=True) if cell]
    if filled and not any(last for last, _ in filled):
        return True  # whole cells that had no room above
    if not filled or any(not last for last, _ in filled):
        return False
    if any(is_broken(last, cell) for last, cell in filled):
        return True
    alone = len(filled) == 1 < sum(map(bool, above)) and not ends_sentence(filled[0][0])
    cut = [alone or (cell[:1].islower() and not ends_sentence(last)) for last, cell in filled]
    return any(cut) and (all(cut) or len(filled) < sum(map(bool, above)))
