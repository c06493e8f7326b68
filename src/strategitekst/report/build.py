"""The tables of an analysis turned into what the report shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from strategitekst.labels import Labels
from strategitekst.language.spans import ANCHOR_KINDS
from strategitekst.marks import in_order
from strategitekst.report.rows import Row, each_row, integer, share, words
from strategitekst.report.view import Cell, Limits, Paragraph, PlanView, PledgeView, ReportView
from strategitekst.status import ALL
from strategitekst.strategy import Pledge, Strategy
from strategitekst.told import ReasonTeller

if TYPE_CHECKING:
    import pandas as pd

READ = "ok"

Key = tuple[str, int]
"""A paragraph: its document and its number."""


def build_view(
    paragraphs: pd.DataFrame,
    coverage: pd.DataFrame,
    pledges: pd.DataFrame,
    documents: pd.DataFrame,
    strategy: Strategy,
    labels: Labels,
    limits: Limits,
) -> tuple[ReportView, list[int]]:
    """Turn the four tables into a view.

    Args:
        paragraphs: The table of paragraphs, columns as in the contract; or a part of it, under its own row numbers.
        coverage: The table of coverage.
        pledges: The table of pledge states.
        documents: The table of documents; its order is the order of the report.
        strategy: The strategy that was analysed against.
        labels: Of the report's language.
        limits: How much of a large analysis is shown.

    Returns:
        The view, and the places of the rows of ``paragraphs`` that the table of paragraphs holds. A pledge without a
        row in a plan has the state ``UNREAD``.

    Raises:
        KeyError: If a table lacks a column, or evidence names a paragraph that is not there.
    """
    given = list(each_row(documents))
    cells = _Cells(paragraphs, coverage, pledges, strategy, labels)
    shared = _shared_folder([str(row["document"]) for row in given])
    everything = [_plan(row, index, strategy, cells, shared) for index, row in enumerate(given)]
    plans = everything[: limits.plans]
    total = sum(plan.paragraphs for plan in everything)
    ranked = [_ranked(plans, place, limits.evidence) for place in range(len(strategy.pledges))]
    found = _find(paragraphs, {key for keys, _ in ranked for key in keys}, plans, whole=len(paragraphs) >= total)
    views = tuple(
        _pledge(place, strategy, everything, cells, keys, more, found, limits)
        for place, (keys, more) in enumerate(ranked)
    )
    view = ReportView(
        tuple(plans),
        views,
        read=sum(plan.read for plan in everything),
        failed=tuple(plan for plan in everything if not plan.read)[: limits.listed],
        unread=sum(not plan.read for plan in everything),
        documents=len(everything),
        paragraphs=total,
    )
    return view, _table_rows(paragraphs, plans, limits)


class _Cells:
    """The cells of the tables, by document and pledge; reasons in the language of the report."""

    def __init__(
        self,
        paragraphs: pd.DataFrame,
        coverage: pd.DataFrame,
        pledges: pd.DataFrame,
        strategy: Strategy,
        labels: Labels,
    ) -> None:
        self._tell = ReasonTeller(paragraphs, strategy, labels)
        known = {pledge.id for pledge in strategy.pledges}
        covered = {(str(row["document"]), str(row["pledge"])): row for row in each_row(coverage)}
        self._cells: dict[tuple[str, str], Cell] = {}
        for row in each_row(pledges):
            key = (str(row["document"]), str(row["pledge"]))
            if key[1] in known:
                self._cells[key] = self._cell(row, covered.pop(key, {}))

    def __call__(self, document: str, pledge: str) -> Cell:
        return self._cells.get((document, pledge), Cell())

    def _cell(self, row: Row, figures: Row) -> Cell:
        evidence = tuple(int(number) for number in row["evidence"])
        whole = row["document"] == ALL
        mentions, initiatives = (integer(figures.get(name)) or 0 for name in ("paragraphs", "initiatives"))
        return Cell(
            state=str(row["state"]),
            confidence=share(row["confidence"]),
            reason=self._tell(row, mentions, initiatives),
            coverage=share(figures.get("coverage")),
            low=share(figures.get("low")),
            high=share(figures.get("high")),
            paragraphs=mentions,
            initiatives=initiatives,
            # A number alone does not say of which plan it is, so the cell of all plans names no paragraph.
            evidence=() if whole else evidence,
        )


def _shared_folder(names: Sequence[str]) -> str:
    steps = zip(*(name.split("/")[:-1] for name in names), strict=False)
    return "".join(f"{step[0]}/" for step in takewhile(lambda step: len(set(step)) == 1, steps))


def _plan(row: Row, index: int, strategy: Strategy, cells: _Cells, shared: str) -> PlanView:
    name = str(row["document"])
    read = row["status"] == READ
    return PlanView(
        index=index,
        name=name,
        short=name.removeprefix(shared),
        read=read,
        status=str(row["status"]),
        message=words(row["message"]) or "",
        format=words(row["format"]) or "",
        pages=integer(row["pages"]),
        paragraphs=integer(row["paragraphs"]) or 0,
        cells=tuple(cells(name, pledge.id) if read else Cell() for pledge in strategy.pledges),
    )


def _ranked(plans: Sequence[PlanView], place: int, most: int) -> tuple[list[Key], int]:
    """List the paragraphs that may be shown under a pledge, a rank at a time until there are enough; and count all."""
    lists = [(plan.name, plan.cells[place].evidence) for plan in plans if plan.cells[place].evidence]
    total = sum(len(evidence) for _, evidence in lists)
    keys: list[Key] = []
    rank = 0
    while len(keys) < min(most, total):
        keys += [(name, evidence[rank]) for name, evidence in lists if rank < len(evidence)]
        rank += 1
    return keys, total


def _find(
    paragraphs: pd.DataFrame, keys: Collection[Key], plans: Sequence[PlanView], *, whole: bool
) -> dict[Key, Paragraph]:
    """Look paragraphs up; in a table that holds all of them, none may be missing."""
    places = {plan.name: plan.index for plan in plans}
    rows = [row for row, key in enumerate(_keys(paragraphs)) if key in keys]
    found = {
        (str(row["document"]), int(row["paragraph"])): as_paragraph(row, places[str(row["document"])])
        for row in each_row(paragraphs.iloc[rows])
    }
    if whole and len(found) < len(keys):
        raise KeyError(sorted(key for key in keys if key not in found)[0])
    return found


def _keys(paragraphs: pd.DataFrame) -> Iterator[Key]:
    if len(paragraphs):
        yield from zip(paragraphs["document"].astype(str), paragraphs["paragraph"].astype(int), strict=True)


def _pledge(
    place: int,
    strategy: Strategy,
    plans: Sequence[PlanView],
    cells: _Cells,
    keys: Sequence[Key],
    total: int,
    found: Mapping[Key, Paragraph],
    limits: Limits,
) -> PledgeView:
    pledge: Pledge = strategy.pledges[place]
    ambition = strategy.ambition_of(pledge.id)
    assert ambition is not None  # noqa: S101 - a pledge stands under an ambition by construction
    ranks = Counter[str]()
    shown = []
    for name, number in keys:
        # Every plan's best paragraph comes before any plan's second, so that no long plan crowds out the others.
        rank, ranks[name] = ranks[name], ranks[name] + 1
        paragraph = found.get((name, number))
        if paragraph is not None:
            shown.append((rank, -paragraph.theme_scores.get(pledge.id, 0.0), paragraph.plan, number, paragraph))
    evidence = tuple(each[-1] for each in sorted(shown, key=lambda each: each[:4])[: limits.evidence])
    missing = [plan.index for plan in plans if plan.cells[place].gap]
    states = Counter(plan.cells[place].state for plan in plans if plan.read)
    return PledgeView(
        index=place,
        pledge=pledge,
        ambition=ambition,
        overall=cells(ALL, pledge.id) if any(plan.read for plan in plans) else Cell(),
        missing_in=tuple(missing[: limits.listed]),
        missing=len(missing),
        states={state: states[state] for state in in_order(states)},
        evidence=evidence,
        more=total - len(evidence),
    )


def _table_rows(paragraphs: pd.DataFrame, plans: Sequence[PlanView], limits: Limits) -> list[int]:
    """Choose the rows of the table of paragraphs: all, or the evidence of the plans shown and then as many as fit."""
    known = {plan.name for plan in plans}
    rows = [row for row, (name, _) in enumerate(_keys(paragraphs)) if name in known]
    if len(rows) <= limits.rows:
        return rows
    evidence = {(plan.name, number) for plan in plans for cell in plan.cells for number in cell.evidence}
    first = [row for row, key in enumerate(_keys(paragraphs)) if key in evidence][: limits.rows]
    taken = set(first)
    others = (row for row in rows if row not in taken)
    return sorted([*first, *islice(others, limits.rows - len(first))])


def as_paragraph(row: Row, plan: int) -> Paragraph:
    """Read a row of the table of paragraphs."""
    statement = str(row["statement"])
    return Paragraph(
        plan=plan,
        number=int(row["paragraph"]),
        page=integer(row["page"]),
        heading=tuple(str(part) for part in row["heading"]),
        text=str(row["text"]),
        themes=tuple(str(theme) for theme in row["themes"]),
        theme_scores=row["theme_scores"],
        statement=statement,
        statement_score=share(row["statement_scores"].get(statement)),
        specificity=share(row["specificity"]),
        anchors={anchor: words(row[anchor]) for anchor in ANCHOR_KINDS},
    )
