"""Vectors on disk, by content: what was embedded once is never embedded again."""

from __future__ import annotations

import hashlib
import sqlite3
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

QUESTION_MARKS = 500  # keys asked for in one statement; SQLite's own limit is higher on every platform


class _GivenUpError(Exception):
    """The file was found unusable before."""


def cache_key(fingerprint: str, prompt: str, text: str) -> bytes:
    """Hash everything that decides a vector.

    Args:
        fingerprint: The model's fingerprint.
        prompt: What the model wants in front of the text.
        text: The text itself.

    Returns:
        32 bytes; the parts cannot run into each other.

    Example:
        >>> cache_key("m", "query: ", "a") == cache_key("m", "query: a", "")
        False
    """
    return hashlib.sha256("\0".join((fingerprint, prompt, text)).encode("utf-8", "surrogatepass")).digest()


class EmbeddingCache:
    """A table of vectors in one SQLite file, shared by processes.

    Where the file cannot be read or written, a warning says so once and nothing is kept: the cache saves time, no more.

    Args:
        path: The file; it and its folder are made when the first vector is stored.

    Example:
        >>> import numpy as np, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     cache = EmbeddingCache(Path(folder) / "vectors.sqlite")
        ...     cache.store({b"key": np.ones(3, dtype=np.float32)})
        ...     found = cache.find([b"key", b"other"])
        ...     cache.close()
        >>> {key: vector.tolist() for key, vector in found.items()}
        {b'key': [1.0, 1.0, 1.0]}
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._given_up = False

    def find(self, keys: Iterable[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """Return the vectors that are stored, by key; float32, as they were stored."""
        import numpy as np

        wanted = list(keys)
        found: dict[bytes, NDArray[np.float32]] = {}
        with self._giving_up_on_errors():
            for start in range(0, len(wanted), QUESTION_MARKS):
                some = wanted[start : start + QUESTION_MARKS]
                marks = ",".join("?" * len(some))
                query = f"SELECT key, vector FROM vectors WHERE key IN ({marks})"  # noqa: S608 only question marks
                for key, vector in self._open().execute(query, some):
                    found[key] = np.frombuffer(vector, dtype=np.float32)
        return found

    def store(self, vectors: Mapping[bytes, NDArray[np.float32]]) -> None:
        """Store vectors; a key that is there already keeps its vector."""
        rows = [(key, vector.tobytes()) for key, vector in vectors.items()]
        with self._giving_up_on_errors(), self._open() as connection:
            connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextmanager
    def _giving_up_on_errors(self) -> Iterator[None]:
        try:
            yield
        except _GivenUpError:
            pass
        except (sqlite3.Error, OSError) as error:
            self._given_up = True
            warnings.warn(f"{self.path} kan ikke bruges ({error}): vektorer gemmes ikke", stacklevel=4)

    def _open(self) -> sqlite3.Connection:
        if self._given_up:
            raise _GivenUpError
        if self._connection is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # One thread at a time uses it, but not always the same one.
            connection = sqlite3.connect(self.path, timeout=60, check_same_thread=False)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
            self._connection = connection
        return self._connection
