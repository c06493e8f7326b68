"""Footnotes and their marks, captions and lists of contents: what stands apart from the text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from strategitekst.reading.pdf_parts import PdfLine
from strategitekst.reading.pdf_words import RAISED

RAISED_RANGE = "\ue030-\ue03a"
RAISED_SIGNS = frozenset(map(chr, RAISED.values()))
_LOWER = {raised: plain for plain, raised in RAISED.items()}
_START = re.compile(rf"\s*(?:([{RAISED_RANGE}]{{1,3}})[.)]?|(\d{{1,3}}|\*{{1,3}})[.)]?(?=\s|[A-ZÆØÅ]))\s*(?=\S)")
_MARK = re.compile(
    rf"(?P<word>[^\W\d_]*)(?P<sign>[.,;:!?)»”\"’]?)\s?[{RAISED_RANGE}]{{1,3}}(?:,?[{RAISED_RANGE}]{{1,3}})*"
)
_UNITS = frozenset(["m", "km", "cm", "mm", "dm", "hm", "ha", "co", "nox", "so", "pm", "x"])
"""What a raised figure belongs to."""
SMALL = 0.93
"""Times the size of the body below which a line can be a note."""
_CAPTION = re.compile(
    r"(?:figur|tabel|billede|foto|diagram|kort|graf|illustration|boks)\s*\d{0,3}(?:[.:]\d{0,2})*\s?[.:–-]\s?\S",
    re.IGNORECASE,
)
_LONGEST_CAPTION = 250
_LEADERS = re.compile(r".*\S\s*(?:(?:[.·_]\s?){4,}|…+\s*)\s*(?:\d{1,3}|[ivx]{1,5})?\s*")
_ENDS_IN_PAGE = re.compile(r".*[^\W\d_].*?\s(\d{1,3})")
_FEWEST_ENTRIES, _FEWEST_LEADERS = 4, 4


def without_note_marks(text: str) -> str:
    """Take raised figures that refer to notes out of a text; others become plain.

    Example:
        >>> without_note_marks("sundhed.\\ue031 Og 5 m\\ue032"), without_note_marks("vedtaget\\ue031\\ue032 i år")
        ('sundhed. Og 5 m2', 'vedtaget i år')
    """

    def replace(match: re.Match[str]) -> str:
        if match["word"].casefold() in _UNITS and not match["sign"]:
            return match[0].translate(_LOWER)
        return match["word"] + match["sign"]

    if RAISED_SIGNS.isdisjoint(text):
        return text
    return _MARK.sub(replace, text).translate(_LOWER)


def without_note_start(text: str) -> str:
    """Take the number off a note.

    Example:
        >>> without_note_start("1Jf. bilag 2."), without_note_start("\\ue032 Se side 4.")
        ('Jf. bilag 2.', 'Se side 4.')
    """
    return text[match.end() :] if (match := _START.match(text)) else text


def starts_note(line: PdfLine) -> bool:
    """Say whether a line starts with the number of a note."""
    return bool(_START.match(line.text))


def note_lines(lines: Sequence[PdfLine], body: float) -> set[int]:
    """Find the notes at the foot of columns.

    Args:
        lines: The lines of a page in reading order.
        body: Font size of the body.

    Returns:
        The ids of the lines that are notes: last in their column, and small, the first with the number of a note that
        the text of the page refers to, or with a raised one; of any size where both are.
    """
    marks = {
        found.translate(_LOWER) for line in lines for found in re.findall(rf"(?<=\S)[{RAISED_RANGE}]{{1,3}}", line.text)
    }
    found: set[int] = set()
    for column in {line.column for line in lines}:
        own = [line for line in lines if line.column == column]
        start = len(own)
        while start and own[start - 1].size < SMALL * body:
            start -= 1
        for place in range(start, len(own)):
            match = _START.match(own[place].text)
            if match and (match[1] or (match[2] in marks)):
                found |= {id(line) for line in own[place:]}
                break
        found |= _raised_on_both(own, marks)
    return found


def _raised_on_both(own: Sequence[PdfLine], marks: set[str]) -> set[int]:
    """Find the notes of a column that are as large as the text: raised figures in front, and in the text before."""
    for place, line in enumerate(own):
        match = _START.match(line.text)
        if place and match and match[1] and match[1].translate(_LOWER) in marks:
            return {id(line) for line in own[place:]}
    return set()


def is_caption(text: str) -> bool:
    """Say whether a text is the caption of a figure or table.

    Example:
        >>> is_caption("Figur 3: Ventetid i dage"), is_caption("Figur 3 viser, at ventetiden falder.")
        (True, False)
    """
    return len(text) <= _LONGEST_CAPTION and bool(_CAPTION.match(text))


def _has_leaders(text: str) -> bool:
    # Counted first: the pattern tries every place of a line.
    if "…" not in text and sum(map(text.count, ".·_")) < _FEWEST_LEADERS:
        return False
    return bool(_LEADERS.fullmatch(text))


def contents_lines(lines: Sequence[PdfLine]) -> set[int]:
    """Find lists of contents: lines with leaders to a number, or a run of lines that end in growing page numbers.

    Args:
        lines: The lines of a page in reading order.

    Returns:
        The ids of their lines.
    """
    found = {id(line) for line in lines if _has_leaders(line.text)}
    start, last = 0, 0
    for place in range(len(lines) + 1):
        text = lines[place].text if place < len(lines) else ""
        match = _ENDS_IN_PAGE.fullmatch(text) if text[-1:].isdigit() else None
        number = int(match[1]) if match else -1
        if number < last or (place > start and abs(lines[place].box.right - lines[start].box.right) > 4):
            if place - start >= _FEWEST_ENTRIES:
                found |= {id(line) for line in lines[start:place]}
            start = place if number >= 0 else place + 1
        last = max(number, 0)
    return found
