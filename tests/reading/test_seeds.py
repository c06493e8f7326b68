"""The real documents that lie beside the repository where it is developed."""

from __future__ import annotations

from pathlib import Path

import pytest

from strategitekst.document import Document
from strategitekst.reading import read_document

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed documents are not beside this checkout")


def seed(number: int) -> Document:
    return read_document(next(SEEDS.glob(f"{number:03}_*.txt")))


def counts(document: Document) -> dict[str, int]:
    kinds = [paragraph.kind for paragraph in document.paragraphs]
    return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, {"residue": 2, "prose": 7}),
        (1, {"residue": 5, "prose": 89, "item": 12}),
        (2, {"residue": 1, "prose": 10}),
        (3, {"residue": 12, "prose": 8}),
        (4, {"prose": 12, "residue": 2, "item": 12}),
    ],
)
def test_paragraphs_of_each_kind(number: int, expected: dict[str, int]) -> None:
    assert counts(seed(number)) == expected


def test_the_strategy_has_its_ambitions_and_pledges_as_headings() -> None:
    document = seed(1)
    sections = list(
        dict.fromkeys(paragraph.heading[1] for paragraph in document.paragraphs if len(paragraph.heading) > 1)
    )
    ambitions = ["Tættere på", "Mere forebyggelse", "Bedre sammenhæng", "Grøn omstilling"]
    assert [section for section in sections if section in ambitions] == ambitions
    pledges = {
        (paragraph.heading[1], paragraph.heading[-1].split(":")[0])
        for paragraph in document.paragraphs
        if paragraph.heading[-1].startswith("#")
    }
    assert pledges == {(ambitions[number // 3], f"#{number + 1}") for number in range(12)}


def test_words_that_layout_broke_are_whole() -> None:
    words = set(seed(1).text.replace(".", "").replace(",", "").split()) | set(seed(2).text.split())
    assert {"videndeling", "uhensigtsmæssige", "kerneopgaven", "arbejdsgange", "borgeren", "e-hospitalet"} <= words
    assert {"videreudvikling", "kerne-ydelser", "it-portefølje,"} <= words
