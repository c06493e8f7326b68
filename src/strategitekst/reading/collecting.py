"""Pieces in the order they are found, with the notes to a paragraph behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from strategitekst.reading.pieces import Piece
from strategitekst.reading.text import text_pieces


class Collector:
    """Gathers the pieces of a document; notes wait until the list, the table or the lead-in they stand in is over.

    Attributes:
        pieces: What was gathered so far.

    Example:
        >>> collector = Collector()
        >>> collector.add([Piece("Det gør vi:")], ["En note."])
        >>> collector.add([Piece("Kører", "item")])
        >>> collector.add([Piece("Slut.")])
        >>> [piece.text for piece in collector.pieces]
        ['Det gør vi:', 'Kører', 'En note.', 'Slut.']
    """

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._waiting: list[str] = []

    def add(self, pieces: Iterable[Piece], notes: Sequence[str] = ()) -> None:
        """Add pieces, and the notes that they refer to."""
        for piece in pieces:
            if piece.kind not in ("item", "row"):
                self.finish()
            self.pieces.append(piece)
        self._waiting += notes
        last = self.pieces[-1] if self.pieces else None
        if last is None or not (last.kind in ("item", "row", "heading") or last.text.endswith(":")):
            self.finish()

    def finish(self) -> None:
        """Write the notes that wait."""
        waiting, self._waiting = self._waiting, []
        for note in waiting:
            self.pieces += [replace(piece, kind="prose", gap=1) for piece in text_pieces(note)]
