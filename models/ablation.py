"""What each part of the heads is worth: scores on writers held out, with parts left away.

    python models/ablation.py            # some three quarters of an hour on two cores

Scores are against the second reader's labels, as ``models/train.py`` prints them; thresholds and calibration are chosen
on the same held-out scores in every row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

from strategitekst import training
from strategitekst.encoding import Encoder
from strategitekst.features import Inputs, NgramBlock
from strategitekst.head_training import Gathered, gather, read_pieces
from strategitekst.prediction import STATEMENTS
from strategitekst.strategy import load_strategy
from strategitekst.training import STATEMENT_BLOCKS, THEME_BLOCKS, Examples, train_statement_head, train_theme_head
from train import load_material

CORPUS = Path(__file__).resolve().parents[1] / "corpus"


def main() -> None:
    """Print a row a variant."""
    strategy, encoder = load_strategy(), Encoder()
    labels, material = list(strategy.themes), load_material(CORPUS)
    told = gather(material, strategy, encoder)
    attention, inputs = read_pieces(told, encoder, labels)
    themes, statements = training.gold_themes(material.plans, labels), training.gold_statements(material.plans)
    columns = attention.columns(labels), attention.columns(STATEMENTS)

    def row(name: str, read: Inputs, ngrams: bool, more: Sequence[Examples], joined: bool, *, around: bool) -> None:
        loose = [replace(told.loose_statements, inputs=_like(told.loose.inputs, read))] if more else []
        some = [replace(each, inputs=_like(each.inputs, read)) for each in more]
        blocks: tuple[Sequence[NgramBlock], Sequence[NgramBlock]] = (
            (THEME_BLOCKS, STATEMENT_BLOCKS) if ngrams else ((), ())
        )
        head = train_theme_head(read, told.themes, labels, told.places, some, columns[0] * joined, blocks[0])
        tells = train_statement_head(read, told.statements, told.places.writer, loose, columns[1] * joined, blocks[1])
        _print(name, head.seen if around else head.held_out, tells.held_out, told, themes, statements)

    everything = [told.loose, told.own, told.phrases]
    print("| | themes, micro-F1 | macro-F1 | statements, macro-F1 | accuracy |")
    print("|---|---|---|---|---|")
    blind = replace(inputs, vectors=np.zeros_like(inputs.vectors))
    row("vectors alone", inputs, False, everything, False, around=False)
    row("n-grams alone (and signals)", blind, True, everything, False, around=False)
    row("both, plans alone", inputs, True, [], False, around=False)
    row("both, with loose paragraphs, phrases and the strategy's words", inputs, True, everything, False, around=False)
    _print(
        "attention alone",
        _sigmoid(inputs.readings[:, : len(labels)]),
        inputs.readings[:, len(labels) :],
        told,
        themes,
        statements,
    )
    row("both and attention", inputs, True, everything, True, around=False)
    row("both and attention, among surroundings: what ships", inputs, True, everything, True, around=True)


def _like(inputs: Inputs, read: Inputs) -> Inputs:
    return inputs if read.vectors.any() else replace(inputs, vectors=np.zeros_like(inputs.vectors))


def _sigmoid(scores: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-scores))


def _print(
    name: str, themes: np.ndarray, statements: np.ndarray, told: Gathered, gold: np.ndarray, stated: np.ndarray
) -> None:
    given, said, truth = (
        themes >= training.choose_thresholds(themes, told.themes),
        statements.argmax(1),
        stated.argmax(1),
    )
    figures = (
        f1_score(gold, given, average="micro"),
        f1_score(gold, given, average="macro", zero_division=0.0),
        f1_score(truth, said, average="macro"),
        (truth == said).mean(),
    )
    print(f"| {name} | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |", flush=True)


if __name__ == "__main__":
    main()
