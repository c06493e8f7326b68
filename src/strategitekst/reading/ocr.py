"""Pages of a PDF that are pictures → words, by tesseract: in this very process, so that the limits of reading hold.

``tesserocr`` is an extra, since it brings the whole program; the data of the Danish language comes from the system.
"""

from __future__ import annotations

import os
from functools import cache
from importlib import util
from pathlib import Path
from typing import Any

from strategitekst.errors import OcrMissing
from strategitekst.reading.pdf_parts import Box, Word

_LANGUAGE = "dan"
_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
    r"C:\Program Files\Tesseract-OCR\tessdata",
)
_DOTS = 300.0
"""Dots an inch that pages are drawn with: what tesseract was taught on."""
_MOST_DOTS = 40_000_000
"""Dots of a page, at the most: larger ones are drawn more coarsely."""
_LEAST_CERTAIN = 30.0
"""Per cent of certainty below which a word is a stain or a part of a picture."""
_X_HEIGHT = 0.48
"""Height of an x in sizes of its font."""
_BELOW, _ABOVE = 0.22, 0.86
"""How far letters reach below and above their base line, in sizes."""
_SAME = 0.12
"""Share by which the size of a line differs from that of the page's text and is put down to the measuring."""


def language_data() -> str:
    """Find the folder with tesseract's data of the Danish language.

    Raises:
        OcrMissing: There is none, or ``tesserocr`` is not installed.
    """
    if util.find_spec("tesserocr") is None:
        raise OcrMissing("Tekstgenkendelse kræver tesserocr: kør pip install 'strategitekst[ocr]'")
    own = os.environ.get("TESSDATA_PREFIX")
    for folder in (*([own, f"{own}/tessdata"] if own else []), *_FOLDERS):
        if Path(folder, f"{_LANGUAGE}.traineddata").is_file():
            return folder
    raise OcrMissing(
        "Tesseracts danske data (dan.traineddata) findes ikke: installér tesseract-ocr-dan, eller sæt TESSDATA_PREFIX"
    )


@cache
def _program() -> Any:
    import tesserocr

    return tesserocr.PyTessBaseAPI(path=language_data(), lang=_LANGUAGE, psm=tesserocr.PSM.AUTO)


def recognized_words(page: Any) -> list[Word]:
    """Recognise the words of a page that holds a picture of them.

    Args:
        page: The page of pypdfium2.

    Returns:
        Its words in the order that tesseract reads them in, in points from the lower left corner of the page as it is
        seen; sizes are told from the height of small letters.
    """
    import tesserocr

    width, height = page.get_size()
    scale = min(_DOTS / 72, (_MOST_DOTS / max(width * height, 1.0)) ** 0.5)
    picture = page.render(scale=scale, grayscale=True)
    program = _program()
    program.SetImageBytes(bytes(picture.buffer), picture.width, picture.height, picture.n_channels, picture.stride)
    program.SetSourceResolution(int(scale * 72))
    picture.close()
    program.Recognize()
    found: list[Word] = []
    level = tesserocr.RIL.WORD
    for word in tesserocr.iterate_level(program.GetIterator(), level) if program.GetUTF8Text().strip() else ():
        if word.Empty(level) or word.Confidence(level) < _LEAST_CERTAIN:
            continue
        left, _, right, bottom = word.BoundingBox(level)
        line = word.Baseline(level)
        base = height - (max(point[1] for point in line) if line else bottom) / scale
        size = _size(word.RowAttributes()) / scale
        box = Box(left / scale, base - _BELOW * size, right / scale, base + _ABOVE * size)
        found.append(Word(word.GetUTF8Text(level), box, size, bold=False, source=len(found) + 1))
    program.Clear()
    return evened(found)


def _size(row: dict[str, float]) -> float:
    """Return the size of a font from the height of its small letters, both in dots."""
    small = row["row_height"] + row["descenders"] - row["ascenders"]
    return max(small, 0.3 * row["row_height"], 1.0) / _X_HEIGHT


def evened(words: list[Word]) -> list[Word]:
    """Give words of nearly the size of most of the text that very size: measured heights differ from line to line.

    Example:
        >>> box = Box(0, 0, 30, 10)
        >>> [word.size for word in evened([Word("Akut", box, 10.3, False), Word("hjælp", box, 10, False)])]
        [10.0, 10.0]
    """
    sizes = sorted(word.size for word in words for _ in word.text)
    if not sizes:
        return words
    usual = round(sizes[len(sizes) // 2] * 2) / 2
    same = _SAME * usual
    return [word._replace(size=usual if abs(word.size - usual) <= same else round(word.size * 2) / 2) for word in words]
