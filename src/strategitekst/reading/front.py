"""One way in for all formats: the file is read in a child process, under limits."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from strategitekst import errors
from strategitekst.document import Block, Document, build_document
from strategitekst.errors import FileMissing, ReaderCrashed, ReadingError, TooLarge, UnsupportedFormat
from strategitekst.reading.limits import MEGABYTE, Limits


def read_document(
    source: str | Path | bytes,
    *,
    name: str | None = None,
    password: str | None = None,
    limits: Limits | None = None,
    ocr: bool = False,
) -> Document:
    """Read a file into paragraphs.

    The format is told by the content. The file is read in a child process that may neither write nor fetch anything;
    whatever the file does to it, this process goes on.

    Args:
        source: The path of a file, or the bytes of one.
        name: How results name the document; the file's own name by default.
        password: Opens the file if it asks for one.
        limits: What reading may cost; ``Limits()`` if None.
        ocr: Recognise the pages of a PDF that are pictures; needs the extra ``ocr`` and tesseract's Danish data.

    Returns:
        The document with its paragraphs.

    Raises:
        OcrMissing: ``ocr`` is asked for, and what it needs is not installed.
        FileMissing: There is no such file.
        EmptyDocument: There is no text in it.
        UnsupportedFormat: It is of a format that is not read.
        CorruptFile: It is damaged.
        EncryptedFile: It asks for a password, or for another one.
        NoTextLayer: It is a PDF of pictures.
        TooLarge: It is over the limit on size.
        TooManyPages: It is over the limit on pages.
        ReadingTimeout: It is over the limit on time.
        ReadingMemory: It is over the limit on memory.
        ReaderCrashed: It made the reading process fail.

    Example:
        >>> document = read_document("Akut hjælp\\n\\nVi kommer hurtigt.".encode(), name="plan.txt")
        >>> document.paragraphs[0].heading, document.paragraphs[0].text
        (('Akut hjælp',), 'Vi kommer hurtigt.')
    """
    limits = replace(limits or Limits(), ocr=True) if ocr else limits or Limits()
    if isinstance(source, bytes):
        name, path, data = name or "dokument", None, source
        size = len(data)
    else:
        name = name or Path(source).name or str(source)
        path, data = os.path.abspath(source), b""  # noqa: PTH100 - resolve() would fail on some broken links
        size = _size(path, name)
    if size > limits.size:
        raise TooLarge(
            f"{name} er for stor ({size / MEGABYTE:.0f} MB, højst {limits.size_mb} MB): del den op, eller hæv grænsen"
        )
    answer = _readers()({"name": name, "path": path, "password": password}, data, limits)
    if "error" in answer:
        raise _error(answer)
    try:
        blocks = [
            Block(kind, str(text), int(level), page, str(lead)) for kind, text, level, page, lead in answer["blocks"]
        ]
        found = build_document(
            name,
            _with_languages(blocks),
            format=answer["format"],
            pages=answer["pages"],
            sha256=answer["sha256"],
            unread_tables=tuple(map(int, answer["unread_tables"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ReaderCrashed(f"{name} kunne ikke læses: svaret fra læseprocessen giver ingen mening") from error
    return found


def _with_languages(blocks: list[Block]) -> list[Block]:
    """Say of each paragraph what language it is in; here, so that the model is loaded once and not by every child."""
    from strategitekst.reading.languages import languages

    paragraphs = [block for block in blocks if block.kind != "heading"]
    found = iter(languages([paragraph.text for paragraph in paragraphs]))
    return [block if block.kind == "heading" else replace(block, language=next(found)) for block in blocks]


@cache
def _readers() -> Callable[[dict[str, Any], bytes, Limits], dict[str, Any]]:
    from strategitekst.reading.process import Readers

    return Readers().read


def _size(path: str, name: str) -> int:
    try:
        found = os.stat(path)  # noqa: PTH116 - a path may be too odd for Path
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise FileMissing(f"{name} findes ikke: tjek stien") from error
    except OSError as error:
        raise ReadingError(f"{name} kan ikke åbnes: tjek, at du har adgang til filen") from error
    if stat.S_ISDIR(found.st_mode):
        raise UnsupportedFormat(f"{name} er en mappe: angiv en fil, eller analysér mappen")
    if not stat.S_ISREG(found.st_mode):
        raise UnsupportedFormat(f"{name} er en enhed eller en kanal og ingen fil: angiv en fil")
    return found.st_size


def _error(answer: dict[str, Any]) -> ReadingError:
    kind = getattr(errors, str(answer["error"]), ReadingError)
    known = isinstance(kind, type) and issubclass(kind, ReadingError)
    return (kind if known else ReadingError)(" ".join(str(answer.get("message")).split()))
