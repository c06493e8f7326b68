"""How well passages of a plan are found for goals that nothing was learnt from: ``st.relevance`` beside plain rankers.

    python benchmarks/relevance.py               # the goals that no number was picked on
    python benchmarks/relevance.py --picked-on   # the others

The plans and goals lie in ``corpus/relevance``: goals in the manner of the targets for sustainable development, plans
of made-up countries, regions and municipalities in five languages. BM25 (bm25s) runs over Snowball stems of the plan's
language, e5 is the cosine of the encoder that ships, and the fusion adds their reciprocal ranks (Cormack et al. 2009).
Intervals (95 %) draw goals anew.
"""

from __future__ import annotations

import argparse
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import snowballstemmer
from numpy.typing import NDArray

from strategitekst.encoding import Encoder
from strategitekst.ranking import relevance

FOLDER = Path(__file__).resolve().parents[1] / "corpus" / "relevance"
LANGUAGES = {"en": "english", "en2": "english", "da": "danish", "no": "norwegian", "sv": "swedish", "de": "german"}
CUTS = (10, 30)
FUSED_FROM = 60  # the constant of reciprocal rank fusion
DRAWS = 1000

Floats = NDArray[Any]


@dataclass(frozen=True)
class Bed:
    """Goals and the passages of a plan.

    Attributes:
        name: Of the plan.
        language: As Snowball names it.
        ids: Of the goals: numbers of targets.
        goals: Their texts.
        passages: The plan, paragraph by paragraph.
        matches: Whether a passage speaks to a goal, (goals, passages).
    """

    name: str
    language: str
    ids: tuple[str, ...]
    goals: tuple[str, ...]
    passages: tuple[str, ...]
    matches: NDArray[np.bool_]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--picked-on", action="store_true", help="goals that numbers in ranking were picked on")
    parser.add_argument("--encoder", type=Path, help="folder of another encoder than the one that ships")
    given = parser.parse_args()
    picked = given.picked_on
    beds = [read_bed(name) for name in LANGUAGES]
    encoder = Encoder(given.encoder)
    figures = [f"recall@{cut}" for cut in CUTS] + ["average precision"]
    print("| plan | goals | passages | ranker | " + " | ".join(figures) + " |")
    print("|---" * (4 + len(figures)) + "|")
    for bed in [*beds, together(beds[0], beds[1])]:
        some = np.array([is_picked_on(goal) == picked for goal in bed.ids])
        for name, scores in rank(bed, encoder).items():
            each = [*(recall(scores, bed.matches, cut) for cut in CUTS), average_precision(scores, bed.matches)]
            cells = " | ".join(_with_interval(values[some]) for values in each)
            print(f"| {bed.name} | {some.sum()} | {len(bed.passages)} | {name} | {cells} |")


def is_picked_on(goal: str) -> bool:
    """Tell whether numbers in ``ranking`` were picked by looking at this goal: one half, the same in every language."""
    return zlib.crc32(goal.encode()) % 2 == 0


def read_bed(name: str) -> Bed:
    """Read one plan and its goals; goals that the plan has nothing on are left out."""
    lines = (FOLDER / f"goals-{name}.tsv").read_text(encoding="utf-8").splitlines()
    goals = dict(line.split("\t") for line in lines)
    rows = [line.split("|", 1) for line in (FOLDER / f"plan-{name}.txt").read_text(encoding="utf-8").splitlines()]
    spoken_to = [set(row[0].split()) for row in rows]
    ids = tuple(goal for goal in goals if any(goal in some for some in spoken_to))
    matches = np.array([[goal in some for some in spoken_to] for goal in ids])
    texts = tuple(goals[goal] for goal in ids)
    return Bed(name, LANGUAGES[name], ids, texts, tuple(row[1] for row in rows), matches)


def together(first: Bed, second: Bed) -> Bed:
    """Join two plans of a language to a long one, with the goals that both speak to."""
    ids = tuple(goal for goal in first.ids if goal in second.ids)
    rows = [[bed.ids.index(goal) for goal in ids] for bed in (first, second)]
    return Bed(
        f"{first.name}+{second.name}",
        first.language,
        ids,
        tuple(first.goals[row] for row in rows[0]),
        first.passages + second.passages,
        np.hstack([first.matches[rows[0]], second.matches[rows[1]]]),
    )


def rank(bed: Bed, encoder: Encoder) -> dict[str, Floats]:
    """Score every passage for every goal by each ranker, (goals, passages)."""
    words = _bm25(bed)
    meaning = encoder.encode(bed.goals, "query") @ encoder.encode(bed.passages, "passage").T
    return {
        "BM25": words,
        "e5": meaning,
        "both, ranks fused": sum(1.0 / (FUSED_FROM + 1 + _ranks(scores)) for scores in (words, meaning)),
        "st.relevance": relevance(bed.goals, bed.passages, encoder=encoder),
    }


def _bm25(bed: Bed) -> Floats:
    stemmer = snowballstemmer.stemmer(bed.language)

    def stems(text: str) -> list[str]:
        return stemmer.stemWords(re.findall(r"\w+", text.lower()))

    retriever = bm25s.BM25()
    retriever.index([stems(passage) for passage in bed.passages], show_progress=False)
    return np.stack([retriever.get_scores(stems(goal)) for goal in bed.goals])


def _ranks(scores: Floats) -> Floats:
    return np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1)


def recall(scores: Floats, matches: NDArray[np.bool_], cut: int) -> Floats:
    """Give each goal's share of its passages that stand among the first ``cut``."""
    return ((_ranks(scores) < cut) & matches).sum(axis=1) / matches.sum(axis=1)


def average_precision(scores: Floats, matches: NDArray[np.bool_]) -> Floats:
    """Give each goal's average precision."""
    hit = np.take_along_axis(matches, np.argsort(-scores, axis=1, kind="stable"), axis=1)
    return (hit * hit.cumsum(axis=1) / np.arange(1, hit.shape[1] + 1)).sum(axis=1) / hit.sum(axis=1)


def _with_interval(values: Floats) -> str:
    drawn = np.random.default_rng(0).choice(values, (DRAWS, len(values))).mean(axis=1)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return f"{values.mean():.3f} ({low:.2f}–{high:.2f})"


if __name__ == "__main__":
    main()
