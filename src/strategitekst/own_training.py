"""Labelled plans of one's own → a head for the themes of one's own strategy, ready for ``analyze(models=…)``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from strategitekst.atomic import explained
from strategitekst.corpus import load_corpus
from strategitekst.corpus_labels import LabelledDocument
from strategitekst.document import Paragraph
from strategitekst.encoding import Encoder
from strategitekst.errors import CorpusError
from strategitekst.features import Inputs
from strategitekst.heads import Floats
from strategitekst.inputs import prepare
from strategitekst.language.pipeline import load_pipeline
from strategitekst.model_set import ModelSet
from strategitekst.provenance import about_training
from strategitekst.strategy import Strategy
from strategitekst.surroundings_training import places_of, see_among_others
from strategitekst.themes import decide_themes
from strategitekst.training import Examples, gold_themes, strategy_examples, train_theme_head
from strategitekst.zero_shot import RelevanceScorer

PART = "train"


@dataclass(frozen=True, slots=True)
class Training:
    """What a training gave.

    Attributes:
        folder: What ``analyze`` takes as ``models``.
        plans: How many plans it was on.
        paragraphs: How many paragraphs.
        writers: How many writers.
        examples: How many paragraphs have each theme.
        held_out: Micro-F1 of the themes, 0–1, each plan told by a head that has not seen its writer.
        zero_shot: The same of the strategy's own words alone, on the same plans.
    """

    folder: Path
    plans: int
    paragraphs: int
    writers: int
    examples: dict[str, int]
    held_out: float
    zero_shot: float


def train(gold: str | Path | Sequence[LabelledDocument], strategy: Strategy, out: str | Path) -> Training:
    """Train a head that tells the themes of a strategy, and write it where ``analyze`` finds it.

    The head that tells statements is not trained: what a sentence does depends on no strategy.

    Args:
        gold: A folder of labelled plans, see ``corpus.load_corpus``, or the documents. Where ``documents.csv`` names
            parts, only ``train`` is read.
        strategy: Whose themes the labels name.
        out: A folder for heads, of one or more strategies: the head gets a folder of its own in it, without pickle.

    Returns:
        Where it lies (``folder``), what it was trained on (``plans``, ``paragraphs``, ``writers``, ``examples`` of each
        theme), and micro-F1 of the themes: ``held_out``, each plan told by a head that has not seen its writer, and
        ``zero_shot``, by the strategy's own words alone.

    Raises:
        CorpusError: There are no labelled plans, labels do not fit, all plans are by one writer, or fewer than two
            themes have examples.
        UsageError: The folder cannot be written to.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from strategitekst.classification import classify
        >>> from strategitekst.corpus_labels import LabelledParagraph
        >>> from strategitekst.document import Block, build_document
        >>> from strategitekst.strategy import Ambition, Pledge
        >>> strategy = Strategy("by", "By", (Ambition("T", "God by", pledges=(Pledge("L1", "Cykler"),
        ...                                                                   Pledge("L2", "Varme"))),))
        >>> def label(name, hand):
        ...     read = build_document(name, [Block("prose", "Den blå bog er færdig."), Block("prose", "Rør lægges.")])
        ...     pairs = zip(read.paragraphs, ("L1", "L2"))
        ...     labels = tuple(LabelledParagraph(name, each, (theme,), "result") for each, theme in pairs)
        ...     return LabelledDocument(read, {"hand": hand}, labels)
        >>> plans = [label(f"plan {number}", f"hand {number % 2}") for number in range(4)]
        >>> with TemporaryDirectory() as folder:
        ...     trained = train(plans, strategy, folder)
        ...     classify("Den blå bog trykkes.", strategy, models=folder).themes
        ('L1',)
        >>> trained.plans, trained.writers, trained.examples["L1"]
        (4, 2, 4)
    """
    documents = _read(gold, strategy)
    encoder, labels = Encoder(), list(strategy.themes)
    told = gold_themes(documents, labels)
    examples = dict(zip(labels, told.sum(axis=0).tolist(), strict=True))
    if sum(count > 1 for count in examples.values()) < 2:
        raise CorpusError("Færre end to temaer har to afsnit: mærk flere planer, før et hoved kan trænes")
    inputs = _inputs([each.paragraph for one in documents for each in one.paragraphs], strategy, encoder)
    texts, themes_of_texts = strategy_examples(strategy)
    own_words = Examples(_inputs(texts, strategy, encoder), themes_of_texts)
    places = places_of(documents)
    trained = train_theme_head(inputs, told, labels, places, [own_words])
    folder = Path(out)
    target = folder / ModelSet(strategy).theme_name
    with explained(folder):
        trained.head.save(target, about_training(documents, encoder.fingerprint))
    scorer = RelevanceScorer.load(strategy, encoder)
    among_others = see_among_others(scorer.surroundings, scorer.probabilities(inputs), places)
    return Training(
        folder=folder,
        plans=len(documents),
        paragraphs=len(told),
        writers=len(set(places.writer)),
        examples=examples,
        held_out=_micro_f1(trained.seen, trained.head.thresholds, told, strategy),
        zero_shot=_micro_f1(among_others, scorer.thresholds, told, strategy),
    )


def _read(gold: str | Path | Sequence[LabelledDocument], strategy: Strategy) -> list[LabelledDocument]:
    if not isinstance(gold, str | Path):
        return list(gold)
    documents = load_corpus(gold, strategy=strategy)
    parted = any(each.metadata.get("part") for each in documents)
    chosen = [each for each in documents if not parted or each.metadata.get("part") == PART]
    if not chosen:
        raise CorpusError(f"{gold}: ingen planer har delen {PART}; skriv den i documents.csv")
    return chosen


def _inputs(paragraphs: Sequence[Paragraph], strategy: Strategy, encoder: Encoder) -> Inputs:
    return prepare(paragraphs, encoder, load_pipeline(), strategy.own_names).inputs


def _micro_f1(probabilities: Floats, thresholds: Floats, gold: NDArray[np.int64], strategy: Strategy) -> float:
    labels = list(strategy.themes)
    rows = (decide_themes(row, labels, thresholds, strategy) for row in probabilities)
    said = np.array([[label in row for label in labels] for row in rows])
    return float(2 * (said & (gold > 0)).sum() / max(said.sum() + gold.sum(), 1))
