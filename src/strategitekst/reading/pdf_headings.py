"""Which groups of lines are headings, and of which level: by size, weight and number, by tags and by the outline."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from strategitekst.reading.outline import plain
from strategitekst.reading.pdf_groups import Part, Style
from strategitekst.reading.pdf_notes import is_caption
from strategitekst.reading.pdf_parts import Group
from strategitekst.reading.repair import join_lines
from strategitekst.reading.shape import bullet, is_capitals, is_heading_like, number_depth

_LARGER, _LARGER_BOLD, _SMALLEST_BOLD = 1.12, 1.04, 0.8
"""Times the size of the body from which a line is a heading: plain, bold, and bold with the look of a heading."""
_LONGEST, _MOST_LINES = 170, 7
_DEEPEST = 6

Look = tuple[float, bool, bool, int]
"""What headings of one level share: size, bold, capitals, depth of the number where it tells levels apart."""


def mark_headings(pages: Sequence[Sequence[Part]], style: Style, outline: Mapping[str, int]) -> None:
    """Give headings their role and level. Where the file tags headings, of the other lines only larger ones are any.

    Args:
        pages: The parts of each page; groups are changed.
        style: What is usual in the document.
        outline: The depth of each title in the outline of the file, from 1, by its plain form.
    """
    groups = [part for page in pages for part in page if isinstance(part, Group) and part.lines]
    largest = max((group.first.size for group in groups if group.role == "heading"), default=0.0)
    for place, group in enumerate(groups):
        if group.role in ("", "prose"):
            text = text_of(group)
            listed = outline.get(plain(text), 0) if outline else 0
            following = groups[place + 1] if place + 1 < len(groups) else None
            if largest:
                found = group.first.size > largest and _is_large(group, text, style)
            else:
                found = bool(listed) or _is_large(group, text, style) or _is_bold(group, text, style, following)
            if found and _could_be(group, text):
                group.role, group.level = "heading", listed
    _set_levels([group for group in groups if group.role == "heading"])


def text_of(group: Group) -> str:
    """Put the lines of a group together."""
    return _joined(tuple(line.text for line in group.lines))


@lru_cache(maxsize=4_000)
def _joined(texts: tuple[str, ...]) -> str:
    return join_lines(texts)


def _could_be(group: Group, text: str) -> bool:
    return (
        len(group.lines) <= _MOST_LINES
        and len(text) <= _LONGEST
        and sum(sign.isalpha() for sign in text) >= 2
        and not text.endswith((";", ","))
        and not (text.endswith(".") and not re.search(r"\b\w{1,4}\.$", text))
        and not is_caption(text)
        and (bullet(text) is None or text[0].isalnum())
    )


def _is_large(group: Group, text: str, style: Style) -> bool:
    limit = _LARGER_BOLD if all(line.bold for line in group.lines) else _LARGER
    return min(line.size for line in group.lines) >= limit * style.size and len(text) <= _LONGEST


def _is_bold(group: Group, text: str, style: Style, following: Group | None) -> bool:
    """Say whether a bold line of the body's size is a heading: it looks like one, and text stands under it."""
    if not all(line.bold for line in group.lines) or group.first.size < _SMALLEST_BOLD * style.size:
        return False
    numbered = number_depth(text) > 0
    if following is None or following.role in ("note", "contents"):
        return False
    return (numbered and len(text) <= _LONGEST) or is_heading_like(text)


def _set_levels(headings: Sequence[Group]) -> None:
    looks = [_look(group) for group in headings]
    depths: dict[Look, Counter[int]] = {}
    for group, look in zip(headings, looks, strict=True):
        depths.setdefault(look, Counter())[number_depth(text_of(group))] += 1
    looks = [(*look[:3], _depth(group, depths[look])) for group, look in zip(headings, looks, strict=True)]
    votes: dict[Look, Counter[int]] = {}
    for group, look in zip(headings, looks, strict=True):
        if group.level:
            votes.setdefault(look, Counter())[group.level] += 1
    levels = _ranked(looks, votes)
    for group, look in zip(headings, looks, strict=True):
        group.level = min(1 + (group.level or levels[look]), _DEEPEST + 2)


def _look(group: Group) -> Look:
    size = round(min(line.size for line in group.lines) * 2) / 2
    return size, all(line.bold for line in group.lines), is_capitals(text_of(group)), 0


def _depth(group: Group, depths: Counter[int]) -> int:
    """Return the depth of a heading's number where one look is used for several."""
    numbered = [depth for depth in depths if depth]
    return (number_depth(text_of(group)) or min(numbered)) if len(numbered) > 1 else 0


def _ranked(looks: Iterable[Look], votes: Mapping[Look, Counter[int]]) -> dict[Look, int]:
    """Rank looks from the largest; where the file tells the level of some, the others go between them."""
    levels: dict[Look, int] = {}
    last = 0
    ordered = sorted(set(looks), key=lambda look: (-look[0], -look[1], -look[2], look[3]))
    for place, look in enumerate(ordered):
        if look in votes:
            last = votes[look].most_common(1)[0][0]
        elif votes and not any(above in votes for above in ordered[:place]):
            last = 0  # larger than all that the file tells about: a title
        else:
            last += 1
        levels[look] = last
    return levels
