"""Whom a plan belongs to, told from its title, its headings and the words that it uses of itself.

Its own name is no actor in it: "kommunen" in a municipality's plan, "hospitalet" in a hospital's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from strategitekst.language.rules import alternatives, load_rules

if TYPE_CHECKING:
    from strategitekst.document import Paragraph

_RULES: dict[str, dict[str, list[str]]] = load_rules("owner")
_WORD = r"(?!Kommune\b|Region\b)[A-ZÆØÅ][\wæøåÆØÅ]+"
_NAME = rf"{_WORD}(?:[ -](?:og |& )?{_WORD}){{0,2}}"
_KINDS = {
    "municipality": re.compile(rf"(?<![\w-])(?:{_NAME})\sKommune(?!\w)"),
    "region": re.compile(r"(?<!\w)Region\s[A-ZÆØÅ][\wæøå]+?(?=s?(?!\w))"),
    "cluster": re.compile(rf"(?<!\w)Sundhedsklynge[n]?\s(?:omkring\s)?{_NAME}"),
    "hospital": re.compile(
        rf"(?<![\w-])(?:(?:{_NAME})\s(?:Universitets)?(?:[Hh]ospital|[Ss]ygehus)|(?:Regionshospitalet|Sygehus|Hospitalsenheden?)\s{_NAME})(?!\w)"
    ),
}
_SELF = {
    kind: re.compile(rf"(?<![\wæøå]){alternatives(words)}(?:s)?(?!\w)", re.IGNORECASE)
    for kind, words in _RULES["self"].items()
}
_LEAST_CALLS = 3
"""How often a plan must use such words before they tell whose it is."""

_LEAST_NAMED = 2
"""How often it must name a municipality or region before that is taken for its owner."""

_LEAST_LEAD = 2
"""Regions' plans speak of "hospitalet" too: how many times as often as of "regionen" a hospital's own plan must."""


def owner_names(paragraphs: Sequence[Paragraph]) -> tuple[str, ...]:
    """Tell what the one is called that a plan belongs to.

    A name in the title decides. Else the plan tells by what it calls itself most often, "kommunen", "regionen",
    "hospitalet" or "klyngen"; a municipality's or region's name is the one of its kind that stands there most often.

    Args:
        paragraphs: All paragraphs of one document, with their headings.

    Returns:
        Names, most certain first; empty where nothing tells.

    Example:
        >>> from strategitekst.document import Paragraph
        >>> owner_names([Paragraph(0, "Vi bygger.", 0, 10, heading=("Klimaplan for Holbæk Kommune", "Mål"))])
        ('Holbæk Kommune',)
    """
    title = next((paragraph.heading[0] for paragraph in paragraphs if paragraph.heading), "")
    if named := [match[0] for pattern in _KINDS.values() for match in pattern.finditer(title)]:
        return tuple(named)
    text = "\n".join([title, *(paragraph.text for paragraph in paragraphs)])
    calls = {kind: len(pattern.findall(text)) for kind, pattern in _SELF.items()}
    kind = max(calls, key=lambda each: calls[each] / (_LEAST_LEAD if each in ("hospital", "cluster") else 1))
    if calls[kind] < _LEAST_CALLS:
        return ()
    generic = _RULES["self"][kind][0]
    if kind not in ("municipality", "region"):
        return (generic,)
    counted = Counter(match[0] for match in _KINDS[kind].finditer(text))
    return (generic, *(name for name, count in counted.most_common(1) if count >= _LEAST_NAMED))
