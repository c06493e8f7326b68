"""Danish numbers in figures and words.

No library reads Danish number words: text2num knows German, English and five Romance languages, num2words only writes
them, and quantulum3 is English.
"""

from __future__ import annotations

import re

from strategitekst.language.rules import alternatives, first_letters, load_rules

_RULES = load_rules("numerals")
_CARDINALS: dict[str, float] = _RULES["cardinals"]
_UNITS: dict[str, int] = _RULES["units"]
_TENS: dict[str, int] = _RULES["tens"]
_SCALES: dict[str, float] = _RULES["scales"]

_DIGITS = r"(?:\d{1,3}(?:[.\u00a0\u202f]\d{3})+(?!\d)|(?<![/\d–-])\d{1,3}(?: \d{3})+(?![\d.])|\d+)(?:,\d+|½)?"
_COMPOUND = rf"{alternatives(_UNITS)}og{alternatives(_TENS)}"
_WORD = rf"(?:{_COMPOUND}|{alternatives(_CARDINALS)}(?:\s+(?:tusinde?|hundrede))?)"
NUMBER = rf"(?:{_DIGITS}|{_WORD})(?:\s?(?:{alternatives(_SCALES)})(?![\wæøå]))?"
"""A number in figures or words, with a scale such as "mio." where it has one; neither word nor figure may touch it."""

NUMBER_BEGINS = rf"(?=[\d{first_letters([*_CARDINALS, *_UNITS])}])"
"""Asks whether a number can begin at a place, before the alternatives of ``NUMBER`` are tried there."""

_PARTS = re.compile(rf"(?P<base>{_DIGITS}|{_WORD})(?:\s?(?P<scale>{alternatives(_SCALES)}))?", re.IGNORECASE)


def parse_number(text: str) -> float:
    """Read a Danish number.

    Args:
        text: A number as ``NUMBER`` matches it: "12.000", "4,2 mio.", "femogtredive".

    Returns:
        Its value.

    Raises:
        ValueError: The text is no number.

    Example:
        >>> parse_number("4,2 mio."), parse_number("12.000"), parse_number("femogtredive")
        (4200000.0, 12000.0, 35.0)
    """
    match = _PARTS.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"no Danish number: {text!r}")
    scale = match["scale"]
    value = _parse_base(match["base"].lower())
    return round(value * (_SCALES[scale.lower()] if scale else 1.0), 2)


def _parse_base(text: str) -> float:
    if text[0].isdigit():
        return float(re.sub(r"[.\s]", "", text).replace(",", ".").replace("½", ".5"))
    first, *rest = text.split()
    value = _CARDINALS.get(first)
    if value is None:
        unit, _, ten = first.partition("og")
        value = _UNITS[unit] + _TENS[ten]
    for word in rest:
        value *= _SCALES[word]
    return float(value)
