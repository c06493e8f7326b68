"""What is remembered of paragraphs that may serve a pledge, while plans go by: compact arrays, no texts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from strategitekst.coverage import KEY
from strategitekst.signs import Signs
from strategitekst.state_model import BEST
from strategitekst.status import MOST_EVIDENCE, Signals, evidence_weight

HIT = np.dtype(
    [
        ("pledge", "<u2"),
        ("key", KEY),
        ("theme", "<u2"),
        ("initiative", "<u2"),
        ("target", "<u2"),
        ("anchored", "?"),
        ("row", "<i8"),
    ]
)
"""A paragraph that may serve a pledge: what is remembered of it. Probabilities in units of 1 / ``GRAIN``."""

GIVEN = np.dtype([("pledge", "<u2"), ("key", KEY), ("begun", "?")])
"""A paragraph that is said to serve a pledge."""

GRAIN = 10_000  # the tables hold probabilities with four decimals: a plan read back must give the same states


def list_given(signs: Signs) -> NDArray[Any]:
    """List which paragraphs are said to serve which pledge."""
    row, pledge = np.nonzero(signs.given)
    given = np.empty(len(row), dtype=GIVEN)
    given["pledge"], given["key"], given["begun"] = pledge, signs.key[row], signs.begun[row]
    return given


def list_hits(signs: Signs, numbers: NDArray[np.int64]) -> NDArray[Any]:
    """List the pairs of paragraph and pledge where one may serve the other."""
    theme = signs.theme * signs.speaks[:, None]
    row, pledge = np.nonzero(theme)
    hits = np.empty(len(row), dtype=HIT)
    hits["pledge"], hits["row"], hits["key"] = pledge, numbers[row], signs.key[row]
    hits["theme"], hits["anchored"] = np.rint(theme[row, pledge] * GRAIN), signs.anchored[row]
    hits["initiative"], hits["target"] = np.rint(signs.initiative[row] * GRAIN), np.rint(signs.target[row] * GRAIN)
    return hits


def keep_decisive(hits: NDArray[Any]) -> NDArray[Any]:
    """Keep, for each pledge, the pairs that a state or the evidence for it can rest on."""
    hits = _distinct(hits)
    signals = signals_of(hits)
    initiative = signals.theme * signals.initiative
    either = signals.theme * np.minimum(signals.initiative + signals.target, 1.0)
    kept = np.zeros(len(hits), dtype=bool)
    for measure, most in (
        (signals.theme, BEST),
        (initiative, BEST),
        (initiative * ~signals.anchored, BEST),
        (either * signals.anchored, BEST),
        (evidence_weight(signals), MOST_EVIDENCE),
    ):
        order = np.lexsort([hits["row"], -measure, hits["pledge"]])
        pledge = hits["pledge"][order]
        place = np.arange(len(order)) - np.searchsorted(pledge, pledge)
        kept[order[place < most]] = True
    return hits[kept]


def _distinct(hits: NDArray[Any]) -> NDArray[Any]:
    """Keep what is said twice under the same headings once: the first of it in the tables."""
    key = hits["key"]
    order = np.lexsort([hits["row"], -hits["theme"].astype(np.int64), key["low"], key["high"], hits["pledge"]])
    hits = hits[order]
    repeated = (hits["pledge"][1:] == hits["pledge"][:-1]) & (hits["key"][1:] == hits["key"][:-1])
    # Sorted by row again: of paragraphs that weigh the same as evidence, a reader wants the first.
    distinct: NDArray[Any] = hits[np.append(True, ~repeated)[: len(hits)]]
    return distinct[np.argsort(distinct["row"], kind="stable")]


def signals_of(hits: NDArray[Any]) -> Signals:
    """Give the pairs as a state is weighed from them."""
    theme, initiative, target = (hits[name] / GRAIN for name in ("theme", "initiative", "target"))
    return Signals(theme, initiative, target, hits["anchored"])
