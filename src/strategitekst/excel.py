"""The tables of an analysis as an Excel workbook: one sheet a table, every text as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strategitekst.errors import UsageError
from strategitekst.frames import SCHEMAS
from strategitekst.labels import Labels
from strategitekst.strategy import Strategy
from strategitekst.told import ReasonTeller

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 1_048_575
"""What a sheet holds below its header."""
MOST_UNITS = 32_767
"""What a cell holds, in units of UTF-16."""

SHEETS = ("pledges", "coverage", "paragraphs", "documents")
_NAMED = {"state": "state", "statement": "statement", "status": "status"}
_SHARES = {"confidence", "coverage", "low", "high", "specificity"}
_WIDTHS = {
    "text": 80,
    "reason": 70,
    "message": 50,
    "document": 36,
    "heading": 36,
    "theme_scores": 36,
    "value": 70,
}
_WIDTH = 14
_WRAPPED = {"text", "reason", "message", "heading", "value"}
_FAINT = 0.005
"""Scores that round to nothing are left out."""

# XML cannot hold them, whole pairs apart; Excel calls a file with one of them damaged.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Tell = Callable[[Mapping[str, Any], int, int], str]


@dataclass(frozen=True)
class _Formats:
    """The workbook's cell formats.

    Attributes:
        head: Of the header.
        text: Text that stays text, whatever it begins with, even after somebody edits the cell.
        wrapped: The same, on several lines.
        share: Shares in per cent.
        number: All other figures.
    """

    head: Any
    text: Any
    wrapped: Any
    share: Any
    number: Any


def write_excel(
    tables: Mapping[str, pd.DataFrame],
    strategy: Strategy,
    manifest: Mapping[str, Any],
    path: str | Path,
    lang: str = "da",
) -> Path:
    """Write an analysis as an Excel workbook.

    Texts are written as text and marked as such, so that none is ever taken for a formula or a link. What Excel cannot
    hold is replaced (control characters) or cut with a word on it (longer than 32,767 characters).

    Args:
        tables: The four tables by name.
        strategy: What the documents were held against.
        manifest: Of the analysis; a sheet of its own.
        path: The file to write.
        lang: Of headers, labels and reasons: ``da`` or ``en``.

    Returns:
        The file.

    Raises:
        UsageError: XlsxWriter is not installed, a table has more rows than a sheet, or the file cannot be written.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise UsageError('XlsxWriter er ikke installeret: pip install "strategitekst[excel]"') from None
    t = Labels(lang)
    for table in SHEETS:
        if len(tables[table]) > MOST_ROWS:
            raise UsageError(
                f"Tabellen {table} har {t.number(len(tables[table]))} rækker, og et ark rummer {t.number(MOST_ROWS)}: "
                f"brug {table}.parquet"
            )
    target = Path(path)
    # Row by row to disk: a workbook of fifty thousand paragraphs must not be held in memory.
    book = xlsxwriter.Workbook(str(target), {"constant_memory": True})
    formats = _make_formats(book)
    tell = ReasonTeller(tables["paragraphs"], strategy, t)
    for table in SHEETS:
        columns = SCHEMAS[table].names
        rows = _rows(tables[table], columns, tables["coverage"], tell if table == "pledges" else None)
        _write_sheet(book, t(f"sheet.{table}"), columns, rows, formats, t)
    names = [{"key": key, "value": value} for key, value in strategy.themes.items()]
    _write_sheet(book, t("sheet.themes"), ("key", "value"), names, formats, t)
    facts = [{"key": key, "value": value} for key, value in _flat(manifest)]
    _write_sheet(book, t("sheet.manifest"), ("key", "value"), facts, formats, t)
    try:
        book.close()
    except xlsxwriter.exceptions.XlsxWriterException as error:
        raise UsageError(f"{target} kan ikke skrives ({error}): luk filen, eller vælg et andet sted") from error
    return target


