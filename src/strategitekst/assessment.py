"""Classified paragraphs of a plan, or of all plans → the rows on coverage and state of every pledge."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strategitekst.calibration import calibrate_on_strategy, shipped_calibration
from strategitekst.classification import Classification
from strategitekst.coverage import KEY, Calibration, Nearest
from strategitekst.encoding import Encoder
from strategitekst.reasons import reason
from strategitekst.signs import Row, Signs, read_signs, row_of
from strategitekst.status import FAINT, Signals, pledge_state
from strategitekst.strategy import Strategy

ALL = "*"
"""Stands in the column ``document`` of rows on all plans together."""

Tables = tuple[list[dict[str, Any]], list[dict[str, Any]]]
"""Rows for the tables ``coverage`` and ``pledges``."""

HIT = np.dtype(
    [
        ("pledge", "<u2"),
        ("key", KEY),
        ("theme", "<u2"),
        ("initiative", "<u2"),
        ("target", "<u2"),
        ("given", "?"),
        ("begun", "?"),
        ("anchored", "?"),
        ("row", "<i8"),
    ]
)
"""A paragraph that may serve a pledge: what is remembered of it. Probabilities in units of 1 / ``GRAIN``."""

GRAIN = 10_000  # the tables hold probabilities with four decimals: a plan read back must give the same states


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What plans are held against: the units of every pledge as vectors, and the encoder's calibration.

    Attributes:
        strategy: The strategy.
        units: For each pledge the vectors of its units, (units, dimensions).
        weights: For each pledge the weights of its units.
        calibration: Of the encoder.
    """

    strategy: Strategy
    units: tuple[NDArray[Any], ...]
    weights: tuple[NDArray[Any], ...]
    calibration: Calibration


def make_yardstick(strategy: Strategy, encoder: Encoder) -> Yardstick:
    """Embed the pledges' units.

    Args:
        strategy: The strategy.
        encoder: The one that embeds the plans too.

    Returns:
        The yardstick; pledges in the strategy's order.
    """
    units = [pledge.units() for pledge in strategy.pledges]
    vectors = encoder.encode([unit.text for some in units for unit in some], "query").astype(np.float64)
    ends = np.cumsum([len(some) for some in units])
    grouped = tuple(np.split(vectors, ends[:-1]))
    return Yardstick(
        strategy,
        grouped,
        tuple(np.array([unit.weight for unit in some]) for some in units),
        shipped_calibration(encoder) or calibrate_on_strategy(grouped),
    )


def assess(
    document: str, paragraphs: Sequence[Classification | Row], vectors: NDArray[Any], yardstick: Yardstick
) -> Tables:
    """Measure every pledge in one plan.

    Args:
        document: The plan's name.
        paragraphs: All of its paragraphs, as they were classified or as rows of the table ``paragraphs``.
        vectors: Of the paragraphs, from the yardstick's encoder, (paragraphs, dimensions).
        yardstick: The strategy's.

    Returns:
        Rows for the tables ``coverage`` and ``pledges``, in the strategy's order.
    """
    rows = [row_of(each) if isinstance(each, Classification) else each for each in paragraphs]
    gathered = _Gathered(yardstick)
    gathered.add(np.array([row["paragraph"] for row in rows], dtype=np.int64), rows, vectors)
    return gathered.tables(document, str)


class PlansTogether:
    """Measures every pledge over plans that come one after another.

    It keeps some 30 bytes of a paragraph that may serve a pledge and nothing of the others. The order in which plans
    come changes nothing, and what is said twice under the same headings counts once.

    Args:
        yardstick: What the plans are held against.

    Example:
        >>> from strategitekst.strategy import load_strategy
        >>> plans = PlansTogether(make_yardstick(load_strategy(), Encoder()))
        >>> plans.add("tom.md", 0, [], np.empty((0, 384)))
        >>> coverages, pledges = plans.rows()
        >>> coverages[0]["coverage"], pledges[0]["state"]
        (0.0, 'unmentioned')
    """

    def __init__(self, yardstick: Yardstick) -> None:
        self._gathered = _Gathered(yardstick)
        self._starts: list[tuple[int, str]] = []
        self._came = False

    def add(
        self, document: str, first_row: int, paragraphs: Sequence[Classification | Row], vectors: NDArray[Any]
    ) -> None:
        """Take in one plan.

        Args:
            document: Its name.
            first_row: The row of its first paragraph in the table of paragraphs; the others follow it.
            paragraphs: All of its paragraphs, as they were classified or as rows of the table ``paragraphs``.
            vectors: Of the paragraphs, from the yardstick's encoder, (paragraphs, dimensions).
        """
        self._came = True
        if not paragraphs:
            return
        rows = [row_of(each) if isinstance(each, Classification) else each for each in paragraphs]
        self._gathered.add(first_row + np.arange(len(rows)), rows, vectors)
        insort(self._starts, (first_row, document))

    def rows(self) -> Tables:
        """Measure every pledge in the plans that came.

        Returns:
            Rows for the tables ``coverage`` and ``pledges``, in the strategy's order; paragraphs are numbered by their
            row in the table of paragraphs. None where no plan came: what was not read is not absent.
        """
        if not self._came:
            return [], []
        return self._gathered.tables(ALL, self._place)

    def _place(self, row: int) -> str:
        first, document = self._starts[bisect_right(self._starts, row, key=lambda start: start[0]) - 1]
        return f"{row - first} i {document}"


