"""What each part of the heads is worth, on a fifth of the writers, whom no head has seen.

The tuned encoder has seen them: its vectors, held to what they were, tell a little more of them than of strangers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from strategitekst.features import Inputs, NgramBlock
from strategitekst.head_training import Gathered, TrainedHeads
from strategitekst.heads import Floats, Link
from strategitekst.training import FOLDS, STATEMENT_BLOCKS, THEME_BLOCKS, Examples, choose_thresholds, fit_linear

Blocks = Sequence[NgramBlock]


def report_ablation(
    told: Gathered, heads: TrainedHeads, untuned: Floats, themes: NDArray[np.int64], statements: NDArray[np.int64]
) -> None:
    """Print a row a variant.

    Thresholds are chosen on the paragraphs that are measured, in every row.

    Args:
        told: What the heads were trained on.
        heads: The heads, with what they said of writers held out.
        untuned: What attention reads in an encoder that was not tuned, held out, (paragraphs, labels).
        themes: Gold, (paragraphs, themes).
        statements: Gold, (paragraphs, statements).
    """
    inputs, count = heads.prepared.inputs, themes.shape[1]
    train, test = next(GroupKFold(FOLDS).split(themes, groups=told.places.writer))
    blind = replace(inputs, vectors=np.zeros_like(inputs.vectors))

    def linear(read: Inputs, more: bool, blocks: tuple[Blocks, Blocks]) -> tuple[Floats, Floats]:
        beside = [told.loose, told.own, told.phrases] if more else []
        return (
            _scores(read, told.themes, train, test, beside, "sigmoid", blocks[0]),
            _scores(read, told.statements, train, test, [told.loose_statements] if more else [], "softmax", blocks[1]),
        )

    def row(name: str, scores: tuple[Floats, Floats]) -> None:
        given = scores[0] >= choose_thresholds(scores[0], told.themes[test])
        truth, said = statements[test].argmax(axis=1), scores[1].argmax(axis=1)
        figures = (
            f1_score(themes[test], given, average="micro"),
            f1_score(themes[test], given, average="macro", zero_division=0.0),
            f1_score(truth, said, average="macro"),
            (truth == said).mean(),
        )
        print(f"| {name} | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |", flush=True)

    both = (THEME_BLOCKS, STATEMENT_BLOCKS)
    print("| | themes, micro-F1 | macro-F1 | statements, macro-F1 | accuracy |")
    print("|---|---|---|---|---|")
    row("vectors (and signals)", linear(inputs, True, ((), ())))
    row("n-grams (and signals)", linear(blind, True, both))
    row("both, plans alone", linear(inputs, False, both))
    row("both, with loose paragraphs, phrases and the strategy's words", linear(inputs, True, both))
    for name, read in (("not tuned", untuned), ("tuned", inputs.readings)):
        row(f"attention alone, encoder {name}", (_sigmoid(read[test, :count]), read[test, count:]))
    row("both, and attention", (heads.themes.held_out[test], heads.statements.held_out[test]))
    row("the same among surroundings: what ships", (heads.themes.seen[test], heads.statements.held_out[test]))


def _scores(
    inputs: Inputs,
    gold: Floats,
    train: NDArray[np.int64],
    test: NDArray[np.int64],
    more: Sequence[Examples],
    link: Link,
    blocks: Blocks,
) -> Floats:
    beside = [replace(each, inputs=_as_blind(each.inputs, inputs)) for each in more]
    space, weights, intercept = fit_linear(Examples(inputs[train], gold[train]), beside, link, blocks)
    raw = space.transform(inputs[test]) @ weights.T + intercept
    return _sigmoid(raw) if link == "sigmoid" else raw


def _as_blind(inputs: Inputs, others: Inputs) -> Inputs:
    return inputs if others.vectors.any() else replace(inputs, vectors=np.zeros_like(inputs.vectors))


def _sigmoid(scores: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-scores)))
