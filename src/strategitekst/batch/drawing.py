"""The report of a folder of tables. Of very many paragraphs it takes those behind the states first."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from strategitekst.atomic import writing
from strategitekst.frames import MANIFEST, REPORT, STRATEGY, read_batches, read_frame, row_count, to_frame
from strategitekst.status import ALL
from strategitekst.strategy import load_strategy

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 20_000
PLANS = 2000
"""So many plans have a section of their own in the report."""
BEST = 2
"""So many paragraphs behind each state in a plan come before all others."""


def draw(folder: Path) -> None:
    """Draw the report of the tables in a folder.

    Raises:
        OSError: The disk is full.
    """
    from strategitekst.report import render_report

    coverage, pledges, documents = (read_frame(table, folder) for table in ("coverage", "pledges", "documents"))
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    paragraphs = _paragraphs(folder, pledges, documents)
    page = render_report(paragraphs, coverage, pledges, documents, manifest, load_strategy(folder / STRATEGY))
    with writing(folder / REPORT) as draft:
        draft.write_text(page, encoding="utf-8")


def main() -> None:
    """Draw the report of the folder that the command line names."""
    draw(Path(sys.argv[2]))


def _paragraphs(folder: Path, pledges: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Read the paragraphs, or as many as a report can hold; each under its row number in the table."""
    if row_count("paragraphs", folder) <= MOST_ROWS:
        return read_frame("paragraphs", folder)
    shown = set(documents["document"].head(PLANS))
    wanted: set[Any] = set()
    for document, evidence in zip(pledges["document"], pledges["evidence"], strict=True):
        if document == ALL:
            wanted.update(evidence)
        elif document in shown:
            wanted.update((document, number) for number in evidence[:BEST])
    kept: list[pa.Table] = []
    rows: list[int] = []
    start = 0
    spare = max(MOST_ROWS - len(wanted), 0)
    for batch in read_batches("paragraphs", folder):
        keys = zip(batch.column("document").to_pylist(), batch.column("paragraph").to_pylist(), strict=True)
        some = []
        for place, key in enumerate(keys):
            if key in wanted or start + place in wanted:
                some.append(place)
            elif spare and key[0] in shown:
                some.append(place)
                spare -= 1
        kept.append(pa.Table.from_batches([batch]).take(pa.array(some, type=pa.int64())))
        rows += [start + place for place in some]
        start += batch.num_rows
    frame = to_frame(pa.concat_tables(kept))
    frame.index = rows
    return frame
