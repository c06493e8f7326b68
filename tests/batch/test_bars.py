"""Progress as people see it: in a notebook's cell and in a terminal."""

from __future__ import annotations

import os
import re
import sys
from io import StringIO
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from rich.console import Console

from strategitekst.batch import Shown
from strategitekst.batch.bars import NotebookBar, TerminalBar, make_bar
from strategitekst.batch.tasks import Outcome

PLANS = """
import strategitekst as st
from strategitekst.document import Block, build_document
plans = [build_document(f"plan {number}", [Block("prose", "Vi køber 12 busser.")]) for number in range(3)]
"""


def plain(text: str) -> str:
    """What is read of it: no colours, no moves of the cursor."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def outputs(code: str) -> list[nbformat.NotebookNode]:
    """What the last cell of a notebook leaves."""
    cells = [nbformat.v4.new_code_cell(each) for each in (PLANS, code)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return list(notebook.cells[-1].outputs)


def test_a_notebook_shows_a_bar_and_keeps_how_it_ended(tmp_path: Path) -> None:
    in_memory = "st.analyze([*plans, 'findes-ikke.pdf'], progress=True);"
    [shown, *errors] = outputs(in_memory)
    assert "Færdig: 3 nye · 0 genbrugt · 1 fejl" in shown["data"]["text/html"]
    assert "<progress" not in shown["data"]["text/html"]
    said = "".join(each.get("text", "") + str(each.get("data", {}).get("text/plain", "")) for each in errors)
    assert "FileMissing: findes-ikke.pdf findes ikke" in plain(said)
    [kept] = outputs(f"st.analyze(plans, out={str(tmp_path / 'ud')!r}, progress=True);")
    assert "Færdig: 3 nye" in kept["data"]["text/html"]


def test_a_notebook_is_left_alone_unless_asked() -> None:
    assert outputs("st.analyze(plans, progress=False);") == []


def test_the_bar_of_a_notebook_escapes_names() -> None:
    told: list[str] = []

    class Handle:
        def update(self, html: object) -> None:
            told.append(html.data)  # type: ignore[attr-defined]

    bar = NotebookBar()
    bar._handle = Handle()
    bar.begin("Analyserer", 4)
    bar._shown = 0.0
    bar.move(1, "", "<b>plan</b>", "Analyserer: 1 af 4")
    assert 'max="4" value="1"' in told[-1]
    assert "&lt;b&gt;plan" in told[-1]
    for done in range(2, 1000):  # what was there already comes thousands a second
        bar.move(done, "", "plan", "")
    assert len(told) < 10
    bar.stop("Færdig")
    assert told[-1] == "<div>Færdig</div>"


def test_each_place_has_its_bar() -> None:
    assert isinstance(make_bar(Console(force_jupyter=True)), NotebookBar)
    assert isinstance(make_bar(Console(file=StringIO())), TerminalBar)


@pytest.mark.parametrize("width", [60, 200])
def test_a_terminal_shows_a_bar_that_goes_away(width: int) -> None:
    screen = StringIO()
    console = Console(file=screen, force_terminal=True, width=width, legacy_windows=False)
    with Shown(console) as shown:
        shown.stage("analysing", 2)
        shown.came(Outcome(0, "en [plan].pdf", None, {"status": "ok"}))
        shown.came(Outcome(1, "to.pdf", None, {"status": "NoTextLayer", "message": "Kør OCR"}))
        shown._bar._bar.refresh()  # type: ignore[attr-defined]
    said = screen.getvalue()
    for words in ("Analyserer", "━", "2/2", "1 nye · 0 genbrugt · 1 fejl", "NoTextLayer: Kør OCR"):
        assert words in plain(said)
    assert said.rstrip().endswith("\x1b[2K")  # the bar's line was cleared


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_python_shows_a_bar_in_a_terminal(tmp_path: Path) -> None:
    import pty

    script = tmp_path / "script.py"
    script.write_text(f"{PLANS}\nst.analyze(plans, progress=True)\n", encoding="utf-8")
    said: list[bytes] = []

    def read(descriptor: int) -> bytes:
        said.append(os.read(descriptor, 4096))
        return said[-1]

    with Path(os.devnull).open("w") as nowhere:
        kept = os.dup(1)
        os.dup2(nowhere.fileno(), 1)
        try:
            status = pty.spawn([sys.executable, str(script)], read)
        finally:
            os.dup2(kept, 1)
    assert os.waitstatus_to_exitcode(status) == 0
    assert "Analyserer" in b"".join(said).decode(errors="replace")
