"""How well themes and statements are found: a predictor's labels against those of a reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strategitekst.corpus_labels import LabelledDocument, LabelledParagraph
from strategitekst.errors import UsageError
from strategitekst.metrics import DRAWS, Scores, Table, score
from strategitekst.prediction import STATEMENTS, Prediction
from strategitekst.reliability import COVERAGES, Abstention, Reliability, reliability, set_confidence, surest
from strategitekst.strategy import Strategy, load_strategy

FOUNDATIONS = "G"
"""The class of all foundations together where themes are told by ambition."""

CONCRETE = "initiative|target"
"""The class of paragraphs that can be held to account."""


NONE = "–"
"""Stands in a confusion for no class at all."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """A class that paragraphs have, and one that is wrongly said of them.

    Attributes:
        level: ``themes`` or ``statements``.
        gold: The class that they have, found or not; ``–`` where they have none.
        predicted: The class that is said wrongly; ``–`` where the first is missed and nothing wrong is said.
        paragraphs: In how many paragraphs.
        share: Their share of the paragraphs that have the first class.
    """

    level: str
    gold: str
    predicted: str
    paragraphs: int
    share: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well a predictor does.

    Attributes:
        documents: How many documents.
        paragraphs: How many paragraphs.
        themes: Each theme of the strategy.
        exact: Share of the paragraphs whose set of themes is exactly right.
        ambitions: Each ambition, with its pledges folded into it, and ``G`` for the foundations.
        statements: Each statement; None where the predictor tells none. Their micro F1 is the share of right ones.
        concrete: Initiative or target against the rest; None likewise.
        theme_reliability: Over all paragraphs × themes; None where the predictor gives no probabilities.
        statement_reliability: Of the statement that is said; None likewise.
        confusions: The commonest first, themes before statements.
        abstention: What is right among the surest paragraphs; empty where there are no probabilities.
    """

    documents: int
    paragraphs: int
    themes: Scores
    exact: float
    ambitions: Scores
    statements: Scores | None
    concrete: Scores | None
    theme_reliability: Reliability | None
    statement_reliability: Reliability | None
    confusions: tuple[Confusion, ...]
    abstention: tuple[Abstention, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain dictionaries and lists, ready for JSON."""
        return asdict(self)


def evaluate(
    gold: Sequence[LabelledDocument],
    predicted: Sequence[Sequence[Prediction]],
    *,
    strategy: Strategy | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Evaluation:
    """Compare predictions to labels.

    Args:
        gold: Labelled documents, with one paragraph or more between them.
        predicted: For each of them a prediction per paragraph, in the same order.
        strategy: Whose themes the labels name; the default strategy if None.
        draws: How many times the documents are drawn for the intervals.
        seed: Start of the random numbers.

    Returns:
        The figures; the order of the documents makes no difference.

    Raises:
        UsageError: Predictions and labels do not fit together, or a prediction names an unknown theme or statement.
    """
    strategy = strategy or load_strategy()
    if [len(each.paragraphs) for each in gold] != [len(each) for each in predicted]:
        raise UsageError(
            "forudsigelserne passer ikke til de mærkede dokumenter: giv én til hvert afsnit, i samme orden"
        )
    ordered = sorted(zip(gold, predicted, strict=True), key=lambda pair: pair[0].document.name)
    labels = [label for document, _ in ordered for label in document.paragraphs]
    said = [prediction for _, predictions in ordered for prediction in predictions]
    if not labels:
        raise UsageError("der er ingen mærkede afsnit at måle på: angiv en mappe med mærkede dokumenter")
    documents = np.repeat(np.arange(len(ordered)), [len(document.paragraphs) for document, _ in ordered])
    names = list(strategy.themes)
    there, found = table([each.themes for each in labels], names), table([each.themes for each in said], names)
    theme_scores = _scores([each.theme_scores for each in said], names)

    def scored(gold_table: Table, said_table: Table, classes: Sequence[str]) -> Scores:
        return score(gold_table, said_table, classes, documents, draws=draws, seed=seed)

    levels, folding = _ambition_levels(strategy)
    statements = _Statements(labels, said) if all(each.statement for each in said) else None
    return Evaluation(
        documents=len(ordered),
        paragraphs=len(labels),
        themes=scored(there, found, names),
        exact=float((there == found).all(axis=1).mean()),
        ambitions=scored(there @ folding, found @ folding, levels),
        statements=scored(statements.there, statements.found, STATEMENTS) if statements else None,
        concrete=scored(statements.concrete(statements.there), statements.concrete(statements.found), [CONCRETE])
        if statements
        else None,
        theme_reliability=None if theme_scores is None else reliability(theme_scores, there),
        statement_reliability=None
        if statements is None or statements.scores is None
        else reliability(statements.scores[statements.found], statements.right),
        confusions=(
            *_confusions("themes", there, found, names),
            *(_confusions("statements", statements.there, statements.found, STATEMENTS) if statements else ()),
        ),
        abstention=_abstention(there, found, theme_scores, statements),
    )


class _Statements:
    """The statements of all paragraphs, as tables."""

    def __init__(self, labels: Sequence[LabelledParagraph], said: Sequence[Prediction]) -> None:
        self.there = table([(each.statement,) for each in labels], STATEMENTS)
        self.found = table([(each.statement,) for each in said], STATEMENTS)
        self.scores = _scores([each.statement_scores for each in said], STATEMENTS)
        self.right: NDArray[np.bool_] = np.any(self.there & self.found, axis=1)

    @staticmethod
    def concrete(statements: Table) -> Table:
        columns = [STATEMENTS.index(name) for name in CONCRETE.split("|")]
        any_of: Table = np.any(statements[:, columns], axis=1, keepdims=True)
        return any_of


def table(labels: Sequence[Sequence[str]], names: Sequence[str]) -> Table:
    """Put labels into a table.

    Args:
        labels: The labels of each paragraph.
        names: The classes, one column each.

    Returns:
        (paragraphs, classes).

    Raises:
        UsageError: A label is none of the classes.

    Example:
        >>> table([("P2",), ()], ["P1", "P2"]).astype(int).tolist()
        [[0, 1], [0, 0]]
    """
    columns = {name: column for column, name in enumerate(names)}
    filled = np.zeros((len(labels), len(names)), dtype=bool)
    for row, given in enumerate(labels):
        for label in given:
            if label not in columns:
                raise UsageError(f'ukendt mærke "{label}": brug {", ".join(names)}')
            filled[row, columns[label]] = True
    return filled


def _scores(scores: Sequence[Any], names: Sequence[str]) -> NDArray[np.float64] | None:
    """Put probabilities into a table; a class that is not named has 0. None where a paragraph has none at all."""
    if not all(scores):
        return None
    return np.array([[float(each.get(name, 0.0)) for name in names] for each in scores])


def _ambition_levels(strategy: Strategy) -> tuple[list[str], Table]:
    """Name the ambitions and the foundations, and tell which theme belongs to which: (themes, levels)."""
    above = [strategy.ambition_of(theme) for theme in strategy.themes]
    levels = [ambition.id for ambition in strategy.ambitions]
    if strategy.foundations:
        levels.append(FOUNDATIONS)
    folding = table([(ambition.id if ambition else FOUNDATIONS,) for ambition in above], levels)
    return levels, folding


def _confusions(level: str, there: Table, found: Table, names: Sequence[str]) -> list[Confusion]:
    wrong, missed = found & ~there, there & ~found
    bare, silent = (~np.any(each, axis=1, keepdims=True) for each in (there, wrong))
    has = np.hstack([there, bare]).astype(int)
    only_missed = np.append((missed & silent).sum(axis=0), 0)
    counts = np.column_stack([has.T @ wrong.astype(int), only_missed])
    labels = [*names, NONE]
    confusions = [
        Confusion(level, labels[i], labels[j], int(counts[i, j]), float(counts[i, j] / has[:, i].sum()))
        for i, j in np.argwhere(counts)
    ]
    return sorted(confusions, key=lambda each: (-each.paragraphs, each.gold, each.predicted))


def _abstention(
    there: Table, found: Table, theme_scores: NDArray[np.float64] | None, statements: _Statements | None
) -> tuple[Abstention, ...]:
    sure = None if theme_scores is None else set_confidence(theme_scores, found)
    sure_of_statement = None
    if statements and statements.scores is not None:
        sure_of_statement = statements.scores[statements.found]
    points = []
    for coverage in COVERAGES:
        f1 = exact = accuracy = None
        if sure is not None:
            kept = surest(sure, coverage)
            decided = int(there[kept].sum() + found[kept].sum())
            f1 = 2 * int((there & found)[kept].sum()) / decided if decided else None
            exact = float((there == found)[kept].all(axis=1).mean())
        if statements and sure_of_statement is not None:
            accuracy = float(statements.right[surest(sure_of_statement, coverage)].mean())
        points.append(Abstention(coverage, f1, exact, accuracy))
    return tuple(points) if sure is not None or sure_of_statement is not None else ()
