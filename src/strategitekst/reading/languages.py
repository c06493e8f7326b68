"""Which language a paragraph is written in: Danish, or what else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

from strategitekst.reading.words import count_listed

DANISH = "da"
_WORD = re.compile(r"[^\W\d_]{2,}")
_KNOWN = 0.85
"""Share of listed words from which a text is Danish without asking further; of Norwegian sentences, one in a hundred
reaches it."""
_SHORTEST = 30
"""Letters below which a text says too little; it goes with its document."""
_ENOUGH = 3000
"""Characters that tell the language of a paragraph; the rest need not be looked at."""
_SURE = 0.8
"""Probability from which a text is said not to be Danish."""
_ASKED = ("da", "no", "nn", "sv", "en", "de")
_SAME = {"nn": "no"}


def languages(texts: Sequence[str]) -> list[str]:
    """Tell the language of each paragraph of a document.

    Args:
        texts: The paragraphs.

    Returns:
        For each ``da``, ``no``, ``sv``, ``en`` or ``de``. What is too short or too uncertain goes with the document.

    Example:
        >>> languages(["Regionen vil sikre, at borgerne får hjælp.", "The region will ensure help for all citizens."])
        ['da', 'en']
    """
    found = [_language(text) for text in texts]
    weights: Counter[str] = Counter()
    for language, text in zip(found, texts, strict=True):
        weights[language] += len(text) if language else 0
    usual = max(weights, key=lambda language: weights[language]) if any(weights.values()) else DANISH
    return [language or usual for language in found]


def _language(text: str) -> str:
    """Tell the language of a text; empty where it says too little."""
    words = [word for word in _WORD.findall(text[:_ENOUGH]) if not word.isupper()]
    if sum(map(len, words)) < _SHORTEST:
        return ""
    if count_listed(words) >= _KNOWN * len(words):
        return DANISH
    language, probability = _identifier().classify(" ".join(words))
    language = _SAME.get(language, language)
    return language if language == DANISH or probability >= _SURE else ""


@cache
def _identifier() -> Any:
    """Load the model; most paragraphs of Danish plans do without it."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(_ASKED))
    return identifier
