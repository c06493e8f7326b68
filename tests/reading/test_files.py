from __future__ import annotations

from pathlib import Path

import pytest

from strategitekst.errors import FileMissing, ReadingError
from strategitekst.reading import find_files


def write(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("hej")
    return path


def test_a_folder_gives_its_files_sorted_by_relative_name(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b/c.pdf", ".skjult", ".git/x", "~$plan.docx"):
        write(tmp_path / name)
    assert [file.name for file in find_files([tmp_path])] == ["a/b/c.pdf", "a/z.txt", "b.txt"]


def test_links_that_leave_the_folder_are_skipped(tmp_path: Path) -> None:
    outside = write(tmp_path / "ude" / "x.txt")
    inside = write(tmp_path / "inde" / "y.txt")
    (tmp_path / "inde" / "ud.txt").symlink_to(outside)
    (tmp_path / "inde" / "mappe").symlink_to(outside.parent)
    (tmp_path / "inde" / "ring").symlink_to(tmp_path / "inde")
    (tmp_path / "inde" / "brudt").symlink_to(tmp_path / "ingenting")
    assert [file.path for file in find_files([tmp_path / "inde"])] == [inside]


def test_a_missing_path_does_not_stop_the_others(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    missing, found = find_files([tmp_path / "ingen.pdf", path])
    assert isinstance(missing.error, FileMissing)
    assert (found.name, found.error) == ("a.txt", None)


def test_no_file_twice_and_no_name_twice(tmp_path: Path) -> None:
    first, second = write(tmp_path / "a" / "plan.pdf"), write(tmp_path / "b" / "plan.pdf")
    files = find_files([tmp_path / "a", tmp_path / "b", first])
    assert [(file.path, file.name) for file in files] == [(first, "a/plan.pdf"), (second, "b/plan.pdf")]


def test_a_folder_that_cannot_be_opened_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a" / "x.txt")
    write(tmp_path / "b.txt")
    iterdir = Path.iterdir

    def refuse(self: Path) -> object:
        if self.name == "a":
            raise PermissionError
        return iterdir(self)

    monkeypatch.setattr(Path, "iterdir", refuse)
    closed, found = find_files([tmp_path])
    assert (closed.name, type(closed.error)) == ("a", ReadingError)
    assert (found.name, found.error) == ("b.txt", None)
