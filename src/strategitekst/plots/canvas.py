"""What the plots share: axes, lettering, and how names and shares are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import shorten, wrap
from typing import TYPE_CHECKING, Any

import pandas as pd

from strategitekst.errors import UsageError
from strategitekst.labels import Labels
from strategitekst.marks import UNREAD, in_order
from strategitekst.status import ALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

    from strategitekst.analysis import Analysis

INK = "#17252d"
QUIET = "#4d5d68"
LINE = "#dde4e8"
_LEGEND_WIDTH = 64
"""Letters that fit beside each other below the narrowest axes."""
_LEGEND_GAP = 0.65
"""Inches between axes and legend, with room for the axis between them."""
FEW = 12
"""Up to so many plans there is room for figures and long names."""


def pyplot() -> Any:
    """Import matplotlib's front for notebooks.

    Raises:
        UsageError: It is not installed.
    """
    try:
        from matplotlib import pyplot as plt
    except ImportError:
        raise UsageError('matplotlib er ikke installeret: pip install "strategitekst[plots]"') from None
    return plt


def axes_for(ax: Axes | None, width: float, height: float) -> Axes:
    """Return the axes given, or those of a new figure of a size in inches."""
    if ax is not None:
        return ax
    made: Axes = pyplot().subplots(figsize=(width, height), layout="constrained")[1]
    return made


def bare(ax: Axes, *, grid: str = "") -> None:
    """Leave out frame and ticks; draw lines behind the marks along one axis, if any."""
    for side in ax.spines.values():
        side.set_visible(False)
    ax.tick_params(length=0, labelcolor=INK)
    if grid:
        ax.grid(visible=True, axis="x" if grid == "x" else "y", color=LINE, linewidth=0.8)
        ax.set_axisbelow(True)


def title(ax: Axes, text: str, note: str = "") -> None:
    """Set a title at the left, and below it what the marks mean."""
    ax.set_title(text + (f"\n{note}" if note else ""), loc="left", fontsize=11, color=INK, pad=12)


def legend_below(ax: Axes, handles: Sequence[Any], labels: Sequence[str]) -> None:
    """Set a legend below the axes, in as many columns as fit: one that is too wide would squeeze the axes.

    Args:
        ax: The axes.
        handles: What stands for each label.
        labels: Handed over in full: by itself, matplotlib would leave out a label that begins with ``_``.
    """
    shown = [label if len(label) <= _LEGEND_WIDTH else f"{label[: _LEGEND_WIDTH - 1]}…" for label in labels]
    columns = max(1, min(3, _LEGEND_WIDTH // (max(map(len, shown), default=1) + 4)))
    height = ax.get_window_extent().height / figure_of(ax).dpi
    ax.legend(
        handles, shown, loc="upper left", bbox_to_anchor=(0, -_LEGEND_GAP / height), ncols=columns, frameon=False,
        fontsize=9,
    )  # fmt: skip


def read_plans(analysis: Analysis) -> list[str]:
    """Name the plans that were read, in the order of the table of documents.

    Raises:
        UsageError: There is none.
    """
    documents = analysis.documents
    names = [str(name) for name in documents.loc[documents["status"] == "ok", "document"]] if len(documents) else []
    if not names:
        raise UsageError("Ingen dokumenter er læst, så der er intet at tegne: se tabellen documents")
    return names


def by_plan(analysis: Analysis, table: str, column: str) -> pd.DataFrame:
    """Spread a column of ``coverage`` or ``pledges``: a row a plan that was read, a column a pledge."""
    rows: pd.DataFrame = getattr(analysis, table)
    spread = rows[rows["document"] != ALL].pivot(index="document", columns="pledge", values=column)
    return spread.reindex(index=read_plans(analysis), columns=[pledge.id for pledge in analysis.strategy.pledges])


def states_by_plan(analysis: Analysis) -> tuple[pd.DataFrame, list[str]]:
    """Spread the states like ``by_plan``, and list those that occur, in the order in which they are shown."""
    states = by_plan(analysis, "pledges", "state").fillna(UNREAD)
    return states, in_order({str(state) for state in states.to_numpy().ravel()})


def short_names(names: Iterable[str], width: int) -> list[str]:
    """Shorten paths to what tells them apart: the middle gives way, ends stay.

    Example:
        >>> short_names(["planer/a.pdf", "planer/b.pdf"], 20), short_names(["abcdefghijklmnop"], 7)
        (['a.pdf', 'b.pdf'], ['abc…nop'])
    """
    given = list(names)
    last = [name.rsplit("/", 1)[-1] for name in given]
    shown = last if len(set(last)) == len(set(given)) else given
    half = (width - 1) // 2
    return [plain(name if len(name) <= width else f"{name[:half]}…{name[-half:]}") for name in shown]


def pledge_names(analysis: Analysis, width: int, lines: int = 2) -> list[str]:
    """Write pledges with id and name, on a few lines of some width."""
    shown = (f"{pledge.id} {pledge.name}" for pledge in analysis.strategy.pledges)
    return [plain("\n".join(wrap(shorten(name, width * lines, placeholder=" …"), width))) for name in shown]


def plain(text: str) -> str:
    """Keep matplotlib from reading what stands between dollars as a formula."""
    return text.replace("$", r"\$")


def percent_axis(axis: Axis, labels: Labels) -> None:
    """Write the shares of an axis in per cent."""
    axis.set_major_formatter(lambda value, _: labels.share(value))


def figure_of(ax: Axes) -> Figure:
    """Return the figure that axes stand in."""
    from matplotlib.figure import Figure

    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)  # noqa: S101 - axes that are drawn stand in one
    return figure
