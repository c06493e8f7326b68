"""The labelled corpus → the heads that tell themes and statements, each with its held-out probabilities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from strategitekst import training
from strategitekst.attention import AttentionHead
from strategitekst.attention_training import Targets, gather_states, train_attention
from strategitekst.corpus import LabelledDocument, load_annotators, load_corpus, load_phrases
from strategitekst.document import Paragraph
from strategitekst.encoding import Encoder
from strategitekst.features import context
from strategitekst.heads import Floats
from strategitekst.inputs import Prepared, prepare
from strategitekst.language.pipeline import load_pipeline
from strategitekst.prediction import STATEMENTS
from strategitekst.strategy import Strategy
from strategitekst.surroundings_training import Places, places_of
from strategitekst.training import Examples

# A phrase shows a theme's words without a sentence around them: less to learn from than a paragraph.
PHRASE_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Material:
    """What heads are trained on.

    Attributes:
        plans: Labelled plans; what is measured, is measured on them.
        label_sets: Of each plan, in the same order: the same plan with the labels of each who read it, at least one.
        loose: Documents of labelled paragraphs that belong to no plan.
        phrases: Phrases with their themes.
    """

    plans: Sequence[LabelledDocument]
    label_sets: Sequence[Sequence[LabelledDocument]]
    loose: Sequence[LabelledDocument]
    phrases: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class TrainedHeads:
    """Heads trained on all plans, and what they said of each plan when its writer was held out.

    Attributes:
        attention: Reads the states of pieces.
        themes: Tells themes.
        statements: Tells statements.
        prepared: The paragraphs of the plans, with held-out readings.
    """

    attention: AttentionHead
    themes: training.TrainedHead
    statements: training.TrainedHead
    prepared: Prepared


@dataclass(frozen=True, slots=True)
class Lessons:
    """What a reader of pieces learns from.

    Attributes:
        contexts: Texts with their headings, those of the plans first.
        targets: What is to be learnt of each.
        writers: The writer of each paragraph of the plans.
    """

    contexts: Sequence[str]
    targets: Targets
    writers: Sequence[str]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Labelled texts as numbers.

    Attributes:
        prepared: The paragraphs of the plans.
        places: Where they stand.
        themes: Share of readers who gave each theme, (paragraphs, themes).
        statements: Share of readers who gave each statement, (paragraphs, statements).
        loose: Loose paragraphs with their themes.
        loose_statements: The same paragraphs with their statements.
        own: The strategy's own words with their themes.
        phrases: Phrases with their themes.
    """

    prepared: Prepared
    places: Places
    themes: Floats
    statements: Floats
    loose: Examples
    loose_statements: Examples
    own: Examples
    phrases: Examples


def load_material(corpus: str | Path) -> Material:
    """Load all that a corpus has to train on.

    Args:
        corpus: The folder.

    Returns:
        Its training plans with the labels of each reader in ``annotators/``, loose paragraphs and phrases.

    Raises:
        CorpusError: A document and its labels do not fit together.
    """
    plans = load_corpus(corpus, "train")
    readers = [{each.document.name: each for each in some} for some in load_annotators(corpus).values()]
    sets = [[some[plan.document.name] for some in readers if plan.document.name in some] or [plan] for plan in plans]
    return Material(plans, sets, load_corpus(corpus, "loose"), load_phrases(corpus))


def gather(material: Material, strategy: Strategy, encoder: Encoder) -> Gathered:
    """Read labelled texts with the encoder and the Danish pipeline.

    Args:
        material: The labelled texts.
        strategy: Whose themes are told; its own texts are examples of them.
        encoder: The encoder that ships.
    """
    labels, nlp = list(strategy.themes), load_pipeline()
    own, own_themes = training.strategy_examples(strategy)
    phrases = [Paragraph(number, text, 0, len(text)) for number, (text, _) in enumerate(material.phrases)]
    texts = (_paragraphs(material.plans), _paragraphs(material.loose), own, phrases)
    plans, *more = (prepare(some, encoder, nlp, strategy.own_names) for some in texts)
    loose_inputs, own_inputs, phrase_inputs = (each.inputs for each in more)
    themes, loose_themes, phrase_themes = _themes(material, labels)
    statements, loose_statements = _statements(material)
    return Gathered(
        plans,
        places_of(material.plans),
        themes,
        statements,
        Examples(loose_inputs, loose_themes),
        Examples(loose_inputs, loose_statements),
        Examples(own_inputs, own_themes),
        Examples(phrase_inputs, phrase_themes, PHRASE_WEIGHT),
    )


