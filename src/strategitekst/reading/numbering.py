"""The numbers that a word processor writes in front of headings and items: "1.2.3", "a)", "IV."."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from strategitekst.reading.pieces import Piece
from strategitekst.reading.shape import is_heading_like

_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered.

    Attributes:
        template: What stands in front of an item, with ``%1`` for the number of the outermost level, ``%2`` …; empty
            for none, and for bullets.
        style: ``1``, ``a``, ``A``, ``i``, ``I``, or empty for bullets.
        start: The first number.
    """

    template: str = ""
    style: str = ""
    start: int = 1


class Counters:
    """Counts the headings and items of each list through a document.

    Example:
        >>> counters = Counters()
        >>> levels = [Level("%1.", "1"), Level("%1.%2", "1")]
        >>> [counters.next("a", levels, depth) for depth in (0, 1, 1, 0, 1)]
        ['1.', '1.1', '1.2', '2.', '2.1']
    """

    def __init__(self) -> None:
        self._counts: dict[str, list[int | None]] = {}

    def next(self, key: str, levels: Sequence[Level], depth: int) -> str:
        """Count one more item.

        Args:
            key: Which list.
            levels: How its levels are numbered.
            depth: The item's level, 0 for the outermost.

        Returns:
            What stands in front of it, or an empty string.
        """
        if not 0 <= depth < len(levels):
            return ""
        counts = self._counts.setdefault(key, [None] * len(levels))
        counts += [None] * (len(levels) - len(counts))
        last = counts[depth]
        counts[depth] = levels[depth].start if last is None else last + 1
        counts[depth + 1 :] = [None] * (len(counts) - depth - 1)
        label = levels[depth].template if levels[depth].style else ""
        for place in range(depth, -1, -1):
            count = counts[place]
            number = _number(levels[place].start if count is None else count, levels[place].style)
            label = label.replace(f"%{place + 1}", number)
        return label.strip()


def is_numbered_heading(pieces: Sequence[Piece], number: str, *, strong: bool) -> bool:
    """Say whether a paragraph that is numbered as an item is a heading: "1.2.3", or bold, and short.

    Args:
        pieces: What the paragraph holds.
        number: What the word processor writes in front of it.
        strong: All of it is bold.

    Example:
        >>> [is_numbered_heading([Piece("Akut hjælp")], number, strong=False) for number in ("1.2", "1.")]
        [True, False]
    """
    deep = "." in number.rstrip(". )")
    return len(pieces) == 1 and bool(number) and (strong or deep) and is_heading_like(pieces[0].text)


def _number(count: int, style: str) -> str:
    if style in ("a", "A") and 1 <= count <= 29:
        letter = "abcdefghijklmnopqrstuvwxyzæøå"[count - 1]
        return letter.upper() if style == "A" else letter
    if style in ("i", "I") and 1 <= count <= 39:
        text = ""
        for value, sign in _ROMAN:
            text += sign * (count // value)
            count %= value
        return text.upper() if style == "I" else text
    return str(count)
