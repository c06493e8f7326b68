"""Paragraph → themes: which pledges, foundations or ambitions it serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from strategitekst.strategy import Strategy

Floats = NDArray[np.float64]
MOST_THEMES = 3  # the codebook: most paragraphs have one theme, some two, very few three


def decide_themes(
    probabilities: Floats, labels: Sequence[str], thresholds: Floats, strategy: Strategy
) -> tuple[str, ...]:
    """Decide the themes of one paragraph by the codebook, section 1.

    Args:
        probabilities: One a label, 0–1.
        labels: Theme ids.
        thresholds: Probability from which a theme is given, one a label.
        strategy: Says which ambition a pledge belongs to.

    Returns:
        At most three ids, the most probable first; an ambition only where none of its pledges is given.

    Example:
        >>> from strategitekst.strategy import load_strategy
        >>> decide_themes(np.array([0.4, 0.9, 0.6]), ["P1", "P2", "A1"], np.full(3, 0.5), load_strategy())
        ('P2',)
    """
    order = np.argsort(-probabilities, kind="stable")
    given = [labels[index] for index in order if probabilities[index] >= thresholds[index]]
    pledged = {ambition.id for ambition in strategy.ambitions if any(pledge.id in given for pledge in ambition.pledges)}
    return tuple(theme for theme in given if theme not in pledged)[:MOST_THEMES]


def ambitions_of(themes: Sequence[str], strategy: Strategy) -> tuple[str, ...]:
    """List the ambitions that follow from themes, main first, each once.

    Example:
        >>> from strategitekst.strategy import load_strategy
        >>> ambitions_of(["P8", "G2", "P7", "P1"], load_strategy())
        ('A3', 'A1')
    """
    found = (strategy.ambition_of(theme) for theme in themes)
    return tuple(dict.fromkeys(ambition.id for ambition in found if ambition is not None))


def as_scores(probabilities: Floats, labels: Sequence[str]) -> Mapping[str, float]:
    """Name the probabilities of one paragraph, rounded to what they can tell."""
    return {label: round(float(value), 4) for label, value in zip(labels, probabilities, strict=True)}
