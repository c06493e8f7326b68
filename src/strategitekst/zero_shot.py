"""Does a paragraph serve a theme of a strategy that no head was trained for? Told from the strategy's own words.

Each pair of paragraph and theme is described by how near they lie (``pairs``). One logistic regression over such pairs,
learnt on the labelled plans, serves every strategy: it has seen how near is near enough, not the themes themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from strategitekst.heads import SURROUNDINGS, Floats, apply_link
from strategitekst.pairs import Background, Theme, pair_features, read_theme
from strategitekst.persistence import load_model
from strategitekst.resources import model_path
from strategitekst.surroundings import Surroundings

if TYPE_CHECKING:
    from strategitekst.encoding import Encoder
    from strategitekst.features import Inputs
    from strategitekst.strategy import Strategy

MODEL = "relevance"


class RelevanceScorer:
    """Scores the themes of any strategy.

    Args:
        labels: Theme ids.
        themes: Their texts, prepared.
        encoder: The one that embedded them.
        background: Of plans.
        weights: Of the pair features.
        intercept: Of the regression.
        threshold: Probability, seen among the surroundings, from which a theme is given.
        surroundings: How the other paragraphs of a plan count.
    """

    def __init__(
        self,
        labels: tuple[str, ...],
        themes: Sequence[Theme],
        encoder: Encoder,
        background: Background,
        weights: Floats,
        intercept: float,
        threshold: float,
        surroundings: Surroundings,
    ) -> None:
        self.labels = labels
        self.thresholds: Floats = np.full(len(labels), threshold)
        self.surroundings = surroundings
        self._themes = themes
        self._encoder = encoder
        self._background = background
        self._weights = weights
        self._intercept = intercept

    @classmethod
    def load(cls, strategy: Strategy, encoder: Encoder) -> RelevanceScorer:
        """Read the regression that ships and embed the strategy's texts.

        Raises:
            ModelError: The model is missing, or was trained on another encoder's vectors.
        """
        config, tensors = load_model(model_path(MODEL), encoder.fingerprint)
        background = Background(tensors["idf"].astype(np.float64), tensors["means"].astype(np.float64))
        return cls(
            tuple(strategy.themes),
            read_themes(strategy, encoder, background),
            encoder,
            background,
            tensors["weights"],
            float(tensors["intercept"][0]),
            config["threshold"],
            Surroundings.from_state(SURROUNDINGS, config[SURROUNDINGS], tensors),
        )

    def probabilities(self, inputs: Inputs) -> Floats:
        """Give the probability that each paragraph, by itself, serves each theme, (paragraphs, themes)."""
        pairs = pair_features(inputs, self._themes, self._encoder, self._background)
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


def read_themes(strategy: Strategy, encoder: Encoder, background: Background) -> list[Theme]:
    """Prepare each theme's texts."""
    return [read_theme(texts, encoder, background) for texts in theme_texts(strategy)]
