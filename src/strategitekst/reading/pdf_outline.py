"""The outline (bookmarks) of a PDF."""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as pdfium

from strategitekst.reading.outline import plain

_MOST_ENTRIES = 5_000
_DEEPEST = 8
_MOST_BYTES = 1_000


def outline_depths(document: Any) -> dict[str, int]:
    """Read which titles the outline of a file names.

    Args:
        document: The document of pypdfium2.

    Returns:
        The depth of each title from 1, by its plain form; a loop in the outline ends after ``_MOST_ENTRIES``.
    """
    raw = document.raw
    depths: dict[str, int] = {}
    waiting = [(pdfium.FPDFBookmark_GetFirstChild(raw, None), 1)]
    for _ in range(_MOST_ENTRIES):
        if not waiting:
            break
        entry, depth = waiting.pop()
        if not entry:
            continue
        title = plain(_title(entry))
        if title:
            depths.setdefault(title, depth)
        waiting.append((pdfium.FPDFBookmark_GetNextSibling(raw, entry), depth))
        if depth < _DEEPEST:
            waiting.append((pdfium.FPDFBookmark_GetFirstChild(raw, entry), depth + 1))
    return depths


def _title(entry: Any) -> str:
    size = min(pdfium.FPDFBookmark_GetTitle(entry, None, 0), _MOST_BYTES)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFBookmark_GetTitle(entry, buffer, size)
    return buffer.raw[:size].decode("utf-16-le", "replace").rstrip("\x00")
