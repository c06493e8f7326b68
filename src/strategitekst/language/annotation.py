"""Sentences and names of paragraphs, with no more of a pipeline run than they need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from strategitekst.language.sentences import certain_starts
from strategitekst.language.word_memory import name_recogniser

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_UNREAD = ("morphologizer", "attribute_ruler", "lemmatizer")
"""Components whose work nothing that describes a paragraph looks at: parts of speech and lemmas."""

_SPLITTER = ("tok2vec", "senter", "sentence_boundaries")
_NAMES = "ner"
_TOGETHER = 128
"""Paragraphs that go through the recogniser of names at a time: so many that its numbers stay near the processor."""


def annotate(texts: Sequence[str], nlp: Language) -> Iterator[Doc]:
    """Set the sentences and entities of paragraphs, as the pipeline sets them.

    Where punctuation makes every border of a sentence certain, as it does in 29 of 30 paragraphs, the statistical
    splitter is left out: nothing would come of its guesses.

    Args:
        texts: The paragraphs' texts.
        nlp: A Danish pipeline that sets sentences and entities.

    Yields:
        A document for each text, in order.

    Example:
        >>> from strategitekst.language.pipeline import load_pipeline
        >>> [doc] = annotate(["Movia indsætter busser. De kører i 2026."], load_pipeline())
        >>> [sentence.text for sentence in doc.sents]
        ['Movia indsætter busser.', 'De kører i 2026.']
    """
    parts = {name: part for name, part in nlp.pipeline if name not in _UNREAD}
    if tuple(parts) != (*_SPLITTER, _NAMES) or _NAMES in parts["tok2vec"].listening_components:  # type: ignore[attr-defined]
        yield from nlp.pipe(texts, disable=_UNREAD)
        return
    for first in range(0, len(texts), _TOGETHER):
        docs = [nlp.make_doc(text) for text in texts[first : first + _TOGETHER]]
        open_to_guesses = [doc for doc in docs if not _settled(doc)]
        for name in ("tok2vec", "senter"):
            open_to_guesses = list(parts[name].pipe(open_to_guesses))  # type: ignore[attr-defined]
        for doc in open_to_guesses:
            parts["sentence_boundaries"](doc)
        yield from name_recogniser(nlp).pipe(docs, batch_size=_TOGETHER)


def _settled(doc: Doc) -> bool:
    """Set the sentence starts where the rules alone decide them all; tell whether they did."""
    from spacy.attrs import ORTH, SENT_START, SPACY  # type: ignore[import-not-found]

    strings = doc.vocab.strings
    columns: Any = doc.to_array([ORTH, SPACY])
    orths, spaces = columns.reshape(-1, 2).T.tolist()
    starts = certain_starts([strings[orth] for orth in orths], list(map(bool, spaces)))
    if starts is None:
        return False
    # -1 says that no sentence starts here, 0 would be that nobody knows; spaCy takes both as unsigned numbers.
    border: Any = np.where(starts, 1, -1).astype(np.int64).view(np.uint64)
    doc.from_array([SENT_START], border)
    return True
