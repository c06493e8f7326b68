"""What a predictor says about one paragraph, and the names that it can say it with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from strategitekst.document import Document

STATEMENTS = ("initiative", "target", "commitment", "ambition", "result", "context")
"""What a paragraph can do, in the codebook's order: the first that fits is the label."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """Themes and statement of one paragraph.

    Attributes:
        themes: Ids of the themes that are said to be there, main first; empty for none.
        theme_scores: Probability (0–1) of each theme; empty where the predictor gives none.
        statement: One of ``STATEMENTS``, or empty where the predictor does not tell statements.
        statement_scores: Probability (0–1) of each statement, summing to 1; empty where the predictor gives none.

    Example:
        >>> Prediction(("P1",), {"P1": 0.8}, "context", {"context": 1.0}).themes
        ('P1',)
    """

    themes: tuple[str, ...]
    theme_scores: Mapping[str, float] = field(default_factory=dict)
    statement: str = ""
    statement_scores: Mapping[str, float] = field(default_factory=dict)


Predictor = Callable[[list[Document]], Sequence[Sequence[Prediction]]]
"""Documents to predictions: a list per document, in it a prediction per paragraph, in reading order."""
