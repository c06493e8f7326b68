"""A paragraph and a theme of any strategy as numbers: how near they lie, by letters and by meaning.

Every measure comes three ways: as it is, against the mean over the strategy's themes, and against the best of the other
themes. The last two tell "nearer to this theme than to the others" from "near to everything".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

if TYPE_CHECKING:
    from strategitekst.encoding import Encoder
    from strategitekst.features import Inputs

Floats = NDArray[np.float64]

BUCKETS = 2**17
"""Buckets that letter n-grams are hashed to: words of strategies never seen need a place too."""

HEADING = 0.7  # weight of the heading's vector beside the text's
SMOOTHING = 20  # texts that a list counts as longer than it is, where the frequency of n-grams in it is taken
_TEXTS = ("text", "heading", "both")
_LETTERS = ("context_whole", "text_whole", "heading_whole", "context_part", "text_part", "heading_part", "context_name")
_MEANING = tuple(f"{text}_{of}" for text in _TEXTS for of in ("whole", "whole_query", "part", "parts_mean", "name"))
MEASURES = _LETTERS + _MEANING
FEATURES = tuple(f"{measure}{way}" for way in ("", "_centred", "_margin") for measure in MEASURES)


@dataclass(frozen=True, slots=True)
class Background:
    """What ordinary plans look like, so that nearness is nearness beyond the ordinary.

    Attributes:
        idf: Weight of each bucket of letter n-grams, (``BUCKETS``,).
        means: Mean vectors of texts, headings and both, (3, dimensions).
    """

    idf: Floats
    means: Floats


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme's texts.

    Attributes:
        letters: Weighted n-grams of its name, all of it, and its parts, (texts, ``BUCKETS``).
        asked: Vectors of its name, its name and description, and its parts as queries.
        said: As passages.
    """

    letters: scipy.sparse.csr_matrix
    asked: Floats
    said: Floats


def learn_background(inputs: Inputs, encoder: Encoder) -> Background:
    """Take the background from plans; no label is looked at."""
    from sklearn.feature_extraction.text import TfidfTransformer

    idf = TfidfTransformer().fit(_count(inputs.contexts)).idf_
    return Background(np.asarray(idf), np.stack([vectors.mean(axis=0) for vectors in _vectors(inputs, encoder)]))


def read_theme(texts: Sequence[str], encoder: Encoder, background: Background) -> Theme:
    """Prepare one theme.

    Args:
        texts: Its name, its name and description, and its parts.
        encoder: The one that embeds the paragraphs too.
        background: Of plans.
    """
    asked, said = (encoder.encode(texts, prompt).astype(np.float64) for prompt in ("query", "passage"))
    # By letters every word helps; a vector of everything would be a vector of nothing in particular.
    everything = " ".join(dict.fromkeys(texts))
    return Theme(_weigh([texts[0], everything, *texts[2:]], background.idf), asked, said)


def pair_features(inputs: Inputs, themes: Sequence[Theme], encoder: Encoder, background: Background) -> Floats:
    """Describe every pair of paragraph and theme.

    Args:
        inputs: Of the paragraphs.
        themes: What ``read_theme`` gave.
        encoder: The one that embedded both.
        background: Of plans.

    Returns:
        (paragraphs, themes, ``FEATURES``).
    """
    headings = [context.removesuffix(text) for context, text in zip(inputs.contexts, inputs.texts, strict=True)]
    letters = [_weigh(texts, background.idf) for texts in (inputs.contexts, inputs.texts, headings)]
    measures = [np.stack([_by_letters(letters, theme) for theme in themes], axis=1)]
    for vectors, mean in zip(_vectors(inputs, encoder), background.means, strict=True):
        measures.append(np.stack([_by_meaning(vectors, mean, theme) for theme in themes], axis=1))
    return _three_ways(np.concatenate(measures, axis=2))


def letter_similarity(first: Sequence[str], second: Sequence[str], idf: Floats) -> Floats:
    """Compare texts of any language by their letter n-grams.

    Args:
        first: Texts.
        second: Others.
        idf: The background's; n-grams that are frequent here count as little as those that are frequent there.

    Returns:
        Cosines, (first, second).
    """
    counts = _count(second)
    # Smoothed: in a short list one text would make all its n-grams frequent.
    here = np.bincount(counts.indices, minlength=BUCKETS) / (len(second) + SMOOTHING)
    there = np.exp(1.0 - idf)
    both = -np.log(np.maximum(np.maximum(here, there), there.min()))
    return np.asarray((_weigh(first, both) @ _weigh(second, both).T).todense())


def _by_letters(texts: Sequence[scipy.sparse.csr_matrix], theme: Theme) -> Floats:
    scores = [np.asarray((text @ theme.letters.T).todense()) for text in texts]
    columns = [each[:, 1] for each in scores] + [each[:, 2:].max(axis=1) for each in scores] + [scores[0][:, 0]]
    return np.stack(columns, axis=1)


def _by_meaning(vectors: Floats, mean: Floats, theme: Theme) -> Floats:
    asked, said = (vectors - mean) @ theme.asked.T, (vectors - mean) @ theme.said.T
    return np.stack([said[:, 1], asked[:, 1], asked[:, 2:].max(axis=1), said[:, 2:].mean(axis=1), asked[:, 0]], axis=1)


def _three_ways(measures: Floats) -> Floats:
    if measures.shape[1] < 2:
        # A strategy of one theme has no others to be nearer than.
        return np.concatenate([measures, np.zeros_like(measures), np.zeros_like(measures)], axis=2)
    ordered = np.sort(measures, axis=1)
    best, second = ordered[:, -1:], ordered[:, -2:-1]
    others = np.where(measures == best, second, best)
    return np.concatenate([measures, measures - measures.mean(axis=1, keepdims=True), measures - others], axis=2)


def _vectors(inputs: Inputs, encoder: Encoder) -> tuple[Floats, Floats, Floats]:
    """Give vectors of texts, of headings (the text's own where there is none) and of both together."""
    texts = np.asarray(inputs.vectors, dtype=np.float64)
    headings = [
        context.removesuffix(text).removesuffix(": ")
        for context, text in zip(inputs.contexts, inputs.texts, strict=True)
    ]
    embedded = encoder.encode(headings).astype(np.float64) if headings else texts
    above = np.where(np.array([bool(heading) for heading in headings])[:, None], embedded, texts) if headings else texts
    both = texts + HEADING * above
    return texts, above, both / np.maximum(np.linalg.norm(both, axis=1, keepdims=True), 1e-9)


def _weigh(texts: Sequence[str], idf: Floats) -> scipy.sparse.csr_matrix:
    from sklearn.preprocessing import normalize

    counts = _count(texts)
    counts.data = 1.0 + np.log(counts.data)
    return scipy.sparse.csr_matrix(normalize(counts @ scipy.sparse.diags(idf)))


def _count(texts: Sequence[str]) -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer

    vectorizer = HashingVectorizer(
        analyzer="char_wb", ngram_range=(3, 6), n_features=BUCKETS, alternate_sign=False, norm=None
    )
    return vectorizer.transform(texts) if len(texts) else scipy.sparse.csr_matrix((0, BUCKETS))
