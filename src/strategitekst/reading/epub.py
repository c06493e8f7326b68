"""EPUB → blocks: the chapters in the order of the book, each read as a page."""

from __future__ import annotations

from urllib.parse import unquote

from lxml import etree

from strategitekst.document import Block
from strategitekst.errors import CorruptFile, EncryptedFile
from strategitekst.reading.decoding import decode
from strategitekst.reading.html import page_blocks, page_pieces
from strategitekst.reading.packages import Package, parse_xml
from strategitekst.reading.pieces import Piece

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"


def read_epub(data: bytes, name: str, most_bytes: int) -> list[Block]:
    """Read a book.

    Args:
        data: The content of the file.
        name: How messages name it.
        most_bytes: What its parts together may hold unpacked.

    Returns:
        Its blocks in reading order; the table of contents is passed over.

    Raises:
        CorruptFile: It cannot be read to the end.
        EncryptedFile: Its chapters are encrypted.
        TooLarge: It holds too much unpacked.
    """
    package = Package(data, name, most_bytes)
    chapters = _chapters(package)
    if _ENCRYPTION in package.names and any(chapter.encode() in package.read(_ENCRYPTION) for chapter in chapters):
        raise EncryptedFile(f"{name} er kopibeskyttet: hent den uden beskyttelse, eller gem den som PDF")
    pieces: list[Piece] = []
    for chapter in chapters:
        pieces += page_pieces(_as_html(package.read(chapter)))
    return page_blocks(pieces)


def _chapters(package: Package) -> list[str]:
    """Name the parts that are chapters, in the order of the book."""
    rootfile = next(package.xml(_CONTAINER).iter("{*}rootfile"), None)
    main = "" if rootfile is None else rootfile.get("full-path", "")
    if main not in package.names:
        raise CorruptFile(f"{package.name} er en beskadiget EPUB: hent eller gem filen igen")
    book = package.xml(main)
    items = {item.get("id"): item for item in book.iter("{*}item")}
    chapters = [items[part.get("idref")] for part in book.iter("{*}itemref") if part.get("idref") in items]
    targets = [
        package.beside(main, unquote(item.get("href", "")))
        for item in chapters
        if "nav" not in (item.get("properties") or "").split()
    ]
    return [target for target in targets if target in package.names]


def _as_html(data: bytes) -> str:
    """Write XHTML as HTML: an empty script or title closed the way of XML would swallow the text behind it."""
    try:
        return str(etree.tostring(parse_xml(data), method="html", encoding="unicode"))
    except etree.XMLSyntaxError:
        return decode(data) or ""
