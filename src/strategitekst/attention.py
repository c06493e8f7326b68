"""A paragraph read piece by piece: each label looks for the pieces that speak for it.

Label-wise attention (Mullenbach et al. 2018; Vu, Nguyen & Nguyen 2020) over the encoder's states of a text's pieces.
The mean that an encoder makes of a long paragraph drowns the one sentence that decides; attention finds it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strategitekst.persistence import load_model, save_model

MODEL = "attention"
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class AttentionHead:
    """Scores labels from the states of a text's pieces.

    Attributes:
        labels: The labels.
        fingerprint: Hash of the arrays, in hexadecimal.
        hidden: Turns a piece's state into hidden units, (features, units).
        hidden_shift: Added to them, (units,).
        attention: What each label looks for, (units, labels).
        value: What a piece says for each label, (units, labels).
        mean: What the mean of the states says for each label, (features, labels).
        shift: Added to the scores, (labels,).

    Example:
        >>> one = np.ones((1, 1), dtype=np.float32)
        >>> head = AttentionHead(("P1",), "0", one, one[0] * 0, one * 9, one, one * 0, one[0] * 0)
        >>> head.scores(np.array([[0.0], [2.0]], dtype=np.float32)).round(2).tolist()  # the second piece decides
        [2.0]
    """

    labels: tuple[str, ...]
    fingerprint: str
    hidden: Floats
    hidden_shift: Floats
    attention: Floats
    value: Floats
    mean: Floats
    shift: Floats

    def scores(self, states: Floats) -> Floats:
        """Score the labels of one text.

        Args:
            states: Of its pieces, (pieces, features).

        Returns:
            Log odds, (labels,).
        """
        units = np.maximum(states @ self.hidden + self.hidden_shift, 0.0)
        weights = _softmax(units @ self.attention)
        scores = (weights * (units @ self.value)).sum(axis=0) + states.mean(axis=0) @ self.mean + self.shift
        return np.asarray(scores, dtype=np.float32)

    def piece_scores(self, states: Floats, column: int) -> Floats:
        """Split a label's score over the pieces of one text, (pieces,); with the label's ``shift`` they add up."""
        units = np.maximum(states @ self.hidden + self.hidden_shift, 0.0)
        weights = _softmax(units @ self.attention[:, column])
        scores = weights * (units @ self.value[:, column]) + states @ self.mean[:, column] / len(states)
        return np.asarray(scores, dtype=np.float32)

    def columns(self, labels: Sequence[str]) -> tuple[int, ...]:
        """Tell which columns of the scores are those of some labels; none where one of them is unknown."""
        known = {label: column for column, label in enumerate(self.labels)}
        return tuple(known[label] for label in labels) if all(label in known for label in labels) else ()

    def save(self, folder: Path, config: Mapping[str, Any]) -> None:
        """Write the head as a model directory, its numbers in half precision."""
        tensors = {name: getattr(self, name).astype(np.float16) for name in _ARRAYS}
        save_model(folder, {**config, "labels": self.labels}, tensors)

    @classmethod
    def load(cls, folder: Path, encoder_fingerprint: str | None = None) -> AttentionHead:
        """Read a head from a model directory.

        Raises:
            ModelError: The directory is damaged, or the head was trained on another encoder's states.
        """
        config, tensors = load_model(folder, encoder_fingerprint)
        return make_head(config["labels"], {name: tensors[name].astype(np.float32) for name in _ARRAYS})


def make_head(labels: Sequence[str], arrays: Mapping[str, Floats]) -> AttentionHead:
    """Make a head from its arrays."""
    return AttentionHead(tuple(labels), _hash(arrays), **arrays)


_ARRAYS = tuple(field.name for field in fields(AttentionHead))[2:]


def _hash(arrays: Mapping[str, Floats]) -> str:
    import hashlib

    digest = hashlib.sha256()
    for name in _ARRAYS:
        digest.update(np.ascontiguousarray(arrays[name].astype(np.float16)).tobytes())
    return digest.hexdigest()


def _softmax(values: Floats) -> Floats:
    raised = np.exp(values - values.max(axis=0))
    return np.asarray(raised / raised.sum(axis=0), dtype=np.float32)
