"""Why a pledge is in its state in a plan: the paragraphs, the words and anchors in them, and what speaks against it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from strategitekst.classification import STATEMENT_MODEL, THEME_MODELS
from strategitekst.document import Paragraph
from strategitekst.encoding import Encoder
from strategitekst.evidence import rank_evidence
from strategitekst.heads import LinearHead
from strategitekst.inputs import prepare
from strategitekst.language.spans import ANCHOR_KINDS
from strategitekst.resources import find_model
from strategitekst.status import GAPS

if TYPE_CHECKING:
    import pandas as pd

    from strategitekst.features import Inputs
    from strategitekst.strategy import Strategy

MOST = 5
MOST_WORDS = 8
MEANING = "(betydning)"
"""Stands among the words for what the encoder's vector of the whole paragraph adds."""

_WORD = re.compile(r"\w[\w-]*")


@dataclass(frozen=True)
class Explanation:
    """Why a pledge is in its state in a plan.

    Attributes:
        document: The plan's name, or ``*``.
        pledge: The pledge's id.
        state: Its state.
        confidence: The state's probability, 0–1.
        reason: The state in one Danish sentence.
        coverage: Coverage with the ends of its interval: value, low, high.
        paragraphs: The paragraphs that weigh most: ``serves``, ``initiative``, ``weight``, the ``anchors`` found, and
            ``theme_words`` and ``initiative_words``: each word with what it adds to the score of the head, in log-odds.
        against: The nearest counter-evidence, same columns: for a gap the paragraphs that come nearest to an
            initiative, else the paragraphs on the pledge that are least of an initiative.
    """

    document: str
    pledge: str
    state: str
    confidence: float
    reason: str
    coverage: tuple[float, float, float]
    paragraphs: pd.DataFrame = field(repr=False)
    against: pd.DataFrame = field(repr=False)


def explain_cell(tables: dict[str, pd.DataFrame], strategy: Strategy, document: str, pledge: str) -> Explanation:
    """Explain one cell of the table of pledges.

    Args:
        tables: The tables ``paragraphs``, ``coverage`` and ``pledges``.
        strategy: What the plans were held against.
        document: A plan's name, or ``*``.
        pledge: A pledge's id.
    """
    row, covered = (
        tables[name][(tables[name]["document"] == document) & (tables[name]["pledge"] == pledge)].iloc[0]
        for name in ("pledges", "coverage")
    )
    plan = None if document == "*" else document
    ranked = rank_evidence(tables["paragraphs"], pledge, len(tables["paragraphs"]), plan)
    begun = (ranked["serves"] * ranked["initiative"]).to_numpy()
    if row["state"] in GAPS:
        against = ranked.iloc[np.argsort(-begun, kind="stable")[:MOST]]
    else:
        against = ranked[ranked["serves"] >= 0.5].sort_values("initiative", kind="stable").head(MOST)
    words = _Words(tables["paragraphs"], strategy, pledge)
    return Explanation(
        document,
        pledge,
        str(row["state"]),
        float(row["confidence"]),
        str(row["reason"]),
        (float(covered["coverage"]), float(covered["low"]), float(covered["high"])),
        words.add(ranked.head(MOST)),
        words.add(against),
    )


class _Words:
    """Finds the words and anchors that decided about paragraphs."""

    def __init__(self, paragraphs: pd.DataFrame, strategy: Strategy, pledge: str) -> None:
        rows = paragraphs.to_dict("records")
        self._rows = {(str(row["document"]), int(row["paragraph"])): row for row in rows}
        self._strategy = strategy
        self._pledge = pledge
        self._encoder = Encoder()

    def add(self, ranked: pd.DataFrame) -> pd.DataFrame:
        """Give each paragraph its anchors and words."""
        if ranked.empty:
            return ranked.assign(anchors=[], theme_words=[], initiative_words=[])
        places = ranked[["document", "paragraph"]].to_dict("records")
        rows = [self._rows[str(place["document"]), int(place["paragraph"])] for place in places]
        import pandas as pd

        from strategitekst.language.pipeline import load_pipeline

        paragraphs = [
            Paragraph(number, row["text"], 0, len(row["text"]), tuple(row["heading"]))
            for number, row in enumerate(rows)
        ]
        inputs = prepare(paragraphs, self._encoder, load_pipeline(), self._strategy.own_names).inputs
        theme = self._contributions(f"{THEME_MODELS}-{self._strategy.id}", self._pledge, inputs)
        initiative = self._contributions(STATEMENT_MODEL, "initiative", inputs)
        anchors = [{kind: row[kind] for kind in ANCHOR_KINDS if isinstance(row[kind], str)} for row in rows]
        found = ranked.reset_index(drop=True)
        for name, values in (("anchors", anchors), ("theme_words", theme), ("initiative_words", initiative)):
            found[name] = pd.Series(values, dtype=object)
        return found

    def _contributions(self, model: str, label: str, inputs: Inputs) -> list[list[tuple[str, float]]]:
        folder = find_model(model)
        head = folder and LinearHead.load(folder, self._encoder.fingerprint)
        if not head or label not in head.labels:
            # Zero-shot themes are told by nearness to the strategy's words: no word of the plan has a weight.
            return [[] for _ in inputs.texts]
        return word_contributions(head, label, inputs)


def word_contributions(head: LinearHead, label: str, inputs: Inputs) -> list[list[tuple[str, float]]]:
    """Split a head's score of a label over the words of each paragraph; exact, since the head is linear.

    Args:
        head: The head.
        label: One of its labels.
        inputs: Of the paragraphs.

    Returns:
        For each paragraph the words that weigh most, heaviest first, with what they add in calibrated log-odds; an
        n-gram's share is split over the words that hold it, and what the vector and the signals add stands under
        ``MEANING``.
    """
    column = head.labels.index(label)
    weights = np.asarray(head.weights[column], dtype=np.float64) * head.scale[column]
    vocabularies = head.space.state()[0]["vocabularies"]
    ngrams = [ngram for vocabulary in vocabularies for ngram in vocabulary]
    matrix = head.space.transform(inputs)
    found = []
    for number, context in enumerate(inputs.contexts):
        row = matrix[number]
        added = row.data * weights[row.indices]
        words = dict.fromkeys(_WORD.findall(context.lower()))
        shares: defaultdict[str, float] = defaultdict(float)
        for index, value in zip(row.indices.tolist(), added.tolist(), strict=True):
            holders = _holders(ngrams[index], words) if index < len(ngrams) else []
            for word in holders or [MEANING]:
                shares[word] += value / max(len(holders), 1)
        best = sorted(shares.items(), key=lambda item: -abs(item[1]))[:MOST_WORDS]
        found.append([(word, round(value, 3)) for word, value in best])
    return found


def _holders(ngram: str, words: dict[str, Any]) -> list[str]:
    """Name the words that an n-gram of letters lies in, or that an n-gram of words is made of."""
    inside = [word for word in words if ngram in f" {word} "]
    return inside or [word for word in _parts(ngram) if word in words]


def _parts(ngram: str) -> Sequence[str]:
    return ngram.split()
