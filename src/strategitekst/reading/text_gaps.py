"""Pieces of plain text that the end of a page cut → one piece."""

from __future__ import annotations

from dataclasses import replace

from strategitekst.reading.pieces import Piece
from strategitekst.reading.repair import is_broken, join
from strategitekst.reading.residue import is_page_number
from strategitekst.reading.shape import ends_firmly

_CUT_PARAGRAPH = 60
"""Characters from which a line without final punctuation may go on behind an empty line."""


def join_across_gaps(pieces: list[Piece]) -> list[Piece]:
    """Put together what the end of a page cut in the middle of a word or a sentence.

    Args:
        pieces: The document in reading order.

    Returns:
        As many pieces or fewer; a page number between the halves comes after them.

    Example:
        >>> [piece.text for piece in join_across_gaps([Piece("Her kan bor-"), Piece("12"), Piece("geren få hjælp.")])]
        ['Her kan borgeren få hjælp.', '12']
    """
    result: list[Piece] = []
    for piece in pieces:
        place = len(result) - 1
        while place > 0 and is_page_number(result[place].text):
            place -= 1
        if place >= 0 and _is_cut(result[place], piece):
            result[place] = replace(result[place], text=join(result[place].text, piece.text))
        else:
            result.append(piece)
    return result


def _is_cut(above: Piece, piece: Piece) -> bool:
    if piece.kind != "line" or above.kind not in ("line", "item") or not piece.text[:1].islower():
        return False
    if is_broken(above.text, piece.text):
        return True
    return len(above.text) >= _CUT_PARAGRAPH and not ends_firmly(above.text) and above.chunk != piece.chunk
