"""Labelled plans → heads: fitted with scikit-learn, calibrated on plans of hands that the fit has not seen.

Scores for calibration and thresholds are out of fold, and no writer has plans on both sides of a fold: the plans that
the heads will meet are written by others too. Where two readers told a paragraph's labels, gold is the share of them
that gave a label: a label that one of two saw is an example of both answers, half each.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from strategitekst.cores import available_cores
from strategitekst.corpus import LabelledDocument
from strategitekst.document import Paragraph
from strategitekst.errors import CorpusError
from strategitekst.features import FeatureSpace, Inputs, NgramBlock, join_inputs
from strategitekst.heads import Floats, LinearHead, Link, apply_link, join_scores
from strategitekst.prediction import STATEMENTS
from strategitekst.strategy import Strategy
from strategitekst.surroundings_training import Places, train_surroundings
from strategitekst.zero_shot import theme_texts

# Letters of the text alone beside those of text and headings: a paragraph may come without any heading.
THEME_BLOCKS = (NgramBlock("contexts", "char_wb", 3, 5, 80_000), NgramBlock("texts", "char_wb", 3, 5, 60_000))
STATEMENT_BLOCKS = (NgramBlock("texts", "char_wb", 2, 5, 40_000), NgramBlock("texts", "word", 1, 3, 40_000))
FOLDS = 5
VECTOR_SCALE = 2.0
SIGNAL_SCALE = 0.05
REGULARISATION = 10.0
CANDIDATE_THRESHOLDS = np.arange(0.15, 0.71, 0.01)
# A label's own best threshold is drawn this far towards that of all labels: rare labels have few examples to find one.
POOLING = 0.5
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts that every fit sees and none is measured on: phrases, loose paragraphs, the strategy's own words.

    Attributes:
        inputs: Of the texts.
        gold: Share of readers who gave each label, (texts, labels).
        weight: How much a text counts beside a paragraph of a plan.
    """

    inputs: Inputs
    gold: Floats | Labels
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class TrainedHead:
    """A head and what it scored on plans that it was not fitted on.

    Attributes:
        head: Fitted on all plans.
        held_out: Calibrated probabilities of each paragraph by itself, from a fit without its writer's plans.
        seen: The same among their surroundings; as ``held_out`` for statements.
    """

    head: LinearHead
    held_out: Floats
    seen: Floats


def train_theme_head(
    inputs: Inputs,
    gold: Floats | Labels,
    labels: Sequence[str],
    places: Places,
    more: Sequence[Examples] = (),
    readings: Sequence[int] = (),
) -> TrainedHead:
    """Train the head that tells themes.

    Args:
        inputs: Of all paragraphs of the training plans.
        gold: Share of readers who gave each theme, 0–1, (paragraphs, labels).
        labels: Theme ids.
        places: Of the paragraphs.
        more: Texts that every fit sees and none is measured on.
        readings: The columns of ``inputs.readings`` that are the themes', held out; empty for none.

    Returns:
        The head with calibration, surroundings and thresholds, and its held-out probabilities.
    """
    trained = _train(inputs, gold, labels, places.writer, "sigmoid", THEME_BLOCKS, more, readings)
    shares = gold.astype(np.float64)
    trained.head.surroundings, seen = train_surroundings(trained.held_out, shares, places)
    trained.head.thresholds = choose_thresholds(seen, shares)
    return replace(trained, seen=seen)


def train_statement_head(
    inputs: Inputs,
    gold: Floats | Labels,
    groups: Sequence[str],
    more: Sequence[Examples] = (),
    readings: Sequence[int] = (),
) -> TrainedHead:
    """Train the head that tells statements.

    Args:
        inputs: Of all paragraphs of the training plans.
        gold: Share of readers who gave each of ``STATEMENTS``, (paragraphs, statements).
        groups: The writer of each paragraph.
        more: Texts that every fit sees and none is measured on.
        readings: The columns of ``inputs.readings`` that are the statements', held out; empty for none.

    Returns:
        The calibrated head and its held-out probabilities.
    """
    return _train(inputs, gold, STATEMENTS, groups, "softmax", STATEMENT_BLOCKS, more, readings)


def _train(
    inputs: Inputs,
    gold: Floats | Labels,
    labels: Sequence[str],
    groups: Sequence[str],
    link: Link,
    blocks: Sequence[NgramBlock],
    more: Sequence[Examples],
    readings: Sequence[int],
) -> TrainedHead:
    if len(set(groups)) < 2:
        raise CorpusError("Alle planer er af samme skribent: mærk planer af mindst to, så modellen kan kalibreres")
    shares = gold.astype(np.float64)
    raw = np.zeros(shares.shape)
    folds = GroupKFold(min(FOLDS, len(set(groups))))
    for train, test in folds.split(shares, groups=groups):
        space, weights, intercept = fit_linear(Examples(inputs[train], shares[train]), more, link, blocks)
        raw[test] = join_scores(space.transform(inputs[test]) @ weights.T + intercept, inputs[test], readings, link)
    scale, shift = _calibrate(raw, shares, link)
    held_out = apply_link(raw * scale + shift, link)
    space, weights, intercept = fit_linear(Examples(inputs, shares), more, link, blocks)
    head = LinearHead(labels, link, space, weights, intercept, scale, shift, np.zeros(len(labels)), readings)
    return TrainedHead(head, held_out, held_out)


