"""Classified paragraphs of a plan, or of all plans → the rows on coverage and state of every pledge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strategitekst.calibration import calibrate_on_strategy, shipped_calibration
from strategitekst.classification import Classification
from strategitekst.coverage import Calibration, coverage
from strategitekst.encoding import Encoder
from strategitekst.features import context
from strategitekst.reasons import reason
from strategitekst.status import PledgeState, Signals, pledge_state
from strategitekst.strategy import Pledge, Strategy

ALL = "*"
"""Stands in the column ``document`` of rows on all plans together."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paragraph is found again.

    Attributes:
        number: Its number in its document, or its row in the table of paragraphs in rows on all plans.
        name: How a sentence names it.
    """

    number: int
    name: str


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
    document: str,
    classifications: Sequence[Classification],
    vectors: NDArray[Any],
    places: Sequence[Place],
    yardstick: Yardstick,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Measure every pledge in one plan, or in all.

    Args:
        document: The plan's name, or ``ALL``.
        classifications: Of its paragraphs.
        vectors: Of its paragraphs, from the yardstick's encoder, (paragraphs, dimensions).
        places: Of its paragraphs.
        yardstick: The strategy's.

    Returns:
        Rows for the tables ``coverage`` and ``pledges``, in the strategy's order.
    """
    kept = _evidence(classifications)
    classifications, places = [classifications[row] for row in kept], [places[row] for row in kept]
    vectors = vectors[kept].astype(np.float64)
    initiative = np.array([each.statement_scores["initiative"] for each in classifications])
    target = np.array([each.statement_scores["target"] for each in classifications])
    anchored = np.array([each.anchored for each in classifications], dtype=bool)
    coverages, pledges = [], []
    for pledge, units, weights in zip(yardstick.strategy.pledges, yardstick.units, yardstick.weights, strict=True):
        theme = np.array([each.theme_scores[pledge.id] for each in classifications])
        signals = Signals(theme, initiative, target, anchored)
        mentions = [each for each in classifications if pledge.id in each.themes]
        measured = coverage(units, weights, vectors, yardstick.calibration)
        coverages.append(
            {
                "document": document,
                "pledge": pledge.id,
                "coverage": measured.value,
                "low": measured.low,
                "high": measured.high,
                "paragraphs": len(mentions),
                "initiatives": sum(each.statement == "initiative" for each in mentions),
                "best_paragraph": None if measured.best is None else places[measured.best].number,
            }
        )
        state = pledge_state(signals, mentioned=bool(mentions))
        evidence = [places[index] for index in state.evidence]
        pledges.append(_pledge_row(document, pledge, state, len(mentions), evidence))
    return coverages, pledges


def _pledge_row(
    document: str, pledge: Pledge, state: PledgeState, mentions: int, evidence: list[Place]
) -> dict[str, Any]:
    return {
        "document": document,
        "pledge": pledge.id,
        "state": state.state,
        "confidence": round(state.confidence, 4),
        "evidence": [place.number for place in evidence],
        "reason": reason(pledge, state.state, mentions, evidence[0].name if evidence else None),
    }


def _evidence(classifications: Sequence[Classification]) -> NDArray[np.int64]:
    """List what can speak for a pledge: no residue, and what is said twice under the same headings only once."""
    first: dict[str, int] = {}
    for row, each in enumerate(classifications):
        if each.paragraph.kind != "residue":
            first.setdefault(context(each.paragraph), row)
    return np.array(list(first.values()), dtype=np.int64)
