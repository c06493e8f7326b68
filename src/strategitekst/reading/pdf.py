"""PDF → blocks: lines from pdfium, put in reading order and together to paragraphs by our own layout."""

from __future__ import annotations

from typing import Any

import pypdfium2

from strategitekst.document import Block
from strategitekst.errors import CorruptFile, EncryptedFile, NoTextLayer, TooLarge
from strategitekst.reading.outline import to_blocks
from strategitekst.reading.pdf_layout import reading_order, to_pieces, without_running_lines
from strategitekst.reading.pdf_lines import PdfLine, page_lines
from strategitekst.reading.pieces import with_chunks
from strategitekst.reading.text import join_across_gaps

MOST_PAGES = 3000
"""Pages of the longest PDF that is read."""
_WRONG_PASSWORD = 4


def read_pdf(data: bytes, name: str) -> tuple[list[Block], int]:
    """Read a PDF that has a text layer.

    Args:
        data: The content of the file.
        name: How messages name it.

    Returns:
        Its blocks in reading order with their pages, and the number of pages.

    Raises:
        EncryptedFile: It asks for a password.
        CorruptFile: It cannot be read to the end.
        NoTextLayer: There is no text on its pages.
        TooLarge: It has more than ``MOST_PAGES`` pages.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _WRONG_PASSWORD:
            raise EncryptedFile(f"{name} er beskyttet med adgangskode: gem den uden og prøv igen") from error
        raise CorruptFile(f"{name} er en beskadiget PDF: hent eller gem filen igen") from error
    try:
        return _read(document, name)
    except pypdfium2.PdfiumError as error:
        raise CorruptFile(f"{name} er en beskadiget PDF: hent eller gem filen igen") from error
    finally:
        document.close()


def _read(document: Any, name: str) -> tuple[list[Block], int]:
    count = len(document)
    if count > MOST_PAGES:
        raise TooLarge(f"{name} har {count} sider, og der læses højst {MOST_PAGES}: del den op")
    if count == 0:
        raise CorruptFile(f"{name} er en PDF uden sider: hent eller gem filen igen")
    pages = [reading_order(_lines(document, number)) for number in range(count)]
    heights = [document.get_page_size(number)[1] for number in range(count)]
    lines = [line for page in without_running_lines(pages, heights) for line in page]
    if not any(pages):
        raise NoTextLayer(f"{name} er scannede billeder uden tekst: kør tekstgenkendelse (OCR) på den først")
    pieces = join_across_gaps(with_chunks(to_pieces(lines)))
    return to_blocks(pieces, marked=any(piece.level or piece.strong for piece in pieces)), count


def _lines(document: Any, number: int) -> list[PdfLine]:
    page = document[number]
    textpage = page.get_textpage()
    try:
        return page_lines(textpage, number + 1)
    finally:
        textpage.close()
        page.close()
