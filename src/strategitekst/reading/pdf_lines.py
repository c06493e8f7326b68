"""A page of a PDF → lines of text with position, size and weight."""

from __future__ import annotations

import ctypes
import math
import re
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

from strategitekst.reading.shape import bullet

_COLUMN_GAP = 1.8
"""Widths of an em between two characters on one baseline from which they are taken for different columns."""
_SPACED_OUT = re.compile(r"(?:[^\W\d_] ){3,}[^\W\d_]")
_SAMPLES = 6


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line of a page, or the part of it in one column.

    Attributes:
        text: What it says.
        left: Distance of its left end from the left edge of the page, in points.
        right: Distance of its right end from there.
        bottom: Height of its lower edge over the lower edge of the page.
        top: Height of its upper edge.
        size: Font size of most of its text, in points.
        bold: Whether all of it is bold.
        page: The page, from 1.
        column: Which stretch of the reading order of its page it belongs to.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    bold: bool
    page: int
    column: int = 0

    @property
    def middle(self) -> float:
        """Height of its middle."""
        return (self.bottom + self.top) / 2


@dataclass(slots=True)
class _Run:
    """A line while its characters are gathered."""

    indexes: list[int] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    top: float = 0.0

    def takes(self, left: float, bottom: float, top: float) -> bool:
        middle, height = (bottom + top) / 2, self.top - self.bottom
        same_line = self.bottom < middle < self.top or bottom < (self.bottom + self.top) / 2 < top
        return same_line and -height < left - self.right < _COLUMN_GAP * height

    def add(self, index: int, sign: str, box: pdfium.FS_RECTF) -> None:
        if not self.indexes:
            self.left, self.bottom, self.top = box.left, box.bottom, box.top
        elif box.top - box.bottom > self.top - self.bottom:  # a raised figure does not set the height
            self.bottom, self.top = box.bottom, box.top
        self.indexes.append(index)
        self.text.append(sign)
        self.right = box.right


def page_lines(textpage: Any, number: int) -> list[PdfLine]:
    """Gather the characters of a page into lines.

    Args:
        textpage: The text page of pypdfium2.
        number: The number of the page, from 1.

    Returns:
        Its lines in the order of the file; text that stands on its side is left out.
    """
    raw = textpage.raw
    box = pdfium.FS_RECTF()
    runs = [_Run()]
    for index in range(pdfium.FPDFText_CountChars(raw)):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        if code in (10, 13):
            runs.append(_Run())
            continue
        if (code < 32 and code != 2) or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
            continue
        sign = chr(code)
        if sign.isspace():
            runs[-1].text.append(" ")
            continue
        pdfium.FPDFText_GetLooseCharBox(raw, index, box)
        if runs[-1].indexes and not runs[-1].takes(box.left, box.bottom, box.top):
            runs.append(_Run())
        runs[-1].add(index, sign, box)
    lines = [_finish(raw, run, number) for run in runs if run.indexes and _is_upright(raw, run)]
    return _merge(lines)


def _is_upright(raw: Any, run: _Run) -> bool:
    angle = pdfium.FPDFText_GetCharAngle(raw, run.indexes[0])
    return math.cos(angle) > 0.98 if angle >= 0 else True


def _finish(raw: Any, run: _Run, page: int) -> PdfLine:
    samples = run.indexes[:: max(1, len(run.indexes) // _SAMPLES)]
    sizes = sorted(_size(raw, index) for index in samples)
    text = " ".join("".join(run.text).split())
    bold = all(_is_bold(raw, index) for index in samples)
    return PdfLine(
        _SPACED_OUT.sub(lambda match: match[0].replace(" ", ""), text),
        run.left,
        run.right,
        run.bottom,
        run.top,
        round(sizes[len(sizes) // 2], 1),
        bold,
        page,
    )


def _size(raw: Any, index: int) -> float:
    matrix = pdfium.FS_MATRIX()
    scale = math.hypot(matrix.b, matrix.d) if pdfium.FPDFText_GetMatrix(raw, index, matrix) else 1.0
    return float(pdfium.FPDFText_GetFontSize(raw, index)) * (scale or 1.0)


def _is_bold(raw: Any, index: int) -> bool:
    if pdfium.FPDFText_GetFontWeight(raw, index) >= 600:
        return True
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(raw, index, name, 128, flags)
    return bool(re.search(rb"bold|black|heavy|semibold|demi", name.value.lower()))


def _merge(lines: list[PdfLine]) -> list[PdfLine]:
    """Put a bullet that stands apart in front of its text."""
    merged: list[PdfLine] = []
    for line in lines:
        last = merged[-1] if merged else None
        if last is not None and last.bottom < line.middle < last.top and last.right <= line.left + 1:
            mark = bullet(f"{last.text} x")
            near = line.left - last.right < 4 * line.size
            if mark is not None and mark.length == len(last.text) + 1 and near:
                merged[-1] = PdfLine(
                    f"{last.text} {line.text}",
                    last.left,
                    line.right,
                    line.bottom,
                    line.top,
                    line.size,
                    line.bold,
                    line.page,
                )
                continue
        merged.append(line)
    return merged
