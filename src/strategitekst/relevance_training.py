"""The regression behind ``relevance``, trained on labelled plans and measured on themes that it was not fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from strategitekst.corpus import LabelledDocument
from strategitekst.heads import Floats
from strategitekst.persistence import save_model
from strategitekst.relevance import PAIR_FEATURES, pair_features
from strategitekst.training import CANDIDATE_THRESHOLDS, Labels, data_fingerprint, package_versions

FOLDS = 4


@dataclass(frozen=True, slots=True)
class TrainedRelevance:
    """The regression and what it scored.

    Attributes:
        weights: Of ``PAIR_FEATURES``.
        intercept: Of the regression.
        threshold: Probability from which a theme is given.
        held_out_f1: Micro-F1 over pairs whose theme was held out of the fit.
    """

    weights: Floats
    intercept: float
    threshold: float
    held_out_f1: float


def train_relevance(vectors: NDArray[np.float32], themes: list[NDArray[np.float32]], gold: Labels) -> TrainedRelevance:
    """Learn when a paragraph is near enough to a theme.

    Args:
        vectors: Of the paragraphs.
        themes: What ``relevance.theme_vectors`` gave.
        gold: 0 or 1, (paragraphs, themes).

    Returns:
        The regression fitted on all themes; its F1 comes from fits that leave a quarter of the themes out, so that
        it tells what to expect of a strategy never seen.
    """
    pairs = pair_features(vectors, themes)
    held_out = np.zeros(gold.shape)
    columns = np.arange(gold.shape[1])
    for train, test in GroupKFold(FOLDS).split(columns, groups=columns):
        model = _fit(pairs[:, train], gold[:, train])
        held_out[:, test] = _predict(model, pairs[:, test])
    scores = [f1_score(gold, held_out >= threshold, average="micro") for threshold in CANDIDATE_THRESHOLDS]
    model = _fit(pairs, gold)
    return TrainedRelevance(
        model.coef_[0], float(model.intercept_[0]), float(CANDIDATE_THRESHOLDS[int(np.argmax(scores))]), max(scores)
    )


def save_relevance(
    relevance: TrainedRelevance, folder: Path, documents: Sequence[LabelledDocument], encoder: str
) -> None:
    """Write the regression as a model directory."""
    config = {
        "encoder": encoder,
        "features": PAIR_FEATURES,
        "threshold": relevance.threshold,
        "training_data": data_fingerprint(documents),
        "packages": package_versions(),
    }
    save_model(folder, config, {"weights": relevance.weights, "intercept": np.array([relevance.intercept])})


def _fit(pairs: Floats, gold: Labels) -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=1000).fit(pairs.reshape(-1, pairs.shape[2]), gold.ravel())


def _predict(model: LogisticRegression, pairs: Floats) -> Floats:
    flat = model.predict_proba(pairs.reshape(-1, pairs.shape[2]))[:, 1]
    return np.asarray(flat.reshape(pairs.shape[:2]))
