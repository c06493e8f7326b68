"""Train the regression that tells themes of strategies never seen.

``python models/relevance/train.py`` writes ``models/relevance`` and prints what it scores on the training plans, each
pair by a fit that saw neither its theme nor the paragraph's writer. The test parts of the corpus are not touched.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from strategitekst import training
from strategitekst.corpus import load_corpus
from strategitekst.encoding import Encoder
from strategitekst.inputs import prepare
from strategitekst.language.pipeline import load_pipeline
from strategitekst.pairs import learn_background, pair_features
from strategitekst.relevance_training import save_relevance, train_relevance
from strategitekst.strategy import load_strategy
from strategitekst.zero_shot import MODEL, read_themes

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
    background = learn_background(inputs, encoder)
    pairs = pair_features(inputs, read_themes(strategy, encoder, background), encoder, background)
    gold = training.gold_themes(documents, list(strategy.themes))
    trained = train_relevance(pairs, gold, training.writers(documents))
    print(f"pledges and writers held out: micro-F1 {trained.held_out_f1:.3f}, threshold {trained.threshold:.2f}")
    save_relevance(trained, background, arguments.out / MODEL, documents, encoder.fingerprint)


if __name__ == "__main__":
    main()
