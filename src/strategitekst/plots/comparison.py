"""Plans or groups of plans beside one another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from strategitekst.comparison import compare_groups
from strategitekst.coverage import INTERVAL
from strategitekst.errors import UsageError
from strategitekst.labels import Labels
from strategitekst.plots.canvas import (
    INK,
    LINE,
    axes_for,
    bare,
    by_plan,
    legend_below,
    percent_axis,
    plain,
    pledge_names,
    short_names,
    title,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from strategitekst.analysis import Analysis

# Okabe and Ito's colours, without the yellow that white paper swallows; each with a shape of its own.
_STYLES = (
    ("#0072b2", "o"), ("#d55e00", "s"), ("#009e73", "^"), ("#cc79a7", "D"),
    ("#56b4e9", "v"), ("#000000", "P"), ("#e69f00", "X"), ("#7f7f7f", "*"),
)  # fmt: skip


def plot_compare(
    analysis: Analysis, groups: Mapping[str, str] | None = None, *, lang: str = "da", ax: Axes | None = None
) -> Axes:
    """Draw the coverage of each pledge by plans, or by groups of plans, beside one another.

    Args:
        analysis: The analysis.
        groups: The group of each plan by its name in the table of documents; those without one are left out. If None,
            each plan is a group.
        lang: The language of the labels, ``da`` or ``en``.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes. A mark is the mean over the group's plans, its line a 90 % interval: that of ``Analysis.compare``, or
        a single plan's own.

    Raises:
        UsageError: matplotlib is not installed, no plan was read, or there are no groups or more than eight.

    Example:
        >>> import matplotlib; matplotlib.use("agg")
        >>> from strategitekst.analysis import analyze
        >>> from strategitekst.document import Block, build_document
        >>> ax = plot_compare(analyze(build_document("plan", [Block("prose", "Movia køber 12 elbusser.")])))
        >>> [text.get_text() for text in ax.get_legend().get_texts()]
        ['plan']
    """
    t = Labels(lang)
    share, low, high = (by_plan(analysis, "coverage", column) for column in ("coverage", "low", "high"))
    given = {plan: plan for plan in share.index} if groups is None else groups
    named = {str(plan): str(group) for plan, group in given.items() if plan in share.index}
    order = list(dict.fromkeys(named.values()))
    if not 1 <= len(order) <= len(_STYLES):
        raise UsageError(f"Der er {len(order)} grupper: angiv mellem 1 og {len(_STYLES)} med groups={{plan: gruppe}}")
    measured = compare_groups(analysis.coverage, analysis.pledges, named)
    count = share.shape[1]
    ax = axes_for(ax, 9.5, 1.9 + count * max(0.42, 0.16 * len(order)))
    marks, labels = [], short_names(order, 40) if groups is None else []
    for place, group in enumerate(order):
        plans = [plan for plan, its in named.items() if its == group]
        found = measured[measured["group"] == group].set_index("pledge").reindex(share.columns)
        ends = (low.loc[plans[0]], high.loc[plans[0]]) if len(plans) == 1 else (found["low"], found["high"])
        colour, marker = _STYLES[place]
        rows = np.arange(count) + (place - (len(order) - 1) / 2) * min(0.8 / len(order), 0.2)
        ax.hlines(rows, *ends, color=colour, linewidth=1.6, alpha=0.55)
        marks += ax.plot(found["coverage"], rows, marker, color=colour, markersize=6.5, markeredgecolor="white")
        if groups is not None:
            labels.append(plain(f"{group} ({t.number(len(plans))})"))
    for row in range(count - 1):
        ax.axhline(row + 0.5, color=LINE, linewidth=0.8, zorder=0)
    ax.set_yticks(range(count), pledge_names(analysis, 46), fontsize=9)
    ax.set_ylim(count - 0.5, -0.5)
    ax.set_xlim(0, 1)
    percent_axis(ax.xaxis, t)
    ax.set_xlabel(t("column.coverage"), color=INK)
    bare(ax, grid="x")
    note = t("plot.compare_note", interval=round(INTERVAL[1] - INTERVAL[0]))
    title(ax, t("plot.compare"), note if groups is None else f"{note} {t('plot.compare_count')}")
    legend_below(ax, marks, labels)
    return ax
