"""Model directories: what is written comes back, and what is wrong with one is said in one line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from strategitekst.errors import ModelError
from strategitekst.features import FeatureSpace, Inputs, NgramBlock
from strategitekst.heads import LinearHead
from strategitekst.persistence import load_model, model_fingerprint, save_model

BLOCKS = (NgramBlock("contexts", "char_wb", 2, 3, 500), NgramBlock("texts", "word", 1, 2, 500))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_model(tmp_path / "model", {"encoder": "abc", "labels": ["å"]}, {"weights": np.eye(2, dtype=np.float32)})
    return tmp_path / "model"


def test_fortran_order_comes_back_right(tmp_path: Path) -> None:
    values = np.asfortranarray(np.arange(6, dtype=np.float64).reshape(2, 3))
    assert not values.flags.c_contiguous
    strided = np.arange(12, dtype=np.float32).reshape(3, 4)[:, ::2]
    save_model(tmp_path, {}, {"values": values, "strided": strided})
    _, tensors = load_model(tmp_path)
    np.testing.assert_array_equal(tensors["values"], [[0, 1, 2], [3, 4, 5]])
    np.testing.assert_array_equal(tensors["strided"], [[0, 2], [4, 6], [8, 10]])


def test_the_config_comes_back(folder: Path) -> None:
    config, _ = load_model(folder, "abc")
    assert config["labels"] == ["å"]


@pytest.mark.parametrize("file", ["config.json", "weights.safetensors"])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(ModelError, match=file) as raised:
        load_model(folder)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("file", ["config.json", "weights.safetensors"])
@pytest.mark.parametrize("content", [b"", b"garbage\nin lines", b"\xff\xfe\x00"], ids=["empty", "garbage", "binary"])
def test_a_damaged_file_is_one_line(folder: Path, file: str, content: bytes) -> None:
    (folder / file).write_bytes(content)
    with pytest.raises(ModelError) as raised:
        load_model(folder)
    assert "\n" not in str(raised.value)
    assert str(folder) in str(raised.value)


def test_cut_weights_are_damaged(folder: Path) -> None:
    weights = folder / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-3])
    with pytest.raises(ModelError, match="beskadiget"):
        load_model(folder)


def test_a_missing_folder_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nothing"):
        load_model(tmp_path / "nothing")


def test_a_newer_format_is_refused(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, "format_version": 99}))
    with pytest.raises(ModelError, match="99") as raised:
        load_model(folder)
    assert "opdatér" in str(raised.value)


def test_another_encoder_is_refused(folder: Path) -> None:
    with pytest.raises(ModelError, match="encoder"):
        load_model(folder, "another")


def test_the_fingerprint_follows_the_content(folder: Path) -> None:
    before = model_fingerprint(folder)
    assert before == model_fingerprint(folder)
    save_model(folder, {"encoder": "abc", "labels": ["å"]}, {"weights": np.eye(2, dtype=np.float32) * 2})
    assert model_fingerprint(folder) != before


def make_inputs(count: int, seed: int) -> Inputs:
    generator = np.random.default_rng(seed)
    words = np.array(["bus", "læge", "vand", "skole", "plan", "ny", "2026", "vi", "vil", "styrke"])
    texts = [" ".join(generator.choice(words, 6)) + "." for _ in range(count)]
    vectors = generator.normal(size=(count, 8)).astype(np.float32)
    signals = generator.normal(size=(count, 3)).astype(np.float32)
    readings = generator.normal(size=(count, 5)).astype(np.float32)
    return Inputs(texts, [f"Plan: {text}" for text in texts], vectors, signals, readings)


@pytest.mark.parametrize("link", ["sigmoid", "softmax"])
def test_a_head_comes_back(tmp_path: Path, link: str) -> None:
    space = FeatureSpace(BLOCKS, 2.0, 0.1).fit(make_inputs(40, 0))
    width = space.transform(make_inputs(1, 1)).shape[1]
    generator = np.random.default_rng(2)
    head = LinearHead(
        ("P1", "P2", "A1"),
        link,  # type: ignore[arg-type]
        space,
        np.asfortranarray(generator.normal(size=(3, width))),
        *(generator.normal(size=3) for _ in range(4)),
        readings=(4, 0, 2),
    )
    head.save(tmp_path, {"encoder": "abc"})
    loaded = LinearHead.load(tmp_path, "abc")
    new = make_inputs(25, 3)
    assert loaded.labels == head.labels
    np.testing.assert_allclose(loaded.thresholds, head.thresholds, atol=1e-6)
    np.testing.assert_allclose(loaded.probabilities(new), head.probabilities(new), atol=1e-3)
    with pytest.raises(ModelError):
        LinearHead.load(tmp_path, "another")


def test_softmax_rows_sum_to_one() -> None:
    space = FeatureSpace((), 1.0, 1.0).fit(make_inputs(5, 0))
    width = space.transform(make_inputs(1, 1)).shape[1]
    generator = np.random.default_rng(0)
    arrays = [generator.normal(size=4) * 50 for _ in range(4)]
    head = LinearHead("abcd", "softmax", space, generator.normal(size=(4, width)), *arrays)
    np.testing.assert_allclose(head.probabilities(make_inputs(9, 2)).sum(axis=1), 1.0)
