"""Lines inside a cell or on one height: what both kinds of tables are built from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from strategitekst.reading.pdf_parts import PdfLine
from strategitekst.reading.repair import join_lines
from strategitekst.reading.shape import bullet
from strategitekst.reading.words import is_word

_LAST, _FIRST = re.compile(r"[^\W\d_]+$"), re.compile(r"[a-zæøåéü]+")


def visual_rows(lines: Iterable[PdfLine]) -> list[list[PdfLine]]:
    """Sort lines from top to bottom into those that stand beside each other, each row from left to right."""
    rows: list[list[PdfLine]] = []
    for line in sorted(lines, key=lambda line: -line.box.middle):
        if rows and rows[-1][0].box.bottom < line.box.middle < rows[-1][0].box.top:
            rows[-1].append(line)
        else:
            rows.append([line])
    for row in rows:
        row.sort(key=lambda line: line.box.left)
    return rows


def cell_text(lines: Sequence[PdfLine]) -> str:
    """Put the lines of a cell together; signs in front of the points of a list go."""
    return joined_cell([" ".join(line.text for line in row) for row in visual_rows(lines)])


def joined_cell(lines: Iterable[str]) -> str:
    """Put the lines of a cell together, as ``cell_text`` does."""
    texts: list[str] = []
    for line in map(str.strip, lines):
        mark = bullet(line)
        if mark is not None and not mark.number and not line[0].isalnum() and not mark.dash:
            line = line[mark.length :]
        if texts and _is_torn(texts[-1], line):
            texts[-1] += line
        else:
            texts.append(line)
    return join_lines(texts)


def _is_torn(above: str, line: str) -> bool:
    """Say whether a narrow cell broke a word without a hyphen: a part is no word, both together are."""
    head, tail = _LAST.search(above), _FIRST.match(line)
    if not head or not tail or not is_word(head[0] + tail[0]):
        return False
    return not (is_word(head[0]) and is_word(tail[0]))


def bold_row(cells: Sequence[Sequence[PdfLine]]) -> bool:
    """Say whether a row has several cells, and all of their text is bold."""
    lines = [line for cell in cells for line in cell]
    return sum(map(bool, cells)) > 1 and all(line.bold for line in lines if any(sign.isalpha() for sign in line.text))
