"""Labelled texts → an attention head, with torch; held-out scores for what is learnt on top of it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from strategitekst.attention import AttentionHead, make_head
from strategitekst.encoding import Encoder
from strategitekst.fitting import SEED, THREADS, descend, fit_and_hold_out

Floats = NDArray[np.float32]

COMPONENTS = 320
UNITS = 192
EPOCHS = 12
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 0.05
DROPPED_COMPONENTS = 0.2
DROPPED_UNITS = 0.3
SMOOTHING = 0.03
# Cross-entropy of many rare labels is small beside that of six statements.
THEME_WEIGHT = 8.0
SAMPLE = 8  # one text in so many is enough to learn the components from


@dataclass(frozen=True)
class States:
    """States of the pieces of some texts, in few components.

    Attributes:
        components: (all pieces, components), centred and of variance 1.
        offsets: Where each text's pieces begin, and the end, (texts + 1,).
        centre: What was subtracted from states, (features,).
        projection: Turns centred states into components, (features, components).
    """

    components: Floats
    offsets: NDArray[np.int64]
    centre: Floats
    projection: Floats


@dataclass(frozen=True)
class Targets:
    """What is to be learnt of some texts.

    Attributes:
        themes: Share of readers who gave each theme, (texts, themes).
        statements: Share of readers who gave each statement, (texts, statements); zeros where nobody told it.
        weights: How much each text counts, (texts,).
    """

    themes: Floats
    statements: Floats
    weights: Floats


def gather_states(texts: Sequence[str], encoder: Encoder) -> States:
    """Read texts with the encoder and keep the principal components of their pieces' states.

    Args:
        texts: As they stand in plans, with their headings in front.
        encoder: The encoder that ships.

    Returns:
        The states.
    """
    sample = np.concatenate([first_states(text, encoder) for text in texts[::SAMPLE]])
    centre = sample.mean(axis=0)
    spread = sample.std(axis=0)
    values, directions = np.linalg.eigh(np.cov((sample - centre) / spread, rowvar=False))
    kept = directions[:, ::-1][:, :COMPONENTS] / np.sqrt(values[::-1][:COMPONENTS])
    projection = (kept / spread[:, None]).astype(np.float32)

    def components(text: str) -> Floats:
        return np.asarray((first_states(text, encoder) - centre) @ projection, dtype=np.float32)

    with ThreadPoolExecutor(THREADS) as pool:
        rows = list(pool.map(components, texts))
    offsets = np.cumsum([0] + [len(row) for row in rows])
    return States(np.concatenate(rows), offsets, centre.astype(np.float32), projection)


def first_states(text: str, encoder: Encoder) -> Floats:
    """Give the states of a text's pieces; of one longer than a window its beginning teaches enough."""
    return encoder.pieces(text)[0].states


def train_attention(
    states: States, targets: Targets, labels: Sequence[str], groups: Sequence[str], folds: int
) -> tuple[AttentionHead, Floats]:
    """Train a head on all texts, and heads that score texts without having seen their writers.

    Args:
        states: Of all texts; those beyond ``groups`` are trained on in every fold and not scored.
        targets: Of all texts.
        labels: Names of the themes, then of the statements.
        groups: The writer of each of the first texts.
        folds: The number of folds.

    Returns:
        The head, on the encoder's own states, and held-out scores, (len(groups), labels). The same on the same
        processor: every fit has random numbers and a thread of its own.
    """
    network, scores = fit_and_hold_out(
        lambda: _new_network(states, targets),
        lambda network, rows: _fit(network, states, targets, rows),
        lambda network, row: network(*_padded(states, [row])),
        len(states.offsets) - 1,
        groups,
        folds,
    )
    return as_head(network, states.centre, states.projection, labels), scores


