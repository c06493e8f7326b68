"""What is to be done and what came of it, one document each, as messages between processes."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from strategitekst.document import Document, Paragraph
from strategitekst.document_result import failed_row
from strategitekst.errors import StrategitekstError, UsageError
from strategitekst.reading import FoundFile


@dataclass(frozen=True, slots=True)
class Task:
    """A document to analyse.

    Attributes:
        place: Its place among the documents of the run.
        name: Its name in the tables.
        path: The file; None for a document that was read already.
        document: What was read, as ``document_to_json`` writes it; empty for a file.
    """

    place: int
    name: str
    path: str | None = None
    document: str = ""

    def to_json(self) -> str:
        """Write the task as one line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Task:
        """Read what ``to_json`` wrote."""
        return cls(**json.loads(text))

    def source(self) -> FoundFile | Document:
        """Give what ``analyze_document`` takes."""
        if self.path is None:
            return document_from_json(self.document)
        return FoundFile(Path(self.path), self.name)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a task.

    Attributes:
        place: The task's.
        name: The task's.
        key: Under which the result is kept; None where there was nothing to take a hash of.
        row: The document's row in the table ``documents``.
        reused: Whether the result was there already.
    """

    place: int
    name: str
    key: str | None
    row: dict[str, Any]
    reused: bool = False

    @property
    def ok(self) -> bool:
        """Whether the document was analysed."""
        return bool(self.row["status"] == "ok")

    def to_json(self) -> str:
        """Write the outcome as one line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Outcome:
        """Read what ``to_json`` wrote."""
        return cls(**json.loads(text))


def failure(task: Task, key: str | None, error: StrategitekstError, seconds: float = 0.0) -> Outcome:
    """Say that a task gave nothing, and why.

    Example:
        >>> failure(Task(0, "a.txt"), None, UsageError("nej")).row["status"]
        'UsageError'
    """
    return Outcome(task.place, task.name, key, failed_row(task.name, error, seconds))


def list_tasks(work: Iterable[FoundFile | Document], shard: tuple[int, int] | None = None) -> Iterator[Task | Outcome]:
    """Turn files and documents into tasks; what is known to be no file is an outcome already.

    Args:
        work: Of the whole run, in its order.
        shard: Which of how many parts to take, from 1; all if None. A document's name alone decides its part, so that
            machines that list a folder at different times never take the same document.

    Yields:
        In the order given, each with its place in the whole.
    """
    for place, item in enumerate(work):
        if shard is not None and _part(item.name, shard[1]) != shard[0]:
            continue
        if isinstance(item, Document):
            yield Task(place, item.name, document=document_to_json(item))
        elif item.error is not None:
            yield failure(Task(place, item.name, str(item.path)), None, item.error)
        else:
            yield Task(place, item.name, str(item.path))


def _part(name: str, parts: int) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) % parts + 1


def parse_shard(text: str) -> tuple[int, int]:
    """Read ``I/N``.

    Raises:
        UsageError: It is no such thing.

    Example:
        >>> parse_shard("2/8")
        (2, 8)
    """
    number, _, parts = text.partition("/")
    if not (number.isdecimal() and parts.isdecimal() and 1 <= int(number) <= int(parts)):
        raise UsageError(f'--shard {text} giver ingen mening: skriv for eksempel "--shard 2/8", den anden del af otte')
    return int(number), int(parts)


def content_key(task: Task, most: int) -> str | None:
    """Hash what a task is about.

    Args:
        task: The task.
        most: Bytes; a longer file is not read.

    Returns:
        SHA-256 in hexadecimal; None where there is nothing to take a hash of: the reader will say what is wrong.
    """
    if task.path is None:
        return hashlib.sha256(task.document.encode()).hexdigest()
    try:
        path = Path(task.path)
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > most:
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


def document_to_json(document: Document) -> str:
    """Write a document that was read.

    Example:
        >>> plan = Document("plan", "Vi kommer.", (Paragraph(0, "Vi kommer.", 0, 10),))
        >>> document_from_json(document_to_json(plan)) == plan
        True
    """
    return json.dumps(asdict(document), sort_keys=True)


def document_from_json(text: str) -> Document:
    """Read what ``document_to_json`` wrote."""
    content = json.loads(text)
    paragraphs: Sequence[dict[str, Any]] = content.pop("paragraphs")
    kept = tuple(Paragraph(**{**each, "heading": tuple(each["heading"])}) for each in paragraphs)
    return Document(paragraphs=kept, **{**content, "unread_tables": tuple(content["unread_tables"])})
