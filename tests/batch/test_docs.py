"""The page on large runs: its Python runs, its commands are understood."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from strategitekst.cli import app

PAGE = Path(__file__).parents[2] / "docs" / "batch.md"
BLOCKS = re.findall(r"(<!-- not run: [^\n]*-->\n)?```(\w+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_python_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "planer").mkdir()
    (tmp_path / "planer" / "a.txt").write_text("I 2026 køber Movia 12 elbusser.\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    ran = [code for skipped, language, code in BLOCKS if language == "python" and not skipped]
    for code in ran:
        exec(compile(code, "batch.md", "exec"), names)  # noqa: S102 the page's own code
    assert len(ran) == 3
    assert (tmp_path / "ud" / "report.html").exists()


def test_the_commands_of_the_page_are_understood() -> None:
    command = get_command(app)
    lines = [line for _, language, code in BLOCKS if language == "sh" for line in code.splitlines()]
    commands = [shlex.split(line)[1:] for line in lines if line.startswith("strategitekst ")]
    assert len(commands) > 4
    for name, *arguments in commands:
        command.commands[name].make_context(name, list(arguments))  # type: ignore[attr-defined]
