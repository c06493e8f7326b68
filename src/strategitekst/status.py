"""The state of a pledge in a plan: is it mentioned, meant, begun, or begun with something to hold it to.

The states are those of the codebook. They are weighed from the paragraphs' probabilities, not read off a chain of
decided labels: five paragraphs that are each an initiative with probability 0.4 make it likely that one of them is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

UNMENTIONED = "unmentioned"
INTENT_ONLY = "intent_only"
UNANCHORED = "unanchored"
CONCRETE = "concrete"
STATES = (UNMENTIONED, INTENT_ONLY, UNANCHORED, CONCRETE)
GAPS = (UNMENTIONED, INTENT_ONLY)
"""The states of a pledge that has no concrete initiative."""

# Many paragraphs with a theme probability of a few per cent add up to a mention that nobody would find in the text.
FAINT = 0.10
MOST_EVIDENCE = 10


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known about each paragraph with regard to one pledge; all arrays of length (paragraphs,).

    Attributes:
        theme: Probability that the paragraph has the pledge as theme.
        initiative: Probability that it is an initiative.
        target: Probability that it is a target.
        anchored: Whether it names a deadline, a quantity or a budget.
    """

    theme: Floats
    initiative: Floats
    target: Floats
    anchored: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PledgeState:
    """The state of a pledge.

    Attributes:
        state: One of ``STATES``.
        confidence: Its probability, 0–1.
        evidence: Indices of the paragraphs that speak most for the pledge being taken up, best first.
    """

    state: str
    confidence: float
    evidence: tuple[int, ...]


def state_probabilities(signals: Signals) -> dict[str, float]:
    """Weigh the four states.

    Args:
        signals: Of the paragraphs of one plan, or of all plans together.

    Returns:
        A probability for each of ``STATES``, summing to 1, taking the paragraphs as independent.

    Example:
        >>> one = np.array([1.0])
        >>> state_probabilities(Signals(one, one, 0 * one, np.array([True])))["concrete"]
        1.0
        >>> state_probabilities(Signals(one[:0], one[:0], one[:0], np.array([], dtype=bool)))["unmentioned"]
        1.0
    """
    theme = np.where(signals.theme < FAINT, 0.0, signals.theme)
    initiative = theme * signals.initiative
    concrete = theme * np.minimum(signals.initiative + signals.target, 1.0)
    unmentioned = float(np.prod(1.0 - theme))
    no_initiative = float(np.prod(1.0 - initiative))
    nothing_anchored = float(np.prod(1.0 - concrete[signals.anchored]))
    unanchored = nothing_anchored * (1.0 - float(np.prod(1.0 - initiative[~signals.anchored])))
    return {
        UNMENTIONED: unmentioned,
        INTENT_ONLY: max(no_initiative - unmentioned, 0.0),
        UNANCHORED: unanchored,
        CONCRETE: max(1.0 - no_initiative - unanchored, 0.0),
    }


def pledge_state(signals: Signals, mentioned: bool) -> PledgeState:
    """Decide the state of a pledge.

    Whether it is mentioned follows the paragraphs' themes, so that nobody reads "not mentioned" beside a paragraph
    that is said to serve it; what is done about it is weighed.

    Args:
        signals: Of the paragraphs of one plan, or of all plans together.
        mentioned: Whether any paragraph has the pledge as theme.

    Returns:
        The most probable state, its probability and the paragraphs behind it.

    Example:
        >>> half = np.array([0.9, 0.9])
        >>> signals = Signals(half, np.array([0.1, 0.0]), 0 * half, np.array([False, False]))
        >>> pledge_state(signals, mentioned=True).state
        'intent_only'
    """
    probabilities = state_probabilities(signals)
    possible = STATES[1:] if mentioned else (UNMENTIONED,)
    state = max(possible, key=lambda name: probabilities[name])
    weight = signals.theme * (1.0 + signals.initiative + 0.5 * signals.target + 0.5 * signals.anchored)
    order = np.argsort(-weight, kind="stable")[:MOST_EVIDENCE]
    evidence = tuple(int(index) for index in order if signals.theme[index] >= FAINT)
    return PledgeState(state, min(probabilities[state], 1.0), evidence)


def is_gap(state: str) -> bool:
    """Tell whether a pledge in this state has no concrete initiative.

    Example:
        >>> is_gap("intent_only"), is_gap("unanchored")
        (True, False)
    """
    return state in GAPS


def gold_state(labels: Sequence[tuple[str, bool]]) -> str:
    """Read the state off decided labels, by the codebook's section 4.

    Args:
        labels: The statement of each paragraph that has the pledge as theme, and whether it is an initiative or target
            with a deadline, quantity or budget.

    Returns:
        One of ``STATES``.

    Example:
        >>> gold_state([]), gold_state([("commitment", False)]), gold_state([("initiative", True)])
        ('unmentioned', 'intent_only', 'concrete')
    """
    if not labels:
        return UNMENTIONED
    if all(statement != "initiative" for statement, _ in labels):
        return INTENT_ONLY
    return CONCRETE if any(anchored for _, anchored in labels) else UNANCHORED
