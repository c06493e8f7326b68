"""A head's score of a paragraph, split over the words that it came from."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from strategitekst.attention import AttentionHead
from strategitekst.encoding import Encoder
from strategitekst.features import Inputs
from strategitekst.heads import READING_SHARES, LinearHead
from strategitekst.surroundings import Surroundings

MOST_WORDS = 8
MEANING = "(betydning)"
"""Stands among the words for what the encoder's vector of the whole paragraph, its signals and its marks add."""

OTHERS = "(øvrige ord)"
"""Stands for the words that are not listed."""

START = "(udgangspunkt)"
"""Stands for what the score is before anything is read."""

SECTION = "(resten af afsnittet)"
"""Stands for what the other paragraphs under the same headings add."""

RIVAL = "(andre temaer)"
"""Stands for what the most probable other theme takes away."""

_WORD = re.compile(r"\w[\w-]*")

Shares = defaultdict[str, float]


def word_contributions(
    head: LinearHead, label: str, inputs: Inputs, encoder: Encoder, attention: AttentionHead
) -> list[list[tuple[str, float]]]:
    """Split a head's score of a label over the words of each paragraph.

    The split is exact: n-grams add to a linear score, and attention adds up what the pieces of the text say, each by
    its weight. An n-gram's share is split over the words that hold it, a piece's goes to the word that it is part of.

    Args:
        head: The head.
        label: One of its labels.
        inputs: Of the paragraphs.
        encoder: The one that the heads were trained on.
        attention: What reads the pieces.

    Returns:
        For each paragraph the words that weigh most, heaviest first, with what they add in calibrated log-odds, and
        behind them ``OTHERS`` and ``START``: together the score. ``MEANING`` stands among the words.
    """
    column = head.labels.index(label)
    share = READING_SHARES[head.link] if head.readings else 0.0
    scale, start = float(head.scale[column]), (1.0 - share) * float(head.intercept[column])
    told = _linear(head, column, inputs, (1.0 - share) * scale)
    if head.readings:
        reading = head.readings[column]
        start += share * float(attention.shift[reading])
        for shares, text in zip(told, inputs.contexts, strict=True):
            _read(shares, text, encoder, attention, reading, share * scale)
    return [_heaviest(shares, scale * start + float(head.shift[column])) for shares in told]


def among_others(
    words: Iterable[tuple[str, float]], around: Surroundings, column: int, section: float, rival: float
) -> list[tuple[str, float]]:
    """Let what stands around a paragraph count beside its words.

    Args:
        words: What ``word_contributions`` gave for the paragraph.
        around: How surroundings count.
        column: Of the theme.
        section: What ``Surroundings.parts`` gives for the section.
        rival: What it gives for the rival theme.

    Returns:
        The words with what they add to the theme's final log-odds, and behind them ``SECTION`` and ``RIVAL``: together
        the score.

    Example:
        >>> around = Surroundings((0.5, 1.0, 1.0), np.array([-1.0]), np.array([0.1]))
        >>> among_others([("busser", 4.0), (START, -2.0)], around, 0, 0.5, 0.25)
        [('busser', 2.0), ('(udgangspunkt)', -2.0), ('(resten af afsnittet)', 0.5), ('(andre temaer)', 0.25)]
    """
    start = float(around.shift[column] if len(around.shift) > 1 else around.shift[0])
    told = [(word, round(value * around.weights[0] + (start if word == START else 0.0), 3)) for word, value in words]
    return [*told, (SECTION, round(section, 3)), (RIVAL, round(rival, 3))]


def _linear(head: LinearHead, column: int, inputs: Inputs, scale: float) -> list[Shares]:
    weights = np.asarray(head.weights[column], dtype=np.float64) * scale
    ngrams = [ngram for vocabulary in head.space.state()[0]["vocabularies"] for ngram in vocabulary]
    matrix = head.space.transform(inputs)
    found = []
    for number, context in enumerate(inputs.contexts):
        row = matrix[number]
        words = dict.fromkeys(_words(context))
        shares: Shares = defaultdict(float)
        for index, value in zip(row.indices.tolist(), (row.data * weights[row.indices]).tolist(), strict=True):
            holders = _holders(ngrams[index], words) if index < len(ngrams) else []
            for word in holders or [MEANING]:
                shares[word] += value / max(len(holders), 1)
        found.append(shares)
    return found


def _read(shares: Shares, text: str, encoder: Encoder, attention: AttentionHead, reading: int, scale: float) -> None:
    places = {place: match[0].lower() for match in _WORD.finditer(text) for place in range(*match.span())}
    for window in encoder.pieces(text):
        said = attention.piece_scores(window.states, reading) * window.share * scale
        for (start, end), value in zip(window.spans, said.tolist(), strict=True):
            # A piece begins with the space before its word.
            shares[next((places[place] for place in range(start, end) if place in places), MEANING)] += value


def _heaviest(shares: Mapping[str, float], start: float) -> list[tuple[str, float]]:
    ordered = sorted(shares.items(), key=lambda item: -abs(item[1]))
    rest = sum(value for _, value in ordered[MOST_WORDS:])
    return [(word, round(value, 3)) for word, value in [*ordered[:MOST_WORDS], (OTHERS, rest), (START, start)]]


def _words(text: str) -> Iterable[str]:
    return (match.lower() for match in _WORD.findall(text))


def _holders(ngram: str, words: dict[str, Any]) -> list[str]:
    """Name the words that an n-gram of letters lies in, or that an n-gram of words is made of."""
    inside = [word for word in words if ngram in f" {word} "]
    return inside or [word for word in ngram.split() if word in words]
