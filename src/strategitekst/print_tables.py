"""Tables meant for print, as pandas' own Styler: HTML for a page, LaTeX for a paper, and restyled like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from strategitekst.labels import Labels
from strategitekst.status import ALL, is_gap
from strategitekst.told import ReasonTeller

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

    from strategitekst.analysis import Analysis

Target = Literal["html", "latex"]

_STYLES: list[Any] = [
    {"selector": "caption", "props": "text-align: left; font-weight: bold; padding-bottom: .5em"},
    {"selector": "th, td", "props": "text-align: left; vertical-align: top; padding: .2em .8em .2em 0"},
    {"selector": "th.row_heading", "props": "font-weight: normal"},
]


def pledge_table(analysis: Analysis, *, lang: str = "da", target: Target = "html") -> Styler:
    """Set every pledge over all plans: its coverage, what was found, its state and how sure that is.

    Args:
        analysis: The analysis.
        lang: ``da`` or ``en``.
        target: What the table is to be written as; texts are escaped for it.

    Returns:
        The table, in the order of the strategy: write it with ``to_html()`` or ``to_latex(hrules=True)``.

    Example:
        >>> from strategitekst.analysis import analyze
        >>> from strategitekst.document import Block, build_document
        >>> plan = build_document("plan", [Block("prose", "I 2026 køber Movia 12 elbusser.")])
        >>> "P12 Infrastrukturen" in pledge_table(analyze(plan)).to_html()
        True
    """
    t = Labels(lang)
    rows = [
        {
            t("column.coverage"): t.share(row["coverage"]),
            t("print.interval"): t.range(row["low"], row["high"]),
            t("print.paragraphs"): t.number(int(row["paragraphs"])),
            t("result.initiatives"): t.number(int(row["initiatives"])),
            t("column.state"): t.named("state", row["state"]),
            t("column.sure"): t.probability(row["confidence"]),
        }
        for row in _overall(analysis)
    ]
    return _styled(analysis, rows, [str(row["name"]) for row in _overall(analysis)], t("print.pledges"), target)


def gap_table(analysis: Analysis, *, lang: str = "da", target: Target = "html") -> Styler:
    """Set the pledges that have no concrete initiative in any plan, with the reason.

    Args:
        analysis: The analysis.
        lang: ``da`` or ``en``.
        target: What the table is to be written as; texts are escaped for it.

    Returns:
        The table; without rows where every pledge has one.

    Example:
        >>> from strategitekst.analysis import analyze
        >>> from strategitekst.document import Block, build_document
        >>> plan = build_document("plan", [Block("prose", "I 2026 køber Movia 12 elbusser.")])
        >>> len(gap_table(analyze(plan)).data)
        11
    """
    t = Labels(lang)
    tell = ReasonTeller(analysis.paragraphs, analysis.strategy, t)
    gaps = [row for row in _overall(analysis) if is_gap(row["state"])]
    rows = [
        {
            t("column.state"): t.named("state", row["state"]),
            t("column.sure"): t.probability(row["confidence"]),
            t("column.reason"): tell(row, int(row["paragraphs"]), int(row["initiatives"])),
        }
        for row in gaps
    ]
    return _styled(analysis, rows, [str(row["name"]) for row in gaps], t("display.gaps"), target)


def _overall(analysis: Analysis) -> list[dict[str, Any]]:
    joined = analysis.pledges.merge(analysis.coverage, on=["document", "pledge"])
    found = {row["pledge"]: row for row in joined[joined["document"] == ALL].to_dict("records")}
    return [
        {str(key): value for key, value in found[pledge.id].items()} | {"name": f"{pledge.id} {pledge.name}"}
        for pledge in analysis.strategy.pledges
        if pledge.id in found
    ]


def _styled(analysis: Analysis, rows: list[dict[str, Any]], names: list[str], title: str, target: Target) -> Styler:
    frame = pd.DataFrame(rows, index=names, dtype=object)
    # A caption is the one text that a Styler does not escape itself.
    caption = escaped(f"{title}: {analysis.strategy.name}", target)
    table = frame.style.format(escape=target).format_index(escape=target).set_caption(caption)
    # LaTeX has its own alignment, and would take a style for a command.
    return table.set_table_styles(_STYLES) if target == "html" else table


def escaped(text: str, target: Target) -> str:
    """Escape a text as pandas does in cells.

    Example:
        >>> escaped("a < b & c", "html"), escaped("50 % & mere", "latex")
        ('a &lt; b &amp; c', '50 \\\\% \\\\& mere')
    """
    from markupsafe import escape

    if target == "html":
        return str(escape(text))
    signs = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return "".join(signs.get(sign, f"\\{sign}" if sign in "&%$#_{}" else sign) for sign in text)
