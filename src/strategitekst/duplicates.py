"""Texts that are nearly the same as one another, found by the runs of letters that they share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

RUN = 8
"""Letters of a run: about a word and a half, so that stock phrases alone do not make two paragraphs alike."""

ALIKE = 0.4
"""Share of runs in common from which two texts are near-duplicates; one changed word in five leaves this much.

Paragraphs written apart on the same matter ("Spørgsmål til planen kan rettes til …") stay under 0.3.
"""


def near_duplicates(texts: Sequence[str], groups: Sequence[str], alike: float = ALIKE) -> list[tuple[int, int, float]]:
    """Find the pairs of nearly equal texts that stand in different groups.

    Likeness is the Jaccard index of the sets of runs of 8 letters (Broder 1997, "On the resemblance and containment of
    documents"), counted exactly: a corpus is small enough to need no hashing.

    Args:
        texts: The texts.
        groups: The group of each.
        alike: The least likeness (0–1) that counts.

    Returns:
        Index of a text, index of the other, which stands in a group later in the alphabet, and likeness (0–1); the most
        alike first.

    Example:
        >>> near_duplicates(["Vi ansætter læger.", "Vild natur.", "Vi ansætter læger."], ["dev", "test", "test"])
        [(0, 2, 1.0)]
    """
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer

    if not texts:
        return []
    # A text shorter than a run would have none and never be found.
    padded = [" ".join(text.split()).ljust(RUN, "\0") for text in texts]
    runs = CountVectorizer(analyzer="char", ngram_range=(RUN, RUN), binary=True, dtype=np.int32).fit_transform(padded)
    sizes = np.asarray(runs.sum(axis=1)).ravel()
    found = []
    for group, other in combinations(sorted(set(groups)), 2):
        left, right = (np.flatnonzero([each == name for each in groups]) for name in (group, other))
        common = (runs[left] @ runs[right].T).tocoo()
        i, j = left[common.row], right[common.col]
        likeness = common.data / (sizes[i] + sizes[j] - common.data)
        found += [(int(i[k]), int(j[k]), float(likeness[k])) for k in np.flatnonzero(likeness >= alike)]
    return sorted(found, key=lambda pair: (-pair[2], pair[0], pair[1]))
