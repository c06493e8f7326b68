"""Plans to measure with: drawn from the paragraphs of the corpus, the same ones at every call."""

from __future__ import annotations

import random
import re
from pathlib import Path

from strategitekst.corpus import load_corpus

CORPUS = Path(__file__).resolve().parents[1] / "corpus"


def write_plans(folder: Path, count: int, paragraphs: int, *, distinct: bool, seed: int = 0) -> list[str]:
    """Write plans as text files.

    Args:
        folder: Where; made if it is not there.
        count: How many.
        paragraphs: How many paragraphs each has.
        distinct: Whether every paragraph is one of its own: numbers in it are changed, so that no vector serves twice.
        seed: Of the drawing.

    Returns:
        The texts of all paragraphs.
    """
    draw = random.Random(seed)  # noqa: S311 - nothing secret
    pool = [each.paragraph.text for document in load_corpus(CORPUS, "train") for each in document.paragraphs]
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number in range(count):
        texts = [draw.choice(pool) for _ in range(paragraphs)]
        if distinct:
            texts = [_changed(text, len(written) + place) for place, text in enumerate(texts)]
        content = "\n\n".join([f"Handleplan {number}", *texts])
        (folder / f"plan-{number:05}.txt").write_text(content + "\n", encoding="utf-8")
        written += texts
    return written


def _changed(text: str, number: int) -> str:
    """Make a paragraph another one of the same kind: other figures, or one more where it has none."""
    figures = re.sub(r"\d+", lambda match: str(int(match[0]) + number % 97), text)
    return f"{figures.rstrip('.')} (sag {number})."
