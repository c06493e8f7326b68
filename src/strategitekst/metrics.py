"""Precision, recall and F1 of labels in a table of paragraphs × classes, with bootstrap intervals over documents.

A paragraph's neighbours in its document are no independent draws, so whole documents are drawn, not paragraphs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 1000
LEVELS = (2.5, 97.5)
"""Percentiles of the draws that bound the interval: 95 percent between them."""

Table = NDArray[np.bool_]
"""Paragraphs × classes: which class a paragraph has."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 percent interval.

    Attributes:
        value: The figure, 0–1.
        low: Lower end of the interval; None where there are not two documents to draw from.
        high: Upper end.
    """

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class ClassScore:
    """How well one class is found.

    Attributes:
        name: The class.
        precision: Share of the paragraphs said to have it that do; 0 where none is said to.
        recall: Share of the paragraphs that have it that are found; 0 where none has it.
        f1: Their harmonic mean.
        support: How many paragraphs have it.
    """

    name: str
    precision: float
    recall: float
    f1: Estimate
    support: int


@dataclass(frozen=True, slots=True)
class Scores:
    """How well the classes of one level are found.

    Attributes:
        classes: Each class, in the order given.
        precision: Micro precision: over all decisions together.
        recall: Micro recall.
        micro: Micro F1; where each paragraph has exactly one class, the share of right ones.
        macro: Mean F1 of the classes that have support.
    """

    classes: tuple[ClassScore, ...]
    precision: float
    recall: float
    micro: Estimate
    macro: Estimate


def score(
    gold: Table,
    predicted: Table,
    names: Sequence[str],
    documents: NDArray[np.int_],
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> Scores:
    """Compare two tables.

    Args:
        gold: What the paragraphs have, (paragraphs, classes).
        predicted: What they are said to have, of the same shape.
        names: The classes.
        documents: For each paragraph the index of its document, from 0.
        draws: How many times the documents are drawn for the intervals.
        seed: Start of the random numbers; the same seed gives the same intervals.

    Returns:
        The scores.

    Example:
        >>> gold = np.array([[True, False], [False, True], [False, True]])
        >>> said = np.array([[True, False], [False, True], [True, False]])
        >>> scores = score(gold, said, ["P1", "P2"], np.array([0, 0, 1]))
        >>> [(each.name, round(each.f1.value, 2), each.support) for each in scores.classes]
        [('P1', 0.67, 1), ('P2', 0.67, 2)]
        >>> round(scores.micro.value, 2)
        0.67
    """
    from sklearn.metrics import precision_recall_fscore_support

    # To scikit-learn a table of one class is no multi-label table; a class that nobody has makes it one.
    padding = np.zeros((len(gold), 1), dtype=bool)
    padded = np.hstack([gold, padding]), np.hstack([predicted, padding])
    precision, recall, f1, support = precision_recall_fscore_support(*padded, average=None, zero_division=0.0)
    micro = precision_recall_fscore_support(*padded, average="micro", zero_division=0.0)
    supported = support > 0
    macro = float(f1[supported].mean()) if supported.any() else 0.0
    class_draws, micro_draws, macro_draws = _draw(gold, predicted, documents, draws, seed)
    return Scores(
        tuple(
            ClassScore(
                name, float(precision[k]), float(recall[k]), _estimate(float(f1[k]), class_draws[:, k]), int(support[k])
            )
            for k, name in enumerate(names)
        ),
        float(micro[0]),
        float(micro[1]),
        _estimate(float(micro[2]), micro_draws),
        _estimate(macro, macro_draws),
    )


def _draw(
    gold: Table, predicted: Table, documents: NDArray[np.int_], draws: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Draw documents with replacement, all draws in one product: F1 per class, micro and macro of each draw."""
    number = int(documents.max()) + 1 if len(documents) else 0
    if number < 2:
        return np.empty((0, gold.shape[1])), np.empty(0), np.empty(0)
    membership = np.eye(number, dtype=int)[documents].T
    hits, said, there = (membership @ table.astype(int) for table in (gold & predicted, predicted, gold))
    weights = np.random.default_rng(seed).multinomial(number, np.full(number, 1 / number), size=draws)
    hits, said, there = weights @ hits, weights @ said, weights @ there
    classes = 2 * hits / np.maximum(said + there, 1)
    micro = 2 * hits.sum(axis=1) / np.maximum((said + there).sum(axis=1), 1)
    supported = there > 0
    macro = (classes * supported).sum(axis=1) / np.maximum(supported.sum(axis=1), 1)
    # A draw without the class tells nothing about how well it is found.
    return np.where(supported, classes, np.nan), micro, macro


def _estimate(value: float, draws: NDArray[np.float64]) -> Estimate:
    known = draws[~np.isnan(draws)]
    if not len(known):
        return Estimate(value)
    low, high = np.percentile(known, LEVELS)
    return Estimate(value, float(low), float(high))