class LabelAttention(nn.Module):
    """Scores labels of texts from what is known of their pieces; see ``AttentionHead``.

    Args:
        components: Width of what is known of a piece.
        labels: The number of labels.
    """

    def __init__(self, components: int, labels: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(components, UNITS)
        self.attention = nn.Linear(UNITS, labels, bias=False)
        self.value = nn.Linear(UNITS, labels)
        self.mean = nn.Linear(components, labels, bias=False)
        self.drop = Dropping()
        nn.init.zeros_(self.attention.weight)
        nn.init.zeros_(self.mean.weight)

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Score texts: (texts, pieces, components), and which pieces there are, (texts, pieces), to (texts, labels)."""
        kept = mask.unsqueeze(-1)
        units = self.drop(torch.relu(self.hidden(self.drop(states, DROPPED_COMPONENTS))), DROPPED_UNITS)
        weights = self.attention(units).masked_fill(kept == 0, -1e4).softmax(dim=1)
        mean = (states * kept).sum(dim=1) / kept.sum(dim=1)
        scores: torch.Tensor = (weights * self.value(units)).sum(dim=1) + self.mean(mean)
        return scores


class Dropping(nn.Module):
    """Dropout with random numbers of its own: torch's draws from one source for all threads, as they come."""

    def __init__(self) -> None:
        super().__init__()
        self.chance = torch.Generator().manual_seed(SEED)

    def forward(self, values: torch.Tensor, share: float) -> torch.Tensor:
        """Set a share of the values to 0 while training."""
        if not self.training:
            return values
        kept = torch.empty_like(values).bernoulli_(1.0 - share, generator=self.chance)
        return values * kept.div_(1.0 - share)


def _new_network(states: States, targets: Targets) -> LabelAttention:
    torch.manual_seed(SEED)
    return LabelAttention(states.components.shape[1], targets.themes.shape[1] + targets.statements.shape[1])


def _fit(network: LabelAttention, states: States, targets: Targets, rows: list[int]) -> None:
    optimizer = torch.optim.AdamW(network.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    lengths = np.diff(states.offsets)

    def loss(batch: list[int]) -> torch.Tensor:
        return label_loss(network(*_padded(states, batch)), targets, batch)

    descend(network, optimizer, rows, lengths, EPOCHS, loss)


def label_loss(scores: torch.Tensor, targets: Targets, batch: list[int]) -> torch.Tensor:
    """Measure how far scores of a batch, (texts, labels), are from its targets."""
    themes, statements = torch.from_numpy(targets.themes[batch]), torch.from_numpy(targets.statements[batch])
    weights, count = torch.from_numpy(targets.weights[batch]), themes.shape[1]
    by_theme = nn.functional.binary_cross_entropy_with_logits(scores[:, :count], themes, reduction="none")
    smoothed = statements * (1 - SMOOTHING) + SMOOTHING / statements.shape[1]
    by_statement = -(torch.log_softmax(scores[:, count:], dim=1) * smoothed).sum(dim=1) * statements.sum(dim=1)
    return THEME_WEIGHT * (by_theme.mean(dim=1) * weights).mean() + (by_statement * weights).mean()


def _padded(states: States, batch: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    rows = [torch.from_numpy(states.components[states.offsets[row] : states.offsets[row + 1]]) for row in batch]
    mask = [torch.ones(len(row)) for row in rows]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True), nn.utils.rnn.pad_sequence(mask, batch_first=True)


def as_head(network: LabelAttention, centre: Floats, projection: Floats, labels: Sequence[str]) -> AttentionHead:
    """Fold centring and components into the head's own matrices.

    Args:
        network: Trained on components.
        centre: What is subtracted from states, (features,).
        projection: Turns centred states into components, (features, components).
        labels: Names of the labels.
    """
    arrays = {name: values.detach().numpy() for name, values in network.state_dict().items()}
    hidden = projection @ arrays["hidden.weight"].T
    mean = projection @ arrays["mean.weight"].T
    return make_head(
        labels,
        {
            "hidden": hidden,
            "hidden_shift": arrays["hidden.bias"] - centre @ hidden,
            "attention": arrays["attention.weight"].T,
            "value": arrays["value.weight"].T,
            "mean": mean,
            "shift": arrays["value.bias"] - centre @ mean,
        },
    )
