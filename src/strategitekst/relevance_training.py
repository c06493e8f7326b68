"""The regression behind ``relevance``, trained on labelled plans and measured on themes that it was not fitted on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold, KFold

from strategitekst.corpus import LabelledDocument
from strategitekst.heads import SURROUNDINGS, Floats
from strategitekst.pairs import FEATURES, Background
from strategitekst.persistence import save_model
from strategitekst.provenance import data_fingerprint, package_versions
from strategitekst.surroundings import Surroundings
from strategitekst.surroundings_training import Places, train_surroundings
from strategitekst.themes import MOST_THEMES
from strategitekst.training import CANDIDATE_THRESHOLDS, Labels

FOLDS = 5
REGULARISATION = 0.3
SEED = 0


@dataclass(frozen=True, slots=True)
class TrainedRelevance:
    """The regression and what it scored.

    Attributes:
        weights: Of ``pairs.FEATURES``.
        intercept: Of the regression.
        threshold: Probability from which a theme is given.
        surroundings: How the other paragraphs of a plan count.
        held_out: Probability of each pair from a fit that saw neither its theme nor the paragraph's writer.
        seen: The same among their surroundings.
        held_out_f1: Micro-F1 over these, a paragraph having three themes at most.
        alone_f1: The same of paragraphs read by themselves.
    """

    weights: Floats
    intercept: float
    threshold: float
    surroundings: Surroundings
    held_out: Floats
    seen: Floats
    held_out_f1: float
    alone_f1: float


def train_relevance(pairs: Floats, gold: Labels, places: Places) -> TrainedRelevance:
    """Learn when a paragraph is near enough to a theme.

    Args:
        pairs: What ``pairs.pair_features`` gave.
        gold: 0 or 1, (paragraphs, themes).
        places: Of the paragraphs.

    Returns:
        The regression fitted on all pairs; its F1 comes from fits that leave out a fifth of the themes and of the
        writers, so that it tells what to expect of a strategy never seen.
    """
    held_out = np.zeros(gold.shape)
    for (seen, unseen), (known, new) in _folds(gold, places.writer):
        weights, intercept = _fit(pairs[np.ix_(known, seen)], gold[np.ix_(known, seen)])
        held_out[np.ix_(new, unseen)] = 1.0 / (1.0 + np.exp(-(pairs[np.ix_(new, unseen)] @ weights + intercept)))
    around, among = train_surroundings(held_out, gold.astype(np.float64), places, pooled=True)
    fitted, intercept = _fit(pairs, gold)
    threshold, f1 = _best_threshold(among, gold)
    _, alone_f1 = _best_threshold(held_out, gold)
    return TrainedRelevance(fitted, intercept, threshold, around, held_out, among, f1, alone_f1)


def _best_threshold(probabilities: Floats, gold: Labels) -> tuple[float, float]:
    first = (-probabilities).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable") < MOST_THEMES
    scores = [
        f1_score(gold, (probabilities >= threshold) & first, average="micro", zero_division=0.0)
        for threshold in CANDIDATE_THRESHOLDS
    ]
    best = int(np.argmax(scores))
    return float(CANDIDATE_THRESHOLDS[best]), float(scores[best])


def _folds(gold: Labels, writers: Sequence[str]) -> Iterator[tuple[tuple[NDArray[np.int64], NDArray[np.int64]], ...]]:
    themes = KFold(FOLDS, shuffle=True, random_state=SEED).split(np.arange(gold.shape[1]))
    of_writers = list(GroupKFold(min(FOLDS, len(set(writers)))).split(gold, groups=writers))
    for theme in themes:
        for writer in of_writers:
            yield theme, writer


def _fit(pairs: Floats, gold: Labels) -> tuple[Floats, float]:
    rows = pairs.reshape(-1, pairs.shape[2])
    scale = np.maximum(rows.std(axis=0), 1e-9)
    model = LogisticRegression(C=REGULARISATION, max_iter=500).fit(rows / scale, gold.ravel())
    return model.coef_[0] / scale, float(model.intercept_[0])


def save_relevance(
    relevance: TrainedRelevance,
    background: Background,
    folder: Path,
    documents: Sequence[LabelledDocument],
    encoder: str,
) -> None:
    """Write the regression and the background as a model directory."""
    weights, arrays = relevance.surroundings.state(SURROUNDINGS)
    config = {
        "encoder": encoder,
        SURROUNDINGS: weights,
        "features": FEATURES,
        "threshold": relevance.threshold,
        "training_data": data_fingerprint(documents),
        "packages": package_versions(),
    }
    tensors = {
        "weights": relevance.weights,
        "intercept": np.array([relevance.intercept]),
        "idf": background.idf.astype(np.float16),
        "means": background.means.astype(np.float32),
        **arrays,
    }
    save_model(folder, config, tensors)
