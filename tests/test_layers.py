"""The order of the modules: what each may import, and how long it may be."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import strategitekst

PACKAGE = Path(strategitekst.__file__).parent
MOST_LINES = 300

# From the bottom up: a module imports only what stands before it. ``reading``, ``language``, ``report`` are packages.
ORDER = """
errors atomic resources persistence labels marks display document
strategy_parts strategy_toml strategy
reading language
strategy_lines strategy_reading
cores embedding_cache attention encoder_models encoding sentence_module
prediction specificity odds surroundings ngrams features inputs heads model_set pairs zero_shot ranking themes
classification
duplicates corpus_labels corpus agreement
coverage calibration state_model status reasons signs hits evidence contributions explanation comparison
metrics reliability evaluation baselines evaluation_report
provenance surroundings_training training own_training
fitting attention_training head_training relevance_training state_training
frames assessment document_result manifest
told report notebook excel
batch
questions analyzing analysis differences
plots print_tables summary cli
"""
LAYERS = ORDER.split()

MODULES = sorted(PACKAGE.rglob("*.py"))


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Name the layers that a module imports anywhere: at its top, inside functions and for types."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            names = [node.module or ""]
            if node.module == "strategitekst":
                names = [f"strategitekst.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("strategitekst.")}
    return found


def test_every_module_has_its_place() -> None:
    assert {layer(path) for path in MODULES} - {"__init__"} == set(LAYERS)
    assert len(LAYERS) == len(set(LAYERS))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_go_one_way(path: Path) -> None:
    own = layer(path)
    if own == "__init__":
        return  # it names the public part of all layers
    wrong = {name for name in imported(path) - {own} if LAYERS.index(name) > LAYERS.index(own)}
    assert not wrong, f"{own} lies below {sorted(wrong)}"


def test_packages_are_entered_by_their_front_or_a_named_module() -> None:
    """Nothing below ``reading`` or ``report`` is imported from outside: their fronts say what they offer."""
    for path in MODULES:
        for package in ("reading", "report"):
            if layer(path) != package:
                assert f"strategitekst.{package}." not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_modules_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < MOST_LINES


def test_there_is_no_pickle() -> None:
    for path in MODULES:
        names = {
            alias.name.split(".")[0]
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in ([ast.alias(node.module or "")] if isinstance(node, ast.ImportFrom) else node.names)
        }
        assert not names & {"pickle", "joblib", "dill", "cloudpickle", "shelve"}, path
