"""The rule data of this package: word lists in TOML, and how they become patterns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
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
