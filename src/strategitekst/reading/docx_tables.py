"""The tables of a Word file as rows of cells, merged cells told apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from strategitekst.reading.docx_styles import W, switch, value

_AROUND = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "smartTag", "moveTo"))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell where it stands in the grid.

    Attributes:
        element: The ``w:tc`` that holds its content; that of the row above where cells are merged downwards.
        column: Its first column.
        own: It is no continuation of the cell above.
    """

    element: Any
    column: int
    own: bool


def grid(table: Any) -> tuple[list[list[Cell]], int]:
    """Return the rows of a table, deleted ones left out, and how many of the first ones are marked as a header."""
    rows: list[list[Cell]] = []
    headers = 0
    above: dict[int, Any] = {}
    for row in unwrapped(table, "tr"):
        properties = row.find(f"{W}trPr")
        if properties is not None and properties.find(f"{W}del") is not None:
            continue
        cells: list[Cell] = []
        column = _count(properties, "gridBefore", 0)
        current: dict[int, Any] = {}
        for element in unwrapped(row, "tc"):
            cell_properties = element.find(f"{W}tcPr")
            merge = None if cell_properties is None else cell_properties.find(f"{W}vMerge")
            goes_on = merge is not None and merge.get(f"{W}val", "continue") == "continue" and column in above
            content = above[column] if goes_on else element
            cells.append(Cell(content, column, not goes_on))
            current[column] = content
            column += _count(cell_properties, "gridSpan", 1)
        above = current
        if headers == len(rows) and switch(properties, "tblHeader"):
            headers += 1
        rows.append(cells)
    return rows, headers


def unwrapped(parent: Any, name: str) -> Iterator[Any]:
    """Yield the children of a name, those inside content controls and tracked insertions too."""
    for child in parent.iterchildren():
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in _AROUND:
            yield from unwrapped(child, name)


def _count(properties: Any | None, name: str, default: int) -> int:
    text = value(properties, name) or ""
    return min(int(text), 500) if text.isdecimal() else default
