"""The functions of pdfium that are called for each word of a page, without what ``pypdfium2.raw`` does around a call.

Objects are plain addresses and results are written to memory that is kept, which takes a third of the time: a page has
hundreds of words, and each is asked about several times.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as pdfium

_ADDRESS, _INT, _FLOAT = ctypes.c_void_p, ctypes.c_int, ctypes.c_float


def _bound(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    place = ctypes.cast(getattr(pdfium, name), _ADDRESS).value
    assert place is not None  # noqa: S101 - the library was loaded
    return ctypes.CFUNCTYPE(result, *arguments)(place)


def address(pointer: Any) -> int:
    """Return where an object of pdfium lies; 0 for none."""
    return ctypes.cast(pointer, _ADDRESS).value or 0


text_object = _bound("FPDFText_GetTextObject", _ADDRESS, _ADDRESS, _INT)
is_generated = _bound("FPDFText_IsGenerated", _INT, _ADDRESS, _INT)
font_size = _bound("FPDFText_GetFontSize", ctypes.c_double, _ADDRESS, _INT)
font_of = _bound("FPDFTextObj_GetFont", _ADDRESS, _ADDRESS)
marked_content = _bound("FPDFPageObj_GetMarkedContentID", _INT, _ADDRESS)
render_mode = _bound("FPDFTextObj_GetTextRenderMode", _INT, _ADDRESS)
object_of_page = _bound("FPDFPage_GetObject", _ADDRESS, _ADDRESS, _INT)
object_of_form = _bound("FPDFFormObj_GetObject", _ADDRESS, _ADDRESS, ctypes.c_ulong)
object_kind = _bound("FPDFPageObj_GetType", _INT, _ADDRESS)
_loose_box = _bound("FPDFText_GetLooseCharBox", _INT, _ADDRESS, _INT, _ADDRESS)
_origin = _bound("FPDFText_GetCharOrigin", _INT, _ADDRESS, _INT, _ADDRESS, _ADDRESS)
_glyph_width = _bound("FPDFFont_GetGlyphWidth", _INT, _ADDRESS, ctypes.c_uint32, _FLOAT, _ADDRESS)
_matrix = _bound("FPDFText_GetMatrix", _INT, _ADDRESS, _INT, _ADDRESS)

_UNKNOWN = -1e6


class Characters:
    """Asks about the characters of one page.

    Args:
        raw: The text page of pdfium.
    """

    def __init__(self, raw: Any) -> None:
        self.address = address(raw)
        self._floats = (_FLOAT * 6)()
        self._doubles = (ctypes.c_double * 2)()
        self._first, self._second = ctypes.addressof(self._floats), ctypes.addressof(self._doubles)

    def box(self, index: int) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of a character, as pdfium has them."""
        found = self._floats
        if not _loose_box(self.address, index, self._first):
            return 0.0, 0.0, 0.0, 0.0
        return found[0], found[1], found[2], found[3]

    def base(self, index: int) -> float:
        """Return the height of the line that a character stands on."""
        return self._doubles[1] if _origin(self.address, index, self._second, self._second + 8) else 0.0

    def matrix(self, index: int) -> tuple[float, float, float, float]:
        """Return how a character is turned and stretched."""
        found = self._floats
        if not _matrix(self.address, index, self._first):
            return 1.0, 0.0, 0.0, 1.0
        return found[0], found[1], found[2], found[3]


class Widths:
    """How wide the letters of the fonts of one page are; each is asked for once."""

    def __init__(self) -> None:
        self._fonts: dict[int, dict[str, float]] = {}
        self._found = _FLOAT()
        self._place = ctypes.addressof(self._found)

    def of(self, text: str, font: int) -> float:
        """Return how wide a text is in a font of size 1; less than nothing where the font does not say."""
        widths = self._fonts.setdefault(font, {})
        try:
            return sum(map(widths.__getitem__, text))
        except KeyError:
            for letter in set(text) - widths.keys():
                known = _glyph_width(font, ord(letter), 1.0, self._place)
                widths[letter] = self._found.value if known and self._found.value > 0 else _UNKNOWN
            return sum(map(widths.__getitem__, text))
