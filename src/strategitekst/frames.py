"""The tables of an analysis: their columns, their types, and how they go to disk and come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

_WORDS = pa.list_(pa.string())
_SCORES = pa.map_(pa.string(), pa.float64())

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
    return _to_pandas(pa.Table.from_pylist([dict(row) for row in rows], schema=SCHEMAS[table]))


def write_frame(frame: pd.DataFrame, table: str, folder: Path) -> None:
    """Write a table as ``<table>.parquet``."""
    pq.write_table(to_arrow(frame, table), folder / f"{table}.parquet", compression="zstd")


def to_arrow(frame: pd.DataFrame, table: str) -> pa.Table:
    """Give a table the types of the contract."""
    rows = frame.astype(object).where(frame.notna(), None) if len(frame) else frame
    return pa.Table.from_pylist(rows.to_dict("records"), schema=SCHEMAS[table])


def read_frame(table: str, folder: Path) -> pd.DataFrame:
    """Read ``<table>.parquet``.

    Raises:
        FileNotFoundError: It is not there.
    """
    return _to_pandas(pq.read_table(folder / f"{table}.parquet", schema=SCHEMAS[table]))


def _to_pandas(arrow: pa.Table) -> pd.DataFrame:
    # Through Python objects: Arrow's own way turns lists into arrays, and integers with gaps into floats.
    columns = {field.name: _column(arrow.column(field.name), field.type) for field in arrow.schema}
    return pd.DataFrame(columns)


def _column(values: pa.ChunkedArray, type_: pa.DataType) -> pd.Series[Any]:
    objects = values.to_pylist(maps_as_pydicts="strict") if pa.types.is_map(type_) else values.to_pylist()
    if pa.types.is_integer(type_):
        return pd.Series(objects, dtype="Int64")
    if pa.types.is_floating(type_):
        return pd.Series(objects, dtype="float64")
    return pd.Series(objects, dtype="object")
