"""How the characters of a text object of a PDF look: asked for once an object, and once a font."""

from __future__ import annotations

import ctypes
import math
import re
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from strategitekst.reading.pdf_calls import Characters, font_of, font_size, marked_content, render_mode, text_object

_BOLD = re.compile(rb"bold|black|heavy|semibold|demi", re.IGNORECASE)
_SYMBOLS = re.compile(rb"symbol|wingding|dingbat|webding|marlett", re.IGNORECASE)
_BOLD_WEIGHT = 600
_FILL_AND_STROKE = 2
"""Text that is filled and drawn around: how programs make a font bold that has no bold face."""


@dataclass(frozen=True, slots=True)
class Look:
    """What all characters of one text object share.

    Attributes:
        size: Font size in points, as it appears.
        bold: Whether it is bold.
        symbol: Its font holds signs instead of letters.
        content: Number of the marked content that it belongs to, -1 for none.
        source: The object, as a number.
        turn: By how many quarters it is turned, -1 for other angles.
        base: The height of the line that it stands on; None where that differs from character to character.
        font: Its font, as a number; 0 for none.
    """

    size: float
    bold: bool
    symbol: bool
    content: int
    source: int
    turn: int
    base: float | None = None
    font: int = 0


class Looks:
    """The looks of the text objects of one page."""

    def __init__(self, raw: Any, characters: Characters) -> None:
        self._raw = raw
        self._characters = characters
        self._page = characters.address
        self._looks: dict[int, Look] = {}
        self._fonts: dict[int, tuple[bool, bool]] = {}

    def of(self, index: int) -> Look:
        """Return the look of a character."""
        source = text_object(self._page, index) or 0
        look = self._looks.get(source)
        if look is None or not source:
            look = self._looks[source] = self._ask(index, source)
        return look

    def _ask(self, index: int, source: int) -> Look:
        a, b, c, d = self._characters.matrix(index)
        size = font_size(self._page, index)
        if size < 0:  # turned twice
            a, b = -a, -b
        size = abs(round(size * (math.hypot(c, d) or 1.0), 1))
        font = (font_of(source) or 0) if source else 0
        bold, symbol = self._font(index, font)
        content = marked_content(source) if source else -1
        drawn = bool(source) and render_mode(source) == _FILL_AND_STROKE
        base = self._characters.base(index) if source and not b and a else None
        return Look(size or 1.0, bold or drawn, symbol, content, source, _turn(a, b), base, font)

    def _font(self, index: int, key: int) -> tuple[bool, bool]:
        known = self._fonts.get(key)
        if known is None or not key:
            name = ctypes.create_string_buffer(128)
            pdfium.FPDFText_GetFontInfo(self._raw, index, name, 128, ctypes.c_int())
            heavy = pdfium.FPDFText_GetFontWeight(self._raw, index) >= _BOLD_WEIGHT
            known = self._fonts[key] = (
                heavy or bool(_BOLD.search(name.value)),
                bool(_SYMBOLS.search(name.value)) and b"opensymbol" not in name.value.lower(),
            )
        return known


def _turn(a: float, b: float) -> int:
    """Return by how many quarters a matrix turns text."""
    if abs(b) <= 0.1 * abs(a):
        return 0 if a >= 0 else 2
    if abs(a) <= 0.1 * abs(b):
        return 1 if b > 0 else 3
    return -1
