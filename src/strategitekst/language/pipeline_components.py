"""The spaCy components of this package: lemmas, and corrected sentence starts.

Importing this module imports spaCy and registers the components, and the vectors that they build on; ``pipeline`` does
so before it loads a pipeline.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.pipeline import Pipe
from spacy.tokens import Doc

from strategitekst.language.lemmas import Edit, Endings, lemma_of
from strategitekst.language.sentences import sentence_starts
from strategitekst.language.word_vectors import NAME as VECTORS

__all__ = ["BOUNDARIES", "LEMMATIZER", "VECTORS", "EndingLemmatizer", "correct_boundaries", "make_lemmatizer"]

LEMMATIZER = "strategitekst_lemmatizer"
BOUNDARIES = "strategitekst_boundaries"

_FILE = "endings.json"
_CACHED_WORDS = 50_000
_OWNED = frozenset({"NOUN", "ADJ", "NUM"})


class EndingLemmatizer(Pipe):
    """The pipeline component that sets ``token.lemma_`` from ``token.pos_``."""

    def __init__(self, name: str = "lemmatizer") -> None:
        self.name = name
        self.set_endings({})

    def set_endings(self, endings: Endings) -> None:
        """Use another table of endings.

        Args:
            endings: From part of speech to ending to edit.
        """
        self.endings = endings
        self._cached = lru_cache(_CACHED_WORDS)(lambda word, upos, genitive: lemma_of(word, upos, genitive, endings))

    def __call__(self, doc: Doc) -> Doc:
        """Set the lemma of every token.

        Args:
            doc: A document with parts of speech.

        Returns:
            The same document.
        """
        following = "PUNCT"
        for token in reversed(doc):
            upos = token.pos_
            # "Nakskovs havn" but "Lars Jensen": a name's s is a genitive where what it owns comes next.
            genitive = upos == "PROPN" and following in _OWNED
            token.lemma_ = self._cached(token.text, upos, genitive)
            following = upos
        return doc

    def to_disk(self, path: str | Path, *, exclude: Any = ()) -> None:
        """Write the table.

        Args:
            path: The folder of the component, made if missing.
            exclude: Not used; spaCy passes it.
        """
        # Endings with the same edit share a line, which makes the file a third of the size.
        packed: dict[str, dict[str, list[str]]] = {}
        for upos, table in self.endings.items():
            edits: dict[str, list[str]] = {}
            for ending, (cut, added) in table.items():
                edits.setdefault(f"{cut} {added}", []).append(ending)
            packed[upos] = {edit: sorted(edits[edit]) for edit in sorted(edits)}
        Path(path).mkdir(parents=True, exist_ok=True)
        (Path(path) / _FILE).write_text(json.dumps(packed, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")

    def from_disk(self, path: str | Path, *, exclude: Any = ()) -> EndingLemmatizer:
        """Read the table.

        Args:
            path: The folder of the component.
            exclude: Not used; spaCy passes it.

        Returns:
            This component.
        """
        endings: dict[str, dict[str, Edit]] = {}
        for upos, edits in json.loads((Path(path) / _FILE).read_text(encoding="utf-8")).items():
            table = endings.setdefault(upos, {})
            for edit, group in edits.items():
                cut, _, added = edit.partition(" ")
                table.update(dict.fromkeys(group, (int(cut), added)))
        self.set_endings(endings)
        return self


@Language.factory(LEMMATIZER, assigns=["token.lemma"], requires=["token.pos"])
def make_lemmatizer(nlp: Language, name: str) -> EndingLemmatizer:
    """Make the component for a pipeline.

    Args:
        nlp: The pipeline.
        name: The component's name in it.

    Returns:
        The component with an empty table.
    """
    return EndingLemmatizer(name)


@Language.component(BOUNDARIES, assigns=["token.is_sent_start", "doc.sents"])
def correct_boundaries(doc: Doc) -> Doc:
    """Correct the sentence starts that a statistical splitter set.

    Args:
        doc: A document with guessed sentence starts and without a parse.

    Returns:
        The same document.
    """
    tokens = list(doc)  # once: each pass over a document makes its tokens anew
    guesses = [bool(token.is_sent_start) for token in tokens]
    words, spaces = [token.text for token in tokens], [bool(token.whitespace_) for token in tokens]
    for token, start in zip(tokens, sentence_starts(words, spaces, guesses), strict=True):
        token.is_sent_start = start
    return doc
