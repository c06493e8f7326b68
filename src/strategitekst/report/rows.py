"""Rows of the tables as plain values: pandas writes a missing figure as None, NaN or NA."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]
Item = TypeVar("Item")

# HTML cannot hold a NUL, and no file can be written with the halves of UTF-16 pairs that broken PDFs yield.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


def each_row(frame: pd.DataFrame) -> Iterator[Row]:
    """Give the rows one by one, so that a long table is never held twice."""
    names = [str(column) for column in frame.columns]
    for values in frame.itertuples(index=False, name=None):
        yield dict(zip(names, values, strict=True))


def share(value: Any) -> float | None:
    """Read a figure, or None where there is none."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def integer(value: Any) -> int | None:
    """Read a whole number, or None where there is none."""
    number = share(value)
    return None if number is None else int(number)


def words(value: Any) -> str | None:
    """Read a text, or None where there is none."""
    return value if isinstance(value, str) and value else None


def writable(text: str) -> str:
    """Replace what no page can hold.

    Example:
        >>> writable("a\\ud800b")
        'a\ufffdb'
    """
    return _UNWRITABLE.sub("\ufffd", text)


def in_pieces(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """Cut a sequence into pieces of at most ``size``."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
