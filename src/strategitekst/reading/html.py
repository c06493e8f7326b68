"""HTML → blocks: the main text with its headings, lists and tables; nothing is fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import trafilatura
from selectolax.lexbor import LexborHTMLParser, LexborNode

from strategitekst.document import Block
from strategitekst.reading.outline import to_blocks
from strategitekst.reading.pieces import Piece, with_chunks, with_first_gap
from strategitekst.reading.repair import clean, repair
from strategitekst.reading.tables import table_pieces
from strategitekst.reading.text import text_pieces

_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "head",
        "iframe",
        "object",
        "select",
        "button",
        "textarea",
        "form",
    ]
)
_AROUND = frozenset(["nav", "footer", "aside", "dialog"])
_INLINE = frozenset(
    """a abbr b bdi bdo cite code data del dfn em font i ins kbd label mark q ruby s samp small span strong sub sup time
    tt u var wbr""".split()  # noqa: SIM905 - a list of names reads better so
)
_BOLD = frozenset(["b", "strong"])
_ENOUGH = 0.6
"""Share of the sentences on the page that the extraction must keep; below it, the page is read as it stands."""
_SENTENCE = 60
"""Characters from which a piece counts as running text in that comparison."""
_DEEPEST = 150
"""Nesting beyond which elements are read as plain text."""


def read_html(text: str) -> list[Block]:
    """Read a web page that was saved.

    Args:
        text: The decoded page.

    Returns:
        The blocks of its main text in reading order.

    Example:
        >>> [block.text for block in read_html("<html><body><h1>Akut</h1><p>Vi kommer.</p></body></html>")]
        ['Akut', 'Vi kommer.']
    """
    whole = _Reader().read(text)
    extracted = trafilatura.extract(
        text,
        output_format="html",
        include_comments=False,
        include_tables=True,
        include_formatting=True,
        favor_recall=True,
    )
    pieces = _Reader().read(extracted) if extracted else []
    headless = any(piece.level for piece in whole) and not any(piece.level for piece in pieces)
    if headless or not pieces or _substance(pieces) < _ENOUGH * _substance(whole):
        pieces = whole
    return to_blocks(with_chunks(pieces), marked=any(piece.level for piece in pieces))


def _substance(pieces: list[Piece]) -> int:
    return sum(len(piece.text) for piece in pieces if len(piece.text) >= _SENTENCE or piece.kind in ("item", "row"))


@dataclass
class _Reader:
    """Walks a tree and gathers inline text until a block ends."""

    pieces: list[Piece] = field(default_factory=list)
    buffer: list[tuple[str, bool]] = field(default_factory=list)
    item: bool = False

    def read(self, html: str) -> list[Piece]:
        tree = LexborHTMLParser(html)
        root = tree.css_first("main") or tree.css_first("[role=main]") or tree.body
        if root is not None:
            self.walk(root, bold=False, depth=0)
            self.flush()
        return self.pieces

    def walk(self, node: LexborNode, *, bold: bool, depth: int) -> None:
        for child in node.iter(include_text=True):
            tag = child.tag or ""
            if tag == "-text":
                self.buffer.append((re.sub(r"\s+", " ", child.text(deep=False)), bold))
            elif tag == "br":
                self.buffer.append(("\n", bold))
            elif tag in _SKIPPED or tag in _AROUND or tag.startswith("-") or "hidden" in child.attributes:
                continue
            elif tag in _INLINE and depth < _DEEPEST:
                self.walk(child, bold=bold or tag in _BOLD, depth=depth + 1)
            else:
                self.block(child, tag, bold=bold, depth=depth)

    def block(self, node: LexborNode, tag: str, *, bold: bool, depth: int) -> None:
        self.flush()
        if re.fullmatch("h[1-6]", tag):
            self.pieces.append(Piece(_line(node), "heading", level=int(tag[1])))
        elif tag == "table" and _is_data(node):
            rows = [[_line(cell) for cell in row.css("th, td")] for row in node.css("tr")]
            header = all(cell.tag == "th" for cell in node.css("tr")[0].css("th, td"))
            self.pieces += table_pieces(rows, has_header=header or None)
        elif depth >= _DEEPEST or tag == "pre":
            self.buffer.append((node.text(deep=True), False))
        else:
            outer, self.item = self.item, tag == "li"
            self.walk(node, bold=bold or tag in ("dt", "summary"), depth=depth + 1)
            self.flush()
            self.item = outer and tag not in ("ul", "ol")
            return
        self.flush()

    def flush(self) -> None:
        parts = [(text, bold) for text, bold in self.buffer if text.strip() or text == "\n"]
        text = "".join(text for text, _ in self.buffer)
        self.buffer.clear()
        if not text.strip():
            return
        strong = all(bold for part, bold in parts if part.strip())
        for piece in with_first_gap(text_pieces(text)):
            self.pieces.append(
                replace(piece, kind="item", number=0, mark="")
                if self.item
                else replace(piece, strong=piece.strong or strong)
            )


def _line(node: LexborNode) -> str:
    return repair(clean(" ".join(node.text(deep=True, separator="\x00").replace("\x00", "").split())))


def _is_data(table: LexborNode) -> bool:
    """Say whether a table holds data: several rows and columns, and no table inside."""
    rows = table.css("tr")
    return len(rows) > 1 and max(len(row.css("th, td")) for row in rows) > 1 and len(table.css("table")) <= 1
