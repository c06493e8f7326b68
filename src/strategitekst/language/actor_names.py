"""Pieces of text that could name an actor: units, bodies, organisations, roles and unknown capitalised names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from strategitekst.language.numerals import NUMBER
from strategitekst.language.rules import alternatives, load_rules
from strategitekst.language.spans import Interval, overlaps
from strategitekst.language.subjects import is_thing

_RULES: dict[str, list[str]] = load_rules("actor")
_DEFINITE = tuple(_RULES["definite"])
_GROUPS_OF_PEOPLE = tuple(_RULES["groups_of_people"])
_SCHEMES = tuple(load_rules("subject")["schemes"])
_NAME_HEADS = tuple(_RULES["name_heads"])
_WARDS = tuple(_RULES["wards"])
_LOWER_HEADS = tuple(_RULES["lower_heads"])
_BODIES = tuple(_RULES["bodies"])
_PLURALS = tuple(_RULES["plurals"])
_ORGANISATION_ENDINGS = tuple(_RULES["organisation_endings"])
_OPENING = {"der", "det", "den", "de", "vi", *_RULES["adverbials"], *_RULES["openers"]}
_NEVER = _OPENING.union(word.lower() for word in _RULES["never"])

_INFLECTED = ("en", "et", "ne")

_CAPITAL = r"[A-ZÆØÅ][\w&/'’-]*"
_BARE = re.compile(rf"(?:[A-ZÆØÅ][\wæøå]{{2,}}{alternatives(_RULES['bare_heads'])}|Koncern[a-zæøå-]\w+)")
_WORD = re.compile(r"[\w][\w&/'’-]*")
_KNOWN = re.compile(
    rf"(?<![\w-])(?:{alternatives(_RULES['organisations'])}|(?i:{alternatives(_RULES['phrases'])}))(?![\w-])"
)
_TAIL = re.compile(
    rf"\s(?:for|i|på|og|&)\s{_CAPITAL}(?:(?:,\s|\sog\s|\s){_CAPITAL})*|\s{_CAPITAL}(?:\s(?:og\s)?{_CAPITAL})*|\s[A-ZÆØÅ]\.(?=\s)"
)
_CAPITALS_BEFORE = re.compile(
    rf"(?<![\w-]){_CAPITAL}(?:\s(?:og\s|for\s|&\s)?{_CAPITAL}){{0,4}}\s(?:[A-ZÆØÅ]\.\s)?(?:og\s)?$"
)
_ARTICLE_BEFORE = re.compile(
    r"(?<!\w)(?:en|et)\s(?:[\wæøå-]+(?:e|t|isk|ig|el|al|for|tværfaglig)\s){0,2}$", re.IGNORECASE
)
_GENITIVE_BEFORE = re.compile(r"(?<!\w)[\wæøåÆØÅ'’-]{2,}(?:[^\We]s|nes|'s|’s)\s(?:(?:[\wæøå]+e|fælles)\s)?$")
_DISCIPLINE_BEFORE = re.compile(r"(?<!\w)[\w-]+sk\s$", re.IGNORECASE)
_ADJECTIVE_BEFORE = re.compile(r"(?<!\w)(?:den|det|de)\s(?:[\wæøå-]+e\s){1,3}$", re.IGNORECASE)
_THE_BEFORE = re.compile(r"(?<!\w)(?:Den|Det)\s$")
_HALF_BEFORE = re.compile(r"(?<!\w)[\w-]+-\s(?:og|eller)\s$")
_NEXT_TO_NAME = re.compile(r"\s(?:i|på|ved|og|samt|\w+(?:r|s))\s|,")
_NUMBER_BEFORE = re.compile(rf"(?<!\w){NUMBER}\s(?:[\wæøå]+e\s)?$", re.IGNORECASE)
_PARENTHESIS = re.compile(rf"(?<=\(){_CAPITAL}(?:(?:,|\sog|\s&|\si)?\s{_CAPITAL})*(?=\)\s*[.;]?\s*$)")
_UNKNOWN = re.compile(rf"(?<![\w-]){_CAPITAL}(?:\s(?:og\s|&\s)?{_CAPITAL})*(?:\s\d{{1,3}}(?=\s[a-zæøå]))?(?!\w)")


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """A piece of text that could name an actor.

    Attributes:
        start: Offset of the first character.
        end: Offset after the last character.
        known: Whether it is known to be a unit, body, organisation or role.
    """

    start: int
    end: int
    known: bool


def find_candidates(text: str, organisations: Sequence[Interval] = ()) -> list[Candidate]:
    """Find what could name an actor.

    Args:
        text: A paragraph.
        organisations: Pieces of it that a name recogniser takes for organisations.

    Returns:
        The candidates in reading order, never overlapping.

    Example:
        >>> text = "Fra 2026 samarbejder akutafdelingen i Holbæk med Movia."
        >>> [text[found.start : found.end] for found in find_candidates(text)]
        ['akutafdelingen i Holbæk', 'Movia']
    """
    found: list[Candidate] = []
    taken: list[Interval] = []
    words = [(match, form) for match in _WORD.finditer(text) if (form := _form(match[0]))]
    persons = [
        (counted.start(), match.end())
        for match, form in words
        if form.plural and (counted := _before(_NUMBER_BEFORE, text, match.start()))
    ]
    for spans, known in (
        (_bracketed(text), False),
        (_headed(text, words), True),
        (_listed(text), True),
        (_recognised(text, organisations), True),
        (persons, False),
        (_unknown(text, taken), False),
    ):
        for start, end in spans:
            if not overlaps(start, end, taken):
                found.append(Candidate(start, end, known))
                taken.append((start, end))
    return sorted(found)


def _unknown(text: str, taken: list[Interval]) -> Iterator[Interval]:
    """Find capitalised names; of one that runs into a known name ("SOSU H og Højskolen") what is before it."""
    for match in _UNKNOWN.finditer(text):
        start, end = match.span()
        before = min((known for known, _ in taken if start < known < end), default=end)
        name = text[start:before].rstrip(" &").removesuffix(" og")
        if name and _could_be_name(text, match):
            yield start, start + len(name)


def _listed(text: str) -> Iterable[Interval]:
    return [match.span() for match in _KNOWN.finditer(text)]


def _bracketed(text: str) -> Iterable[Interval]:
    """Find names in brackets at the end of a line, where lists of actions say who is responsible: "(Park og Vej)"."""
    return [match.span() for match in _PARENTHESIS.finditer(text) if not match[0].isupper()]


def _recognised(text: str, organisations: Sequence[Interval]) -> Iterable[Interval]:
    """Leave out what a recogniser trained on news mistakes: things, and words that only open their sentence."""
    for start, end in organisations:
        words = text[start:end].split()
        ordinary = (
            len(words) == 1 and opens_sentence(text, start) and words[0][1:].islower() and words[0].endswith(_INFLECTED)
        )
        if not _names_thing(words) and not ordinary and not text[start:end].islower():
            yield start, end


@dataclass(frozen=True, slots=True)
class _Form:
    """What a word looks like that ends as units, bodies or roles do."""

    plural: bool
    definite: bool
    head: bool
    body: bool
    ward: bool
    lower_head: bool
    capital: bool
    bare: bool
    organisation: bool


@lru_cache(maxsize=50_000)
def _form(word: str) -> _Form | None:
    """Look at a word once: few words come often, and few of them end as a unit does."""
    lower, capital = word.lower(), word[0].isupper()
    form = _Form(
        plural=lower.endswith(_PLURALS),
        definite=lower.endswith(_DEFINITE) and not lower.endswith(_GROUPS_OF_PEOPLE),
        head=lower.endswith(_NAME_HEADS),
        body=lower.endswith(_BODIES),
        ward=word[0].islower() and lower.endswith(_WARDS),
        lower_head=lower.endswith(_LOWER_HEADS),
        capital=capital,
        bare=bool(_BARE.fullmatch(word)),
        organisation=capital and word.endswith(_ORGANISATION_ENDINGS),
    )
    said = (form.plural, form.definite, form.head, form.body, form.ward, form.lower_head, form.bare, form.organisation)
    return form if any(said) else None


def _headed(text: str, words: Iterable[tuple[re.Match[str], _Form]]) -> Iterator[Interval]:
    """Find the words that end like a unit or role, with the names that belong to them."""
    for match, form in words:
        if form.definite:
            half = _before(_HALF_BEFORE, text, match.start())
            yield (half.start() if half else match.start()), _end(text, match.end())
        elif (form.head or form.body or form.plural) and (adjective := _before(_ADJECTIVE_BEFORE, text, match.start())):
            yield adjective.start(), _end(text, match.end())
        elif form.ward and (discipline := _before(_DISCIPLINE_BEFORE, text, match.start())):
            yield discipline.start(), _end(text, match.end())
        elif form.head and form.capital:
            start, end = _start(text, match.start()), _end(text, match.end())
            if start < match.start() or end > match.end() or form.bare:
                yield start, end
        elif form.bare:
            yield match.start(), _end(text, match.end())
        elif form.lower_head and (start := _start(text, match.start())) < match.start():
            yield start, match.end()
        elif form.organisation:
            yield _start(text, match.start()), match.end()
        elif form.body and (article := _before(_ARTICLE_BEFORE, text, match.start())):
            yield article.start(), match.end()
        elif (form.plural or form.body) and (owner := _before(_GENITIVE_BEFORE, text, match.start())):
            yield _start(text, owner.start()), match.end()


def _before(pattern: re.Pattern[str], text: str, end: int) -> re.Match[str] | None:
    return pattern.search(text, max(0, end - 80), end)


def _end(text: str, end: int) -> int:
    tail = _TAIL.match(text, end)
    return tail.end() if tail else end


def _start(text: str, start: int) -> int:
    """Step back over the capitalised words before a head, but not over the first word of a sentence that is no name."""
    capitals = _before(_CAPITALS_BEFORE, text, start)
    if capitals is None:
        return start
    first = capitals.start()
    for word in _WORD.finditer(text, capitals.start(), start):
        if word[0].lower() not in _OPENING:
            article = _before(_THE_BEFORE, text, word.start())
            return article.start() if article else word.start()
        first = word.end() + 1
    return min(first, start)


def _could_be_name(text: str, match: re.Match[str]) -> bool:
    words = match[0].split()
    joined = len(words) > 1 and words[1] in ("og", "&") and words[0].lower() not in _OPENING
    if (words[0].lower() in _NEVER and not joined) or _names_thing(words):
        return False
    if not opens_sentence(text, match.start()) or len(words) > 1:
        return True
    return not words[0].endswith(_INFLECTED) and bool(_NEXT_TO_NAME.match(text, match.end()))


def _names_thing(words: list[str]) -> bool:
    """Tell "Projektet Frisk" from "Børn og Unge" and "Digitalisering og It", which name units."""
    if len(words) == 1:
        return is_thing(words[0])
    return words[0].lower().endswith(_SCHEMES) and not {"og", "&"} & set(words)


def opens_sentence(text: str, start: int) -> bool:
    """Tell whether a word is the first of its sentence, where every word has a capital."""
    before = text[:start].rstrip()
    return not before or before[-1] in ".:!?"
