"""The rule data of this package: word lists in TOML, and how they become patterns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any


@cache
def load_rules(name: str) -> dict[str, Any]:
    """Read one rule file of the package.

    Args:
        name: The file's name in ``language/data`` without its ending.

    Returns:
        What the file holds. It is shared between callers: read it, never change it.

    Example:
        >>> load_rules("numerals")["cardinals"]["tolv"]
        12
    """
    return tomllib.loads((files(__package__) / "data" / f"{name}.toml").read_text(encoding="utf-8"))


def alternatives(words: Iterable[str]) -> str:
    """Write words as one regular expression, longest first, with any white space between their parts.

    Args:
        words: Words or phrases as they are written.

    Returns:
        A group that captures nothing.

    Example:
        >>> alternatives(["i", "i løbet af"])
        '(?:i\\\\s+løbet\\\\s+af|i)'
    """
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(r"\s+".join(map(re.escape, word.split())) for word in ordered) + ")"


def first_letters(words: Iterable[str]) -> str:
    """Give the letters that some words begin with, small and each once, for a class of characters.

    A pattern of many alternatives that begins by asking for one of them tries the alternatives at few places.

    Example:
        >>> first_letters(["to", "tre", "En"])
        'et'
    """
    return "".join(sorted({word[0].lower() for word in words}))


def last_words(phrases: Iterable[str]) -> tuple[str, ...]:
    """Give the words that some phrases end with, in small letters and each once.

    Example:
        >>> last_words(["sammen med", "i regi af", "Med"])
        ('med', 'af')
    """
    return tuple(dict.fromkeys(phrase.split()[-1].lower() for phrase in phrases))


_ODD = {"İ": "i", "ı": "i", "ſ": "s"}
"""What ``re.IGNORECASE`` takes for a letter of ours, though its small letter is another or none."""

_CAPITALS = re.compile(r"(\\.|\(\?P[<=][^>)]*[>)])|([A-ZÀ-ÖØ-Þ]+)")


@lru_cache(maxsize=64)
def fold(text: str) -> str:
    """Write a text in small letters, character by character, so that every place in it stays what it is.

    Args:
        text: Any text.

    Returns:
        A text of the same length, for patterns of ``compile_folded``.

    Example:
        >>> fold("Fra 1. JULI på Ærø")
        'fra 1. juli på ærø'
    """
    folded = text.lower()
    if len(folded) == len(text) and not any(letter in text for letter in _ODD):
        return folded
    return "".join(_ODD.get(letter) or (letter.lower() if len(letter.lower()) == 1 else letter) for letter in text)


def compile_folded(pattern: str) -> re.Pattern[str]:
    """Compile a pattern for text that ``fold`` has written in small letters.

    It finds there what the pattern finds with ``re.IGNORECASE`` in the text itself, three times as fast: the engine
    skips an alternative by its first letter only where case counts.

    Args:
        pattern: A pattern, with letters of any case.

    Example:
        >>> compile_folded("(?:DKK|Kr[.])(?P<Sum>)").pattern
        '(?:dkk|kr[.])(?P<Sum>)'
    """
    return re.compile(_CAPITALS.sub(lambda match: match[1] or match[2].lower(), pattern))
