"""Tables drawn with characters in a text: ruled columns, bars, tabs."""

from __future__ import annotations

import re
from collections.abc import Sequence

_COLUMNS = re.compile(r"\s*-{2,}(?:\s+-{2,})+\s*")
_RULE = re.compile(r"\s*-{5,}\s*")
_FRAME = re.compile(r"\s*\+(?:[-=:]+\+)+\s*")
_DRAWN = re.compile(r"[\s|:+=-]*")
_TALLEST_HEADER = 20
"""Lines that the names of ruled columns may take."""
Table = tuple[list[list[str]], bool | None]
"""The rows, and whether the first names the columns; None where nobody can say."""


def split_tables(text: str) -> list[str | Table]:
    """Take the tables out of a text.

    Args:
        text: Lines that end in a newline character.

    Returns:
        Stretches of text and tables in reading order.

    Example:
        >>> split_tables("Før\\n\\n  Mål     Frist\\n  ------- ------\\n  Akut    2025\\n\\nEfter")
        ['Før\\n', ([['Mål', 'Frist'], ['Akut', '2025']], True), '\\nEfter']
    """
    lines = text.split("\n")
    found: list[str | Table] = []
    waiting: list[str] = []
    barren: dict[str, int] = {}
    place = 0
    while place < len(lines):
        table, taken, before = _table_at(lines, place, waiting, barren)
        if table is None:
            waiting.append(lines[place])
            place += 1
            continue
        kept = waiting[: len(waiting) - before]
        if kept:
            found.append("\n".join(kept))
        found.append(table)
        waiting = []
        place += taken
    if waiting:
        found.append("\n".join(waiting))
    return found


def _table_at(
    lines: Sequence[str], place: int, waiting: Sequence[str], barren: dict[str, int]
) -> tuple[Table | None, int, int]:
    """Look for a table from a line on; return it, its lines, and how many lines before it are its header.

    ``barren`` says for each sign before which line no table starts: a stretch without one is looked through once.
    """
    line = lines[place]
    if _COLUMNS.fullmatch(line):
        return _ruled(lines, place, waiting)
    if _FRAME.fullmatch(line):
        if place < barren.get("+", 0):
            return None, 0, 0
        table, taken = _framed(lines, place)
        barren["+"] = place + taken
        return table, taken, 0
    for sign in ("\t", "|"):
        inner = line.strip(" |") if sign == "\t" or "|" in line.strip()[1:-1] else ""
        if sign in inner and place >= barren.get(sign, 0):
            table, end = _separated(lines, place, sign)
            if table is not None:
                return table, end - place, 0
            barren[sign] = end
    return None, 0, 0


def _separated(lines: Sequence[str], place: int, sign: str) -> tuple[Table | None, int]:
    """Read lines cut by a sign as a table; without one, say before which line none starts."""
    end = place
    while end < len(lines) and sign in lines[end].strip(" |") and len(_cells(lines[end], sign)) > 1:
        end += 1
    kept: list[list[str]] = []
    for at in range(end - 1, place - 1, -1):
        if "-" in lines[at] and _DRAWN.fullmatch(lines[at]):
            continue
        cells = _cells(lines[at], sign)
        if kept and len(cells) != len(kept[-1]):  # what is above is no part of it
            return None, at + 1 if len(kept) > 1 else end
        kept.append(cells)
    if len(kept) < 2:
        return None, end
    return (kept[::-1], True if len(kept) < end - place else None), end


def _cells(line: str, sign: str) -> list[str]:
    return [cell.strip() for cell in (line.strip(" |") if sign == "|" else line.strip(" ")).split(sign)]


def _ruled(lines: Sequence[str], place: int, waiting: Sequence[str]) -> tuple[Table | None, int, int]:
    """Read a table whose columns are ruled; the rule under the header was met."""
    ruler = lines[place]
    starts = [match.start() for match in re.finditer(r"-+", ruler)]
    before = 0
    most = min(len(waiting), _TALLEST_HEADER)
    while before < most and waiting[-1 - before].strip() and not _RULE.fullmatch(waiting[-1 - before]):
        before += 1
    header = _cut(waiting[len(waiting) - before :], starts)
    framed = before < len(waiting) and bool(_RULE.fullmatch(waiting[-1 - before])) and before > 0
    rows: list[list[str]] = []
    current: list[str] = []
    end = place + 1
    last = next((at for at in range(end, len(lines)) if _RULE.fullmatch(lines[at])), None) if framed else None
    while end < len(lines) and (end != last if last is not None else bool(lines[end].strip())):
        if _COLUMNS.fullmatch(lines[end]) and last is None:
            break
        if last is None or not lines[end].strip():
            rows += [_cut(current, starts)] if current else []
            current = []
        if lines[end].strip():
            current.append(lines[end])
        end += 1
    rows += [_cut(current, starts)] if current else []
    if not rows or not all(sum(map(bool, row)) for row in rows):
        return None, 0, 0
    closes = end < len(lines) and (end == last or bool(_COLUMNS.fullmatch(lines[end])))
    table = ([header, *rows], True) if before else (rows, False)
    return table, end + closes - place, before + framed


def _framed(lines: Sequence[str], place: int) -> tuple[Table | None, int]:
    """Read a table in a frame of plus signs and dashes."""
    starts = [match.start() for match in re.finditer(r"\+", lines[place])][:-1]
    rows: list[list[str]] = []
    current: list[str] = []
    header: bool | None = None
    end = place + 1
    while end < len(lines) and lines[end].lstrip().startswith(("|", "+")):
        if _FRAME.fullmatch(lines[end]):
            rows += [_cut(current, starts)] if current else []
            current = []
            header = True if "=" in lines[end] and len(rows) == 1 else header
        else:
            current.append(lines[end].replace("|", " "))
        end += 1
    return ((rows, header) if len(rows) > 1 else None), end - place


def _cut(lines: Sequence[str], starts: Sequence[int]) -> list[str]:
    """Cut lines at the columns and put the lines of each cell together."""
    bounds = [*starts[1:], None]
    cells = [[line[start:end].strip() for line in lines] for start, end in zip(starts, bounds, strict=True)]
    return [" ".join(part for part in parts if part) for parts in cells]
