"""The level of each heading: as marked, or by what the headings of a document look like beside each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from strategitekst.reading.pieces import Piece
from strategitekst.reading.shape import is_capitals, is_labelled, is_lead_in, number_depth
from strategitekst.reading.words import word_set

_TITLE, _NUMBERED, _CAPITALS, _SECTION, _LEAD_IN, _UNDER = 10, 10, 16, 17, 18, 19
"""Levels by shape: below all marked ones (1 to 9); a numbered heading adds its depth."""
_GENERIC = word_set("forord indledning indhold indholdsfortegnelse resumé resume sammenfatning baggrund formål")
"""First headings that are no title of the whole document."""
_DOCUMENT = re.compile(
    r"plan(?:en)?\b|strategi|politik|aftale|vision|program|handling|redegørelse|rapport|oplæg|løfter|region|kommune|20\d\d",
    re.IGNORECASE,
)
"""Words by which a title says that it names a document."""


def heading_levels(pieces: Sequence[Piece]) -> list[int]:
    """Give each heading its level.

    Plain headings are sections. Under a lead-in that headings follow ("Sådan gør vi:") they are its parts, until one
    that a larger gap precedes or that a recurring lead-in comes next to: that one opens a section again.

    Args:
        pieces: The document in reading order; those of kind ``heading`` get a level.

    Returns:
        For each piece a level from 1, without holes, or 0 where it is no heading.

    Example:
        >>> heading_levels([Piece("Plan 2024", "heading"), Piece("Tekst."), Piece("Akut", "heading"), Piece("Mer.")])
        [1, 0, 2, 0]
    """
    places = [place for place, piece in enumerate(pieces) if piece.kind == "heading"]
    recurring = Counter(pieces[place].text.casefold() for place in places if _announces(pieces[place].text))
    gaps = Counter(piece.gap for piece in pieces if piece.gap)
    usual_gap = gaps.most_common(1)[0][0] if gaps else 1
    content = next(
        (place for place, piece in enumerate(pieces) if piece.kind not in ("heading", "residue")), len(pieces)
    )
    title = _title(pieces, places, content)
    levels = [0] * len(pieces)
    grouped = False
    for order, place in enumerate(places):
        piece = pieces[place]
        following = pieces[places[order + 1]].text.casefold() if order + 1 < len(places) else ""
        opens = piece.gap > usual_gap or recurring[following] > 1
        level = _TITLE if place == title else _level(piece, in_group=grouped and not opens)
        if level == _CAPITALS and title is not None and place < content:
            level = _UNDER  # a subtitle
        levels[place] = level
        if level == _LEAD_IN:
            grouped = grouped or (place + 1 < len(pieces) and pieces[place + 1].kind == "heading")
        elif level <= _SECTION:
            grouped = False
    ranks = {level: rank for rank, level in enumerate(sorted(set(levels) - {0}), start=1)}
    return [ranks.get(level, 0) for level in levels]


def _level(piece: Piece, *, in_group: bool) -> int:
    if piece.level:
        return min(piece.level, _TITLE - 1)
    depth = number_depth(piece.text)
    if depth:
        return _NUMBERED + depth
    if _announces(piece.text):
        return _LEAD_IN
    if is_labelled(piece.text):
        return _UNDER
    if is_capitals(piece.text):
        return _CAPITALS
    return _UNDER if in_group else _SECTION


def _announces(text: str) -> bool:
    """Say whether a heading announces what follows ("Sådan gør vi:") rather than naming it ("Baggrund:")."""
    words = text.casefold().rstrip(":").split()
    return is_lead_in(text) and (len(words) > 2 or "vi" in words)


def _title(pieces: Sequence[Piece], places: Sequence[int], content: int) -> int | None:
    """Find the title of the whole document: a first heading that says what the document is, or that others follow."""
    if len(places) < 2 or content < places[0]:
        return None
    piece = pieces[places[0]]
    generic = piece.text.casefold().strip(" :") in _GENERIC or is_lead_in(piece.text) or number_depth(piece.text)
    says = places[1] < content or is_capitals(piece.text) or _DOCUMENT.search(piece.text)
    return places[0] if says and not generic and not piece.level and not is_labelled(piece.text) else None
