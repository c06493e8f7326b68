"""The pure functions on anchors and modality as components of a spaCy pipeline.

Importing this module imports spaCy and registers ``strategitekst_anchors`` and ``strategitekst_modality``.
"""

from __future__ import annotations

from collections.abc import Callable

from spacy.language import Language
from spacy.tokens import Doc

from strategitekst.language.anchors import find_anchors
from strategitekst.language.modality import modality

_Component = Callable[[Doc], Doc]


@Language.factory(
    "strategitekst_anchors", default_config={"own_names": []}, assigns=["doc._.anchors"], requires=["doc.text"]
)
def create_anchors(nlp: Language, name: str, own_names: list[str]) -> _Component:
    """Make a component that sets ``doc._.anchors``.

    Args:
        nlp: The pipeline.
        name: The component's name in it.
        own_names: Names of the one that the plans belong to.

    Returns:
        The component.

    Example:
        >>> import spacy
        >>> nlp = spacy.blank("da")
        >>> _ = nlp.add_pipe("strategitekst_anchors", config={"own_names": ["Region Sjælland"]})
        >>> [anchor.text for anchor in nlp("Movia kører fra 2026.")._.anchors]
        ['Movia', 'fra 2026']
    """
    Doc.set_extension("anchors", default=None, force=True)

    def set_anchors(doc: Doc) -> Doc:
        doc._.anchors = find_anchors(doc, own_names)
        return doc

    return set_anchors


@Language.component("strategitekst_modality", assigns=["doc._.modality"], requires=["doc.text"])
def set_modality(doc: Doc) -> Doc:
    """Set ``doc._.modality`` to the named features of how the paragraph speaks.

    Args:
        doc: The paragraph.

    Returns:
        The same paragraph.

    Example:
        >>> import spacy
        >>> nlp = spacy.blank("da")
        >>> _ = nlp.add_pipe("strategitekst_modality")
        >>> nlp("Vi vil styrke indsatsen.")._.modality["we_modal"]
        1.0
    """
    if not Doc.has_extension("modality"):
        Doc.set_extension("modality", default=None)
    doc._.modality = modality(doc)
    return doc
