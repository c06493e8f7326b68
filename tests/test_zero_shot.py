"""Themes of strategies that no head was trained for: told by nearness, learnt on pairs, measured on themes held out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from strategitekst.corpus_labels import LabelledDocument, LabelledParagraph
from strategitekst.document import Block, Document, build_document
from strategitekst.encoding import Encoder
from strategitekst.errors import ModelError
from strategitekst.features import Inputs
from strategitekst.inputs import prepare
from strategitekst.language.pipeline import load_pipeline
from strategitekst.pairs import FEATURES, MEASURES, learn_background, letter_similarity, pair_features
from strategitekst.persistence import load_model
from strategitekst.relevance_training import TrainedRelevance, save_relevance, train_relevance
from strategitekst.strategy import Strategy, load_strategy
from strategitekst.surroundings_training import Places
from strategitekst.training import CANDIDATE_THRESHOLDS
from strategitekst.zero_shot import RelevanceScorer, read_themes, theme_texts

THEMES = 10
WRITERS = [f"hand{number % 7}" for number in range(280)]
PLACES = Places(np.arange(280), ["Plan"] * 280, WRITERS)
"""Each paragraph is a plan of its own."""


@pytest.fixture(scope="module")
def strategy() -> Strategy:
    return load_strategy("eksempelby-2024-2028")


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


@pytest.fixture(scope="module")
def plan(strategy: Strategy) -> Document:
    """A plan that says what the pledges say, one paragraph a pledge, under headings that tell nothing."""
    blocks = [Block("heading", "Plan", level=1), *(Block("prose", each.description) for each in strategy.pledges)]
    return build_document("plan", blocks)


@pytest.fixture(scope="module")
def inputs(plan: Document, encoder: Encoder) -> Inputs:
    return prepare(plan.paragraphs, encoder, load_pipeline()).inputs


def made_up_pairs(noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Pairs whose first measure is high where the paragraph has the theme, beside measures that tell nothing."""
    generator = np.random.default_rng(0)
    gold = np.eye(THEMES, dtype=np.int64)[generator.integers(0, THEMES, len(WRITERS))]
    pairs = generator.normal(size=(*gold.shape, len(FEATURES)))
    pairs[:, :, 0] = gold + noise * generator.normal(size=gold.shape)
    return pairs, gold


def learn(noise: float = 0.1) -> TrainedRelevance:
    return train_relevance(*made_up_pairs(noise), PLACES)


def test_nearness_is_learnt_for_themes_that_were_held_out() -> None:
    trained = learn()
    gold = made_up_pairs(0.1)[1]
    assert trained.held_out_f1 > 0.95
    assert trained.weights.argmax() == 0
    assert (trained.held_out.argmax(axis=1) == gold.argmax(axis=1)).mean() > 0.95
    assert CANDIDATE_THRESHOLDS[0] <= trained.threshold <= CANDIDATE_THRESHOLDS[-1]
    assert learn(noise=2.0).held_out_f1 < 0.8


def test_learning_twice_gives_the_same() -> None:
    one, two = learn(), learn()
    assert one.weights.tobytes() == two.weights.tobytes()
    assert one.held_out.tobytes() == two.held_out.tobytes()


def test_a_pair_is_judged_by_a_fit_that_saw_neither_its_theme_nor_its_writer() -> None:
    """Where one theme's labels are turned round, only the fits that judge other themes may learn from it."""
    pairs, gold = made_up_pairs(0.1)
    turned = gold.copy()
    turned[:, 3] = 1 - turned[:, 3]
    plain, other = (train_relevance(pairs, labels, PLACES).held_out for labels in (gold, turned))
    np.testing.assert_array_equal(plain[:, 3], other[:, 3])
    assert np.abs(plain - other).max() > 0.01
    hand = np.array(WRITERS) == "hand2"
    turned = gold.copy()
    turned[hand] = 1 - turned[hand]
    other = train_relevance(pairs, turned, PLACES).held_out
    np.testing.assert_array_equal(plain[hand], other[hand])
    assert np.abs(plain - other).max() > 0.01


def test_every_pair_of_paragraph_and_theme_is_described(strategy: Strategy, encoder: Encoder, inputs: Inputs) -> None:
    background = learn_background(inputs, encoder)
    themes = read_themes(strategy, encoder, background)
    pairs = pair_features(inputs, themes, encoder, background)
    assert pairs.shape == (len(inputs.texts), len(strategy.themes), len(FEATURES))
    assert np.isfinite(pairs).all()
    centred = pairs[:, :, len(MEASURES) : 2 * len(MEASURES)]
    np.testing.assert_allclose(centred.mean(axis=1), 0.0, atol=1e-9)
    alone = pair_features(inputs, themes[:1], encoder, background)
    assert not alone[:, :, len(MEASURES) :].any()


def test_a_theme_is_its_name_all_of_it_and_its_parts(strategy: Strategy) -> None:
    texts = theme_texts(strategy)
    assert len(texts) == len(strategy.themes)
    for pledge in strategy.pledges:
        name, whole, *parts = texts[list(strategy.themes).index(pledge.id)]
        assert name == pledge.name
        assert pledge.description in whole
        assert set(pledge.initiatives) <= set(parts)


def test_letters_see_through_compounds_and_count_what_is_common_less() -> None:
    idf = np.full(2**17, 5.0)
    texts = ["Cykelparkering ved stationen", "Lægevagten i Køge"]
    near = letter_similarity(["Parkering af cykler", *texts], texts, idf)
    assert near[0, 0] > 0.2 > near[0, 1]
    np.testing.assert_allclose(near[1:].diagonal(), 1.0)
    everywhere = [f"Kommunen vil {word}" for word in ("bygge broer", "plante skov", "ansætte lærere", "lytte")] * 10
    assert letter_similarity(["Kommunen vil sove"], everywhere, idf).max() < 0.3


def test_a_saved_scorer_says_what_was_learnt(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    strategy: Strategy,
    encoder: Encoder,
    plan: Document,
    inputs: Inputs,
) -> None:
    background = learn_background(inputs, encoder)
    pairs = pair_features(inputs, read_themes(strategy, encoder, background), encoder, background)
    gold = np.eye(len(strategy.themes), dtype=np.int64)[: len(inputs.texts)]
    hands = [f"hand{number % 3}" for number in range(len(gold))]
    trained = train_relevance(pairs, gold, Places(np.arange(len(gold)), ["Plan"] * len(gold), hands))
    labelled = tuple(LabelledParagraph("plan", each, (), "context") for each in plan.paragraphs)
    save_relevance(trained, background, tmp_path, [LabelledDocument(plan, {}, labelled)], encoder.fingerprint)
    with pytest.raises(ModelError):
        load_model(tmp_path, "another encoder")
    monkeypatch.setattr("strategitekst.zero_shot.model_path", lambda name: tmp_path)
    scorer = RelevanceScorer.load(strategy, encoder)
    expected = 1.0 / (1.0 + np.exp(-(pairs @ trained.weights + trained.intercept)))
    np.testing.assert_allclose(scorer.probabilities(inputs), expected, atol=0.01)
    assert scorer.surroundings.weights == trained.surroundings.weights
    assert scorer.thresholds.tolist() == [trained.threshold] * len(strategy.themes)


def test_what_ships_tells_themes_that_no_plan_names(strategy: Strategy, encoder: Encoder, inputs: Inputs) -> None:
    probabilities = RelevanceScorer.load(strategy, encoder).probabilities(inputs)[:, : len(strategy.pledges)]
    assert probabilities.argmax(axis=1).tolist() == list(range(len(strategy.pledges)))
    assert probabilities.diagonal().min() > 0.5
