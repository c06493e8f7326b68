"""Whether probabilities mean what they say, and what is gained by keeping silent where they are low."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strategitekst.metrics import Table

BINS = 10
COVERAGES = (1.0, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5)
_SMALLEST = 1e-9


@dataclass(frozen=True, slots=True)
class Bin:
    """The decisions whose probability lies in one tenth of the range.

    Attributes:
        low: Lower end of the tenth.
        high: Upper end; it belongs to the tenth.
        count: How many decisions.
        confidence: Their mean probability.
        accuracy: The share that came true.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How probabilities compare to what came true.

    Attributes:
        error: Expected calibration error, 0 (each tenth comes true as often as it says) to 1.
        bins: The tenths with decisions in them.
    """

    error: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Abstention:
    """What is right among the paragraphs that a model is surest about.

    Attributes:
        coverage: Share of the paragraphs that it decides.
        theme_f1: Micro-F1 of the themes of those; None where the model gives no probabilities of themes.
        theme_exact: Share of those with exactly the right themes; None likewise.
        statement_accuracy: Share of right statements among those that it is surest about; None without probabilities.
    """

    coverage: float
    theme_f1: float | None
    theme_exact: float | None
    statement_accuracy: float | None


def reliability(scores: NDArray[np.float64], outcomes: NDArray[np.bool_], bins: int = BINS) -> Reliability:
    """Compare probabilities to outcomes in bins of equal width.

    After Guo et al. 2017, "On calibration of modern neural networks", ICML.

    Args:
        scores: Probabilities, 0–1.
        outcomes: Whether each came true, of the same shape.
        bins: How many bins.

    Returns:
        The mean distance between probability and share over the bins, weighted by their counts, and the bins.

    Example:
        >>> round(reliability(np.array([0.9, 0.9, 0.1, 0.1]), np.array([True, True, False, False])).error, 3)
        0.1
    """
    scores, outcomes = np.ravel(scores), np.ravel(outcomes)
    edges = np.linspace(0, 1, bins + 1)
    places = np.clip(np.digitize(scores, edges, right=True) - 1, 0, bins - 1)
    found = []
    for place in np.unique(places):
        inside = places == place
        found.append(
            Bin(
                float(edges[place]),
                float(edges[place + 1]),
                int(inside.sum()),
                float(scores[inside].mean()),
                float(outcomes[inside].mean()),
            )
        )
    error = sum(each.count * abs(each.confidence - each.accuracy) for each in found) / max(len(scores), 1)
    return Reliability(error, tuple(found))


def set_confidence(scores: NDArray[np.float64], predicted: Table) -> NDArray[np.float64]:
    """Tell how sure a model is about each paragraph's whole set of themes.

    Args:
        scores: Probabilities, (paragraphs, themes).
        predicted: The themes that are said to be there, of the same shape.

    Returns:
        For each paragraph the logarithm of the probability that every yes and no is right, themes taken as independent.

    Example:
        >>> float(np.exp(set_confidence(np.array([[0.9, 0.2]]), np.array([[True, False]])))[0].round(2))
        0.72
    """
    right = np.where(predicted, scores, 1 - scores)
    logs: NDArray[np.float64] = np.log(np.clip(right, _SMALLEST, 1)).sum(axis=1)
    return logs


def surest(confidence: NDArray[np.float64], coverage: float) -> NDArray[np.int_]:
    """Pick the paragraphs that a model is surest about.

    Args:
        confidence: How sure it is about each.
        coverage: The share to pick, 0–1; at least one paragraph is picked.

    Returns:
        Their indices, the surest first; equally sure ones in reading order.

    Example:
        >>> surest(np.array([0.2, 0.9, 0.5, 0.9]), 0.5).tolist()
        [1, 3]
    """
    count = max(1, round(coverage * len(confidence)))
    return np.argsort(-confidence, kind="stable")[:count]
