"""The results of all documents → the tables, row group by row group: never more in memory than a group of each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from strategitekst.assessment import PlansTogether, Yardstick
from strategitekst.batch.listing import Entry
from strategitekst.frames import SCHEMAS, table_path

ROWS_A_GROUP = 4096
"""Rows are in memory until there are so many: of paragraphs, whose rows are the widest, some 10 MB."""
ROWS_A_PART = 1_000_000
"""A table with more rows is a folder of files with so many rows each."""
TABLES_AT_ONCE = 64
EMBEDDINGS = "embeddings"


class TableWriter:
    """Writes one table as rows come, beside the old one, which it replaces when it is told to.

    Args:
        table: Its name.
        schema: Its columns.
        folder: Where it goes.
    """

    def __init__(self, table: str, schema: pa.Schema, folder: Path) -> None:
        self.rows = 0
        """How many came so far."""
        self._target = table_path(table, folder)
        self._draft = folder / f".{table}.{os.getpid()}.tmp"
        self._schema = schema
        self._few: list[pa.Table] = []
        self._waiting: list[pa.Table] = []
        self._written = 0
        self._writer: pq.ParquetWriter | None = None
        self._parts = 0
        self._rows_in_part = 0
        shutil.rmtree(self._draft, ignore_errors=True)
        self._draft.mkdir(parents=True)

    def add(self, rows: pa.Table) -> None:
        """Take in rows."""
        self.rows += rows.num_rows
        self._few.append(rows)
        if len(self._few) == TABLES_AT_ONCE or self.rows - self._written >= ROWS_A_GROUP:
            self._gather()
        while self.rows - self._written >= ROWS_A_GROUP:
            waiting = pa.concat_tables(self._waiting)
            self._write(waiting.slice(0, ROWS_A_GROUP))
            self._waiting = [waiting.slice(ROWS_A_GROUP)]

    def _gather(self) -> None:
        """Copy small tables into one: each of them keeps a whole result's memory, which is that of a mapped file."""
        self._waiting.append(pa.concat_tables(self._few).combine_chunks())
        self._few = []

    def finish(self) -> None:
        """Write what is left; after this the table is on disk, beside the old one."""
        if self._few:
            self._gather()
        self._write(pa.concat_tables(self._waiting or [self._schema.empty_table()]))
        self._waiting = []
        self._close()

    def replace(self) -> None:
        """Put the table in the place of the old one: a file, or a folder where it has several parts."""
        if self._target.is_dir():
            shutil.rmtree(self._target)
        if self._parts > 1:
            self._target.unlink(missing_ok=True)
            self._draft.replace(self._target)
        else:
            (self._draft / _part(0)).replace(self._target)
            self._draft.rmdir()

    def drop(self) -> None:
        """Throw away what was written and has not taken its place."""
        with suppress(OSError):
            self._close()
        shutil.rmtree(self._draft, ignore_errors=True)

    def _write(self, rows: pa.Table) -> None:
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._draft / _part(self._parts), self._schema, compression="zstd")
            self._parts, self._rows_in_part = self._parts + 1, 0
        self._writer.write_table(rows.combine_chunks(), row_group_size=ROWS_A_GROUP)
        self._written += rows.num_rows
        self._rows_in_part += rows.num_rows
        if self._rows_in_part + ROWS_A_GROUP > ROWS_A_PART:
            self._close()

    def _close(self) -> None:
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.close()
            with (self._draft / _part(self._parts - 1)).open("rb+") as file:
                os.fsync(file.fileno())


def _part(number: int) -> str:
    return f"part-{number:05}.parquet"


def write_tables(
    entries: Iterable[Entry],
    yardstick: Yardstick,
    folder: Path,
    step: Callable[[str], object],
    seal: Callable[[], object],
) -> dict[str, int]:
    """Write all tables and put them in the place of the old ones together.

    Args:
        entries: The documents in the order of the tables.
        yardstick: What they were held against.
        folder: Where the tables go.
        step: Called with the name of each document.
        seal: Called when all is written and before the first table is replaced.

    Returns:
        How many rows each table has.

    Raises:
        OSError: The disk is full.
        UsageError: A result is damaged.
    """
    together = PlansTogether(yardstick)
    width = yardstick.units[0].shape[1]
    with ExitStack() as stack:
        writers = {table: TableWriter(table, schema, folder) for table, schema in SCHEMAS.items()}
        writers[EMBEDDINGS] = TableWriter(EMBEDDINGS, embedding_schema(width), folder)
        for writer in writers.values():
            stack.callback(writer.drop)
        for entry in entries:
            _add(entry, writers, together)
            step(entry.name)
        for table, rows in zip(("coverage", "pledges"), together.rows(), strict=True):
            writers[table].add(pa.Table.from_pylist(rows, schema=SCHEMAS[table]))
        for writer in writers.values():
            writer.finish()
        seal()
        for writer in writers.values():
            writer.replace()
    return {table: writer.rows for table, writer in writers.items()}


def _add(entry: Entry, writers: dict[str, TableWriter], together: PlansTogether) -> None:
    if entry.row is not None:
        writers["documents"].add(_one_row(entry.row))
        return
    record = entry.record()
    together.add(entry.name, writers["paragraphs"].rows, record.paragraphs(), record.vectors)
    if len(record.vectors):
        writers[EMBEDDINGS].add(embedding_table(record.tables["paragraphs"], record.vectors))
    for table, schema in SCHEMAS.items():
        writers[table].add(record.tables[table].select(schema.names))


def _one_row(row: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist([row], schema=SCHEMAS["documents"])


def embedding_schema(width: int) -> pa.Schema:
    """Give the columns of the table of vectors: half precision, which changes a cosine by less than 0.001.

    Example:
        >>> embedding_schema(384).names
        ['document', 'paragraph', 'vector']
    """
    vector = pa.list_(pa.float16(), width)
    return pa.schema([("document", pa.string()), ("paragraph", pa.int64()), ("vector", vector)])


def embedding_table(paragraphs: pa.Table, vectors: NDArray[np.float32]) -> pa.Table:
    """Put the vectors of a document's paragraphs beside their names."""
    half = pa.array(vectors.astype(np.float16).reshape(-1))
    schema = embedding_schema(vectors.shape[1])
    column = pa.FixedSizeListArray.from_arrays(half, type=schema.field("vector").type)
    columns = [paragraphs.column("document"), paragraphs.column("paragraph"), column]
    return pa.Table.from_arrays(columns, schema=schema)
