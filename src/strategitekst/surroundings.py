"""A paragraph's themes, seen among what stands around it: the other paragraphs of its section, and the rival themes.

A head reads a paragraph with its headings alone. What the others under the same headings are about tells more: a short
line in a section on buses is about buses. And few paragraphs have two themes: one that is surely about one thing is
less likely about another. Both count in log-odds beside the head's own score, by weights learnt on labelled plans.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strategitekst.odds import expit, log_odds, rivals

Floats = NDArray[np.float64]

PLAN_PRIOR = 1.0
"""How many paragraphs with the usual themes a plan is taken to have beside its own, where its themes are counted."""
SECTION_PRIOR = 2.0
"""How many paragraphs with the plan's themes a section is taken to have beside its own."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Weighs a paragraph's own probabilities with those around it.

    Attributes:
        weights: Of the paragraph's own log-odds, of the log-odds of the theme in the rest of its section against those
            in the rest of the plan, and of the log-odds of the theme's greatest rival.
        shift: Added to them, (themes,), or (1,) for all themes alike.
        usual: Usual share of paragraphs with each theme, 0–1, (themes,), or (1,).

    Example:
        >>> around = Surroundings((1.0, 1.0, 0.0), np.zeros(1), np.full(1, 0.1))
        >>> alone = np.array([[0.3, 0.1], [0.9, 0.0], [0.9, 0.0], [0.0, 0.9]])
        >>> around.probabilities(alone, ["Busser", "Busser", "Busser", "Natur"])[0].round(1).tolist()
        [0.5, 0.0]
    """

    weights: tuple[float, float, float]
    shift: Floats
    usual: Floats

    def probabilities(self, alone: Floats, sections: Sequence[Hashable]) -> Floats:
        """Weigh the probabilities of all paragraphs of a plan.

        A paragraph without others around it keeps its own odds, rivals aside. The order of the paragraphs changes
        nothing.

        Args:
            alone: Probability that each paragraph, read by itself, has each theme, (paragraphs, themes).
            sections: What tells the section of each paragraph: its headings.

        Returns:
            Probabilities, (paragraphs, themes).
        """
        return expit(sum(self.parts(alone, sections)) + self.shift)

    def parts(self, alone: Floats, sections: Sequence[Hashable]) -> tuple[Floats, Floats, Floats]:
        """Give what the three add to the log-odds; with ``shift`` they are the score. Arguments as ``probabilities``.

        Returns:
            Own, section and rival, each (paragraphs, themes).
        """
        told = evidence(alone, sections, self.usual)
        own, section, rival = (weight * each for weight, each in zip(self.weights, told, strict=True))
        return own, section, rival

    def state(self, name: str) -> tuple[list[float], dict[str, NDArray[Any]]]:
        """Give what a model directory must hold: weights for its config, and arrays whose names begin with ``name``."""
        return list(self.weights), {f"{name}_shift": self.shift, f"{name}_usual": self.usual}

    @classmethod
    def from_state(cls, name: str, weights: Sequence[float], tensors: Mapping[str, NDArray[Any]]) -> Surroundings:
        """Build it from what ``state`` gave."""
        own, section, rival = weights
        shift, usual = (tensors[f"{name}_{part}"].astype(np.float64) for part in ("shift", "usual"))
        return cls((own, section, rival), shift, usual)


def evidence(alone: Floats, sections: Sequence[Hashable], usual: Floats) -> tuple[Floats, Floats, Floats]:
    """Tell what speaks for each theme of each paragraph of a plan.

    Args:
        alone: Probability that each paragraph, read by itself, has each theme, (paragraphs, themes).
        sections: The section of each paragraph.
        usual: Usual share of paragraphs with each theme, (themes,) or (1,).

    Returns:
        In log-odds, each (paragraphs, themes): the paragraph's own; the theme in the rest of its section against the
        rest of the plan, 0 where it stands alone; its greatest rival.
    """
    if not len(alone):
        return alone, alone, alone
    plan = _rest(alone, np.zeros(len(alone), dtype=np.int64), np.broadcast_to(usual, alone.shape), PLAN_PRIOR)
    numbers = {section: number for number, section in enumerate(dict.fromkeys(sections))}
    section = _rest(alone, np.array([numbers[each] for each in sections]), plan, SECTION_PRIOR)
    # A strategy of one theme has no rivals: then one that is as likely as usual stands for them.
    rival = rivals(alone) if alone.shape[1] > 1 else np.broadcast_to(usual, alone.shape)
    return log_odds(alone), log_odds(section) - log_odds(plan), log_odds(rival)


def _rest(alone: Floats, group: NDArray[np.int64], prior: Floats, weight: float) -> Floats:
    """Give the mean of the others in each paragraph's group, drawn towards a prior."""
    total = np.zeros((group.max() + 1, alone.shape[1]))
    np.add.at(total, group, alone)
    others = np.bincount(group)[group][:, None] - 1.0
    # Rounded: the order in which paragraphs are summed must not show in the last bit.
    return np.asarray((np.maximum(total[group] - alone, 0.0).round(9) + weight * prior) / (others + weight))
