"""Does a paragraph serve a theme of a strategy that no head was trained for? Told from the strategy's own words.

Each pair of paragraph and theme is described by how near the paragraph's vector lies to the theme's name, description
and parts, and by how that compares with the strategy's other themes. One logistic regression over such pairs, learnt on
the labelled plans, serves every strategy: it has seen how near is near enough, not the themes themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from strategitekst.heads import Floats, apply_link
from strategitekst.persistence import load_model
from strategitekst.resources import model_path

if TYPE_CHECKING:
    from strategitekst.encoding import Encoder
    from strategitekst.features import Inputs
    from strategitekst.strategy import Strategy

MODEL = "relevance"
PAIR_FEATURES = ("name", "whole", "best_part", "parts_mean", "above_mean", "below_best", "spread_above_mean")


class RelevanceScorer:
    """Scores the themes of any strategy.

    Args:
        labels: Theme ids.
        themes: Vectors of each theme's texts: name, whole, parts.
        weights: Of the pair features.
        intercept: Of the regression.
        threshold: Probability from which a theme is given.
    """

    def __init__(
        self, labels: tuple[str, ...], themes: list[NDArray[Any]], weights: Floats, intercept: float, threshold: float
    ) -> None:
        self.labels = labels
        self.thresholds: Floats = np.full(len(labels), threshold)
        self._themes = themes
        self._weights = weights
        self._intercept = intercept

    @classmethod
    def load(cls, strategy: Strategy, encoder: Encoder) -> RelevanceScorer:
        """Read the regression that ships and embed the strategy's texts.

        Raises:
            ModelError: The model is missing, or was trained on another encoder's vectors.
        """
        config, tensors = load_model(model_path(MODEL), encoder.fingerprint)
        return cls(
            tuple(strategy.themes),
            theme_vectors(strategy, encoder),
            tensors["weights"],
            float(tensors["intercept"][0]),
            config["threshold"],
        )

    def probabilities(self, inputs: Inputs) -> Floats:
        """Give the probability that each paragraph serves each theme, (paragraphs, themes)."""
        pairs = pair_features(inputs.vectors, self._themes)
        return apply_link(pairs @ self._weights + self._intercept, "sigmoid")


def theme_texts(strategy: Strategy) -> list[list[str]]:
    """Give each theme's texts: its name, all of it, and its parts, in the order of ``strategy.themes``."""
    texts = {}
    for pledge in strategy.pledges:
        parts = [unit.text for unit in pledge.units()]
        texts[pledge.id] = [pledge.name, " ".join([pledge.name, pledge.description]), *parts]
    for foundation in strategy.foundations:
        whole = " ".join([foundation.name, foundation.description])
        texts[foundation.id] = [foundation.name, whole, foundation.name, *foundation.points]
    for ambition in strategy.ambitions:
        texts[ambition.id] = [ambition.name, " ".join([ambition.name, ambition.description]), ambition.name]
    return [texts[theme] for theme in strategy.themes]


def theme_vectors(strategy: Strategy, encoder: Encoder) -> list[NDArray[Any]]:
    """Embed each theme's texts."""
    return [encoder.encode(texts, "query") for texts in theme_texts(strategy)]


def pair_features(vectors: NDArray[Any], themes: list[NDArray[Any]]) -> Floats:
    """Describe every pair of paragraph and theme.

    Args:
        vectors: Of the paragraphs, (paragraphs, dimensions).
        themes: What ``theme_vectors`` gave.

    Returns:
        (paragraphs, themes, ``PAIR_FEATURES``).

    Example:
        >>> themes = [np.eye(3)[[0, 0, 0]], np.eye(3)[[1, 1, 1]]]
        >>> pair_features(np.eye(3)[:1], themes)[0, :, 0].tolist()
        [1.0, 0.0]
    """
    name = np.stack([vectors @ theme[0] for theme in themes], axis=1)
    whole = np.stack([vectors @ theme[1] for theme in themes], axis=1)
    best = np.stack([(vectors @ theme[2:].T).max(axis=1) for theme in themes], axis=1)
    mean = np.stack([(vectors @ theme[2:].T).mean(axis=1) for theme in themes], axis=1)
    both = whole + best
    centred = both - both.mean(axis=1, keepdims=True)
    below = both - both.max(axis=1, keepdims=True)
    spread = centred / np.maximum(both.std(axis=1, keepdims=True), 1e-6)
    return np.stack([name, whole, best, mean, centred, below, spread], axis=2).astype(np.float64)
