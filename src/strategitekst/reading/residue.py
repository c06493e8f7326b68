"""What is left around the text: buttons, addresses, dates of a page, signatures, tables of contents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from strategitekst.reading.pieces import Piece, with_kind
from strategitekst.reading.shape import ends_sentence
from strategitekst.reading.words import word_set

_PHRASES = word_set(
    """gå til indhold|gå til hovedindhold|gå til indholdet|spring til indhold|spring til hovedindhold|spring over|søg|
    søg på siden|menu|åbn menu|luk|luk menu|se kontaktoplysninger|kontaktoplysninger|kontakt|kontakt os|del|del siden|
    del på facebook|del på linkedin|del artiklen|print|udskriv|udskriv siden|læs op|lyt|lyt til siden|tip en ven|
    oprettet|opdateret|sidst opdateret|senest opdateret|link til denne side|kopier link|tilbage|til toppen|til top|
    forside|log ind|log på|login|cookies|acceptér alle|accepter alle|afvis alle|læs mere|læs også|vis mere|næste|
    forrige|næste side|forrige side|facebook|linkedin|twitter|instagram|youtube|nyhedsbrev|tilmeld nyhedsbrev|english|
    spring til hovedindholdet|spring til indholdet|rss|om cookies|privatlivspolitik|tilgængelighedserklæring|sitemap|
    download|hent pdf|hent som pdf|annonce""",
    "|",
)
_TAIL_STARTS = word_set(
    "oprettet|opdateret|sidst opdateret|senest opdateret|link til denne side|del|del siden|del artiklen", "|"
)

_DATE = r"\d{1,2}[./-]\s?(?:\d{1,2}[./-]|[a-z]{3,9}\s)\s?\d{2,4}"
_CONTACT = re.compile(
    r"(?:tlf|telefon|tel|mobil|fax|mail|e-mail|email|cvr|cvr-nr|ean|ean-nr|web|hjemmeside|se mere på)\b"
    r"[.:]*\s*[\d+(]?[\w@+./:() -]*",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"(?=[A-ZÆØÅ])[\wé. ]{0,40}?"
    r"(?i:(?:vej|park|bakk?e|strand|toft|plads|all[ée])(?:en)?|gaden?|stræde|torv(?:et)?|boulevard|vænget?)"
    r"\s+\d{1,3}\s?[A-Za-z]?(?:,.*)?"
)
_POSTAL = re.compile(r"(?:DK-)?\d{4}\s+[A-ZÆØÅ][a-zæøå]+(?:\s[A-ZÆØÅ]\.?[a-zæøå]*)?")
_WEB = re.compile(r"(?:https?://|www\.)\S+|[\w.-]+\.(?:dk|com|eu|org)(?:/\S*)?|\S+@\S+\.\w+", re.IGNORECASE)
_BYLINE = re.compile(r"(?:Af|Tekst|Foto)\s?:?\s[A-ZÆØÅ].*\S+@\S+")
_IMPRINT = re.compile(
    r"(?:(?:udgiver|udgivet af|isbn|issn|copyright)\b|©|(?:oplag|tryk|layout|redaktion|fotos?|forsidefoto)\s?:).{0,80}",
    re.IGNORECASE,
)
_PAGE = re.compile(r"[-–]?\s?\d{1,3}\s?[-–]?|side\s+\d+(?:\s+(?:af|/)\s+\d+)?", re.IGNORECASE)
_PAGE_DATE = re.compile(
    rf"(?:(?:sidst |senest )?(?:oprettet|opdateret|publiceret|udskrevet)\s*:?\s*)?{_DATE}", re.IGNORECASE
)
_CONTENTS_LINE = re.compile(r".*\S\s*(?:\.\s?){3,}\s*\d{1,3}|.*\S\s*…+\s*\d{1,3}")

_NAME = r"(?:[A-ZÆØÅ][a-zæøåéüö]+|[A-ZÆØÅ]\.)(?:[ -](?:[A-ZÆØÅ][a-zæøåéüö]+|[A-ZÆØÅ]\.)){1,3}"
_TITLE = (
    r"(?i:\w*(?:formand|forkvinde|forperson|direktør|borgmester|minister|chef|leder|rektor|sekretær|rådmand))"
    r"(?:\s+(?:for|i|ved)\s+.{2,60}|,\s.{2,60})?"
)
_SIGNATURE = re.compile(rf"{_NAME},? {_TITLE}")


def is_residue(text: str) -> bool:
    """Say whether a line is a button, a contact line, an imprint line, a page number or a line of a table of contents.

    Example:
        >>> [is_residue(text) for text in ("Gå til indhold", "Alléen 15", "Side 3 af 12", "Akut hjælp")]
        [True, True, True, False]
    """
    bare = text.strip(" .:»«>‹›|")
    if not bare or bare.casefold() in _PHRASES or _is_contact(bare):
        return True
    patterns = (_PAGE, _PAGE_DATE, _WEB, _BYLINE, _STREET, _IMPRINT, _CONTENTS_LINE)
    return len(bare) <= 120 and any(pattern.fullmatch(bare) for pattern in patterns)


def is_page_number(text: str) -> bool:
    """Say whether a line is nothing but the number of a page.

    Example:
        >>> is_page_number("Side 3 af 12"), is_page_number("– 7 –"), is_page_number("2024")
        (True, True, False)
    """
    return bool(_PAGE.fullmatch(text))


def _is_contact(text: str) -> bool:
    return bool(len(text) <= 60 and _CONTACT.fullmatch(text) and re.search(r"\d{2}|@|\.dk", text))


def mark_residue(pieces: Sequence[Piece]) -> list[Piece]:
    """Turn what is no text of the document into residue.

    Args:
        pieces: The document in reading order.

    Returns:
        As many pieces or fewer: the lines of an address or a signature become one.
    """
    marked = [
        with_kind(piece, "residue") if piece.kind in ("line", "prose", "item") and is_residue(piece.text) else piece
        for piece in pieces
    ]
    return _mark_tail(_mark_signatures(_mark_addresses(marked)))


def _mark_addresses(pieces: list[Piece]) -> list[Piece]:
    """Make a chunk of short lines with a street, a postal town or a telephone number one piece of residue."""
    result: list[Piece] = []
    for chunk in _chunks(pieces):
        lines = [piece for piece in chunk if piece.kind in ("line", "residue")]
        contact = sum(
            bool(_POSTAL.fullmatch(piece.text) or _STREET.fullmatch(piece.text) or _is_contact(piece.text))
            for piece in lines
        )
        short = all(len(piece.text) <= 70 and not ends_sentence(piece.text) for piece in lines)
        if contact >= 2 and short and len(lines) == len(chunk):
            whole = " ".join(piece.text for piece in chunk)
            result.append(replace(chunk[0], kind="residue", text=whole, closed=True))
        else:
            result += chunk
    return result


def _chunks(pieces: Sequence[Piece]) -> list[list[Piece]]:
    chunks: list[list[Piece]] = []
    for piece in pieces:
        if chunks and chunks[-1][-1].chunk == piece.chunk:
            chunks[-1].append(piece)
        else:
            chunks.append([piece])
    return chunks


def _mark_signatures(pieces: list[Piece]) -> list[Piece]:
    """Make a name with a title behind or under it one piece of residue that nothing stands under."""
    result: list[Piece] = []
    for piece in pieces:
        above = result[-1] if result else None
        if piece.kind == "line" and _SIGNATURE.fullmatch(piece.text):
            result.append(replace(piece, kind="residue", closed=True))
        elif above is not None and above.kind == piece.kind == "line" and _is_signature(above.text, piece.text):
            result[-1] = replace(above, kind="residue", text=f"{above.text} {piece.text}", closed=True)
        else:
            result.append(piece)
    return result


def _is_signature(name: str, title: str) -> bool:
    return bool(re.fullmatch(_NAME, name) and re.fullmatch(_TITLE, title))


def _mark_tail(pieces: list[Piece]) -> list[Piece]:
    """Make everything behind the foot of a web page residue, unless sentences follow."""
    last = max((number for number, piece in enumerate(pieces) if _is_substance(piece)), default=-1)
    for start in range(last + 1, len(pieces)):
        if pieces[start].text.strip(" .:").casefold() in _TAIL_STARTS:
            return pieces[:start] + [with_kind(piece, "residue") for piece in pieces[start:]]
    return pieces


def _is_substance(piece: Piece) -> bool:
    if piece.kind in ("item", "row", "heading"):
        return True
    return piece.kind != "residue" and len(piece.text) >= 80 and ends_sentence(piece.text)
