"""What can be asked of an analysis beside its tables: evidence, explanations, alignment, groups of plans."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strategitekst.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from strategitekst.explanation import Explanation
    from strategitekst.strategy import Strategy


class Questions:
    """The questions; ``Analysis`` has the tables that answer them.

    Attributes:
        tables: The four tables by name.
        strategy: What the documents were held against.
        manifest: Which models told it.
    """

    tables: Mapping[str, pd.DataFrame]
    strategy: Strategy
    manifest: dict[str, Any]

    @property
    def alignment(self) -> pd.DataFrame:
        """A row a plan: the share of its paragraphs that serves the strategy at all, with its interval."""
        from strategitekst.evidence import measure_alignment

        return measure_alignment(self.tables["paragraphs"])

    @property
    def orphans(self) -> pd.DataFrame:
        """The concrete initiatives that serve no theme of the strategy, the surest first."""
        from strategitekst.evidence import find_orphans

        return find_orphans(self.tables["paragraphs"])

    def evidence(self, pledge: str, k: int = 10, document: str | None = None) -> pd.DataFrame:
        """List the ``k`` paragraphs that speak most for a pledge or another theme, in one plan or in all.

        Raises:
            UsageError: The strategy has no such theme.
        """
        from strategitekst.evidence import rank_evidence

        self._check(pledge in self.strategy.themes, pledge)
        return rank_evidence(self.tables["paragraphs"], pledge, k, document)

    def explain(self, document: str, pledge: str) -> Explanation:
        """Explain one cell: its paragraphs, the words and anchors that decided, and the nearest counter-evidence.

        Raises:
            UsageError: There is no such document or pledge.
            ModelError: The user's own models, which the analysis ran with, are gone.
        """
        from strategitekst.explanation import explain_cell
        from strategitekst.model_set import models_of

        cells = self.tables["pledges"]
        self._check(
            bool(((cells["document"] == document) & (cells["pledge"] == pledge)).any()), f"{document}, {pledge}"
        )
        return explain_cell(dict(self.tables), models_of(self.strategy, self.manifest), document, pledge)

    def compare(self, by: str = "document", metadata: pd.DataFrame | str | Path | None = None) -> pd.DataFrame:
        """Lay plans, or groups of plans, beside one another, with intervals: see ``comparison.compare_groups``.

        Args:
            by: The column that names each plan's group: ``organisation``, ``year``, …
            metadata: A table with ``document`` and that column, or its CSV file; if None, ``documents`` must have it.

        Raises:
            UsageError: There is no such column, or it names none of the plans.
        """
        from strategitekst.comparison import compare_groups, read_groups

        return compare_groups(
            self.tables["coverage"], self.tables["pledges"], read_groups(by, self.tables["documents"], metadata)
        )

    def _check(self, there: bool, asked: str) -> None:
        if not there:
            raise UsageError(f"Analysen har ikke {asked}: se analysis.documents og analysis.strategy.themes")
