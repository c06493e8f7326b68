"""One document → its rows in every table."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strategitekst.assessment import Yardstick, assess
from strategitekst.atomic import cannot_write, is_full
from strategitekst.classification import Classification, Classifier
from strategitekst.document import Document
from strategitekst.encoding import Encoder
from strategitekst.errors import ReadingError, StrategitekstError
from strategitekst.features import context
from strategitekst.frames import SCHEMAS
from strategitekst.labels import Labels
from strategitekst.reading import FoundFile, Limits, read_document
from strategitekst.signs import row_of
from strategitekst.status import GAPS

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class DocumentResult:
    """What one document gives.

    Attributes:
        name: The document's name.
        rows: Its rows, by table.
        vectors: Of its paragraphs, from the encoder that coverage is measured with; None where it could not be read.
    """

    name: str
    rows: Rows
    vectors: NDArray[np.float32] | None = None


def analyze_document(
    item: FoundFile | Document,
    classifier: Classifier,
    encoder: Encoder,
    yardstick: Yardstick,
    limits: Limits | None = None,
    password: str | None = None,
) -> DocumentResult:
    """Read, classify and measure one document.

    Args:
        item: A file, or a document that was read.
        classifier: Tells themes and statements.
        encoder: What coverage is measured with.
        yardstick: What the document is held against.
        limits: What reading a file may cost; the default limits if None.
        password: Opens the file if it asks for one.

    Returns:
        The document's rows; where it cannot be read, its row in ``documents`` says why.
    """
    started = time.perf_counter()
    try:
        document = item if isinstance(item, Document) else _read(item, limits, password)
    except ReadingError as error:
        return DocumentResult(item.name, {**_no_rows(), "documents": [failed_row(item.name, error, _since(started))]})
    classifications = classifier.classify(document.paragraphs)
    vectors = _vectors(classifications, classifier, encoder)
    paragraphs = [{"document": document.name, **row_of(each)} for each in classifications]
    coverages, pledges = assess(document.name, paragraphs, vectors, yardstick)
    note = unread(document)
    for row in pledges:
        if note and row["state"] in GAPS:
            row["reason"] = f"{row['reason'].removesuffix('.')}; {note}."
    documents = {
        "document": document.name,
        "sha256": document.sha256,
        "format": document.format,
        "pages": document.pages,
        "paragraphs": len(classifications),
        "status": "ok",
        "message": "; ".join(filter(None, (note, _foreign(document)))),
        "seconds": _since(started),
    }
    rows = {
        "paragraphs": paragraphs,
        "coverage": coverages,
        "pledges": pledges,
        "documents": [documents],
    }
    return DocumentResult(document.name, rows, vectors)


def unread(document: Document) -> str:
    """Say in Danish what of a document was not read, or nothing: a pledge that is not found may stand there.

    Example:
        >>> unread(Document("plan.pdf", "", (), "pdf", 1, unread_tables=(1,)))
        'der er ikke læst tekst på side 1; der er en tabel uden tekst, der kan læses (side 1)'
    """
    label = Labels("da")
    pages, tables = unread_pages(document), document.unread_tables
    where = ", ".join(map(str, sorted(set(tables) - {0})))
    place = label("reason.on_pages", pages=where) if where else ""
    parts = [
        label("reason.unread_pages", pages=", ".join(map(str, pages))) if pages else "",
        label.count("reason.unread_table", len(tables), place=place) if tables else "",
    ]
    return "; ".join(filter(None, parts))


def unread_pages(document: Document) -> list[int]:
    """List the pages that no paragraph begins on: pictures, scans, tables that could not be read, or nothing at all.

    What stands on them is not known: a pledge that is not found may be on one of them.
    """
    seen = {paragraph.page for paragraph in document.paragraphs}
    return [page for page in range(1, (document.pages or 0) + 1) if page not in seen]


def _foreign(document: Document) -> str:
    """Warn of a document that is mostly not Danish: the models were taught on Danish plans."""
    known = document.language in ("", "da")
    return "" if known else Labels("da")("reason.not_danish", language=document.language)


def _no_rows() -> Rows:
    return {table: [] for table in SCHEMAS}


def _read(file: FoundFile, limits: Limits | None, password: str | None) -> Document:
    if file.error is not None:
        raise file.error
    try:
        return read_document(file.path, name=file.name, limits=limits, password=password)
    except ReadingError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and is_full(error):
            raise cannot_write(Path(gettempdir()), error) from error  # no fault of the file's
        # Readers of other people's formats fail in ways that nobody listed; the rest of the batch must go on.
        raise ReadingError(
            f"{file.name} kunne ikke læses ({type(error).__name__}: {' '.join(str(error).split())[:200]}): "
            "gem den i et andet format, og meld fejlen"
        ) from error


def _vectors(
    classifications: Sequence[Classification], classifier: Classifier, encoder: Encoder
) -> NDArray[np.float32]:
    if encoder is classifier.encoder:
        return np.array([each.vector for each in classifications])
    return encoder.encode([context(each.paragraph) for each in classifications])


def failed_row(name: str, error: StrategitekstError, seconds: float) -> dict[str, Any]:
    """Make the row of the table ``documents`` for a document that gave nothing.

    Args:
        name: The document's name.
        error: Why.
        seconds: How long that took.

    Returns:
        The row; its status is the error's name.

    Example:
        >>> failed_row("a.txt", ReadingError("a.txt kan ikke åbnes"), 0.0)["status"]
        'ReadingError'
    """
    return {
        "document": name,
        "sha256": None,
        "format": None,
        "pages": None,
        "paragraphs": 0,
        "status": type(error).__name__,
        "message": str(error),
        "seconds": seconds,
    }


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 3)
