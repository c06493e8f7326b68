"""Training: small made-up plans give the same heads each time, and no writer is on both sides of a split."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from strategitekst.corpus_labels import LabelledDocument, LabelledParagraph
from strategitekst.document import Block, build_document
from strategitekst.errors import ModelError
from strategitekst.features import FeatureSpace, Inputs
from strategitekst.heads import LinearHead
from strategitekst.prediction import STATEMENTS
from strategitekst.provenance import about_training, data_fingerprint
from strategitekst.surroundings_training import places_of
from strategitekst.training import (
    CANDIDATE_THRESHOLDS,
    Examples,
    TrainedHead,
    gold_statements,
    gold_themes,
    train_statement_head,
    train_theme_head,
)

LABELS = ("P2", "P12", "P11", "A1")
THEME_WORDS = {
    "P2": "akutbiler og lægevagt",
    "P12": "busser og lokaltog",
    "P11": "vild natur og søer",
    "A1": "det nære",
}
STATEMENT_WORDS = {
    "initiative": "I 2026 åbner regionen {}.",
    "target": "Antallet af {} skal op på 12 procent i 2028.",
    "commitment": "Vi vil styrke {}.",
    "ambition": "Borgerne skal opleve {}.",
    "result": "Sidste år blev {} udbygget.",
    "context": "Regionen har {}.",
}
HANDS = ("anna", "bo", "cilie")


def make_corpus() -> list[LabelledDocument]:
    """Two plans of each of three writers, with every theme and every statement in each."""
    documents = []
    for number in range(6):
        hand = HANDS[number % 3]
        pairs = [(theme, statement) for theme in LABELS for statement in STATEMENTS]
        texts = [f"{STATEMENT_WORDS[statement].format(THEME_WORDS[theme])} ({hand})" for theme, statement in pairs]
        document = build_document(f"plan{number}", [Block("prose", text) for text in texts])
        labelled = tuple(
            LabelledParagraph(document.name, paragraph, (theme,), statement)
            for paragraph, (theme, statement) in zip(document.paragraphs, pairs, strict=True)
        )
        documents.append(LabelledDocument(document, {"hand": hand}, labelled))
    return documents


def make_inputs(documents: list[LabelledDocument]) -> Inputs:
    texts = [each.paragraph.text for document in documents for each in document.paragraphs]
    generator = np.random.default_rng(0)
    vectors = generator.normal(size=(len(texts), 6)).astype(np.float32)
    signals = generator.normal(size=(len(texts), 2)).astype(np.float32)
    return Inputs(texts, texts, vectors, signals, np.empty((len(texts), 0), dtype=np.float32))


CORPUS = make_corpus()
INPUTS = make_inputs(CORPUS)
PLACES = places_of(CORPUS)


def train_themes() -> TrainedHead:
    return train_theme_head(INPUTS, gold_themes(CORPUS, LABELS), LABELS, PLACES)


def train_statements() -> TrainedHead:
    return train_statement_head(INPUTS, gold_statements(CORPUS), PLACES.writer)


def test_gold_is_read_off_the_labels() -> None:
    themes, statements = gold_themes(CORPUS, LABELS), gold_statements(CORPUS)
    assert themes.shape == (144, 4)
    assert (themes.sum(axis=1) == 1).all()
    np.testing.assert_array_equal(statements[:6], np.eye(6))
    assert PLACES.writer[::24] == [*HANDS, *HANDS]


def test_a_document_without_a_hand_is_its_own_writer() -> None:
    [first, *_] = CORPUS
    assert set(places_of([LabelledDocument(first.document, {}, first.paragraphs)]).writer) == {"plan0"}


def test_a_small_corpus_is_learnt() -> None:
    themes, statements = train_themes(), train_statements()
    assert (themes.held_out.argmax(axis=1) == gold_themes(CORPUS, LABELS).argmax(axis=1)).mean() > 0.9
    assert (statements.held_out.argmax(axis=1) == gold_statements(CORPUS).argmax(axis=1)).mean() > 0.9
    np.testing.assert_allclose(statements.held_out.sum(axis=1), 1.0)
    assert ((themes.held_out > 0) & (themes.held_out < 1)).all()


def test_a_label_that_one_of_two_readers_gave_is_half_as_probable() -> None:
    gold = gold_themes(CORPUS, LABELS).astype(float)
    gold[:, 0] /= 2
    doubtful, sure = train_theme_head(INPUTS, gold, LABELS, PLACES).held_out, train_themes().held_out
    half = gold[:, 0] == 0.5
    assert abs(doubtful[half, 0].mean() - 0.5) < 0.15 < sure[half, 0].mean() - 0.5


def test_other_examples_teach_without_being_measured() -> None:
    texts = ["svømmehallen"] * 8
    none = np.zeros((8, 0), dtype=np.float32)
    inputs = Inputs(texts, texts, np.zeros((8, 6), np.float32), np.zeros((8, 2), np.float32), none)
    more = [Examples(inputs, np.tile(np.eye(4)[2], (8, 1)))]
    taught = train_theme_head(INPUTS, gold_themes(CORPUS, LABELS), LABELS, PLACES, more)
    assert taught.held_out.shape == (144, 4)
    untaught = train_themes().head.probabilities(inputs)[0, 2]
    assert taught.head.probabilities(inputs)[0, 2] > max(untaught, 0.5)


def test_readings_move_the_scores() -> None:
    gold = gold_themes(CORPUS, LABELS)
    readings = np.where(gold, 4.0, -4.0).astype(np.float32)
    inputs = replace(INPUTS, readings=readings[:, ::-1])
    columns = tuple(reversed(range(len(LABELS))))
    told = train_theme_head(inputs, gold, LABELS, PLACES, readings=columns)
    loss = [-np.log(np.where(gold, each, 1 - each)).mean() for each in (told.held_out, train_themes().held_out)]
    assert loss[0] < loss[1]


@pytest.mark.parametrize("train", [train_themes, train_statements])
def test_training_twice_gives_the_same_head(train: Any) -> None:
    one, two = train(), train()
    for name in ("weights", "intercept", "scale", "shift", "thresholds"):
        assert np.asarray(getattr(one.head, name)).tobytes() == np.asarray(getattr(two.head, name)).tobytes(), name
    assert one.held_out.tobytes() == two.held_out.tobytes()


def test_thresholds_lie_among_the_candidates() -> None:
    thresholds = train_themes().head.thresholds
    assert thresholds.shape == (len(LABELS),)
    assert ((thresholds >= CANDIDATE_THRESHOLDS[0]) & (thresholds <= CANDIDATE_THRESHOLDS[-1])).all()


def test_a_label_that_nobody_has_is_never_given() -> None:
    labels = (*LABELS, "P9")
    trained = train_theme_head(INPUTS, gold_themes(CORPUS, labels), labels, PLACES)
    assert trained.held_out[:, -1].max() < trained.head.thresholds[-1]
    assert trained.head.probabilities(INPUTS)[:, -1].max() < trained.head.thresholds[-1]


@pytest.mark.parametrize("train", [train_themes, train_statements])
def test_no_writer_is_on_both_sides_of_a_split(train: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fits: list[tuple[set[str], list[set[str]]]] = []
    fit, transform = FeatureSpace.fit, FeatureSpace.transform

    def hands(inputs: Inputs) -> set[str]:
        return {text.rsplit("(", 1)[1].rstrip(")") for text in inputs.texts}

    def noting_fit(self: FeatureSpace, inputs: Inputs) -> FeatureSpace:
        fits.append((hands(inputs), []))
        return fit(self, inputs)

    def noting_transform(self: FeatureSpace, inputs: Inputs) -> Any:
        fits[-1][1].append(hands(inputs))
        return transform(self, inputs)

    monkeypatch.setattr(FeatureSpace, "fit", noting_fit)
    monkeypatch.setattr(FeatureSpace, "transform", noting_transform)
    train()
    *folds, (everyone, _) = fits
    assert everyone == set(HANDS)
    assert len(folds) == len(HANDS)
    measured = [scored[-1] for _, scored in folds]
    for (seen, _), new in zip(folds, measured, strict=True):
        assert new
        assert not seen & new
    assert set.union(*measured) == set(HANDS)


def test_a_saved_head_gives_the_same_probabilities(tmp_path: Path) -> None:
    head = train_statements().head
    head.save(tmp_path, about_training(CORPUS, "encoder"))
    np.testing.assert_allclose(
        LinearHead.load(tmp_path, "encoder").probabilities(INPUTS), head.probabilities(INPUTS), atol=1e-3
    )
    with pytest.raises(ModelError):
        LinearHead.load(tmp_path, "another encoder")


def test_the_fingerprint_follows_texts_and_labels() -> None:
    [first, *rest] = CORPUS
    changed = LabelledParagraph("plan0", first.paragraphs[0].paragraph, ("P1",), first.paragraphs[0].statement)
    other = LabelledDocument(first.document, {}, (changed, *first.paragraphs[1:]))
    assert data_fingerprint(CORPUS) == data_fingerprint(make_corpus())
    assert data_fingerprint(CORPUS) != data_fingerprint(CORPUS, [("natbus til stationen", ("P12",))])
    assert data_fingerprint(CORPUS) != data_fingerprint([other, *rest])
