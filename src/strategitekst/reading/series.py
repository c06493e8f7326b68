"""How headings that nothing marks lie within each other: by their numbers, by what follows them, by what they share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

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
_SHARED = 2
"""Words at the start that headings of one kind share: "Det vil vi med …"."""


class Kind(NamedTuple):
    """What is known of a heading.

    Attributes:
        text: What it says.
        depth: How deep its number is, 0 without.
        over_heading: Another heading follows it, with no text between.
        gap: Empty lines before it.
    """

    text: str
    depth: int = 0
    over_heading: bool = False
    gap: int = 1


def series_words(texts: Sequence[str]) -> frozenset[str]:
    """Find the words that chapters are counted with; ``#`` for numbers without a full stop behind.

    Example:
        >>> sorted(series_words(["Forord", "Kapitel 1. Akut", "Kapitel 2. Psykiatri", "Mål 3"]))
        ['kapitel']
    """
    found: dict[str, set[str]] = {}
    for text in texts:
        match = _SERIES.match(text)
        if match:
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
    result: list[int] = []
    chapter = 0
    parted = False
    for place, (each, family) in enumerate(zip(headings, families, strict=True)):
        if family:
            chapter = levels[family] + bool(hosted)
            result.append(chapter)
            continue
        adjacent = place > 0 and headings[place - 1].over_heading and bool(families[place - 1])
        ends = place > last and not adjacent and (not parted or _shape(each) in _FRAME)
        if ends:
            chapter = 0
        parted = parted or (chapter > 0 and not inner)
        result.append(next(free) if inner else chapter + 1)
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
    letter, match = _LETTER.match(heading.text), _SERIES.match(heading.text)
    if letter is not None:
        return "#2" if letter[2] else "#1"
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
    openers = [place for place, each in enumerate(headings) if each.over_heading]
    starts = {_start(headings[place]) for place in openers} - {""}
    result: list[int] = []
    inside = False
    for place, each in enumerate(headings):
        opens = each.over_heading or _shape(each) in _FRAME or _start(each) in starts
        closes = inside and place > 0 and each.gap > headings[place - 1].gap and not headings[place - 1].over_heading
        if place and headings[place - 1].over_heading and inside:
            result.append(2)
            continue
        full = len(openers) == 1 and place - openers[0] > _MOST_PARTS
        if opens or closes or full:
            inside = each.over_heading
        result.append(2 if inside and not each.over_heading else 1)
    return result


def _shape(heading: Kind) -> str:
    return heading.text.casefold().strip(" :.")


def _start(heading: Kind) -> str:
    words = heading.text.casefold().split()
    return " ".join(words[:_SHARED]) if len(words) > _SHARED else ""
