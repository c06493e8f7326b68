"""The tables of a web page as rows of cells."""

from __future__ import annotations

from collections.abc import Callable

from selectolax.lexbor import LexborNode

_WIDEST = 100
"""Columns of a table, and columns and rows that one cell may span; pages that claim more are wrong."""


def is_data(table: LexborNode) -> bool:
    """Say whether a table holds data: several rows and columns, no table and no heading inside."""
    if table.attributes.get("role") in ("presentation", "none"):
        return False
    rows = table.css("tr")
    wide = len(rows) > 1 and max(len(row.css("th, td")) for row in rows) > 1
    return wide and len(table.css("table")) <= 1 and not table.css("h1, h2, h3, h4, h5, h6")


def grid(table: LexborNode, text: Callable[[LexborNode], str]) -> tuple[list[list[str]], int]:
    """Return the cells of each row, and how many of the first rows are a header.

    Args:
        table: The element.
        text: Reads a cell.

    Returns:
        A cell over several rows counts in each, one over several columns in the first alone.
    """
    rows: list[list[str]] = []
    headers = 0
    spans: dict[int, tuple[int, str]] = {}
    for row in table.css("tr"):
        cells = row.css("th, td")
        texts: list[str] = []
        for cell in cells:
            _take_spans(spans, texts)
            content = text(cell)
            across, down = (_span(cell, name) for name in ("colspan", "rowspan"))
            for place in range(min(across, _WIDEST - len(texts))):
                if down > 1:
                    spans[len(texts)] = (down - 1, "" if place else content)
                texts.append("" if place else content)
        _take_spans(spans, texts)
        heading = bool(cells) and (all(cell.tag == "th" for cell in cells) or _in_head(row))
        headers += heading and headers == len(rows)
        rows.append(texts)
    return rows, headers


def _take_spans(spans: dict[int, tuple[int, str]], texts: list[str]) -> None:
    """Write what cells of the rows above put into the next columns."""
    while len(texts) in spans and len(texts) < _WIDEST:
        place = len(texts)
        left, content = spans.pop(place)
        if left > 1:
            spans[place] = (left - 1, content)
        texts.append(content)


def _in_head(row: LexborNode) -> bool:
    return row.parent is not None and row.parent.tag == "thead"


def _span(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or ""
    return min(int(value), _WIDEST) if value.isdecimal() and value.isascii() and len(value) < 6 and int(value) else 1
