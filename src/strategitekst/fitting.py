"""Networks that read texts of many pieces: fitted by stochastic descent, and held out by writer, with torch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold
from torch import nn

BATCH = 32
THREADS = 2
SEED = 0
Floats = NDArray[np.float32]
Network = TypeVar("Network", bound=nn.Module)


def fit_and_hold_out(
    make: Callable[[], Network],
    fit: Callable[[Network, list[int]], None],
    score: Callable[[Network, int], torch.Tensor],
    count: int,
    groups: Sequence[str],
    folds: int,
) -> tuple[Network, Floats]:
    """Fit a network on all texts, and others that score texts without having seen their writers.

    Args:
        make: Makes a network before it is fitted.
        fit: Fits one on texts, given by their numbers.
        score: Scores one text, (1, labels).
        count: The number of texts.
        groups: The writer of each of the first texts; those beyond are fitted on in every fold and not scored.
        folds: The number of folds.

    Returns:
        The network that has seen all, and held-out scores, (len(groups), labels).
    """
    told = len(groups)
    more = range(told, count)
    splits = list(GroupKFold(folds).split(np.zeros(told), groups=groups))
    # The one that sees all texts takes longest: first, so that no thread waits for it alone.
    rows = [[*range(told), *more], *([*train.tolist(), *more] for train, _ in splits)]
    new = [[], *(test.tolist() for _, test in splits)]
    networks = [make() for _ in rows]

    def hold_out(number: int) -> list[Floats]:
        torch.set_num_threads(1)  # of this fit; the sums of several differ in their last bits
        fit(networks[number], rows[number])
        with torch.inference_mode():
            return [score(networks[number], row)[0].numpy() for row in new[number]]

    with ThreadPoolExecutor(THREADS) as pool:
        scored = list(pool.map(hold_out, range(len(rows))))
    order = np.argsort([row for some in new for row in some])
    return networks[0], np.array([scores for some in scored for scores in some], dtype=np.float32)[order]


def descend(
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    rows: list[int],
    lengths: NDArray[np.int64],
    epochs: int,
    loss: Callable[[list[int]], torch.Tensor],
) -> None:
    """Train a network; its rate rises for a tenth of the way and then falls to nothing.

    Args:
        network: What is trained.
        optimizer: Of its parameters.
        rows: The numbers of the texts that are trained on.
        lengths: How many pieces each text has, (texts,).
        epochs: How often each is seen.
        loss: Of a batch of texts, given by their numbers.
    """
    order = np.random.default_rng(SEED)
    steps = epochs * -(-len(rows) // BATCH)
    rates = [group["lr"] for group in optimizer.param_groups]
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rates, total_steps=steps + 1, pct_start=0.1, anneal_strategy="linear"
    )
    network.train()
    for _ in range(epochs):
        for batch in _batches(lengths, rows, order):
            optimizer.zero_grad()
            loss(batch).backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    network.eval()


def _batches(lengths: NDArray[np.int64], rows: list[int], order: np.random.Generator) -> Iterator[list[int]]:
    """Shuffle, then put texts of like length together: little padding, yet other neighbours each time."""
    shuffled = order.permutation(rows)
    stretch = BATCH * 20
    batches = []
    for start in range(0, len(shuffled), stretch):
        some = sorted(shuffled[start : start + stretch].tolist(), key=lambda row: int(lengths[row]))
        batches += [some[first : first + BATCH] for first in range(0, len(some), BATCH)]
    for number in order.permutation(len(batches)):
        yield batches[number]
