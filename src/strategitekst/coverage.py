"""How much of what a pledge says is taken up by a plan: weighted recall over the pledge's units.

A pledge is a set of units: its name, the sentences of its description, its initiatives and targets. A unit is covered
to the degree that the plan's best paragraph matches it, as a token is in BERTScore's recall (Zhang et al. 2020), and
coverage is the weighted share of units that are covered. Similarities of an encoder are no degrees: e5's of unrelated
texts lie around 0.8. A calibration learnt from labelled pairs maps them to [0, 1].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DRAWS = 400
INTERVAL = (5.0, 95.0)
TOP = 12  # the best paragraphs of a unit that a bootstrap draw can fall back on; all are left out once in 2.6**12 draws


@dataclass(frozen=True, slots=True)
class Calibration:
    """Maps similarities of one encoder to degrees of match.

    Attributes:
        middle: The similarity at which a paragraph is as likely to serve the pledge as not.
        slope: How fast that likelihood grows with similarity.
        middle_error: Standard error of ``middle``, for the interval.
    """

    middle: float
    slope: float
    middle_error: float = 0.0

    def degree(self, similarity: Floats, shift: float = 0.0) -> Floats:
        """Map cosine similarities to degrees of match.

        Args:
            similarity: Cosines, any shape.
            shift: Added to ``middle``.

        Returns:
            Degrees in [0, 1], growing with similarity; 1 for a text that says the very same.

        Example:
            >>> Calibration(0.85, 60.0).degree(np.array([0.7, 0.85, 1.0])).round(2).tolist()
            [0.0, 0.5, 1.0]
        """
        middle = self.middle + shift
        top = _logistic(self.slope * (1.0 - middle))
        return np.minimum(_logistic(self.slope * (similarity - middle)) / top, 1.0)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage of one pledge by some paragraphs.

    Attributes:
        value: Weighted share of the pledge's units that are covered, 0–1.
        low: Lower end of the 90 % interval.
        high: Upper end.
        best: Index of the paragraph that covers most of the pledge, or None where there are no paragraphs.
    """

    value: float
    low: float
    high: float
    best: int | None


def coverage(
    units: Floats, weights: Floats, paragraphs: Floats, calibration: Calibration, *, seed: int = 0
) -> Coverage:
    """Measure how much of a pledge some paragraphs take up.

    Args:
        units: Unit vectors of the pledge's units, (units, dimensions).
        weights: Their weights, over 0.
        paragraphs: Unit vectors of the paragraphs, (paragraphs, dimensions); may be empty.
        calibration: Of the encoder that made the vectors.
        seed: Of the bootstrap.

    Returns:
        The coverage; the interval is a bootstrap over paragraphs and over the calibration's error.

    Example:
        >>> pledge, plan = np.eye(2), np.array([[1.0, 0.0]])
        >>> coverage(pledge, np.array([3.0, 1.0]), plan, Calibration(0.8, 50.0)).value
        0.75
    """
    if not len(paragraphs):
        return Coverage(0.0, 0.0, 0.0, None)
    share = weights / weights.sum()
    similarity = np.clip(units @ paragraphs.T, -1.0, 1.0)
    degrees = calibration.degree(similarity)
    # Rounded: the order of the paragraphs must not show in the last bit of a sum.
    value = round(float(share @ degrees.max(axis=1)), 12)
    draws = _bootstrap(similarity, share, calibration, np.random.default_rng(seed))
    low, high = np.percentile(draws, INTERVAL)
    return Coverage(
        value,
        float(min(low, value)),
        float(np.clip(high, value, 1.0)),
        int(np.argmax(share @ degrees)),
    )


def _bootstrap(similarity: Floats, share: Floats, calibration: Calibration, generator: np.random.Generator) -> Floats:
    """Draw coverages: paragraphs with replacement, the calibration's middle from its error."""
    count = similarity.shape[1]
    top = np.unique(np.argsort(-similarity, axis=1, kind="stable")[:, :TOP])
    # In an order of their own, so that the same draws fall on them wherever they stand in the plan.
    top = top[np.lexsort(similarity[:, top])]
    # Which paragraphs a draw with replacement holds; only those near the top of a unit can matter.
    held = generator.random((DRAWS, len(top))) < 1.0 - (1.0 - 1.0 / count) ** count
    shifts = generator.normal(0.0, calibration.middle_error, DRAWS)
    best = np.where(held[:, None, :], similarity[None][:, :, top], -1.0).max(axis=2)
    return np.array([share @ calibration.degree(row, shift) for row, shift in zip(best, shifts, strict=True)])


def _logistic(values: Floats | float) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.asarray(values, dtype=np.float64))))
