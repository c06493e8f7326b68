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
    from strategitekst.own_training import Training
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


def training_table(trained: Training, strategy: Strategy, lang: str = "da") -> Table:
    """Show what a head was trained on, and how well it does beside the strategy's own words.

    Args:
        trained: The training.
        strategy: Whose themes they are.
        lang: ``da`` or ``en``.

    Returns:
        A row a theme with its number of labelled paragraphs, then the measures.
    """
    t = Labels(lang)
    counts = {"plans": trained.plans, "paragraphs": trained.paragraphs, "writers": trained.writers}
    table = Table(title=t("training.title", **{name: t.number(count) for name, count in counts.items()}))
    table.add_column(t("result.themes"))
    table.add_column(t("training.examples"), justify="right")
    for theme, name in strategy.themes.items():
        table.add_row(escape(f"{theme} {name}"), t.number(trained.examples[theme]))
    table.add_section()
    table.add_row(t("training.measure"), "")
    table.add_row(f"  {t('training.zero_shot')}", t.share(trained.zero_shot))
    table.add_row(f"  {t('training.held_out')}", t.share(trained.held_out))
    return table
