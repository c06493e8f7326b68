"""The tables of an analysis: their columns, their types, and how they go to disk and come back.

A table is one Parquet file, or, where it has very many rows, a folder of that name with parts in it: pandas, Polars,
DuckDB, Spark and Arrow read both alike, given the one path.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "manifest.json"
STRATEGY = "strategy.toml"
REPORT = "report.html"
"""What lies beside the tables."""

_WORDS = pa.list_(pa.string())
_SCORES = pa.map_(pa.string(), pa.float64())

ALONE = pa.field("theme_scores_alone", _SCORES)
"""A column of paragraphs that is kept with a document's result, and stands in no table: what coverage goes by."""

SCHEMAS: Mapping[str, pa.Schema] = {
    "paragraphs": pa.schema(
        [
            ("document", pa.string()),
            ("paragraph", pa.int64()),
            ("page", pa.int64()),
            ("heading", _WORDS),
            ("text", pa.string()),
            ("start", pa.int64()),
            ("end", pa.int64()),
            ("themes", _WORDS),
            ("theme_scores", _SCORES),
            ("ambitions", _WORDS),
            ("statement", pa.string()),
            ("statement_scores", _SCORES),
            ("specificity", pa.float64()),
            ("actor", pa.string()),
            ("deadline", pa.string()),
            ("quantity", pa.string()),
            ("budget", pa.string()),
        ]
    ),
    "coverage": pa.schema(
        [
            ("document", pa.string()),
            ("pledge", pa.string()),
            ("coverage", pa.float64()),
            ("low", pa.float64()),
            ("high", pa.float64()),
            ("paragraphs", pa.int64()),
            ("initiatives", pa.int64()),
            ("best_paragraph", pa.int64()),
        ]
    ),
    "pledges": pa.schema(
        [
            ("document", pa.string()),
            ("pledge", pa.string()),
            ("state", pa.string()),
            ("confidence", pa.float64()),
            ("evidence", pa.list_(pa.int64())),
            ("reason", pa.string()),
        ]
    ),
    "documents": pa.schema(
        [
            ("document", pa.string()),
            ("sha256", pa.string()),
            ("format", pa.string()),
            ("pages", pa.int64()),
            ("paragraphs", pa.int64()),
            ("status", pa.string()),
            ("message", pa.string()),
            ("seconds", pa.float64()),
        ]
    ),
}
"""The contract: other tools read these columns with these types."""


def make_frame(table: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Build a table.

    Args:
        table: A name in ``SCHEMAS``.
        rows: A mapping a row, with all columns.

    Returns:
        The table as pandas shows it: lists as lists, maps as dicts, missing numbers as ``<NA>``.

    Example:
        >>> row = {"document": "a", "pledge": "P1", "state": "unmentioned", "confidence": 1.0, "evidence": []}
        >>> make_frame("pledges", [{**row, "reason": "Løfte 1 omtales ikke."}]).loc[0, "state"]
        'unmentioned'
    """
    return to_frame(pa.Table.from_pylist([dict(row) for row in rows], schema=SCHEMAS[table]))


def write_frame(frame: pd.DataFrame, table: str, folder: Path) -> None:
    """Write a table as one file, ``<table>.parquet``."""
    path = table_path(table, folder)
    rows = to_arrow(frame, table)
    if path.is_dir():
        shutil.rmtree(path)
    pq.write_table(rows, path, compression="zstd")


def to_arrow(frame: pd.DataFrame, table: str) -> pa.Table:
    """Give a table the types of the contract."""
    rows = frame.astype(object).where(frame.notna(), None) if len(frame) else frame
    return pa.Table.from_pylist(rows.to_dict("records"), schema=SCHEMAS[table])


def table_path(table: str, folder: Path) -> Path:
    """Tell where a table lies: a file, or a folder with parts.

    Example:
        >>> table_path("pledges", Path("ud")).as_posix()
        'ud/pledges.parquet'
    """
    return folder / f"{table}.parquet"


def read_frame(table: str, folder: Path) -> pd.DataFrame:
    """Read ``<table>.parquet``.

    Raises:
        FileNotFoundError: It is not there.
    """
    return to_frame(pq.read_table(table_path(table, folder), schema=SCHEMAS[table]))


def read_part(table: str, folder: Path, document: str) -> pd.DataFrame:
    """Read the rows of one document, without holding those of the others."""
    path = table_path(table, folder)
    return to_frame(pq.read_table(path, schema=SCHEMAS[table], filters=[("document", "=", document)]))


def check_table(table: str, folder: Path) -> None:
    """Look whether a table is there and can be read, without reading its rows.

    Raises:
        FileNotFoundError: It is not there.
        ValueError: It is damaged, or is no such table.
    """
    for path in _parts(table_path(table, folder)):
        names = pq.read_schema(path).names
        missing = [name for name in SCHEMAS[table].names if name not in names]
        if missing:
            raise ValueError(f"{path} has no column {missing[0]}")


def read_batches(table: str, folder: Path) -> Iterator[pa.RecordBatch]:
    """Read a table some rows at a time, in order."""
    for path in _parts(table_path(table, folder)):
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches()


def _parts(path: Path) -> list[Path]:
    return sorted(path.glob("*.parquet")) if path.is_dir() else [path]


class LazyFrames(Mapping[str, "pd.DataFrame"]):
    """The tables of a folder, each read when it is first asked for and kept.

    Args:
        folder: Where they lie.

    Raises:
        FileNotFoundError: One is not there.
        ValueError: One is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, pd.DataFrame] = {}
        for table in SCHEMAS:
            check_table(table, folder)

    def __getitem__(self, table: str) -> pd.DataFrame:
        if table not in self._read:
            self._read[table] = read_frame(table, self._folder)
        return self._read[table]

    def __iter__(self) -> Iterator[str]:
        return iter(SCHEMAS)

    def __len__(self) -> int:
        return len(SCHEMAS)


def row_count(table: str, folder: Path) -> int:
    """Count the rows of a table without reading them."""
    return sum(int(pq.read_metadata(path).num_rows) for path in _parts(table_path(table, folder)))


def to_frame(arrow: pa.Table) -> pd.DataFrame:
    """Give a table as pandas shows it: lists as lists, maps as dicts, missing numbers as ``<NA>``."""
    import pandas as pd

    # Through Python objects: Arrow's own way turns lists into arrays, and integers with gaps into floats.
    columns = {field.name: _column(arrow.column(field.name), field.type) for field in arrow.schema}
    return pd.DataFrame(columns)


def _column(values: pa.ChunkedArray, type_: pa.DataType) -> pd.Series[Any]:
    import pandas as pd

    objects = values.to_pylist(maps_as_pydicts="strict") if pa.types.is_map(type_) else values.to_pylist()
    if pa.types.is_integer(type_):
        return pd.Series(objects, dtype="Int64")
    if pa.types.is_floating(type_):
        return pd.Series(objects, dtype="float64")
    return pd.Series(objects, dtype="object")
