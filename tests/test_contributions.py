"""What the words of a paragraph add to a head's score: all of it, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from strategitekst.analysis import Analysis, analyze
from strategitekst.attention import AttentionHead
from strategitekst.contributions import MEANING, MOST_WORDS, OTHERS, START, word_contributions
from strategitekst.document import Block, Document, Paragraph, build_document
from strategitekst.encoding import Encoder
from strategitekst.heads import LinearHead
from strategitekst.inputs import Prepared, prepare
from strategitekst.language.pipeline import load_pipeline
from strategitekst.model_set import STATEMENT_MODEL
from strategitekst.resources import model_path
from strategitekst.strategy import load_strategy

THEMES = f"themes-{load_strategy().id}"
LONG = "Kommunen planter skov ved søen og renser vandet. " * 80
BLOCKS = [
    Block("heading", "Trafikplan for Region Sjælland", level=1),
    Block("prose", "I 2026 køber Movia 12 elbusser til linjen mellem Køge og Ringsted."),
    Block("prose", "Borgerne skal opleve nærvær."),
    Block("prose", "…"),
    Block("prose", LONG),
]
PLAN = build_document("plan", BLOCKS)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


@pytest.fixture(scope="module")
def attention(encoder: Encoder) -> AttentionHead:
    return AttentionHead.load(model_path("attention"), encoder.fingerprint)


@pytest.fixture(scope="module")
def prepared(encoder: Encoder, attention: AttentionHead) -> Prepared:
    return prepare(PLAN.paragraphs, encoder, load_pipeline(), head=attention)


@pytest.mark.parametrize("label", ["P12", "P4", "A1"])
def test_words_add_up_to_the_score(encoder: Encoder, attention: AttentionHead, prepared: Prepared, label: str) -> None:
    head = LinearHead.load(model_path(THEMES), encoder.fingerprint)
    assert head.readings, "the head that ships is joined with attention"
    probability = head.probabilities(prepared.inputs)[:, head.labels.index(label)]
    told = word_contributions(head, label, prepared.inputs, encoder, attention)
    added = [sum(value for _, value in words) for words in told]
    assert added == pytest.approx(np.log(probability / (1.0 - probability)), abs=0.02)
    assert all([name for name, _ in words[-2:]] == [OTHERS, START] for words in told)
    assert all(len(words) <= MOST_WORDS + 2 for words in told)


def test_what_decides_comes_first(encoder: Encoder, attention: AttentionHead, prepared: Prepared) -> None:
    head = LinearHead.load(model_path(THEMES), encoder.fingerprint)
    words = dict(word_contributions(head, "P12", prepared.inputs, encoder, attention)[0])
    assert max((word for word in words if word not in (MEANING, OTHERS, START)), key=words.__getitem__) == "elbusser"


def test_scores_of_statements_are_split_too(encoder: Encoder, attention: AttentionHead, prepared: Prepared) -> None:
    head = LinearHead.load(model_path(STATEMENT_MODEL), encoder.fingerprint)
    labels = [word_contributions(head, label, prepared.inputs, encoder, attention) for label in head.labels]
    scores = np.array([[sum(value for _, value in words) for words in told] for told in labels]).T
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    expected = head.probabilities(prepared.inputs)
    np.testing.assert_allclose(raised / raised.sum(axis=1, keepdims=True), expected, atol=0.02)


def test_pieces_of_a_text_give_its_reading(encoder: Encoder, attention: AttentionHead) -> None:
    for text in ("Vi kører.", LONG):
        windows = encoder.pieces(text)
        assert sum(window.share for window in windows) == pytest.approx(1.0)
        scores = sum(window.share * attention.piece_scores(window.states, 3).sum() for window in windows)
        assert scores + attention.shift[3] == pytest.approx(encoder.read([text], attention)[1][0, 3], abs=1e-3)
        assert {end for window in windows for _, end in window.spans} >= {0, len(text.rstrip())}
    assert len(windows) > 1


def test_a_cell_is_explained_by_words_that_add_up_to_what_its_tables_say() -> None:
    analysis: Analysis = analyze(PLAN)
    told = analysis.explain("plan", "P12").paragraphs.iloc[0]
    [scores] = analysis.paragraphs.query(f"paragraph == {told['paragraph']}")["theme_scores"]
    probability = dict(scores)["P12"]
    added = sum(value for _, value in told["theme_words"])
    assert 1.0 / (1.0 + np.exp(-added)) == pytest.approx(probability, abs=1e-3)


def test_what_a_web_page_leaves_around_its_text_is_explained_too() -> None:
    text = "I 2026 køber Movia 12 elbusser.\n\nDel siden med andre"
    said, left = Paragraph(0, text[:31], 0, 31), Paragraph(1, text[33:], 33, len(text), kind="residue")
    told = analyze(Document("side", text, (said, left))).explain("side", "P12").paragraphs
    assert told["paragraph"].tolist()[0] == 0
    assert set(told["paragraph"]) == {0, 1}
