"""Classified paragraphs of a plan, or of all plans → the rows on coverage and state of every pledge."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strategitekst.calibration import MODEL as CALIBRATION_MODEL
from strategitekst.calibration import find_calibration
from strategitekst.classification import Classification
from strategitekst.coverage import Calibration, Nearest
from strategitekst.encoding import Encoder
from strategitekst.errors import UsageError
from strategitekst.hits import GIVEN, HIT, keep_decisive, list_given, list_hits, signals_of
from strategitekst.model_set import Kind, ModelSet
from strategitekst.reasons import reason
from strategitekst.signs import Row, read_signs, row_of
from strategitekst.state_model import MODEL as STATE_MODEL
from strategitekst.state_model import StateModel, load_state_model
from strategitekst.status import ALL, pledge_state
from strategitekst.strategy import Strategy

Tables = tuple[list[dict[str, Any]], list[dict[str, Any]]]
"""Rows for the tables ``coverage`` and ``pledges``."""

TOGETHER = 512
"""Paragraphs of plans that are looked at together, where all plans are measured as one: that costs less a plan."""


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What plans are held against: the units of every pledge as vectors, and the encoder's calibration.

    Attributes:
        strategy: The strategy.
        units: For each pledge the vectors of its units, (units, dimensions).
        weights: For each pledge the weights of its units.
        own: For each pledge the similarity of each unit to itself as a paragraph.
        calibration: Of the encoder.
        states: How states are weighed.
        abstain: Certainty, 0.5–1, under which a state is ``uncertain``; None for never.
    """

    strategy: Strategy
    units: tuple[NDArray[Any], ...]
    weights: tuple[NDArray[Any], ...]
    own: tuple[NDArray[Any], ...]
    calibration: Calibration
    states: StateModel
    abstain: float | None = None


def make_yardstick(
    strategy: Strategy,
    encoder: Encoder,
    *,
    kind: Kind | None = None,
    models: ModelSet | None = None,
    abstain: float | None = None,
) -> Yardstick:
    """Embed the pledges' units.

    Args:
        strategy: The strategy.
        encoder: The one that embeds the plans too.
        kind: What tells the themes: a head trained on the strategy, or the zero-shot scorer; if None, what ``models``
            has.
        models: The models for the strategy; those that ship if None.
        abstain: Certainty, 0.5–1, under which a state is ``uncertain``; None for never.

    Returns:
        The yardstick; pledges in the strategy's order.

    Raises:
        UsageError: ``abstain`` is no such certainty.
        ModelError: There is no calibration for the encoder, or the user's own models are not for the strategy.
    """
    if abstain is not None and not 0.5 <= abstain <= 1.0:
        raise UsageError(f"abstain er {abstain}: angiv en sikkerhed fra 0.5 til 1, for eksempel 0.8")
    models = models or ModelSet(strategy)
    units = [pledge.units() for pledge in strategy.pledges]
    texts = [unit.text for some in units for unit in some]
    asked, said = (encoder.encode(texts, prompt).astype(np.float64) for prompt in ("query", "passage"))
    ends = np.cumsum([len(some) for some in units])[:-1]
    return Yardstick(
        strategy,
        tuple(np.split(asked, ends)),
        tuple(np.array([unit.weight for unit in some]) for some in units),
        tuple(np.split((asked * said).sum(axis=1), ends)),
        find_calibration(encoder, models.find(CALIBRATION_MODEL)),
        load_state_model(kind or models.kind, models.find(STATE_MODEL)),
        abstain,
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

    It keeps 19 bytes of each mention of a pledge, and more only of the paragraphs that states and coverage rest on. The
    order in which plans come changes nothing, and what is said twice under the same headings counts once.

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
        self._waiting: list[tuple[NDArray[np.int64], list[Row], NDArray[Any]]] = []
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
        self._waiting.append((first_row + np.arange(len(rows)), rows, vectors))
        if sum(len(numbers) for numbers, _, _ in self._waiting) >= TOGETHER:
            self._gather()
        insort(self._starts, (first_row, document))

    def _gather(self) -> None:
        if self._waiting:
            numbers, rows, vectors = zip(*self._waiting, strict=True)
            self._gathered.add(np.concatenate(numbers), list(chain.from_iterable(rows)), np.concatenate(vectors))
            self._waiting = []

    def rows(self) -> Tables:
        """Measure every pledge in the plans that came.

        Returns:
            Rows for the tables ``coverage`` and ``pledges``, in the strategy's order; paragraphs are numbered by their
            row in the table of paragraphs. None where no plan came: what was not read is not absent.
        """
        if not self._came:
            return [], []
        self._gather()
        return self._gathered.tables(ALL, self._place)

    def _place(self, row: int) -> str:
        first, document = self._starts[bisect_right(self._starts, row, key=lambda start: start[0]) - 1]
        return f"{row - first} i {document}"


class _Gathered:
    """What is known about the pledges from the paragraphs that came."""

    def __init__(self, yardstick: Yardstick) -> None:
        self._yardstick = yardstick
        self._pledges = yardstick.strategy.pledges
        self._hits = np.empty(0, dtype=HIT)
        self._given: list[NDArray[Any]] = [np.empty(0, dtype=GIVEN)]
        self._nearest = [
            Nearest(units, weights, yardstick.calibration, own)
            for units, weights, own in zip(yardstick.units, yardstick.weights, yardstick.own, strict=True)
        ]

    def add(self, numbers: NDArray[np.int64], rows: Sequence[Row], vectors: NDArray[Any]) -> None:
        if not rows:
            return
        signs = read_signs(rows, [pledge.id for pledge in self._pledges])
        self._given.append(list_given(signs))
        self._hits = keep_decisive(np.concatenate([self._hits, list_hits(signs, numbers)]))
        # Coverage goes by each paragraph alone: what a paragraph takes up is not lost by another that comes beside it.
        # Rounded as the tables are: a plan read back from disk must give the same.
        theme = self._yardstick.states.serves(signs.alone, signs.rival).round(4)
        speaks = np.flatnonzero(signs.speaks)
        spoken = np.asarray(vectors, dtype=np.float64)[speaks]
        for column, nearest in enumerate(self._nearest):
            nearest.add(spoken, signs.key[speaks], numbers[speaks], theme[speaks, column])

    def tables(self, document: str, place: Callable[[int], str]) -> Tables:
        given = np.unique(np.concatenate(self._given))
        coverages, pledges = [], []
        for number, (pledge, nearest) in enumerate(zip(self._pledges, self._nearest, strict=True)):
            own = self._hits[self._hits["pledge"] == number]
            mentions = given[given["pledge"] == number]
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
            yardstick = self._yardstick
            state = pledge_state(signals_of(own), bool(len(mentions)), yardstick.states, abstain=yardstick.abstain)
            evidence = own["row"][list(state.evidence)].tolist()
            best = place(evidence[0]) if evidence else None
            pledges.append(
                {
                    "document": document,
                    "pledge": pledge.id,
                    "state": state.state,
                    "confidence": round(state.confidence, 4),
                    "evidence": evidence,
                    "reason": reason(
                        pledge,
                        state.state,
                        len(mentions),
                        int(mentions["begun"].sum()),
                        best,
                        confidence=state.confidence,
                    ),
                }
            )
        return coverages, pledges
