"""What the report shows: plans, pledges, cells and evidence, and how much of each it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from strategitekst.marks import UNREAD
from strategitekst.status import CONCRETE, is_gap
from strategitekst.strategy import Ambition, Pledge

LEVELS = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a large analysis one page holds; what is left out is told to the reader.

    Attributes:
        plans: So many plans have a section and a line in the heat map.
        open_plans: So many of them stand in the page at once; the others are packed until they are asked for.
        rows: So many paragraphs are in the table of paragraphs.
        evidence: So many paragraphs stand under a pledge.
        listed: So many plans are named under a pledge.
    """

    plans: int = 2000
    open_plans: int = 150
    rows: int = 100_000
    evidence: int = 30
    listed: int = 200


@dataclass(frozen=True, slots=True)
class Cell:
    """One pledge in one plan, or in all plans.

    Attributes:
        state: A state of the codebook, or ``UNREAD``.
        confidence: Probability of the state, 0–1, or None.
        reason: One sentence, may be empty.
        coverage: 0–1, or None; ``low`` and ``high`` are the ends of its interval.
        paragraphs: How many paragraphs have the pledge as theme.
        initiatives: How many of them are initiatives.
        evidence: Numbers of the paragraphs behind the state, best first; empty for all plans together.
    """

    state: str = UNREAD
    confidence: float | None = None
    reason: str = ""
    coverage: float | None = None
    low: float | None = None
    high: float | None = None
    paragraphs: int = 0
    initiatives: int = 0
    evidence: tuple[int, ...] = ()

    @property
    def gap(self) -> bool:
        """Whether the pledge has no concrete initiative."""
        return is_gap(self.state)

    @property
    def together(self) -> bool:
        """Whether an initiative with something to hold it to is probable, though no paragraph was judged to be one."""
        return self.state == CONCRETE and not self.initiatives

    @property
    def level(self) -> int:
        """The step of the colour scale, 0 to ``LEVELS`` - 1."""
        return min(int((self.coverage or 0.0) * LEVELS), LEVELS - 1)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as it is shown; ``plan`` is the plan's place in the report, counted from 0."""

    plan: int
    number: int
    page: int | None
    heading: tuple[str, ...]
    text: str
    themes: tuple[str, ...]
    theme_scores: Mapping[str, float]
    statement: str
    statement_score: float | None
    specificity: float | None
    anchors: Mapping[str, str | None]

    def pieces(self) -> Iterator[tuple[str, str]]:
        """Cut the text at the words of its anchors: pieces with the kind of anchor, or with an empty one."""
        spans = []
        for kind, found in self.anchors.items():
            start = self.text.find(found) if found else -1
            if found and start >= 0:
                spans.append((start, start + len(found), kind))
        end = 0
        for start, stop, kind in sorted(spans):
            if start < end:
                continue  # within the words of another anchor
            if start > end:
                yield self.text[end:start], ""
            yield self.text[start:stop], kind
            end = stop
        if end < len(self.text):
            yield self.text[end:], ""


@dataclass(frozen=True, slots=True)
class PlanView:
    """One document with its cells in the order of the strategy's pledges.

    Attributes:
        index: Its place in the report, counted from 0.
        name: Its path as the tables give it.
        short: The path without the folders that all documents share.
        read: Whether it could be read; else ``status`` is the error's name and ``message`` says more.
        cells: One for each pledge.
    """

    index: int
    name: str
    short: str
    read: bool
    status: str
    message: str
    format: str
    pages: int | None
    paragraphs: int
    cells: tuple[Cell, ...]

    @property
    def gaps(self) -> int:
        """How many pledges have no concrete initiative."""
        return sum(cell.gap for cell in self.cells)


@dataclass(frozen=True, slots=True)
class PledgeView:
    """One pledge: over all plans, and the paragraphs that speak for it, best first.

    Attributes:
        index: Its place in the strategy, counted from 0.
        overall: Over all plans together.
        missing_in: The plans without a concrete initiative for it, as many as are listed.
        missing: How many plans those are in all.
        states: How many of the plans that were read are in each state, in the order in which states are shown.
        evidence: The paragraphs that are shown; ``more`` is how many there are beyond.
    """

    index: int
    pledge: Pledge
    ambition: Ambition
    overall: Cell
    missing_in: tuple[int, ...]
    missing: int
    states: Mapping[str, int]
    evidence: tuple[Paragraph, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ReportView:
    """All that the templates need of the tables.

    Attributes:
        plans: The plans that are shown, in the order of the table of documents.
        pledges: The pledges of the strategy.
        read: How many documents were read.
        failed: The documents that were not, as many as are shown.
        unread: How many those are in all.
        documents: How many documents were given.
        paragraphs: How many paragraphs the documents that were read hold.
    """

    plans: tuple[PlanView, ...]
    pledges: tuple[PledgeView, ...]
    read: int
    failed: tuple[PlanView, ...]
    unread: int
    documents: int
    paragraphs: int

    @property
    def shown(self) -> tuple[PlanView, ...]:
        """The plans that are shown and were read."""
        return tuple(plan for plan in self.plans if plan.read)
