"""How much of what a pledge says is taken up by a plan: weighted recall over the pledge's units.

A pledge is a set of units: its name, the sentences of its description, its initiatives and targets. A unit is covered
by the plan's best paragraphs, as a token is in BERTScore's recall (Zhang et al. 2020), and coverage is the weighted
share of units that are covered. What a paragraph takes up of a unit is its degree of match times the probability that
it serves the pledge at all. Similarities of an encoder are no degrees, e5's of unrelated texts lie around 0.8: a
calibration learnt from labelled pairs maps them to [0, 1].
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

KEY = np.dtype([("high", "<u8"), ("low", "<u8")])
"""A hash of a paragraph's text and headings: paragraphs with the same key say the same in the same place."""

DRAWS = 400
INTERVAL = (5.0, 95.0)
TOP = 5
"""A unit's best paragraphs: they cover it together, each by its degree."""

DOUBT = 0.2
"""Probability of serving a pledge up to which a paragraph takes up nothing of it."""

SAME = 8  # how fast nearness to a unit's own words overrules the classifier: half-way is 0.004, nine tenths is 0.43


@dataclass(frozen=True, slots=True)
class Calibration:
    """Maps similarities of one encoder to degrees of match.

    Attributes:
        middle: The similarity that is as frequent among paragraphs that serve the pledge as among the others.
        slope: How fast that likelihood grows with similarity.
        middle_error: Standard error of ``middle``, for the interval.
    """

    middle: float
    slope: float
    middle_error: float = 0.0

    def degree(self, similarity: Floats, shift: float | Floats = 0.0) -> Floats:
        """Map cosine similarities to degrees of match.

        Args:
            similarity: Cosines, any shape.
            shift: Added to ``middle``; one that broadcasts with the cosines.

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
        own: Similarity of each unit to itself as a paragraph, (units,); 1 for an encoder that has no prompts.
    """

    def __init__(self, units: Floats, weights: Floats, calibration: Calibration, own: Floats | None = None) -> None:
        self._units = units
        self._share = weights / weights.sum()
        self._calibration = calibration
        self._own = np.ones(len(units)) if own is None else own
        self._near = np.empty((len(units), 0))
        self._serves = np.empty(0)
        self._taken = self._degrees = self._near
        self._key = np.empty(0, dtype=KEY)
        self._row = np.empty(0, dtype=np.int64)
        self._best: tuple[float, float, int] | None = None

    def add(self, vectors: Floats, key: NDArray[Any], row: NDArray[np.int64], serves: Floats | None = None) -> None:
        """Look at more paragraphs.

        Args:
            vectors: Unit vectors of the paragraphs, (paragraphs, dimensions).
            key: Equal for paragraphs that say the same, (paragraphs,) of ``KEY``.
            row: What ``Coverage.best`` calls them, (paragraphs,).
            serves: Probability of each to serve the pledge, (paragraphs,); 1 if None.
        """
        if not len(vectors):
            return
        serves = np.ones(len(vectors)) if serves is None else _beyond_doubt(serves)
        # Rounded: the last bit of a product depends on what else is multiplied with it.
        near = np.clip(self._units @ vectors.T, -1.0, 1.0).round(9)
        taken = self._for_pledge(near, serves)
        degrees = self._calibration.degree(near) * taken
        whole = (self._share[:, None] * degrees).sum(axis=0)
        # Of paragraphs that take up all there is, the nearest.
        mean = (self._share[:, None] * near).sum(axis=0)
        first = min(zip((-whole).tolist(), (-mean).tolist(), row.tolist(), strict=True))
        self._best = first if self._best is None else min(self._best, first)
        self._near = np.hstack([self._near, near])
        self._taken = np.hstack([self._taken, taken])
        self._degrees = np.hstack([self._degrees, degrees])
        self._serves = np.concatenate([self._serves, serves])
        self._key = np.concatenate([self._key, key])
        self._row = np.concatenate([self._row, row])
        self._prune()

    def _prune(self) -> None:
        # What is said twice counts once; should it serve the pledge by different probabilities, then by the greater.
        order = np.lexsort([self._row, -self._serves, self._key["low"], self._key["high"]])
        keys = self._key[order]
        self._keep(order[np.append(True, keys[1:] != keys[:-1])])
        self._keep(np.unique(self._ranked()))

    def _keep(self, kept: NDArray[np.int64]) -> None:
        self._near, self._taken, self._degrees = (each[:, kept] for each in (self._near, self._taken, self._degrees))
        self._serves, self._key, self._row = self._serves[kept], self._key[kept], self._row[kept]

    def _ranked(self) -> NDArray[np.int64]:
        """Rank the best paragraphs of each unit; columns stand in the order of their keys, which decides ties."""
        return np.argsort(-self._degrees, axis=1, kind="stable")[:, :TOP]

    def _for_pledge(self, near: Floats, serves: Floats) -> Floats:
        """Give the probability that what matches a unit is said for the pledge, (units, paragraphs).

        Who repeats the unit word for word says it for the pledge, whatever the classifier thinks of the words.
        """
        middle = self._calibration.middle
        same = np.clip((near - middle) / np.maximum(self._own - middle, 1e-6)[:, None], 0.0, 1.0) ** SAME
        return np.asarray(serves + (1.0 - serves) * same)

    def coverage(self, seed: int = 0) -> Coverage:
        """Measure how much of the pledge the paragraphs take up.

        Args:
            seed: Of the draws behind the interval.
        """
        if self._best is None:
            return Coverage(0.0, 0.0, 0.0, None)
        ranked = self._ranked()
        near = np.take_along_axis(self._near, ranked, axis=1)
        taken = np.take_along_axis(self._taken, ranked, axis=1)
        covered = 1.0 - np.prod(1.0 - self._calibration.degree(near) * taken, axis=1)
        # Rounded: the order of the paragraphs must not show in the last bit of a sum.
        value = round(float(self._share @ covered), 12)
        low, high = np.percentile(self._draw(near, taken, ranked, np.random.default_rng(seed)), INTERVAL)
        return Coverage(value, float(min(low, value)), float(np.clip(high, value, 1.0)), self._best[2])

    def _draw(self, near: Floats, taken: Floats, ranked: NDArray[np.int64], generator: np.random.Generator) -> Floats:
        """Draw coverages: which paragraphs serve the pledge by their probabilities, the middle by its error.

        A paragraph serves the pledge or does not, for all units at once: that is what makes coverage uncertain.
        """
        lot = generator.random((DRAWS, self._near.shape[1]))
        # In an order of their own, so that the same draws fall on them wherever they stand in the plan.
        lot = lot[:, np.argsort(np.lexsort([*self._near, self._serves]))]
        middle = generator.normal(0.0, self._calibration.middle_error, DRAWS)
        held = lot[:, ranked] < taken
        degrees = self._calibration.degree(near, middle[:, None, None])
        missed = np.where(held, 1.0 - degrees, 1.0).prod(axis=2)
        return np.asarray((1.0 - missed) @ self._share)


