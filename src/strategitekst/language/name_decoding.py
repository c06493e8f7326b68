"""Names read off the scores of spaCy's small networks: the same as its parser reads, without its steps.

The parser goes through a text token by token. Outside of a name, a token's scores depend on that token alone: they can
be computed for all tokens at once, and only inside of names, which are few, one comes after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

Floats = np.ndarray[Any, np.dtype[np.float32]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

_FEATURES = 3
"""What the networks look at: a token, and inside of a name its first and its last token so far."""


class NameReader:
    """Sets the entities of documents.

    Args:
        vectors: Turns documents into the vectors of their tokens.
        lower: The parser's precomputed layer.
        upper: Its output layer.
        moves: What the outputs mean: ``B-ORG``, ``I-ORG``, ``L-ORG``, ``U-ORG``, … and ``O``, in their order.
    """

    def __init__(self, vectors: Any, lower: Any, upper: Any, moves: list[str]) -> None:
        self._vectors, self._lower = vectors, lower
        self._weights, self._shift = upper.get_param("W").T, upper.get_param("b")
        self._bias = lower.get_param("b")
        self._labels = [move[2:] for move in moves]
        self._outside = moves.index("O")
        self._begin = np.array([move[0] == "B" for move in moves])
        self._single = np.array([move[0] == "U" and len(move) > 2 for move in moves])
        self._known = {(move[0], move[2:]): place for place, move in enumerate(moves)}

    def pipe(self, docs: Iterable[Doc], *, batch_size: int) -> Iterator[Doc]:
        """Set the entities of documents, so many at a time."""
        waiting = iter(docs)
        while some := list(islice(waiting, batch_size)):
            self._read(some)
            yield from some

    def _read(self, docs: list[Doc]) -> None:
        from spacy.attrs import IS_SPACE, SENT_START  # type: ignore[import-not-found]

        told = [doc for doc in docs if len(doc)]
        if not told:
            return
        # Row 0 is what a missing token counts as.
        cached: Floats = self._lower.predict(self._vectors.predict(told))
        attributes = np.concatenate([doc.to_array([IS_SPACE, SENT_START]) for doc in told])
        space = attributes[:, 0] == 1
        ends = np.cumsum([len(doc) for doc in told])
        # No name goes on over the border of a sentence.
        last = np.append(attributes[1:, 1] == 1, True)
        last[ends - 1] = True
        best = self._outer_moves(cached, space, last)
        first = 0
        for doc, end in zip(told, ends.tolist(), strict=True):
            doc.set_ents(self._entities(doc, best[first:end], cached, last, first), default="outside")
            first = end

    def _scores(self, sums: Floats) -> Floats:
        pieces = sums + self._bias
        # Two at a time: the same numbers as ``max`` over so short an axis gives, in a fifth of the time.
        hidden = reduce(np.maximum, np.moveaxis(pieces, -1, 0))
        scores: Floats = hidden @ self._weights + self._shift
        return scores

    def _outer_moves(self, cached: Floats, space: Flags, last: Flags) -> np.ndarray[Any, np.dtype[np.intp]]:
        """Give the best move at each token, were it outside of a name."""
        scores = self._scores(cached[1:, 0] + cached[0, 1] + cached[0, 2])
        allowed = np.zeros(scores.shape, dtype=bool)
        allowed[:, self._outside] = True
        allowed[np.ix_(~space, self._single)] = True
        allowed[np.ix_(~space & ~last, self._begin)] = True
        best: np.ndarray[Any, np.dtype[np.intp]] = np.argmax(np.where(allowed, scores, -np.inf), axis=1)
        return best

    def _entities(
        self, doc: Doc, best: np.ndarray[Any, np.dtype[np.intp]], cached: Floats, last: Flags, first: int
    ) -> list[Span]:
        """Read the names of one document, whose tokens begin at row ``first``."""
        from spacy.tokens import Span

        found: list[Span] = []
        done = 0
        for start in np.flatnonzero(best != self._outside).tolist():
            if start < done:
                continue
            move = int(best[start])
            end = start + 1
            if self._begin[move]:
                end = self._end(self._labels[move], first + start, cached, last) - first
            found.append(Span(doc, start, end, label=self._labels[move]))
            done = end
        return found

    def _end(self, label: str, start: int, cached: Floats, last: Flags) -> int:
        """Tell where a name ends that begins at row ``start``: after its last token."""
        inside, ends = self._known["I", label], self._known["L", label]
        row = start + 1
        while not last[row]:
            # Rows of ``cached`` begin with the missing token.
            scores = self._scores(cached[row + 1, 0] + cached[start + 1, 1] + cached[row, 2])
            if scores[ends] > scores[inside] or (scores[ends] == scores[inside] and ends < inside):
                break
            row += 1
        return row + 1


def make_reader(vectors: Any, lower: Any, upper: Any, recogniser: Any) -> NameReader | None:
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
    return NameReader(vectors, lower, upper, moves)
