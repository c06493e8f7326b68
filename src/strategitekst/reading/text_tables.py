"""Tables drawn with characters in a text: ruled columns, bars, tabs."""

from __future__ import annotations

import re
from collections.abc import Sequence

_COLUMNS = re.compile(r"\s*-{2,}(?:\s+-{2,})+\s*")
_RULE = re.compile(r"\s*-{5,}\s*")
_FRAME = re.compile(r"\s*\+(?:[-=:]+\+)+\s*")
_BARS = re.compile(r"\s*\|?.*\S\s*\|\s*\S.*")
_HEAD_RULE = re.compile(r"[\s|:+=-]*-[\s|:+=-]*")
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
    place = 0
    while place < len(lines):
        table, taken, before = _table_at(lines, place, waiting)
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


def _table_at(lines: Sequence[str], place: int, waiting: Sequence[str]) -> tuple[Table | None, int, int]:
    """Look for a table from a line on; return it, its lines, and how many lines before it are its header."""
    line = lines[place]
    if _COLUMNS.fullmatch(line):
        return _ruled(lines, place, waiting)
    if _FRAME.fullmatch(line):
        return (*_framed(lines, place), 0)
    for sign in ("\t", "|"):
        if line.strip(" |").count(sign) and (sign == "\t" or _BARS.fullmatch(line)):
            end = place
            while end < len(lines) and sign in lines[end].strip(" |") and len(_cells(lines[end], sign)) > 1:
                end += 1
            rows = [_cells(each, sign) for each in lines[place:end] if not _HEAD_RULE.fullmatch(each)]
            if len(rows) > 1 and len({len(row) for row in rows}) == 1:
                return (rows, True if len(rows) < end - place else None), end - place, 0
    return None, 0, 0


def _cells(line: str, sign: str) -> list[str]:
    return [cell.strip() for cell in (line.strip(" |") if sign == "|" else line.strip(" ")).split(sign)]


def _ruled(lines: Sequence[str], place: int, waiting: Sequence[str]) -> tuple[Table | None, int, int]:
    """Read a table whose columns are ruled; the rule under the header was met."""
    ruler = lines[place]
    starts = [match.start() for match in re.finditer(r"-+", ruler)]
    before = 0
    while before < len(waiting) and waiting[-1 - before].strip() and not _RULE.fullmatch(waiting[-1 - before]):
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
    return ((rows, header), end - place) if len(rows) > 1 else (None, 0)


def _cut(lines: Sequence[str], starts: Sequence[int]) -> list[str]:
    """Cut lines at the columns and put the lines of each cell together."""
    bounds = [*starts[1:], None]
    cells = [[line[start:end].strip() for line in lines] for start, end in zip(starts, bounds, strict=True)]
    return [" ".join(part for part in parts if part) for parts in cells]
