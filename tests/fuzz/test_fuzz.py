"""A few of the damaged files that ``fuzz.py`` makes by the thousand."""

from __future__ import annotations

import sys
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

from strategitekst.reading import Limits


@pytest.fixture(scope="module")
def fuzz() -> ModuleType:
    for library in ("docx", "reportlab"):
        pytest.importorskip(library, reason=f"{library}, a development dependency, makes files to damage")
    path = Path(__file__).with_name("fuzz.py")
    spec = util.spec_from_file_location("fuzz", path)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    sys.modules["fuzz"] = module
    spec.loader.exec_module(module)
    return module


def test_damaged_files_end_with_a_document_or_a_named_error(fuzz: ModuleType) -> None:
    originals = fuzz.seeds()
    outcomes = [fuzz.attempt(number, Limits(seconds=10), originals) for number in range(150)]
    assert [(kind, outcome) for kind, _, outcome in outcomes if outcome.wrong] == []
    assert {kind for kind, _, outcome in outcomes if outcome.status == "ok"} == set(originals)


def test_the_undamaged_files_are_read(fuzz: ModuleType) -> None:
    from strategitekst.reading import read_document

    for kind, data in fuzz.seeds().items():
        document = read_document(data, name=kind)
        assert fuzz.SENTENCES[0] in document.text, kind
