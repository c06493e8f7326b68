"""Danish abbreviations as single tokens, in whichever pipeline is loaded; spaCy's own rules do so for ordinals."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from strategitekst.language.rules import load_rules

if TYPE_CHECKING:
    from spacy.language import Language


def _capitalised(words: list[str]) -> set[str]:
    return {*words, *(word[0].upper() + word[1:] for word in words)}


@cache
def inner_abbreviations() -> frozenset[str]:
    """List the abbreviations that never end a sentence, as written and with a capital.

    Returns:
        The abbreviations, each with its full stop.

    Example:
        >>> "Jf." in inner_abbreviations(), "kr." in inner_abbreviations()
        (True, False)
    """
    return frozenset(_capitalised(load_rules("abbreviations")["inside"]))


@cache
def final_abbreviations() -> frozenset[str]:
    """List the abbreviations that may end a sentence.

    Returns:
        The abbreviations, each with its full stop.

    Example:
        >>> "mv." in final_abbreviations()
        True
    """
    return frozenset(_capitalised(load_rules("abbreviations")["last"]))


def adapt_tokenizer(nlp: Language) -> None:
    """Teach a pipeline's tokenizer the abbreviations of administrative Danish.

    Words that spaCy takes for abbreviations although sentences often end with them ("it.", "tv.") become words again.

    Args:
        nlp: The pipeline; its tokenizer is changed.

    Example:
        >>> import spacy
        >>> nlp = spacy.blank("da")
        >>> adapt_tokenizer(nlp)
        >>> [token.text for token in nlp("Jf. aftalen fik 3 pct. et tv.")]
        ['Jf.', 'aftalen', 'fik', '3', 'pct.', 'et', 'tv', '.']
    """
    tokenizer: Any = nlp.tokenizer
    retired = _capitalised(load_rules("abbreviations")["words"])
    tokenizer.rules = {text: rule for text, rule in tokenizer.rules.items() if text not in retired}
    for abbreviation in sorted(inner_abbreviations() | final_abbreviations()):
        tokenizer.add_special_case(abbreviation, [{"ORTH": abbreviation}])
    for form in load_rules("abbreviations")["companies"]:
        tokenizer.add_special_case(f"{form}.", [{"ORTH": form}, {"ORTH": "."}])
