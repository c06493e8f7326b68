"""How a paragraph speaks: does it promise, wish, tell or describe.

Counts of grammatical and lexical signals, sentence by sentence, for the classifier of statements. Words and
endings decide, not a tagger, so the features are the same with every pipeline; only the borders of sentences are
taken from it.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from strategitekst.language.rules import alternatives, compile_folded, fold, load_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from spacy.tokens import Doc

_ENDINGS = ("", "e", "er", "r", "es", "s", "et", "t", "ede", "edes", "te", "tes", "ter", "ende")
_NEAR = 3
_LISTED = ("modals", "wishes", "negations", "conditions", "ongoing", "action", "vague", "past_auxiliaries")
_VERB_FEATURES = ("infinitive", "present", "passive", "past")

SIGNALS: tuple[str, ...] = (
    *(f"modal_{modal}" for modal in load_rules("modality")["modals"]),
    "we_modal", "we_present", "skal_without_actor", "citizens_modal",
    "present", "past", "perfect", "passive_s", "passive_blive",
    "action", "action_infinitive", "action_present", "action_passive", "action_past", "action_after_modal",
    "vague", "vague_after_modal", "nominal_start",
    "hedges", "wishes", "results", "duties", "facts", "negations", "conditions", "ongoing", "lead_in", "question",
)  # fmt: skip
"""The signals counted in a sentence, in the order of the vector."""

FEATURE_NAMES: tuple[str, ...] = (
    "words", "sentences",
    *SIGNALS, *(f"{signal}_share" for signal in SIGNALS), *(f"{signal}_last" for signal in SIGNALS),
)  # fmt: skip
"""Names of the elements of ``modality_vector``: counts, then shares of sentences, then counts in the last sentence."""


def sentence_modality(doc: Doc) -> list[dict[str, float]]:
    """Count the signals of each sentence.

    Args:
        doc: The paragraph. Without sentence borders it counts as one sentence.

    Returns:
        For each sentence with a word in it, the number of times that each of ``SIGNALS`` stands there.

    Example:
        >>> import spacy
        >>> nlp = spacy.blank("da")
        >>> _ = nlp.add_pipe("sentencizer")
        >>> wish, promise = sentence_modality(nlp("Borgerne skal opleve tryghed. Vi vil styrke indsatsen."))
        >>> wish["skal_without_actor"], promise["we_modal"], promise["vague_after_modal"]
        (1.0, 1.0, 1.0)
    """
    return [dict(zip(SIGNALS, counts, strict=True)) for counts in _counted(doc, doc.text)[1]]


def _counted(doc: Doc, text: str) -> tuple[int, list[list[float]]]:
    """Count the words of a paragraph, and the signals of each sentence with a word in it."""
    from spacy.attrs import IDX, IS_ALPHA, LENGTH, LOWER, SENT_START  # type: ignore[import-not-found]

    strings = doc.vocab.strings
    # Columns of numbers: a pass over the tokens of a document would make each of them anew.
    columns: Any = doc.to_array([LOWER, IS_ALPHA, IDX, LENGTH, SENT_START])
    lower, alpha, places, lengths, starts = columns.reshape(-1, 5).T.tolist()
    words = [strings[each] for each in lower]
    begins = [place for place, start in enumerate(starts) if start == 1 or not place]
    counted = []
    for begin, end in pairwise([*begins, len(words)]):
        sentence = text[places[begin] : places[end - 1] + lengths[end - 1]]
        counts = _count(
            sentence,
            [word for word, is_word in zip(words[begin:end], alpha[begin:end], strict=True) if is_word or "-" in word],
        )
        if counts is not None:
            counted.append(list(counts.values()))
    return sum(alpha), counted


def modality(doc: Doc) -> dict[str, float]:
    """Describe how a paragraph speaks.

    Args:
        doc: The paragraph, through any Danish pipeline.

    Returns:
        A value for each of ``FEATURE_NAMES``, in that order: counts, shares (0–1) of sentences, counts in the last.

    Example:
        >>> import spacy
        >>> modality(spacy.blank("da")("Der ansættes to sygeplejersker."))["action_passive"]
        1.0
    """
    return dict(zip(FEATURE_NAMES, _features(doc, doc.text).tolist(), strict=True))


def modality_vector(doc: Doc, text: str | None = None) -> NDArray[np.float32]:
    """Give the features of ``modality`` as a vector.

    Args:
        doc: The paragraph, through any Danish pipeline.
        text: Its text, where that is at hand: a document puts it together from its tokens each time that it is asked.

    Returns:
        A vector of the length of ``FEATURE_NAMES``.

    Example:
        >>> import spacy
        >>> modality_vector(spacy.blank("da")("Vi vil.")).shape == (len(FEATURE_NAMES),)
        True
    """
    return _features(doc, doc.text if text is None else text).astype(np.float32)


def _features(doc: Doc, text: str) -> NDArray[np.float64]:
    words, sentences = _counted(doc, text)
    counts = np.array(sentences or [[0.0] * len(SIGNALS)])
    shares = (counts > 0).sum(axis=0) / len(counts)
    return np.concatenate([[words, len(sentences)], counts.sum(axis=0), shares, counts[-1]])


@cache
def _words() -> Mapping[str, frozenset[str]]:
    rules: dict[str, Any] = load_rules("modality")
    words = {name: frozenset(entries) for name, entries in rules["words"].items()}
    words |= {f"modal_{modal}": frozenset(forms) for modal, forms in rules["modals"].items()}
    words["modals"] = frozenset(form for forms in rules["modals"].values() for form in forms)
    words["starts"] = frozenset(rules["nominals"]["starts"])
    for name, stems in rules["stems"].items():
        words[name] = frozenset(
            stem + ending
            for stem in stems
            for ending in _ENDINGS
            if len(stem + ending) > len(stem) or stem.endswith(("t", "r"))
        )
    return words


@cache
def _phrases() -> Mapping[str, re.Pattern[str]]:
    lists: dict[str, list[str]] = load_rules("modality")["phrases"]
    return {name: compile_folded(rf"(?<![\wæøå]){alternatives(phrases)}(?![\wæøå])") for name, phrases in lists.items()}


def _count(text: str, tokens: list[str]) -> dict[str, float] | None:
    if not tokens:
        return None
    words, counts = _words(), dict.fromkeys(SIGNALS, 0.0)
    for index, token in enumerate(tokens):
        if not _tells(token):
            continue
        before, after = tokens[max(0, index - _NEAR) : index], tokens[index + 1 : index + 1 + _NEAR]
        if token in words["modals"]:
            _count_modal(counts, token, before, after)
        else:
            _count_verb(counts, token, before, tokens[max(0, index - 6) : index])
        for name in ("wishes", "negations", "conditions", "ongoing"):
            counts[name] += token in words[name]
    folded = fold(text)
    for name, pattern in _phrases().items():
        counts[name] += len(pattern.findall(folded))
    counts["nominal_start"] = float(tokens[0] in words["starts"])
    counts["lead_in"] = float(text.rstrip().endswith(":"))
    counts["question"] = float(text.rstrip().endswith("?"))
    return counts


@lru_cache(maxsize=50_000)
def _tells(word: str) -> bool:
    """Tell whether a word can count for anything: most cannot, wherever they stand."""
    words = _words()
    return (
        _form(word) in ("present", "past", "passive")
        or _is_participle(word)
        or any(word in words[name] for name in _LISTED)
    )


def _is_participle(word: str) -> bool:
    return word.endswith(("et", "t")) and len(word) > 4


def _count_modal(counts: dict[str, float], word: str, before: list[str], after: list[str]) -> None:
    words = _words()
    for modal in ("vil", "skal", "kan", "bør", "må"):
        counts[f"modal_{modal}"] += word in words[f"modal_{modal}"]
    we = any(other in words["we"] for other in before + after[:1])
    counts["we_modal"] += we
    counts["skal_without_actor"] += word == "skal" and not we
    counts["citizens_modal"] += not we and any(other in words["citizens"] for other in before + after[:1])


def _count_verb(counts: dict[str, float], word: str, before: list[str], far_before: list[str]) -> None:
    words = _words()
    form = _form(word)
    after_modal = any(other in words["modals"] for other in far_before)
    if word in words["action"]:
        counts["action"] += 1
        counts["action_after_modal"] += after_modal and form in ("infinitive", "passive")
        if form in _VERB_FEATURES:
            counts[f"action_{form}"] += 1
    if word in words["vague"]:
        counts["vague"] += 1
        counts["vague_after_modal"] += after_modal
    counts["past"] += word in words["past_auxiliaries"] or form == "past"
    counts["present"] += form == "present"
    counts["we_present"] += (
        form == "present" and bool(before) and before[-1] in ("vi", "regionen", "kommunen", "regionsrådet", "byrådet")
    )
    counts["passive_s"] += form == "passive"
    participle = _is_participle(word)
    counts["perfect"] += participle and any(other in words["perfect_auxiliaries"] for other in before)
    counts["passive_blive"] += participle and any(other in words["passive_auxiliaries"] for other in before)


def _form(word: str) -> str:
    """Guess the form of a word, were it a verb, from its ending."""
    words = _words()
    if len(word) > 4 and word.endswith(("es", "ås")) and word not in words["no_passive"]:
        return "passive"
    if word.endswith("r") and word not in words["no_present"]:
        return "present"
    if word.endswith(("ede", "tte", "rte", "gte", "dte")) and len(word) > 4:
        return "past"
    return "infinitive" if word.endswith("e") else "other"
