"""How headings that nothing marks lie within each other: by their numbers, by what follows them, by what they share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from strategitekst.reading.shape import is_section
from strategitekst.reading.words import word_set

_SERIES = re.compile(r"([^\W\d_]{3,}) (?:(\d{1,2}(?:\.\d{1,2})*|[IVX]{1,4})\b|([A-Z])(?=[.:]|$))")
_LETTER = re.compile(r"(?:[A-Z]|[IVX]{2,4})\.(\s+|(\d{1,2})\s+)(?=[^\W\d_])")
_PLAIN_NUMBER, _FEWEST_NUMBERS = re.compile(r"(\d{1,2}) (?=[A-ZÆØÅ])"), 3
_STEM = 5
"""Letters that the name of a list and of its parts begin with: "Principper" and "Princip 1"."""
_FRAME = word_set(
    "indstilling|politisk behandling|sagsfremstilling|inddragelse|høring|økonomi|kommunikation|videre proces|bilag"
    "|kontakt|lovgrundlag|konklusion|opfølgning|opfølgning og evaluering|evaluering|afslutning|til sidst"
    "|det videre arbejde|ordliste|kilder|tidsplan|den videre proces|organisering|afrunding|baggrund|indledning"
    "|resumé|resume|forord",
    "|",
)
"""Headings that are sections of a document of their own, and no part of the section before them."""
_MOST_PARTS = 4
"""Parts of the only section that has any, at the most: what comes behind them is another section."""
_CASE = "sagsfremstilling"
"""The heading under which the case of a committee is told; what follows is part of it until a section of the frame."""
_RANGE = re.compile(r"([^\W\d_]{3,}) \d{1,3} ?[-–] ?\d{1,3}\b")
_LABEL = re.compile(r"([^\W\d_]{3,}): \S")
_OFTEN = 0.5
"""Share of a family's chapters above which a heading that comes again in them lies right under that family."""
_SHARED = 2
"""Words at the start that headings of one kind share: "Det vil vi med …"."""


class Kind(NamedTuple):
    """What is known of a heading.

    Attributes:
        text: What it says.
        depth: How deep its number is, 0 without.
        over_heading: Another heading follows it, with no text between.
        gap: Empty lines before it.
        parts: How many parts it announces: "Fire spor"; 0 if none.
    """

    text: str
    depth: int = 0
    over_heading: bool = False
    gap: int = 1
    parts: int = 0


def series_words(texts: Sequence[str]) -> frozenset[str]:
    """Find the words that chapters are counted with; ``#`` for numbers without a full stop behind.

    Example:
        >>> sorted(series_words(["Forord", "Kapitel 1. Akut", "Kapitel 2. Psykiatri", "Mål 3"]))
        ['kapitel']
    """
    found: dict[str, set[str]] = {}
    for text in texts:
        match, label = _SERIES.match(text), _LABEL.match(text)
        if label:
            found.setdefault(f"{label[1].casefold()}:", set()).add(text)
        elif match:
            found.setdefault(match[1].casefold(), set()).add(match[2] or match[3])
    plain = [int(match[1]) for text in texts if (match := _PLAIN_NUMBER.match(text))]
    counted = len(plain) >= _FEWEST_NUMBERS and plain == list(range(plain[0], plain[0] + len(plain)))
    return frozenset([*(word for word, numbers in found.items() if len(numbers) > 1), *(["#"] if counted else [])])


def nested(headings: Sequence[Kind], words: frozenset[str]) -> list[int]:
    """Say how deep each heading lies, from 1.

    Args:
        headings: Those below the title, in reading order.
        words: What chapters are counted with.

    Example:
        >>> nested([Kind("Forord"), Kind("Del 1", 0, True), Kind("1.1 Bil", 2), Kind("Del 2")], frozenset(["del"]))
        [1, 1, 2, 1]
    """
    families = [_family(each, words) for each in headings]
    levels = _levels(families, headings)
    if not levels:
        return _by_sections(headings)
    last = max(place for place, family in enumerate(families) if family)
    hosted = _hosted(families, headings)
    inner = hosted == {family for family in families if family}
    free = iter(_by_sections(_without_numbers(headings, families)) if inner else [])
    again = _recurring(headings, families, levels)
    announced = _announced(headings, families)
    result: list[int] = []
    chapter = recurring = 0
    parted = False
    for place, (each, family) in enumerate(zip(headings, families, strict=True)):
        if family:
            chapter, recurring = levels[family] + bool(hosted), 0
            result.append(chapter)
            continue
        adjacent = place > 0 and headings[place - 1].over_heading and bool(families[place - 1])
        ends = place > last and not adjacent and (not parted or _shape(each) in _FRAME)
        if ends:
            chapter = recurring = 0
        parted = parted or (chapter > 0 and not inner)
        if inner:
            result.append(next(free))
        elif chapter and _shape(each) in again:
            recurring = again[_shape(each)] + bool(hosted) + 1
            result.append(recurring)
        else:
            result.append((recurring or chapter) + 1 + announced[place])
    return result


def _recurring(headings: Sequence[Kind], families: Sequence[str], levels: dict[str, int]) -> dict[str, int]:
    """Find the headings that come again in chapter after chapter, and the level of the chapters they belong to."""
    found: dict[str, int] = {}
    counts = Counter(_shape(each) for each, family in zip(headings, families, strict=True) if not family)
    for shape in (shape for shape, count in counts.items() if count > 1):
        holding: dict[str, set[int]] = {family: set() for family in levels}
        open_: dict[str, int] = {}
        for place, (each, family) in enumerate(zip(headings, families, strict=True)):
            if family:
                open_ = {other: start for other, start in open_.items() if levels[other] < levels[family]}
                open_[family] = place
            elif _shape(each) == shape:
                for other, start in open_.items():
                    holding[other].add(start)
        homes = [levels[family] for family, starts in holding.items() if len(starts) > _OFTEN * families.count(family)]
        if homes:
            found[shape] = max(homes)
    return found


