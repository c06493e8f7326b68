"""The numbers behind the states of pledges, learnt from held-out predictions over labelled plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from strategitekst.corpus import LabelledDocument
from strategitekst.language.spans import CONCRETE_KINDS
from strategitekst.odds import log_odds, rivals
from strategitekst.state_model import StateModel, initiative_features, mention_features
from strategitekst.status import CONCRETE, GAPS, INTENT_ONLY, PERHAPS, STATES, UNMENTIONED, gold_state

Floats = NDArray[np.float64]
FOLDS = 10
MOST_FALSE_GAPS = 0.11
"""Share of the pledges with an initiative that may be flagged as gaps on plans of writers held out."""


@dataclass(frozen=True, slots=True)
class Predicted:
    """What heads that have not seen a plan's writer say about its paragraphs, rounded as the tables round it.

    Attributes:
        theme: Probability of each theme, (paragraphs, themes).
        alone: The same of each paragraph read by itself, (paragraphs, themes).
        given: Whether it is given, (paragraphs, themes).
        initiative: Probability of an initiative, (paragraphs,).
        anchored: Whether a deadline, quantity or budget is found, (paragraphs,).
    """

    theme: Floats
    alone: Floats
    given: NDArray[np.bool_]
    initiative: Floats
    anchored: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Plans:
    """The plans behind the predictions.

    Attributes:
        number: The number of each paragraph's plan, 0, 1, …, (paragraphs,).
        writer: Of each plan.
        gold: State of each pledge as its index in ``STATES``, (plans, pledges).
        serves: Whether a paragraph has a theme, 0 or 1, (paragraphs, themes).
    """

    number: NDArray[np.int64]
    writer: tuple[str, ...]
    gold: NDArray[np.int64]
    serves: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What models that have not seen a plan's writer say about its pledges.

    Attributes:
        begun: Probability of an initiative, (plans, pledges).
        mentioned: Probability of a mention, (plans, pledges).
    """

    begun: Floats
    mentioned: Floats


def gather_plans(documents: Sequence[LabelledDocument], labels: Sequence[str], pledges: Sequence[str]) -> Plans:
    """Read plans and gold states off labelled documents.

    Args:
        documents: The documents.
        labels: Theme ids.
        pledges: Those whose states are wanted.
    """
    gold = [[STATES.index(_gold(document, pledge)) for pledge in pledges] for document in documents]
    return Plans(
        np.repeat(np.arange(len(documents)), [len(document.paragraphs) for document in documents]),
        tuple(document.metadata.get("hand") or document.document.name for document in documents),
        np.array(gold),
        np.array([[label in each.themes for label in labels] for some in documents for each in some.paragraphs], int),
    )


def _gold(document: LabelledDocument, pledge: str) -> str:
    served = [each for each in document.paragraphs if pledge in each.themes]
    return gold_state([(each.statement, any(kind in each.anchors for kind in CONCRETE_KINDS)) for each in served])


def train_states(predicted: Predicted, plans: Plans, columns: Sequence[int]) -> tuple[StateModel, HeldOut]:
    """Learn the numbers.

    Args:
        predicted: Held-out predictions.
        plans: Their plans.
        columns: Where the pledges stand among the themes, in the order of the gold states.

    Returns:
        The model fitted on all plans, and what models that have not seen a plan's writer say about its pledges.
    """
    held_out = HeldOut(np.zeros(plans.gold.shape), np.zeros(plans.gold.shape))
    writer = np.array(plans.writer)
    for train, test in GroupKFold(min(FOLDS, len(set(writer)))).split(plans.gold, groups=writer):
        model = _fit(predicted, plans, columns, train)
        for plan in test:
            amounts, odds = _features(predicted, plans, columns, plan)
            held_out.begun[plan], held_out.mentioned[plan] = model.begun(amounts), model.mentioned(odds)
    threshold = float(np.clip(np.quantile(held_out.begun[plans.gold >= len(GAPS)], MOST_FALSE_GAPS), 0.2, 0.5))
    fitted = _fit(predicted, plans, columns, np.arange(len(writer)))
    return StateModel(fitted.theme, fitted.initiative, fitted.mention, round(threshold, 3)), held_out


