"""How much surroundings count, learnt from what heads say of plans whose writers they have not seen."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from strategitekst.corpus import LabelledDocument
from strategitekst.surroundings import Surroundings, evidence

Floats = NDArray[np.float64]
FOLDS = 6


@dataclass(frozen=True, slots=True)
class Places:
    """Where paragraphs stand.

    Attributes:
        plan: The number of each paragraph's plan, (paragraphs,).
        section: Its headings.
        writer: Its writer.
    """

    plan: NDArray[np.int64]
    section: Sequence[Hashable]
    writer: Sequence[str]


def places_of(documents: Sequence[LabelledDocument]) -> Places:
    """Tell where the paragraphs of labelled plans stand.

    The writer is the ``hand`` of the document, or the document itself where that is not known.
    """
    return Places(
        np.repeat(np.arange(len(documents)), [len(document.paragraphs) for document in documents]),
        [each.paragraph.heading for document in documents for each in document.paragraphs],
        [some.metadata.get("hand") or some.document.name for some in documents for _ in some.paragraphs],
    )


def train_surroundings(
    alone: Floats, gold: Floats, places: Places, *, pooled: bool = False
) -> tuple[Surroundings, Floats]:
    """Learn how much surroundings count.

    Args:
        alone: Held-out probability that each paragraph, read by itself, has each theme, (paragraphs, themes).
        gold: Share of readers who gave each theme, 0–1, same shape.
        places: Of the paragraphs.
        pooled: Whether all themes get the same constant, for themes never seen.

    Returns:
        The surroundings, and probabilities from ones that have not seen a paragraph's writer.
    """
    usual = np.full(1, alone.mean()) if pooled else alone.mean(axis=0)
    told = _gather(alone, places, usual)
    seen = np.zeros(alone.shape)
    for train, test in GroupKFold(min(FOLDS, len(set(places.writer)))).split(alone, groups=places.writer):
        around = Surroundings(*_fit(told[train], gold[train], pooled=pooled), usual)
        seen[test] = see_among_others(around, alone, places)[test]
    return Surroundings(*_fit(told, gold, pooled=pooled), usual), seen


def see_among_others(around: Surroundings, alone: Floats, places: Places) -> Floats:
    """Weigh the probabilities of the paragraphs of many plans; arguments and result as in ``Surroundings``."""
    seen = np.zeros(alone.shape)
    for rows, sections in _plans(places):
        seen[rows] = around.probabilities(alone[rows], sections)
    return seen


def _gather(alone: Floats, places: Places, usual: Floats) -> Floats:
    """Give what speaks for each theme of each paragraph: (paragraphs, themes, 3)."""
    told = np.zeros((*alone.shape, 3))
    for rows, sections in _plans(places):
        told[rows] = np.stack(evidence(alone[rows], sections, usual), axis=2)
    return told


def _plans(places: Places) -> Iterator[tuple[NDArray[np.int64], list[Hashable]]]:
    for plan in np.unique(places.plan):
        rows = np.flatnonzero(places.plan == plan)
        yield rows, [places.section[row] for row in rows.tolist()]


def _fit(told: Floats, gold: Floats, *, pooled: bool) -> tuple[tuple[float, float, float], Floats]:
    themes = gold.shape[1]
    constants = np.ones((len(gold) * themes, 1)) if pooled else np.tile(np.eye(themes), (len(gold), 1))
    rows = np.hstack([told.reshape(-1, 3), constants])
    shares = np.concatenate([gold.ravel(), 1.0 - gold.ravel()])
    yes = np.repeat([1, 0], len(rows))
    model = LogisticRegression(C=1.0, fit_intercept=False, max_iter=1000)
    model.fit(np.vstack([rows, rows])[shares > 0], yes[shares > 0], sample_weight=shares[shares > 0])
    own, section, rival = (float(weight) for weight in model.coef_[0, :3])
    return (own, section, rival), model.coef_[0, 3:]
