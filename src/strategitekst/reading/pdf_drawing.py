"""The paths and pictures of a page of a PDF → rules, boxes, dots, and where pictures are."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium

from strategitekst.reading.pdf_calls import address, object_kind, object_of_form, object_of_page
from strategitekst.reading.pdf_parts import Box, Drawing
from strategitekst.reading.pdf_words import turned

_THIN = 3.0
_SHORTEST_ACROSS, _SHORTEST_DOWN = 12.0, 6.0
_DOT = (1.5, 9.0)
_MOST_OBJECTS = 8_000
"""Objects of a page that are looked at: a map or a drawing has more, and no tables."""
_MOST_POINTS = 400
_DEEPEST = 3
_DRAWN = (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_FORM, pdfium.FPDF_PAGEOBJ_IMAGE)

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def page_drawing(page: Any, area: Box, turn: int = 0) -> Drawing:
    """Sort what is drawn on a page.

    Args:
        page: The page of pypdfium2.
        area: What is seen of the page, turned upright.
        turn: By how many quarters the text of the page is turned.

    Returns:
        Its rules, boxes, dots and pictures; what fills the page is left out.
    """
    across: list[Box] = []
    down: list[Box] = []
    areas: list[Box] = []
    dots: list[Box] = []
    pictures: list[Box] = []
    for found, stroked in _boxes(page):
        box = turned(found, turn)
        width, height = box.width, box.height
        if stroked is None:
            pictures.append(box)
            continue
        if not area.holds(box, 5.0) or (width > 0.97 * area.width and height > 0.6 * area.height):
            continue
        if height <= _THIN and width >= _SHORTEST_ACROSS:
            across.append(box)
        elif width <= _THIN and height >= _SHORTEST_DOWN:
            down.append(box)
        elif _DOT[0] <= width <= _DOT[1] and _DOT[0] <= height <= _DOT[1] and width < 2 * height < 4 * width:
            dots.append(box)
        elif width >= _SHORTEST_ACROSS and height >= _SHORTEST_DOWN:
            areas.append(box)
            if stroked:
                across += [Box(box.left, y, box.right, y) for y in (box.bottom, box.top)]
                down += [Box(x, box.bottom, x, box.top) for x in (box.left, box.right)]
    return Drawing(tuple(across), tuple(down), tuple(dict.fromkeys(areas)), tuple(dots), tuple(pictures))


def _boxes(page: Any) -> Iterator[tuple[Box, bool | None]]:
    """Yield what is drawn, and whether its outline is; None for a picture."""
    raw = page.raw
    place = address(raw)
    objects = [object_of_page(place, index) for index in range(_count(pdfium.FPDFPage_CountObjects(raw)))]
    budget = _MOST_OBJECTS
    waiting = [(found, _IDENTITY, 0) for found in reversed(objects) if object_kind(found) in _DRAWN]
    while waiting and budget:
        source, matrix, depth = waiting.pop()
        budget -= 1
        kind, found = object_kind(source), ctypes.cast(source, pdfium.FPDF_PAGEOBJECT)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            yield from _path(found, matrix)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            yield from ((box, None) for box in _bounds(found, matrix))
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            inner = _times(_matrix(found), matrix)
            count = _count(pdfium.FPDFFormObj_CountObjects(found))
            waiting += [(object_of_form(source, index), inner, depth + 1) for index in range(count)]


def _count(found: int) -> int:
    return min(max(found, 0), _MOST_OBJECTS)


def _path(found: Any, matrix: Matrix) -> Iterator[tuple[Box, bool]]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(found, fill, stroke)
    if not (fill.value or stroke.value):
        return
    count = pdfium.FPDFPath_CountSegments(found)
    if 5 < count <= _MOST_POINTS:
        own = _times(_matrix(found), matrix)
        for box in _strokes(found, count, own):
            yield box, bool(stroke.value)
    else:
        yield from ((box, bool(stroke.value)) for box in _bounds(found, matrix))


def _bounds(found: Any, matrix: Matrix) -> Iterator[Box]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if pdfium.FPDFPageObj_GetBounds(found, left, bottom, right, top):
        yield _moved(Box(left.value, bottom.value, right.value, top.value), matrix)


def _strokes(found: Any, count: int, matrix: Matrix) -> Iterator[Box]:
    """Yield the box of each part of a path that is drawn without lifting the pen."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(found, index)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO and points:
            yield _moved(_hull(points), matrix)
            points = []
        if pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            points.append((x.value, y.value))
    if len(points) > 1:
        yield _moved(_hull(points), matrix)


def _hull(points: list[tuple[float, float]]) -> Box:
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _matrix(found: Any) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(found, matrix):
        return _IDENTITY
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    k, l, m, n, o, p = outer  # noqa: E741 - the letters of a matrix
    return a * k + b * m, a * l + b * n, c * k + d * m, c * l + d * n, e * k + f * m + o, e * l + f * n + p


def _moved(box: Box, matrix: Matrix) -> Box:
    if matrix == _IDENTITY:
        return box
    a, b, c, d, e, f = matrix
    corners = [(x, y) for x in (box.left, box.right) for y in (box.bottom, box.top)]
    return _hull([(a * x + c * y + e, b * x + d * y + f) for x, y in corners])
