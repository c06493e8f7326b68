"""N-grams of texts, weighed as scikit-learn weighs them, but looked up once a word: words come again and again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, pairwise
from typing import Any, Literal

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

WORD_PATTERN = r"(?u)\b\w+\b|[:.?]"  # a colon tells a lead-in, a full stop a sentence from a fragment

_REMEMBERED = 50_000
"""Words whose n-grams are remembered; then it begins anew. At some 500 bytes a word this is 25 MB."""
_TOGETHER = 256
"""Texts that are counted at a time: so few that sorting their n-grams needs little memory."""

Source = Literal["texts", "contexts"]
Places = NDArray[np.int32]
_Found = tuple[NDArray[np.int64], Places]
"""Of all n-grams in some texts, as often as they stand there: the text's number, and the column."""

_NOWHERE = -1
_NO_PLACES: Places = np.empty(0, dtype=np.int32)


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

    source: Source
    analyzer: Literal["char_wb", "word"]
    shortest: int
    longest: int
    most: int


class NgramWeights:
    """Turns texts into the very numbers that fitted vectorizers make of them, several times as fast.

    Args:
        blocks: What is counted; their columns stand side by side.
        vocabularies: For each block the column of every n-gram, from 0.
        idf: For each block the weight of every column.
        memory: Of words; one that others use too spares each of them the looking up.
    """

    def __init__(
        self,
        blocks: Sequence[NgramBlock],
        vocabularies: Sequence[Mapping[str, int]],
        idf: Sequence[NDArray[Any]],
        memory: WordMemory,
    ) -> None:
        starts = np.cumsum([0, *map(len, vocabularies)])
        self.width = int(starts[-1])
        self._idf = np.concatenate([np.empty(0, dtype=np.float32), *idf])
        self._block = np.repeat(np.arange(len(blocks)), np.diff(starts))
        self._readers: list[tuple[Source, int, Callable[[Sequence[str]], _Found]]] = [
            (
                block.source,
                int(start),
                memory.reader(block, vocabulary) if block.analyzer == "char_wb" else _Words(vocabulary).find,
            )
            for block, vocabulary, start in zip(blocks, vocabularies, starts, strict=False)
        ]

    def transform(self, texts: Sequence[str], contexts: Sequence[str]) -> scipy.sparse.csr_matrix:
        """Weigh the n-grams of paragraphs.

        Args:
            texts: Their texts.
            contexts: Their texts with the headings above them in front.

        Returns:
            float32, (paragraphs, width); of each block the rows have length 1 or are empty.

        Example:
            >>> from sklearn.feature_extraction.text import TfidfVectorizer
            >>> settings = {"analyzer": "char_wb", "ngram_range": (2, 3), "sublinear_tf": True, "dtype": np.float32}
            >>> fitted = TfidfVectorizer(**settings).fit(["Flere busser", "Flere tog"])
            >>> block = NgramBlock("texts", "char_wb", 2, 3, 100)
            >>> ours = NgramWeights([block], [fitted.vocabulary_], [fitted.idf_], WordMemory())
            >>> bool((ours.transform(["Nye busser"], [""]) != fitted.transform(["Nye busser"])).nnz)
            False
        """
        given = {"texts": texts, "contexts": contexts}
        steps = range(0, max(len(texts), 1), _TOGETHER)
        parts = [self._some({name: some[first : first + _TOGETHER] for name, some in given.items()}) for first in steps]
        return parts[0] if len(parts) == 1 else scipy.sparse.csr_matrix(scipy.sparse.vstack(parts))

    def _some(self, given: Mapping[str, Sequence[str]]) -> scipy.sparse.csr_matrix:
        size = len(given["texts"])
        keys = [np.empty(0, dtype=np.int64)]
        for source, start, read in self._readers:
            rows, columns = read(given[source])
            keys.append(rows * self.width + (start + columns))
        found, counts = np.unique(np.concatenate(keys), return_counts=True)
        row, column = np.divmod(found, self.width) if self.width else (found, found)
        # As scikit-learn counts, step by step and in its order: the last bit is the same.
        values = counts.astype(np.float32)
        np.log(values, out=values)
        values += 1.0
        values *= self._idf[column]
        group = row * (self._block[-1] + 1 if len(self._block) else 1) + self._block[column]
        values = (values / np.sqrt(np.bincount(group, weights=values * values))[group]).astype(np.float32)
        ends = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=size))])
        matrix = (values, column.astype(np.int32), ends.astype(np.int32))
        return scipy.sparse.csr_matrix(matrix, shape=(size, self.width))


