"""Files that are there whole or not at all, whatever happens while they are written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from strategitekst.errors import UsageError


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Give a path to write to; what was written there takes the place of the file when the block ends well.

    The content is on disk before it gets its name: a machine that loses power leaves the old file or the new one.

    Args:
        path: The file; its folder is made if it is not there.

    Yields:
        A path beside it, of this process alone. What is left there is removed if the block fails.

    Raises:
        OSError: The disk is full, or the folder cannot be written to.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     with writing(Path(folder) / "a.txt") as draft:
        ...         _ = draft.write_text("helt")
        ...     [file.name for file in Path(folder).iterdir()]
        ['a.txt']
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield draft
        _sync(draft)
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what the system says when it cannot write into one line that says what to do.

    Raises:
        UsageError: Something under the folder could not be written.

    Example:
        >>> with explained(Path("ud")):
        ...     raise OSError(28, "No space left on device")
        Traceback (most recent call last):
        ...
        strategitekst.errors.UsageError: Der er ikke plads i ud: skaf plads, og kør samme kommando igen, så går ...
    """
    try:
        yield
    except OSError as error:
        raise cannot_write(folder, error) from error


def cannot_write(folder: Path, error: OSError) -> UsageError:
    """Say what is wrong with a folder that cannot be written to, and what to do."""
    if is_full(error):
        return UsageError(f"Der er ikke plads i {folder}: skaf plads, og kør samme kommando igen, så går den videre")
    return UsageError(f"{folder} kan ikke skrives ({error.strerror or error}): vælg en anden mappe")


def is_full(error: OSError) -> bool:
    """Tell whether an error says that there is no room: on the disk, in a quota, or under a limit on the size of files.

    Example:
        >>> is_full(OSError(28, "No space left on device")), is_full(PermissionError(13, "Permission denied"))
        (True, False)
    """
    import errno

    full = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
    # Arrow raises errors of its own, with the number in the text.
    return error.errno in full or any(f"errno {number}]" in str(error) for number in full)
