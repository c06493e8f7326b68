"""Measure a pipeline on the treebank, and print the table beside the published figures of da_core_news_sm.

python models/spacy_pipeline/evaluate.py --part dev
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example
from treebank import Sentence, group, read_gold, to_doc

from strategitekst.language.pipeline import SHIPPED, load_pipeline
from strategitekst.resources import model_path

if TYPE_CHECKING:
    from spacy.language import Language

TREEBANK = Path(__file__).resolve().parents[3] / "shared" / "treebank"
SENTENCES_A_DOCUMENT = 10
WARM_UP = 20
# Of meta.json of da_core_news_sm 3.8.0 (github.com/explosion/spacy-models): on the same treebank's test set, but with
# names of DaNE, which has MISC as well, and with its own tokens.
PUBLISHED = {"upos": 0.9497, "sentences": 0.8814, "names": 0.7228, "lemmas": 0.9437}


def examples(nlp: Language, sentences: Sequence[Sentence]) -> list[Example]:
    """Pair empty documents with gold ones; the tokens are the treebank's.

    Args:
        nlp: The pipeline.
        sentences: Gold sentences.

    Returns:
        Documents of ten sentences each.
    """
    pairs = []
    for part in group(sentences, SENTENCES_A_DOCUMENT):
        gold = to_doc(nlp.vocab, part)
        empty = Doc(nlp.vocab, words=[token.text for token in gold], spaces=[bool(token.whitespace_) for token in gold])
        pairs.append(Example(empty, gold))
    return pairs


def measure(nlp: Language, sentences: Sequence[Sentence]) -> dict[str, float]:
    """Measure a pipeline.

    Args:
        nlp: The pipeline.
        sentences: Gold sentences.

    Returns:
        Shares from 0 to 1: accuracy of parts of speech and lemmas, F1 of sentences and of names (all, and by kind).
    """
    pairs = examples(nlp, sentences)
    for pair, doc in zip(pairs, nlp.pipe(pair.predicted for pair in pairs), strict=True):
        pair.predicted = doc
    names = Scorer.score_spans(pairs, "ents")
    result = {
        "upos": Scorer.score_token_attr(pairs, "pos")["pos_acc"],
        "sentences": Scorer.score_spans(pairs, "sents", has_annotation=lambda doc: doc.has_annotation("SENT_START"))[
            "sents_f"
        ],
        "names": names["ents_f"],
        **{f"names {kind}": score["f"] for kind, score in sorted(names["ents_per_type"].items())},
    }
    if "lemmatizer" in nlp.pipe_names:
        result["lemmas"] = Scorer.score_token_attr(pairs, "lemma")["lemma_acc"]
    return {name: float(value) for name, value in result.items()}


def words_per_second(nlp: Language, sentences: Sequence[Sentence]) -> float:
    """Time a pipeline on running text, tokenizer included.

    Args:
        nlp: The pipeline.
        sentences: Sentences to make paragraphs of.

    Returns:
        Tokens a second of one core, the best of three runs; in processor time, so that other work does not count.
    """
    texts = [to_doc(nlp.vocab, part).text for part in group(sentences, 4)]
    list(nlp.pipe(texts[:WARM_UP]))
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        tokens = sum(len(doc) for doc in nlp.pipe(texts))
        best = max(best, tokens / (time.process_time() - start))
    return best


def table(columns: dict[str, dict[str, float]]) -> str:
    """Write figures as a Markdown table with the published ones beside them.

    Args:
        columns: Figures by column heading.

    Returns:
        The table.
    """
    headings = [*columns, "da_core_news_sm 3.8.0"]
    names = {
        "upos": "UPOS accuracy",
        "sentences": "sentences, F1",
        "names": "names, F1",
        "names PER": "PER, F1",
        "names ORG": "ORG, F1",
        "names LOC": "LOC, F1",
        "lemmas": "lemma accuracy",
    }
    lines = ["| | " + " | ".join(headings) + " |", "|---|" + "---|" * len(headings)]
    for key, name in names.items():
        cells = [f"{figures[key]:.4f}" if key in figures else "–" for figures in [*columns.values(), PUBLISHED]]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Print the table and the speed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("dev", "test"), default="test")
    parser.add_argument("--pipeline", default=str(model_path(SHIPPED)))
    parser.add_argument("--treebank", type=Path, default=TREEBANK)
    options = parser.parse_args()
    nlp = load_pipeline(options.pipeline)
    sentences = read_gold(options.treebank, options.part)
    print(table({options.part: measure(nlp, sentences)}))
    print(f"{words_per_second(nlp, sentences):.0f} words a second")


if __name__ == "__main__":
    main()
