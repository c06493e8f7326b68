"""The command: exit codes, one-line errors, and the files that it leaves."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from rich.console import Console

from strategitekst import cli
from strategitekst.cli import main
from strategitekst.strategy import bundled_strategies, load_strategy

FILES = {
    "paragraphs.parquet",
    "coverage.parquet",
    "pledges.parquet",
    "documents.parquet",
    "manifest.json",
    "report.html",
}
TEXT = "I 2026 køber Movia 12 elbusser."


class Said(NamedTuple):
    """What a run said and how it ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process, as its entry point does."""

    def run_main(*arguments: object) -> Said:
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setattr(sys, "argv", ["strategitekst", *map(str, arguments)])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        return Said(code, *capsys.readouterr())

    return run_main


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "plan.txt"
    file.write_text(f"Trafik\n\n{TEXT}\n", encoding="utf-8")
    return file


def assert_one_line_error(said: Said) -> None:
    assert said.code == 2
    assert said.err.strip().startswith("Fejl: ")
    assert len(said.err.strip().splitlines()) == 1
    assert "Traceback" not in said.err + said.out


def test_help_names_the_commands(run: Run) -> None:
    said = run("--help")
    assert said.code == 0
    for command in ("analyze", "classify", "read-strategy", "strategies", "evaluate", "train"):
        assert command in said.out
    assert "..." not in said.out.split("Commands")[1]  # a line that is cut off tells nothing


@pytest.mark.parametrize("command", ["analyze", "classify", "read-strategy", "strategies", "evaluate", "train"])
def test_every_command_has_help(run: Run, command: str) -> None:
    said = run(command, "--help")
    assert said.code == 0
    assert said.out.strip()


def test_analyze_writes_six_files(run: Run, plan: Path, tmp_path: Path) -> None:
    said = run("analyze", plan, "--out", tmp_path / "ud")
    assert said.code == 0
    assert {path.name for path in (tmp_path / "ud").iterdir()} >= FILES
    for pledge in load_strategy().pledges:
        assert pledge.id in said.out
    assert str(tmp_path / "ud" / "report.html") in said.out


def test_a_failed_file_gives_one_and_the_rest_is_analysed(run: Run, plan: Path, tmp_path: Path) -> None:
    said = run("analyze", plan, tmp_path / "findes-ikke.pdf", "--out", tmp_path / "ud")
    assert said.code == 1
    assert said.err.strip().splitlines()[-1].startswith("FileMissing: ")
    assert "Traceback" not in said.err
    documents = pd.read_parquet(tmp_path / "ud" / "documents.parquet")
    assert documents["status"].to_list() == ["ok", "FileMissing"]


def test_where_nothing_could_be_read_that_is_what_is_said(run: Run, tmp_path: Path) -> None:
    said = run("analyze", tmp_path / "findes-ikke.pdf", "--out", tmp_path / "ud")
    assert said.code == 1
    assert "Ingen dokumenter kunne læses" in said.out
    assert "Dækning" not in said.out  # no table without a row


@pytest.mark.parametrize(
    "arguments",
    [[], ["analyze"], ["analyze", "plan.txt"], ["no-such-command"], ["analyze", "plan.txt", "--no-such-option"]],
    ids=["nothing", "no path", "no out", "no such command", "no such option"],
)
def test_wrong_use_gives_two(run: Run, arguments: list[str]) -> None:
    said = run(*arguments)
    assert said.code == 2
    assert "Traceback" not in said.out + said.err


def test_an_unknown_strategy_is_one_line(run: Run, plan: Path, tmp_path: Path) -> None:
    said = run("analyze", plan, "--out", tmp_path / "ud", "--strategy", "findes-ikke")
    assert_one_line_error(said)
    assert "findes-ikke" in said.err
    assert not (tmp_path / "ud").exists()


def test_a_broken_strategy_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "strategi.toml").write_text("id = [", encoding="utf-8")
    assert_one_line_error(run("classify", TEXT, "--strategy", tmp_path / "strategi.toml"))


def test_a_folder_that_cannot_be_written_is_one_line(run: Run, plan: Path) -> None:
    said = run("analyze", plan, "--out", plan)
    assert_one_line_error(said)
    assert plan.read_text(encoding="utf-8").startswith("Trafik")


def test_a_missing_encoder_is_one_line(run: Run, plan: Path, tmp_path: Path) -> None:
    said = run("analyze", plan, "--out", tmp_path / "ud", "--encoder", tmp_path / "findes-ikke")
    assert said.code == 2
    assert said.err.strip().splitlines()[-1].startswith("Fejl: ")
    assert "Traceback" not in said.err


def test_the_command_itself_prints_one_line_and_ends_with_two() -> None:
    code = "from strategitekst.cli import main; main()"
    arguments = [sys.executable, "-c", code, "classify", TEXT, "--strategy", "findes-ikke"]
    ended = subprocess.run(arguments, capture_output=True, text=True, check=False, encoding="utf-8")
    assert_one_line_error(Said(ended.returncode, ended.stdout, ended.stderr))


def test_another_strategy(run: Run, plan: Path, tmp_path: Path) -> None:
    said = run("analyze", plan, "--out", tmp_path / "ud", "--strategy", "eksempelby-2024-2028")
    assert said.code == 0
    assert "Eksempelby" in said.out
    assert "L7" in said.out


def test_brackets_in_names_are_no_markup(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "planer [red]"
    folder.mkdir()
    (folder / "plan [bold] [x.txt").write_text(TEXT, encoding="utf-8")
    (folder / "tom [blink].txt").write_bytes(b"")
    said = run("analyze", folder, folder / "[nul].pdf", "--out", tmp_path / "ud [dim]")
    assert said.code == 1
    assert "tom [blink].txt" in said.err
    assert "[nul].pdf" in said.err
    assert str(tmp_path / "ud [dim]" / "report.html") in said.out
    documents = pd.read_parquet(tmp_path / "ud [dim]" / "documents.parquet")
    assert documents["document"].to_list() == ["plan [bold] [x.txt", "tom [blink].txt", "[nul].pdf"]


def test_brackets_in_names_are_shown_on_the_way(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = StringIO()
    monkeypatch.setattr(cli, "errors", Console(file=shown, force_terminal=True, width=200))
    (tmp_path / "plan [bold].txt").write_text(TEXT, encoding="utf-8")
    assert run("analyze", tmp_path / "plan [bold].txt", "--out", tmp_path / "ud").code == 0
    assert "plan [bold].txt" in shown.getvalue()


def test_brackets_in_a_strategy_are_no_markup(run: Run, plan: Path, tmp_path: Path) -> None:
    strategy = tmp_path / "strategi.toml"
    strategy.write_text(
        'id = "s"\nname = "Plan [/x] [bold]"\n'
        '[[ambitions]]\nid = "A1"\nname = "Alt [/y]"\n'
        '[[ambitions.pledges]]\nid = "P1"\nname = "Busser [/z] til alle"\ndescription = "Flere busser. Flere tog."\n'
        '[[ambitions.pledges]]\nid = "P2"\nname = "Rent vand"\ndescription = "Rene søer. Rene åer."\n',
        encoding="utf-8",
    )
    said = run("analyze", plan, "--out", tmp_path / "ud", "--strategy", strategy)
    assert said.code == 0
    assert "Plan [/x] [bold]" in said.out
    assert "Busser [/z] til alle" in said.out
    assert run("classify", TEXT, "--strategy", strategy).code == 0


def test_classify_shows_theme_statement_and_anchors(run: Run) -> None:
    said = run("classify", TEXT)
    assert said.code == 0
    for words in ("P12", "initiativ", "12 elbusser", "I 2026", "%"):
        assert words in said.out


def test_classify_takes_brackets(run: Run) -> None:
    said = run("classify", "I 2026 køber Movia [/bold] 12 elbusser til [red]Nakskov[/red].")
    assert said.code == 0


def test_strategies_lists_those_that_ship(run: Run) -> None:
    said = run("strategies")
    assert said.code == 0
    for name in bundled_strategies():
        assert name in said.out


def test_read_strategy_writes_a_draft(run: Run, tmp_path: Path) -> None:
    source, draft = tmp_path / "strategi.md", tmp_path / "udkast.toml"
    source.write_text(
        "# Strategi for Opdigtby\n\n## Ambition 1: Tæt på\n\n### Løfte 1: Rent vand\n\nSøerne er rene.\n\n"
        "### Løfte 2: Flere busser\n\nBusserne kører ofte.\n",
        encoding="utf-8",
    )
    said = run("read-strategy", source, "--out", draft)
    assert said.code == 0
    assert [pledge.name for pledge in load_strategy(draft).pledges] == ["Rent vand", "Flere busser"]
    assert "2 løfter" in said.out


def test_read_strategy_of_no_file_is_one_line(run: Run, tmp_path: Path) -> None:
    said = run("read-strategy", tmp_path / "findes-ikke.pdf", "--out", tmp_path / "udkast.toml")
    assert_one_line_error(said)


def test_read_strategy_cannot_write_is_one_line(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "strategi.md"
    source.write_text("# Strategi\n\n## Løfte 1: Rent vand\n\nSøerne er rene.\n", encoding="utf-8")
    assert_one_line_error(run("read-strategy", source, "--out", tmp_path / "ingen" / "mappe" / "udkast.toml"))


def test_evaluate_of_no_folder_is_one_line(run: Run, tmp_path: Path) -> None:
    assert_one_line_error(run("evaluate", tmp_path / "findes-ikke"))
