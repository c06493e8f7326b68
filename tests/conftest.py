"""Results that several tests look at, made once."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

import strategitekst
from strategitekst.analysis import Analysis, analyze
from strategitekst.encoding import Encoder
from strategitekst.frames import SCHEMAS, make_frame
from strategitekst.prediction import STATEMENTS
from strategitekst.reasons import reason
from strategitekst.status import STATES
from strategitekst.strategy import Strategy, load_strategy


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The encoder that ships."""
    return Encoder()


@pytest.fixture(scope="session")
def example() -> Path:
    """The plan that ships."""
    return Path(strategitekst.__file__).parent / "examples" / "handleplan.md"


@pytest.fixture(scope="session")
def example_analysis(example: Path) -> Analysis:
    """The plan that ships, held against the default strategy."""
    return analyze(example)


@pytest.fixture(scope="session")
def make_analysis() -> Callable[..., Analysis]:
    """Make an analysis of made-up plans, without a model: what displays, plots and reports are tried on."""
    return _make_analysis


def _make_analysis(
    plans: int, paragraphs: int = 12, strategy: Strategy | None = None, *, text: str = "afsnit", failed: int = 0
) -> Analysis:
    strategy = strategy or load_strategy()
    draw = random.Random(plans)  # noqa: S311 - made-up plans need no secret
    names = [f"x/{text} {number:03}.pdf" for number in range(plans)]
    rows: dict[str, list[dict]] = {table: [] for table in SCHEMAS}
    for name in names:
        rows["documents"].append(
            {"document": name, "sha256": "0", "format": "pdf", "pages": 3, "paragraphs": paragraphs, "status": "ok",
             "message": "", "seconds": 0.1}
        )  # fmt: skip
        for number in range(paragraphs):
            themes = draw.sample(list(strategy.themes), draw.choice([0, 1, 1, 2]))
            statement = draw.choice(STATEMENTS)
            rows["paragraphs"].append(
                {"document": name, "paragraph": number, "page": number // 5 + 1, "heading": [text], "start": 0,
                 "text": f"{text} {number} i 2026 af {name}", "end": 9, "themes": themes,
                 "theme_scores": {theme: 0.8 if theme in themes else 0.05 for theme in strategy.themes},
                 "ambitions": [], "statement": statement,
                 "statement_scores": {each: 0.75 if each == statement else 0.05 for each in STATEMENTS},
                 "specificity": draw.random(), "actor": text, "deadline": "i 2026", "quantity": None, "budget": None}
            )  # fmt: skip
    for name in [*names, *(["*"] if names else [])]:
        for place, pledge in enumerate(strategy.pledges):
            state, share = draw.choice(STATES), draw.random()
            evidence = draw.sample(range(paragraphs), min(3, paragraphs))
            rows["coverage"].append(
                {"document": name, "pledge": pledge.id, "coverage": share, "low": 0.8 * share, "high": share,
                 "paragraphs": place, "initiatives": 1, "best_paragraph": 0}
            )  # fmt: skip
            best = f"{evidence[0]} i {names[0]}" if name == "*" else str(evidence[0])
            rows["pledges"].append(
                {"document": name, "pledge": pledge.id, "state": state, "confidence": 0.5 + draw.random() / 2,
                 "evidence": evidence, "reason": reason(pledge, state, place, 1, best)}
            )  # fmt: skip
    for number in range(failed):
        rows["documents"].append(
            {"document": f"x/{text} skannet {number}.pdf", "sha256": None, "format": None, "pages": None,
             "paragraphs": 0, "status": "NoTextLayer", "message": "Kør OCR", "seconds": 0.1}
        )  # fmt: skip
    frames = {table: make_frame(table, rows[table]) for table in SCHEMAS}
    return Analysis(tables=frames, strategy=strategy, manifest={"strategitekst": text})
