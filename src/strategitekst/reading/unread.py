"""Tables that no text can be read from: what stands in them is not known, and whoever looks for gaps has to be told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from strategitekst.reading.pdf_parts import Box

_CAPTION = re.compile(r"(?:tabel|oversigt|skema)\s*\d{1,3}\b|tabel\s*[:.–-]", re.IGNORECASE)
_LEAST_WIDTH, _LEAST_HEIGHT, _NEAR = 120.0, 30.0, 36.0
"""Points of a picture that can be a table, and between it and its caption."""
_LEAST_CELL = (18.0, 9.0)
"""Points of a cell, across and up, that a word fits in."""
_SPREADSHEET = re.compile(r"excel\.sheet|spreadsheet|calc", re.IGNORECASE)
_OLE = "{urn:schemas-microsoft-com:office:office}OLEObject"
_PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic",
    "{urn:schemas-microsoft-com:vml}imagedata",
    "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}image",
)
_OBJECT = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}object"
_HREF = "{http://www.w3.org/1999/xlink}href"


def names_table(text: str) -> bool:
    """Say whether a line is the caption of a table.

    Example:
        >>> names_table("Tabel 3. Indsatser og frister"), names_table("Tabellen viser dem")
        (True, False)
    """
    return bool(_CAPTION.match(text.strip()))


def drawn_cells(heights: Sequence[float], edges: Sequence[float]) -> bool:
    """Say whether rules make cells that words fit in: two rows and two columns at least.

    Args:
        heights: Where rows part, from the top, in points.
        edges: Where columns part, from the left.

    Example:
        >>> drawn_cells([700, 680, 660], [60, 160, 260]), drawn_cells([700, 697, 694], [60, 160, 260])
        (True, False)
    """
    across, up = _LEAST_CELL
    columns = sum(right - left >= across for left, right in pairwise(edges))
    rows = sum(above - below >= up for above, below in pairwise(heights))
    return columns > 1 and rows > 1


def pictured_tables(pictures: Iterable[Box], captions: Sequence[Box]) -> int:
    """Count the pictures of a page with the caption of a table right above or below them.

    Args:
        pictures: Where pictures stand.
        captions: Where the captions of tables stand.

    Example:
        >>> pictured_tables([Box(60, 400, 400, 600)], [Box(60, 610, 200, 620)])
        1
    """
    large = [each for each in pictures if each.width >= _LEAST_WIDTH and each.height >= _LEAST_HEIGHT]
    return sum(any(_beside(picture, caption) for caption in captions) for picture in large)


def _beside(picture: Box, caption: Box) -> bool:
    across = min(picture.right, caption.right) - max(picture.left, caption.left)
    gap = max(caption.bottom - picture.top, picture.bottom - caption.top)
    return across > 0 and -2.0 <= gap <= _NEAR


def embedded_tables(paragraphs: Iterable[Any], media: dict[str, str] | None = None) -> int:
    """Count the spreadsheets that a text document holds as objects, and its pictures with the caption of a table.

    Args:
        paragraphs: The paragraphs of the document as XML elements, in reading order.
        media: In OpenDocument, the kind of each part, by its name.
    """
    known = list(paragraphs)
    count = 0
    captioned = [names_table("".join(each.itertext())) for each in known]
    for place, paragraph in enumerate(known):
        sheets = sum(_is_spreadsheet(each) and _is_own(each, paragraph) for each in paragraph.iter(_OLE))
        objects = (each for each in paragraph.iter(_OBJECT) if _is_own(each, paragraph))
        sheets += sum(bool(_SPREADSHEET.search((media or {}).get(_part(each), ""))) for each in objects)
        pictures = any(_is_own(each, paragraph) for each in paragraph.iter(*_PICTURES))
        count += sheets + (not sheets and pictures and any(captioned[max(place - 1, 0) : place + 2]))
    return count


def _is_own(element: Any, paragraph: Any) -> bool:
    """Say whether an element stands in a paragraph itself, and not in one of a text box inside."""
    return next(element.iterancestors(paragraph.tag)) is paragraph


def _is_spreadsheet(ole: Any) -> bool:
    return bool(_SPREADSHEET.search(ole.get("ProgID", "")))


def _part(element: Any) -> str:
    return str(element.get(_HREF, "")).removeprefix("./").rstrip("/")
