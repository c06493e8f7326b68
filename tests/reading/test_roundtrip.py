"""Plans written to each format by libraries that others use, and read again; benchmarks/reading.py has more tools."""

from __future__ import annotations

import sys
from collections import Counter
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

from strategitekst.reading.extraction import extract

ROOT = Path(__file__).parents[2]
NAMES = ("t1a", "w02c", "r1d")


def load(path: Path) -> ModuleType:
    spec = util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def scores() -> dict[str, Counter[str]]:
    pytest.importorskip("odfdo", reason="odfdo, a development dependency, writes the OpenDocument files")
    plans = load(ROOT / "benchmarks" / "reading_plans.py")
    found: dict[str, Counter[str]] = {}
    for name in NAMES:
        plan = plans.load_plan(name)
        for kind, data in plans.own_files(plan).items():
            blocks = extract(data, name).blocks
            counts = plans.score(plan, blocks, plain=kind.startswith("text"), narrow="latin" in kind)
            found[kind] = found.get(kind, Counter()) + counts
    return found


FORMATS = [
    "markdown",
    "docx, python-docx",
    "odt, odfdo",
    "html, page with main",
    "html, page of divs",
    "text, utf-8",
    "text, utf-16",
    "text, cp1252",
    "text, latin-1",
]


@pytest.mark.parametrize("kind", FORMATS)
def test_paragraphs_and_rows_come_back(scores: dict[str, Counter[str]], kind: str) -> None:
    counts = scores[kind]
    assert counts["paragraphs_found"] >= 0.99 * counts["paragraphs"] > 100
    assert counts["rows_found"] >= 0.95 * counts["rows"] > 20
    assert counts["headings_found"] >= 0.95 * counts["headings"] > 20


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if not kind.startswith("text")])
def test_levels_come_back_and_nothing_is_added(scores: dict[str, Counter[str]], kind: str) -> None:
    counts = scores[kind]
    assert counts["levels_found"] >= 0.95 * counts["headings"]
    assert counts["extra"] == 0


@pytest.mark.parametrize("kind", ["markdown", "odt, odfdo", "html, page with main", "html, page of divs"])
def test_notes_come_back(scores: dict[str, Counter[str]], kind: str) -> None:
    assert scores[kind]["notes_found"] == scores[kind]["notes"] > 5
