"""The bytes of a file → its blocks, in this very process; ``front`` does it in another one, under limits."""

from __future__ import annotations

from dataclasses import dataclass

from strategitekst.document import Block
from strategitekst.errors import EmptyDocument, TooLarge
from strategitekst.reading.formats import ENCRYPTED, sniff
from strategitekst.reading.limits import Limits


@dataclass(frozen=True, slots=True)
class Extracted:
    """What is in a file.

    Attributes:
        format: ``pdf``, ``docx``, ``odt``, ``rtf``, ``epub``, ``html``, ``markdown`` or ``text``.
        blocks: Headings and paragraphs in reading order.
        pages: The number of pages, or None where the format has none.
        unread_tables: For each table that no text could be read from its page; 0 where the format has no pages.
    """

    format: str
    blocks: list[Block]
    pages: int | None = None
    unread_tables: tuple[int, ...] = ()


def extract(data: bytes, name: str, *, password: str | None = None, limits: Limits | None = None) -> Extracted:
    """Read the content of a file.

    Args:
        data: The content.
        name: How messages name it.
        password: Opens the file if it asks for one.
        limits: Those on size and pages are kept; time and memory are the caller's concern.

    Returns:
        The format and the blocks.

    Raises:
        ReadingError: One of its subclasses, as ``front.read_document`` lists them.

    Example:
        >>> extract("Akut hjælp\\n\\nVi kommer.".encode(), "plan.txt").blocks[0].text
        'Akut hjælp'
    """
    limits = limits or Limits()
    if len(data) > limits.size:
        raise TooLarge(
            f"{name} er for stor ({len(data) / 1e6:.0f} MB, højst {limits.size_mb} MB): del den op, eller hæv grænsen"
        )
    format_, text = sniff(data, name, limits.size)
    if format_ == ENCRYPTED:
        from strategitekst.reading.encryption import decrypt_office

        data = decrypt_office(data, name, password)
        format_, text = sniff(data, name, limits.size)
    found = _read(_File(data, text, name, password, limits), format_)
    if not any(sign.isalnum() for block in found.blocks if block.kind != "heading" for sign in block.text):
        raise EmptyDocument(f"{name} indeholder ingen tekst, der kan læses: tjek, at den rigtige fil er gemt")
    return found


@dataclass(frozen=True, slots=True)
class _File:
    data: bytes
    text: str
    name: str
    password: str | None
    limits: Limits


def _read(file: _File, format_: str) -> Extracted:
    """Call the module of a format; imported here, since some of them load heavy libraries."""
    if format_ == "pdf":
        from strategitekst.reading.pdf import read_pdf

        limits = file.limits
        content = read_pdf(file.data, file.name, password=file.password, most_pages=limits.pages, recognize=limits.ocr)
        return Extracted(format_, content.blocks, content.pages, tuple(content.unread_tables))
    if format_ == "docx":
        from strategitekst.reading.docx import read_docx

        blocks, unread = read_docx(file.data, file.name, file.limits.size)
        return Extracted(format_, blocks, unread_tables=(0,) * unread)
    if format_ == "odt":
        from strategitekst.reading.odt import read_odt

        blocks, unread = read_odt(file.data, file.name, file.limits.size, file.password)
        return Extracted(format_, blocks, unread_tables=(0,) * unread)
    return Extracted(format_, _read_blocks(file, format_))


def _read_blocks(file: _File, format_: str) -> list[Block]:
    if format_ == "epub":
        from strategitekst.reading.epub import read_epub

        return read_epub(file.data, file.name, file.limits.size)
    if format_ == "rtf":
        from strategitekst.reading.rtf import read_rtf

        return read_rtf(file.data, file.name)
    if format_ == "html":
        from strategitekst.reading.html import read_html

        return read_html(file.text)
    if format_ == "markdown":
        from strategitekst.reading.markdown import read_markdown

        return read_markdown(file.text)
    from strategitekst.reading.text import read_text

    return read_text(file.text)
