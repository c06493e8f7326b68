"""How specific a paragraph is, between 0 and 1.

Subramanian, Cohn and Baldwin (2019, "Deep ordinal regression for pledge specificity prediction", EMNLP-IJCNLP) grade
pledges from rhetoric over vague intent to detailed and checkable ones; Bingler et al. (2022, "Cheap talk and
cherry-picking: what ClimateBERT has to say on corporate climate risk disclosures", Finance Research Letters) call a
paragraph specific where it gives actions, figures and dates that the reader can check. This score has both parts: what
the paragraph does (its statement) and how it is anchored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from strategitekst.errors import UsageError

STATEMENT_WEIGHTS: Mapping[str, float] = {
    "initiative": 1.0,
    "target": 1.0,
    "result": 0.6,
    "commitment": 0.3,
    "ambition": 0.1,
    "context": 0.0,
}
"""How far a statement can be checked at all: from rhetoric to a promise that could be kept or broken."""

ANCHOR_WEIGHTS: Mapping[str, float] = {"actor": 0.2, "deadline": 0.3, "quantity": 0.3, "budget": 0.2}
"""What each kind of anchor adds; they sum to 1. when and how much make it checkable, who and the sum traceable."""

_UNANCHORED = 0.4
"""The part of the score that a statement has without any anchor."""


def specificity(statement_scores: Mapping[str, float], anchors: Iterable[str]) -> float:
    """Score how specific a paragraph is.

    The score is the expected weight of the statement, times 0.4 for being said at all plus up to 0.6 for its anchors.
    Adding an anchor never lowers it, and neither does moving probability to a statement of higher weight.

    Args:
        statement_scores: Probability (0–1) of each of the six statements; missing ones count as 0.
        anchors: The kinds of anchors found; a kind counts once.

    Returns:
        A number from 0 (background, rhetoric) to 1 (an initiative or target with actor, deadline, quantity and sum).

    Raises:
        UsageError: A statement or an anchor has a name that is none of those in the codebook.

    Example:
        >>> specificity({"initiative": 1.0}, ["deadline", "quantity"])
        0.76
        >>> specificity({"commitment": 1.0}, [])
        0.12
    """
    kinds = set(anchors)
    unknown = sorted((set(statement_scores) - set(STATEMENT_WEIGHTS)) | (kinds - set(ANCHOR_WEIGHTS)))
    if unknown:
        raise UsageError(f"unknown statement or anchor {unknown[0]!r}: use the names of the codebook")
    said = sum(STATEMENT_WEIGHTS[name] * probability for name, probability in statement_scores.items())
    anchored = sum(weight for kind, weight in ANCHOR_WEIGHTS.items() if kind in kinds)
    score = said * (_UNANCHORED + (1 - _UNANCHORED) * anchored)
    return round(min(max(score, 0.0), 1.0), 6)
