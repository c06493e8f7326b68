"""PDF → blocks: characters from pdfium, page by page, put together to paragraphs and rows by our own layout."""

from __future__ import annotations

from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from strategitekst.document import Block
from strategitekst.errors import CorruptFile, NoTextLayer, TooManyPages
from strategitekst.reading.encryption import needs_password
from strategitekst.reading.ocr import recognized_words
from strategitekst.reading.outline import to_blocks
from strategitekst.reading.pdf_drawing import page_drawing
from strategitekst.reading.pdf_flow import to_pieces
from strategitekst.reading.pdf_groups import style_of, to_groups
from strategitekst.reading.pdf_headings import mark_headings
from strategitekst.reading.pdf_layout import lay_out, mark_hyphens
from strategitekst.reading.pdf_lines import page_lines
from strategitekst.reading.pdf_margin import without_line_numbers
from strategitekst.reading.pdf_outline import outline_depths
from strategitekst.reading.pdf_parts import Box, Drawing, PdfPage
from strategitekst.reading.pdf_running import body_size, lines_of, without_running_lines
from strategitekst.reading.pdf_tagged import mark_notes, tagged_parts
from strategitekst.reading.pdf_tree import page_tree
from strategitekst.reading.pdf_words import page_words, turned
from strategitekst.reading.pieces import with_chunks
from strategitekst.reading.unread import names_table, pictured_tables

_WRONG_PASSWORD = 4


class PdfContent(NamedTuple):
    """What is in a PDF.

    Attributes:
        blocks: Its blocks in reading order, with their pages.
        pages: The number of pages.
        unread_tables: The page of each table that no text could be read from.
    """

    blocks: list[Block]
    pages: int
    unread_tables: list[int]


def read_pdf(
    data: bytes, name: str, *, password: str | None = None, most_pages: int | None = None, recognize: bool = False
) -> PdfContent:
    """Read a PDF that has a text layer.

    Args:
        data: The content of the file.
        name: How messages name it.
        password: Opens it, where it asks for one.
        most_pages: The most pages that are read; any number if None.
        recognize: Have tesseract read the pages that are pictures.

    Returns:
        What is in it.

    Raises:
        EncryptedFile: It asks for a password, or for another one.
        CorruptFile: It cannot be read to the end.
        NoTextLayer: There is no text on its pages.
        TooManyPages: It has more pages.
    """
    try:
        document = pypdfium2.PdfDocument(data, password=password)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _WRONG_PASSWORD:
            raise needs_password(name, password) from error
        raise CorruptFile(f"{name} er en beskadiget PDF: hent eller gem filen igen") from error
    try:
        return _read(document, name, most_pages, recognize=recognize)
    except pypdfium2.PdfiumError as error:
        raise CorruptFile(f"{name} er en beskadiget PDF: hent eller gem filen igen") from error
    finally:
        document.close()


def _read(document: Any, name: str, most_pages: int | None, *, recognize: bool) -> PdfContent:
    count = len(document)
    if most_pages is not None and count > most_pages:
        raise TooManyPages(f"{name} har {count} sider, og der læses højst {most_pages}: del den op, eller hæv grænsen")
    if count == 0:
        raise CorruptFile(f"{name} er en PDF uden sider: hent eller gem filen igen")
    tagged = bool(pdfium.FPDFCatalog_IsTagged(document.raw))
    pages = [_page(document, number, tagged=tagged, recognize=recognize) for number in range(count)]
    if not any(page.lines or page.tagged for page in pages):
        where = f"side 1-{count}" if count > 1 else "side 1"
        way = "tekstgenkendelse finder heller ingen" if recognize else "læs dem med tekstgenkendelse (--ocr, ocr=True)"
        raise NoTextLayer(f"{name} er billeder uden tekst ({where}): {way}")
    without_running_lines(pages)
    mark_hyphens(pages)
    items = lay_out(pages)
    style = style_of(items, body_size(line for page in pages for line in lines_of(page)))
    for page in pages:
        mark_notes(page.tagged or [], style.size)
    parts = [page.tagged or own for page, own in zip(pages, to_groups(items, style), strict=True)]
    mark_headings(parts, style, outline_depths(document))
    pieces = list(with_chunks(to_pieces(parts, style)))
    blocks = to_blocks(pieces, marked=any(piece.level or piece.strong for piece in pieces))
    return PdfContent(blocks, count, [page.number for page in pages for _ in range(page.unread)])


def _page(document: Any, number: int, *, tagged: bool, recognize: bool) -> PdfPage:
    page = document[number]
    textpage = page.get_textpage()
    try:
        words, turn = page_words(textpage)
        words = without_line_numbers(words)
        if recognize and not words:
            seen = Box(0.0, 0.0, *page.get_size())
            return PdfPage(number + 1, seen, page_lines(recognized_words(page), Drawing(), number + 1))
        area = turned(Box(*page.get_bbox()), turn)
        if tagged:
            parts = tagged_parts(page_tree(page), words, area, number + 1)
            if parts is not None:
                found = PdfPage(number + 1, area, tagged=parts)
                captions = _captions(found)
                pictures = page_drawing(page, area, turn).pictures if captions else ()
                found.unread = pictured_tables(pictures, captions)
                return found
        drawing = page_drawing(page, area, turn)
        found = PdfPage(number + 1, area, page_lines(words, drawing, number + 1), drawing)
        found.unread = pictured_tables(drawing.pictures, _captions(found)) if drawing.pictures else 0
        return found
    finally:
        textpage.close()
        page.close()


def _captions(page: PdfPage) -> list[Box]:
    return [line.box for line in lines_of(page) if names_table(line.text)]
