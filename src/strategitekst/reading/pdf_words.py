"""The characters of a page of a PDF → words with position, size, weight and marked content."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from typing import Any

import pypdfium2.raw as pdfium

from strategitekst.reading.pdf_calls import Characters, Widths, is_generated, text_object
from strategitekst.reading.pdf_looks import Look, Looks
from strategitekst.reading.pdf_parts import Box, Word, around

_LINES = re.compile("[^\r\n]+")
_RUNS = re.compile("([^\\s\ufffe]+\ufffe?|\ufffe)|(\\s+)")
"""Words, each up to the mark that pdfium makes of a hyphen at the end of a line, and spaces."""
_WHOLE = re.compile("[^\\s\ufffe]+(?: [^\\s\ufffe]+){2,}\ufffe? ?")
_ODD_WORD = re.compile(r"[^\W\d_]\W?[\d*]{1,3}(?!\S)|(?<!\S)[\d*]{1,3}[^\W\d_]|(?<!\S)\w \w \w \w(?!\S)")
"""What has to be looked at word by word: figures that may be raised, and letters that are spaced out."""
_NOTHING = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]")
_LAST_CODE = 0x10FFFF
_FIGURES = "0123456789*"
_LONGEST_SIGN = 6
"""Characters below which the first word of a line may be the mark of an item."""
_HYPHENS = "-\u2010\u2011\ufffe"
_TOUCHING = 0.2
"""Sizes between a word and a hyphen of its own that a program drew by itself."""
_LIFTED = 0.2
"""Sizes between the base line and a figure that is drawn above it."""
_OTHER_SIZE = 0.12
"""Share by which two sizes differ that are not meant to be the same."""
_BELOW, _ABOVE = 0.22, 0.86
"""How far letters reach below and above their base line, in sizes."""
_LITTLE = 0.15
"""Sizes by which a line may be wider than its letters and spaces: less than any gap that tells something."""
_WIDE = 0.4
"""Sizes between two words from which a space between them may not be what parts them."""
_MOST_CHARACTERS = 60_000
"""Characters of a page that are read; what has more is no page to read."""
RAISED = str.maketrans("0123456789*", "\ue030\ue031\ue032\ue033\ue034\ue035\ue036\ue037\ue038\ue039\ue03a")
"""Raised figures and asterisks, as notes have them, are kept apart from others by signs of the private area."""


def page_words(textpage: Any) -> tuple[list[Word], int]:
    """Gather the characters of a page into words.

    Args:
        textpage: The text page of pypdfium2.

    Returns:
        Its words in the order of the file, and how many quarters most of the page is turned by: words that stand
        another way are left out, and the boxes of the others are turned upright.
    """
    raw = textpage.raw
    count = min(pdfium.FPDFText_CountChars(raw), _MOST_CHARACTERS)
    reader = _Reader(raw)
    text = _text(raw, count)
    reader.odd = _NOTHING.search(text) is not None
    for match in _LINES.finditer(text):
        if not reader.add_whole(match[0], match.start()):
            reader.add_parts(match[0], match.start())
    return reader.upright()


def _text(raw: Any, count: int) -> str:
    """Return the characters of a page, one for each index."""
    buffer = ctypes.create_string_buffer(2 * (count + 1))
    got = pdfium.FPDFText_GetText(raw, 0, count, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)))
    text = buffer.raw[: 2 * max(got - 1, 0)].decode("utf-16-le", "replace")
    if len(text) != count:  # some characters count double or not at all there
        codes = (pdfium.FPDFText_GetUnicode(raw, index) for index in range(count))
        text = "".join(chr(code) if code <= _LAST_CODE and not 0xD800 <= code <= 0xDFFF else "\x00" for code in codes)
    return text.replace("\x02", "\ufffe")


class _Reader:
    """Puts words together; looks of text objects are asked for once."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self.characters = Characters(raw)
        self._widths = Widths()
        self._looks = Looks(raw, self.characters)
        self._words: list[Word] = []
        self._turns: list[int] = []
        self.space = -1
        self.odd = False
        """Whether there are characters on the page that are none."""

    def add_whole(self, text: str, start: int) -> bool:
        """Add the words of a line as one, where nothing sets them apart: one text object, a space between each two."""
        if self.odd or not _WHOLE.fullmatch(text) or _ODD_WORD.search(text):
            return False
        end = start + len(text) - 1 - (text[-1] == " ")
        look = self._looks.of(start)
        if look.turn or look.base is None or text_object(self.characters.address, end) != look.source:
            return False
        if not self._is_natural(text, start, end, look) and self._has_gaps(text, start, end, look):
            return False
        first = text.find(" ")
        if first < _LONGEST_SIGN:  # a bullet is known by standing alone
            self.add(text[:first], start, start + first - 1)
            self.space = start + first
            text, start = text[first + 1 :], start + first + 1
        space, self.space = self.space, start + len(text) - 1 if text[-1] == " " else -1
        self._put(text.rstrip(" "), start, end, look, space=space)
        return True

    def _is_natural(self, text: str, start: int, end: int, look: Look) -> bool:
        """Say whether a line is as wide as its letters and spaces are."""
        box = self.characters.box
        whole = self._widths.of(text[: end - start + 1], look.font) * look.size if look.font else -1.0
        return whole > 0 and box(end)[2] - box(start)[0] - whole < _LITTLE * look.size

    def _has_gaps(self, text: str, start: int, end: int, look: Look) -> bool:
        """Say whether a space was made up from a distance, or more than a space parts two words of a line."""
        wide = _WIDE * look.size
        box = self.characters.box
        place = text.find(" ")
        while 0 <= place < end - start:
            left, _, right, _ = box(start + place)
            if right <= left or box(start + place + 1)[0] - right >= wide:
                return True
            place = text.find(" ", place + 1)
        return False

    def add_parts(self, text: str, start: int) -> None:
        """Add the words of a line one by one."""
        for match in _RUNS.finditer(text):
            word, space = match.groups()
            place = start + match.start()
            if word and (not self.odd or (word := _NOTHING.sub("", word))):
                self.add(word, place, start + match.end() - 1)
            elif space:
                self.space = place if is_generated(self.characters.address, place) != 1 else -1

    def add(self, text: str, start: int, end: int) -> None:
        space, self.space = self.space, -1
        look = self._looks.of(start)
        cut = self._cut(text, start, end, look) if end > start and end - start + 1 == len(text) else 0
        if cut:
            first, second = (_figures(text[:cut]), _figures(text[cut:]))
            self._put(text[:cut], start, start + cut - 1, look, space=space, raised=first)
            other = self._looks.of(start + cut)
            self._put(text[cut:], start + cut, end, other, glued=True, raised=second and not first)
        else:
            self._put(text, start, end, look, space=space)

    def _cut(self, text: str, start: int, end: int, look: Look) -> int:
        """Find where raised figures part from a word, in front of it or behind; 0 where they do not."""
        place = len(text.rstrip(_FIGURES))
        if 0 < place < len(text):
            return place if self._is_raised(start + place, look) else 0
        if look.content >= 0 and self._looks.of(end).content != look.content:
            return next(p for p in range(1, len(text)) if self._looks.of(start + p).content != look.content)
        if text[0].isdigit() and any(map(str.isalpha, text)):
            place = len(text) - len(text.lstrip(_FIGURES))
            return place if self._is_raised(start, self._looks.of(end)) else 0
        return 0

    def _is_raised(self, index: int, look: Look) -> bool:
        """Say whether a figure stands above the line: by its size, or by its shape in fonts that have raised ones."""
        own = self._looks.of(index)
        if abs(own.size - look.size) > _OTHER_SIZE * look.size:
            return True
        if own.base is not None and look.base is not None and own.base - look.base > _LIFTED * look.size:
            return True
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        pdfium.FPDFText_GetCharBox(self._raw, index, left, right, bottom, top)
        return not look.turn and bottom.value - self.characters.base(index) > _LIFTED * look.size

    def _put(
        self,
        text: str,
        start: int,
        end: int,
        look: Look,
        *,
        glued: bool = False,
        space: int = -1,
        raised: bool = False,
    ) -> None:
        if look.symbol and len(text) == 1 and not text.isdigit():
            text = "•"
        box = self._span(start, end, look)
        spaced = space >= 0 and self._reaches(space, box, look.size)
        if space < 0 and text in _HYPHENS and self._words:
            glued = glued or abs(box.left - self._words[-1].box.right) < _TOUCHING * look.size
        word = Word(text, box, look.size, look.bold, look.content, look.source, glued, spaced, raised)
        self._words.append(word)
        self._turns.append(look.turn)

    def _reaches(self, space: int, box: Box, size: float) -> bool:
        """Say whether a space leads to the word behind it: the last space of a cell does not to the next cell."""
        if not self._words or box.left - self._words[-1].box.right < _WIDE * size:
            return True
        return box.left - self.characters.box(space)[2] < _WIDE * size

    def _span(self, start: int, end: int, look: Look) -> Box:
        """Return the box of a word: as high as its font, since pdfium's boxes are not for all fonts."""
        if look.turn:
            return turned(around([self._box(start), self._box(end)]), look.turn)
        left, _, right, _ = self.characters.box(start)
        if end > start:
            other, _, last, _ = self.characters.box(end)
            left, right = min(left, other), max(right, last)
        base = self.characters.base(start) if look.base is None else look.base
        return Box(left, base - _BELOW * look.size, right, base + _ABOVE * look.size)

    def _box(self, index: int) -> Box:
        left, top, right, bottom = self.characters.box(index)
        return Box(left, bottom, right, top)

    def upright(self) -> tuple[list[Word], int]:
        """Return the words that stand the way most of the page does."""
        turns = Counter[int]()
        for word, turn in zip(self._words, self._turns, strict=True):
            turns[turn] += len(word.text)
        if not turns:
            return [], 0
        usual = turns.most_common(1)[0][0]
        if len(turns) == 1:
            return self._words, usual
        return [word for word, turn in zip(self._words, self._turns, strict=True) if turn == usual], usual


def _figures(text: str) -> bool:
    return not text.strip(_FIGURES)


def turned(box: Box, turn: int) -> Box:
    """Turn a box by quarters, so that text that stands on its side or its head stands upright.

    Example:
        >>> turned(Box(1, 2, 3, 4), 2)
        Box(left=-3, bottom=-4, right=-1, top=-2)
    """
    if turn == 1:
        return Box(box.bottom, -box.right, box.top, -box.left)
    if turn == 2:
        return Box(-box.right, -box.top, -box.left, -box.bottom)
    if turn == 3:
        return Box(-box.top, box.left, -box.bottom, box.right)
    return box
