"""Where sentences start: what the statistical splitter guesses, corrected by what punctuation makes certain.

The splitter learned from news, where headlines have no full stop and abbreviations are few. The rules here decide what
does not need learning: nothing starts inside "jf. § 3, stk. 2", and after a full stop and a space a capital starts a
sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from strategitekst.language.rules import load_rules
from strategitekst.language.tokenization import final_abbreviations, inner_abbreviations

_TERMINAL = re.compile(r"[.!?…]$")
_CLOSING = frozenset({")", "]", "}", "»", "”", "’"})
_OPENING = frozenset({"(", "[", "{", "«", "„", "“", "‘", "-", "–", "—", "•"})
_STRAIGHT = frozenset({'"', "'", "''", "``"})
_NUMBERED = re.compile(r"\d{1,3}\.$")
_ORDINAL = re.compile(r"\d\.$")
_SMALL_PREFIX = re.compile(r"[ei]-?[A-ZÆØÅ]")  # e-Boks, iPad; but no kWh
_WORD = re.compile(r"[a-zæøå]+\.$")
_INITIAL = re.compile(r"[A-ZÆØÅ]\.$")
_AFTER_TOWN = frozenset(
    {"Sygehus", "Station", "Havn", "Kommune", "Gymnasium", "Katedralskole", "Hospital", "Svømmehal", "Teater"}
)
_NUMBERED_BY = frozenset({"§", "Stk.", "Nr.", "Pkt."})
_BRACKETS = frozenset({")", "]", "}"})
_OPENING_BRACKETS = frozenset({"(", "[", "{"})
_CURRENCIES = frozenset({"DKK", "EUR", "SEK", "NOK", "USD", "Euro", "Kr.", "Kroner"})


@cache
def _after_ordinals() -> frozenset[str]:
    return frozenset(load_rules("abbreviations")["after_ordinals"])


@cache
def _starters() -> frozenset[str]:
    return frozenset(load_rules("abbreviations")["starters"])


def sentence_starts(words: Sequence[str], spaces: Sequence[bool], guesses: Sequence[bool]) -> list[bool]:
    """Say which tokens start a sentence.

    Args:
        words: The tokens of a paragraph.
        spaces: Whether a space follows the token.
        guesses: What the statistical splitter says of each token.

    Returns:
        Whether a token starts a sentence, for each token; the first always does.

    Example:
        >>> words = "Det koster 5 mio. kr. Regionen betaler , jf. Aftale 2 .".split()
        >>> starts = sentence_starts(words, [True] * len(words), [False] * len(words))
        >>> [word for word, start in zip(words, starts) if start]
        ['Det', 'Regionen']
    """
    closing = _closing_quotes(words, spaces)
    starts: list[bool] = []
    for index, guess in enumerate(guesses):
        decided = index == 0 or _decide(index, words, spaces, closing, starts)
        starts.append(guess if decided is None else decided)
    return starts


def certain_starts(words: Sequence[str], spaces: Sequence[bool]) -> list[bool] | None:
    """Say which tokens start a sentence, where that is certain whatever a statistical splitter would guess.

    Args:
        words: The tokens of a paragraph.
        spaces: Whether a space follows the token.

    Returns:
        Whether a token starts a sentence, for each token; None where a guess would decide one of them.

    Example:
        >>> certain_starts(["Vi", "bygger", ".", "Movia", "kører", "."], [True, False, True, True, False, False])
        [True, False, False, True, False, False]
        >>> certain_starts(["Mål", "og", "midler", "Vi", "bygger"], [True] * 5) is None
        True
    """
    closing = _closing_quotes(words, spaces)
    starts: list[bool] = []
    for index in range(len(words)):
        decided = index == 0 or _decide(index, words, spaces, closing, starts)
        if decided is None:
            return None
        starts.append(decided)
    return starts


def _closing_quotes(words: Sequence[str], spaces: Sequence[bool]) -> list[bool]:
    """Tell straight quotes that close from those that open: by the spaces around them, or else by counting."""
    closing: list[bool] = []
    opened = False
    for index, word in enumerate(words):
        closes = word in _CLOSING
        if word in _STRAIGHT:
            before = index == 0 or spaces[index - 1]
            closes = opened if before == spaces[index] else not before
            opened = not closes
        closing.append(closes)
    return closing


def _decide(
    index: int, words: Sequence[str], spaces: Sequence[bool], closing: Sequence[bool], starts: Sequence[bool]
) -> bool | None:
    """Decide one token, or give None where the splitter's guess is to stand."""
    word, last = words[index], index - 1
    if word[0].islower() and not _SMALL_PREFIX.match(word):
        return False  # most words: none of what follows would let one in small letters start a sentence
    if closing[index] or not (word[0].isalnum() or word in _OPENING or word in _STRAIGHT or word[0] in "§'#*"):
        return False
    if words[last] in _OPENING or (words[last] in _STRAIGHT and not closing[last]):
        return False
    while last > 0 and closing[last]:
        last -= 1
    end = words[last]
    if not spaces[index - 1] and not (end == "." and word[0].isupper()):
        return False
    if not _starts_upper(index, words):
        return False
    if not _TERMINAL.search(end):
        ended = end[-1].isalnum() or last < index - 1
        return None if ended and (not word[0].isalnum() or word.lower() in _starters()) else False
    return _after_stop(index, last, words, starts)


def _starts_upper(index: int, words: Sequence[str]) -> bool:
    """Tell whether a token can be the first of a sentence: a capital, a number, or a sign in front of one."""
    for word in words[index : index + 3]:
        if word[0].isalnum():
            return not word[0].islower() or bool(_SMALL_PREFIX.match(word))
        if word[0] in "§#'":
            return True
    return False


def _after_stop(index: int, last: int, words: Sequence[str], starts: Sequence[bool]) -> bool | None:
    """Decide a token that could start a sentence, after a token that could end one."""
    word, end = words[index], words[last]
    before = words[last - 1] if last else ""
    if _INITIAL.match(end):
        # "Jens P. Jensen", "Nykøbing F. Sygehus"; but "kørsel A. Det", and a town's letter where no name goes on.
        return word.lower() in _starters() or (before == "Nykøbing" and word not in _AFTER_TOWN)
    if end == "kl." and _ORDINAL.search("".join(words[max(0, last - 2) : last])):
        return True  # "i 8. kl. Vejen": a class, no hour
    if end in inner_abbreviations() or (end == "." and _is_abbreviation(before)):
        return False
    if _NUMBERED.match(end):
        # "1. Flere får hjælp", "der er to: 1. Flere får hjælp", "Stk. 2. Regionen fastsætter"
        number_in_list = starts[last] or before == ":" or (before in _NUMBERED_BY and starts[last - 1])
        return not (number_in_list or word.lower() in _after_ordinals())
    if end in ("...", "…"):
        return None
    # "(mad, kørsel mv.) Regionen": a sentence in brackets would have its own stop after them.
    goes_on = word[0].isdigit() or word in _CURRENCIES or word in _OPENING_BRACKETS or words[index - 1] in _BRACKETS
    if end in final_abbreviations():
        return not goes_on
    if _WORD.match(end):
        # What else spaCy takes for an abbreviation is more often the last word of a sentence ("til overs.").
        return not word[0].isdigit()
    # Capitals and inner stops ("B.T.", "dr.phil.") are left to the guess.
    return None if len(end) > 1 and end[0].isalpha() else True


def _is_abbreviation(word: str) -> bool:
    return f"{word}." in inner_abbreviations() or word.lower().endswith("nr")
