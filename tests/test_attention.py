"""Attention over the pieces of a text: it finds the one that decides, and comes back from its model directory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategitekst.attention import AttentionHead, make_head
from strategitekst.attention_training import States, Targets, train_attention
from strategitekst.encoding import Encoder
from strategitekst.errors import ModelError

LABELS = ["a", "b", "x", "y"]
TEXTS = ("I 2026 åbner to akutklinikker i Nakskov.", "Vi vil gøre mere for naturen.", "ord " * 900)


def make_states(seed: int, texts: int = 800) -> tuple[States, Targets]:
    """Texts of many pieces of noise; where one of them stands out, the text has the first label."""
    generator = np.random.default_rng(seed)
    lengths = generator.integers(5, 30, texts)
    components = generator.normal(size=(int(lengths.sum()), 16)).astype(np.float32)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    has = generator.random(texts) < 0.5
    for row in np.flatnonzero(has):
        components[generator.integers(offsets[row], offsets[row + 1])] += 4 * np.eye(16, dtype=np.float32)[3]
    themes = np.stack([has, ~has], axis=1).astype(np.float32)
    statements = np.eye(2, dtype=np.float32)[generator.integers(0, 2, texts)]
    states = States(components, offsets, np.zeros(16, np.float32), np.eye(16, dtype=np.float32))
    return states, Targets(themes, statements, np.ones(texts, np.float32))


def rows_of(states: States) -> list[np.ndarray]:
    return np.split(states.components, states.offsets[1:-1])


def test_one_piece_of_many_decides() -> None:
    states, targets = make_states(0)
    head = train_attention(states, targets, LABELS, ["one", "two"] * 400, 2)[0]
    new, truth = make_states(1)
    told = np.array([head.scores(row)[0] > 0 for row in rows_of(new)])
    assert (told == (truth.themes[:, 0] == 1)).mean() > 0.85


def test_training_twice_gives_the_same_head() -> None:
    states, targets = make_states(0, 40)
    (one, told), (two, again) = (train_attention(states, targets, LABELS, ["one", "two"] * 20, 2) for _ in range(2))
    assert one.fingerprint == two.fingerprint
    np.testing.assert_array_equal(told, again)


def test_held_out_scores_come_from_heads_that_have_not_seen_the_writer() -> None:
    states, targets = make_states(0)
    turned = Targets(targets.themes.copy(), targets.statements, targets.weights)
    turned.themes[:400] = 1 - turned.themes[:400]
    groups = ["one"] * 400 + ["two"] * 400
    _head, scores = train_attention(states, turned, LABELS, groups, 2)
    # What one writer teaches is the opposite of what the other shows: held out, both are told wrong.
    assert ((scores[:, 0] > 0) == (turned.themes[:, 0] == 1)).mean() < 0.3


def test_a_head_comes_back(tmp_path: Path) -> None:
    states, targets = make_states(0, 40)
    head = train_attention(states, targets, LABELS, ["one", "two"] * 20, 2)[0]
    head.save(tmp_path, {"encoder": "abc"})
    again = AttentionHead.load(tmp_path, "abc")
    assert (again.labels, again.fingerprint) == (head.labels, head.fingerprint)
    for row in rows_of(states)[:5]:
        np.testing.assert_allclose(again.scores(row), head.scores(row), atol=0.02)
    with pytest.raises(ModelError):
        AttentionHead.load(tmp_path, "another")


@given(st.permutations(range(6)))
def test_the_order_of_pieces_changes_nothing(order: list[int]) -> None:
    states, _targets = make_states(0, 3)
    generator = np.random.default_rng(5)
    shapes = {
        "hidden": (16, 4),
        "hidden_shift": (4,),
        "attention": (4, 2),
        "value": (4, 2),
        "mean": (16, 2),
        "shift": (2,),
    }
    head = make_head(["a", "b"], {name: generator.normal(size=shape).astype("f4") for name, shape in shapes.items()})
    pieces = states.components[:6]
    np.testing.assert_allclose(head.scores(pieces[order]), head.scores(pieces), rtol=1e-4, atol=1e-4)


def test_columns_are_those_of_known_labels() -> None:
    states, targets = make_states(0, 40)
    head = train_attention(states, targets, LABELS, ["one", "two"] * 20, 2)[0]
    assert head.columns(["y", "a"]) == (3, 0)
    assert head.columns(["a", "unknown"]) == ()


@pytest.fixture(scope="module")
def head() -> AttentionHead:
    generator = np.random.default_rng(0)
    shapes = {
        "hidden": (1152, 4),
        "hidden_shift": (4,),
        "attention": (4, 3),
        "value": (4, 3),
        "mean": (1152, 3),
        "shift": (3,),
    }
    arrays = {name: 0.1 * generator.normal(size=shape).astype("f4") for name, shape in shapes.items()}
    return make_head(["a", "b", "c"], arrays)


def test_reading_gives_the_vectors_that_embedding_gives(tmp_path: Path, head: AttentionHead) -> None:
    encoder = Encoder(cache=tmp_path / "vectors.sqlite")
    vectors, scores = encoder.read(TEXTS, head)
    np.testing.assert_array_equal(vectors, encoder.encode(TEXTS))
    assert scores.shape == (3, 3)
    assert encoder.read([], head)[1].shape == (0, 3)


def test_a_reading_is_the_head_over_the_states(tmp_path: Path, head: AttentionHead) -> None:
    encoder = Encoder(cache=tmp_path / "vectors.sqlite")
    _, scores = encoder.read(TEXTS[:2], head)
    np.testing.assert_allclose(scores, [head.scores(encoder.pieces(text)[0].states) for text in TEXTS[:2]], rtol=1e-5)
    np.testing.assert_array_equal(scores, encoder.read(TEXTS[:2], head)[1])  # now from the cache


def test_readings_of_another_head_are_not_taken_from_the_cache(tmp_path: Path, head: AttentionHead) -> None:
    encoder = Encoder(cache=tmp_path / "vectors.sqlite")
    other = make_head(
        head.labels,
        {name: getattr(head, name) * 2 for name in ("hidden", "hidden_shift", "attention", "value", "mean", "shift")},
    )
    assert not np.allclose(encoder.read(TEXTS[:1], head)[1], encoder.read(TEXTS[:1], other)[1])
