"""Labelled plans → heads: fitted with scikit-learn, calibrated on plans of hands that the fit has not seen.

Scores for calibration and thresholds are out of fold, and no writer has plans on both sides of a fold: the plans that
the heads will meet are written by others too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from strategitekst.corpus import LabelledDocument
from strategitekst.document import Paragraph
from strategitekst.errors import CorpusError
from strategitekst.features import FeatureSpace, Inputs, NgramBlock, join_inputs
from strategitekst.heads import Floats, LinearHead, Link, apply_link
from strategitekst.prediction import STATEMENTS
from strategitekst.strategy import Strategy
from strategitekst.zero_shot import theme_texts

# Letters of the text alone beside those of text and headings: a paragraph may come without any heading.
THEME_BLOCKS = (NgramBlock("contexts", "char_wb", 3, 5, 60_000), NgramBlock("texts", "char_wb", 3, 5, 40_000))
STATEMENT_BLOCKS = (NgramBlock("texts", "char_wb", 2, 5, 40_000), NgramBlock("texts", "word", 1, 3, 40_000))
FOLDS = 5
VECTOR_SCALE = 2.0
SIGNAL_SCALE = 0.05
REGULARISATION = 10.0
CANDIDATE_THRESHOLDS = np.arange(0.15, 0.71, 0.01)
# A label's own best threshold is drawn this far towards that of all labels: rare labels have few examples to find one.
POOLING = 0.5
PACKAGES = ("scikit-learn", "numpy", "spacy", "onnxruntime")
Labels = NDArray[np.int64]
Examples = tuple[Inputs, Labels]


@dataclass(frozen=True, slots=True)
class TrainedHead:
    """A head and what it scored on plans that it was not fitted on.

    Attributes:
        head: Fitted on all plans.
        held_out: Calibrated probabilities of each paragraph from a fit without its writer's plans.
    """

    head: LinearHead
    held_out: Floats


def train_theme_head(
    inputs: Inputs, gold: Labels, labels: Sequence[str], groups: Sequence[str], own_words: Examples | None = None
) -> TrainedHead:
    """Train the head that tells themes.

    Args:
        inputs: Of all training paragraphs.
        gold: 0 or 1, (paragraphs, labels).
        labels: Theme ids.
        groups: The writer of each paragraph.
        own_words: The strategy's own texts with their themes: every fit sees them, none is measured on them.

    Returns:
        The head with calibration and thresholds, and its held-out probabilities.
    """
    return _train(inputs, gold, labels, groups, "sigmoid", THEME_BLOCKS, own_words)


def train_statement_head(inputs: Inputs, gold: Labels, groups: Sequence[str]) -> TrainedHead:
    """Train the head that tells statements.

    Args:
        inputs: Of all training paragraphs.
        gold: Index in ``STATEMENTS``, (paragraphs,).
        groups: The writer of each paragraph.

    Returns:
        The calibrated head and its held-out probabilities.
    """
    return _train(inputs, gold, STATEMENTS, groups, "softmax", STATEMENT_BLOCKS)


def _train(
    inputs: Inputs,
    gold: Labels,
    labels: Sequence[str],
    groups: Sequence[str],
    link: Link,
    blocks: Sequence[NgramBlock],
    own_words: Examples | None = None,
) -> TrainedHead:
    if len(set(groups)) < 2:
        raise CorpusError("Alle planer er af samme skribent: mærk planer af mindst to, så modellen kan kalibreres")
    raw = np.zeros((len(gold), len(labels)))
    folds = GroupKFold(min(FOLDS, len(set(groups))))
    for train, test in folds.split(gold, gold, groups):
        space, weights, intercept = _fit(*_joined(inputs[train], gold[train], own_words), link, blocks)
        raw[test] = space.transform(inputs[test]) @ weights.T + intercept
    scale, shift = _calibrate(raw, gold, link)
    held_out = apply_link(raw * scale + shift, link)
    thresholds = _thresholds(held_out, gold) if link == "sigmoid" else np.zeros(len(labels))
    space, weights, intercept = _fit(*_joined(inputs, gold, own_words), link, blocks)
    return TrainedHead(LinearHead(labels, link, space, weights, intercept, scale, shift, thresholds), held_out)


def _joined(inputs: Inputs, gold: Labels, more: Examples | None) -> Examples:
    return (inputs, gold) if more is None else (join_inputs(inputs, more[0]), np.concatenate([gold, more[1]]))


def _fit(inputs: Inputs, gold: Labels, link: Link, blocks: Sequence[NgramBlock]) -> tuple[FeatureSpace, Floats, Floats]:
    signal_scale = SIGNAL_SCALE if link == "softmax" else 0.0
    space = FeatureSpace(blocks, VECTOR_SCALE, signal_scale).fit(inputs)
    matrix = space.transform(inputs)
    if link == "softmax":
        missing = [name for index, name in enumerate(STATEMENTS) if index not in gold]
        if missing:
            raise CorpusError(f"For få eksempler på {', '.join(missing)}: mærk flere afsnit, af flere skribenter")
        model = LogisticRegression(C=REGULARISATION, max_iter=1000, class_weight="balanced").fit(matrix, gold)
        return space, model.coef_, model.intercept_
    rows = list(_binary_fits(matrix, gold))
    return space, np.array([row[0] for row in rows]), np.array([row[1] for row in rows])


def _binary_fits(matrix: Any, gold: Labels) -> Iterator[tuple[Floats, float]]:
    for column in gold.T:
        if column.sum() < 2:
            # A fold may leave a rare label without examples: then it is never given there.
            yield np.zeros(matrix.shape[1]), -10.0
            continue
        model = LogisticRegression(C=REGULARISATION, solver="liblinear", max_iter=300).fit(matrix, column)
        yield model.coef_[0], float(model.intercept_[0])


def _calibrate(raw: Floats, gold: Labels, link: Link) -> tuple[Floats, Floats]:
    """Learn what raw scores are multiplied with and what is added, from held-out scores."""
    if link == "softmax":
        return _temperature(raw, gold)
    # One slope for all labels and a shift for each: Platt scaling (1999) with the slope pooled.
    count = raw.shape[1]
    rows = np.hstack([raw.reshape(-1, 1), np.tile(np.eye(count), (len(raw), 1))])
    model = LogisticRegression(C=1.0, fit_intercept=False, max_iter=1000).fit(rows, gold.reshape(-1))
    return np.full(count, model.coef_[0, 0]), model.coef_[0, 1:]


def _temperature(raw: Floats, gold: Labels) -> tuple[Floats, Floats]:
    """Scale and shift scores so that held-out probabilities fit (vector scaling with one slope, Guo et al. 2017)."""
    from scipy.optimize import minimize

    count = raw.shape[1]

    def loss(parameters: Floats) -> float:
        probabilities = apply_link(raw * parameters[0] + parameters[1:], "softmax")
        return float(
            -np.log(probabilities[np.arange(len(gold)), gold] + 1e-12).mean() + 1e-3 * (parameters[1:] ** 2).sum()
        )

    best = minimize(loss, np.concatenate([[1.0], np.zeros(count)]), method="L-BFGS-B").x
    return np.full(count, best[0]), best[1:]


def _thresholds(probabilities: Floats, gold: Labels) -> Floats:
    """Choose thresholds that give the best F1: one for all labels, then each label's own drawn towards it."""
    shared = CANDIDATE_THRESHOLDS[np.argmax([_f1(probabilities >= t, gold) for t in CANDIDATE_THRESHOLDS])]
    own = [
        CANDIDATE_THRESHOLDS[np.argmax([_f1(column >= t, truth) for t in CANDIDATE_THRESHOLDS])]
        for column, truth in zip(probabilities.T, gold.T, strict=True)
    ]
    return np.asarray(POOLING * shared + (1 - POOLING) * np.array(own))


