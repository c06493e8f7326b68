"""Why a pledge is in its state in a plan: the paragraphs, the words and anchors in them, and what speaks against it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from strategitekst.classification import Classifier
from strategitekst.contributions import among_others, word_contributions
from strategitekst.document import Paragraph
from strategitekst.encoding import Encoder
from strategitekst.evidence import rank_evidence
from strategitekst.features import context
from strategitekst.inputs import prepare
from strategitekst.language.owners import owner_names
from strategitekst.language.spans import ANCHOR_KINDS
from strategitekst.model_set import ModelSet
from strategitekst.status import ALL, GAPS

if TYPE_CHECKING:
    import pandas as pd

    from strategitekst.features import Inputs
    from strategitekst.heads import LinearHead

MOST = 5
Words = list[tuple[str, float]]
Row = dict[Hashable, Any]


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
            ``theme_words`` and ``initiative_words``: each word with what it adds to the score, in log-odds;
            with the section and the rival theme beside them they add up to it.
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


def explain_cell(tables: dict[str, pd.DataFrame], models: ModelSet, document: str, pledge: str) -> Explanation:
    """Explain one cell of the table of pledges.

    Args:
        tables: The tables ``paragraphs``, ``coverage`` and ``pledges``.
        models: What told themes and statements.
        document: A plan's name, or ``*``.
        pledge: A pledge's id.
    """
    row, covered = (
        tables[name][(tables[name]["document"] == document) & (tables[name]["pledge"] == pledge)].iloc[0]
        for name in ("pledges", "coverage")
    )
    plan = None if document == ALL else document
    ranked = rank_evidence(tables["paragraphs"], pledge, len(tables["paragraphs"]), plan)
    begun = (ranked["serves"] * ranked["initiative"]).to_numpy()
    if row["state"] in GAPS:
        against = ranked.iloc[np.argsort(-begun, kind="stable")[:MOST]]
    else:
        against = ranked[ranked["serves"] >= 0.5].sort_values("initiative", kind="stable").head(MOST)
    words = _Words(tables["paragraphs"], models, pledge)
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

    def __init__(self, paragraphs: pd.DataFrame, models: ModelSet, pledge: str) -> None:
        rows = paragraphs.to_dict("records")
        self._rows = {(str(row["document"]), int(row["paragraph"])): row for row in rows}
        self._models = models
        self._pledge = pledge
        self._encoder = Encoder()
        self._attention = models.attention_head(self._encoder.fingerprint)

    def add(self, ranked: pd.DataFrame) -> pd.DataFrame:
        """Give each paragraph its anchors and words."""
        if ranked.empty:
            return ranked.assign(anchors=[], theme_words=[], initiative_words=[])
        places = ranked[["document", "paragraph"]].to_dict("records")
        rows = [self._rows[str(place["document"]), int(place["paragraph"])] for place in places]
        import pandas as pd

        theme, initiative = self._contributions(rows)
        anchors = [{kind: row[kind] for kind in ANCHOR_KINDS if isinstance(row[kind], str)} for row in rows]
        found = ranked.reset_index(drop=True)
        for name, values in (("anchors", anchors), ("theme_words", theme), ("initiative_words", initiative)):
            found[name] = pd.Series(values, dtype=object)
        return found

    def _contributions(self, rows: Sequence[Row]) -> tuple[list[Words], list[Words]]:
        """Give what the words of each row add to the scores of the pledge and of an initiative."""
        themes = self._models.theme_head(self._encoder.fingerprint)
        statements = self._models.statement_head(self._encoder.fingerprint)
        of_pledge, of_initiative = [], []
        for row in rows:
            inputs = self._inputs(row)
            split = partial(word_contributions, inputs=inputs, encoder=self._encoder, attention=self._attention)
            # Zero-shot themes are told by nearness to the strategy's words: no word of the plan has a weight.
            of_pledge += (
                [self._among_others(row, themes, words) for words in split(themes, self._pledge)] if themes else [[]]
            )
            of_initiative += split(statements, "initiative")
        return of_pledge, of_initiative

    def _among_others(self, row: Row, head: LinearHead, words: Words) -> Words:
        plan, alone = self._plan(str(row["document"]))
        text = context(_paragraph(row))
        if head.surroundings is None or text not in plan:
            return words
        column, place = head.labels.index(self._pledge), list(plan).index(text)
        _own, section, rival = head.surroundings.parts(alone, list(plan.values()))
        return among_others(
            words, head.surroundings, column, float(section[place, column]), float(rival[place, column])
        )

    @cache  # noqa: B019 - lives as long as one explanation
    def _plan(self, document: str) -> tuple[dict[str, tuple[str, ...]], NDArray[np.float64]]:
        """Read a plan again: the headings of each text, and what it is about by itself, (texts, themes)."""
        rows = [row for (name, _), row in self._rows.items() if name == document]
        # What a web page leaves around its text counts for nothing: it alone has no theme at all.
        spoken = (_paragraph(row) for row in rows if any(dict(row["theme_scores"]).values()))
        texts = {context(each): each for each in spoken}
        classifier = Classifier(self._models.strategy, self._encoder, self._models.own)
        told = classifier.classify(list(texts.values()))
        alone = np.array([list(each.theme_scores_alone.values()) for each in told])
        return {text: each.heading for text, each in texts.items()}, alone

    def _inputs(self, row: Row) -> Inputs:
        from strategitekst.language.pipeline import load_pipeline

        plan = [_paragraph(each) for (document, _), each in self._rows.items() if document == row["document"]]
        own_names = (*self._models.strategy.own_names, *owner_names(plan))
        return prepare([_paragraph(row)], self._encoder, load_pipeline(), own_names).inputs


def _paragraph(row: Row) -> Paragraph:
    text, start = str(row["text"]), int(row["start"])
    return Paragraph(int(row["paragraph"]), text, start, start + len(text), tuple(row["heading"]))