def fit_linear(
    examples: Examples, more: Sequence[Examples], link: Link, blocks: Sequence[NgramBlock]
) -> tuple[FeatureSpace, Floats, Floats]:
    """Fit a linear classifier.

    Args:
        examples: Paragraphs of plans.
        more: Texts beside them.
        link: Of the head.
        blocks: Its n-grams.

    Returns:
        The feature space, weights (labels, features) and intercepts (labels,).

    Raises:
        CorpusError: A statement has no example.
    """
    # Readings are joined to the scores after the fit; not every example has them.
    inputs = replace(examples.inputs, readings=examples.inputs.readings[:, :0])
    gold, weights = examples.gold.astype(np.float64), np.full(len(examples.gold), examples.weight)
    for each in [each for each in more if len(each.gold)]:
        inputs, gold = join_inputs(inputs, each.inputs), np.concatenate([gold, each.gold])
        weights = np.concatenate([weights, np.full(len(each.gold), each.weight)])
    signal_scale = SIGNAL_SCALE if link == "softmax" else 0.0
    space = FeatureSpace(blocks, VECTOR_SCALE, signal_scale).fit(inputs)
    matrix = space.transform(inputs)
    if link == "softmax":
        missing = [name for name, told in zip(STATEMENTS, gold.T, strict=True) if not told.any()]
        if missing:
            raise CorpusError(f"For få eksempler på {', '.join(missing)}: mærk flere afsnit, af flere skribenter")
        rows, told = np.nonzero(gold)
        model = LogisticRegression(C=REGULARISATION, max_iter=1000, class_weight="balanced")
        model.fit(matrix[rows], told, sample_weight=(gold[rows, told] * weights[rows]))
        return space, model.coef_, model.intercept_
    # The solver lets go of the interpreter while it works, and none of the labels' fits knows of the others.
    with ThreadPoolExecutor(available_cores()) as pool:
        fits = list(pool.map(lambda column: _binary_fit(matrix, column, weights), gold.T))
    return space, np.array([fit[0] for fit in fits]), np.array([fit[1] for fit in fits])


def _binary_fit(matrix: Any, column: Floats, weights: Floats) -> tuple[Floats, float]:
    if (column > 0).sum() < 2:
        # A fold may leave a rare label without examples: then it is never given there.
        return np.zeros(matrix.shape[1]), -10.0
    yes, no = np.nonzero(column)[0], np.nonzero(column < 1)[0]
    rows, told = np.concatenate([yes, no]), np.repeat([1, 0], [len(yes), len(no)])
    shares = np.concatenate([column[yes], 1 - column[no]])
    model = LogisticRegression(C=REGULARISATION, solver="liblinear", max_iter=300)
    model.fit(matrix[rows], told, sample_weight=shares * weights[rows])
    return model.coef_[0], float(model.intercept_[0])


def _calibrate(raw: Floats, gold: Floats, link: Link) -> tuple[Floats, Floats]:
    """Learn what raw scores are multiplied with and what is added, from held-out scores."""
    if link == "softmax":
        return _temperature(raw, gold)
    # One slope for all labels and a shift for each: Platt scaling (1999) with the slope pooled.
    count = raw.shape[1]
    rows = np.hstack([raw.reshape(-1, 1), np.tile(np.eye(count), (len(raw), 1))])
    shares = np.concatenate([gold.reshape(-1), 1 - gold.reshape(-1)])
    told = np.repeat([1, 0], len(rows))
    model = LogisticRegression(C=1.0, fit_intercept=False, max_iter=1000)
    model.fit(np.vstack([rows, rows])[shares > 0], told[shares > 0], sample_weight=shares[shares > 0])
    return np.full(count, model.coef_[0, 0]), model.coef_[0, 1:]


def _temperature(raw: Floats, gold: Floats) -> tuple[Floats, Floats]:
    """Scale and shift scores so that held-out probabilities fit (vector scaling with one slope, Guo et al. 2017)."""
    from scipy.optimize import minimize

    count = raw.shape[1]

    def loss(parameters: Floats) -> float:
        probabilities = apply_link(raw * parameters[0] + parameters[1:], "softmax")
        return float(-(gold * np.log(probabilities + 1e-12)).sum() / len(gold) + 1e-3 * (parameters[1:] ** 2).sum())

    best = minimize(loss, np.concatenate([[1.0], np.zeros(count)]), method="L-BFGS-B").x
    return np.full(count, best[0]), best[1:]


def choose_thresholds(probabilities: Floats, gold: Floats) -> Floats:
    """Choose thresholds that give the best F1: one for all labels, then each label's own drawn towards it."""
    shared = CANDIDATE_THRESHOLDS[np.argmax([_f1(probabilities >= t, gold) for t in CANDIDATE_THRESHOLDS])]
    own = [
        CANDIDATE_THRESHOLDS[np.argmax([_f1(column >= t, truth) for t in CANDIDATE_THRESHOLDS])]
        for column, truth in zip(probabilities.T, gold.T, strict=True)
    ]
    return np.asarray(POOLING * shared + (1 - POOLING) * np.array(own))


def _f1(given: NDArray[np.bool_], gold: Floats) -> float:
    hits = float((given * gold).sum())
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
    """Tell which statement each paragraph makes: (paragraphs, statements), 0 or 1."""
    rows = [[name == each.statement for name in STATEMENTS] for document in documents for each in document.paragraphs]
    return np.array(rows, dtype=np.int64)