def _f1(given: NDArray[np.bool_], gold: Labels) -> float:
    hits = float((given & (gold == 1)).sum())
    return 2 * hits / max(float(given.sum() + gold.sum()), 1.0)


def strategy_examples(strategy: Strategy) -> tuple[list[Paragraph], Labels]:
    """Take the strategy's own texts as examples of its themes.

    Plans quote pledges and name initiatives; few labelled plans do so often enough for every theme.

    Returns:
        Each text as a paragraph, and its theme: 0 or 1, (texts, themes), in the order of ``strategy.themes``.
    """
    paragraphs: list[Paragraph] = []
    rows = []
    for column, texts in enumerate(theme_texts(strategy)):
        for text in dict.fromkeys(texts):
            paragraphs.append(Paragraph(len(paragraphs), text, 0, len(text)))
            rows.append(np.eye(len(strategy.themes), dtype=np.int64)[column])
    return paragraphs, np.array(rows)


def gold_themes(documents: Sequence[LabelledDocument], labels: Sequence[str]) -> Labels:
    """Tell which themes each paragraph has: (paragraphs, labels), 0 or 1."""
    rows = [[label in each.themes for label in labels] for document in documents for each in document.paragraphs]
    return np.array(rows, dtype=np.int64)


def gold_statements(documents: Sequence[LabelledDocument]) -> Labels:
    """Give each paragraph's statement as its index in ``STATEMENTS``."""
    return np.array([STATEMENTS.index(each.statement) for document in documents for each in document.paragraphs])


def writers(documents: Sequence[LabelledDocument]) -> list[str]:
    """Name the writer of each paragraph: the ``hand`` of its document, or the document where that is not known."""
    return [
        document.metadata.get("hand") or document.document.name for document in documents for _ in document.paragraphs
    ]


def data_fingerprint(documents: Sequence[LabelledDocument]) -> str:
    """Hash texts and labels of the training plans: SHA-256 in hexadecimal."""
    rows = [
        [document.document.name, each.paragraph.text, each.themes, each.statement]
        for document in documents
        for each in document.paragraphs
    ]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def package_versions() -> dict[str, str]:
    """Give the versions of the packages that decide a head."""
    return {package: version(package) for package in PACKAGES}


def save_head(head: LinearHead, folder: Path, documents: Sequence[LabelledDocument], encoder: str) -> None:
    """Write a head with what it was trained on."""
    head.save(
        folder,
        {
            "encoder": encoder,
            "training_data": data_fingerprint(documents),
            "training_plans": len(documents),
            "training_paragraphs": sum(len(document.paragraphs) for document in documents),
            "packages": package_versions(),
        },
    )
