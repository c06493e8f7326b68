"""Quantities: numbers of something that is neither money nor time."""

from __future__ import annotations

import re
from collections.abc import Iterable

from strategitekst.language.numerals import NUMBER, NUMBER_BEGINS, parse_number
from strategitekst.language.rules import alternatives, compile_folded, fold, load_rules
from strategitekst.language.spans import Anchor, Count, Interval, overlaps

_RULES = load_rules("quantity")
_NUMERALS = load_rules("numerals")
_FRACTIONS: dict[str, float] = _NUMERALS["fractions"]
_CHANGES: dict[str, float] = _NUMERALS["changes"]
_ORDINALS: dict[str, float] = _NUMERALS["ordinals"]
_FEW = 10
_UNIT = alternatives(_RULES["units"])

_COUNT = compile_folded(
    rf"(?<!\w){NUMBER_BEGINS}(?:(?P<first>{NUMBER})(?:\s?(?:[-–x]|×)\s?|\s?{_UNIT}?\s+(?:til|eller)\s+(?:(?:mindst|højst|under|over|ca\.)\s+)?)(?P<second>{NUMBER})(?![\w%]*-?\d)"
    rf"|(?P<single>{NUMBER}))"
)
_BOUNDARY_BEFORE = re.compile(r"[\w§/+.,:#-]$")
_TOUCHING_AFTER = re.compile(r"[\wæøå]|[-/]\w|[.,:]\d|\.\s[a-zæøå]")
_SHARE = compile_folded(
    rf"(?<![\wæøå])(?:(?P<share>{alternatives(_FRACTIONS)})|hver(?:t)?\s+(?P<every>{alternatives(_ORDINALS)})"
    rf"|(?P<change>{alternatives(_CHANGES)})(?:es?|ing(?:en)?|et|ede|er)|(?P<times>halvt|dobbelt)\s+så|(?:mindst|højst|præcis)\s+(?P<one>én|ét|en|et))(?![\wæøå])"
)
_TIME_AFTER = compile_folded(
    rf"\s+(?:hele\s+)?(?:{alternatives(load_rules('deadline')['words']['time_units'])}|{alternatives(_RULES['parts_of_time'])})(?!\w)"
)
# What it asks first is what its alternatives begin with.
_MASK = re.compile(
    r"(?=[§\dsknvgp])(?:§+\s?\d+\w?(?:\s?(?:,|-|–|og)\s?(?:stk\.|nr\.|pkt\.)?\s?\d+)*|stk\.\s?\d+"
    r"|kl(?:\.|okken)\s?\d{1,2}(?:[.:]\d\d)?(?:\s?(?:-|–|til|og)\s?\d{1,2}(?:[.:]\d\d)?)?"
    r"|\b\d{2} \d{2} \d{2} \d{2}\b|\b\d{1,2}[.:]\d{2}\s?[-–]\s?\d{1,2}[.:]\d{2}"
    r"|\b\d{4}\s(?-i:[A-ZÆØÅ])|(?:vej|gade|stræde|plads)\s\d+|\b\d-\d-\d\b|\bnr\.\s?\d+|\b24/7\b|\b\d+['’]?erne"
    rf"|(?<![\w-]){alternatives(_RULES['phones'])}(?!\w|[.,]\d|%|\s?{_UNIT}|\s[a-zæøå]{{4,}}))",
    re.IGNORECASE,
)
_LABEL = compile_folded(rf"(?<![\wæøå-])(?:{alternatives(_RULES['label_heads'])}\s?(?:\d+\s?(?:,|og|-|–|til)\s?)*)$")
_KNOWN = compile_folded(
    rf"(?<![\wæøå])(?:{alternatives(_RULES['incidental_leads'])}|\w+(?:ens|ets|ernes|nds))\s+(?:\w+e\s+)?$"
)
_OTHERS = compile_folded(rf"\s+(?:andre|øvrige)\s+{alternatives(_RULES['known_groups'])}(?!\w)")
_PLAN_PART = compile_folded(rf"\s+(?:\w+e\s+)*{alternatives(_RULES['plan_parts'])}(?!\w)")
_LETTER = re.compile(r"[^\W\d_]")
_NEW = compile_folded(rf"\s+{alternatives(_RULES['new_words'])}(?![\wæøå])")
_IDLE = compile_folded(rf"\s+(?:\w+e\s+)?{alternatives(_RULES['idle_nouns'])}(?![\wæøå])")
_KNOWN_GROUP = compile_folded(rf"\s+(?:\w+e\s+)*{alternatives(_RULES['known_groups'])}s?(?![\wæøå])")
_COUNTED = re.compile(
    rf"\s?(?P<unit>{_UNIT}|m²|m2|m3|km²|CO2)(?![\wæøå])|\s(?:{alternatives(_RULES['fillers'])}\s)*(?P<noun>[\wæøåÆØÅ][\wæøåÆØÅ-]*)",
    re.IGNORECASE,
)
_AGE = compile_folded(r"(?:-|\s)?årig|\s?(?:års)(?![\wæøå])|\s+år\b")


