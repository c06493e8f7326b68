"""One plan in two versions: what came, what went, and which pledges moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strategitekst.analysis import Analysis, analyze
from strategitekst.comparison import Difference, compare_versions
from strategitekst.errors import UsageError

if TYPE_CHECKING:
    from strategitekst.analyzing import Source
    from strategitekst.strategy import Strategy


def diff(old: Analysis | Source, new: Analysis | Source, *, strategy: Strategy | None = None) -> Difference:
    """Tell what changed between two versions of a plan.

    Args:
        old: The first version: a file, a document, or an analysis of it.
        new: The second.
        strategy: What they are held against; the default strategy if None.

    Returns:
        Pledges that moved, with the difference in coverage and its interval, and paragraphs that came, went or changed.

    Raises:
        UsageError: A version cannot be read, or the analyses are by different strategies.

    Example:
        >>> from strategitekst.document import Block, build_document
        >>> before = build_document("plan", [Block("prose", "Vi vil styrke den kollektive trafik.")])
        >>> after = build_document("plan", [Block("prose", "I 2026 køber Movia 12 elbusser.")])
        >>> diff(before, after).pledges.query("moved")["pledge"].to_list()
        ['P12']
    """
    first, second = (each if isinstance(each, Analysis) else analyze(each, strategy=strategy) for each in (old, new))
    if first.strategy != second.strategy:
        raise UsageError("De to analyser er efter hver sin strategi: analysér begge udgaver efter samme strategi")
    for each in (first, second):
        failed = each.documents[each.documents["status"] != "ok"]
        if len(failed) == len(each.documents):
            raise UsageError(str(failed["message"].iloc[0]))
    pledges = [pledge.id for pledge in first.strategy.pledges]
    return compare_versions(first.tables, second.tables, pledges)
