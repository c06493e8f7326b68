"""Large first letters, which run down beside several lines of their paragraph, put back in front of it."""

from __future__ import annotations

from collections.abc import Sequence

from strategitekst.reading.pdf_parts import PdfLine
from strategitekst.reading.words import is_word

LARGE = 1.8
"""Times the size of the text from which a letter is an initial."""
_FEWEST = 2
"""Lines that stand beside it."""
_NEAR = 1.5
"""Sizes of the text between an initial and the text."""


def with_initials(lines: Sequence[PdfLine]) -> list[PdfLine]:
    """Put initials in front of the first line beside them.

    Args:
        lines: The lines of a page in the order of the file.

    Returns:
        The lines; an initial with no text beside it stays one.

    Example:
        >>> from strategitekst.reading.pdf_parts import Box
        >>> initial = PdfLine("D", Box(57, 692, 89, 737), 42, False, 1)
        >>> texts = {"et": 721, "vi": 708}
        >>> lines = [PdfLine(text, Box(95, low, 270, low + 11), 10, False, 1) for text, low in texts.items()]
        >>> [line.text for line in with_initials([initial, *lines])]
        ['Det', 'vi']
    """
    result = list(lines)
    for initial in [line for line in lines if len(line.text) == 1 and line.text.isupper()]:
        beside = [
            (-line.box.middle, place)
            for place, line in enumerate(result)
            if line.size * LARGE <= initial.size
            and initial.box.bottom < line.box.middle < initial.box.top
            and -1 <= line.box.left - initial.box.right <= _NEAR * line.size
        ]
        if len(beside) < _FEWEST:
            continue
        place = min(beside)[1]
        first = result[place]
        box = first.box._replace(left=initial.box.left)
        result[place] = first._replace(text=_joined(initial.text, first.text), box=box)
        result = [line for line in result if line is not initial]
    return result


def _joined(initial: str, text: str) -> str:
    """Put an initial in front of a text: it may be a word by itself, as in "I dag"."""
    rest = text.split(maxsplit=1)[0].rstrip(".,;:")
    alone = not rest[:1].islower() or (initial in "IÅ" and is_word(rest) and not is_word(initial + rest))
    return f"{initial} {text}" if alone else initial + text
