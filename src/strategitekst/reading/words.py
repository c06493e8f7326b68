"""Is this a Danish word? Known forms, and compounds of known forms.

The list ships with the package (built by ``models/build_words.py``): it is far lighter at run time than a dependency
that carries the words of forty languages, and reading must work without the training extras.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources


def word_set(text: str, separator: str | None = None) -> frozenset[str]:
    """Split a run of words, or of phrases with a separator, into a set; keeps word lists in the code readable.

    Example:
        >>> sorted(word_set("og eller")), sorted(word_set("læs op|til top", "|"))
        (['eller', 'og'], ['læs op', 'til top'])
    """
    return frozenset(part.strip() for part in text.split(separator))


SHORTEST_PART = 4
"""Letters in the shortest part of a compound; shorter ones make a compound of nearly anything."""

_LONGEST_COMPOUND = 60

_SHORT_ENDS = word_set("bil bus tog hus råd tid vej job net rum mål")
"""Shorter words that end compounds all the same."""

SHORT_WORDS = word_set("i å ø nu og at af en et den det de der er om på til for fra vi jeg du man sig it ikt somme")
"""Words that the list lacks or that stand alone though one letter long."""


@cache
def _words() -> frozenset[str]:
    packed = resources.files(__package__).joinpath("words_da.txt.xz").read_bytes()
    return frozenset(lzma.decompress(packed).decode().split("\n"))


def is_listed(word: str) -> bool:
    """Say whether a form is in the list as it stands, whatever its casing.

    Example:
        >>> is_listed("Borgeren"), is_listed("videreud")
        (True, False)
    """
    word = word.lower()
    return word in SHORT_WORDS or word in _words()


def count_listed(words: Iterable[str]) -> int:
    """Count the forms that are in the list, whatever their casing; each as often as it comes.

    Example:
        >>> count_listed(["Borgeren", "videreud", "I"])
        2
    """
    listed = _words()
    return sum(word in listed or word in SHORT_WORDS for word in map(str.lower, words))


@lru_cache(maxsize=50_000)
def is_word(word: str) -> bool:
    """Say whether a form is in the list or made of forms in the list.

    Args:
        word: Letters only; casing does not matter.

    Returns:
        True for listed forms and for compounds of up to four of them, with or without a linking s or e.

    Example:
        >>> [is_word(word) for word in ("kerneopgaven", "videndeling", "kerneop", "mæssige")]
        [True, True, False, False]
    """
    word = word.lower()
    return is_listed(word) or (len(word) <= _LONGEST_COMPOUND and _is_compound(word, parts=4))


def _is_compound(word: str, parts: int) -> bool:
    for cut in range(SHORTEST_PART, len(word) - 2):
        head, tail = word[:cut], word[cut:]
        if not (is_listed(head) or (head[-1] in "se" and len(head) > SHORTEST_PART and is_listed(head[:-1]))):
            continue
        if (
            tail in _SHORT_ENDS
            or (len(tail) >= SHORTEST_PART and is_listed(tail))
            or (parts > 2 and _is_compound(tail, parts - 1))
        ):
            return True
    return False
