"""Sums of money in Danish text."""

from __future__ import annotations

import re

from strategitekst.language.numerals import NUMBER, NUMBER_BEGINS, parse_number
from strategitekst.language.rules import alternatives, compile_folded, fold, load_rules
from strategitekst.language.spans import Amount, Anchor, overlaps

_RULES = load_rules("budget")
_CURRENCY = alternatives(_RULES["currency"])
_PARTS: dict[str, float] = load_rules("numerals")["parts"]
_RANGE = rf"(?P<first>{NUMBER})(?:\s?(?:-|–|til|og)\s?(?P<second>{NUMBER}))?"
_SUM = compile_folded(
    rf"(?<![\w.,]){NUMBER_BEGINS}{_RANGE}\s?(?P<fused>mio\.?|mia\.?|t\.?)?\s?(?:{_CURRENCY}(?![\wæøå])|,-)"
    rf"|(?<![\wæøå])(?:kr\.|DKK|EUR|€)\s?(?P<after>{NUMBER})"
    rf"|(?<![\wæøå])(?P<part>{alternatives(_PARTS)})\s+(?P<scale>mio\.?|million|mia\.?|milliard)(?:er)?\s+{_CURRENCY}(?![\wæøå])"
    rf"|(?<![\wæøå]){alternatives(_RULES['titles'])}:\s*(?P<titled>\d{{1,3}}(?:\.\d{{3}})+)(?![\d.,]?\d)"
)
_BARE = compile_folded(
    r"(?<![\w.,])(?P<number>\d+(?:[.,]\d+)*\s?(?:mio\.?|mia\.?|millioner|milliarder))(?![\wæøå.])"
    rf"(?!\s+(?!{alternatives(_RULES['uncounted'])}(?![\wæøå]))[a-zæøå]+(?:e|er|ter|rejser|mål)(?![\wæøå]))"
)
_DECIMAL_POINT = re.compile(r"^(\d+)\.(\d{1,2})(?!\d|[.,]\d)")
_YEARLY = compile_folded(rf"\s?\(?(?:{alternatives(_RULES['yearly'])})(?![\wæøå])")
_BEFORE_YEARLY = compile_folded(r"(?:årligt?|årlige|hvert år)\s+(?:[\wæøå.]+\s+){0,2}$")
_MONEY_WORD = compile_folded(
    rf"(?<![\wæøå])(?:{alternatives(_RULES['money_words'])}|sat\s(?:[\w.,]+\s){{1,3}}af)(?![\wæøå])"
)
_FUSED = {"t": 1e3, "mio": 1e6, "mia": 1e9}


def find_budgets(text: str) -> list[Anchor]:
    """Find the sums of money.

    Args:
        text: A paragraph.

    Returns:
        Anchors of kind ``budget`` in reading order, with an ``Amount`` as value.

    Example:
        >>> [found] = find_budgets("Der er afsat 4,2 mio. kr. årligt til formålet.")
        >>> found.text, found.value.kroner, found.value.yearly
        ('4,2 mio. kr. årligt', 4200000.0, True)
    """
    folded = fold(text)
    found = [_anchor(text, match, _kroner(match)) for match in _SUM.finditer(folded)]
    if _MONEY_WORD.search(folded):
        taken = [(anchor.start, anchor.end) for anchor in found]
        found += [
            _anchor(text, match, kroner)
            for match in _BARE.finditer(folded)
            if not overlaps(match.start(), match.end(), taken) and (kroner := _bare_kroner(match["number"])) is not None
        ]
    return sorted(found, key=lambda anchor: anchor.start)


def _kroner(match: re.Match[str]) -> float:
    if match["part"]:
        scale = 1e9 if match["scale"].startswith(("mia", "milliard")) else 1e6
        return _PARTS[" ".join(match["part"].split())] * scale
    if match["titled"]:
        return parse_number(match["titled"])
    if match["after"]:
        return parse_number(match["after"])
    value = parse_number(match["second"] or match["first"])
    return value * _FUSED[match["fused"].rstrip(".")] if match["fused"] else value


def _bare_kroner(text: str) -> float | None:
    """Read a number that may be written with a decimal point, as tables and other languages have it; None for none."""
    try:
        return parse_number(_DECIMAL_POINT.sub(r"\1,\2", text))
    except ValueError:
        return None


def _anchor(text: str, match: re.Match[str], kroner: float) -> Anchor:
    folded = fold(text)
    yearly = _YEARLY.match(folded, match.end())
    end = yearly.end() if yearly else match.end()
    before = _BEFORE_YEARLY.search(folded, max(0, match.start() - 30), match.start())
    return Anchor("budget", text[match.start() : end], match.start(), end, Amount(kroner, bool(yearly or before)))
