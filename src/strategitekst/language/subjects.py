"""Subjects of verbs that only persons and organisations can do: they act, whatever they are called.

No word list knows every unit: "Vagtplanlæggerne afprøver", "I 2026 opretter Dagkirurgien". What stands before such a
verb, or behind it where something else opens the sentence, is the one who does it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from strategitekst.language.numerals import NUMBER
from strategitekst.language.rules import alternatives, load_rules
from strategitekst.language.spans import Interval, split_sentences
from strategitekst.language.verbs import is_active, is_passive

_RULES: dict[str, list[str]] = load_rules("actor")
_WHO: dict[str, list[str]] = load_rules("subject")

_WORD = re.compile(r"[\w][\w&/'’.-]*[\w]|\w")
_CLAUSE_END = re.compile(r"[,;:()–?!\"“”»«]|(?<![\wæøå])(?:og|men|at|eller|samt)(?![\wæøå])")
_BEGINS_CLAUSE = re.compile(rf"\s{alternatives(_WHO['subordinators'] + _WHO['relatives'])}\s")
_LISTS = re.compile(r",|og|samt|eller")
_DEEDS = frozenset(_WHO["deeds"])
_WORK = frozenset(_WHO["work"])
_ROLES = tuple(_RULES["plurals"] + _RULES["bodies"] + _RULES["persons"])
_DONE = frozenset(f"{word[:-2]}{ending}" for word in _DEEDS for ending in ("et", "t"))
_INFINITIVES = frozenset(_infinitive for word in _DEEDS if (_infinitive := word.removesuffix("r")))
_MODALS = frozenset(_WHO["duties"])
_PERHAPS_DEEDS = _DEEDS | _WORK | _MODALS | {"har"}
_STATES = frozenset(_RULES["states"] + _RULES["modals"])
_BREAKS = frozenset(_WHO["prepositions"])
_ADVERBS = frozenset(_WHO["adverbs"])
_DETERMINERS = frozenset(_WHO["determiners"])
_SUBORDINATORS = frozenset(_WHO["subordinators"])
_RELATIVES = frozenset(_WHO["relatives"])
_NOBODY = frozenset(_WHO["nobody"]).union(_RULES["own_subjects"])
_TIMES = frozenset(_WHO["times"])
_ABSTRACT = tuple(_WHO["abstract"])
_UNITS = tuple(_WHO["units"])
_THINGS = tuple(_WHO["things"])
_OPENINGS = frozenset(_RULES["adverbials"]) - _DETERMINERS
_ARTICLES = ("en", "et", "ne", "forvaltning", "afdeling")
_MODAL_REACH = 6
_SHORTEST_LOWER = 2
_OBJECT = re.compile(
    rf"^\s(?!\d+\.|{alternatives(_WHO['prepositions'] + _WHO['adverbs'] + ['den', 'døgnet'])}(?!\w))[\wæøå]"
    rf"|(?<![\wæøå])(?!{alternatives(_WHO['prepositions'])}\s|kl|uge)[\wæøå.]+\s(?:en|et|flere|nye|ny|(?!(?:19|20)\d\d\s){NUMBER})\s(?!{alternatives(_WHO['times'])}(?!\w))[a-zæøå]",
    re.IGNORECASE,
)


def find_subjects(text: str) -> Iterator[Interval]:
    """Find who does what only persons and organisations do.

    Args:
        text: A paragraph.

    Yields:
        Offsets of the noun phrases, without what follows their noun; words for the plan's owner may be among them.

    Example:
        >>> text = "Vagtplanlæggerne på medicinsk afsnit afprøver i 2025 et bookingsystem."
        >>> [text[start:end] for start, end in find_subjects(text)]
        ['Vagtplanlæggerne']
    """
    for begin, end in split_sentences(text):
        words = list(_WORD.finditer(text, begin, end))
        for position, word in enumerate(words):
            if word[0] in _PERHAPS_DEEDS and _is_deed(text, words, position):
                phrase = _subject(text, words, position, begin)
                if not phrase or not _somebody(phrase[-1][0]):
                    continue
                if word[0] in _WORK and not phrase[-1][0].lower().endswith(_ROLES):
                    continue
                if word[0] != "åbner" or has_object(text[max(word.end(), phrase[-1].end()) : end]):
                    yield phrase[0].start(), phrase[-1].end()


def has_object(rest: str) -> bool:
    """Tell whether something is opened, rather than that it opens.

    Args:
        rest: What follows "åbner", or follows the subject behind it.

    Returns:
        Whether a noun phrase stands there that no preposition leads in.

    Example:
        >>> has_object(" i marts 2025 to klinikker."), has_object(" i marts 2025 med to læger.")
        (True, False)
    """
    return bool(_OBJECT.search(re.split(r"[,;](?=\s|$)|(?<=[a-zæøå]{4})\.(?=\s|$)", rest)[0]))


def _is_deed(text: str, words: list[re.Match[str]], position: int) -> bool:
    word = words[position][0]
    if word in _DEEDS or word in _WORK:
        return True
    if word not in _MODALS and word != "har":
        return False
    for later in words[position + 1 : position + 1 + _MODAL_REACH]:
        if "," in text[words[position].end() : later.start()] or later[0] in _RULES["states"]:
            return False
        if later[0] in (_DONE if word == "har" else _INFINITIVES):
            return True
    return False


def _subject(text: str, words: list[re.Match[str]], position: int, begin: int) -> list[re.Match[str]]:
    verb = words[position].start()
    clause = begin
    for stop in _CLAUSE_END.finditer(text, begin, verb):
        # What stands between commas without a verb is a list of places or of those who act.
        if (
            not _LISTS.match(stop[0])
            or _has_verb(text[clause : stop.start()])
            or _BEGINS_CLAUSE.match(text, stop.end())
        ):
            clause = stop.end()
    before = [word for word in words[:position] if word.start() >= clause]
    while before and before[0][0].lower() in _SUBORDINATORS:
        before = before[1:]
    fronted = before[0][0].lower() if before else words[0][0].lower()
    if before and before[0][0].lower() in _RELATIVES:
        return []
    if before and not _is_adverbial(before):
        return _noun_phrase(before, text)
    # "Når aftalen er på plads, opretter Movia": a clause in front, then the verb.
    if not before and not (text[:verb].rstrip().endswith(",") and fronted in _WHO["clause_openers"]):
        return []
    following = words[position + 1 : position + 9]
    while following and following[0][0].lower() in _ADVERBS:
        following = following[1:]
    phrase = _noun_phrase(following, text)
    definite = phrase and (
        phrase[-1][0].lower().endswith(_ARTICLES + _ROLES)
        or phrase[-1][0][0].isupper()
        or phrase[0][0].lower() in _DETERMINERS
    )
    return phrase if definite else []


def _has_verb(text: str) -> bool:
    return any(is_active(word) or is_passive(word) for word in _WORD.findall(text) if word.islower())


def _is_adverbial(words: list[re.Match[str]]) -> bool:
    """Tell whether a clause opens with a time, a place or a manner rather than its subject."""
    first = words[0][0].lower()
    if first in _OPENINGS or first in _BREAKS or first in _ADVERBS:
        return True
    if first in _DETERMINERS or first[0].isdigit():
        return any(word[0].lower() in _TIMES for word in words[1:3]) or (len(words) > 1 and words[1][0][0].isdigit())
    return first in _TIMES


def _noun_phrase(words: list[re.Match[str]], text: str) -> list[re.Match[str]]:
    """Take the determiner, adjectives and noun that some words begin with."""
    phrase: list[re.Match[str]] = []
    determined = False
    for word, following in pairwise([*words, None]):
        assert word is not None  # noqa: S101
        lower = word[0].lower()
        if lower == "af" and len(phrase) == 1 and (phrase[0][0].isdigit() or phrase[0][0].lower() in _DETERMINERS):
            phrase.append(word)
            continue
        if lower in _BREAKS or lower in _ADVERBS or lower in ("og", "der", "som", "selv"):
            break
        if phrase and (lower[0].isdigit() or "," in text[phrase[-1].end() : word.start()]):
            break
        modifies = lower in _DETERMINERS or lower[0].isdigit() or lower.endswith("s")
        named = word[0][0].isupper() and following is not None and following[0][0].isupper()
        described = (
            (determined or not phrase)
            and following is not None
            and following[0] not in _BREAKS
            and _is_adjective(lower, first=not phrase)
        )
        determined = determined or modifies or described
        phrase.append(word)
        if not (modifies or named or described):
            break
    return phrase


def _is_adjective(word: str, *, first: bool) -> bool:
    """Tell an adjective by its ending; without a determiner before it, only the plural has one that tells."""
    return word.endswith(("e",) if first else ("e", "t", "ig", "sk")) and not word.endswith(("ne", "ere"))


def is_thing(word: str) -> bool:
    """Tell whether a noun is a plan, a vehicle, an abstract or someone that a plan is for, and so does nothing for it.

    Example:
        >>> is_thing("Forsøget"), is_thing("elbussen"), is_thing("kortlægningen"), is_thing("Vækstafdelingen")
        (True, True, True, False)
    """
    lower = word.lower()
    abstract = lower.removesuffix("en").removesuffix("n").endswith(_ABSTRACT) and not lower.endswith(_UNITS)
    return lower in _NOBODY or lower.endswith(_THINGS) or abstract


def _somebody(head: str) -> bool:
    lower = head.lower()
    known = (_NOBODY, _DETERMINERS, _ADVERBS, _TIMES, _MODALS, _STATES)
    return (
        (len(lower) > _SHORTEST_LOWER or head[0].isupper())
        and len(lower) > 1
        and not lower[0].isdigit()
        and not any(lower in words for words in known)
        and not is_thing(lower)
    )