def _fit(predicted: Predicted, plans: Plans, columns: Sequence[int], some: NDArray[np.int64]) -> StateModel:
    inside = np.isin(plans.number, some)
    own, rival = own_and_rival(predicted.alone[inside], columns)
    serves = plans.serves[inside][:, columns]
    rows = np.stack([log_odds(own).ravel(), log_odds(rival).ravel()], axis=1)
    theme = LogisticRegression(C=1.0).fit(rows, serves.ravel())
    features = [_features(predicted, plans, columns, plan) for plan in some]
    gold = plans.gold[some].ravel()
    initiative = _regression(np.concatenate([pair[0] for pair in features]), gold >= len(GAPS))
    mention = _regression(np.concatenate([pair[1] for pair in features]), gold > STATES.index(UNMENTIONED))
    return StateModel(_three(theme), initiative, mention, 0.5)


def _features(predicted: Predicted, plans: Plans, columns: Sequence[int], plan: int) -> tuple[Floats, Floats]:
    inside = plans.number == plan
    theme = predicted.theme[inside][:, columns]
    initiative = predicted.initiative[inside]
    amounts = np.array([initiative_features(column, initiative) for column in theme.T])
    return amounts, np.array([mention_features(column) for column in theme.T])


def own_and_rival(theme: Floats, columns: Sequence[int]) -> tuple[Floats, Floats]:
    """Take the pledges' probabilities and, for each, the greatest of another theme: both (paragraphs, pledges).

    Example:
        >>> [each.tolist() for each in own_and_rival(np.array([[0.1, 0.7, 0.2]]), [0, 1])]
        [[[0.1, 0.7]], [[0.7, 0.2]]]
    """
    return theme[:, columns], rivals(theme)[:, columns]


def _regression(rows: Floats, positive: NDArray[np.bool_]) -> tuple[float, float, float]:
    fitted = LogisticRegression(C=0.3, max_iter=1000).fit(rows, positive)
    useless = fitted.coef_[0] < 0
    if useless.any():
        # What adds nothing beside the other may come out a little below 0: more evidence never counts against.
        fitted = LogisticRegression(C=0.3, max_iter=1000).fit(np.where(useless, 0.0, rows), positive)
    return _three(fitted)


def _three(model: LogisticRegression) -> tuple[float, float, float]:
    first, second = (float(weight) for weight in model.coef_[0])
    return round(first, 4), round(second, 4), round(float(model.intercept_[0]), 4)


def report_states(gold: NDArray[np.int64], told: NDArray[np.int64]) -> dict[str, float]:
    """Score states: accuracy, precision and recall of the gap flag, recall of intentions, and false gaps.

    Args:
        gold: Index in ``STATES``, any shape.
        told: The same, as told.

    Example:
        >>> report_states(np.array([0, 1, 3]), np.array([0, 0, 3]))["gap_recall"]
        1.0
    """
    gap, flagged = gold < len(GAPS), told < len(GAPS)
    intent = gold == STATES.index(INTENT_ONLY)
    return {
        "accuracy": float((gold == told).mean()),
        "gap_precision": float((gap & flagged).sum() / max(flagged.sum(), 1)),
        "gap_recall": float((gap & flagged).sum() / max(gap.sum(), 1)),
        "intent_recall": float((intent & (told == STATES.index(INTENT_ONLY))).sum() / max(intent.sum(), 1)),
        "false_gaps": float((~gap & flagged).sum() / max((~gap).sum(), 1)),
    }


def decide(held_out: HeldOut, given: NDArray[np.bool_], threshold: float) -> NDArray[np.int64]:
    """Tell states as ``status.pledge_state`` does; initiatives count as concrete, which nearly all are.

    Args:
        held_out: What is said about the pledges.
        given: Whether a paragraph is given the pledge, (plans, pledges).
        threshold: Probability of an initiative from which a pledge is no gap.

    Example:
        >>> told = HeldOut(np.array([[0.9, 0.1, 0.1]]), np.array([[0.9, 0.5, 0.1]]))
        >>> [STATES[state] for state in decide(told, np.array([[True, False, False]]), 0.4)[0]]
        ['concrete', 'intent_only', 'unmentioned']
    """
    begun = held_out.begun
    likely = given | (np.maximum(held_out.mentioned, begun) - begun >= PERHAPS * (1.0 - begun))
    gap = np.where(likely, STATES.index(INTENT_ONLY), STATES.index(UNMENTIONED))
    return np.where(given & (begun >= threshold), STATES.index(CONCRETE), gap)
