"""Learn how paragraphs' probabilities make the state of a pledge, and what similarities are worth for coverage.

``python models/states/train.py`` writes ``models/states/config.json`` and ``models/coverage`` from the training plans,
after the heads were trained: it makes predictions of heads that have not seen a plan's writer itself, and prints what
states and coverage score on them. The test parts of the corpus are not touched.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from strategitekst import training
from strategitekst.calibration import MODEL as COVERAGE
from strategitekst.calibration import calibrate, save_calibrations
from strategitekst.corpus import LabelledDocument, load_corpus
from strategitekst.coverage import Calibration, coverage
from strategitekst.encoding import Encoder
from strategitekst.inputs import prepare
from strategitekst.language.pipeline import load_pipeline
from strategitekst.pairs import learn_background, pair_features
from strategitekst.prediction import STATEMENTS
from strategitekst.relevance_training import train_relevance
from strategitekst.state_model import MODEL, StateModel, save_state_models
from strategitekst.state_training import (
    Floats,
    Plans,
    Predicted,
    decide,
    gather_plans,
    own_and_rival,
    report_states,
    train_states,
)
from strategitekst.strategy import Strategy, load_strategy
from strategitekst.themes import decide_themes
from strategitekst.zero_shot import read_themes

MODELS = Path(__file__).resolve().parents[1]
UNCERTAIN = 0.20


def main() -> None:
    """Predict, learn, report, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=MODELS.parent / "corpus")
    parser.add_argument("--out", type=Path, default=MODELS)
    arguments = parser.parse_args()

    strategy, encoder = load_strategy(), Encoder()
    documents = load_corpus(arguments.corpus, "train")
    labels, pledges = list(strategy.themes), [pledge.id for pledge in strategy.pledges]
    columns = [labels.index(pledge) for pledge in pledges]
    plans = gather_plans(documents, labels, pledges)

    calibration = calibrate(encoder, documents=documents, strategy=strategy, keep=False)
    print(f"coverage: middle {calibration.middle:.4f}, slope {calibration.slope:.1f}")
    save_calibrations(arguments.out / COVERAGE, {encoder.fingerprint: calibration})

    models = {}
    for kind, predicted in predict(documents, strategy, encoder).items():
        model, held_out = train_states(predicted, plans, columns)
        models[kind] = model
        print(f"{kind}: {model}")
        report(model, held_out, predicted, plans, columns)
        report_coverage(model, predicted, plans, columns, documents, strategy, encoder, calibration)
    about = {
        "encoder": encoder.fingerprint,
        "training_data": training.data_fingerprint(documents),
        "packages": training.package_versions(),
    }
    save_state_models(arguments.out / MODEL, models, about)


def predict(documents: list[LabelledDocument], strategy: Strategy, encoder: Encoder) -> dict[str, Predicted]:
    """Predict with heads that have not seen a plan's writer, and zero-shot without a plan's writer and the pledge."""
    nlp = load_pipeline()
    paragraphs = [each.paragraph for document in documents for each in document.paragraphs]
    prepared = prepare(paragraphs, encoder, nlp, strategy.own_names)
    own_paragraphs, own_themes = training.strategy_examples(strategy)
    own_words = prepare(own_paragraphs, encoder, nlp, strategy.own_names).inputs, own_themes
    labels, writers = list(strategy.themes), training.writers(documents)
    gold = training.gold_themes(documents, labels)
    themes = training.train_theme_head(prepared.inputs, gold, labels, writers, own_words)
    statements = training.train_statement_head(prepared.inputs, training.gold_statements(documents), writers)
    initiative = statements.held_out[:, STATEMENTS.index("initiative")].round(4)
    anchored = np.array(
        [
            any(anchor.kind in ("deadline", "quantity", "budget") for anchor in each.anchors)
            for each in prepared.descriptions
        ]
    )
    background = learn_background(prepared.inputs, encoder)
    pairs = pair_features(prepared.inputs, read_themes(strategy, encoder, background), encoder, background)
    relevance = train_relevance(pairs, gold, writers)
    found = {
        "trained": (themes.held_out, themes.head.thresholds),
        "zero-shot": (relevance.held_out, np.full(len(labels), relevance.threshold)),
    }
    return {
        kind: Predicted(theme.round(4), _given(theme, thresholds, labels, strategy), initiative, anchored)
        for kind, (theme, thresholds) in found.items()
    }


def _given(theme: Floats, thresholds: Floats, labels: list[str], strategy: Strategy) -> np.ndarray:
    rows = [decide_themes(row, labels, thresholds, strategy) for row in theme]
    return np.array([[label in row for label in labels] for row in rows])


def report(model: StateModel, held_out: Floats, predicted: Predicted, plans: Plans, columns: list[int]) -> None:
    """Print what states score on plans of writers held out, all of them and those that are certain."""
    count = len(plans.writer)
    mentioned = np.array([predicted.given[plans.number == plan][:, columns].any(axis=0) for plan in range(count)])
    told = decide(held_out, mentioned, model.threshold)
    print("  all:", _show(report_states(plans.gold, told)))
    sure = np.maximum(held_out, 1 - held_out)
    for abstain in (0.8, float(np.quantile(sure, UNCERTAIN))):
        kept = sure >= abstain
        print(
            f"  abstain {abstain:.2f}, {1 - kept.mean():.0%} uncertain:",
            _show(report_states(plans.gold[kept], told[kept])),
        )


def _show(scores: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in scores.items())


def report_coverage(
    model: StateModel,
    predicted: Predicted,
    plans: Plans,
    columns: list[int],
    documents: list[LabelledDocument],
    strategy: Strategy,
    encoder: Encoder,
    calibration: Calibration,
) -> None:
    """Print the rank correlation of coverage with the share of initiatives and commitments."""
    serves = model.serves(*own_and_rival(predicted.theme, columns)).round(4)
    doing = [each.statement in ("initiative", "commitment") for some in documents for each in some.paragraphs]
    vectors = encoder.encode([each.paragraph.text for some in documents for each in some.paragraphs]).astype(np.float64)
    covered, shares = [], []
    for number, pledge in enumerate(strategy.pledges):
        units = encoder.encode([unit.text for unit in pledge.units()], "query").astype(np.float64)
        weights = np.array([unit.weight for unit in pledge.units()])
        for plan in range(len(documents)):
            inside = plans.number == plan
            measured = coverage(units, weights, vectors[inside], calibration, serves=serves[inside, number])
            covered.append(measured.value)
            shares.append((plans.serves[inside, columns[number]] * np.array(doing)[inside]).mean())
    gold = plans.gold.T.ravel()
    levels = ", ".join(f"{np.array(covered)[gold == state].mean():.2f}" for state in sorted(set(gold)))
    print(f"  coverage: Spearman {spearmanr(covered, shares)[0]:.3f}; mean by gold state {levels}")


if __name__ == "__main__":
    main()
