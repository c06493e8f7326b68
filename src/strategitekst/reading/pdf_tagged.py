"""Words and the structure tree of a page of a tagged PDF → its paragraphs, headings and tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from strategitekst.reading.pdf_cells import bold_row, joined_cell
from strategitekst.reading.pdf_lines import page_lines
from strategitekst.reading.pdf_notes import RAISED_RANGE, RAISED_SIGNS, SMALL, starts_note
from strategitekst.reading.pdf_parts import Box, Drawing, Group, PdfLine, PdfTable, Word, around
from strategitekst.reading.pdf_tree import Grid, Leaf

_NUMBER = re.compile(rf"[\d{RAISED_RANGE}]{{1,3}}[.)]?")
_LEAST_TAGGED = 0.9
"""Share of the letters of a page, its margins aside, that its tags must reach to be used."""
_MARGIN = 0.1
_LONGEST, _MOST_IN_ONE = 1_500, 0.9
"""Letters, and share of a page's letters, from which one paragraph is what a careless program tags all text as."""


def tagged_parts(
    found: Sequence[Leaf | Grid], words: Sequence[Word], area: Box, number: int
) -> list[Group | PdfTable] | None:
    """Put the words of a page where its tags say.

    Args:
        found: What stands on the page in the order of the tree.
        words: The words of the page in the order of the file.
        area: What is seen of the page.
        number: The number of the page, from 1.

    Returns:
        The groups and tables of the page; None where the tags miss too much to be used.
    """
    leaves = [leaf for part in found for row in ([[part]] if isinstance(part, Leaf) else part.rows) for leaf in row]
    owners = {content: (leaf, place) for leaf in leaves for place, content in enumerate(leaf.contents)}
    own: dict[int, list[tuple[int, Word]]] = {}
    known = missed = 0
    for word in words:
        if word.content in owners:
            leaf, place = owners[word.content]
            own.setdefault(id(leaf), []).append((place, word))
            known += len(word.text)
        elif area.bottom + _MARGIN * area.height < word.box.middle < area.top - _MARGIN * area.height:
            missed += len(word.text)
    largest = max((sum(len(word.text) for _, word in found) for found in own.values()), default=0)
    if known < _LEAST_TAGGED * (known + missed) or not known or (largest > _LONGEST and largest > _MOST_IN_ONE * known):
        return None
    lines = {key: _lines([word for _, word in sorted(pairs, key=_place)], number) for key, pairs in own.items()}
    parts: list[Group | PdfTable] = []
    for part in found:
        if isinstance(part, Grid):
            table = _table(part, lines, number)
            parts += [table] if table is not None else []
        elif id(part) in lines:
            column = len(parts)
            own_lines = [line._replace(column=column) for line in lines[id(part)]]
            parts.append(Group(own_lines, part.role, part.level, part.opens, part.goes_on))
    return parts


def mark_notes(parts: list[Group | PdfTable], body: float) -> None:
    """Give the notes at the end of a page their role, where the tags call them paragraphs.

    Args:
        parts: The groups and tables of the page; they are changed.
        body: Font size of the body.
    """
    start = len(parts)
    while start and isinstance(part := parts[start - 1], Group) and part.first.size < SMALL * body:
        start -= 1
    notes = [part for part in parts[start:] if isinstance(part, Group) and part.role == "prose"]
    lone = [part for part in notes if _NUMBER.fullmatch(part.first.text)]
    text = [line for part in parts[:start] if isinstance(part, Group) for line in part.lines]
    referred = any(sign in line.text for line in text for sign in RAISED_SIGNS)
    if lone or referred or any(starts_note(part.first) for part in notes):
        for part in notes:
            part.role = "note"
        parts[start:] = [part for part in parts[start:] if part not in lone]


def _once(cells: Sequence[str]) -> list[str]:
    """Return the names of columns once, where a table that runs over columns of one page repeats them."""
    halves = [cell.split() for cell in cells]
    for times in (4, 3, 2):
        if all(words == words[: len(words) // times] * times for words in halves):
            return [" ".join(words[: len(words) // times]) for words in halves]
    return list(cells)


def _place(pair: tuple[int, Word]) -> int:
    return pair[0]


def _lines(words: Sequence[Word], number: int) -> list[PdfLine]:
    """Gather the words of one paragraph into lines; parts of one height are one line."""
    result: list[PdfLine] = []
    for line in page_lines(words, Drawing(), number):
        last = result[-1] if result else None
        if last is not None and last.box.bottom < line.box.middle < last.box.top and line.box.left > last.box.left:
            text = f"{last.text} {line.text}"
            result[-1] = last._replace(text=text, box=around([last.box, line.box]), bold=last.bold and line.bold)
        else:
            result.append(line)
    return result


def _table(grid: Grid, lines: dict[int, list[PdfLine]], number: int) -> PdfTable | None:
    rows = [row for row in grid.rows if any(id(cell) in lines for cell in row)]
    width = max(map(len, rows), default=0)
    every = [line.box for row in rows for cell in row for line in lines.get(id(cell), [])]
    if not every:
        return None
    box = around(every)
    texts = tuple(
        tuple(joined_cell([line.text for line in lines.get(id(cell), [])]) for cell in row) + ("",) * (width - len(row))
        for row in rows
    )
    texts = (tuple(_once(texts[0])), *texts[1:])
    lefts: list[list[float]] = [[] for _ in range(width)]
    for row in rows:
        for place, cell in enumerate(row):
            lefts[place] += [line.box.left for line in lines.get(id(cell), [])]
    edges = [min(column, default=0.0) for column in lefts]
    named = all(cell.header for cell in rows[0]) and not all(cell.header for row in rows for cell in row)
    bold = bold_row([lines.get(id(cell), []) for cell in rows[0]]) and len(rows) > 1
    return PdfTable(box, texts, tuple(edges), number, True if named or bold else None)
