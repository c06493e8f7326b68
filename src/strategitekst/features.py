"""Paragraphs as numbers: n-grams, encoder vectors and linguistic signals side by side in one sparse matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from strategitekst.ngrams import NgramWeights

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

    from strategitekst.document import Paragraph

Floats = NDArray[np.float32]
WORD_PATTERN = r"(?u)\b\w+\b|[:.?]"  # a colon tells a lead-in, a full stop a sentence from a fragment


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is known about some paragraphs before they are classified.

    Attributes:
        texts: Their texts.
        contexts: Their texts with the headings above them in front.
        vectors: Encoder vectors of the contexts, (paragraphs, dimensions).
        signals: Modality and anchors, (paragraphs, signals); width 0 for a classifier that uses none.
        readings: Scores of the attention head, (paragraphs, its labels); width 0 for a classifier that uses none.
    """

    texts: Sequence[str]
    contexts: Sequence[str]
    vectors: Floats
    signals: Floats
    readings: Floats

    def __getitem__(self, rows: NDArray[np.int64]) -> Inputs:
        """Take some of the paragraphs."""
        return Inputs(
            [self.texts[row] for row in rows],
            [self.contexts[row] for row in rows],
            self.vectors[rows],
            self.signals[rows],
            self.readings[rows],
        )


def join_inputs(first: Inputs, second: Inputs) -> Inputs:
    """Put paragraphs behind others."""
    return Inputs(
        [*first.texts, *second.texts],
        [*first.contexts, *second.contexts],
        np.concatenate([first.vectors, second.vectors]),
        np.concatenate([first.signals, second.signals]),
        np.concatenate([first.readings, second.readings]),
    )


@dataclass(frozen=True, slots=True)
class NgramBlock:
    """TF-IDF weighted n-grams of one of the texts.

    Attributes:
        source: ``texts`` or ``contexts``.
        analyzer: ``char_wb`` for n-grams of letters within words, ``word`` for n-grams of words.
        shortest: Least n.
        longest: Greatest n.
        most: The number of n-grams kept.
    """

    source: Literal["texts", "contexts"]
    analyzer: Literal["char_wb", "word"]
    shortest: int
    longest: int
    most: int


class FeatureSpace:
    """Turns paragraphs into rows of one sparse matrix; fitted once, then fixed.

    Args:
        blocks: The n-gram blocks.
        vector_scale: What encoder vectors are multiplied with, relative to TF-IDF rows of length 1.
        signal_scale: The same for standardised signals.
    """

    def __init__(self, blocks: Sequence[NgramBlock], vector_scale: float, signal_scale: float) -> None:
        self.blocks = tuple(blocks)
        self.vector_scale = vector_scale
        self.signal_scale = signal_scale
        self._vectorizers: list[TfidfVectorizer] = []
        self._ngrams: list[NgramWeights] = []
        self._mean = self._deviation = np.empty(0, dtype=np.float32)

    def fit(self, inputs: Inputs) -> FeatureSpace:
        """Learn vocabularies, their weights, and the spread of the signals."""
        self._vectorizers = [_vectorizer(block).fit(_source(inputs, block)) for block in self.blocks]
        self._ngrams = []
        self._mean = inputs.signals.mean(axis=0)
        deviation = inputs.signals.std(axis=0)
        self._deviation = np.where(deviation > 0, deviation, 1.0).astype(np.float32)
        return self

    def transform(self, inputs: Inputs) -> scipy.sparse.csr_matrix:
        """Give a row a paragraph: n-grams, vectors, signals.

        Returns:
            float32, (paragraphs, features).
        """
        parts = [
            weights.transform(_source(inputs, block))
            for block, weights in zip(self.blocks, self._weights(), strict=True)
        ]
        signals = (inputs.signals - self._mean) / self._deviation * self.signal_scale
        dense = np.hstack([inputs.vectors * self.vector_scale, signals]).astype(np.float32)
        return scipy.sparse.csr_matrix(scipy.sparse.hstack([*parts, scipy.sparse.csr_matrix(dense)], dtype=np.float32))

    def _weights(self) -> list[NgramWeights]:
        if not self._ngrams:
            self._ngrams = [NgramWeights(vectorizer) for vectorizer in self._vectorizers]
        return self._ngrams

    def state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """Give what a model directory must hold to build the space again: config and arrays."""
        vocabularies = [
            sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.get) for vectorizer in self._vectorizers
        ]
        config = {
            "blocks": [{name: getattr(block, name) for name in NgramBlock.__slots__} for block in self.blocks],
            "vector_scale": self.vector_scale,
            "signal_scale": self.signal_scale,
            "vocabularies": vocabularies,
        }
        tensors = {f"idf_{number}": vectorizer.idf_ for number, vectorizer in enumerate(self._vectorizers)}
        return config, {**tensors, "mean": self._mean, "deviation": self._deviation}

    @classmethod
    def from_state(cls, config: Mapping[str, Any], tensors: Mapping[str, NDArray[Any]]) -> FeatureSpace:
        """Build a space from what ``state`` gave."""
        space = cls([NgramBlock(**block) for block in config["blocks"]], config["vector_scale"], config["signal_scale"])
        for number, (block, vocabulary) in enumerate(zip(space.blocks, config["vocabularies"], strict=True)):
            vectorizer = _vectorizer(block, {term: index for index, term in enumerate(vocabulary)})
            vectorizer.idf_ = tensors[f"idf_{number}"]
            space._vectorizers.append(vectorizer)
        space._mean, space._deviation = tensors["mean"], tensors["deviation"]
        return space


def context(paragraph: Paragraph) -> str:
    """Put the headings above a paragraph in front of its text.

    Example:
        >>> from strategitekst.document import Paragraph
        >>> context(Paragraph(0, "Flere busser.", 0, 13, heading=("Plan", "Trafik")))
        'Plan > Trafik: Flere busser.'
    """
    return f"{' > '.join(paragraph.heading)}: {paragraph.text}" if paragraph.heading else paragraph.text


def _source(inputs: Inputs, block: NgramBlock) -> Sequence[str]:
    return inputs.texts if block.source == "texts" else inputs.contexts


def _vectorizer(block: NgramBlock, vocabulary: Mapping[str, int] | None = None) -> TfidfVectorizer:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(
        analyzer=block.analyzer,
        ngram_range=(block.shortest, block.longest),
        max_features=None if vocabulary else block.most,
        min_df=1 if vocabulary else 2,
        vocabulary=vocabulary,
        sublinear_tf=True,
        token_pattern=WORD_PATTERN if block.analyzer == "word" else None,
        dtype=np.float32,
    )
