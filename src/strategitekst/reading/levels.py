"""The level of each heading: as marked, or by what the headings of a document look like beside each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from strategitekst.reading.pieces import Piece
from strategitekst.reading.series import Kind, nested, series_words
from strategitekst.reading.shape import is_capitals, is_labelled, is_lead_in, number_depth
from strategitekst.reading.words import word_set

_TITLE, _NUMBERED, _CAPITALS, _SECTION, _LEAD_IN, _UNDER = 10, 10, 26, 27, 38, 39
"""Levels by shape: below all marked ones (1 to 9); a numbered heading adds its depth, a section what it lies under."""
_GENERIC = word_set(
    "forord indledning indhold indholdsfortegnelse resumé resume sammenfatning baggrund formål kontakt økonomi"
)
"""First headings that are no title of the whole document."""
_DOCUMENT = re.compile(
    r"plan(?:en)?\b|strategi|politik|aftale|vision|program|handling|redegørelse|rapport|oplæg|løfter|region|kommune|20\d\d",
    re.IGNORECASE,
)
"""Words by which a title says that it names a document."""
_NUMBERS = "nul én to tre fire fem seks syv otte ni ti elleve tolv".split()  # noqa: SIM905 - reads better so
_PARTS = re.compile(
    rf"\b({'|'.join(_NUMBERS[3:])}) (?:\w+ ){{0,2}}\w*(?:spor|mål|indsats(?:er)?|områder|temaer|principper|værdier"
    r"|løfter|ambitioner|pejlemærker|prioriteter|grundlag|fundamenter|byggesten|forudsætninger|greb|punkter|dele)\b",
    re.IGNORECASE,
)
_MANY = 4
"""Headings from which the first line of a document is its title, whatever it says."""


def heading_levels(pieces: Sequence[Piece]) -> list[int]:
    """Give each heading its level.

    Plain headings are sections. Under a lead-in that headings follow ("Sådan gør vi:") they are its parts, until one
    that a larger gap precedes or that a recurring lead-in comes next to: that one opens a section again. How chapters,
    numbered headings and sections lie within each other, ``series.nested`` tells.

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
    words = series_words([pieces[place].text for place in places if place != title and not pieces[place].level])
    levels = [0] * len(pieces)
    grouped = False
    for order, place in enumerate(places):
        piece = pieces[place]
        following = pieces[places[order + 1]].text.casefold() if order + 1 < len(places) else ""
        opens = piece.gap > usual_gap or recurring[following] > 1
        level = _TITLE if place == title else _level(piece, words, in_group=grouped and not opens)
        if level == _CAPITALS and title is not None and place < content:
            level = _UNDER  # a subtitle
        levels[place] = level
        if level == _LEAD_IN:
            grouped = grouped or (place + 1 < len(pieces) and pieces[place + 1].kind == "heading")
        elif level <= _SECTION:
            grouped = False
    _nest(pieces, [place for place in places if levels[place] > _TITLE], levels, words)
    ranks = {level: rank for rank, level in enumerate(sorted(set(levels) - {0}), start=1)}
    return [ranks.get(level, 0) for level in levels]


def _nest(pieces: Sequence[Piece], places: Sequence[int], levels: list[int], words: frozenset[str]) -> None:
    """Let chapters, numbered headings and sections lie within each other; other kinds stay as they are."""
    chosen = [place for place in places if _NUMBERED < levels[place] < _CAPITALS or levels[place] == _SECTION]
    kinds = [
        Kind(
            pieces[place].text,
            depth=0 if levels[place] == _SECTION else levels[place] - _NUMBERED,
            over_heading=place + 1 < len(pieces) and levels[place + 1] > 0,
            gap=pieces[place].gap,
            parts=announced_parts(pieces[place].text),
        )
        for place in chosen
    ]
    for place, depth in zip(chosen, nested(kinds, words), strict=True):
        levels[place] = _NUMBERED + depth


def _level(piece: Piece, words: frozenset[str], *, in_group: bool) -> int:
    if piece.level:
        return min(piece.level, _TITLE - 1)
    depth = number_depth(piece.text)
    if depth:
        return _NUMBERED + depth
    if piece.text.split(maxsplit=1)[0].casefold() in words:
        return _SECTION
    if _announces(piece.text):
        return _LEAD_IN
    if is_labelled(piece.text):
        return _UNDER
    if is_capitals(piece.text):
        return _CAPITALS
    return _UNDER if in_group else _SECTION


def announced_parts(text: str) -> int:
    """Read how many parts a heading announces.

    Example:
        >>> [announced_parts(text) for text in ("Fire spor", "Vores tre vigtigste mål", "Ring 1-1-2", "Om to år")]
        [4, 3, 0, 0]
    """
    match = _PARTS.search(text)
    return _NUMBERS.index(match[1].casefold()) if match else 0


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
    many = places[0] == 0 and len(places) >= _MANY
    says = many or places[1] < content or is_capitals(piece.text) or _DOCUMENT.search(piece.text)
    return places[0] if says and not generic and not piece.level and not is_labelled(piece.text) else None
