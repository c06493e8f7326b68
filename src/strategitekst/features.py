"""Paragraphs as numbers: n-grams, encoder vectors and linguistic signals side by side in one sparse matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from strategitekst.ngrams import WORD_PATTERN, NgramBlock, NgramWeights, WordMemory

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

    from strategitekst.document import Paragraph

__all__ = ["FeatureSpace", "Inputs", "NgramBlock", "context", "join_inputs"]

Floats = NDArray[np.float32]


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
        self._vocabularies: list[Mapping[str, int]] = []
        self._idf: list[NDArray[Any]] = []
        self._ngrams: NgramWeights | None = None
        self._memory = WordMemory()
        self._mean = self._deviation = np.empty(0, dtype=np.float32)

    def fit(self, inputs: Inputs) -> FeatureSpace:
        """Learn vocabularies, their weights, and the spread of the signals."""
        vectorizers = [_vectorizer(block).fit(_source(inputs, block)) for block in self.blocks]
        self._vocabularies = [vectorizer.vocabulary_ for vectorizer in vectorizers]
        self._idf = [vectorizer.idf_ for vectorizer in vectorizers]
        self._ngrams, self._memory = None, WordMemory()
        self._mean = inputs.signals.mean(axis=0)
        deviation = inputs.signals.std(axis=0)
        self._deviation = np.where(deviation > 0, deviation, 1.0).astype(np.float32)
        return self

    def transform(self, inputs: Inputs) -> scipy.sparse.csr_matrix:
        """Give a row a paragraph: n-grams, vectors, signals.

        Returns:
            float32, (paragraphs, features).
        """
        if self._ngrams is None:
            self._ngrams = NgramWeights(self.blocks, self._vocabularies, self._idf, self._memory)
        ngrams = self._ngrams.transform(inputs.texts, inputs.contexts)
        signals = (inputs.signals - self._mean) / self._deviation * self.signal_scale
        return _beside(ngrams, np.hstack([inputs.vectors * self.vector_scale, signals]).astype(np.float32))

    def share_words(self, other: FeatureSpace) -> None:
        """Look words up together with another space: both read the same texts."""
        self._ngrams, self._memory = None, other._memory

    def state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """Give what a model directory must hold to build the space again: config and arrays."""
        vocabularies = [sorted(vocabulary, key=vocabulary.__getitem__) for vocabulary in self._vocabularies]
        config = {
            "blocks": [{name: getattr(block, name) for name in NgramBlock.__slots__} for block in self.blocks],
            "vector_scale": self.vector_scale,
            "signal_scale": self.signal_scale,
            "vocabularies": vocabularies,
        }
        tensors = {f"idf_{number}": idf for number, idf in enumerate(self._idf)}
        return config, {**tensors, "mean": self._mean, "deviation": self._deviation}

    @classmethod
    def from_state(cls, config: Mapping[str, Any], tensors: Mapping[str, NDArray[Any]]) -> FeatureSpace:
        """Build a space from what ``state`` gave."""
        space = cls([NgramBlock(**block) for block in config["blocks"]], config["vector_scale"], config["signal_scale"])
        for number, vocabulary in enumerate(config["vocabularies"]):
            space._vocabularies.append({term: index for index, term in enumerate(vocabulary)})
            space._idf.append(tensors[f"idf_{number}"])
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


def _beside(sparse: scipy.sparse.csr_matrix, dense: Floats) -> scipy.sparse.csr_matrix:
    """Put the columns of a dense matrix behind those of a sparse one, row by row."""
    rows, width = dense.shape
    ends = sparse.indptr.astype(np.int32) + width * np.arange(rows + 1, dtype=np.int32)
    of_dense = ends[1:, None] - width + np.arange(width, dtype=np.int32)
    of_sparse = np.arange(sparse.nnz) + width * np.repeat(np.arange(rows), np.diff(sparse.indptr))
    values = np.empty(ends[-1], dtype=np.float32)
    columns = np.empty(ends[-1], dtype=np.int32)
    values[of_sparse], values[of_dense] = sparse.data, dense
    columns[of_sparse], columns[of_dense] = sparse.indices, sparse.shape[1] + np.arange(width)
    return scipy.sparse.csr_matrix((values, columns, ends), shape=(rows, sparse.shape[1] + width))


def _vectorizer(block: NgramBlock) -> TfidfVectorizer:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(
        analyzer=block.analyzer,
        ngram_range=(block.shortest, block.longest),
        max_features=block.most,
        min_df=2,
        sublinear_tf=True,
        token_pattern=WORD_PATTERN if block.analyzer == "word" else None,
        dtype=np.float32,
    )
