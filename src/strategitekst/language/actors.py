"""Actors: units, bodies, organisations and roles that a paragraph makes responsible for something.

There is no parser behind this: an actor is a known kind of unit or a name that stands where the one who acts stands:
before or after a finite verb in the active, after "af" with a passive, after "sammen med", or in a slot such as
"Ansvarlig:".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache

from strategitekst.language.actor_names import Candidate, find_candidates
from strategitekst.language.numerals import NUMBER
from strategitekst.language.rules import alternatives, compile_folded, fold, last_words, load_rules
from strategitekst.language.spans import Anchor, Interval, overlaps, split_sentences
from strategitekst.language.subjects import find_subjects, has_object
from strategitekst.language.verbs import is_active, is_passive

_RULES: dict[str, list[str]] = load_rules("actor")

_ARTICLE = r"(?:\w+e\s|en\s|et\s|den\s|det\s)?"
_WITH = compile_folded(
    rf"(?:(?<!\w){alternatives(_RULES['with_leads'])}|{alternatives(_RULES['agreements'])}\s(?:med|mellem))\s+{_ARTICLE}$"
)
_PLACED_AT = re.compile(
    r"(?:\w{2,}es|\w{3,}et|ligger|kommer)\s(?:[\w.]+\s){0,6}?(?:hos|(?<=kommer\s)fra)\s(?:den\s|det\s)?$"
)
_DONE_AT = compile_folded(rf"(?<!\w)[\wæøå]*{alternatives(_RULES['expert_work'])}\s(?:[^,.;]{{0,30}}\s)?ved\s$")
_SHARED_WITH = compile_folded(r"(?<!\w)fælles\s(?:[\wæøå-]+\s){1,2}med\s+$")
_RESPONSIBLE = compile_folded(
    rf"(?<!\w)(?:(?:{alternatives(_RULES['responsible_titles'])}|[\wæøå]*{alternatives(_RULES['leading_roles'])}(?:\s[\wæøå]+)?):\s*|{alternatives(_RULES['responsible_leads'])}\s+(?:den\s)?)$"
)
_RESPONSIBLE_ENDS = last_words(_RULES["responsible_leads"])
_WITH_ENDS = (*last_words(_RULES["with_leads"]), "med", "mellem")
_MEMBER = (
    rf"(?:(?:en\s|et\s)?(?:[\wæøå]+\s){{0,2}}[\wæøå]*{alternatives(_RULES['persons'])}"
    r"\s(?:fra|i|på|ved)\s(?:den\s|det\s|de\s)?)?"
)
_PASSIVE = rf"(?:\w{{2,}}es|\w{{3,}}eret|{alternatives(_RULES['passive_auxiliaries'])}\s(?:[\w.]+\s){{0,6}}?\w+t)"
_AGENT = compile_folded(
    rf"(?<!\w)(?:{_PASSIVE}|{alternatives(_RULES['participles'])})\s+(?:[\w.]+\s+){{0,9}}?af\s+{_ARTICLE}{_MEMBER}$"
)
# "Anvendes til udskiftning af", "henvises til et af": what follows belongs to the noun, not to the passive.
_NO_AGENT = compile_folded(
    rf"(?<!\w)(?:{alternatives(_RULES['passive_participles'])}|[\wæøå-]+(?:ning|else|sel|tion)|{alternatives(_RULES['parts_of'])})\s+af\s"
)
_RESPONSIBLE_TAIL = re.compile(
    rf"\s*(?:har\s(?:\w+\s){{0,4}}?fået\s(?:ansvar|til\sopgave)\w*|{alternatives(_RULES['responsible_tails'])}|som\s(?:[\wæøå]+\s)?[\wæøå-]*{alternatives(_RULES['leading_roles'])})(?![\wæøå])",
    re.IGNORECASE,
)
_STAFF_OF = re.compile(
    rf"\s*[\wæøå-]*{alternatives(_RULES['persons'])}\s(?:på|ved|hos|i)\s(?:den\s|det\s|de\s)?$",
    re.IGNORECASE,
)
_SENT_BY = compile_folded(rf"(?<![\wæøå])[\wæøå]*{alternatives(_RULES['persons'])}\s+fra\s+(?:den\s|det\s|de\s)?$")
_CLEFT = re.compile(r"\s*(?:[\wæøåÆØÅ]+\s)?det er\s+", re.IGNORECASE)
_CLEFT_LATER = re.compile(r"(?<!\w)(?:er|bliver)\sdet\s(?:især\s|fortsat\s|derfor\s)?$")
_WHO_DOES = re.compile(r"[^,.;]{0,30},?\s(?:der|som)\s")
_ASIDE = re.compile(r"(?<![\wæøå])(?:som|hvor|når|fordi|da|end)\s+(?:\w+\s)?$", re.IGNORECASE)
_CONDITION = re.compile(
    r"(?<![\wæøå])(?:hvis|forudsat at|såfremt|medmindre|under forudsætning af,? at)\s[^,;.]*$", re.IGNORECASE
)
_SEGMENT_BEFORE = re.compile(r"(?:[,;|:]|\s[–-])\s$")
_SEGMENT_AFTER = re.compile(r"\s*(?:[,;|.]|\s[–-]\s|$)")
_RELATIVE = re.compile(r",\s(?:der|som|hvor\w*)\s")
_HAS_OPEN = re.compile(r"\shar\s(?:\S+\s){0,3}?åbent")
_OPENING_VERB = re.compile(r"(?:\s(?:i|på|ved|for)\s[^,.;]{2,80}?)?\s(?:åbner|lukker)(?=[\s.,;]|$)")
_REPORT = re.compile(rf"{alternatives(_RULES['reports'])}(?!\w)")
_AFTER_DATE = re.compile(r"[\d.]\s\($")
_CLOSING = re.compile(r"[^()]{0,40}\)\s*[.;]?\s*$")
_BOUNDARY = re.compile(r"[;:?!]|(?<=[a-zæøå]{3})\.(?=\s)|\.(?=\s+[A-ZÆØÅ][a-zæøå]+\s[a-zæøå])")
_CLAUSE = re.compile(r",\s|(?<![\wæøå])(?:og|men|at|hvor|mens|når|fordi|så|idet|da|som|hvis|ligesom)\s")
_PERSONS = tuple(_RULES["persons"])
_JOINED = re.compile(r"\s*(?:,|og|samt|eller|,\s*samt|,\s*og|og med|/)\s*(?:den\s|de\s|det\s)?", re.IGNORECASE)
_OPENERS = re.compile(rf"\s*(?:{alternatives(_RULES['openers'])}\s+)*", re.IGNORECASE)
_LAST_WORD = re.compile(r"([\wæøåÆØÅ-]+)\s+(?:(?:også|nu|fortsat|derfor|ligeledes|så|endvidere|desuden)\s+)?$")
# How many or which ones in general: no more specific than the owner is.
_UNNAMED = re.compile(
    rf"(?:{NUMBER}|de\s(?:pågældende|relevante|berørte|enkelte|andre|øvrige)|region\sog)\skommuner", re.IGNORECASE
)
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
    own = _own_words(tuple(own_names))
    anchors: list[Anchor] = []
    previous: Candidate | None = None
    starts = [start for start, _ in split_sentences(text)]
    acted = False
    for candidate in find_candidates(text, organisations):
        joined = previous is not None and _JOINED.fullmatch(text, previous.end, candidate.start)
        sentence = starts[bisect_right(starts, candidate.start) - 1]
        named_late = candidate.known and previous is not None and not previous.known
        acted = acted if joined and not (named_late and not acted) else _acts(text, candidate, sentence)
        if acted and not _is_own(text, candidate.start, candidate.end, own):
            anchors.append(Anchor("actor", text[candidate.start : candidate.end], candidate.start, candidate.end))
        previous = candidate
    taken = [(anchor.start, anchor.end) for anchor in anchors]
    for start, end in find_subjects(text):
        if not overlaps(start, end, taken) and not _is_own(text, start, end, own):
            anchors.append(Anchor("actor", text[start:end], start, end))
    return sorted(anchors, key=lambda anchor: anchor.start)


def _is_own(text: str, start: int, end: int, own: frozenset[str]) -> bool:
    lower = text[start:end].lower()
    if start and _UNNAMED.fullmatch(lower):
        return True
    if lower in own or lower.removesuffix("s") in own or lower.split()[0] in own:
        return True
    return any(" " in name and text.lower().startswith(name, start) for name in own)


@lru_cache(maxsize=64)
def _own_words(own_names: tuple[str, ...]) -> frozenset[str]:
    names = [name.lower() for name in own_names]
    own = {*_RULES["own"], *names}
    if any("kommuner" in name for name in names):
        own.add("kommunerne")
    if any("hospital" in name or "sygehus" in name for name in names):
        own.update(_RULES["own_hospital"])
    if any("klynge" in name for name in names):
        own.update(_RULES["own_cluster"])
    if any(name.endswith(tuple(_RULES["company_endings"])) for name in names):
        own.update(_RULES["own_company"])
    municipal, regional = any("kommune" in name for name in names), any("region" in name for name in names)
    if regional or not municipal:
        own.update(_RULES["own_region"])
    if municipal or not regional:
        own.update(_RULES["own_municipality"])
    return frozenset(own)


def _acts(text: str, candidate: Candidate, sentence_start: int) -> bool:
    before, after, known = text[sentence_start : candidate.start], text[candidate.end :], candidate.known
    folded = fold(text)[sentence_start : candidate.start]
    # What the slow patterns below end with: where it is not there, they need not be asked.
    last_two = folded.rsplit(None, 2)[-2:]
    responsible = folded.rstrip().endswith(":") or _any_ends(last_two, _RESPONSIBLE_ENDS)
    if (responsible and _RESPONSIBLE.search(folded)) or _RESPONSIBLE_TAIL.match(after):
        return True
    if before.endswith("(") and (known or _CLOSING.match(after)):
        return not text[candidate.start : candidate.end].isupper() or bool(_AFTER_DATE.search(before))
    if "af" in folded and (agent := _AGENT.search(folded)) and not _NO_AGENT.search(agent[0]):
        return True
    if (
        (_any_ends(last_two, _WITH_ENDS) and _WITH.search(folded))
        or (folded[:-1].endswith("ved") and _DONE_AT.search(folded))
        or (known and (_SHARED_WITH.search(folded) or _PLACED_AT.search(before)))
    ):
        return True
    in_segment = _SEGMENT_BEFORE.search(before) and _SEGMENT_AFTER.match(after) and _is_terse(text)
    names = text[candidate.start].isupper() or before.endswith(": ")
    if in_segment and names and (known or "&" in text[candidate.start : candidate.end]):
        return True
    sent = _any_ends(last_two, ("fra",)) and _SENT_BY.search(folded)
    if sent and (known or " og " in text[candidate.start : candidate.end]):
        return True
    if _only_opens(before, after):
        return False
    if not known:
        verb = _LAST_WORD.search(before)
        if verb and verb[1].lower() in _RULES["agentive"]:
            return _is_subject(before, after)
        several = " " in text[candidate.start : candidate.end]
        verb_after = _first_verb(after)
        unit = {"og", "&"} & set(text[candidate.start : candidate.end].split()) and verb_after in _RULES["of_units"]
        return bool(_OPENERS.fullmatch(_clause(before))) and (bool(unit) or _works(verb_after, several=several))
    if _STAFF_OF.fullmatch(_sentence(before)):
        return _acts_after(after, in_aside=False)
    if before.endswith(" ved ") and text[: candidate.end].endswith(_PERSONS):
        return True
    if not before.strip() and after.startswith(":"):
        return True
    return _is_subject(before, after)


def _any_ends(words: Sequence[str], endings: tuple[str, ...]) -> bool:
    return any(word.endswith(endings) for word in words)


def _only_opens(before: str, after: str) -> bool:
    """Tell "Klinikken åbner i maj" from "Klinikken åbner i maj en telefonlinje"."""
    opening = _OPENING_VERB.match(after)
    if opening:
        return not has_object(after[opening.end() :])
    return before.endswith(("åbner ", "lukker ")) and not has_object(after)


def _main_clause(after: str) -> str:
    """Leave out a relative clause that stands between a subject and its verb."""
    if not _RELATIVE.match(after):
        return after
    for comma in re.finditer(r",\s(?=([\wæøå]+))", after[2:200]):
        if is_active(comma[1]) or is_passive(comma[1]):
            return after[2 + comma.end() :]
    return after


def _is_terse(text: str) -> bool:
    """Tell whether a line is a list of facts, without a finite verb in front of its first comma or dash."""
    return not any(is_active(word[0].lower()) for word in _WORD.finditer(re.split(r"[,;|]|\s[–-]\s", text)[0]))


def _sentence(before: str) -> str:
    """What stands before a candidate since the last colon or semicolon of its sentence."""
    return re.split("[;:]", before)[-1]


def _clause(before: str) -> str:
    return _CLAUSE.split(_sentence(before))[-1]


def _is_subject(before: str, after: str) -> bool:
    sentence = _sentence(before)
    if _CLEFT.fullmatch(sentence) or (_CLEFT_LATER.search(sentence) and _WHO_DOES.match(after)):
        return True
    if _CONDITION.search(sentence) or _HAS_OPEN.match(after):
        return False
    if _OPENERS.fullmatch(_clause(before)):
        return _acts_after(after, in_aside=bool(_ASIDE.search(sentence)))
    verb = _LAST_WORD.search(sentence)
    if verb is None or not is_active(verb[1].lower()):
        return False
    fronted = _CLAUSE.split(sentence[: verb.start()])[-1].split() or sentence[: verb.start()].split()
    if not fronted or fronted[-1].lower() in _RULES["own_subjects"]:
        return False
    first_words = {fronted[0].lower(), sentence.split()[0].lower()}
    return any(word in _RULES["adverbials"] or word[0].isdigit() for word in first_words)


def _acts_after(after: str, in_aside: bool) -> bool:
    """Tell whether the first finite verb after a subject is in the active; in an aside, also that something is done."""
    after = _main_clause(after)
    stop = _BOUNDARY.search(after)
    words = [match[0].lower().rstrip(".") for match in _WORD.finditer(after[: stop.start() if stop else 160])][:14]
    for position, word in enumerate(words):
        if word in _RULES["inert"] or is_passive(word):
            return False
        if word in ("har", "havde") and any(later in _RULES["said"] for later in words[position + 1 : position + 6]):
            return False
        if word in _RULES["modals"]:
            if in_aside and word in _RULES["possible"]:
                return False
            return _does(words[position + 1 : position + 9])
        if in_aside and (word in _RULES["aside_states"] or is_active(word)):
            return word not in _RULES["aside_states"] and not any(
                earlier in _RULES["aside_words"] for earlier in words[:position]
            )
        if word in ("får", "modtager"):
            return not _REPORT.search(after[:80])
        if word == "er":
            return any(later in _RULES["busy"] for later in words[position + 1 : position + 4])
        if is_active(word):
            return True
    return False


def _works(verb: str, *, several: bool) -> bool:
    """Tell whether a verb is one of persons and organisations; after a name of several words more verbs will do."""
    return verb in _RULES["agentive"] or (
        several and is_active(verb) and verb not in _RULES["of_things"] and verb not in _RULES["modals"]
    )


def _does(words: list[str]) -> bool:
    """Tell whether what follows a modal verb is something done: neither passive nor a state."""
    if "have" in words and (following := words[words.index("have") + 1 :]) and following[0].endswith("et"):
        return True
    return not any(is_passive(word) or word in _RULES["states"] for word in words[:4])


def _first_verb(after: str) -> str:
    """The first word after a name that could be a finite verb, where at most a place or a time stands between."""
    words = [match[0].lower() for match in _WORD.finditer(re.split("[,;:]", after[:80])[0])][:6]
    return next((word for word in words if is_active(word) or is_passive(word)), "")
