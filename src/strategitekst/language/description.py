"""What the Danish pipeline and the rules say about paragraphs, in one pass over the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from strategitekst.language.anchors import anchors_of, organisations_of
from strategitekst.language.annotation import annotate
from strategitekst.language.modality import modality_vector
from strategitekst.language.spans import ANCHOR_KINDS, Anchor

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from spacy.language import Language


@dataclass(frozen=True, slots=True)
class Description:
    """The language of one paragraph.

    Attributes:
        anchors: What makes it concrete, in reading order.
        modality: The vector that ``modality.FEATURE_NAMES`` names.
    """

    anchors: tuple[Anchor, ...]
    modality: NDArray[np.float32]

    @property
    def anchor_kinds(self) -> frozenset[str]:
        """The kinds of anchors that it names."""
        return frozenset(anchor.kind for anchor in self.anchors)

    def first(self, kind: str) -> Anchor | None:
        """Return the first anchor of a kind, or None."""
        return next((anchor for anchor in self.anchors if anchor.kind == kind), None)


def describe(texts: Sequence[str], nlp: Language, own_names: Iterable[str] = ()) -> Iterator[Description]:
    """Run paragraphs through the pipeline and the rules.

    Args:
        texts: The paragraphs' texts.
        nlp: A Danish pipeline that sets sentences and entities.
        own_names: Names of the one that the plan belongs to, which make no actor.

    Yields:
        A description for each text, in order.

    Example:
        >>> from strategitekst.language.pipeline import load_pipeline
        >>> [description] = describe(["Movia indsætter 12 busser i 2026."], load_pipeline())
        >>> sorted(description.anchor_kinds)
        ['actor', 'deadline', 'quantity']
    """
    names = tuple(own_names)
    for text, doc in zip(texts, annotate(texts, nlp), strict=True):
        yield Description(tuple(anchors_of(text, organisations_of(doc), names)), modality_vector(doc, text))


def anchor_matrix(descriptions: Sequence[Description]) -> NDArray[np.float32]:
    """Tell which of ``ANCHOR_KINDS`` each paragraph names: (paragraphs, kinds), 0 or 1."""
    import numpy as np

    rows = [[kind in description.anchor_kinds for kind in ANCHOR_KINDS] for description in descriptions]
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(ANCHOR_KINDS))
