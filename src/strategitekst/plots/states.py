"""In how many plans a pledge is in which state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from strategitekst.labels import Labels
from strategitekst.marks import MARKS
from strategitekst.plots.canvas import INK, axes_for, bare, legend_below, pledge_names, states_by_plan, title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from strategitekst.analysis import Analysis

_ON_DARK = ("unmentioned", "concrete")


def plot_states(analysis: Analysis, *, lang: str = "da", ax: Axes | None = None) -> Axes:
    """Draw a bar a pledge: in how many of the plans that were read it is in each state.

    Args:
        analysis: The analysis.
        lang: The language of the labels, ``da`` or ``en``.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes; each state has a colour and a hatching, what is missing stands first.

    Raises:
        UsageError: matplotlib is not installed, or no plan was read.

    Example:
        >>> import matplotlib; matplotlib.use("agg")
        >>> from strategitekst.analysis import analyze
        >>> from strategitekst.document import Block, build_document
        >>> ax = plot_states(analyze(build_document("plan", [Block("prose", "Movia køber 12 elbusser.")])))
        >>> len(ax.get_yticklabels())
        12
    """
    t = Labels(lang)
    states, found = states_by_plan(analysis)
    ax = axes_for(ax, 9.5, 1.8 + 0.42 * states.shape[1])
    from matplotlib.ticker import MaxNLocator

    left = np.zeros(states.shape[1])
    places = range(states.shape[1])
    for state in found:
        number = (states == state).sum().to_numpy()
        mark = MARKS[state]
        ax.barh(
            places, number, left=left, height=0.7, color=mark.colour, edgecolor="white", linewidth=1.2,
            hatch=mark.hatch, label=t.named("state", state),
        )  # fmt: skip
        for place, (width, start) in enumerate(zip(number, left, strict=True)):
            if width >= max(0.04 * len(states), 1):
                ax.text(
                    start + width / 2, place, t.number(int(width)), ha="center", va="center", fontsize=9,
                    color="white" if state in _ON_DARK else INK,
                    bbox=None if not mark.hatch else {"boxstyle": "round,pad=0.2", "fc": mark.colour, "ec": "none"},
                )  # fmt: skip
        left = left + number
    ax.set_yticks(places, pledge_names(analysis, 46), fontsize=9)
    ax.set_ylim(states.shape[1] - 0.4, -0.6)
    ax.set_xlim(0, len(states))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel(t("plot.plans"), color=INK)
    bare(ax, grid="x")
    title(ax, t("plot.states"))
    legend_below(ax, *ax.get_legend_handles_labels())
    return ax
