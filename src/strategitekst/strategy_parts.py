"""What a strategy is made of: ambitions, pledges, initiatives, targets and foundations, each a frozen record.

Example:
    >>> Pledge("P1", "Rent vand").units()
    (Unit(text='Rent vand', kind='name', weight=2.0),)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

UnitKind = Literal["name", "sentence", "initiative", "target"]

# What the strategy itself promises by name counts double; a sentence only explains what the promise takes in.
UNIT_WEIGHTS: Mapping[UnitKind, float] = {"name": 2.0, "sentence": 1.0, "initiative": 2.0, "target": 1.0}

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÆØÅ0-9»\"])")


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of a pledge's content that a plan may take up.

    Attributes:
        text: The name, sentence, initiative or target.
        kind: Which of the four it is.
        weight: Its share in the pledge's coverage, relative to the other units; over 0.
    """

    text: str
    kind: UnitKind
    weight: float


@dataclass(frozen=True, slots=True)
class Target:
    """A measurable result that the strategy states.

    Attributes:
        text: The target in words.
        figure: The level to be reached, or None; a reduction is negative.
        unit: What the figure counts (``procent``, ``dage``); empty where there is none.
        year: When it is to be reached, or None.
    """

    text: str
    figure: float | None = None
    unit: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Initiative:
    """An initiative that the strategy lists under an ambition.

    Attributes:
        name: Its name in the strategy.
        pledges: Ids of the pledges that it serves; empty where it serves the ambition at large.
    """

    name: str
    pledges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pledge:
    """A promise to citizens.

    Attributes:
        id: The theme id, unique in the strategy (``P7``).
        name: The official wording.
        number: The official number, or None.
        description: What belongs under it, in sentences.
        initiatives: Names of the initiatives that serve it, in order; the strategy fills them in from its ambitions.
        targets: Its measurable targets.
    """

    id: str
    name: str
    number: int | None = None
    description: str = ""
    initiatives: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()

    def units(self) -> tuple[Unit, ...]:
        """Split the pledge into the weighted units that coverage is counted over.

        Returns:
            The name, the sentences of the description, the initiatives and the targets, in this order.

        Example:
            >>> [unit.text for unit in Pledge("P1", "Rent vand", 1, "Søer. Åer.", initiatives=("Nye bredder",)).units()]
            ['Rent vand', 'Søer.', 'Åer.', 'Nye bredder']
        """
        texts: list[tuple[UnitKind, str]] = [("name", self.name)]
        texts += [("sentence", sentence) for sentence in _SENTENCE_END.split(self.description) if sentence]
        texts += [("initiative", name) for name in self.initiatives]
        texts += [("target", target.text) for target in self.targets]
        return tuple(Unit(text, kind, UNIT_WEIGHTS[kind]) for kind, text in texts)


@dataclass(frozen=True, slots=True)
class Ambition:
    """A main aim with the pledges and initiatives under it.

    Attributes:
        id: The theme id, unique in the strategy (``A3``).
        name: The official name.
        description: What it gathers, in sentences.
        pledges: The pledges under it.
        initiatives: The initiatives that the strategy lists under it.
    """

    id: str
    name: str
    description: str = ""
    pledges: tuple[Pledge, ...] = ()
    initiatives: tuple[Initiative, ...] = ()


@dataclass(frozen=True, slots=True)
class Foundation:
    """Something that carries all ambitions: staff, technology, involvement, economy.

    Attributes:
        id: The theme id, unique in the strategy (``G1``).
        name: The official name.
        description: What belongs under it, in sentences.
        points: What the strategy says it will work for.
    """

    id: str
    name: str
    description: str = ""
    points: tuple[str, ...] = ()
