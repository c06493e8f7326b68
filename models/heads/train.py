"""Train what the encoder's vectors are read with, from the labelled plans.

``python models/heads/train.py`` writes ``themes-<strategy>`` and ``statements`` under ``models/`` and prints what they
score on the training plans of writers that they were not fitted on. The test parts of the corpus are not touched. What
rests on the heads is learnt after them: ``models/relevance/train.py``, then ``models/states/train.py``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sklearn.metrics import f1_score

from strategitekst import training
from strategitekst.classification import STATEMENT_MODEL, THEME_MODELS
from strategitekst.corpus import load_corpus
from strategitekst.encoding import Encoder
from strategitekst.inputs import prepare
from strategitekst.language.pipeline import load_pipeline
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


if __name__ == "__main__":
    main()
