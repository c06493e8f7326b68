"""Documents → what the classifiers read: texts with their headings, encoder vectors, linguistic signals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from strategitekst.document import Paragraph
from strategitekst.features import Inputs, context
from strategitekst.language.description import Description, anchor_matrix, describe

if TYPE_CHECKING:
    from spacy.language import Language

    from strategitekst.attention import AttentionHead
    from strategitekst.encoding import Encoder


@dataclass(frozen=True, slots=True)
class Prepared:
    """Paragraphs that are ready to be classified.

    Attributes:
        paragraphs: The paragraphs.
        inputs: Their numbers.
        descriptions: Their anchors and modality.
    """

    paragraphs: tuple[Paragraph, ...]
    inputs: Inputs
    descriptions: tuple[Description, ...]


def prepare(
    paragraphs: Sequence[Paragraph],
    encoder: Encoder,
    nlp: Language,
    own_names: Sequence[str] = (),
    progress: Callable[[int], object] | None = None,
    head: AttentionHead | None = None,
) -> Prepared:
    """Read paragraphs with the encoder and the Danish pipeline.

    Args:
        paragraphs: Of one or more documents.
        encoder: Embeds their texts, with the headings above them in front.
        nlp: The Danish pipeline.
        own_names: Names of the one that the plans belong to.
        progress: Called with a number of paragraphs as they are embedded.
        head: Reads the states of their pieces; none reads them if None.

    Returns:
        The paragraphs with their numbers, in the order given.
    """
    texts = [paragraph.text for paragraph in paragraphs]
    descriptions = tuple(describe(texts, nlp, own_names))
    modality = np.array([description.modality for description in descriptions], dtype=np.float32)
    signals = np.hstack([modality.reshape(len(texts), -1), anchor_matrix(descriptions)])
    contexts = [context(paragraph) for paragraph in paragraphs]
    # With its headings: a line such as "Flere pladser i 2026" is about what stands above it.
    if head is None:
        vectors, readings = encoder.encode(contexts, progress=progress), np.empty((len(texts), 0), dtype=np.float32)
    else:
        vectors, readings = encoder.read(contexts, head, progress=progress)
    inputs = Inputs(texts, contexts, vectors, signals, readings)
    return Prepared(tuple(paragraphs), inputs, descriptions)
