"""Tuning the encoder: it learns what a piece tells, keeps its vectors, and gives the same each time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from strategitekst.attention_training import Targets

MODELS = Path(__file__).resolve().parents[1] / "models"
LABELS = ["a", "b", "x", "y"]
WIDTH = 16
TEXTS = 600
WRITERS = ["one", "two"] * (TEXTS // 2)


@pytest.fixture
def tuning(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(MODELS))
    from encoder import tuning

    return tuning


@pytest.fixture
def model() -> Any:
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=10, hidden_size=WIDTH, num_hidden_layers=12, num_attention_heads=2, intermediate_size=32
    )
    return BertModel(config, add_pooling_layer=False).eval()


def make_lower(tuning: Any, model: Any, seed: int) -> tuple[Any, Targets]:
    """Texts of pieces of noise; where one of them stands out, the text has the first label."""
    generator = np.random.default_rng(seed)
    lengths = generator.integers(4, 12, TEXTS)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    states = generator.normal(size=(int(offsets[-1]), 2 * WIDTH)).astype(np.float16)
    has = generator.random(TEXTS) < 0.5
    for row in np.flatnonzero(has):
        states[generator.integers(offsets[row], offsets[row + 1]), 3] += 6
    rows = np.split(states[:, WIDTH:].astype(np.float32), offsets[1:-1])
    with torch.inference_mode():
        tops = [through(model, torch.from_numpy(row))[0].numpy() for row in rows]
    vectors = np.array([top.mean(axis=0) for top in tops])
    known = np.hstack([states.astype(np.float32), np.concatenate(tops)])
    lower = tuning.Lower(
        states,
        offsets,
        (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32),
        known.mean(axis=0),
        known.std(axis=0),
    )
    themes = np.stack([has, ~has], axis=1).astype(np.float32)
    statements = np.eye(2, dtype=np.float32)[has.astype(int)]
    return lower, Targets(themes, statements, np.ones(TEXTS, np.float32))


def through(model: Any, states: torch.Tensor) -> torch.Tensor:
    """Run the layers above the ninth on the states of one text."""
    told = states[None]
    for layer in model.encoder.layer[9:]:
        told = layer(told)
        told = told[0] if isinstance(told, tuple) else told
    return told


def test_a_writer_that_was_not_seen_is_read_as_well_and_vectors_stay(
    tuning: Any, model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "EPOCHS", 30)  # so few texts need more rounds
    lower, targets = make_lower(tuning, model, 0)
    tuned, head, scores = tuning.tune(model, lower, targets, LABELS, WRITERS, 2)
    assert ((scores[:, 0] > 0) == (targets.themes[:, 0] == 1)).mean() > 0.8
    assert head.labels == tuple(LABELS)
    some = torch.from_numpy(lower.states[: lower.offsets[1], WIDTH:].astype(np.float32))
    with torch.inference_mode():
        vector = through(tuned, some)[0].mean(dim=0)
    assert float(torch.nn.functional.normalize(vector, dim=0) @ torch.from_numpy(lower.vectors[0])) > 0.9


def test_tuning_twice_gives_the_same(tuning: Any, model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "EPOCHS", 1)
    lower, targets = make_lower(tuning, model, 0)
    (one, head, told), (two, other, again) = (tuning.tune(model, lower, targets, LABELS, WRITERS, 2) for _ in range(2))
    assert head.fingerprint == other.fingerprint
    np.testing.assert_array_equal(told, again)
    for first, second in zip(one.parameters(), two.parameters(), strict=True):
        assert torch.equal(first, second)
