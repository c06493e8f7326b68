"""N-grams as scikit-learn counts them, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as some
from sklearn.feature_extraction.text import TfidfVectorizer

from strategitekst.features import FeatureSpace, Inputs
from strategitekst.ngrams import WORD_PATTERN, NgramBlock, NgramWeights, WordMemory

PLANS = [
    "Vi vil styrke indsatsen: flere busser, flere tog.",
    "I 2026 køber Movia 12 elbusser. Vi vil!",
    "Å ja, en ø. Flere busser i 2026?",
    "",
    "ny ny ny NY bus",
]
TEXTS = some.lists(some.text("abcæ .:2é\n-", max_size=30) | some.sampled_from(PLANS), max_size=4)
BLOCKS = (
    NgramBlock("contexts", "char_wb", 3, 5, 500),
    NgramBlock("texts", "char_wb", 4, 5, 300),
    NgramBlock("texts", "char_wb", 2, 3, 300),
    NgramBlock("texts", "word", 1, 3, 300),
    NgramBlock("contexts", "word", 2, 2, 300),
)


def fitted(block: NgramBlock) -> TfidfVectorizer:
    settings = {"ngram_range": (block.shortest, block.longest), "max_features": block.most, "sublinear_tf": True}
    pattern = WORD_PATTERN if block.analyzer == "word" else None
    return TfidfVectorizer(analyzer=block.analyzer, token_pattern=pattern, dtype=np.float32, **settings).fit(PLANS)


FITTED = [fitted(block) for block in BLOCKS]


@settings(deadline=None)
@given(TEXTS)
def test_weights_are_those_of_scikit_learn_to_the_last_bit(texts: list[str]) -> None:
    contexts = [f"Plan > Trafik: {text}" for text in texts]
    vocabularies, idf = [each.vocabulary_ for each in FITTED], [each.idf_ for each in FITTED]
    ours = NgramWeights(BLOCKS, vocabularies, idf, WordMemory()).transform(texts, contexts)
    given_texts = {"texts": texts, "contexts": contexts}
    if texts:
        parts = [each.transform(given_texts[block.source]) for block, each in zip(BLOCKS, FITTED, strict=True)]
        theirs = scipy.sparse.csr_matrix(scipy.sparse.hstack(parts))
        np.testing.assert_array_equal(ours.toarray(), theirs.toarray())
    assert ours.shape == (len(texts), sum(map(len, vocabularies)))
    assert ours.dtype == np.float32


@pytest.mark.parametrize("others", [[], PLANS])
def test_a_row_does_not_depend_on_the_others(others: list[str]) -> None:
    weights = NgramWeights(BLOCKS, [each.vocabulary_ for each in FITTED], [each.idf_ for each in FITTED], WordMemory())
    alone = weights.transform(PLANS[:1], PLANS[:1])
    among = weights.transform([*others, PLANS[0]], [*others, PLANS[0]])
    np.testing.assert_array_equal(among.toarray()[-1:], alone.toarray())


def test_spaces_that_share_words_give_what_each_gives_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def make(blocks: tuple[NgramBlock, ...]) -> FeatureSpace:
        return FeatureSpace(blocks, 1.0, 1.0).fit(inputs(PLANS))

    def inputs(texts: list[str]) -> Inputs:
        ones = np.ones((len(texts), 2), dtype=np.float32)
        return Inputs(texts, [f"Trafik: {text}" for text in texts], ones, ones, ones)

    new = inputs(["Nye busser i 2026: flere elbusser", "ø"])
    alone = [make(BLOCKS[:2]).transform(new), make(BLOCKS[2:]).transform(new)]
    first, second = make(BLOCKS[:2]), make(BLOCKS[2:])
    first.transform(new)
    second.share_words(first)
    monkeypatch.setattr("strategitekst.ngrams._REMEMBERED", 1)  # more words than are remembered change nothing
    for expected, space in zip([*alone, *alone], [first, second] * 2, strict=True):
        np.testing.assert_array_equal(space.transform(new).toarray(), expected.toarray())
