"""Rows of tables → one line each, with the names of the columns in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from strategitekst.reading.pieces import Piece
from strategitekst.reading.repair import repair

_LONGEST_HEADER = 60
"""Characters in the longest name of a column."""


def table_pieces(
    rows: Sequence[Sequence[str]], *, has_header: bool | None = None, page: int | None = None
) -> list[Piece]:
    """Turn a table into pieces, one per row.

    Args:
        rows: The cells of each row; rows may differ in length.
        has_header: Whether the first row names the columns; None where the format does not say.
        page: The page the table is on.

    Returns:
        A row per line below the header; the cells of a table with one column are plain lines.

    Example:
        >>> table_pieces([["Indsats", "Frist"], ["Ny akutbil", "2025"]])[0].text
        'Indsats: Ny akutbil; Frist: 2025'
    """
    cleaned = [[repair(cell) for cell in row] for row in rows]
    filled = [row for row in cleaned if any(row)]
    if max((len(row) for row in filled), default=0) < 2:
        return [Piece(cell, "prose", page=page) for row in filled for cell in row]
    if has_header is None:
        has_header = len(filled) > 1 and _is_header(filled[0])
    header = filled[0] if has_header else []
    return [Piece(row_text(header, row), "row", page=page) for row in (filled[1:] if has_header else filled)]


def merged_header(rows: Sequence[Sequence[str]], headers: int) -> tuple[list[list[str]], bool | None]:
    """Put the header rows of a table into one.

    Args:
        rows: The cells of each row.
        headers: How many of the first rows the format marks as header.

    Returns:
        The rows with one header row at most, and whether there is one; None where the format does not say.

    Example:
        >>> merged_header([["Mål", "2026", ""], ["", "forår", "efterår"], ["Akut", "5", "6"]], 2)
        ([['Mål', '2026 forår', 'efterår'], ['Akut', '5', '6']], True)
    """
    if headers == 0 or headers >= len(rows):
        return [list(row) for row in rows], None
    width = max(len(row) for row in rows[:headers])
    columns = [[row[place] for row in rows[:headers] if place < len(row) and row[place]] for place in range(width)]
    header = [" ".join(dict.fromkeys(names)) for names in columns]
    return [header, *(list(row) for row in rows[headers:])], True


def row_text(header: Sequence[str], row: Sequence[str]) -> str:
    """Put a row on one line: "column: cell; column: cell", empty cells left out.

    Example:
        >>> row_text(["Indsats", "Frist"], ["Ny akutbil", ""]), row_text([], ["Ny akutbil", "2025"])
        ('Indsats: Ny akutbil', 'Ny akutbil; 2025')
    """
    cells = []
    for place, cell in enumerate(row):
        name = header[place].rstrip(" :") if place < len(header) else ""
        if cell:
            cells.append(f"{name}: {cell}" if name and name != cell else cell)
    return "; ".join(cells)


def _is_header(row: Sequence[str]) -> bool:
    """Say whether a first row names columns: several short cells without figures or sentences."""
    names = [cell for cell in row if cell]
    return len(names) > 1 and all(
        len(name) <= _LONGEST_HEADER and not name.endswith(".") and not re.fullmatch(r"[\d.,% -]+", name)
        for name in names
    )
