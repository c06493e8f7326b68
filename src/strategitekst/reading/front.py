"""One way in for all formats."""

from __future__ import annotations

import hashlib
from pathlib import Path

from strategitekst.document import Block, Document, build_document
from strategitekst.errors import EmptyDocument, FileMissing, ReadingError, UnsupportedFormat
from strategitekst.reading.formats import sniff


def read_document(source: str | Path | bytes, *, name: str | None = None) -> Document:
    """Read a file into paragraphs.

    The format is told by the content: PDF, Word (.docx), HTML, Markdown or plain text. Nothing is fetched.

    Args:
        source: The path of a file, or the bytes of one.
        name: How results name the document; the file's own name by default.

    Returns:
        The document with its paragraphs.

    Raises:
        FileMissing: There is no such file.
        EmptyDocument: There is no text in it.
        UnsupportedFormat: It is of a format that is not read.
        CorruptFile: It is damaged.
        EncryptedFile: It asks for a password.
        NoTextLayer: It is a PDF of pictures.
        TooLarge: It is over a limit on size or pages.

    Example:
        >>> document = read_document("Akut hjælp\\n\\nVi kommer hurtigt.".encode(), name="plan.txt")
        >>> document.paragraphs[0].heading, document.paragraphs[0].text
        (('Akut hjælp',), 'Vi kommer hurtigt.')
    """
    if isinstance(source, bytes):
        data, name = source, name or "dokument"
    else:
        name = name or Path(source).name or str(source)
        data = _read_bytes(Path(source), name)
    format_, text = sniff(data, name)
    blocks, pages = _read_blocks(format_, data, text, name)
    document = build_document(name, blocks, format=format_, pages=pages, sha256=hashlib.sha256(data).hexdigest())
    if not any(sign.isalnum() for paragraph in document.paragraphs for sign in paragraph.text):
        raise EmptyDocument(f"{name} indeholder ingen tekst, der kan læses: tjek, at den rigtige fil er gemt")
    return document


def _read_bytes(path: Path, name: str) -> bytes:
    try:
        if path.is_dir():
            raise UnsupportedFormat(f"{name} er en mappe: angiv en fil, eller analysér mappen")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise FileMissing(f"{name} findes ikke: tjek stien") from error
    except OSError as error:
        raise ReadingError(f"{name} kan ikke åbnes: tjek, at du har adgang til filen") from error


def _read_blocks(format_: str, data: bytes, text: str, name: str) -> tuple[list[Block], int | None]:
    """Call the module of a format; imported here, since some of them load heavy libraries."""
    if format_ == "pdf":
        from strategitekst.reading.pdf import read_pdf

        return read_pdf(data, name)
    if format_ == "docx":
        from strategitekst.reading.docx import read_docx

        return read_docx(data, name), None
    if format_ == "html":
        from strategitekst.reading.html import read_html

        return read_html(text), None
    if format_ == "markdown":
        from strategitekst.reading.markdown import read_markdown

        return read_markdown(text), None
    from strategitekst.reading.text import read_text

    return read_text(text), None
