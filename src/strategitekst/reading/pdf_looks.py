"""How the characters of a text object of a PDF look: asked for once an object, and once a font."""

from __future__ import annotations

import ctypes
import math
import re
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

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
    """

    size: float
    bold: bool
    symbol: bool
    content: int
    source: int
    turn: int


class Looks:
    """The looks of the text objects of one page."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._looks: dict[int, Look] = {}
        self._fonts: dict[int, tuple[bool, bool]] = {}
        self._matrix = pdfium.FS_MATRIX()

    def of(self, index: int) -> Look:
        """Return the look of a character."""
        found = pdfium.FPDFText_GetTextObject(self._raw, index)
        key = ctypes.cast(found, ctypes.c_void_p).value or 0
        look = self._looks.get(key)
        if look is None or not key:
            look = self._looks[key] = self._ask(index, found, key)
        return look

    def _ask(self, index: int, found: Any, source: int) -> Look:
        matrix = self._matrix
        if not pdfium.FPDFText_GetMatrix(self._raw, index, matrix):
            matrix.a, matrix.b, matrix.c, matrix.d = 1.0, 0.0, 0.0, 1.0
        a, b = matrix.a, matrix.b
        size = abs(round(pdfium.FPDFText_GetFontSize(self._raw, index) * (math.hypot(matrix.c, matrix.d) or 1.0), 1))
        bold, symbol = self._font(index, found)
        content = pdfium.FPDFPageObj_GetMarkedContentID(found) if found else -1
        drawn = bool(found) and pdfium.FPDFTextObj_GetTextRenderMode(found) == _FILL_AND_STROKE
        return Look(size or 1.0, bold or drawn, symbol, content, source, _turn(a, b))

    def _font(self, index: int, found: Any) -> tuple[bool, bool]:
        font = pdfium.FPDFTextObj_GetFont(found) if found else None
        key = ctypes.cast(font, ctypes.c_void_p).value or 0 if font else 0
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
