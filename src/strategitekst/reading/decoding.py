"""Bytes of a text file → text, in the encodings that Danish files are found in."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_EIGHT_BITS = ("cp1252", "latin-1", "mac_roman", "cp850")
_EXPECTED = frozenset("æøåÆØÅéÉüöäÜÖÄ–—−“”„’‘»«•§°…\xa0\xad½²³©®€µ·×")
"""Characters beyond ASCII that Danish documents are full of: the encoding that yields most of them is the right one."""
_TOLERATED = 0.1
"""Share of damaged characters up to which a text still counts as UTF-8: files put together from two sources."""


def decode(data: bytes) -> str | None:
    """Find out the encoding of a text and decode it.

    Byte order marks first, then UTF-8, then UTF-16 without a mark, then the 8-bit encodings by what they would make of
    the bytes beyond ASCII. A general detector is not used: on a page of Danish it takes Windows-1252 for Baltic or
    Turkish often enough.

    Args:
        data: The bytes of the file.

    Returns:
        The text, or None where the bytes are no text in any of the encodings.

    Example:
        >>> decode("Sorø – på vej".encode("cp1252")), decode(b"\\x00\\x01\\x02\\x03")
        ('Sorø – på vej', None)
    """
    text = _decode(data)
    if text is None or any(sign < " " and sign not in "\t\n\r\x0b\x0c\x1a\x1b\x02\x1e\x1f" for sign in set(text)):
        return None
    return text


def _decode(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _mostly(data, encoding)
    if b"\x00" in data:
        return _utf16(data)
    text = _try(data, "utf-8")
    if text is not None:
        return text
    damaged = _mostly(data, "utf-8")
    if damaged is not None:
        return damaged
    guesses = [text for encoding in _EIGHT_BITS if (text := _try(data, encoding)) is not None]
    return max(guesses, key=lambda text: sum(sign in _EXPECTED for sign in text if sign > "\x7f"))


def _mostly(data: bytes, encoding: str) -> str | None:
    """Decode a text that may be damaged in some places; None where it is in too many."""
    text = data.decode(encoding, errors="replace")
    damaged = text.count("\ufffd")
    beyond = sum(sign > "\x7f" for sign in text) if encoding == "utf-8" else len(text)
    return text if damaged <= _TOLERATED * beyond else None


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _utf16(data: bytes) -> str | None:
    """Decode UTF-16 without a mark: nearly every second byte of European text is zero then."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    half = len(data) // 2
    if half and odd > 0.7 * half and even < 0.1 * half:
        return _mostly(data, "utf-16-le")
    if half and even > 0.7 * half and odd < 0.1 * half:
        return _mostly(data, "utf-16-be")
    return None
