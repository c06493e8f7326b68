"""Files and folders given by a user → the files to read, each with the name that results use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from strategitekst.errors import FileMissing, ReadingError


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read.

    Attributes:
        path: Where it is.
        name: Its path relative to the folder given, with forward slashes, or its own name where it was given itself.
        error: Set where the path given names nothing or a folder cannot be opened; there is nothing to read then.
    """

    path: Path
    name: str
    error: ReadingError | None = None


def find_files(paths: Iterable[str | Path]) -> list[FoundFile]:
    """List the files under the paths given.

    Hidden files and folders, the lock files of Word and links that leave the folder are passed over, and links to
    folders are not followed. A path that names nothing is listed with its error, so that the rest can go on.

    Args:
        paths: Files and folders.

    Returns:
        The files in the order of the paths given, those of a folder sorted by name; none twice, no name twice.

    Example:
        >>> found = find_files(["findes-ikke.pdf"])
        >>> found[0].name, str(found[0].error)
        ('findes-ikke.pdf', 'findes-ikke.pdf findes ikke: tjek stien')
    """
    found: list[FoundFile] = []
    for given in map(Path, paths):
        if given.is_dir():
            found += _in_folder(given)
        elif given.exists():
            found.append(FoundFile(given, _printable(given.name)))
        else:
            missing = FileMissing(f"{_printable(str(given))} findes ikke: tjek stien")
            found.append(FoundFile(given, _printable(given.name or str(given)), missing))
    unique = {file.path.resolve(): file for file in reversed(found)}
    return _with_own_names([file for file in found if unique.get(file.path.resolve()) is file])


def _in_folder(folder: Path) -> list[FoundFile]:
    root = folder.resolve()
    files: list[FoundFile] = []
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        try:
            paths = [path for path in current.iterdir() if not path.name.startswith((".", "~$"))]
        except OSError:
            error = ReadingError(f"{current} kan ikke åbnes: tjek, at du har adgang til mappen")
            files.append(FoundFile(current, _printable(current.relative_to(folder).as_posix()), error))
            continue
        waiting += [path for path in paths if path.is_dir() and not path.is_symlink()]
        files += [
            FoundFile(path, _printable(path.relative_to(folder).as_posix()))
            for path in paths
            if path.is_file() and (not path.is_symlink() or path.resolve().is_relative_to(root))
        ]
    return sorted(files, key=lambda file: file.name)


def _with_own_names(files: list[FoundFile]) -> list[FoundFile]:
    """Put the folder's name in front of names that more than one file has, and a number where that does not help."""
    counts = Counter(file.name for file in files)
    taken: set[str] = set()
    result: list[FoundFile] = []
    for file in files:
        name = file.name
        if counts[name] > 1:
            base = file.path.resolve().as_posix().removesuffix(f"/{name}").rsplit("/", 1)[-1]
            name = f"{base}/{name}"
        number = 2
        while name in taken:
            name, number = f"{file.name} ({number})", number + 1
        taken.add(name)
        result.append(replace(file, name=name))
    return result


def _printable(name: str) -> str:
    """Replace bytes that are no UTF-8, as archives made on other systems leave in names: no table can hold them."""
    return name.encode("utf-8", "replace").decode("utf-8")
