"""The tables of an analysis turned into what the report shows: plans, pledges, cells and evidence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from strategitekst.status import is_gap
from strategitekst.strategy import Ambition, Pledge, Strategy

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]

ALL = "*"
READ = "ok"
UNREAD = "unread"
"""The state shown where there is none: the plan was not read, so nothing is known about it."""

ANCHORS = ("actor", "deadline", "quantity", "budget")
LEVELS = 5
MOST_EVIDENCE = 30


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
    """One pledge: over all plans, and the paragraphs that speak for it, best first."""

    index: int
    pledge: Pledge
    ambition: Ambition
    overall: Cell
    missing_in: tuple[int, ...]
    evidence: tuple[Paragraph, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ReportView:
    """All that the templates need of the tables."""

    plans: tuple[PlanView, ...]
    pledges: tuple[PledgeView, ...]
    paragraphs: tuple[Paragraph, ...]

    @property
    def read(self) -> tuple[PlanView, ...]:
        """The plans that could be read."""
        return tuple(plan for plan in self.plans if plan.read)

    @property
    def failed(self) -> tuple[PlanView, ...]:
        """The plans that could not be read."""
        return tuple(plan for plan in self.plans if not plan.read)


def build_view(
    paragraphs: pd.DataFrame, coverage: pd.DataFrame, pledges: pd.DataFrame, documents: pd.DataFrame, strategy: Strategy
) -> ReportView:
    """Turn the four tables into a view.

    Args:
        paragraphs: The table of paragraphs, columns as in the contract.
        coverage: The table of coverage.
        pledges: The table of pledge states.
        documents: The table of documents; its order is the order of the report.
        strategy: The strategy that was analysed against.

    Returns:
        The view. A pledge without a row in a plan has the state ``UNREAD``.
    """
    document_rows = _rows(documents)
    places = {str(row["document"]): index for index, row in enumerate(document_rows)}
    shown = tuple(_paragraph(row, places[str(row["document"])]) for row in _rows(paragraphs))
    cells = _cells(_rows(coverage), _rows(pledges))
    ids = [pledge.id for pledge in strategy.pledges]
    shared = _shared_folder([str(row["document"]) for row in document_rows])
    plans = tuple(_plan(row, index, ids, cells, shared) for index, row in enumerate(document_rows))
    found = {(paragraph.plan, paragraph.number): paragraph for paragraph in shown}
    return ReportView(plans, tuple(_pledge(place, strategy, plans, cells, found) for place in range(len(ids))), shown)


def _cells(coverage: Sequence[Row], pledges: Sequence[Row]) -> dict[tuple[str, str], Cell]:
    covered = {(str(row["document"]), str(row["pledge"])): row for row in coverage}
    cells = {}
    for row in pledges:
        key = (str(row["document"]), str(row["pledge"]))
        figures = covered.get(key, {})
        cells[key] = Cell(
            state=str(row["state"]),
            confidence=_float(row["confidence"]),
            reason=_text(row["reason"]) or "",
            coverage=_float(figures.get("coverage")),
            low=_float(figures.get("low")),
            high=_float(figures.get("high")),
            paragraphs=_int(figures.get("paragraphs")) or 0,
            initiatives=_int(figures.get("initiatives")) or 0,
            # A number alone does not say of which plan it is, so the row of all plans names no paragraph.
            evidence=() if key[0] == ALL else tuple(int(number) for number in row["evidence"]),
        )
    return cells


def _shared_folder(names: Sequence[str]) -> str:
    steps = zip(*(name.split("/")[:-1] for name in names), strict=False)
    return "".join(f"{step[0]}/" for step in takewhile(lambda step: len(set(step)) == 1, steps))


def _plan(row: Row, index: int, pledges: Sequence[str], cells: Mapping[tuple[str, str], Cell], shared: str) -> PlanView:
    name = str(row["document"])
    read = row["status"] == READ
    return PlanView(
        index=index,
        name=name,
        short=name.removeprefix(shared),
        read=read,
        status=str(row["status"]),
        message=_text(row["message"]) or "",
        format=_text(row["format"]) or "",
        pages=_int(row["pages"]),
        paragraphs=_int(row["paragraphs"]) or 0,
        cells=tuple(cells.get((name, pledge), Cell()) if read else Cell() for pledge in pledges),
    )


def _pledge(
    place: int,
    strategy: Strategy,
    plans: Sequence[PlanView],
    cells: Mapping[tuple[str, str], Cell],
    found: Mapping[tuple[int, int], Paragraph],
) -> PledgeView:
    pledge = strategy.pledges[place]
    ambition = strategy.ambition_of(pledge.id)
    assert ambition is not None  # noqa: S101 - a pledge stands under an ambition by construction
    ranked = [
        (rank, -found[plan.index, number].theme_scores.get(pledge.id, 0.0), plan.index, number)
        for plan in plans
        for rank, number in enumerate(plan.cells[place].evidence)
    ]
    # Every plan's best paragraph comes before any plan's second, so that no long plan crowds out the others.
    evidence = tuple(found[plan, number] for _, _, plan, number in sorted(ranked))
    return PledgeView(
        index=place,
        pledge=pledge,
        ambition=ambition,
        overall=cells.get((ALL, pledge.id), Cell()) if any(plan.read for plan in plans) else Cell(),
        missing_in=tuple(plan.index for plan in plans if plan.cells[place].gap),
        evidence=evidence[:MOST_EVIDENCE],
        more=max(len(evidence) - MOST_EVIDENCE, 0),
    )


def _paragraph(row: Row, plan: int) -> Paragraph:
    statement = str(row["statement"])
    return Paragraph(
        plan=plan,
        number=int(row["paragraph"]),
        page=_int(row["page"]),
        heading=tuple(str(part) for part in row["heading"]),
        text=str(row["text"]),
        themes=tuple(str(theme) for theme in row["themes"]),
        theme_scores=row["theme_scores"],
        statement=statement,
        statement_score=_float(row["statement_scores"].get(statement)),
        specificity=_float(row["specificity"]),
        anchors={anchor: _text(row[anchor]) for anchor in ANCHORS},
    )


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    names = [str(column) for column in frame.columns]
    return [dict(zip(names, values, strict=True)) for values in frame.itertuples(index=False, name=None)]


def _float(value: Any) -> float | None:
    """Read a figure; pandas writes a missing one as None, NaN or NA."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _int(value: Any) -> int | None:
    number = _float(value)
    return None if number is None else int(number)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
