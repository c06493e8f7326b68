"""How right states and coverage of pledges are on labelled plans, with a chain of decisions beside.

    python benchmarks/states.py            # the test parts of the corpus
    python benchmarks/states.py train      # another part; models have seen it

A cell is a pledge in a plan. The chain reads the state off each paragraph's decided labels, as the codebook does with
gold ones. Intervals (95 %) draw plans anew.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

import strategitekst as st
from strategitekst.corpus import load_corpus
from strategitekst.corpus_labels import LabelledDocument, LabelledParagraph
from strategitekst.language.spans import CONCRETE_KINDS
from strategitekst.state_training import report_states
from strategitekst.status import GAPS, STATES, UNCERTAIN, gold_state

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
ABSTAINING = 0.20
DRAWS = 1000
FIGURES = ("accuracy", "gap_precision", "gap_recall", "intent_recall", "false_gaps")


def main() -> None:
    """Print a table a part."""
    for part in sys.argv[1:] or ("test", "test_real"):
        documents = load_corpus(CORPUS, part)
        cells = gather(documents)
        print(f"{part}: {len(documents)} plans, {len(cells)} cells, {(cells.gold < len(GAPS)).mean():.0%} gaps\n")
        print("| | " + " | ".join(name.replace("_", " ") for name in FIGURES) + " |")
        print("|---" * (len(FIGURES) + 1) + "|")
        sure = cells[cells.certainty >= cells.certainty.quantile(ABSTAINING)]
        for name, some, told in (
            ("weighed", cells, "told"),
            ("chain of decisions", cells, "chain"),
            (f"weighed, the surest {len(sure) / len(cells):.0%}", sure, "told"),
        ):
            figures = [_with_interval(some, lambda few, told=told, figure=figure: _figure(few, told, figure))
                       for figure in FIGURES]  # fmt: skip
            print(f"| {name} | " + " | ".join(figures) + " |")
        print("\ncoverage, Spearman with the share of initiatives and commitments:", _with_interval(cells, _spearman))
        print()


def gather(documents: list[LabelledDocument]) -> pd.DataFrame:
    """Analyse plans.

    Returns:
        A row a pledge and plan: ``gold``, ``told`` and ``chain`` as index in ``STATES``, ``certainty`` whether there
        is an initiative (0.5–1), ``coverage``, and the gold ``share`` of paragraphs that do or promise something.
    """
    plans = [each.document for each in documents]
    analysis = st.analyze(plans)
    told = analysis.pledges.set_index(["document", "pledge"]).state
    # Where nothing is certain enough, the confidence of a state says how certain it is.
    unsure = st.analyze(plans, abstain=1.0).pledges.set_index(["document", "pledge"])
    certainty = unsure.confidence.where(unsure.state == UNCERTAIN, 1.0)
    coverage = analysis.coverage.set_index(["document", "pledge"]).coverage
    rows = []
    for document in documents:
        name = document.document.name
        found = analysis.paragraphs[analysis.paragraphs.document == name]
        for pledge in analysis.strategy.pledges:
            gold = [each for each in document.paragraphs if pledge.id in each.themes]
            own = found[[pledge.id in themes for themes in found.themes]]
            anchored = own[list(CONCRETE_KINDS)].notna().any(axis=1)
            rows.append(
                {
                    "plan": name,
                    "gold": STATES.index(gold_state([(each.statement, _anchored(each)) for each in gold])),
                    "told": STATES.index(told[name, pledge.id]),
                    "chain": STATES.index(gold_state(list(zip(own.statement, anchored, strict=True)))),
                    "certainty": certainty[name, pledge.id],
                    "coverage": coverage[name, pledge.id],
                    "share": np.mean([each in gold and _does(each) for each in document.paragraphs]),
                }
            )
    return pd.DataFrame(rows)


def _anchored(paragraph: LabelledParagraph) -> bool:
    return any(kind in paragraph.anchors for kind in CONCRETE_KINDS)


def _does(paragraph: LabelledParagraph) -> bool:
    return paragraph.statement in ("initiative", "commitment")


def _figure(cells: pd.DataFrame, told: str, figure: str) -> float:
    return report_states(cells.gold.to_numpy(), cells[told].to_numpy())[figure]


def _spearman(cells: pd.DataFrame) -> float:
    return float(spearmanr(cells.coverage, cells.share)[0])


def _with_interval(cells: pd.DataFrame, figure: Callable[[pd.DataFrame], float]) -> str:
    by_plan = [some for _, some in cells.groupby("plan")]
    draw = np.random.default_rng(0)
    drawn = [
        figure(pd.concat(by_plan[number] for number in draw.integers(len(by_plan), size=len(by_plan))))
        for _ in range(DRAWS)
    ]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return f"{figure(cells):.3f} ({low:.2f}–{high:.2f})"


if __name__ == "__main__":
    main()