def _beyond_doubt(serves: Floats) -> Floats:
    """Count probabilities from ``DOUBT`` up: many small ones would add up to a coverage that nobody would find."""
    return np.maximum(serves - DOUBT, 0.0) / (1.0 - DOUBT)


def coverage(
    units: Floats,
    weights: Floats,
    paragraphs: Floats,
    calibration: Calibration,
    *,
    serves: Floats | None = None,
    seed: int = 0,
) -> Coverage:
    """Measure how much of a pledge some paragraphs take up.

    Args:
        units: Unit vectors of the pledge's units, (units, dimensions).
        weights: Their weights, over 0.
        paragraphs: Unit vectors of the paragraphs, (paragraphs, dimensions); may be empty.
        calibration: Of the encoder that made the vectors.
        serves: Probability of each paragraph to serve the pledge, (paragraphs,); 1 if None.
        seed: Of the draws behind the interval.

    Returns:
        The coverage.

    Example:
        >>> pledge, plan = np.eye(2), np.array([[1.0, 0.0]])
        >>> coverage(pledge, np.array([3.0, 1.0]), plan, Calibration(0.8, 50.0)).value
        0.75
    """
    nearest = Nearest(units, weights, calibration)
    # Paragraphs of the same vector say the same.
    hashed = (hashlib.blake2b(vector.tobytes(), digest_size=KEY.itemsize).digest() for vector in paragraphs)
    nearest.add(paragraphs, np.frombuffer(b"".join(hashed), KEY), np.arange(len(paragraphs)), serves)
    return nearest.coverage(seed)


def _logistic(values: Floats | float) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.asarray(values, dtype=np.float64))))
