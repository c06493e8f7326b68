"""A network over words that remembers what it made of each word, apart from the words beside it.

spaCy's networks turn each token into numbers by its form alone, then mix in its neighbours layer by layer. Half of the
work is the same every time that a word comes: its own numbers, and its share in the first layer of itself and its two
neighbours, which is a sum. Plans use few words often.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from strategitekst.language.name_decoding import make_reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.language import Language
    from spacy.tokens import Doc
    from thinc.api import Model

_MOST_WORDS = 20_000
"""Words that are remembered; then it begins anew. At 3.8 kB a word this is 76 MB, once so many have come."""

_PARTS = 3  # of a parser's network: the tokens' vectors, the precomputed layer, the output
_FORM = frozenset({"NORM", "PREFIX", "SUFFIX", "SHAPE"})
_LAYER = ["expand_window", "maxout>>layernorm>>dropout"]

Floats = np.ndarray[Any, np.dtype[np.float32]]


_remembering: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


def name_recogniser(nlp: Language) -> Any:
    """Give a pipeline's recogniser of names, or one that finds the same names faster.

    The faster one begins with a network that remembers words and reads names off all scores at once; it shares all
    weights, and the pipeline stays as it is. Recognisers that are not built as those of small pipelines come back as
    they are.

    Args:
        nlp: A pipeline with ``ner``.

    Returns:
        A component that sets ``doc.ents``.
    """
    if nlp not in _remembering:
        _remembering[nlp] = _made_faster(nlp)
    return _remembering[nlp]


def _made_faster(nlp: Language) -> Any:
    from thinc.api import chain

    ner: Any = nlp.get_pipe("ner")
    if ner.model.name != "parser_model" or len(ner.model.layers) != _PARTS:
        return ner
    vectors, lower, upper = ner.model.layers
    if not vectors.layers or not _is_known(vectors.layers[0]):
        return ner
    faster: Any = chain(_remembering_network(vectors.layers[0]), *vectors.layers[1:])
    return make_reader(faster, lower, upper, ner) or ner


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


def _remembering_network(network: Model[Any, Any]) -> Model[Any, Any]:
    from thinc.api import Model

    memory = _WordMemory(network)

    def forward(_: Any, docs: Sequence[Doc], is_train: bool) -> Any:
        if is_train:
            raise NotImplementedError("the pipeline's own recogniser can be trained, this one cannot")
        return memory.vectors(docs), None

    return Model("remembering", forward, dims={"nO": network.get_dim("nO")})


class _WordMemory:
    def __init__(self, network: Model[Any, Any]) -> None:
        self._network = network
        embed, encode = network.layers
        first, *self._rest = encode.layers[0].layers
        maxout, self._norm = first.layers[0].layers[1].layers[0].layers
        self._embed, self._pad = embed, encode.attrs["pad"]
        self._width, self._pieces = maxout.get_dim("nO"), maxout.get_dim("nP")
        weights: Any = maxout.get_param("W")
        weights = weights.reshape(self._width * self._pieces, 3, -1)
        # (word, [of the word after it | of itself | of the word before it])
        self._shares: Floats = np.ascontiguousarray(weights.transpose(2, 1, 0).reshape(weights.shape[2], -1))
        bias: Any = maxout.get_param("b")
        self._bias: Floats = bias.reshape(-1)
        self._forget()

    def _forget(self) -> None:
        self._rows: dict[tuple[int, int], int] = {}
        # Row 0 stays zero: it stands between documents.
        self._own = np.zeros((_MOST_WORDS + 1, self._shares.shape[0]), dtype=np.float32)
        self._share = np.zeros((_MOST_WORDS + 1, self._shares.shape[1]), dtype=np.float32)

    def vectors(self, docs: Sequence[Doc]) -> list[Floats]:
        """Give the vectors of each document's tokens."""
        from spacy.attrs import NORM, ORTH  # type: ignore[import-not-found]

        words = [_pairs(doc.to_array([ORTH, NORM])) for doc in docs]
        unknown = [word for word in dict.fromkeys(word for some in words for word in some) if word not in self._rows]
        if len(self._rows) + len(unknown) > _MOST_WORDS:
            self._forget()
            unknown = list(dict.fromkeys(word for some in words for word in some))
            if len(unknown) > _MOST_WORDS:
                vectors: list[Floats] = self._network.predict(docs)
                return vectors
        if unknown:
            self._learn(unknown, docs[0])
        gap = [0] * self._pad
        places, starts = list(gap), []
        for some in words:
            starts.append(len(places))
            places += [self._rows[word] for word in some]
            places += gap
        mixed = self._mix(np.array(places))
        return [mixed[start : start + len(some)] for start, some in zip(starts, words, strict=True)]

    def _mix(self, places: np.ndarray[Any, np.dtype[np.int64]]) -> Floats:
        share = self._share[places]
        size = self._width * self._pieces
        total = share[:, size : 2 * size] + self._bias
        total[1:] += share[:-1, :size]
        total[:-1] += share[1:, 2 * size :]
        best, _ = self._norm.ops.maxout(total.reshape(len(places), self._width, self._pieces))
        vectors: Floats = self._own[places] + self._norm.predict(best)
        for layer in self._rest:
            vectors = layer.predict(vectors)
        return vectors

    def _learn(self, words: list[tuple[int, int]], like: Doc) -> None:
        from spacy.tokens import Doc

        strings = like.vocab.strings
        doc = Doc(like.vocab, words=[strings[orth] for orth, _ in words])
        for token, (_, norm) in zip(doc, words, strict=True):
            if token.norm != norm:  # what the tokenizer knows of an abbreviation, not of the word
                token.norm_ = strings[norm]
        [own] = self._embed.predict([doc])
        first = len(self._rows) + 1
        self._own[first : first + len(words)] = own
        self._share[first : first + len(words)] = own @ self._shares
        self._rows.update(zip(words, range(first, first + len(words)), strict=True))


def _pairs(columns: Any) -> list[tuple[int, int]]:
    return list(map(tuple, columns.reshape(-1, 2).tolist()))
