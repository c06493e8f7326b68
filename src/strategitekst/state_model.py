"""The few numbers that turn paragraphs' probabilities into the state of a pledge; learnt from labelled plans.

They ship as JSON, a set for themes told by a trained head and one for themes told zero-shot, whose probabilities are
worth less.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strategitekst.errors import ModelError
from strategitekst.model_set import Kind
from strategitekst.odds import expit, log_odds
from strategitekst.resources import model_path

Floats = NDArray[np.float64]

MODEL = "states"
FILE = "config.json"
FORMAT_VERSION = 1

BEST = 5
"""The paragraphs that decide: those beyond the fifth add noise in long plans and nothing in short ones."""


@dataclass(frozen=True, slots=True)
class StateModel:
    """Three logistic regressions, every weight of evidence at least 0, so that more evidence never counts against.

    Attributes:
        theme: For coverage, of a paragraph read by itself: weights of its log-odds of serving the pledge and of its
            log-odds of serving the theme that rivals it, and a constant.
        initiative: Weights of the amount of initiatives and of mentions in the best paragraphs, and a constant.
        mention: Weights of the log-odds of the best and the second mention, and a constant.
        threshold: Probability of an initiative from which a pledge is no gap; under 0.5, since a missed initiative
            makes a false gap, the worst error.
    """

    theme: tuple[float, float, float]
    initiative: tuple[float, float, float]
    mention: tuple[float, float, float]
    threshold: float

    def serves(self, own: Floats, rival: Floats) -> Floats:
        """Weigh the probability that a paragraph serves a pledge against the theme that rivals it.

        Args:
            own: Probability of the pledge, any shape.
            rival: The greatest probability of another theme, same shape.

        Returns:
            Probability that the paragraph serves the pledge, same shape.

        Example:
            >>> model = StateModel((1.0, -0.5, 0.0), (1.0, 1.0, 0.0), (1.0, 1.0, 0.0), 0.5)
            >>> model.serves(np.array([0.5, 0.5]), np.array([0.5, 0.9])).round(2).tolist()
            [0.5, 0.25]
        """
        return expit(self.theme[0] * log_odds(own) + self.theme[1] * log_odds(rival) + self.theme[2])

    def begun(self, amounts: Floats) -> Floats:
        """Give the probability of an initiative from ``initiative_features``, (…, 2)."""
        return expit(amounts @ np.array(self.initiative[:2]) + self.initiative[2])

    def mentioned(self, odds: Floats) -> Floats:
        """Give the probability of a mention from ``mention_features``, (…, 2)."""
        return expit(odds @ np.array(self.mention[:2]) + self.mention[2])


def initiative_features(theme: Floats, initiative: Floats) -> Floats:
    """Tell how much speaks for an initiative.

    Args:
        theme: Probability of each paragraph to serve the pledge.
        initiative: Probability of each to be an initiative.

    Returns:
        The amounts of initiatives and of mentions in the best paragraphs, as logarithms, (2,).
    """
    return np.array([_amount(theme * initiative), _amount(theme)])


def mention_features(theme: Floats) -> Floats:
    """Tell how much speaks for a mention: the log-odds of the best paragraph and of the second, (2,)."""
    best = np.append(np.sort(theme)[::-1][:2], [0.0, 0.0])
    return log_odds(best[:2])


def load_state_model(kind: Kind = "trained", folder: Path | None = None) -> StateModel:
    """Read the numbers.

    Args:
        kind: What told the themes: a head trained on the strategy, or the zero-shot scorer.
        folder: Where they lie; those that ship if None.

    Raises:
        ModelError: The file is missing or damaged.

    Example:
        >>> 0.2 < load_state_model().threshold < 0.5
        True
    """
    folder = folder or model_path(MODEL)
    try:
        content: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        numbers = content["models"][kind]
        return StateModel(
            tuple(numbers["theme"]), tuple(numbers["initiative"]), tuple(numbers["mention"]), numbers["threshold"]
        )
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{folder} er beskadiget ({error}): installér strategitekst igen") from error


def save_state_models(folder: Path, models: dict[str, StateModel], about: dict[str, Any]) -> None:
    """Write the numbers, with what they were learnt from."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "format_version": FORMAT_VERSION,
        **about,
        "models": {kind: asdict(model) for kind, model in models.items()},
    }
    (folder / FILE).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _amount(probability: Floats) -> float:
    """Give the logarithm of the amount in the best paragraphs: -log of the probability that there is none at all."""
    best = np.sort(probability)[::-1][:BEST]
    return float(np.log(1e-3 - np.log1p(-np.minimum(best, 0.999)).sum()))