def find_quantities(text: str, taken: Iterable[Interval] = ()) -> list[Anchor]:
    """Find the numbers of something other than money or time.

    Args:
        text: A paragraph.
        taken: Pieces of it that are known to be something else: sums of money, dates, lengths of time.

    Returns:
        Anchors of kind ``quantity`` in reading order, with a ``Count`` as value.

    Example:
        >>> [found] = find_quantities("Regionens 17 kommuner får tilsammen 12 nye sygeplejersker.")
        >>> found.text, found.value
        ('12 nye sygeplejersker', Count(numbers=(12.0,), unit='sygeplejersker'))
    """
    folded = fold(text)
    taken = [*taken, *((match.start(), match.end()) for match in _MASK.finditer(text))]
    found = list(_SHARE.finditer(folded))
    shares = [_share_anchor(text, match) for match in found if not _is_time_share(folded, match)]
    shares = [anchor for anchor in shares if not overlaps(anchor.start, anchor.end, taken)]
    taken += [(match.start(), match.end()) for match in found]
    counted = _COUNT.finditer(_blank_out(folded, taken))
    counts = [_count_anchor(text, match) for match in counted if _counts_something(text, match)]
    return sorted(shares + counts, key=lambda anchor: anchor.start)


def _blank_out(text: str, taken: list[Interval]) -> str:
    """Put characters that no pattern matches in the place of what is taken, so that no range reaches across it."""
    for start, end in taken:
        text = text[:start] + "\0" * (end - start) + text[end:]
    return text


def _is_time_share(folded: str, match: re.Match[str]) -> bool:
    return bool(_TIME_AFTER.match(folded, match.end())) or match["every"] == "første"


def _share_anchor(text: str, match: re.Match[str]) -> Anchor:
    if match["share"]:
        number = _FRACTIONS[" ".join(match["share"].split())]
    elif match["every"]:
        number = round(1 / _ORDINALS[match["every"]], 3)
    elif match["one"]:
        number = 1.0
    elif match["times"]:
        number = {"halvt": 0.5, "dobbelt": 2.0}[match["times"]]
    else:
        number = _CHANGES[match["change"]]
    return Anchor("quantity", text[slice(*match.span())], match.start(), match.end(), Count((number,)))


def _counts_something(text: str, match: re.Match[str]) -> bool:
    start, end = match.span()
    if _BOUNDARY_BEFORE.search(text[max(0, start - 1) : start]):
        return False
    folded = fold(text)
    if _TOUCHING_AFTER.match(text, end) or _AGE.match(folded, end):
        return False
    before = folded[max(0, start - 40) : start]
    if _LABEL.search(before) or (_IDLE.match(folded, end) and parse_number(match["first"] or match["single"]) < _FEW):
        return False
    if _PLAN_PART.match(folded, end) or _OTHERS.match(folded, end) or not _LETTER.search(text):
        return False
    if _NEW.match(folded, end):
        return True
    return not (_KNOWN.search(before) and _KNOWN_GROUP.match(folded, end))


def _count_anchor(text: str, match: re.Match[str]) -> Anchor:
    start, end = match.span()
    counted = _COUNTED.match(text, end)
    unit = ""
    if counted:
        end = counted.end()
        unit = counted["unit"] or counted["noun"]
    numbers = (match["first"], match["second"]) if match["first"] else (match["single"],)
    return Anchor("quantity", text[start:end], start, end, Count(tuple(map(parse_number, numbers)), unit))