class WordMemory:
    """The n-grams of letters within words, looked up once a word for all blocks that want them."""

    def __init__(self) -> None:
        self._shortest, self._longest = 1, 0
        self._numbers: dict[str, int] = {}
        self._columns: list[Places] = []
        self._remembered: list[dict[str, Places]] = []

    def reader(self, block: NgramBlock, vocabulary: Mapping[str, int]) -> Callable[[Sequence[str]], _Found]:
        """Take in a block; give what finds its n-grams in texts."""
        numbers = self._numbers
        wanted = [numbers.setdefault(ngram, len(numbers)) for ngram in vocabulary]
        columns = np.full(len(numbers), _NOWHERE, dtype=np.int32)
        columns[wanted] = list(vocabulary.values())
        self._columns.append(columns)
        self._shortest = min(self._shortest, block.shortest) if self._longest else block.shortest
        self._longest = max(self._longest, block.longest)
        self._forget()
        return partial(self._find, len(self._columns) - 1)

    def _forget(self) -> None:
        self._remembered = [{} for _ in self._columns]

    def _find(self, number: int, texts: Sequence[str]) -> _Found:
        words = [text.lower().split() for text in texts]
        if len(self._remembered[number]) > _REMEMBERED:
            self._forget()
        remembered = self._remembered[number]
        self._learn([word for word in dict.fromkeys(chain.from_iterable(words)) if word not in remembered])
        found = [remembered[word] for some in words for word in some]
        rows = np.repeat(np.arange(len(words)), list(map(len, words)))
        return np.repeat(rows, list(map(len, found))), np.concatenate([_NO_PLACES, *found])

    def _learn(self, words: list[str]) -> None:
        numbers: list[int] = []
        ends = [0]
        for word in words:
            # What stands in a vocabulary has a length of its block, or is a whole word that is shorter.
            ngrams = _ngrams_of_word(f" {word} ", self._shortest, self._longest)
            numbers += [number for number in map(self._numbers.get, ngrams) if number is not None]
            ends.append(len(numbers))
        wanted = np.array(numbers, dtype=np.int64)
        for columns, remembered in zip(self._columns, self._remembered, strict=True):
            # A block knows no n-gram that came with a later one.
            places = np.append(columns, _NOWHERE)[np.minimum(wanted, len(columns))]
            kept = places != _NOWHERE
            cuts = np.concatenate([[0], np.cumsum(kept)])[ends].tolist()
            places = places[kept]
            remembered.update(zip(words, [places[first:end] for first, end in pairwise(cuts)], strict=True))


class _Words:
    """N-grams of words, which need the whole text: followed word by word as far as any of them goes."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._split = re.compile(WORD_PATTERN).findall
        self._numbers: dict[str, int] = {}
        ngrams = {tuple(ngram.split(" ")): place for ngram, place in vocabulary.items()}
        for words in ngrams:
            for word in words:
                self._numbers.setdefault(word, len(self._numbers))
        longest = max(map(len, ngrams), default=0)
        begun: dict[tuple[str, ...], int] = {(): 0}
        self._steps: list[tuple[NDArray[np.int64], Places]] = []
        for size in range(1, longest + 1):
            # How an n-gram of this size goes on from one that is a word shorter, and where it stands, if it does.
            known = {
                begun[words[: size - 1]] * len(self._numbers) + self._numbers[words[size - 1]]: words[:size]
                for words in ngrams
                if len(words) >= size
            }
            steps = np.array(sorted(known), dtype=np.int64)
            begun = {known[step]: number for number, step in enumerate(steps.tolist())}
            self._steps.append((steps, np.array([ngrams.get(words, _NOWHERE) for words in begun], dtype=np.int32)))

    def find(self, texts: Sequence[str]) -> _Found:
        """Find the n-grams in texts."""
        words = [self._split(text.lower()) for text in texts]
        rows = np.repeat(np.arange(len(texts)), list(map(len, words)))
        get = self._numbers.get
        numbers = np.array([get(word, _NOWHERE) for some in words for word in some], dtype=np.int64)
        begun, at = np.zeros(len(numbers), dtype=np.int64), np.arange(len(numbers))
        found_rows, found = [rows[:0]], [_NO_PLACES]
        for size, (steps, columns) in enumerate(self._steps):
            inside = at + size < len(numbers)
            begun, at = begun[inside], at[inside]
            word = numbers[at + size]
            step = begun * len(self._numbers) + word
            begun = np.minimum(np.searchsorted(steps, step), len(steps) - 1)
            known = (steps[begun] == step) & (word != _NOWHERE) & (rows[at + size] == rows[at])
            begun, at = begun[known], at[known]
            there = columns[begun] != _NOWHERE
            found_rows.append(rows[at[there]])
            found.append(columns[begun[there]])
        return np.concatenate(found_rows), np.concatenate(found)


def _ngrams_of_word(word: str, shortest: int, longest: int) -> list[str]:
    """Give the n-grams of a word with a space on either side; one that is no longer than n is given once."""
    size = len(word)
    ngrams = [
        word[first : first + n] for n in range(shortest, min(longest, size - 1) + 1) for first in range(size - n + 1)
    ]
    return [*ngrams, word] if size <= longest else ngrams
