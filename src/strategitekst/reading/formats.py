"""What format a file is of, by its content; its ending is not asked."""

from __future__ import annotations

import re

from strategitekst.errors import EmptyDocument, UnsupportedFormat
from strategitekst.reading.decoding import decode
from strategitekst.reading.limits import Limits

_FOREIGN = (
    (b"\xff\xd8\xff", "et JPEG-billede"),
    (b"\x89PNG\r\n", "et PNG-billede"),
    (b"GIF8", "et GIF-billede"),
    (b"II*\x00", "et TIFF-billede"),
    (b"MM\x00*", "et TIFF-billede"),
    (b"RIFF", "en billed-, lyd- eller videofil"),
    (b"BM", "et BMP-billede"),
    (b"\x1f\x8b", "en pakket fil (gzip)"),
    (b"7z\xbc\xaf", "en pakket fil (7z)"),
    (b"Rar!", "en pakket fil (rar)"),
    (b"\x7fELF", "et program"),
    (b"MZ", "et program"),
    (b"%!PS", "en PostScript-fil"),
)
_ODT = "application/vnd.oasis.opendocument.text"
ENCRYPTED = "encrypted"
"""An Office file with a password: what is in it shows when it is opened."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_READ = "gem den som PDF, Word (.docx), OpenDocument (.odt), HTML eller tekst"

_HTML_START = re.compile(
    r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_HTML_TAGS = re.compile(r"</(?:p|div|h[1-6]|ul|li|table|article|section|main|span|a)>", re.IGNORECASE)
_MARKDOWN = (
    re.compile(r"^#{1,6} \S", re.MULTILINE),
    re.compile(r"^\|?[ :]*-{2,}[ :]*\|[-| :]*$", re.MULTILINE),
    re.compile(r"\A---\n(?:[\w-]+:.*\n)+---\n"),
    re.compile(r"^\S.*\n={3,}$", re.MULTILINE),
    re.compile(r"\[[^\[\]\n]{1,1000}\]\([^\s)]{1,2000}\)"),
)


def sniff(data: bytes, name: str, most_bytes: int = Limits().size) -> tuple[str, str]:
    """Find out the format of a file.

    Args:
        data: Its content.
        name: How messages name it.
        most_bytes: What it may hold unpacked, in bytes.

    Returns:
        The format (``pdf``, ``docx``, ``odt``, ``rtf``, ``epub``, ``html``, ``markdown``, ``text``, or ``ENCRYPTED``),
        and for the last three formats the decoded text.

    Raises:
        EmptyDocument: There is nothing in it.
        UnsupportedFormat: It is of a format that is not read.
        CorruptFile: It starts like a format that is read but is damaged.
        EncryptedFile: It is a zip with a password.
        TooLarge: It is over the limit when unpacked.

    Example:
        >>> sniff(b"# Akut\\n\\nVi kommer.", "plan.txt")[0]
        'markdown'
    """
    if not data.strip(b" \t\r\n\x00"):
        raise EmptyDocument(f"{name} er tom: tjek, at den rigtige fil er gemt")
    if b"%PDF-" in data[:1024]:
        return "pdf", ""
    if data.lstrip()[:5] == b"{\\rtf":
        return "rtf", ""
    if data.startswith(b"PK\x03\x04"):
        return _sniff_zip(data, name, most_bytes), ""
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return ENCRYPTED, ""
        raise UnsupportedFormat(f"{name} er en fil fra en gammel Office-version: gem den som .docx eller PDF")
    for magic, what in _FOREIGN:
        if data.startswith(magic) and (len(magic) > 2 or b"\x00" in data[:200]):
            raise UnsupportedFormat(f"{name} er {what} og kan ikke læses: {_READ}")
    text = decode(data)
    if text is None:
        raise UnsupportedFormat(f"{name} er ikke tekst, men binært indhold: {_READ}")
    return _sniff_text(text, name), text


def _sniff_zip(data: bytes, name: str, most_bytes: int) -> str:
    from strategitekst.reading.packages import Package  # loads lxml

    package = Package(data, name, most_bytes)
    if "[Content_Types].xml" in package.names and any(part.startswith("word/") for part in package.names):
        return "docx"
    kind = package.read("mimetype")[:100].decode("ascii", "replace").strip() if "mimetype" in package.names else ""
    if kind == "application/epub+zip" or "META-INF/container.xml" in package.names:
        return "epub"
    if kind.startswith(_ODT) or (not kind and {"content.xml", "META-INF/manifest.xml"} <= package.names):
        return "odt"
    raise UnsupportedFormat(f"{name} er en pakket fil, men ikke et Word-, OpenDocument- eller EPUB-dokument: {_READ}")


def _sniff_text(text: str, name: str) -> str:
    start = text[:20_000].lstrip("\ufeff \t\r\n")
    if _HTML_START.match(start) or (start.startswith("<") and len(_HTML_TAGS.findall(text)) >= 2):
        return "html"
    if start.startswith("<?xml"):
        raise UnsupportedFormat(f"{name} er XML og kan ikke læses: {_READ}")
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "markdown" if any(pattern.search(lines) for pattern in _MARKDOWN) else "text"
