"""Finite verbs told by their form, where no pipeline has tagged the words."""

from __future__ import annotations

from strategitekst.language.rules import load_rules

_RULES: dict[str, list[str]] = load_rules("actor")
_FINITE = frozenset(_RULES["finite"] + _RULES["modals"] + _RULES["deponent"])
_DEPONENT = frozenset(_RULES["deponent"])
_NOT_PASSIVE = frozenset(_RULES["not_passives"])
_NO_ACTIVE = frozenset(_RULES["not_verbs"] + _RULES["inert"])
_NOUN_ENDINGS = tuple(_RULES["noun_endings"])
_LIKE_NOUNS = frozenset(_RULES["verbs_like_nouns"])
_SHORTEST_ACTIVE, _SHORTEST_PASSIVE = 3, 5


def is_passive(word: str) -> bool:
    """Tell whether a word in lower case is a passive.

    Example:
        >>> is_passive("oprettes"), is_passive("findes"), is_passive("kommunernes")
        (True, False, False)
    """
    if word in ("bliver", "blev"):
        return True
    ends = word.endswith(("es", "ås")) and not word.endswith("ernes")
    return ends and len(word) >= _SHORTEST_PASSIVE and word not in _DEPONENT and word not in _NOT_PASSIVE


def is_active(word: str) -> bool:
    """Tell whether a word in lower case is a finite verb in the active by which somebody does something.

    Example:
        >>> is_active("ansætter"), is_active("uddannelser"), is_active("skal")
        (True, False, True)
    """
    if word in _FINITE:
        return True
    if word.endswith(_NOUN_ENDINGS) and word not in _LIKE_NOUNS:
        return False
    return word.endswith("r") and len(word) >= _SHORTEST_ACTIVE and word not in _NO_ACTIVE
