"""Pieces → blocks: which lines are headings, and which only look like it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from strategitekst.document import Block
from strategitekst.reading.levels import heading_levels
from strategitekst.reading.pieces import Piece, with_kind
from strategitekst.reading.residue import mark_residue
from strategitekst.reading.shape import is_heading_like, is_labelled, is_lead_in, number_depth

_LONGEST_TITLE = 120
_BUTTON, _MOST_BUTTONS = 40, 3
"""Characters of residue, and pieces of it, that may stand between a heading and its text."""


def to_blocks(pieces: Sequence[Piece], *, marked: bool = False) -> list[Block]:
    """Settle which pieces are headings, and their levels.

    Args:
        pieces: The document in reading order.
        marked: The format marks its headings; then only bold, numbered and labelled lines become headings by shape.

    Returns:
        The blocks, headings with levels from 1 without holes.

    Example:
        >>> [block.kind for block in to_blocks([Piece("Akut hjælp"), Piece("Vi kommer.")])]
        ['heading', 'prose']
    """
    settled = _settle(mark_residue(pieces), marked)
    return [
        Block("prose" if piece.kind == "line" else piece.kind, piece.text, level, piece.page, lead_in)
        for piece, level, lead_in in zip(settled, heading_levels(settled), _lead_ins(settled), strict=True)
    ]


def _lead_ins(pieces: Sequence[Piece]) -> list[str]:
    """Find for each item and row the line above its list that ends in a colon, or the item that it stands under."""
    result: list[str] = []
    announced = ""
    above: list[Piece] = []
    for piece in pieces:
        lead_in = ""
        if piece.kind == "item":
            above = [outer for outer in above if outer.depth < piece.depth]
            lead_in = above[-1].text if above else announced
            above.append(piece)
        elif piece.kind == "row":
            lead_in, above = announced, []
        elif piece.kind != "residue":
            # A heading that announces its list is in the path already.
            announced = piece.text if piece.kind != "heading" and is_lead_in(piece.text) else ""
            above = []
        result.append(lead_in)
    return result


def _settle(pieces: list[Piece], marked: bool) -> list[Piece]:
    """Decide from the end to the start: a heading has something under it."""
    if not marked:
        pieces = _find_contents(_find_lists(pieces))
    front = next((place for place, piece in enumerate(pieces) if _is_text(piece)), len(pieces))
    running: dict[str, int] = {}
    for place, piece in enumerate(pieces[:front]):
        if piece.kind in ("line", "heading"):
            running.setdefault(plain(piece.text), place)
    settled: list[Piece] = []
    text_below: Piece | None = None
    for place in range(len(pieces) - 1, -1, -1):
        piece = pieces[place]
        under = text_below if place < front else _under(settled)
        if piece.kind == "item" and piece.number:
            piece = _settle_numbered(piece, under, None if _counts_headings(pieces, place) else pieces[place - 1])
        elif piece.kind == "line" and running.get(plain(piece.text), place) < place:
            own_text = under is not None and under is settled[-1] and under.kind in ("line", "prose")
            piece = with_kind(piece, "heading" if own_text else "residue")
        elif piece.kind == "line" and under is not None and (is_heading_like(piece.text) or _is_title(place, piece)):
            shaped = not marked or piece.strong or number_depth(piece.text) or is_labelled(piece.text)
            piece = with_kind(piece, "heading") if shaped else piece
        settled.append(piece)
        text_below = piece if piece.kind != "residue" else text_below
    return _without_passing_lead_ins(settled[::-1])


def _without_passing_lead_ins(pieces: list[Piece]) -> list[Piece]:
    """Make a lead-in prose where only the list right below is under it, unless it has headings under it elsewhere."""
    result = list(pieces)
    groups = {
        piece.text.casefold()
        for piece, following in pairwise(pieces)
        if piece.kind == following.kind == "heading" and is_lead_in(piece.text)
    }
    for place, piece in enumerate(pieces[:-1]):
        if piece.kind == "heading" and not (piece.level or piece.strong) and is_lead_in(piece.text):
            end = place + 1
            while end < len(pieces) and pieces[end].kind in ("item", "row"):
                end += 1
            followed = end < len(pieces) and pieces[end].kind in ("line", "prose")
            if place + 1 < end and (followed or piece.text.casefold() not in groups):
                result[place] = replace(piece, kind="prose")
    return result


def _under(below: list[Piece]) -> Piece | None:
    """Return what a line would be the heading of; ``below`` holds what follows it, the nearest last."""
    for piece in below[: -_MOST_BUTTONS - 2 : -1]:
        if piece.kind != "residue":
            return piece
        if piece.closed or len(piece.text) > _BUTTON:
            return None
    return None


def _settle_numbered(piece: Piece, under: Piece | None, above: Piece | None) -> Piece:
    """Make a numbered item a heading where it stands alone over text and looks like one."""
    whole = piece.mark + piece.text
    listed = (
        above is not None
        and above.kind == "item"
        and (above.chunk == piece.chunk or 0 < above.number == piece.number - 1)
    )
    alone = under is not None and under.kind != "item" and not listed
    return with_kind(piece, "heading") if alone and number_depth(whole) and is_heading_like(piece.text) else piece


def _counts_headings(pieces: Sequence[Piece], place: int) -> bool:
    """Say whether a numbered line goes on with others that stood alone, whatever list is right above it."""
    if not place:
        return True
    number, above = pieces[place].number, pieces[place - 1]
    if above.chunk == pieces[place].chunk:
        return False
    before = [at for at in range(place - 1) if pieces[at].kind == "item" and pieces[at].number == number - 1 > 0]
    return any(
        pieces[at + 1].kind != "item" and (at == 0 or pieces[at - 1].kind != "item" or not pieces[at - 1].number)
        for at in before
    )


def _is_title(place: int, piece: Piece) -> bool:
    """Say whether the first line of a document is a title with a full stop inside: "En vej ud. Strategi 2024"."""
    parts = re.split(r"(?<!\d)\. ", piece.text)
    return place == 0 and len(parts) > 1 and len(piece.text) <= _LONGEST_TITLE and all(map(is_heading_like, parts))


def _is_text(piece: Piece) -> bool:
    return piece.kind in ("prose", "item", "row") or (piece.kind == "line" and not is_heading_like(piece.text))


def _is_candidate(piece: Piece) -> bool:
    shaped = is_heading_like(piece.text) and not is_labelled(piece.text) and not number_depth(piece.text)
    return piece.kind == "line" and not piece.strong and shaped


def _runs(pieces: Sequence[Piece]) -> list[tuple[int, int]]:
    """Find the stretches of two or more lines in a row that could be headings."""
    runs: list[tuple[int, int]] = []
    start = 0
    for place in range(len(pieces) + 1):
        if place == len(pieces) or not _is_candidate(pieces[place]):
            if place - start > 1:
                runs.append((start, place))
            start = place + 1
    return runs


def _find_lists(pieces: list[Piece]) -> list[Piece]:
    """Make short lines in a row items: after a line that ends in a colon, or three in one chunk."""
    result = list(pieces)
    first_text = next((place for place, piece in enumerate(pieces) if _is_text(piece)), len(pieces))
    for start, end in _runs(pieces):
        leads = [place for place in range(max(start - 1, 0), end) if is_lead_in(pieces[place].text)]
        if leads:
            start = leads[-1] + 1
        elif start < first_text:
            continue
        else:
            chunk = pieces[start].chunk
            if end - start < 3 or any(piece.chunk != chunk for piece in pieces[start:end]):
                continue
        titled = (
            end < len(pieces) and pieces[end].kind in ("line", "prose") and pieces[end - 1].chunk != pieces[start].chunk
        )
        if end - start - titled >= 2:
            result[start : end - titled] = [replace(piece, kind="item") for piece in pieces[start : end - titled]]
    return result


def _find_contents(pieces: list[Piece]) -> list[Piece]:
    """Make a table of contents residue: four short lines in a row, most of which come again further down."""
    result = list(pieces)
    last = {plain(piece.text): place for place, piece in enumerate(pieces) if piece.kind in ("line", "item")}
    for start, end in _runs(pieces):
        again = [place for place in range(start, end) if last[plain(pieces[place].text)] >= end]
        if len(again) >= 4 and len(again) * 2 >= end - start:
            for place in range(again[0], again[-1] + 1):
                result[place] = with_kind(pieces[place], "residue")
    return result


def plain(text: str) -> str:
    """Reduce a line to its letters and digits, for comparing titles.

    Example:
        >>> plain("REGION SJÆLLAND – FOR BORGERNE") == plain("Region Sjælland - for borgerne")
        True
    """
    return re.sub(r"\W+", "", text.casefold())
