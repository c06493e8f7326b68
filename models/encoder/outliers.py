"""What towers above the rest in a transformer, set apart before it is rounded to int8.

A few channels and units take values tens of times those of the others (Dettmers et al. 2022). The activations of a text
share one scale, so the others would be left a handful of its 256 steps. Channels that go into a product are therefore
scaled down and their weights up (Xiao et al. 2023), and the loudest units of a feed-forward layer are computed apart,
in fp32. In fp32 the model says the same as before.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from transformers import BertModel
from transformers.models.bert.modeling_bert import BertLayer

EXACT = "few"  # the name, in the graph too, of what stays in fp32
UNITS = 8  # of each layer's 1,536
ATTENTION_HEIGHT = 2.0  # in medians of all channels' heights: what is higher, is scaled down to it
INNER_HEIGHT = 3.0


class ScaledAttention(nn.Module):
    """Self-attention whose input is scaled, and its weights the other way."""

    def __init__(self, attention: nn.Module, scale: torch.Tensor) -> None:
        super().__init__()
        self.attention = attention
        self.register_buffer("factor", 1.0 / scale)
        for part in (attention.query, attention.key, attention.value):
            part.weight.data *= scale

    def forward(self, states: torch.Tensor, **others: Any) -> Any:
        """Attend."""
        return self.attention(states * self.factor, **others)


class SplitInner(nn.Module):
    """The first half of a feed-forward layer: the many units, and the few."""

    def __init__(self, inner: nn.Module, scale: torch.Tensor, few: torch.Tensor, many: torch.Tensor) -> None:
        super().__init__()
        self.register_buffer("factor", 1.0 / scale)
        self.act = inner.intermediate_act_fn
        weight, bias = inner.dense.weight.data * scale, inner.dense.bias.data
        self.many, self.few = _linear(weight[many], bias[many]), _linear(weight[few], bias[few])

    def forward(self, states: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Give the activations of both."""
        scaled = states * self.factor
        return self.act(self.many(scaled)), self.act(self.few(scaled))


class SplitOuter(nn.Module):
    """The second half."""

    def __init__(self, outer: nn.Linear, few: torch.Tensor, many: torch.Tensor) -> None:
        super().__init__()
        self.many = _linear(outer.weight.data[:, many], outer.bias.data)
        self.few = _linear(outer.weight.data[:, few], None)

    def forward(self, units: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        """Add up what both say."""
        many, few = units
        return self.many(many) + self.few(few)


def set_outliers_apart(model: BertModel, texts: Sequence[Sequence[int]]) -> BertModel:
    """Give a model that says the same in fp32 and nearly the same in int8.

    Args:
        model: The transformer.
        texts: Pieces of some texts, by which channels and units are measured.
    """
    into_attention, into_inner, units = _heights(model, texts)
    split = copy.deepcopy(model)
    for number, layer in enumerate(split.encoder.layer):
        layer.attention.self = ScaledAttention(layer.attention.self, _scale(into_attention[number], ATTENTION_HEIGHT))
        order = units[number].argsort(descending=True)
        few, many = order[:UNITS].sort().values, order[UNITS:].sort().values
        layer.intermediate = SplitInner(layer.intermediate, _scale(into_inner[number], INNER_HEIGHT), few, many)
        layer.output.dense = SplitOuter(layer.output.dense, few, many)
    return split.eval()


def _heights(model: BertModel, texts: Sequence[Sequence[int]]) -> tuple[list[torch.Tensor], ...]:
    """Measure the greatest size of each channel into attention, of each into feed-forward, and of each unit there."""
    layers: Sequence[BertLayer] = list(model.encoder.layer)
    heights = tuple([torch.zeros(1)] * len(layers) for _ in range(3))

    def keep(which: int, number: int, states: torch.Tensor) -> None:
        heights[which][number] = torch.maximum(heights[which][number], states.detach().abs().flatten(0, 1).amax(0))

    hooks = []
    for number, layer in enumerate(layers):
        hooks += [
            layer.attention.self.register_forward_pre_hook(lambda _, given, at=number: keep(0, at, given[0])),
            layer.intermediate.register_forward_hook(lambda _, given, told, at=number: keep(1, at, given[0])),
            layer.intermediate.register_forward_hook(lambda _, given, told, at=number: keep(2, at, told)),
        ]
    with torch.inference_mode():
        for pieces in texts:
            model(input_ids=torch.tensor([list(pieces)]))
    for hook in hooks:
        hook.remove()
    return tuple([height.clone() for height in some] for some in heights)


def _scale(heights: torch.Tensor, most: float) -> torch.Tensor:
    return (heights / (most * heights.median())).clamp(min=1.0)


def _linear(weight: torch.Tensor, bias: torch.Tensor | None) -> nn.Linear:
    linear = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    linear.weight = nn.Parameter(weight.clone())
    if bias is not None:
        linear.bias = nn.Parameter(bias.clone())
    return linear
