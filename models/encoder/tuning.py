"""The upper layers of the encoder learn to read plans, while its vectors stay what they were.

The layers above the ninth and an attention head over layers 6, 9 and 12 are trained together on themes and statements.
A text's vector is held to the one that it had before (Hinton et al. 2015), so that what rests on similarities,
coverage and strategies without a trained head, loses nothing.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from transformers import BertModel

from encoder.graph import STATE_LAYERS
from strategitekst.attention import AttentionHead
from strategitekst.attention_training import Dropping, LabelAttention, Targets, as_head, first_states, label_loss
from strategitekst.encoding import Encoder
from strategitekst.fitting import SEED, THREADS, descend, fit_and_hold_out

Floats = NDArray[np.float32]

FROZEN = STATE_LAYERS[1]
EPOCHS = 4
LAYER_RATE = 1e-4
HEAD_RATE = 2e-3
LAYER_DECAY = 0.01
HEAD_DECAY = 0.05
DROPPED = 0.1
HOLD = 8.0  # what 1 less the cosine to a text's vector before weighs in the loss
SAMPLE = 37  # one piece in so many is enough to learn the spread of states from


@dataclass(frozen=True)
class Lower:
    """What the frozen layers of the encoder say of some texts.

    Attributes:
        states: Of all pieces, layers 6 and 9 side by side, (pieces, 2 x width), half precision.
        offsets: Where each text's pieces begin, and the end, (texts + 1,).
        vectors: Of the texts, before tuning, (texts, width).
        centre: Mean of the states of layers 6, 9 and 12 before tuning, (3 x width,).
        spread: Their standard deviation.
    """

    states: NDArray[np.float16]
    offsets: NDArray[np.int64]
    vectors: Floats
    centre: Floats
    spread: Floats


class Reader(nn.Module):
    """The upper layers with label-wise attention on top."""

    def __init__(self, model: BertModel, lower: Lower, labels: int) -> None:
        super().__init__()
        self.layers = copy.deepcopy(model.encoder.layer[FROZEN:])
        self.heads = model.config.num_attention_heads
        self.attention = LabelAttention(len(lower.centre), labels)
        self.drop = Dropping()
        self.centre, self.spread = torch.from_numpy(lower.centre), torch.from_numpy(lower.spread)

    def forward(self, lower: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Read texts.

        Args:
            lower: States of layers 6 and 9, (texts, pieces, 2 x width).
            mask: Which pieces there are, (texts, pieces), 0 or 1.

        Returns:
            Scores, (texts, labels), and unit vectors, (texts, width).
        """
        states = lower[..., lower.shape[-1] // 2 :]
        with torch.autocast("cpu", torch.bfloat16):
            for layer in self.layers:
                states = self._through(layer, states, mask[:, None, None, :] > 0)
        states = states.float()
        kept = mask.unsqueeze(-1)
        vectors = nn.functional.normalize((states * kept).sum(1), dim=1)
        known = (torch.cat([lower, states], dim=-1) - self.centre) / self.spread
        return self.attention(known, mask), vectors

    def _through(self, layer: nn.Module, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        # The layer's own parts in the layer's own order, with dropout that threads do not share.
        asked = layer.attention.self
        parts = (asked.query, asked.key, asked.value)
        query, key, value = (part(states).unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in parts)
        mixed = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=mask).transpose(1, 2).flatten(2)
        out = layer.attention.output
        states = out.LayerNorm(states + self.drop(out.dense(mixed), DROPPED))
        inner = nn.functional.gelu(layer.intermediate.dense(states))
        states = layer.output.LayerNorm(states + self.drop(layer.output.dense(inner), DROPPED))
        return states


def read_lower(texts: Sequence[str], encoder: Encoder) -> Lower:
    """Let the frozen layers read texts.

    Args:
        texts: As they stand in plans, with their headings in front.
        encoder: The encoder before tuning.
    """

    def one(text: str) -> tuple[NDArray[np.float16], Floats, Floats]:
        states = first_states(text, encoder)
        width = states.shape[1] // 3
        return states[:, : 2 * width].astype(np.float16), states[:, 2 * width :].mean(axis=0), states[::SAMPLE].copy()

    with ThreadPoolExecutor(THREADS) as pool:
        rows, means, samples = zip(*pool.map(one, texts), strict=True)
    sample, vectors = np.concatenate(samples), np.array(means)
    return Lower(
        np.concatenate(rows),
        np.cumsum([0, *map(len, rows)]),
        vectors / np.linalg.norm(vectors, axis=1, keepdims=True),
        sample.mean(axis=0),
        sample.std(axis=0),
    )


def tune(
    model: BertModel, lower: Lower, targets: Targets, labels: Sequence[str], writers: Sequence[str], folds: int
) -> tuple[BertModel, AttentionHead, Floats]:
    """Tune the upper layers on all texts, and others that score texts without having seen their writers.

    Args:
        model: The encoder before tuning.
        lower: What its frozen layers say of all texts; those beyond ``writers`` are learnt from in every fold.
        targets: Of all texts.
        labels: Names of the themes, then of the statements.
        writers: The writer of each of the first texts.
        folds: The number of folds.

    Returns:
        The encoder with tuned layers, the head that reads it, and held-out scores, (len(writers), labels). The same on
        the same processor: every fit has random numbers and a thread of its own.
    """
    torch.manual_seed(SEED)
    reader, scores = fit_and_hold_out(
        lambda: Reader(model, lower, len(labels)),
        lambda reader, rows: _fit(reader, lower, targets, rows),
        lambda reader, row: reader(*_padded(lower, [row]))[0],
        len(lower.vectors),
        writers,
        folds,
    )
    tuned = copy.deepcopy(model)
    for number, layer in enumerate(reader.layers, FROZEN):
        tuned.encoder.layer[number] = layer
    projection = np.diag(1.0 / lower.spread).astype(np.float32)
    return tuned.eval(), as_head(reader.attention, lower.centre, projection, labels), scores


def _fit(reader: Reader, lower: Lower, targets: Targets, rows: list[int]) -> None:
    optimizer = torch.optim.AdamW(
        [
            {"params": reader.layers.parameters(), "lr": LAYER_RATE, "weight_decay": LAYER_DECAY},
            {"params": reader.attention.parameters(), "lr": HEAD_RATE, "weight_decay": HEAD_DECAY},
        ]
    )
    vectors = torch.from_numpy(lower.vectors)

    def loss(batch: list[int]) -> torch.Tensor:
        scores, told = reader(*_padded(lower, batch))
        strayed = 1.0 - (told * vectors[batch]).sum(dim=1).mean()
        return label_loss(scores, targets, batch) + HOLD * strayed

    descend(reader, optimizer, rows, np.diff(lower.offsets), EPOCHS, loss)


def _padded(lower: Lower, batch: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    rows = [torch.from_numpy(lower.states[lower.offsets[row] : lower.offsets[row + 1]]).float() for row in batch]
    mask = [torch.ones(len(row)) for row in rows]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True), nn.utils.rnn.pad_sequence(mask, batch_first=True)
