"""Names read off the scores of spaCy's small networks: the same as its parser reads, without its steps.

The parser goes through a text token by token. Outside of a name, a token's scores depend on that token alone: they can
be computed for all tokens at once, and only inside of names, which are few, one comes after the other. They are
computed only where a name can begin: at a word with a capital letter, which is one token in sixteen. What else the
parser takes for a name is written all small or a mere number, and is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

    from strategitekst.language.word_memory import WordMemory

Floats = np.ndarray[Any, np.dtype[np.float32]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Places = np.ndarray[Any, np.dtype[np.int64]]

_FEATURES = 3
"""What the networks look at: a token, and inside of a name its first and its last token so far."""


class NameReader:
    """Sets the entities of documents.

    Args:
        memory: Makes vectors of tokens.
        upward: What those vectors go through before the parser's own layers.
        lower: The parser's precomputed layer.
        upper: Its output layer.
        moves: What the outputs mean: ``B-ORG``, ``I-ORG``, ``L-ORG``, ``U-ORG``, … and ``O``, in their order.
    """

    def __init__(self, memory: WordMemory, upward: Sequence[Any], lower: Any, upper: Any, moves: list[str]) -> None:
        self._memory, self._upward, self._lower = memory, tuple(upward), lower
        self._weights, self._shift = upper.get_param("W").T, upper.get_param("b")
        self._bias = lower.get_param("b")
        self._labels = [move[2:] for move in moves]
        self._outside = moves.index("O")
        self._begin = np.array([move[0] == "B" for move in moves])
        single = np.array([move[0] == "U" and len(move) > 2 for move in moves])
        self._opens = self._begin | single
        self._opens[self._outside] = True
        self._known = {(move[0], move[2:]): place for place, move in enumerate(moves)}

    def pipe(self, docs: Iterable[Doc], *, batch_size: int) -> Iterator[Doc]:
        """Set the entities of documents, so many at a time."""
        waiting = iter(docs)
        while some := list(islice(waiting, batch_size)):
            self._read(some)
            yield from some

    def _read(self, docs: list[Doc]) -> None:
        from spacy.tokens import Span

        places, capital, starts = self._memory.line_up(docs)
        begins = np.flatnonzero(capital)
        found: list[list[Span]] = [[] for _ in docs]
        if len(begins):
            last = _sentence_ends(docs, starts, len(places))
            line = _Line(self, places, np.union1d(begins, begins[~last[begins]] + 1))
            done = 0
            numbers = np.searchsorted(starts, begins, side="right") - 1
            for start, move, number in zip(
                begins.tolist(), self._outer_moves(line, begins, last).tolist(), numbers.tolist(), strict=True
            ):
                if start < done or move == self._outside:
                    continue
                label = self._labels[move]
                done = self._end(label, start, line, last) if self._begin[move] else start + 1
                first = starts[number]
                found[number].append(Span(docs[number], start - first, done - first, label=label))
        for doc, names in zip(docs, found, strict=True):
            doc.set_ents(names, default="outside")

    def features(self, places: Places, wanted: Places) -> Floats:
        """Give what each of some tokens adds to the sums; row 0 is what a missing token counts as."""
        vectors: Any = [self._memory.vectors(places, wanted)]
        for layer in self._upward:
            vectors = layer.predict(vectors)
        features: Floats = self._lower.predict(vectors)
        return features

    def _scores(self, sums: Floats) -> Floats:
        pieces = sums + self._bias
        # Two at a time: the same numbers as ``max`` over so short an axis gives, in a fifth of the time.
        hidden = reduce(np.maximum, np.moveaxis(pieces, -1, 0))
        scores: Floats = hidden @ self._weights + self._shift
        return scores

    def _outer_moves(self, line: _Line, begins: Places, last: Flags) -> np.ndarray[Any, np.dtype[np.intp]]:
        """Give the best move at each place, were it outside of a name."""
        scores = self._scores(line.some(begins) + line.missing)
        scores[:, ~self._opens] = -np.inf
        scores[np.ix_(last[begins], self._begin)] = -np.inf
        best: np.ndarray[Any, np.dtype[np.intp]] = np.argmax(scores, axis=1)
        return best

    def _end(self, label: str, start: int, line: _Line, last: Flags) -> int:
        """Tell where a name ends that begins at a place: after its last token."""
        inside, ends = self._known["I", label], self._known["L", label]
        place = start + 1
        while not last[place]:
            scores = self._scores(line[place][0] + line[start][1] + line[place - 1][2])
            if scores[ends] > scores[inside] or (scores[ends] == scores[inside] and ends < inside):
                break
            place += 1
        return place + 1


class _Line:
    """What tokens add to the sums: computed at once for those wanted, for others when they are asked for."""

    def __init__(self, reader: NameReader, places: Places, wanted: Places) -> None:
        self._reader, self._places, self._wanted = reader, places, wanted
        cached = reader.features(places, wanted)
        self._features = cached[1:]
        self.missing: Floats = cached[0, 1] + cached[0, 2]
        self._asked: dict[int, Floats] = {}

    def some(self, places: Places) -> Floats:
        """Of places where a name can begin, what each adds as the token that is read."""
        told: Floats = self._features[np.searchsorted(self._wanted, places), 0]
        return told

    def __getitem__(self, place: int) -> Floats:
        row = int(np.searchsorted(self._wanted, place))
        if row < len(self._wanted) and self._wanted[row] == place:
            told: Floats = self._features[row]
            return told
        if place not in self._asked:
            self._asked[place] = self._reader.features(self._places, np.array([place]))[1]
        return self._asked[place]


def _sentence_ends(docs: Sequence[Doc], starts: Sequence[int], length: int) -> Flags:
    """Tell of each place whether its token is the last of its sentence: no name goes on over that."""
    from spacy.attrs import SENT_START  # type: ignore[import-not-found]

    last = np.zeros(length, dtype=bool)
    for doc, start in zip(docs, starts, strict=True):
        if len(doc):
            last[start - 1 : start - 1 + len(doc)] = doc.to_array([SENT_START]) == 1
            last[start + len(doc) - 1] = True
    return last


def make_reader(
    memory: WordMemory, upward: Sequence[Any], lower: Any, upper: Any, recogniser: Any
) -> NameReader | None:
    """Make a reader of names, or None where the recogniser is built in another way than those of small pipelines."""
    usual = (
        lower.name == "precomputable_affine"
        and lower.get_dim("nF") == _FEATURES
        and lower.get_dim("nP") > 1
        and upper.name == "linear"
        and not recogniser.model.attrs["unseen_classes"]
    )
    if not usual:
        return None
    moves = [recogniser.moves.get_class_name(place) for place in range(recogniser.moves.n_moves)]
    return NameReader(memory, upward, lower, upper, moves)