def _announced(headings: Sequence[Kind], families: Sequence[str]) -> list[int]:
    """Say with 1 which headings are parts of one that announces them, "Fire spor", or of the case of a committee."""
    result: list[int] = []
    left, in_a_case = 0, False
    for place, (each, family) in enumerate(zip(headings, families, strict=True)):
        if family or _shape(each) in _FRAME:
            left, in_a_case = 0, _shape(each) == _CASE
            result.append(0)
            continue
        result.append(int(left > 0 or in_a_case))
        left = max(left - 1, 0)
        following = [*families[place + 1 :], "end"]
        free = next(count for count, other in enumerate(following) if other)
        if each.parts and not left and not in_a_case and free >= each.parts:
            left = each.parts
    return result


def _without_numbers(headings: Sequence[Kind], families: Sequence[str]) -> list[Kind]:
    """Return the headings that are not counted; only another one of them makes the one above it open a section."""
    following = [*families[1:], ""]
    pairs = [(each, after) for each, own, after in zip(headings, families, following, strict=True) if not own]
    return [each._replace(over_heading=each.over_heading and not after) for each, after in pairs]


def _family(heading: Kind, words: frozenset[str]) -> str:
    """Name what a heading is counted with: ``#2`` for numbers of two levels, the word of a chapter, or nothing."""
    if heading.depth:
        return f"#{heading.depth}"
    if "#" in words and _PLAIN_NUMBER.match(heading.text):
        return "#1"
    if is_section(heading.text):
        return "§"
    letter, match, label = (each.match(heading.text) for each in (_LETTER, _SERIES, _LABEL))
    if letter is not None:
        return "#2" if letter[2] else "#1"
    if label is not None and f"{label[1].casefold()}:" in words:
        return f"{label[1].casefold()}:"
    if match is not None and _RANGE.match(heading.text) and match[1].casefold() in words:
        return f"{match[1].casefold()}-"
    return match[1].casefold() if match is not None and match[1].casefold() in words else ""


def _levels(families: Sequence[str], headings: Sequence[Kind]) -> dict[str, int]:
    """Say how deep the headings of each family lie: one that goes on behind the first of another lies above it."""
    levels: dict[str, int] = {}
    for place, family in enumerate(families):
        if not family or family in levels:
            continue
        over = place > 0 and headings[place - 1].over_heading
        above = [
            level
            for other, level in levels.items()
            if (
                other < family
                if other[0] == family[0] == "#"
                else other in families[place:] or (over and families[place - 1] == other)
            )
        ]
        levels[family] = 1 + max(above, default=0)
    return levels


def _hosted(families: Sequence[str], headings: Sequence[Kind]) -> set[str]:
    """Find the families of which all lie under headings that are not counted: "Principper" above "Princip 1"."""
    found = set()
    for place in range(1, len(families)):
        family, host = families[place], headings[place - 1]
        if family and not families[place - 1] and family not in families[:place]:
            named = host.text.casefold().startswith(family[:_STEM])
            if host.over_heading or named:
                found.add(family)
    for family in set(families) - found - {""}:
        first = families.index(family)
        before = families[first - 1] if first else family
        if not found or (before and not (before in found and family[0] == "#")):
            return set()
        found.add(family)
    return found


def _by_sections(headings: Sequence[Kind]) -> list[int]:
    """Nest headings without numbers: one that another follows at once opens a section, and its like open others."""
    again = _in_rounds(headings)
    above_again = [not own and after for own, after in zip(again, [*again, False][1:], strict=True)]
    openers = [place for place, each in enumerate(headings) if each.over_heading or above_again[place]]
    starts = {_start(headings[place]) for place in openers} - {""}
    announced = _announced(headings, [""] * len(headings))
    result: list[int] = []
    inside = False
    for place, each in enumerate(headings):
        over = each.over_heading or above_again[place]
        opens = over or _shape(each) in _FRAME or _start(each) in starts
        closes = inside and place > 0 and each.gap > headings[place - 1].gap and not headings[place - 1].over_heading
        if place and headings[place - 1].over_heading and inside:
            result.append(2)
            continue
        full = len(openers) == 1 and place - openers[0] > _MOST_PARTS
        if again[place] and inside:
            result.append(2)
            continue
        if opens or closes or full:
            inside = over
        result.append(2 if (inside and not over) or (announced[place] and not opens) else 1)
    return result


def _in_rounds(headings: Sequence[Kind]) -> list[bool]:
    """Find headings that come again in the same order: "Situationen", "Mål" in one section after another."""
    shapes = [_shape(each) for each in headings]
    pairs = Counter(pairwise(shapes))
    found = [False] * len(shapes)
    for place, pair in enumerate(pairwise(shapes)):
        if pairs[pair] > 1 and pair[0] != pair[1]:
            found[place] = found[place + 1] = True
    return found


def _shape(heading: Kind) -> str:
    return heading.text.casefold().strip(" :.")


def _start(heading: Kind) -> str:
    words = heading.text.casefold().split()
    return " ".join(words[:_SHARED]) if len(words) > _SHARED else ""
