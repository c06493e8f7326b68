"""The Danish spaCy pipeline: ``da_core_news_sm`` where it is installed, else the one that ships."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from strategitekst.errors import ModelError
from strategitekst.language.light_spacy import without_torch
from strategitekst.resources import model_path

if TYPE_CHECKING:
    from spacy.language import Language

PUBLISHED = "da_core_news_sm"
"""The pipeline of spaCy's makers that is taken where it is installed."""

SHIPPED = "da_strategitekst"
"""The folder of the pipeline that ships."""

# What analyze() reads: token.pos_, token.lemma_, doc.sents, doc.ents. The published pipeline's parser is slow, and
# sentence starts cannot be corrected once there is a parse; its own senter, which it leaves off, takes its place.
_USED = frozenset({"tok2vec", "morphologizer", "attribute_ruler", "senter", "sentence_boundaries", "lemmatizer", "ner"})
_CORRECTION = "sentence_boundaries"


@cache
def load_pipeline(name: str | None = None) -> Language:
    """Load the pipeline once a process, with only the components that the analysis uses.

    Args:
        name: A package or folder to load instead; None takes ``da_core_news_sm`` where installed, else the shipped one.

    Returns:
        A pipeline that sets ``token.pos_``, ``token.lemma_``, ``doc.sents`` and ``doc.ents``. Callers share it.

    Raises:
        ModelError: The pipeline cannot be loaded, or is of another spaCy.

    Example:
        >>> nlp = load_pipeline()
        >>> [sent.text for sent in nlp("Det koster 5 mio. kr. Vi begynder den 1. juli 2025.").sents]
        ['Det koster 5 mio. kr.', 'Vi begynder den 1. juli 2025.']
    """
    with without_torch():
        import spacy
        from thinc.api import use_ops

        # Registers the components of this package before a pipeline that names them is read.
        from strategitekst.language.pipeline_components import BOUNDARIES
        from strategitekst.language.tokenization import adapt_tokenizer

        source = name or (PUBLISHED if find_spec(PUBLISHED) else str(model_path(SHIPPED)))
        try:
            # numpy's linear algebra: on processors younger than spaCy's own (BLIS) it is two to three times as fast.
            with use_ops("numpy", use_blis=False):
                nlp = spacy.load(source)
        except (OSError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise ModelError(
                f"Sprogmodellen {source} kan ikke indlæses ({reason}): installér den igen, eller vælg en anden"
            ) from error
    adapt_tokenizer(nlp)
    for component in nlp.component_names:
        if component in _USED and component not in nlp.pipe_names:
            nlp.enable_pipe(component)
        elif component not in _USED and component in nlp.pipe_names:
            nlp.disable_pipe(component)
    if _CORRECTION not in nlp.pipe_names:
        nlp.add_pipe(BOUNDARIES, name=_CORRECTION, after="senter")
    return nlp


def pipeline_version(nlp: Language) -> str:
    """Name a pipeline for a manifest.

    Args:
        nlp: The pipeline.

    Returns:
        Its language, name and version.

    Example:
        >>> pipeline_version(load_pipeline(str(model_path(SHIPPED)))).split()[0]
        'da_strategitekst'
    """
    return f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}"
