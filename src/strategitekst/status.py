"""The state of a pledge in a plan: is it mentioned, meant, begun, or begun with something to hold it to.

The states are those of the codebook. They are weighed from the paragraphs' probabilities, not read off a chain of
decided labels: five paragraphs that are each an initiative with probability 0.4 make it likely that one of them is. How
likely is learnt on plans (``state_model``), since the errors of two paragraphs of a plan are not independent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strategitekst.state_model import BEST, StateModel, initiative_features, mention_features

Floats = NDArray[np.float64]

ALL = "*"
"""Stands in the column ``document`` of rows on all plans together."""

UNMENTIONED = "unmentioned"
INTENT_ONLY = "intent_only"
UNANCHORED = "unanchored"
CONCRETE = "concrete"
STATES = (UNMENTIONED, INTENT_ONLY, UNANCHORED, CONCRETE)
UNCERTAIN = "uncertain"
"""Stands for a state where nobody should rely on what was found: only where ``abstain`` was asked for."""
GAPS = (UNMENTIONED, INTENT_ONLY)
"""The states of a pledge that has no concrete initiative."""

PERHAPS = 0.25
"""Probability of a mention, given that there is no initiative, from which a pledge counts as mentioned though no
paragraph is given it: a vague intention is overlooked more often than one is imagined, and both are gaps. What speaks
for an initiative does not count here: it would show an intention that itself is the least probable of all."""

FAINT = 0.10
"""Probability of serving a pledge from which a paragraph is shown as evidence."""
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
        state: One of ``STATES``, or ``UNCERTAIN``.
        confidence: Its probability, 0–1.
        evidence: Indices of the paragraphs that speak most for the pledge being taken up, best first.
    """

    state: str
    confidence: float
    evidence: tuple[int, ...]


def state_probabilities(signals: Signals, model: StateModel) -> dict[str, float]:
    """Weigh the four states.

    Args:
        signals: Of the paragraphs of one plan, or of all plans together.
        model: Learnt on plans.

    Returns:
        A probability for each of ``STATES``, summing to 1.

    Example:
        >>> from strategitekst.state_model import load_state_model
        >>> one = np.array([1.0])
        >>> sure = Signals(one, one, 0 * one, np.array([True]))
        >>> state_probabilities(sure, load_state_model())["concrete"] > 0.9
        True
    """
    if not len(signals.theme):
        return {UNMENTIONED: 1.0, INTENT_ONLY: 0.0, UNANCHORED: 0.0, CONCRETE: 0.0}
    begun = float(model.begun(initiative_features(signals.theme, signals.initiative)))
    mentioned = max(float(model.mentioned(mention_features(signals.theme))), begun)
    concrete = begun * _anchored_share(signals)
    return {
        UNMENTIONED: 1.0 - mentioned,
        INTENT_ONLY: mentioned - begun,
        UNANCHORED: begun - concrete,
        CONCRETE: concrete,
    }


def _anchored_share(signals: Signals) -> float:
    """Given an initiative, the probability that it or a target can be held to something, paragraphs as independent."""
    initiative = signals.theme * signals.initiative
    either = signals.theme * np.minimum(signals.initiative + signals.target, 1.0)
    none_begun = _none(initiative)
    if none_begun == 1.0:
        return 0.0
    unanchored = _none(either[signals.anchored]) * (1.0 - _none(initiative[~signals.anchored]))
    return float(np.clip(1.0 - unanchored / (1.0 - none_begun), 0.0, 1.0))


def _none(probabilities: Floats) -> float:
    return float(np.prod(1.0 - np.sort(probabilities)[::-1][:BEST]))


def pledge_state(signals: Signals, mentioned: bool, model: StateModel, *, abstain: float | None = None) -> PledgeState:
    """Decide the state of a pledge.

    A paragraph that is said to serve the pledge is a mention, so that nobody reads "not mentioned" beside it, and
    without one there is no initiative; everything else is weighed.

    Args:
        signals: Of the paragraphs of one plan, or of all plans together.
        mentioned: Whether any paragraph has the pledge as theme.
        model: Learnt on plans.
        abstain: If given, the state is ``uncertain`` where it is less probable than this, 0.5–1, whether the pledge
            has a concrete initiative or not.

    Returns:
        The state, its probability and the paragraphs behind it. ``uncertain`` comes with the probability of the more
        probable of gap and initiative.

    Example:
        >>> from strategitekst.state_model import load_state_model
        >>> half = np.array([0.9, 0.9])
        >>> signals = Signals(half, np.array([0.1, 0.0]), 0 * half, np.array([False, False]))
        >>> pledge_state(signals, mentioned=True, model=load_state_model()).state
        'intent_only'
    """
    probabilities = state_probabilities(signals, model)
    begun = probabilities[UNANCHORED] + probabilities[CONCRETE]
    sure = max(begun, 1.0 - begun)
    if abstain is not None and sure < abstain:
        state, confidence = UNCERTAIN, sure
    elif mentioned and begun >= model.threshold:
        state = max((UNANCHORED, CONCRETE), key=lambda name: probabilities[name])
        confidence = probabilities[state]
    else:
        likely = mentioned or probabilities[INTENT_ONLY] >= PERHAPS * (1.0 - begun)
        state = INTENT_ONLY if likely else UNMENTIONED
        confidence = probabilities[state]
    weight = evidence_weight(signals)
    order = np.argsort(-weight, kind="stable")[:MOST_EVIDENCE]
    evidence = tuple(int(index) for index in order if signals.theme[index] >= FAINT)
    return PledgeState(state, min(max(confidence, 0.0), 1.0), evidence)


def evidence_weight(signals: Signals) -> Floats:
    """Weigh how much each paragraph speaks for the pledge being taken up: (paragraphs,), over 0."""
    return signals.theme * (1.0 + signals.initiative + 0.5 * signals.target + 0.5 * signals.anchored)


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
