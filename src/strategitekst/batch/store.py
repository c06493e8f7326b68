"""The results of a run, a file a document: written whole or not at all, found again by what decided them."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from strategitekst.atomic import writing
from strategitekst.batch.recipe import Recipe
from strategitekst.batch.records import Record, read_record, write_record
from strategitekst.document_result import DocumentResult
from strategitekst.errors import EncryptedFile, UsageError


class Store:
    """Results by the hash of the file that they are of.

    A result is found only by the run that would make the very same one: it lies in the folder of the recipe.

    Args:
        recipe: What else decides the results.
    """

    def __init__(self, recipe: Recipe) -> None:
        self._folder = recipe.results
        self._limits = json.dumps(recipe.limits, sort_keys=True)
        self._has_password = recipe.password is not None

    def has(self, sha256: str) -> bool:
        """Tell whether there is a result of a file with this hash."""
        return self._result(sha256).exists()

    def put(self, sha256: str, result: DocumentResult) -> None:
        """Keep what a document gave.

        Raises:
            OSError: The disk is full, or the folder cannot be written to.
        """
        assert result.vectors is not None  # noqa: S101 - a document that was read has them
        with writing(self._result(sha256)) as draft:
            write_record(result.rows, result.vectors, draft)

    def get(self, sha256: str) -> Record:
        """Read a result.

        Raises:
            UsageError: It is damaged; it is thrown away, so that the next run makes it again.
        """
        path = self._result(sha256)
        try:
            return read_record(path)
        except (OSError, ValueError, KeyError) as error:
            path.unlink(missing_ok=True)
            raise UsageError(f"Et gemt resultat er beskadiget ({path.name}): kør samme kommando igen") from error

    def failure(self, sha256: str, name: str) -> dict[str, Any] | None:
        """Return the row of a file that failed under the same name and limits, or None.

        What asked for a password is tried again where one is given: no trace of the one before is kept.
        """
        try:
            row: dict[str, Any] = json.loads(self._failure(sha256, name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return None if self._has_password and row["status"] == EncryptedFile.__name__ else row

    def put_failure(self, sha256: str, row: dict[str, Any]) -> None:
        """Keep the row of a file that failed.

        Raises:
            OSError: The disk is full, or the folder cannot be written to.
        """
        with writing(self._failure(sha256, row["document"])) as draft:
            draft.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")

    def drop_others(self) -> None:
        """Throw away what other recipes made: nothing will ask for it."""
        for folder in self._folder.parent.iterdir():
            if folder != self._folder:
                shutil.rmtree(folder, ignore_errors=True)

    def _result(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}.arrow"

    def _failure(self, sha256: str, name: str) -> Path:
        # The message holds the name, and another limit may let the file pass.
        about = hashlib.sha256(f"{name}\0{self._limits}".encode()).hexdigest()
        return self._folder / sha256[:2] / f"{sha256}-{about[:16]}.json"
