"""Print how well the rules tell which anchors an initiative or target names, on each part of the corpus.

The rules were written with texts of the training part at hand; the test parts were not read for them.
"""

from __future__ import annotations

from pathlib import Path

from sklearn.metrics import precision_recall_fscore_support

from strategitekst.corpus import load_corpus
from strategitekst.language.description import describe
from strategitekst.language.pipeline import load_pipeline
from strategitekst.language.spans import ANCHOR_KINDS
from strategitekst.strategy import load_strategy

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
CONCRETE = ("initiative", "target")


def main() -> None:
    """Compare labels and rules, a line a part and anchor."""
    own_names = load_strategy().own_names
    print("| part | anchor | precision | recall | F1 | paragraphs with it |")
    print("|---|---|---|---|---|---|")
    for part in ("train", "test", "test_real"):
        paragraphs = [
            each for document in load_corpus(CORPUS, part) for each in document.paragraphs if each.statement in CONCRETE
        ]
        found = list(describe([each.paragraph.text for each in paragraphs], load_pipeline(), own_names))
        for kind in ANCHOR_KINDS:
            gold = [kind in each.anchors for each in paragraphs]
            told = [kind in each.anchor_kinds for each in found]
            precision, recall, f1, _ = precision_recall_fscore_support(gold, told, average="binary")
            print(f"| {part} | {kind} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {sum(gold)} |")


if __name__ == "__main__":
    main()