class _Gathered:
    """What is known about the pledges from the paragraphs that came."""

    def __init__(self, yardstick: Yardstick) -> None:
        self._pledges = yardstick.strategy.pledges
        self._hits: list[NDArray[Any]] = []
        self._nearest = [
            Nearest(units, weights, yardstick.calibration)
            for units, weights in zip(yardstick.units, yardstick.weights, strict=True)
        ]

    def add(self, numbers: NDArray[np.int64], rows: Sequence[Row], vectors: NDArray[Any]) -> None:
        if not rows:
            return
        signs = read_signs(rows, [pledge.id for pledge in self._pledges])
        self._hits.append(_hits(signs, numbers))
        speaks = np.flatnonzero(signs.speaks)
        spoken = np.asarray(vectors, dtype=np.float64)[speaks]
        for nearest in self._nearest:
            nearest.add(spoken, signs.key[speaks], numbers[speaks])

    def tables(self, document: str, place: Callable[[int], str]) -> Tables:
        hits = _distinct(np.concatenate([np.empty(0, dtype=HIT), *self._hits]))
        coverages, pledges = [], []
        for number, (pledge, nearest) in enumerate(zip(self._pledges, self._nearest, strict=True)):
            own = hits[hits["pledge"] == number]
            mentions = own[own["given"]]
            measured = nearest.coverage()
            coverages.append(
                {
                    "document": document,
                    "pledge": pledge.id,
                    "coverage": measured.value,
                    "low": measured.low,
                    "high": measured.high,
                    "paragraphs": len(mentions),
                    "initiatives": int(mentions["begun"].sum()),
                    "best_paragraph": measured.best,
                }
            )
            state = pledge_state(_signals(own), mentioned=bool(len(mentions)))
            evidence = own["row"][list(state.evidence)].tolist()
            best = place(evidence[0]) if evidence else None
            pledges.append(
                {
                    "document": document,
                    "pledge": pledge.id,
                    "state": state.state,
                    "confidence": round(state.confidence, 4),
                    "evidence": evidence,
                    "reason": reason(pledge, state.state, len(mentions), best),
                }
            )
        return coverages, pledges


def _hits(signs: Signs, numbers: NDArray[np.int64]) -> NDArray[Any]:
    """List the pairs of paragraph and pledge where one may serve the other."""
    row, pledge = np.nonzero((signs.theme >= FAINT) | signs.given)
    hits = np.empty(len(row), dtype=HIT)
    hits["pledge"], hits["row"], hits["key"] = pledge, numbers[row], signs.key[row]
    hits["theme"], hits["given"] = np.rint(signs.theme[row, pledge] * GRAIN), signs.given[row, pledge]
    hits["initiative"], hits["target"] = np.rint(signs.initiative[row] * GRAIN), np.rint(signs.target[row] * GRAIN)
    hits["begun"], hits["anchored"] = signs.begun[row], signs.anchored[row]
    return hits


def _distinct(hits: NDArray[Any]) -> NDArray[Any]:
    """Keep what is said twice under the same headings once: the first of it in the tables."""
    key = hits["key"]
    order = np.lexsort([hits["row"], -hits["theme"].astype(np.int64), key["low"], key["high"], hits["pledge"]])
    hits = hits[order]
    repeated = (hits["pledge"][1:] == hits["pledge"][:-1]) & (hits["key"][1:] == hits["key"][:-1])
    # Sorted by row again: of paragraphs that weigh the same as evidence, a reader wants the first.
    distinct: NDArray[Any] = hits[np.append(True, ~repeated)[: len(hits)]]
    return distinct[np.argsort(distinct["row"], kind="stable")]


def _signals(hits: NDArray[Any]) -> Signals:
    theme, initiative, target = (hits[name] / GRAIN for name in ("theme", "initiative", "target"))
    return Signals(theme, initiative, target, hits["anchored"])
