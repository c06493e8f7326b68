"""What an anchor is: a piece of text that makes a paragraph concrete, with its offsets and its meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from strategitekst.language.tokenization import inner_abbreviations

AnchorKind = Literal["actor", "deadline", "quantity", "budget"]
ANCHOR_KINDS: tuple[AnchorKind, ...] = ("actor", "deadline", "quantity", "budget")
CONCRETE_KINDS: tuple[AnchorKind, ...] = ("deadline", "quantity", "budget")
"""Anchors that an initiative or a target can be held to, by the codebook's section 4."""


@dataclass(frozen=True, slots=True)
class Period:
    """The time that a deadline names.

    Attributes:
        start: First day as ISO date, or None where the text leaves it open.
        end: Last day as ISO date, or None where the text leaves it open.
    """

    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """What a quantity counts.

    Attributes:
        numbers: The numbers as written, shares such as "halvdelen" as 0–1, "70 pct." as 70.
        unit: What is counted, as written: a noun, "pct.", or empty where the text does not say it.
    """

    numbers: tuple[float, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money.

    Attributes:
        kroner: The sum; of a range, the upper end. Sums in other currencies stand as written.
        yearly: Whether the text says that it is a sum a year.
    """

    kroner: float
    yearly: bool = False


@dataclass(frozen=True, slots=True)
class Anchor:
    """A piece of text that makes a paragraph concrete.

    Attributes:
        kind: ``actor``, ``deadline``, ``quantity`` or ``budget``.
        text: The words found; equal to ``text[start:end]`` of the paragraph.
        start: Offset of the first character.
        end: Offset after the last character.
        value: What it means: a ``Period``, ``Count`` or ``Amount``; None for an actor.
    """

    kind: AnchorKind
    text: str
    start: int
    end: int
    value: Period | Count | Amount | None = None


_YEAR_LENGTH = 4

Interval = tuple[int, int]
"""Offsets of the first character and after the last one."""


def overlaps(start: int, end: int, intervals: Iterable[Interval]) -> bool:
    """Tell whether a piece of text shares a character with any of some intervals.

    Example:
        >>> overlaps(2, 4, [(3, 5)]), overlaps(2, 3, [(3, 5)])
        (True, False)
    """
    return any(start < other_end and other_start < end for other_start, other_end in intervals)


_SENTENCE_END = re.compile(r"[.!?](?<=\S[.!?])['\"”»)]?\s+(?=[\"”»(]?[A-ZÆØÅ\d])")


@lru_cache(maxsize=64)
def split_sentences(text: str) -> tuple[Interval, ...]:
    """Cut a paragraph into sentences by punctuation alone, so that anchors are the same with every pipeline.

    Args:
        text: A paragraph.

    Returns:
        The sentences in reading order; together they cover the text.

    Example:
        >>> text = "Jf. aftalen koster det 5 mio. kr. Movia betaler."
        >>> [text[start:end] for start, end in split_sentences(text)]
        ['Jf. aftalen koster det 5 mio. kr. ', 'Movia betaler.']
    """
    found = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        word = text[: match.start()].rsplit(None, 1)[-1]
        if (
            len(word) > 1
            and f"{word}." not in inner_abbreviations()
            and not (word.isdigit() and len(word) < _YEAR_LENGTH)
        ):
            found.append((start, match.end()))
            start = match.end()
    return (*found, (start, len(text)))
