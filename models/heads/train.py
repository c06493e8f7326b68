"""Train what the encoder's vectors are read with, from the labelled plans.

``python models/heads/train.py`` writes ``themes-<strategy>``, ``statements``, ``relevance`` and ``coverage`` under
``models/`` and prints what they score on the training plans of writers that they were not fitted on. The test parts of
the corpus are not touched.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

from strategitekst import training
from strategitekst.calibration import MODEL as COVERAGE
from strategitekst.calibration import fit_calibration, save_calibrations
from strategitekst.classification import STATEMENT_MODEL, THEME_MODELS
from strategitekst.corpus import load_corpus
from strategitekst.encoding import Encoder
from strategitekst.inputs import prepare
from strategitekst.language.pipeline import load_pipeline
from strategitekst.relevance import MODEL as RELEVANCE
from strategitekst.relevance import theme_vectors
from strategitekst.relevance_training import save_relevance, train_relevance
from strategitekst.strategy import load_strategy

MODELS = Path(__file__).resolve().parents[1]


def main() -> None:
    """Train, report, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=MODELS.parent / "corpus")
    parser.add_argument("--out", type=Path, default=MODELS)
    arguments = parser.parse_args()

    strategy, encoder = load_strategy(), Encoder()
    documents = load_corpus(arguments.corpus, "train")
    paragraphs = [each.paragraph for document in documents for each in document.paragraphs]
    inputs = prepare(paragraphs, encoder, load_pipeline(), strategy.own_names).inputs
    own_paragraphs, own_themes = training.strategy_examples(strategy)
    own_words = prepare(own_paragraphs, encoder, load_pipeline(), strategy.own_names).inputs, own_themes
    labels, groups = list(strategy.themes), training.writers(documents)
    print(f"{len(documents)} plans, {len(paragraphs)} paragraphs, {len(set(groups))} writers")

    gold = training.gold_themes(documents, labels)
    themes = training.train_theme_head(inputs, gold, labels, groups, own_words)
    given = themes.held_out >= themes.head.thresholds
    print(f"themes, held-out writers: micro-F1 {f1_score(gold, given, average='micro'):.3f}")
    folder = arguments.out / f"{THEME_MODELS}-{strategy.id}"
    training.save_head(themes.head, folder, documents, encoder.fingerprint)

    statements_gold = training.gold_statements(documents)
    statements = training.train_statement_head(inputs, statements_gold, groups)
    told = statements.held_out.argmax(axis=1)
    print(f"statements, held-out writers: macro-F1 {f1_score(statements_gold, told, average='macro'):.3f}")
    training.save_head(statements.head, arguments.out / STATEMENT_MODEL, documents, encoder.fingerprint)

    vectors = theme_vectors(strategy, encoder)
    relevance = train_relevance(inputs.vectors, vectors, gold)
    print(f"relevance, pledges held out: micro-F1 {relevance.held_out_f1:.3f}")
    save_relevance(relevance, arguments.out / RELEVANCE, documents, encoder.fingerprint)

    pledges = len(strategy.pledges)
    units = [encoder.encode([unit.text for unit in pledge.units()], "query") for pledge in strategy.pledges]
    nearest = np.stack([(inputs.vectors @ own.T).max(axis=1) for own in units], axis=1)
    calibration = fit_calibration(nearest.ravel().astype(np.float64), gold[:, :pledges].ravel())
    print(f"coverage: middle {calibration.middle:.4f}, slope {calibration.slope:.1f}")
    save_calibrations(arguments.out / COVERAGE, [encoder.fingerprint], [calibration])


if __name__ == "__main__":
    main()
