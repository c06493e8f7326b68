"""Rounding the encoder to int8: what towers above the rest is set apart, and the rest keeps its steps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch

MODELS = Path(__file__).resolve().parents[1] / "models"
TEXTS = np.random.default_rng(0).integers(1, 50, (20, 12)).tolist()
LOUD_UNIT, LOUD_CHANNEL = 40, 3


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(MODELS))
    from encoder import graph, outliers

    return graph, outliers


@pytest.fixture
def model() -> Any:
    """A small transformer with one loud channel and one loud unit in each layer."""
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=50, hidden_size=32, num_hidden_layers=12, num_attention_heads=2, intermediate_size=96
    )
    model = BertModel(config, add_pooling_layer=False).eval()
    for layer in model.encoder.layer:
        layer.attention.output.LayerNorm.weight.data[LOUD_CHANNEL] = 30.0
        layer.intermediate.dense.bias.data[LOUD_UNIT] = 60.0
    return model


def told(model: Any) -> torch.Tensor:
    with torch.inference_mode():
        return model(input_ids=torch.tensor(TEXTS)).last_hidden_state


def test_in_fp32_nothing_changes(encoder: Any, model: Any) -> None:
    _, outliers = encoder
    before = told(model)
    torch.testing.assert_close(told(outliers.set_outliers_apart(model, TEXTS)), before, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(told(model), before)  # the model that is given stays as it was


def test_the_loudest_units_and_no_others_stay_in_fp32(encoder: Any, model: Any) -> None:
    _, outliers = encoder
    split = outliers.set_outliers_apart(model, TEXTS)
    for old, new in zip(model.encoder.layer, split.encoder.layer, strict=True):
        assert new.intermediate.few.bias.shape == (outliers.UNITS,)
        assert new.intermediate.few.bias.max() == old.intermediate.dense.bias[LOUD_UNIT]
        assert new.intermediate.many.bias.max() < 1.0


def test_int8_strays_less_when_outliers_are_apart(encoder: Any, model: Any, tmp_path: Path) -> None:
    graph, outliers = encoder
    gaps = []
    for name, some in (("whole", model), ("apart", outliers.set_outliers_apart(model, TEXTS))):
        exact, rounded = tmp_path / f"{name}-fp32.onnx", tmp_path / f"{name}.onnx"
        graph.export(some, exact)
        graph.quantize(exact, rounded)
        gaps.append(np.abs(states(rounded) - states(exact)).mean())
    assert gaps[1] < 0.5 * gaps[0]


def states(path: Path) -> np.ndarray:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    ids = np.array(TEXTS, dtype=np.int64)
    return np.asarray(session.run(["piece_states"], {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0])
