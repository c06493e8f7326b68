"""Actors: units, bodies, organisations and roles that a paragraph makes responsible for something.

There is no parser behind this: an actor is a known kind of unit or a name that stands where the one who acts stands:
before or after a finite verb in the active, after "af" with a passive, after "sammen med", or in a slot such as
"Ansvarlig:".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from strategitekst.language.actor_names import Candidate, find_candidates
from strategitekst.language.rules import alternatives, load_rules
from strategitekst.language.spans import Anchor, Interval, split_sentences

_RULES: dict[str, list[str]] = load_rules("actor")

_ARTICLE = r"(?:\w+e\s|en\s|et\s|den\s|det\s)?"
_WITH = re.compile(rf"(?<!\w){alternatives(_RULES['with_leads'])}\s+{_ARTICLE}$", re.IGNORECASE)
_RESPONSIBLE = re.compile(
    rf"(?<!\w)(?:{alternatives(_RULES['responsible_titles'])}:\s*|{alternatives(_RULES['responsible_leads'])}\s+(?:den\s)?)$",
    re.IGNORECASE,
)
_PASSIVE = rf"(?:\w{{2,}}es|\w{{3,}}eret|{alternatives(_RULES['passive_auxiliaries'])}\s(?:[\w.]+\s){{0,6}}?\w+t)"
_AGENT = re.compile(
    rf"(?<!\w)(?:{_PASSIVE}|{alternatives(_RULES['participles'])})\s+(?:[\w.]+\s+){{0,6}}?af\s+{_ARTICLE}$",
    re.IGNORECASE,
)
_NO_AGENT = re.compile(rf"(?<!\w){alternatives(_RULES['passive_participles'])}\s+af\s", re.IGNORECASE)
_RESPONSIBLE_TAIL = re.compile(rf"\s*{alternatives(_RULES['responsible_tails'])}(?![\wæøå])", re.IGNORECASE)
_SENT_BY = re.compile(
    rf"(?<![\wæøå])[\wæøå]*{alternatives(_RULES['persons'])}\s+fra\s+(?:den\s|det\s|de\s)?$", re.IGNORECASE
)
_CLEFT = re.compile(r"\s*(?:[\wæøåÆØÅ]+\s)?det er\s+", re.IGNORECASE)
_ASIDE = re.compile(r"(?<![\wæøå])(?:som|hvor|hvis|når|forudsat at|såfremt|fordi|da|end)\s+(?:\w+\s)?$", re.IGNORECASE)
_REPORT = re.compile(rf"(?<!\w){alternatives(_RULES['reports'])}(?!\w)")
_CLOSING = re.compile(r"[^()]{0,40}\)\s*[.;]?\s*$")
_BOUNDARY = re.compile(r"[;:?!]|(?<=[a-zæøå]{3})\.(?=\s)|\.(?=\s+[A-ZÆØÅ][a-zæøå]+\s[a-zæøå])")
_CLAUSE = re.compile(r",\s|(?<![\wæøå])(?:og|men|at|hvor|mens|når|fordi|så|idet|da|som|hvis|ligesom)\s")
_NOUN_ENDINGS = tuple(_RULES["noun_endings"])
_PERSONS = tuple(_RULES["persons"])
_JOINED = re.compile(r"\s*(?:,|og|samt|eller|,\s*samt|,\s*og|og med|/)\s*(?:den\s|de\s|det\s)?", re.IGNORECASE)
_OPENERS = re.compile(rf"\s*(?:{alternatives(_RULES['openers'])}\s+)*", re.IGNORECASE)
_LAST_WORD = re.compile(r"([\wæøåÆØÅ-]+)\s+(?:(?:også|nu|fortsat|derfor|ligeledes|så|endvidere|desuden)\s+)?$")
_WORD = re.compile(r"[\wæøåÆØÅ.-]+")


def find_actors(text: str, own_names: Iterable[str] = (), organisations: Sequence[Interval] = ()) -> list[Anchor]:
    """Find who acts or is responsible.

    Args:
        text: A paragraph.
        own_names: Names of the one that the plan belongs to; neither it nor a word for it ("regionen") is an actor.
        organisations: Pieces of the text that a name recogniser takes for organisations.

    Returns:
        Anchors of kind ``actor`` in reading order, without a value.

    Example:
        >>> [found] = find_actors("Fra 2026 ansætter Slagelse Sygehus flere jordemødre på fødegangen i Næstved.")
        >>> found.text
        'Slagelse Sygehus'
    """
    own = _own_words(own_names)
    anchors: list[Anchor] = []
    previous: Candidate | None = None
    starts = [start for start, _ in split_sentences(text)]
    acted = False
    for candidate in find_candidates(text, organisations):
        if _is_own(text[candidate.start : candidate.end], own):
            continue
        joined = previous is not None and _JOINED.fullmatch(text, previous.end, candidate.start)
        acted = acted if joined else _acts(text, candidate, starts[bisect_right(starts, candidate.start) - 1])
        if acted:
            anchors.append(Anchor("actor", text[candidate.start : candidate.end], candidate.start, candidate.end))
        previous = candidate
    return anchors


def _is_own(name: str, own: set[str]) -> bool:
    lower = name.lower()
    return lower in own or lower.removesuffix("s") in own or lower.split()[0] in own


def _own_words(own_names: Iterable[str]) -> set[str]:
    names = [name.lower() for name in own_names]
    own = {*_RULES["own"], *names}
    if any("hospital" in name or "sygehus" in name for name in names):
        own.update(_RULES["own_hospital"])
    if any("kommuner" in name for name in names):
        own.add("kommunerne")
    municipal, regional = any("kommune" in name for name in names), any("region" in name for name in names)
    if regional or not municipal:
        own.update(_RULES["own_region"])
    if municipal or not regional:
        own.update(_RULES["own_municipality"])
    if names and not municipal and not regional:
        own.update(_RULES["own_company"])
    return own


def _acts(text: str, candidate: Candidate, sentence_start: int) -> bool:
    before, after, known = text[sentence_start : candidate.start], text[candidate.end :], candidate.known
    if _RESPONSIBLE.search(before) or _RESPONSIBLE_TAIL.match(after):
        return True
    if before.endswith("(") and (known or _CLOSING.match(after)):
        return not text[candidate.start : candidate.end].isupper()
    if (agent := _AGENT.search(before)) and not _NO_AGENT.search(agent[0]):
        return True
    if _WITH.search(before):
        return True
    if not known:
        verb = _LAST_WORD.search(before)
        if verb and verb[1].lower() in _RULES["agentive"]:
            return _is_subject(before, after)
        several = " " in text[candidate.start : candidate.end]
        return bool(_OPENERS.fullmatch(_clause(before))) and _works(_first_verb(after), several=several)
    closes_line = text[candidate.start].isupper() and not after.strip(" .")
    if before.endswith(", ") and closes_line:
        return True
    if before.endswith(" ved ") and text[: candidate.end].endswith(_PERSONS):
        return True
    if _SENT_BY.search(before) or (not before.strip() and after.startswith(":")):
        return True
    return _is_subject(before, after)


def _sentence(before: str) -> str:
    """What stands before a candidate since the last colon or semicolon of its sentence."""
    return re.split("[;:]", before)[-1]


def _clause(before: str) -> str:
    return _CLAUSE.split(_sentence(before))[-1]


def _is_subject(before: str, after: str) -> bool:
    sentence = _sentence(before)
    if _CLEFT.fullmatch(sentence):
        return True
    if _OPENERS.fullmatch(_clause(before)):
        return _acts_after(after, in_aside=bool(_ASIDE.search(sentence)))
    verb = _LAST_WORD.search(sentence)
    if verb is None or not _is_active(verb[1].lower()):
        return False
    fronted = _CLAUSE.split(sentence[: verb.start()])[-1].split() or sentence[: verb.start()].split()
    if not fronted or fronted[-1].lower() in _RULES["own_subjects"]:
        return False
    opening = {fronted[0].lower(), sentence.split()[0].lower()}
    return any(word in _RULES["adverbials"] or word[0].isdigit() for word in opening)


def _acts_after(after: str, in_aside: bool) -> bool:
    """Tell whether the first finite verb after a subject is in the active; in an aside, also that something is done."""
    stop = _BOUNDARY.search(after)
    words = [match[0].lower() for match in _WORD.finditer(after[: stop.start() if stop else 160])][:14]
    for position, word in enumerate(words):
        if word in _RULES["inert"] or _is_passive(word):
            return False
        if word in _RULES["modals"]:
            return _does(words[position + 1 : position + 9])
        if in_aside and (word in _RULES["aside_states"] or _is_active(word)):
            return word not in _RULES["aside_states"] and not any(
                earlier in _RULES["aside_words"] for earlier in words[:position]
            )
        if word == "får":
            return not _REPORT.search(after[:80])
        if word == "er":
            return words[position + 1 : position + 2] not in (["en"], ["et"], ["ikke"])
        if _is_active(word):
            return True
    return False


def _works(verb: str, *, several: bool) -> bool:
    """Tell whether a verb is one of persons and organisations; after a name of several words more verbs will do."""
    return verb in _RULES["agentive"] or (
        several and _is_active(verb) and verb not in _RULES["of_things"] and verb not in _RULES["modals"]
    )


def _does(words: list[str]) -> bool:
    """Tell whether what follows a modal verb is something done: neither passive nor a state."""
    if "have" in words and (following := words[words.index("have") + 1 :]) and following[0].endswith("et"):
        return True
    return not any(_is_passive(word) or word in _RULES["states"] for word in words[:4])


def _first_verb(after: str) -> str:
    """The first word after a name that could be a finite verb, where at most a place or a time stands between."""
    words = [match[0].lower() for match in _WORD.finditer(re.split("[,;:]", after[:80])[0])][:6]
    return next((word for word in words if _is_active(word) or _is_passive(word)), "")


def _is_passive(word: str) -> bool:
    if word in ("bliver", "blev"):
        return True
    return (
        word.endswith(("es", "ås")) and not word.endswith("ernes") and len(word) > 4 and word not in _RULES["deponent"]
    )


def _is_active(word: str) -> bool:
    if word in _RULES["finite"] or word in _RULES["modals"] or word in _RULES["deponent"]:
        return True
    if word.endswith(_NOUN_ENDINGS) and word not in _RULES["verbs_like_nouns"]:
        return False
    return word.endswith("r") and len(word) > 2 and word not in _RULES["not_verbs"] and word not in _RULES["inert"]
