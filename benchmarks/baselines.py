"""Print what the models and the baselines score on the test parts of the corpus, as one Markdown table.

The baselines are trained on the training part of the same corpus.
"""

from __future__ import annotations

from pathlib import Path

from strategitekst.baselines import BASELINES
from strategitekst.classification import Classifier
from strategitekst.corpus import load_corpus
from strategitekst.evaluation import evaluate
from strategitekst.metrics import Estimate
from strategitekst.strategy import load_strategy

CORPUS = Path(__file__).resolve().parents[1] / "corpus"


def main() -> None:
    """Fit, predict, print."""
    train = load_corpus(CORPUS, "train")
    predictors = {"the models that ship": Classifier(load_strategy()).predict}
    predictors |= {name: fit(train) for name, fit in BASELINES.items()}
    print("| | themes, micro-F1 | macro-F1 | ambitions, micro-F1 | statements, macro-F1 | initiative or target, F1 |")
    print("|---|---|---|---|---|---|")
    for part in ("test", "test_real"):
        gold = load_corpus(CORPUS, part)
        for name, predict in predictors.items():
            found = evaluate(gold, predict([each.document for each in gold]))
            cells = [_figure(found.themes.micro), _figure(found.themes.macro), _figure(found.ambitions.micro)]
            cells += [_figure(found.statements and found.statements.macro)]
            cells += [_figure(found.concrete and found.concrete.micro)]
            print(f"| `{part}`: {name} | {' | '.join(cells)} |", flush=True)


def _figure(estimate: Estimate | None) -> str:
    return "–" if estimate is None else f"{estimate.value:.2f} ({estimate.low:.2f}–{estimate.high:.2f})"


if __name__ == "__main__":
    main()
