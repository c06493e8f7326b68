"""The result of one document as bytes: its rows in every table and its vectors, as Arrow writes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from strategitekst.frames import ALONE, SCHEMAS

KEPT = {**SCHEMAS, "paragraphs": SCHEMAS["paragraphs"].append(ALONE)}
FLOATS = np.dtype("<f4")


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of a document that was analysed.

    Attributes:
        tables: Its rows, by table, of the columns ``KEPT``; under the name that it had when it was analysed.
        vectors: Of its paragraphs, (paragraphs, dimensions).
    """

    tables: dict[str, pa.Table]
    vectors: NDArray[np.float32]

    def named(self, document: str) -> Record:
        """Give the rows another name: a file that was moved, or that lies there twice, is analysed once."""
        return Record({table: _rename(rows, document) for table, rows in self.tables.items()}, self.vectors)

    def paragraphs(self) -> list[dict[str, Any]]:
        """Give the rows of the table ``paragraphs`` as they were before they were written."""
        rows: list[dict[str, Any]] = self.tables["paragraphs"].to_pylist(maps_as_pydicts="strict")
        return rows


def write_record(rows: dict[str, list[dict[str, Any]]], vectors: NDArray[np.float32], path: Path) -> None:
    """Write what a document gave: a stream of Arrow's a table, and the vectors.

    Raises:
        OSError: The disk is full, or the folder cannot be written to.
    """
    with pa.OSFile(str(path), "wb") as file:
        for table, schema in KEPT.items():
            _write(pa.Table.from_pylist(rows[table], schema=schema), file)
        _write(vector_table(vectors), file)


def read_record(path: Path) -> Record:
    """Read what ``write_record`` wrote.

    Raises:
        OSError: It is not there.
        ValueError: It is damaged.
    """
    with pa.memory_map(str(path)) as file:
        tables = {table: pa.ipc.open_stream(file).read_all() for table in KEPT}
        vectors = _vectors(pa.ipc.open_stream(file).read_all())
    return Record(tables, vectors)


def vector_table(vectors: NDArray[np.float32]) -> pa.Table:
    """Put vectors into one column.

    Example:
        >>> vector_table(np.ones((2, 3), dtype=np.float32)).schema.field("vector").type
        FixedSizeListType(fixed_size_list<item: float>[3])
    """
    values = pa.array(np.ascontiguousarray(vectors, dtype=FLOATS).reshape(-1))
    width = vectors.shape[1] if vectors.ndim > 1 else 0
    return pa.table({"vector": pa.FixedSizeListArray.from_arrays(values, list_size=width)} if width else {})


def _write(table: pa.Table, file: pa.NativeFile) -> None:
    with pa.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table)


def _vectors(table: pa.Table) -> NDArray[np.float32]:
    if not table.num_columns:
        return np.empty((0, 0), dtype=np.float32)
    column = table.column("vector").combine_chunks()
    flat = column.flatten().to_numpy(zero_copy_only=False)
    # A copy: the file that the memory is mapped from is closed.
    return np.array(flat, dtype=np.float32).reshape(-1, column.type.list_size)


def _rename(table: pa.Table, document: str) -> pa.Table:
    names = pa.array([document] * table.num_rows, type=pa.string())
    return table.set_column(0, table.schema.field(0), names)
