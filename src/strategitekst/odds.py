"""Probabilities as log-odds and back, and what speaks against a label: the greatest of the others."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_LEAST = 2e-4  # what a probability with four decimals can tell from 0


def log_odds(probability: NDArray[Any]) -> Floats:
    """Give log-odds, kept finite.

    Example:
        >>> log_odds(np.array([0.5, 0.0])).round(1).tolist()
        [0.0, -8.5]
    """
    kept = np.clip(probability, _LEAST, 1.0 - _LEAST)
    return np.asarray(np.log(kept / (1.0 - kept)))


def expit(scores: NDArray[Any]) -> Floats:
    """Turn log-odds into probabilities.

    Example:
        >>> expit(np.array([0.0])).tolist()
        [0.5]
    """
    return np.asarray(1.0 / (1.0 + np.exp(-np.asarray(scores, dtype=np.float64))))


def rivals(probability: NDArray[Any]) -> Floats:
    """Give for each label the greatest probability of another, same shape: (paragraphs, labels).

    Example:
        >>> rivals(np.array([[0.1, 0.7, 0.2]])).tolist()
        [[0.7, 0.2, 0.7]]
    """
    if probability.shape[1] < 2:
        return np.zeros_like(probability, dtype=np.float64)
    first, second = -np.sort(-probability, axis=1)[:, :2].T
    leads = np.arange(probability.shape[1]) == probability.argmax(axis=1)[:, None]
    return np.asarray(np.where(leads, second[:, None], first[:, None]), dtype=np.float64)
