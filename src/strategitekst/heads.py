"""Linear classifiers on a feature space, joined with what attention reads; kept as plain arrays, calibrated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from strategitekst.features import FeatureSpace, Inputs
from strategitekst.persistence import load_model, save_model
from strategitekst.surroundings import Surroundings

Floats = NDArray[np.float64]
Link = Literal["sigmoid", "softmax"]


class LinearHead:
    """Scores labels of paragraphs.

    Args:
        labels: The labels, in the order of the columns.
        link: ``sigmoid`` where a paragraph may have several labels, ``softmax`` where it has exactly one.
        space: The feature space.
        weights: (labels, features).
        intercept: (labels,).
        scale: Calibration of the raw scores: what they are multiplied with, (labels,).
        shift: What is added after that, (labels,).
        thresholds: Probability, seen among the surroundings, from which a label is given, (labels,); not used with
            ``softmax``.
        surroundings: How the other paragraphs of a plan count; only with ``sigmoid``.
        readings: The columns of ``Inputs.readings`` that are the labels'; empty where no attention head knows them.
    """

    def __init__(
        self,
        labels: Sequence[str],
        link: Link,
        space: FeatureSpace,
        weights: NDArray[Any],
        intercept: NDArray[Any],
        scale: NDArray[Any],
        shift: NDArray[Any],
        thresholds: NDArray[Any],
        readings: Sequence[int] = (),
        surroundings: Surroundings | None = None,
    ) -> None:
        self.labels = tuple(labels)
        self.link = link
        self.space = space
        self.weights = weights
        self.intercept = intercept
        self.scale = scale
        self.shift = shift
        self.thresholds = thresholds
        self.readings = tuple(readings)
        self.surroundings = surroundings

    def probabilities(self, inputs: Inputs) -> Floats:
        """Give calibrated probabilities of each paragraph by itself; rows sum to 1 with ``softmax``.

        Returns:
            (paragraphs, labels).
        """
        linear = np.asarray(self.space.transform(inputs) @ self.weights.T, dtype=np.float64) + self.intercept
        return apply_link(join_scores(linear, inputs, self.readings, self.link) * self.scale + self.shift, self.link)

    def save(self, folder: Path, config: Mapping[str, Any]) -> None:
        """Write the head as a model directory.

        Args:
            folder: The directory.
            config: What else the config shall say: encoder, training data, package versions.
        """
        space, tensors = self.space.state()
        calibration = {name: np.asarray(getattr(self, name), dtype=np.float32) for name in _ARRAYS}
        # Half precision moves probabilities by less than 0.001 and halves the file.
        tensors = {**tensors, **calibration, "weights": self.weights.astype(np.float16)}
        about: dict[str, Any] = {"labels": self.labels, "link": self.link, "readings": self.readings, "space": space}
        if self.surroundings:
            about[SURROUNDINGS], arrays = self.surroundings.state(SURROUNDINGS)
            tensors = {**tensors, **arrays}
        save_model(folder, {**config, **about}, tensors)

    @classmethod
    def load(cls, folder: Path, encoder_fingerprint: str | None = None) -> LinearHead:
        """Read a head from a model directory.

        Raises:
            ModelError: The directory is damaged, or the head was trained on another encoder's vectors.
        """
        config, tensors = load_model(folder, encoder_fingerprint)
        return cls(
            config["labels"],
            config["link"],
            FeatureSpace.from_state(config["space"], tensors),
            # Feature by feature: multiplied with another layout, all of it would be copied for each document.
            np.asfortranarray(tensors["weights"].astype(np.float32)),
            **{name: tensors[name].astype(np.float64) for name in _ARRAYS},
            readings=config["readings"],
            surroundings=_surroundings(config, tensors),
        )


def _surroundings(config: Mapping[str, Any], tensors: Mapping[str, NDArray[Any]]) -> Surroundings | None:
    weights = config.get(SURROUNDINGS)
    return Surroundings.from_state(SURROUNDINGS, weights, tensors) if weights else None


SURROUNDINGS = "surroundings"

READING_SHARES: Mapping[Link, float] = {"sigmoid": 0.5, "softmax": 0.7}
"""How much of a score is attention's; the rest is the linear model's. Best of 0.2 to 0.8 on writers held out."""

_ARRAYS = ("intercept", "scale", "shift", "thresholds")


def join_scores(linear: Floats, inputs: Inputs, readings: Sequence[int], link: Link) -> Floats:
    """Join a linear model's raw scores with those of attention.

    Args:
        linear: (paragraphs, labels).
        inputs: Of the paragraphs.
        readings: The columns of ``inputs.readings`` that are the labels'; empty for none.
        link: Of the head.

    Returns:
        Raw scores, (paragraphs, labels).
    """
    if not readings:
        return linear
    share = READING_SHARES[link]
    return (1 - share) * linear + share * inputs.readings[:, list(readings)]


def apply_link(scores: Floats, link: Link) -> Floats:
    """Turn scores into probabilities.

    Example:
        >>> apply_link(np.array([[0.0, 0.0]]), "softmax").tolist()
        [[0.5, 0.5]]
    """
    if link == "sigmoid":
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(scores, -50.0, 50.0))))
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))
