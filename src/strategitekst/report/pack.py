"""What the page holds but does not show at once: packed small, in pieces, so that opening it costs nothing."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from strategitekst.labels import Labels
from strategitekst.language.spans import ANCHOR_KINDS
from strategitekst.report.build import as_paragraph
from strategitekst.report.rows import each_row, in_pieces, writable
from strategitekst.report.view import Paragraph, PlanView
from strategitekst.strategy import Strategy

if TYPE_CHECKING:
    import pandas as pd

ROWS_A_PIECE = 5000

# Within a script element, these could end it or start a comment; JSON reads the escapes as the same characters.
_SCRIPT_ESCAPES = str.maketrans({mark: f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"})


def pack(value: object) -> str:
    """Write a value as compressed JSON in base64: letters, digits and ``+/=``, so nothing in it can act.

    Example:
        >>> gzip.decompress(base64.b64decode(pack(["<script>"])))
        b'["<script>"]'
    """
    content = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # Without a time, equal input stays equal.
    compressed = gzip.compress(writable(content).encode(), compresslevel=6, mtime=0)
    return base64.b64encode(compressed).decode("ascii")


def embed(value: object) -> str:
    """Write JSON that nothing in it can break out of a script element.

    Example:
        >>> embed("</script>")
        '"\\\\u003c/script\\\\u003e"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_SCRIPT_ESCAPES)


class Numbers(dict[str, int]):
    """Numbers names from 0 in the order in which they are first met.

    Example:
        >>> numbers = Numbers(["a"])
        >>> numbers["b"], numbers["a"], list(numbers)
        (1, 0, ['a', 'b'])
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        super().__init__({name: number for number, name in enumerate(names)})

    def __missing__(self, name: str) -> int:
        self[name] = len(self)
        return self[name]


class TableOfParagraphs:
    """The rows of the table of all paragraphs, for the page's script.

    Args:
        paragraphs: The table of paragraphs.
        chosen: The places of the rows that are shown.
        plans: The plans that are shown.
        strategy: Whose themes they are.
        labels: Of the report's language.
    """

    def __init__(
        self,
        paragraphs: pd.DataFrame,
        chosen: Sequence[int],
        plans: Sequence[PlanView],
        strategy: Strategy,
        labels: Labels,
    ) -> None:
        self._paragraphs = paragraphs
        self._chosen = chosen
        self._places = {plan.name: plan.index for plan in plans}
        self._labels = labels
        self._themes = Numbers(strategy.themes)
        self._statements = Numbers(labels.group("statement"))

    def __len__(self) -> int:
        return len(self._chosen)

    def first(self, number: int) -> list[Paragraph]:
        """Give the first rows, which the page shows before its script runs."""
        return list(self._read(self._chosen[:number]))

    def pieces(self) -> list[str]:
        """Pack all rows; headings, which recur, are numbered within a piece."""
        return [self._piece(rows) for rows in in_pieces(self._chosen, ROWS_A_PIECE)]

    def key(self, page_size: int) -> dict[str, Any]:
        """Say what the numbers in the rows mean; asked for after the pieces, which may hold more names."""
        t = self._labels
        return {
            "pageSize": page_size,
            "total": len(self),
            "labels": t.group("table") | {f"figure.{key}": text for key, text in t.group("figure").items()},
            "plans": list(self._places),
            "themes": list(self._themes),
            "statements": list(self._statements),
            "statementLabels": [t.named("statement", name) for name in self._statements],
            "anchors": [t(f"anchor.{anchor}") for anchor in ANCHOR_KINDS],
        }

    def _piece(self, rows: Sequence[int]) -> str:
        headings = Numbers()
        packed = [self._row(paragraph, headings) for paragraph in self._read(rows)]
        return pack({"headings": list(headings), "rows": packed})

    def _read(self, rows: Sequence[int]) -> Iterator[Paragraph]:
        for row in each_row(self._paragraphs.iloc[list(rows)]):
            yield as_paragraph(row, self._places[str(row["document"])])

    def _row(self, paragraph: Paragraph, headings: Numbers) -> list[Any]:
        return [
            paragraph.plan,
            paragraph.number,
            paragraph.page,
            headings[" › ".join(paragraph.heading)],
            paragraph.text,
            [self._themes[theme] for theme in paragraph.themes],
            [_percent(paragraph.theme_scores.get(theme)) for theme in paragraph.themes],
            self._statements[paragraph.statement],
            _percent(paragraph.statement_score),
            _percent(paragraph.specificity),
            [paragraph.anchors[anchor] for anchor in ANCHOR_KINDS],
        ]


def _percent(value: float | None) -> int | None:
    return None if value is None else round(100 * value)
