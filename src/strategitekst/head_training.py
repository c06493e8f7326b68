"""The labelled corpus → the heads that tell themes and statements, each with its held-out probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from strategitekst import training
from strategitekst.attention import AttentionHead
from strategitekst.attention_training import Targets, gather_states, train_attention
from strategitekst.corpus import LabelledDocument
from strategitekst.document import Paragraph
from strategitekst.encoding import Encoder
from strategitekst.inputs import Prepared, prepare
from strategitekst.language.pipeline import load_pipeline
from strategitekst.prediction import STATEMENTS
from strategitekst.strategy import Strategy
from strategitekst.surroundings_training import places_of

# A phrase shows a theme's words without a sentence around them: less to learn from than a paragraph.
PHRASE_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Material:
    """What heads are trained on.

    Attributes:
        plans: Labelled plans; what is measured, is measured on them.
        second: The same plans with a second reader's labels, in the same order; the same labels where there is none.
        loose: Documents of labelled paragraphs that belong to no plan.
        phrases: Phrases with their themes.
    """

    plans: Sequence[LabelledDocument]
    second: Sequence[LabelledDocument]
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
    labels, plans, loose = list(strategy.themes), material.plans, material.loose
    own, own_themes = training.strategy_examples(strategy)
    phrases = [Paragraph(number, text, 0, len(text)) for number, (text, _) in enumerate(material.phrases)]
    phrase_themes = np.array([[label in told for label in labels] for _, told in material.phrases], dtype=np.float64)
    texts = (_paragraphs(plans), _paragraphs(loose), own, phrases)
    nlp = load_pipeline()
    prepared = [prepare(some, encoder, nlp, strategy.own_names) for some in texts]
    plan_inputs, loose_inputs, own_inputs, phrase_inputs = (each.inputs for each in prepared)

    themes = (training.gold_themes(plans, labels) + training.gold_themes(material.second, labels)) / 2
    statements = (training.gold_statements(plans) + training.gold_statements(material.second)) / 2
    loose_themes = training.gold_themes(loose, labels).reshape(-1, len(labels))
    loose_statements = training.gold_statements(loose).reshape(-1, len(STATEMENTS))
    phrase_themes = phrase_themes.reshape(-1, len(labels))

    places = places_of(plans)
    groups = places.writer
    untold = np.zeros((len(own) + len(phrases), len(STATEMENTS)))
    weights = np.repeat([1.0, 1.0, 1.0, PHRASE_WEIGHT], [len(some) for some in texts])
    targets = Targets(
        np.concatenate([themes, loose_themes, own_themes, phrase_themes]).astype(np.float32),
        np.concatenate([statements, loose_statements, untold]).astype(np.float32),
        weights.astype(np.float32),
    )
    states = gather_states([text for each in prepared for text in each.inputs.contexts], encoder)
    folds = min(training.FOLDS, len(set(groups)))
    attention, readings = train_attention(states, targets, [*labels, *STATEMENTS], groups, folds)
    inputs = replace(plan_inputs, readings=readings)

    more = [training.Examples(loose_inputs, loose_themes), training.Examples(own_inputs, own_themes)]
    more.append(training.Examples(phrase_inputs, phrase_themes, PHRASE_WEIGHT))
    stating = [training.Examples(loose_inputs, loose_statements)]
    return TrainedHeads(
        attention,
        training.train_theme_head(inputs, themes, labels, places, more, attention.columns(labels)),
        training.train_statement_head(inputs, statements, groups, stating, attention.columns(STATEMENTS)),
        replace(prepared[0], inputs=inputs),
    )


def _paragraphs(documents: Sequence[LabelledDocument]) -> list[Paragraph]:
    return [each.paragraph for document in documents for each in document.paragraphs]
