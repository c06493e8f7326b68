"""The reasons of the table of pledges in a reader's language: the table itself holds them in Danish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from strategitekst.labels import Labels, label_table
from strategitekst.reasons import reason
from strategitekst.status import ALL
from strategitekst.strategy import Strategy

if TYPE_CHECKING:
    import pandas as pd


class ReasonTeller:
    """Tells the reason of a row of the table of pledges.

    Args:
        paragraphs: The table of paragraphs, or a part of it under its own row numbers.
        strategy: Whose pledges they are.
        labels: Of the reader's language.

    Example:
        >>> import pandas as pd
        >>> from strategitekst.strategy import load_strategy
        >>> row = {"document": "a", "pledge": "P1", "state": "unmentioned", "confidence": 0.9, "evidence": []}
        >>> row["reason"] = "Løfte 1 omtales ikke."
        >>> ReasonTeller(pd.DataFrame(), load_strategy(), Labels("en"))(row, 0, 0)
        'Pledge 1 is not mentioned.'
    """

    def __init__(self, paragraphs: pd.DataFrame, strategy: Strategy, labels: Labels) -> None:
        self._paragraphs = paragraphs
        self._pledges = {pledge.id: pledge for pledge in strategy.pledges}
        self._labels = labels

    def __call__(self, row: Mapping[str, Any], mentions: int, initiatives: int) -> str:
        """Give the table's reason, or say the same in another language.

        Args:
            row: Of the table of pledges.
            mentions: How many paragraphs have the pledge as theme.
            initiatives: How many of them are initiatives.

        Returns:
            One sentence; empty where the table has none, or the state has no sentence in the language.
        """
        given, state = row["reason"], str(row["state"])
        if not isinstance(given, str) or not given or self._labels.lang == "da":
            return given if isinstance(given, str) else ""
        if f"reason.{state}" not in label_table() or row["pledge"] not in self._pledges:
            return ""
        best = self._best(str(row["document"]), row["evidence"])
        pledge, lang = self._pledges[row["pledge"]], self._labels.lang
        return reason(pledge, state, mentions, initiatives, best, lang, float(row["confidence"]))

    def _best(self, document: str, evidence: Sequence[int]) -> str | None:
        if not len(evidence):
            return None
        if document != ALL:
            return str(evidence[0])
        if evidence[0] not in self._paragraphs.index:
            return None
        row = self._paragraphs.loc[evidence[0]]
        return self._labels("evidence.in_plan", number=row["paragraph"], plan=row["document"])
