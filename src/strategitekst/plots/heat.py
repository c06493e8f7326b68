"""Coverage, pledge by plan, with the state of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from strategitekst.labels import Labels
from strategitekst.marks import MARKS, UNREAD
from strategitekst.plots.canvas import (
    FEW,
    INK,
    axes_for,
    bare,
    by_plan,
    figure_of,
    percent_axis,
    pledge_names,
    short_names,
    states_by_plan,
    title,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage

    from strategitekst.analysis import Analysis

_ONE_ROW = 4
_BLUES = ("#f4f8fa", "#d9e7ef", "#a9cadb", "#5f9bb9", "#1b5a78")
_DARK = 0.86
"""From this coverage on, white figures are easier to read on the ground than dark ones."""


def plot_coverage(analysis: Analysis, *, lang: str = "da", ax: Axes | None = None) -> Axes:
    """Draw a heat map: how much of each pledge each plan takes up, and in which state the pledge is.

    Args:
        analysis: The analysis.
        lang: The language of the labels, ``da`` or ``en``.
        ax: Where to draw; a new figure that fits the number of plans if None.

    Returns:
        The axes. Up to twelve plans stand side by side with their figures; more stand below one another without.

    Raises:
        UsageError: matplotlib is not installed, or no plan was read.

    Example:
        >>> import matplotlib; matplotlib.use("agg")
        >>> from strategitekst.analysis import analyze
        >>> from strategitekst.document import Block, build_document
        >>> ax = plot_coverage(analyze(build_document("plan", [Block("prose", "Movia køber 12 elbusser.")])))
        >>> ax.get_title(loc="left").splitlines()[0]
        'Dækning og tilstand, løfte for løfte'
    """
    t = Labels(lang)
    share, (state, found) = by_plan(analysis, "coverage", "coverage"), states_by_plan(analysis)
    few = len(share) <= FEW
    if few:
        share, state = share.T, state.T
        ax = axes_for(ax, 5.5 + 0.95 * share.shape[1], 2.6 + 0.5 * share.shape[0])
    else:
        ax = axes_for(ax, 4.5 + 0.5 * share.shape[1], 2.2 + 0.19 * share.shape[0])
    values = share.to_numpy(dtype=float)
    image = _draw_ground(ax, values)
    _draw_states(ax, state.to_numpy(), found, t, size=75 if few else 26, shift=-0.22 if few else 0.0)
    if few:
        for row, column in zip(*np.nonzero(~np.isnan(values)), strict=True):
            colour = "white" if values[row, column] > _DARK else "black"
            figure = t.share(float(values[row, column]))
            ax.text(column + 0.08, row, figure, ha="left", va="center", fontsize=8.5, color=colour)
        ax.set_yticks(range(len(share)), pledge_names(analysis, 44), fontsize=9)
        ax.set_xticks(range(share.shape[1]), short_names(share.columns, 28), rotation=35, ha="right", fontsize=9)
    else:
        ax.set_yticks(range(len(share)), short_names(share.index, 44), fontsize=7.5)
        ax.set_xticks(range(share.shape[1]), list(share.columns), fontsize=9)
        ax.tick_params(axis="x", top=True, labeltop=True)
    bare(ax)
    title(ax, t("plot.coverage"))
    bar = figure_of(ax).colorbar(image, ax=ax, shrink=min(0.6, 4.0 / (0.5 * len(share))), aspect=18, pad=0.02)
    percent_axis(bar.ax.yaxis, t)
    bar.ax.set_title(t("column.coverage"), fontsize=9, loc="left")
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=0, labelsize=8)
    return ax


def _draw_ground(ax: Axes, values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> AxesImage:
    from matplotlib.colors import LinearSegmentedColormap

    colours = LinearSegmentedColormap.from_list("strategitekst", _BLUES)
    image = ax.imshow(np.ma.masked_invalid(values), cmap=colours, vmin=0, vmax=1, aspect="auto")
    rows, columns = values.shape
    # White lines between the fields.
    ax.set_xticks(np.arange(columns + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(rows + 1) - 0.5, minor=True)
    ax.grid(which="minor", color="white", linewidth=1.5)
    ax.tick_params(which="minor", length=0)
    return image


def _draw_states(
    ax: Axes,
    states: np.ndarray[tuple[int, ...], np.dtype[np.object_]],
    found: list[str],
    t: Labels,
    size: float,
    shift: float,
) -> None:
    for state in found:
        mark = MARKS[state]
        rows, columns = np.nonzero(states == state)
        colour = INK if state in (UNREAD, "uncertain") else mark.colour
        # A white shadow sets the mark off from dark ground, its dark edge from light ground.
        ax.scatter(columns + shift, rows, s=2.6 * size, marker="o", color="white", linewidths=0, zorder=3)
        drawn = ax.scatter(
            columns + shift, rows, s=size, marker=mark.marker, color=colour, linewidths=0.7, zorder=4,
            label=t.named("state", state),
        )  # fmt: skip
        drawn.set_edgecolor(INK)
    beside = len(found) if len(found) <= _ONE_ROW else 3
    figure_of(ax).legend(
        *ax.get_legend_handles_labels(), loc="outside lower center", ncols=beside, frameon=False, fontsize=9
    )
