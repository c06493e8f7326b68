"""Paragraphs by what they are worth: for a pledge, for the strategy at all, and outside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from strategitekst.language.spans import CONCRETE_KINDS
from strategitekst.status import Signals, evidence_weight

if TYPE_CHECKING:
    import pandas as pd

_SPREAD = 1.645  # half a 90 % interval of a normal distribution in standard deviations


def rank_evidence(paragraphs: pd.DataFrame, theme: str, k: int, document: str | None = None) -> pd.DataFrame:
    """List the paragraphs that speak most for a theme.

    Args:
        paragraphs: The table of paragraphs.
        theme: Its id.
        k: How many.
        document: One plan's name; None for all.

    Returns:
        ``document``, ``paragraph``, ``text``, ``serves`` (probability of the theme), ``initiative`` (probability),
        ``anchored`` and ``weight``, the heaviest first.
    """
    some = paragraphs if document is None else paragraphs[paragraphs["document"] == document]
    signals = _signals(some, theme)
    found = some[["document", "paragraph", "text"]].assign(
        serves=signals.theme,
        initiative=signals.initiative,
        anchored=signals.anchored,
        weight=evidence_weight(signals),
    )
    return found.sort_values("weight", ascending=False, kind="stable").head(k).reset_index(drop=True)


def measure_alignment(paragraphs: pd.DataFrame) -> pd.DataFrame:
    """Measure which share of each plan's paragraphs serves the strategy at all.

    Args:
        paragraphs: The table of paragraphs.

    Returns:
        A row a plan: ``document``, ``alignment`` (0–1) with its 90 % interval ``low`` and ``high``, and ``paragraphs``.
        A paragraph counts by the probability of its most probable theme, which is also what the interval rests on.
    """
    import pandas as pd

    rows = []
    for document, some in paragraphs.groupby("document", sort=False):
        serves = _strongest(some)
        share = float(serves.mean())
        spread = _SPREAD * float(np.sqrt((serves * (1.0 - serves)).sum())) / len(serves)
        low, high = max(share - spread, 0.0), min(share + spread, 1.0)
        rows.append({"document": document, "alignment": share, "low": low, "high": high, "paragraphs": len(serves)})
    return pd.DataFrame(rows, columns=["document", "alignment", "low", "high", "paragraphs"])


def find_orphans(paragraphs: pd.DataFrame) -> pd.DataFrame:
    """List concrete initiatives that serve no theme of the strategy.

    Args:
        paragraphs: The table of paragraphs.

    Returns:
        ``document``, ``paragraph``, ``text``, ``initiative`` (probability of an initiative) and ``serves`` (probability
        of the most probable theme), the surest first.
    """
    alone = paragraphs[(paragraphs["statement"] == "initiative") & (paragraphs["themes"].map(len) == 0)]
    found = alone[["document", "paragraph", "text"]].assign(
        initiative=_score(alone, "statement_scores", "initiative"), serves=_strongest(alone)
    )
    sure = found["initiative"] * (1.0 - found["serves"])
    return found.loc[sure.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def _signals(rows: pd.DataFrame, theme: str) -> Signals:
    anchored = rows[list(CONCRETE_KINDS)].map(lambda value: isinstance(value, str)).any(axis=1)
    return Signals(
        _score(rows, "theme_scores", theme),
        _score(rows, "statement_scores", "initiative"),
        _score(rows, "statement_scores", "target"),
        anchored.to_numpy(dtype=bool),
    )


def _score(rows: pd.DataFrame, column: str, name: str) -> NDArray[np.float64]:
    return np.array([scores[name] for scores in rows[column]], dtype=np.float64)


def _strongest(rows: pd.DataFrame) -> NDArray[Any]:
    return np.array([max(scores.values(), default=0.0) for scores in rows["theme_scores"]], dtype=np.float64)
