"""A network over words that remembers what it made of each word, apart from the words beside it.

spaCy's networks turn each token into numbers by its form alone, then mix in its neighbours layer by layer. Half of the
work is the same every time that a word comes: its own numbers, and its share in the first layer of itself and its two
neighbours, which is a sum. Plans use few words often. And of most tokens nobody asks: no name begins near them.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from strategitekst.language.name_decoding import make_reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab
    from thinc.api import Model

_MOST_WORDS = 20_000
"""Words that are remembered; then it begins anew. At 3.8 kB a word this is 76 MB, once so many have come."""

_PARTS = 3  # of a parser's network: the tokens' vectors, the precomputed layer, the output
_FORM = frozenset({"NORM", "PREFIX", "SUFFIX", "SHAPE"})
_LAYER = ["expand_window", "maxout>>layernorm>>dropout"]

Floats = np.ndarray[Any, np.dtype[np.float32]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Places = np.ndarray[Any, np.dtype[np.int64]]

_remembering: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


def name_recogniser(nlp: Language) -> Any:
    """Give a pipeline's recogniser of names, or one that finds the same names faster.

    The faster one remembers words, reads names off all scores at once, and looks only for names that begin with a word
    that has a capital letter; it shares all weights, and the pipeline stays as it is. Recognisers that are not built as
    those of small pipelines come back as they are.

    Args:
        nlp: A pipeline with ``ner``.

    Returns:
        A component that sets ``doc.ents``.
    """
    if nlp not in _remembering:
        _remembering[nlp] = _made_faster(nlp)
    return _remembering[nlp]


def _made_faster(nlp: Language) -> Any:
    ner: Any = nlp.get_pipe("ner")
    if ner.model.name != "parser_model" or len(ner.model.layers) != _PARTS:
        return ner
    vectors, lower, upper = ner.model.layers
    if not vectors.layers or not _is_known(vectors.layers[0]):
        return ner
    return make_reader(WordMemory(vectors.layers[0]), vectors.layers[1:], lower, upper, ner) or ner


def _is_known(network: Model[Any, Any]) -> bool:
    """Tell whether a network turns words into numbers by their form alone and then mixes in one neighbour each side."""
    columns = [set(node.attrs["columns"]) for node in network.walk() if node.name == "extract_features"]
    if len(network.layers) != 2 or len(columns) != 1 or not columns[0] <= _FORM:
        return False
    encode = network.layers[1]
    mixing = encode.layers[0].layers if encode.name.startswith("with_array") else []
    windows = [node.attrs["window_size"] for node in encode.walk() if node.name == "expand_window"]
    return (
        len(mixing) > 1
        and encode.attrs["pad"] == len(mixing) == len(windows)
        and set(windows) == {1}
        and all(layer.name.startswith("residual") for layer in mixing)
        and [part.name for part in mixing[0].layers[0].layers] == _LAYER
    )


class WordMemory:
    """Makes vectors of tokens, of those that somebody looks at.

    Args:
        network: The one that remembers nothing.
    """

    def __init__(self, network: Model[Any, Any]) -> None:
        embed, encode = network.layers
        parts = [layer.layers[0].layers for layer in encode.layers[0].layers]
        maxout, self._norm = parts[0][1].layers[0].layers
        self._mixing = [mixing for _, mixing in parts[1:]]
        self._embed, self._pad = embed, encode.attrs["pad"]
        self._width, self._pieces = maxout.get_dim("nO"), maxout.get_dim("nP")
        weights: Any = maxout.get_param("W")
        weights = weights.reshape(self._width * self._pieces, 3, -1)
        # (word, [of the word after it | of itself | of the word before it])
        self._shares: Floats = np.ascontiguousarray(weights.transpose(2, 1, 0).reshape(weights.shape[2], -1))
        bias: Any = maxout.get_param("b")
        self._bias: Floats = bias.reshape(-1)
        self._forget(0)

    def _forget(self, at_least: int) -> None:
        self._rows: dict[tuple[int, int], int] = {}
        self._words: list[tuple[int, int]] = [(0, 0)]
        size = max(_MOST_WORDS, at_least) + 1
        # Row 0 stays zero: it stands between documents.
        self._own = np.zeros((size, self._shares.shape[0]), dtype=np.float32)
        self._share = np.zeros((size, self._shares.shape[1]), dtype=np.float32)
        self._capital = np.zeros(size, dtype=bool)
        self._learnt = np.zeros(size, dtype=bool)
        self._learnt[0] = True

    def line_up(self, docs: Sequence[Doc]) -> tuple[Places, Flags, list[int]]:
        """Put the tokens of documents in one line, with gaps between documents.

        Returns:
            Of each place in the line its word's number and whether that word has a capital letter; and the places where
            the documents begin.
        """
        from spacy.attrs import NORM, ORTH  # type: ignore[import-not-found]

        words = [_pairs(doc.to_array([ORTH, NORM])) for doc in docs]
        met = dict.fromkeys(chain.from_iterable(words))
        unknown = [word for word in met if word not in self._rows]
        if len(self._words) + len(unknown) > len(self._own):
            unknown = list(met)
            self._forget(len(unknown))
        if unknown:
            self._meet(unknown, docs[0].vocab)
        gap = [0] * self._pad
        line, starts = list(gap), []
        for some in words:
            starts.append(len(line))
            line += [self._rows[word] for word in some]
            line += gap
        places = np.array(line)
        return places, self._capital[places], starts

    def vectors(self, places: Places, wanted: Places) -> Floats:
        """Make vectors of some tokens.

        Args:
            places: The line, as ``line_up`` gives it.
            wanted: Places of tokens in it, ascending.

        Returns:
            A row for each of those wanted.
        """
        # Each layer looks one token to both sides: what it needs of the layer below.
        needed = [wanted]
        for _ in self._mixing:
            needed.append(_with_neighbours(needed[-1]))
        rows = needed.pop()
        self._learn(places[_with_neighbours(rows)])
        size = self._width * self._pieces
        total: Any = self._share[places[rows], size : 2 * size] + self._bias
        total += self._share[places[rows - 1], :size]
        total += self._share[places[rows + 1], 2 * size :]
        best, _ = self._norm.ops.maxout(total.reshape(len(rows), self._width, self._pieces))
        vectors: Floats = self._own[places[rows]] + self._norm.predict(best)
        for mixing in self._mixing:
            upper = needed.pop()
            middle = np.searchsorted(rows, upper)
            window = np.concatenate([vectors[middle - 1], vectors[middle], vectors[middle + 1]], axis=1)
            vectors = vectors[middle] + mixing.predict(window)
            rows = upper
        return vectors

    def _meet(self, words: list[tuple[int, int]], vocab: Vocab) -> None:
        """Give words their numbers."""
        self._vocab = vocab
        first = len(self._words)
        forms = [vocab.strings[orth] for orth, _ in words]
        self._capital[first : first + len(words)] = [form != form.lower() for form in forms]
        self._rows.update(zip(words, range(first, first + len(words)), strict=True))
        self._words += words

    def _learn(self, numbers: Places) -> None:
        """Compute what is remembered of those words of which it is not known: most words never stand near a name."""
        from spacy.tokens import Doc

        unknown = np.unique(numbers[~self._learnt[numbers]])
        if not len(unknown):
            return
        words = [self._words[number] for number in unknown.tolist()]
        strings = self._vocab.strings
        doc = Doc(self._vocab, words=[strings[orth] for orth, _ in words])
        for token, (_, norm) in zip(doc, words, strict=True):
            if token.norm != norm:  # what the tokenizer knows of an abbreviation, not of the word
                token.norm_ = strings[norm]
        [own] = self._embed.predict([doc])
        self._own[unknown] = own
        self._share[unknown] = own @ self._shares
        self._learnt[unknown] = True


def _with_neighbours(places: Places) -> Places:
    return np.unique(np.concatenate([places - 1, places, places + 1]))


def _pairs(columns: Any) -> list[tuple[int, int]]:
    return list(map(tuple, columns.reshape(-1, 2).tolist()))
