"""Every hostile file ends in time with a name, and the process that asked lives on."""

from __future__ import annotations

import sys
import time
from importlib import util
from itertools import chain
from pathlib import Path
from types import ModuleType

import pytest

from strategitekst import errors
from strategitekst.reading import Limits, read_document

NAMED = {
    name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, errors.ReadingError)
}
WITHOUT_TEXT = ("tom.", "kun-", "uden-tekst", "krypteret", "zip-i-zip", "afkortet.docx", "afkortet.pdf", "tilfældig")


def load(name: str) -> ModuleType:
    path = Path(__file__).with_name(f"{name}.py")
    spec = util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(Path, "symlink_to") or sys.platform == "win32", reason="paths of POSIX systems")
def test_hostile_files_end_with_a_name(tmp_path: Path) -> None:
    hostile = load("hostile")
    seconds = 4
    statuses: dict[str, str] = {}
    messages: dict[str, str] = {}
    for name, source in chain(hostile.hostile_files(), hostile.hostile_paths(tmp_path)):
        started = time.monotonic()
        try:
            document = read_document(source, name=name, limits=Limits(seconds=seconds))
            statuses[name] = "ok" if any(sign.isalnum() for sign in document.text) else "ok without text"
        except errors.ReadingError as error:
            statuses[name] = type(error).__name__
            messages[name] = str(error)
        assert time.monotonic() - started < 30, name
    assert len(statuses) >= 40
    assert not [name for name, message in messages.items() if "\n" in message or not message.startswith(name)]
    assert set(statuses.values()) <= {"ok", *NAMED}
    assert not [name for name, status in statuses.items() if status == "ok" and name.startswith(WITHOUT_TEXT)]
    assert statuses["pakket-1,8-GB.docx"] == "TooLarge"
    assert statuses["eksterne-links.docx"] == "ok"
    assert statuses["200.000-divs.html"] == "ok"
    assert statuses["10.001-sider.pdf"] == "TooManyPages"
    assert not {path.name for path in tmp_path.rglob("ud.txt")}
    # The one that asked is still there, and reads the next file.
    assert read_document(b"Vi kommer hjem.", name="godt").text == "Vi kommer hjem."