def _make_formats(book: Any) -> _Formats:
    top = {"valign": "top"}
    return _Formats(
        head=book.add_format({"bold": True, "valign": "top", "text_wrap": True, "bottom": 1, "bg_color": "#E6F0F6"}),
        text=book.add_format({**top, "quote_prefix": True}),
        wrapped=book.add_format({**top, "quote_prefix": True, "text_wrap": True}),
        share=book.add_format({**top, "num_format": "0%"}),
        number=book.add_format({**top, "num_format": "0"}),
    )


def _rows(
    frame: pd.DataFrame, columns: Sequence[str], coverage: pd.DataFrame, tell: Tell | None
) -> Iterator[Mapping[str, Any]]:
    found: dict[tuple[str, str], tuple[int, int]] = {}
    if tell and len(coverage):
        keys = zip(coverage["document"], coverage["pledge"], strict=True)
        figures = zip(coverage["paragraphs"].astype(int), coverage["initiatives"].astype(int), strict=True)
        found = dict(zip(keys, figures, strict=True))
    if not len(frame):
        return
    for values in frame[list(columns)].itertuples(index=False, name=None):
        row = dict(zip(columns, values, strict=True))
        if tell:
            row["reason"] = tell(row, *found.get((row["document"], row["pledge"]), (0, 0)))
        yield row


def _write_sheet(
    book: Any,
    name: str,
    columns: Sequence[str],
    rows: Iterator[Mapping[str, Any]] | Sequence[Mapping[str, Any]],
    formats: _Formats,
    t: Labels,
) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _WIDTHS.get(column, _WIDTH))
        sheet.write_string(0, place, t(f"field.{column}"), formats.head)
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            value = _readable(column, row[column], t)
            if isinstance(value, str):
                text = fit(value, t("sheet.cut"))
                sheet.write_string(last, place, text, formats.wrapped if column in _WRAPPED else formats.text)
            elif value is not None:
                sheet.write_number(last, place, value, formats.share if column in _SHARES else formats.number)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)


def _readable(column: str, value: Any, t: Labels) -> str | float | None:
    """Turn a value into what a cell shows: lists and maps as a line, what is missing as an empty cell."""
    if isinstance(value, str):
        return t.named(_NAMED[column], value) if column in _NAMED else value
    if isinstance(value, Mapping):
        scores = sorted(value.items(), key=lambda item: -item[1])
        shown = (f"{_name(column, key, t)} {t.share(score)}" for key, score in scores if score >= _FAINT)
        return "; ".join(shown)
    if isinstance(value, Sequence):
        joint = " › " if column == "heading" else "; "
        return joint.join(str(item) for item in value)
    return _number(value)


def _name(column: str, key: str, t: Labels) -> str:
    return t.named("statement", key) if column == "statement_scores" else key


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None  # None, or pandas' NA
    return number if abs(number) < float("inf") else None


def fit(text: str, cut: str = "") -> str:
    """Make a text one that a cell can hold.

    Args:
        text: Any text.
        cut: What stands at the end of a text that was too long.

    Returns:
        The text without characters that XML cannot hold, at most 32,767 units of UTF-16 long.

    Example:
        >>> fit("a\\x00b"), len(fit("x" * 40_000, " (cut)")), fit("x" * 40_000, " (cut)")[-8:]
        ('a\ufffdb', 32767, 'xx (cut)')
    """
    legal = _ILLEGAL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    # Only characters beyond the basic plane take two units; most texts need no encoding to be told short.
    if 2 * len(legal) <= MOST_UNITS or len(legal.encode("utf-16-le")) // 2 <= MOST_UNITS:
        return legal
    room = MOST_UNITS - len(cut.encode("utf-16-le")) // 2
    return legal.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore") + cut


def _flat(value: Any, above: str = "") -> Iterator[tuple[str, str]]:
    """Walk a manifest: each value under the keys that lead to it."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _flat(item, f"{above}.{key}" if above else str(key))
    elif isinstance(value, list | tuple):
        yield above, "; ".join(str(item) for item in value)
    else:
        yield above, "" if value is None else str(value)
