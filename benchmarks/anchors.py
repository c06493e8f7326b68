"""Print how well the rules tell which anchors an initiative or target names, on each part of the corpus.

The rules were written with texts of the training part at hand; the test parts were not read for them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sklearn.metrics import precision_recall_fscore_support

from strategitekst.corpus import load_corpus
from strategitekst.corpus_labels import LabelledParagraph
from strategitekst.language.description import Description, describe
from strategitekst.language.owners import owner_names
from strategitekst.language.pipeline import load_pipeline
from strategitekst.language.spans import ANCHOR_KINDS
from strategitekst.strategy import load_strategy

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
CONCRETE = ("initiative", "target")


def main() -> None:
    """Compare labels and rules, a line a part and anchor."""
    strategy_names = load_strategy().own_names
    print("| part | anchor | precision | recall | F1 | paragraphs with it |")
    print("|---|---|---|---|---|---|")
    for part in sys.argv[1:] or ("train", "test", "test_real"):
        paragraphs: list[LabelledParagraph] = []
        found: list[Description] = []
        for document in load_corpus(CORPUS, part):
            concrete = [each for each in document.paragraphs if each.statement in CONCRETE]
            own_names = (*strategy_names, *owner_names(document.document.paragraphs))
            found += describe([each.paragraph.text for each in concrete], load_pipeline(), own_names)
            paragraphs += concrete
        for kind in ANCHOR_KINDS:
            gold = [kind in each.anchors for each in paragraphs]
            told = [kind in each.anchor_kinds for each in found]
            precision, recall, f1, _ = precision_recall_fscore_support(gold, told, average="binary")
            print(f"| {part} | {kind} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {sum(gold)} |")


if __name__ == "__main__":
    main()
