"""HTML → blocks: the main text with its headings, lists and tables; nothing is fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from strategitekst.document import Block
from strategitekst.reading.html_page import is_around, is_web_page, main_part, tamed, without_surroundings
from strategitekst.reading.html_tables import grid, is_data
from strategitekst.reading.outline import to_blocks
from strategitekst.reading.pieces import Piece, with_chunks, with_first_gap
from strategitekst.reading.repair import clean, repair
from strategitekst.reading.tables import merged_header, table_pieces
from strategitekst.reading.text import text_pieces

_SKIPPED = frozenset(
    """script style noscript template svg math head iframe object embed select button textarea form input canvas audio
    video map rt rp""".split()  # noqa: SIM905 - a list of names reads better so
)
_INLINE = frozenset(
    """a abbr b bdi bdo cite code data del dfn em font i ins kbd label mark q ruby s samp small span strong sub sup time
    tt u var wbr big acronym""".split()  # noqa: SIM905
)
_INSIDE_BLOCKS = frozenset("p ul ol li menu dl dt dd blockquote section figure table".split())  # noqa: SIM905
_BOLD = frozenset(["b", "strong"])
_DEEPEST = 150
"""Nesting beyond which elements are read as plain text."""
_NOTE_LINK = re.compile(r"[\[(]?(?:\d{1,3}|\*{1,3}|[ivx]{1,5})[\])]?|[↩↑⏎^\ufe0e\ufe0f\s]+")
"""What a link reads that leads to a note or back from one."""


def read_html(text: str) -> list[Block]:
    """Read a web page that was saved, or a document that was saved as one.

    Args:
        text: The decoded page.

    Returns:
        The blocks of its main text in reading order.

    Example:
        >>> [block.text for block in read_html("<html><body><h1>Akut</h1><p>Vi kommer.</p></body></html>")]
        ['Akut', 'Vi kommer.']
    """
    text = tamed(text)
    tree = LexborHTMLParser(text)
    if tree.body is None:
        return []
    web = is_web_page(tree)
    main = main_part(tree) if web else None
    reader = _Reader(web=web)
    reader.read(main or tree.body)
    pieces = reader.pieces
    if web and main is None and reader.deepest < _DEEPEST:
        pieces = without_surroundings(text, pieces, reader.containers)
    return page_blocks(pieces)


def page_blocks(pieces: list[Piece]) -> list[Block]:
    """Settle what is a heading in the pieces of one page or of all chapters of a book."""
    return to_blocks(with_chunks(pieces), marked=any(piece.level for piece in pieces))


def page_pieces(text: str) -> list[Piece]:
    """Read all of a page, as the chapters of a book are: nothing stands around the text there."""
    tree = LexborHTMLParser(tamed(text))
    reader = _Reader(web=False)
    if tree.body is not None:
        reader.read(tree.body)
    return reader.pieces


@dataclass
class _Reader:
    """Walks a tree and gathers inline text until a block ends.

    Attributes:
        web: Menus, banners and the like are to be passed over.
        pieces: What was found.
        containers: For each piece, the element that its block stands in.
        deepest: The deepest nesting met.
    """

    web: bool
    pieces: list[Piece] = field(default_factory=list)
    containers: list[int] = field(default_factory=list)
    deepest: int = 0
    _buffer: list[tuple[str, bool]] = field(default_factory=list)
    _item: bool = False
    _depth: int = -1
    _all: int = 0

    def read(self, root: LexborNode) -> None:
        """Read an element and all below it."""
        self._all = len(root.text(deep=True)) if self.web else 0
        self._walk(root, bold=False, depth=0)
        self._flush(root)

    def _walk(self, node: LexborNode, *, bold: bool, depth: int) -> None:
        self.deepest = max(self.deepest, depth)
        for child in node.iter(include_text=True):
            tag = child.tag or ""
            if tag == "-text":
                self._buffer.append((re.sub(r"\s+", " ", child.text(deep=False)), bold))
            elif tag == "br":
                self._buffer.append(("\n", bold))
            elif self._is_skipped(child, tag):
                continue
            elif tag in _INLINE and depth < _DEEPEST:
                self._walk(child, bold=bold or tag in _BOLD, depth=depth + 1)
            else:
                self._flush(node)
                self._block(child, tag, bold=bold, depth=depth)

    def _is_skipped(self, node: LexborNode, tag: str) -> bool:
        if tag in _SKIPPED or tag.startswith("-") or "hidden" in node.attributes or _is_note_link(node, tag):
            return True
        return self.web and is_around(node, tag, self._all)

    def _block(self, node: LexborNode, tag: str, *, bold: bool, depth: int) -> None:
        if re.fullmatch("h[1-6]", tag):
            self._add(node.parent or node, [Piece(_line(node), "heading", level=int(tag[1]))])
        elif tag == "table" and is_data(node):
            caption = node.css_first("caption")
            if caption is not None:
                self._add(node, [Piece(_line(caption), "prose")])
            rows, headers = grid(node, _line)
            rows, has_header = merged_header(rows, headers)
            self._add(node, table_pieces(rows, has_header=has_header))
        elif depth >= _DEEPEST or tag == "pre":
            self._buffer.append((node.text(deep=True), False))
            self._flush(node)
        else:
            list_ = tag in ("ul", "ol", "menu")
            outer, self._item = self._item, tag == "li"
            self._depth += list_
            self._walk(node, bold=bold or tag in ("dt", "summary"), depth=depth + 1)
            self._flush(node)
            self._depth -= list_
            self._item = outer and not list_

    def _flush(self, container: LexborNode) -> None:
        parts = [(text, bold) for text, bold in self._buffer if text.strip() or text == "\n"]
        text = "".join(text for text, _ in self._buffer)
        self._buffer.clear()
        if not text.strip():
            return
        strong = all(bold for part, bold in parts if part.strip())
        found = with_first_gap(text_pieces(text))
        if self._item:
            depth = max(self._depth, 0)
            found = [replace(piece, kind="item", number=0, mark="", depth=depth) for piece in found]
        else:
            found = [replace(piece, strong=piece.strong or strong) for piece in found]
        self._add(container, found)

    def _add(self, node: LexborNode, pieces: list[Piece]) -> None:
        home: LexborNode | None = node
        while home is not None and home.tag in _INSIDE_BLOCKS and home.parent is not None:
            home = home.parent
        self.pieces += pieces
        self.containers += [(home or node).mem_id] * len(pieces)


def _is_note_link(node: LexborNode, tag: str) -> bool:
    """Say whether an element is nothing but the mark of a note: it is no part of the sentence."""
    if tag == "sup":
        inner = node.css_first("a")
        return inner is not None and inner.text(deep=True).strip() == node.text(deep=True).strip() and _marks(inner)
    return tag == "a" and _marks(node)


def _marks(link: LexborNode) -> bool:
    target = link.attributes.get("href") or ""
    own = "#" in target or link.attributes.get("role") in ("doc-noteref", "doc-backlink")
    text = link.text(deep=True).strip()
    return own and bool(text) and bool(_NOTE_LINK.fullmatch(text))


def _line(node: LexborNode) -> str:
    for link in node.css("a"):
        if _marks(link):
            link.decompose()
    return repair(clean(" ".join(node.text(deep=True, separator="\x00").replace("\x00", "").split())))
