"""Word vectors put together from the pieces of a word, so that no word is without one.

Names are what a tagger knows least, and most names stand in no list. Importing this module imports spaCy;
``pipeline_components`` does, when a pipeline is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from spacy.util import registry
from spacy.vectors import BaseVectors  # type: ignore[import-not-found]

if TYPE_CHECKING:
    from spacy.vocab import Vocab
    from thinc.api import Ops
    from tokenizers import Tokenizer

NAME = "strategitekst.PieceVectors.v1"

_TABLE, _TOKENIZER = "pieces.npy", "pieces.json"
_CACHED_WORDS = 50_000

Floats = np.ndarray[Any, np.dtype[np.float32]]


class PieceVectors(BaseVectors):  # type: ignore[misc]
    """The mean of the vectors of a word's pieces, for spaCy's models that take static vectors.

    Attributes:
        strings: The strings of the vocabulary, in which keys are looked up.
        name: The name that stands in meta.json.
        mode: The kind that stands in meta.json.
    """

    mode = "pieces"
    name = "da_strategitekst_vectors"

    def __init__(self, *, strings: Any) -> None:
        self.strings = strings
        self._tokenizer: Tokenizer | None = None
        self._rows: Floats = np.zeros((0, 0), dtype=np.float32)
        self._cache: dict[int, Floats] = {}

    def set_pieces(self, tokenizer: Tokenizer, rows: Floats) -> None:
        """Use another table.

        Args:
            tokenizer: Cuts words into pieces.
            rows: A row for each id of the tokenizer.
        """
        self._tokenizer, self._rows, self._cache = tokenizer, np.asarray(rows, dtype=np.float32), {}

    @property
    def shape(self) -> tuple[int, int]:
        """The number of pieces, and of dimensions."""
        return self._rows.shape[0], self._rows.shape[1]

    @property
    def vectors_length(self) -> int:
        """The number of dimensions."""
        return self.shape[1]

    @property
    def size(self) -> int:
        """The number of values in the table."""
        return int(self._rows.size)

    @property
    def n_keys(self) -> int:
        """-1: there is no end of words that have a vector."""
        return -1

    def __len__(self) -> int:
        return self.shape[0]

    def __contains__(self, key: int | str) -> bool:
        return len(self) > 0

    def __getitem__(self, key: int | str) -> Floats:
        vector: Floats = self.get_batch([key])[0]
        return vector

    def is_full(self) -> bool:
        """Say whether no row is free: always, since rows belong to pieces."""
        return True

    def get_batch(self, keys: Iterable[int | str]) -> Floats:
        """Look up words.

        Args:
            keys: Words, or their ids in the strings.

        Returns:
            A row a word; zeros for a word without pieces.
        """
        ids = [key if isinstance(key, int) else self._id(key) for key in keys]
        unknown = [key for key in dict.fromkeys(ids) if key not in self._cache]
        if len(self._cache) + len(unknown) > _CACHED_WORDS:
            # What the batch needs is put back right below; a cache that is emptied now and then costs little.
            unknown, self._cache = list(dict.fromkeys(ids)), {}
        if unknown and self._tokenizer is not None:
            words = [self.strings[key] for key in unknown]
            encodings = self._tokenizer.encode_batch(words, add_special_tokens=False)
            for key, encoding in zip(unknown, encodings, strict=True):
                pieces = self._rows[encoding.ids]
                self._cache[key] = pieces.mean(axis=0) if len(pieces) else np.zeros(self.shape[1], dtype=np.float32)
        if not ids or self._tokenizer is None:
            return np.zeros((len(ids), self.shape[1]), dtype=np.float32)
        return np.stack([self._cache[key] for key in ids])

    def _id(self, key: Any) -> int:
        return int(self.strings.add(key)) if isinstance(key, str) else int(key)

    def to_ops(self, ops: Ops) -> None:
        """Stay on the processor; spaCy calls this when it loads a pipeline."""

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Write the table in half precision, which halves the file and changes no prediction.

        Args:
            path: The folder of the vocabulary.
        """
        if self._tokenizer is not None:
            np.save(Path(path) / _TABLE, self._rows.astype(np.float16), allow_pickle=False)
            self._tokenizer.save(str(Path(path) / _TOKENIZER), pretty=False)

    def from_disk(self, path: str | Path, **_: Any) -> PieceVectors:
        """Read the table.

        Args:
            path: The folder of the vocabulary.

        Returns:
            These vectors.
        """
        from tokenizers import Tokenizer

        table = Path(path) / _TABLE
        if table.is_file():
            tokenizer = Tokenizer.from_file(str(Path(path) / _TOKENIZER))
            self.set_pieces(tokenizer, np.load(table, allow_pickle=False))
        return self


def make_vectors(vocab: Vocab) -> PieceVectors:
    """Make vectors for a vocabulary.

    Args:
        vocab: The vocabulary.

    Returns:
        Vectors with an empty table.
    """
    return PieceVectors(strings=vocab.strings)


@registry.vectors(NAME)  # type: ignore[untyped-decorator]
def vectors_factory() -> Callable[[Vocab], PieceVectors]:
    """Give spaCy the function that makes vectors for a vocabulary.

    Returns:
        The function.
    """
    return make_vectors
