"""How much of what a pledge says is taken up by a plan: weighted recall over the pledge's units.

A pledge is a set of units: its name, the sentences of its description, its initiatives and targets. A unit is covered
to the degree that the plan's best paragraph matches it, as a token is in BERTScore's recall (Zhang et al. 2020), and
coverage is the weighted share of units that are covered. Similarities of an encoder are no degrees: e5's of unrelated
texts lie around 0.8. A calibration learnt from labelled pairs maps them to [0, 1].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

KEY = np.dtype([("high", "<u8"), ("low", "<u8")])
"""A hash of a paragraph's text and headings: paragraphs with the same key say the same in the same place."""

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


class Nearest:
    """The paragraphs nearest to one pledge's units, kept while plans go by: coverage needs no others.

    Args:
        units: Unit vectors of the pledge's units, (units, dimensions).
        weights: Their weights, over 0.
        calibration: Of the encoder that makes the vectors.
    """

    def __init__(self, units: Floats, weights: Floats, calibration: Calibration) -> None:
        self._units = units
        self._share = weights / weights.sum()
        self._calibration = calibration
        self._similarity = np.empty((len(units), 0))
        self._key = np.empty(0, dtype=KEY)
        self._row = np.empty(0, dtype=np.int64)
        self._best: tuple[float, float, int] | None = None

    def add(self, vectors: Floats, key: NDArray[Any], row: NDArray[np.int64]) -> None:
        """Look at more paragraphs.

        Args:
            vectors: Unit vectors of the paragraphs, (paragraphs, dimensions).
            key: Equal for paragraphs that say the same, (paragraphs,) of ``KEY``.
            row: What ``Coverage.best`` calls them, (paragraphs,).
        """
        if not len(vectors):
            return
        # Rounded: the last bit of a product depends on what else is multiplied with it.
        similarity = np.clip(self._units @ vectors.T, -1.0, 1.0).round(9)
        whole = (self._share[:, None] * self._calibration.degree(similarity)).sum(axis=0)
        # Of paragraphs that take up all there is, the nearest.
        near = (self._share[:, None] * similarity).sum(axis=0)
        first = min(zip((-whole).tolist(), (-near).tolist(), row.tolist(), strict=True))
        self._best = first if self._best is None else min(self._best, first)
        self._keep(
            np.hstack([self._similarity, similarity]),
            np.concatenate([self._key, key]),
            np.concatenate([self._row, row]),
        )

    def _keep(self, similarity: Floats, key: NDArray[Any], row: NDArray[np.int64]) -> None:
        order = np.lexsort([row, key["low"], key["high"]])
        fresh = np.append(True, key[order][1:] != key[order][:-1])
        order = order[fresh]
        similarity, key, row = similarity[:, order], key[order], row[order]
        # The key decides between equals, so that the order in which paragraphs come does not.
        ranked = np.argsort(-similarity, axis=1, kind="stable")[:, :TOP]
        kept = np.unique(ranked)
        self._similarity, self._key, self._row = similarity[:, kept], key[kept], row[kept]

    def coverage(self, seed: int = 0) -> Coverage:
        """Measure how much of the pledge the paragraphs take up.

        Args:
            seed: Of the bootstrap.

        Returns:
            The coverage; the interval is a bootstrap over paragraphs and over the calibration's error.
        """
        if self._best is None:
            return Coverage(0.0, 0.0, 0.0, None)
        degrees = self._calibration.degree(self._similarity)
        # Rounded: the order of the paragraphs must not show in the last bit of a sum.
        value = round(float(self._share @ degrees.max(axis=1)), 12)
        draws = self._draw(np.random.default_rng(seed))
        low, high = np.percentile(draws, INTERVAL)
        return Coverage(value, float(min(low, value)), float(np.clip(high, value, 1.0)), self._best[2])

    def _draw(self, generator: np.random.Generator) -> Floats:
        """Draw coverages: paragraphs with replacement, the calibration's middle from its error."""
        # In an order of their own, so that the same draws fall on them wherever they stand in the plan.
        similarity = self._similarity[:, np.lexsort(self._similarity)]
        count = similarity.shape[1]
        # Which paragraphs a draw with replacement holds; only those near the top of a unit can matter.
        held = generator.random((DRAWS, count)) < 1.0 - (1.0 - 1.0 / count) ** count
        shifts = generator.normal(0.0, self._calibration.middle_error, DRAWS)
        best = np.where(held[:, None, :], similarity[None], -1.0).max(axis=2)
        return np.array(
            [self._share @ self._calibration.degree(row, shift) for row, shift in zip(best, shifts, strict=True)]
        )


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
        The coverage.

    Example:
        >>> pledge, plan = np.eye(2), np.array([[1.0, 0.0]])
        >>> coverage(pledge, np.array([3.0, 1.0]), plan, Calibration(0.8, 50.0)).value
        0.75
    """
    nearest = Nearest(units, weights, calibration)
    number = np.arange(len(paragraphs))
    key = np.zeros(len(paragraphs), dtype=KEY)
    key["low"] = number
    nearest.add(paragraphs, key, number)
    return nearest.coverage(seed)


def _logistic(values: Floats | float) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.asarray(values, dtype=np.float64))))