def gather_lessons(material: Material, strategy: Strategy) -> Lessons:
    """Put everything that a reader of pieces learns from into one row: plans, loose paragraphs, own words, phrases."""
    own, own_themes = training.strategy_examples(strategy)
    of_plans, of_loose, of_phrases = _themes(material, list(strategy.themes))
    themes = [of_plans, of_loose, own_themes, of_phrases]
    statements = [
        *_statements(material),
        np.zeros((len(own_themes) + len(material.phrases), len(STATEMENTS))),
    ]
    weights = np.repeat([1.0, 1.0, 1.0, PHRASE_WEIGHT], [len(each) for each in themes])
    paragraphs = [*_paragraphs(material.plans), *_paragraphs(material.loose), *own]
    return Lessons(
        [*map(context, paragraphs), *(text for text, _ in material.phrases)],
        Targets(np.concatenate(themes).astype("f4"), np.concatenate(statements).astype("f4"), weights.astype("f4")),
        places_of(material.plans).writer,
    )


def read_pieces(lessons: Lessons, encoder: Encoder, labels: Sequence[str]) -> tuple[AttentionHead, NDArray[np.float32]]:
    """Train the head that reads the states of pieces.

    Args:
        lessons: What it learns from.
        encoder: The encoder that ships.
        labels: The themes.

    Returns:
        The head, and what heads read in the paragraphs of the plans that have not seen their writers,
        (paragraphs, labels).
    """
    folds = min(training.FOLDS, len(set(lessons.writers)))
    states = gather_states(lessons.contexts, encoder)
    return train_attention(states, lessons.targets, [*labels, *STATEMENTS], lessons.writers, folds)


def train_heads(material: Material, strategy: Strategy, encoder: Encoder) -> TrainedHeads:
    """Train attention, themes and statements.

    Args:
        material: The labelled texts.
        strategy: Whose themes are told; its own texts are examples of them.
        encoder: The encoder that ships.

    Returns:
        The heads; the same each time on the same processor.

    Raises:
        CorpusError: Too few writers or examples.
    """
    attention, readings = read_pieces(gather_lessons(material, strategy), encoder, list(strategy.themes))
    return fit_heads(gather(material, strategy, encoder), attention, readings, list(strategy.themes))


def fit_heads(
    gathered: Gathered, attention: AttentionHead, readings: NDArray[np.float32], labels: Sequence[str]
) -> TrainedHeads:
    """Fit themes and statements on what is known of the texts and what attention reads in them.

    Args:
        gathered: The texts as numbers.
        attention: Reads the states of pieces.
        readings: What it reads in the paragraphs of the plans, held out, (paragraphs, labels).
        labels: The themes.
    """
    inputs = replace(gathered.prepared.inputs, readings=readings)
    more = [gathered.loose, gathered.own, gathered.phrases]
    return TrainedHeads(
        attention,
        training.train_theme_head(inputs, gathered.themes, labels, gathered.places, more, attention.columns(labels)),
        training.train_statement_head(
            inputs,
            gathered.statements,
            gathered.places.writer,
            [gathered.loose_statements],
            attention.columns(STATEMENTS),
        ),
        replace(gathered.prepared, inputs=inputs),
    )


def _themes(material: Material, labels: Sequence[str]) -> tuple[Floats, Floats, Floats]:
    """Give the share of readers who gave each theme, in plans, loose paragraphs and phrases."""
    phrases = np.array([[label in told for label in labels] for _, told in material.phrases], dtype=np.float64)
    return (
        _shares(material, lambda plans: training.gold_themes(plans, labels)),
        training.gold_themes(material.loose, labels).reshape(-1, len(labels)).astype(np.float64),
        phrases.reshape(-1, len(labels)),
    )


def _statements(material: Material) -> tuple[Floats, Floats]:
    """Give the share of readers who gave each statement, in plans and loose paragraphs."""
    return (
        _shares(material, training.gold_statements),
        training.gold_statements(material.loose).reshape(-1, len(STATEMENTS)).astype(np.float64),
    )


def _shares(material: Material, gold: Callable[[Sequence[LabelledDocument]], training.Labels]) -> Floats:
    return np.concatenate([np.mean([gold([each]) for each in some], axis=0) for some in material.label_sets])


def _paragraphs(documents: Sequence[LabelledDocument]) -> list[Paragraph]:
    return [each.paragraph for document in documents for each in document.paragraphs]
