"""Train the statistical components on the treebank."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from augment import NameSource, swap_names
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import fix_random_seed, load_config, load_model_from_config, registry
from treebank import Sentence, group, shuffle_group, to_doc
from vectors import Floats

if TYPE_CHECKING:
    from spacy.language import Language
    from tokenizers import Tokenizer

# Documents of 1 to 15 sentences: paragraphs are that short, and sentence starts are learned from what stands between.
SHORTEST, LONGEST = 1, 15


def make_pipeline(config: Path, tokenizer: Tokenizer, rows: Floats) -> tuple[Language, dict[str, Any]]:
    """Make the untrained pipeline.

    Args:
        config: The file of the configuration.
        tokenizer: Cuts words into pieces.
        rows: The vectors of the pieces.

    Returns:
        The pipeline, and the settings of its training.
    """
    settings = load_config(config)
    fix_random_seed(settings["training"]["seed"])
    nlp = load_model_from_config(settings, auto_fill=True)
    nlp.vocab.vectors.set_pieces(tokenizer, rows)
    return nlp, settings["training"]


def _example(nlp: Language, sentences: Sequence[Sentence]) -> Example:
    gold = to_doc(nlp.vocab, sentences)
    return Example(Doc(nlp.vocab, words=[token.text for token in gold]), gold)


def _batches(examples: Sequence[Example], words: int) -> Iterator[list[Example]]:
    batch: list[Example] = []
    for example in examples:
        batch.append(example)
        if sum(len(each.reference) for each in batch) >= words:
            yield batch
            batch = []
    if batch:
        yield batch


def train(nlp: Language, settings: dict[str, Any], sentences: Sequence[Sentence], names: NameSource) -> None:
    """Train a pipeline, and leave it with its averaged weights.

    Args:
        nlp: The pipeline, as make_pipeline made it.
        settings: The settings of its training.
        sentences: The training sentences.
        names: Where other names come from.
    """
    rng = random.Random(settings["seed"])  # noqa: S311 - chance for training, no secret
    optimizer = registry.resolve({"optimizer": settings["optimizer"]})["optimizer"]
    nlp.initialize(lambda: [_example(nlp, part) for part in group(sentences, LONGEST)], sgd=optimizer)
    for epoch in range(1, settings["epochs"] + 1):
        varied = [
            swap_names(each, names, rng) if rng.random() < settings["other_names"] else each for each in sentences
        ]
        parts = shuffle_group(varied, SHORTEST, LONGEST, rng)
        losses: dict[str, float] = {}
        for batch in _batches([_example(nlp, part) for part in parts], settings["batch_words"]):
            nlp.update(batch, sgd=optimizer, drop=settings["dropout"], losses=losses)
            optimizer.step_schedules()
        print(epoch, {name: round(float(loss)) for name, loss in losses.items()}, flush=True)
    with nlp.use_params(optimizer.averages):
        weights = nlp.to_bytes(exclude=["vocab", "tokenizer"])
    nlp.from_bytes(weights, exclude=["vocab", "tokenizer"])
