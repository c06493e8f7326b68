"""What the paragraphs of the plans are like: how specific, and about what over the years."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from textwrap import shorten
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from strategitekst.errors import UsageError
from strategitekst.labels import Labels
from strategitekst.plots.canvas import (
    FEW,
    INK,
    LINE,
    axes_for,
    bare,
    percent_axis,
    plain,
    pyplot,
    read_plans,
    short_names,
    title,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from strategitekst.analysis import Analysis

_BLUE, _LIGHT = "#1b5a78", "#a9cadb"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_COLUMNS = 4


def plot_specificity(analysis: Analysis, *, lang: str = "da", ax: Axes | None = None) -> Axes:
    """Draw how specific the paragraphs of each plan are that serve the strategy.

    Args:
        analysis: The analysis.
        lang: The language of the labels, ``da`` or ``en``.
        ax: Where to draw; a new figure that fits the number of plans if None.

    Returns:
        The axes: a dot at the median, a line over the middle half; the most specific plan on top. Plans without a
        paragraph that serves the strategy are left out.

    Raises:
        UsageError: matplotlib is not installed, no plan was read, or no paragraph serves the strategy.

    Example:
        >>> import matplotlib; matplotlib.use("agg")
        >>> from strategitekst.analysis import analyze
        >>> from strategitekst.document import Block, build_document
        >>> ax = plot_specificity(analyze(build_document("plan", [Block("prose", "Movia køber 12 elbusser.")])))
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['plan (1)']
    """
    t = Labels(lang)
    plans = read_plans(analysis)
    rows = analysis.paragraphs
    rows = rows[[len(themes) > 0 for themes in rows["themes"]]]
    if not len(rows):
        raise UsageError("Ingen afsnit tjener strategien, så der er intet at tegne: se tabellen paragraphs")
    grouped = rows[rows["document"].isin(plans)].groupby("document")["specificity"]
    low, middle, high = (grouped.quantile(share) for share in (0.25, 0.5, 0.75))
    quarters = pd.DataFrame({"low": low, "middle": middle, "high": high}).sort_values("middle", kind="stable")
    numbers = grouped.size()
    few = len(quarters) <= FEW
    ax = axes_for(ax, 8.5, 1.9 + (0.42 if few else 0.19) * len(quarters))
    places = range(len(quarters))
    ax.hlines(places, quarters["low"], quarters["high"], color=_LIGHT, linewidth=7 if few else 4)
    ax.plot(quarters["middle"], places, "o", color=_BLUE, markersize=7 if few else 4.5)
    names = short_names(quarters.index, 44)
    counts = [t.number(int(numbers[name])) for name in quarters.index]
    ax.set_yticks(
        places, [f"{name} ({count})" for name, count in zip(names, counts, strict=True)], fontsize=9 if few else 7.5
    )
    ax.set_xlim(0, 1)
    ax.set_ylim(-0.7, len(quarters) - 0.3)
    percent_axis(ax.xaxis, t)
    ax.set_xlabel(t("result.specificity"), color=INK)
    bare(ax, grid="x")
    title(ax, t("plot.specificity"), t("plot.specificity_note"))
    return ax


def plot_themes_over_years(
    analysis: Analysis, years: Mapping[str, int] | None = None, *, lang: str = "da"
) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Draw a panel a pledge and a foundation: the share of paragraphs about it, year by year.

    Args:
        analysis: The analysis.
        years: The year of each plan by its name in the table of documents; those without one are left out. If None, the
            first year in a plan's name.
        lang: The language of the labels, ``da`` or ``en``.

    Returns:
        The panels' axes, in rows. All panels share their axes; the pale lines are the other themes.

    Raises:
        UsageError: matplotlib is not installed, or no plan has a year.

    Example:
        >>> import matplotlib; matplotlib.use("agg")
        >>> from strategitekst.analysis import analyze
        >>> from strategitekst.document import Block, build_document
        >>> plan = build_document("plan-2024.pdf", [Block("prose", "Movia køber 12 elbusser.")])
        >>> plot_themes_over_years(analyze(plan)).shape
        (4, 4)
    """
    t = Labels(lang)
    given = _years_in(read_plans(analysis)) if years is None else {str(name): int(year) for name, year in years.items()}
    rows = analysis.paragraphs
    year = rows["document"].map(given)
    rows, year = rows[year.notna()], year.dropna().astype(int)
    if not len(rows):
        raise UsageError('Ingen plan har et årstal i navnet: angiv dem med years={"plan.pdf": 2024}')
    names = dict(analysis.strategy.themes)
    for ambition in analysis.strategy.ambitions:
        names.pop(ambition.id, None)
    shares = {theme: np.array([theme in themes for themes in rows["themes"]]) for theme in names}
    lines = {theme: _mean_by(year.to_numpy(), found) for theme, found in shares.items()}
    shape = (math.ceil(len(names) / _COLUMNS), min(_COLUMNS, len(names)))
    figure, panels = pyplot().subplots(
        *shape, figsize=(3.0 * shape[1], 1.9 * shape[0] + 0.9), sharex=True, sharey=True, squeeze=False,
        layout="constrained",
    )  # fmt: skip
    for panel, (theme, name) in zip(panels.ravel(), names.items(), strict=False):
        for other in lines.values():
            panel.plot(*other, color=LINE, linewidth=0.9, zorder=1)
        panel.plot(*lines[theme], color=_BLUE, linewidth=2, marker="o", markersize=4.5, zorder=3, clip_on=False)
        panel.set_title(plain(shorten(f"{theme} {name}", 34, placeholder=" …")), loc="left", fontsize=9, color=INK)
        percent_axis(panel.yaxis, t)
        panel.xaxis.get_major_locator().set_params(integer=True, nbins=5)
        panel.set_ylim(bottom=0)
        panel.tick_params(labelsize=8)
        bare(panel, grid="y")
    for panel in panels.ravel()[len(names) :]:
        panel.set_visible(False)
    figure.suptitle(f"{t('plot.years')}\n{t('plot.years_note')}", x=0.01, ha="left", fontsize=11, color=INK)
    return panels  # type: ignore[no-any-return]


def _years_in(names: list[str]) -> dict[str, int]:
    found = ((name, _YEAR.search(name)) for name in names)
    return {name: int(match.group()) for name, match in found if match}


def _mean_by(years: np.ndarray[Any, Any], found: np.ndarray[Any, Any]) -> tuple[list[int], list[float]]:
    known = sorted({int(year) for year in years})
    return known, [float(found[years == year].mean()) for year in known]
