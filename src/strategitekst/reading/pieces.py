"""What the format modules hand over: pieces of text before it is settled which are headings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a document in reading order.

    Attributes:
        text: The text, on one line, without the mark of an item.
        kind: ``line`` where nothing but shape can tell heading from prose, else what the format says.
        level: For headings of a format that marks them: 1 for the highest. 0 otherwise.
        number: The number of an enumerated item; 0 for none.
        mark: The mark of an item as it stood, with the space behind it.
        gap: Empty lines before it.
        chunk: Pieces with no empty line between them share a chunk.
        strong: All of it is bold.
        page: The page it starts on, from 1.
        closed: Nothing that follows is under it: an address or a signature.
        depth: For items: 0 for the outermost of a list, where the format says.
    """

    text: str
    kind: Literal["line", "prose", "item", "row", "heading", "residue"] = "line"
    level: int = 0
    number: int = 0
    mark: str = ""
    gap: int = 1
    chunk: int = 0
    strong: bool = False
    page: int | None = None
    closed: bool = False
    depth: int = 0


def with_first_gap(pieces: Iterable[Piece], gap: int = 1) -> list[Piece]:
    """Set the gap before the first of the pieces that one element of a document gave; the others keep theirs.

    Example:
        >>> [piece.gap for piece in with_first_gap([Piece("Alléen 15", gap=0), Piece("4180 Sorø", gap=0)])]
        [1, 0]
    """
    return [replace(piece, gap=gap) if place == 0 else piece for place, piece in enumerate(pieces)]


def with_chunks(pieces: Iterable[Piece]) -> list[Piece]:
    """Number the chunks through: a piece with a gap before it starts one.

    Example:
        >>> [piece.chunk for piece in with_chunks([Piece("Akut"), Piece("Alléen 15"), Piece("4180 Sorø", gap=0)])]
        [1, 2, 2]
    """
    result: list[Piece] = []
    chunk = 0
    for piece in pieces:
        chunk += piece.gap > 0
        result.append(piece if piece.chunk == chunk else replace(piece, chunk=chunk))
    return result


def with_kind(piece: Piece, kind: Literal["line", "prose", "item", "row", "heading", "residue"]) -> Piece:
    """Return the piece as another kind; an item that becomes something else gets its mark back.

    Example:
        >>> with_kind(Piece("Akut", "item", number=1, mark="1. "), "heading").text
        '1. Akut'
    """
    if piece.kind == "item" and kind != "item":
        return replace(piece, kind=kind, text=piece.mark + piece.text, mark="", number=0)
    return replace(piece, kind=kind)
