"""Danish lemmas from a table of word endings, one part of speech at a time.

The table maps endings to edits ("cut two characters, add e"); a word's longest ending decides. Whole words stand in it
as endings too, so forms that were known when it was built get the lemma that they had then, and unseen compounds are
treated as their last part is.
"""

from __future__ import annotations

from collections.abc import Mapping

START = "^"
"""Marks the beginning of a word in an ending that is a whole word."""

DEFAULT = "X"
"""The part of speech whose endings hold for the parts of speech that have none of their own."""

Edit = tuple[int, str]
"""How many characters to cut off the end, and what to put there instead."""

Endings = Mapping[str, Mapping[str, Edit]]
"""From part of speech to ending to edit."""

_SHORTEST_SHOUTED = 5  # ODENSE is a name in capitals, DSB an abbreviation


def lemma_of(word: str, upos: str, genitive: bool, endings: Endings) -> str:
    """Give the lemma of a word.

    Args:
        word: The word as written.
        upos: Its universal part of speech.
        genitive: Whether its place is that of a genitive; only proper nouns ask.
        endings: The table of endings.

    Returns:
        The lemma: lower case, except for proper nouns, signs and foreign words.

    Example:
        >>> table = {"NOUN": {"rne": (3, ""), "^børnene": (6, "arn")}}
        >>> lemma_of("Kommunerne", "NOUN", False, table), lemma_of("Børnene", "NOUN", False, table)
        ('kommune', 'barn')
        >>> lemma_of("Nakskovs", "PROPN", True, table)
        'Nakskov'
    """
    if upos in ("X", "SYM", "PUNCT", "SPACE"):
        return word
    lower = word.lower()
    table = endings.get(upos) or endings.get(DEFAULT, {})
    if upos == "PROPN":
        name = word.capitalize() if word.isupper() and len(word) >= _SHORTEST_SHOUTED else word
        return _without_genitive(name) if genitive and START + lower not in table else name
    # "FN-styrken" and "Volvo-motoren" keep their capitals; those of "Styrken" and "STYRKEN" come from the text.
    shown = word if (word[1:] != lower[1:] or "-" in word) and not word.isupper() else lower
    marked = START + lower
    for start in range(len(marked) + 1):
        edit = table.get(marked[start:])
        if edit is not None:
            cut, added = edit
            return shown[: len(shown) - cut] + added
    return shown


def _without_genitive(name: str) -> str:
    for ending in ("'s", "’s", "'", "’", "s"):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name[: -len(ending)]
    return name
