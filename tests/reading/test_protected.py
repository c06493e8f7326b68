"""Passwords and limits, from the call of an analysis and from the command line down to the process that reads."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest

import strategitekst as st
from strategitekst.cli import main
from strategitekst.errors import EncryptedFile, ReadingTimeout, TooLarge, TooManyPages

WORD = "kodeord-7"
SENTENCE = "Regionen ansætter ti nye læger inden udgangen af 2026."
LOCKED = ["plan.docx", "plan.pdf"]


@pytest.fixture
def folder(tmp_path: Path, make_pdf: Callable[..., bytes], make_docx: Callable[..., bytes]) -> Path:
    """A folder with two files that ask for a password, and one of 2 MB."""
    from msoffcrypto.format.ooxml import OOXMLFile

    plans = tmp_path / "planer"
    plans.mkdir()
    pages = [[(72, 700, SENTENCE, "Helvetica", 11)], [(72, 700, "Vi kommer hjem til borgeren.", "Helvetica", 11)]]
    (plans / "plan.pdf").write_bytes(make_pdf(pages, password=WORD))
    locked = BytesIO()
    OOXMLFile(BytesIO(make_docx(lambda document: document.add_paragraph(SENTENCE)))).encrypt(WORD, locked)
    (plans / "plan.docx").write_bytes(locked.getvalue())
    (plans / "stor.txt").write_text(f"{SENTENCE}\n\n" + " " * 2_000_000, encoding="utf-8")
    return plans


def statuses(documents: pd.DataFrame) -> dict[str, str]:
    return dict(zip(documents["document"], documents["status"], strict=True))


def command(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["strategitekst", "analyze", *map(str, arguments)])
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_an_analysis_opens_files_with_the_password(folder: Path) -> None:
    analysis = st.analyze(folder, password=WORD)
    assert statuses(analysis.documents) == {**dict.fromkeys(LOCKED, "ok"), "stor.txt": "ok"}
    for name in LOCKED:
        texts = analysis.paragraphs.loc[analysis.paragraphs["document"] == name, "text"].to_list()
        assert texts[0] == SENTENCE, name


@pytest.mark.parametrize("password", [None, "forkert"])
def test_without_it_they_say_what_they_ask_for(folder: Path, password: str | None) -> None:
    documents = st.analyze([folder / name for name in LOCKED], password=password).documents
    assert set(documents["status"]) == {EncryptedFile.__name__}
    assert not documents["message"].str.contains(password or WORD).any()  # nobody's password ends up in a table


def test_an_analysis_keeps_the_limits(folder: Path) -> None:
    limits = st.Limits(size_mb=1, pages=1)
    found = statuses(st.analyze(folder, password=WORD, limits=limits).documents)
    assert found == {"plan.docx": "ok", "plan.pdf": TooManyPages.__name__, "stor.txt": TooLarge.__name__}


def test_an_analysis_stops_in_time(folder: Path) -> None:
    found = st.analyze(folder / "plan.docx", password=WORD, limits=st.Limits(seconds=0.000_001)).documents
    assert found["status"].to_list() == [ReadingTimeout.__name__]


def test_the_command_takes_a_password_and_limits(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "ud"
    assert command(monkeypatch, folder, "--out", out, "--workers", 1, "--size", 1) == 1
    found = statuses(pd.read_parquet(out / "documents.parquet"))
    assert found == {**dict.fromkeys(LOCKED, EncryptedFile.__name__), "stor.txt": TooLarge.__name__}
    # The same command with the password goes on with the files that asked for it.
    assert command(monkeypatch, folder, "--out", out, "--workers", 1, "--password", WORD, "--pages", 1) == 1
    found = statuses(pd.read_parquet(out / "documents.parquet"))
    assert found["plan.docx"] == "ok"
    assert found["plan.pdf"] == TooManyPages.__name__
    assert not [path for path in out.rglob("*") if path.is_file() and WORD.encode() in path.read_bytes()]
    assert WORD not in "".join(capsys.readouterr())
