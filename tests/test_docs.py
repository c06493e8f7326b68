"""What README and docs say works: code runs, commands exist, pages link, and the reference knows everything public."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import pytest
import typer
from markdown_it import MarkdownIt
from typer.testing import CliRunner

import strategitekst
from strategitekst.cli import app
from strategitekst.frames import SCHEMAS

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
ROOT_PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
CARDS = [ROOT / "corpus" / "README.md", *sorted((ROOT / "models").glob("*/README.md"))]
PAGES = [*ROOT_PAGES, *sorted(path for path in DOCS.rglob("*.md") if "examples" not in path.parts), *CARDS]
LEFT_OUT = "<!-- not run"
"""A comment that begins so stands above a block that cannot run here, and says why."""

STRATEGY = "# Strategi 2026\n\n## Grøn by\n\n### Løfte 1: Det er nemt at cykle\n\nCykelstier binder byen sammen.\n"


@dataclass(frozen=True)
class Block:
    """A block of code in a page."""

    language: str
    code: str
    line: int


def blocks_of(page: Path) -> list[Block]:
    found, above = [], ""
    for token in MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8")):
        if token.type == "fence" and not above.startswith(LEFT_OUT):
            found.append(Block(token.info.strip(), token.content, (token.map or [0])[0] + 1))
        above = token.content
    return found


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.fixture
def place(tmp_path: Path, example: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as a reader may have it: the source, some plans, a strategy."""
    (tmp_path / "src").symlink_to(ROOT / "src")
    (tmp_path / "docs").symlink_to(DOCS)
    (tmp_path / "planer").mkdir()
    shutil.copy(example, tmp_path / "planer")
    (tmp_path / "strategi.txt").write_text(STRATEGY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    matplotlib.use("agg")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if blocks_of(page)], ids=name_of)
def test_every_block_runs(page: Path, place: Path) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    for block in blocks_of(page):
        where = f"{name_of(page)}, line {block.line}"
        if block.language == "python":
            source = "\n" * block.line + block.code
            exec(compile(source, str(page), "exec"), names)  # noqa: S102 - this is what the test is for
        elif block.language == "sh":
            for line in block.code.replace("\\\n", " ").splitlines():
                words = shlex.split(line, comments=True)
                if words:
                    check_command(words, where)
        else:
            assert block.language in ("", "text"), f"{where}: what is {block.language}?"


def check_command(words: list[str], where: str) -> None:
    while re.fullmatch(r"[A-Z_]+=\S*", words[0]):
        words = words[1:]
    program, *arguments = words
    if program == "strategitekst":
        check_own_command(arguments, where)
    elif program == "make":
        assert re.search(rf"^{arguments[0]}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE), where
    elif program in ("python", "python3") and arguments[0].endswith(".py"):
        script = (ROOT / arguments[0]).read_text(encoding="utf-8")
        missing = [each for each in arguments if each.startswith("--") and each not in script]
        assert not missing, f"{where}: {arguments[0]} has no {missing}"
    else:
        assert program in ("pip", "python") or program.startswith(".venv/bin/"), f"{where}: what is {program}?"


def check_own_command(arguments: list[str], where: str) -> None:
    """Parse a command of the package; run it where what it reads is there."""
    group = typer.main.get_command(app)
    commands = group.commands  # type: ignore[attr-defined]
    if arguments == ["--help"] or arguments[0].isupper():
        return
    assert arguments[0] in commands, f"{where}: there is no command {arguments[0]}"
    if any("${" in each for each in arguments):  # what a shell fills in
        return
    context = commands[arguments[0]].make_context(arguments[0], arguments[1:])
    given = [context.params.get(name) for name in ("paths", "path", "folders", "gold")]
    paths = [str(each) for value in given if value for each in (value if isinstance(value, list | tuple) else [value])]
    if all(Path(path).exists() for path in paths) and not context.params.get("dask"):
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0, f"{where}: {result.output}"


def test_public_names_are_in_the_reference() -> None:
    text = (DOCS / "reference" / "python.md").read_text(encoding="utf-8")
    shown = re.findall(r"^::: \S+\.(\w+)$", text, re.MULTILINE)
    assert sorted(shown) == sorted(strategitekst.__all__)


def test_columns_are_in_the_reference() -> None:
    text = (DOCS / "reference" / "tables.md").read_text(encoding="utf-8")
    for table, schema in SCHEMAS.items():
        rows = re.findall(r"^\| (`.*?) \|", text.split(f"## {table}\n")[1].split("\n## ")[0], re.MULTILINE)
        assert [name for row in rows for name in re.findall(r"`(\w+)`", row)] == schema.names


def test_options_are_in_the_reference() -> None:
    text = (DOCS / "reference" / "command.md").read_text(encoding="utf-8")
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        assert f"| `{name}" in text
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--") and option not in ("--help", "--out"):
                    [row] = [line for line in text.splitlines() if line.startswith("| `--") and f"`{option}`" in line]
                    assert f"`{name}`" in row


def test_pages_and_notebooks_are_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    pages = [path.relative_to(DOCS).as_posix() for path in PAGES if path.is_relative_to(DOCS)]
    assert [page for page in pages if not re.search(rf"[ :] ?{re.escape(page)}$", navigation, re.MULTILINE)] == []
    listed = (DOCS / "notebooks.md").read_text(encoding="utf-8")
    assert all(path.name in listed for path in (ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("page", [*ROOT_PAGES, *CARDS], ids=name_of)
def test_links_of_pages_outside_the_docs(page: Path) -> None:
    """Those in the docs are checked by the strict build."""
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_the_site_builds_without_a_warning_and_loads_nothing_from_elsewhere() -> None:
    build = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
    run = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    pages = list((ROOT / "out" / "site").rglob("*.html"))
    assert len(pages) > 20
    outside = re.compile(r"<(?:link|script|img|iframe)\b[^>]*\b(?:src|href)=[\"']?(?:https?:)?//", re.IGNORECASE)
    assert [page.name for page in pages if outside.search(page.read_text(encoding="utf-8"))] == []
    assert [page.name for page in pages if "--8<--" in page.read_text(encoding="utf-8")] == []


def test_nothing_but_examples_is_left_out() -> None:
    """A block that is not run says why."""
    for page in PAGES:
        for line in page.read_text(encoding="utf-8").splitlines():
            assert not line.startswith(LEFT_OUT) or re.fullmatch(rf"{LEFT_OUT}: .+ -->", line), page
