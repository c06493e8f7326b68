"""What the terminal shows of a result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from strategitekst.labels import Labels
from strategitekst.language.spans import ANCHOR_KINDS
from strategitekst.status import ALL, is_gap

if TYPE_CHECKING:
    from strategitekst.analysis import Analysis
    from strategitekst.classification import Classification
    from strategitekst.strategy import Strategy


def summary_table(analysis: Analysis, lang: str = "da") -> Table:
    """Show every pledge over all plans together: how much of it is taken up, and its state.

    Args:
        analysis: The analysis.
        lang: ``da`` or ``en``.

    Returns:
        A row a pledge; gaps stand out.
    """
    t = Labels(lang)
    table = Table(title=escape(analysis.strategy.name))
    table.add_column(t("column.pledge"))
    table.add_column(t("column.coverage"), justify="right")
    table.add_column(t("result.initiatives"), justify="right")
    table.add_column(t("column.state"))
    table.add_column(t("column.sure"), justify="right")
    rows = analysis.coverage.merge(analysis.pledges, on=["document", "pledge"])
    names = analysis.strategy.themes
    for row in rows[rows["document"] == ALL].to_dict("records"):
        state = t(f"state.{row['state']}")
        table.add_row(
            escape(f"{row['pledge']} {names[row['pledge']]}"),
            t.share(row["coverage"]),
            str(row["initiatives"]),
            f"[bold red]{state}[/]" if is_gap(row["state"]) else state,
            t.probability(row["confidence"]),
        )
    return table


def classification_table(result: Classification, strategy: Strategy, lang: str = "da") -> Table:
    """Show what was said about one paragraph.

    Args:
        result: The classification.
        strategy: Whose themes they are.
        lang: ``da`` or ``en``.

    Returns:
        Themes and statement with their probabilities, specificity, and the words of each anchor.
    """
    t = Labels(lang)
    table = Table(show_header=False)
    names = strategy.themes
    for theme in result.themes:
        score = t.probability(result.theme_scores[theme])
        table.add_row(t("result.themes"), escape(f"{theme} {names[theme]} ({score})"))
    if not result.themes:
        table.add_row(t("result.themes"), t("figure.none"))
    statement = t.probability(result.statement_scores[result.statement])
    table.add_row(t("result.statement"), f"{t(f'statement.{result.statement}')} ({statement})")
    table.add_row(t("result.specificity"), t.share(result.specificity))
    for kind in ANCHOR_KINDS:
        words = result.anchor(kind)
        if words is not None:
            table.add_row(t(f"anchor.{kind}"), escape(words))
    return table
