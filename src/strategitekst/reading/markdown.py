"""Markdown → blocks, with the tables of GitHub's dialect; front matter is passed over."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.footnote import footnote_plugin

from strategitekst.document import Block
from strategitekst.reading.collecting import Collector
from strategitekst.reading.outline import to_blocks
from strategitekst.reading.pieces import Piece, with_chunks, with_first_gap
from strategitekst.reading.repair import clean, join, repair
from strategitekst.reading.shape import bullet, ends_sentence
from strategitekst.reading.tables import table_pieces
from strategitekst.reading.text import text_pieces
from strategitekst.reading.text_tables import split_tables

_FRONT_MATTER = re.compile(r"\A\s*(---|\+\+\+)\n.*?\n(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_ATTRIBUTES = re.compile(r"[ \t]*\{[#.][^{}\n]*\}[ \t]*$", re.MULTILINE)
"""What pandoc writes behind a heading: an anchor, classes."""
_TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_BOLD_LINE = re.compile(r"\s*\*\*[^*]+\*\*\s*:?\s*")
_RULED = re.compile(r"^ *(?:-{2,}(?: +-{2,})+|\+(?:[-=:]+\+)+) *$", re.MULTILINE)
_DEEPEST = 40
"""Nesting of quotes and lists beyond which no more is looked for."""
_SHORT = 60
"""Characters of the longest line where lines of a paragraph may be meant as lines of their own, as in an address."""
_LONG = 200
"""Characters on average where the lines are paragraphs: plain text with one a line that was taken for Markdown."""


def read_markdown(text: str) -> list[Block]:
    """Read Markdown.

    Args:
        text: The decoded file.

    Returns:
        Its blocks in reading order; a row of a table is one line with the names of the columns, a note stands
        behind its paragraph.

    Example:
        >>> [block.text for block in read_markdown("# Akut\\n\\n|Indsats|Frist|\\n|---|---|\\n|Akutbil|2025|")]
        ['Akut', 'Indsats: Akutbil; Frist: 2025']
    """
    text = clean(text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _FRONT_MATTER.sub("", text, count=1)
    # Indented code is off: in plans an indent is layout, not a programme.
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table").disable("code")
    parser.use(footnote_plugin, inline=False)
    nodes = SyntaxTreeNode(parser.parse(_with_bars(_ATTRIBUTES.sub("", text)))).children
    notes = {
        note.meta["id"]: "\n\n".join(_inline(part) for part in note.walk() if part.type == "paragraph")
        for node in nodes
        if node.type == "footnote_block"
        for note in node.children
    }
    found = Collector()
    for node in nodes:
        if node.type != "footnote_block":
            used = [part.meta["id"] for part in node.walk() if part.type == "footnote_ref"]
            found.add(with_first_gap(_pieces(node)), [notes.pop(note) for note in used if note in notes])
    found.finish()
    pieces = with_chunks(found.pieces)
    return to_blocks(pieces, marked=any(piece.level for piece in pieces))


def _with_bars(text: str) -> str:
    """Write tables that only pandoc's Markdown knows, ruled with dashes, in the way that the parser knows."""
    if not _RULED.search(text):
        return text
    parts: list[str] = []
    for part in split_tables(text):
        if isinstance(part, str):
            parts.append(part)
            continue
        rows = [[cell.replace("|", "\\|") for cell in row] for row in part[0]]
        header = rows.pop(0) if part[1] is not False else [""] * len(rows[0])
        ruler = ["---"] * len(header)
        parts.append("\n" + "\n".join(f"| {' | '.join(row)} |" for row in (header, ruler, *rows)) + "\n")
    return "\n".join(parts)


def _pieces(node: SyntaxTreeNode) -> list[Piece]:
    if node.type == "heading":
        return [Piece(repair(_inline(node)), "heading", level=int(node.tag[1]))]
    if node.type == "paragraph":
        return _paragraph(node)
    if node.type in ("bullet_list", "ordered_list"):
        return _list(node)
    if node.type == "table":
        rows = [[_inline(cell) for cell in row.children] for part in node.children for row in part.children]
        return table_pieces(rows, has_header=any(rows[0]))
    if node.type in ("fence", "html_block"):
        return text_pieces(_TAG.sub(" ", node.content))
    return [piece for child in node.children for piece in _pieces(child)]


def _paragraph(node: SyntaxTreeNode) -> list[Piece]:
    """Join the lines of a paragraph, unless they are short ones or carry bullets that Markdown does not know."""
    parts = _hard_lines(node)
    lines = [line for part in parts for line in part.split("\n")]
    short = len(lines) > 1 and all(len(line) <= _SHORT and not ends_sentence(line) for line in lines)
    long = sum(map(len, lines)) > _LONG * len(lines)
    if len(lines) == 1 or short or long or any(bullet(line.strip()) or _BOLD_LINE.fullmatch(line) for line in lines):
        return text_pieces("\n".join(lines))
    joined: list[Piece] = []
    for part in parts:
        text = ""
        for line in part.split("\n"):
            text = join(text, line)
        joined.append(Piece(repair(text.replace("**", ""))))
    return joined


def _list(node: SyntaxTreeNode, depth: int = 0) -> list[Piece]:
    pieces: list[Piece] = []
    for item in node.children:
        for place, child in enumerate(item.children):
            if place == 0 and child.type == "paragraph":
                mark = f"{item.info or 1}{item.markup} " if node.type == "ordered_list" else ""
                text = repair(_inline(child))
                if mark and bullet(mark + text) is None:  # "1. oktober …" is no list
                    pieces.append(Piece(mark + text, "prose"))
                else:
                    number = int(item.info or 1) if mark and len(node.children) == 1 else 0
                    pieces.append(Piece(text, "item", number=number, mark=mark, depth=depth))
            elif child.type in ("bullet_list", "ordered_list"):
                pieces += _list(child, depth + 1)
            else:
                pieces += _pieces(child)
    return pieces


def _inline(node: SyntaxTreeNode) -> str:
    text = ""
    for part in _hard_lines(node):
        for line in part.split("\n"):
            text = join(text, line)
    return text.replace("**", "")


def _hard_lines(node: SyntaxTreeNode) -> list[str]:
    """Return the text of a paragraph or cell by its hard breaks; bold stays marked, soft breaks stay line breaks."""
    children = node.children[0].children if node.children else []
    return "".join(_plain(child) for child in children).split("\x00")


def _plain(node: SyntaxTreeNode) -> str:
    if node.type == "softbreak":
        return "\n"
    if node.type == "hardbreak":
        return "\x00"
    if node.type == "footnote_ref":
        return ""
    if node.type in ("text", "code_inline"):
        return node.content
    if node.type == "html_inline":
        return "\x00" if node.content.lower().startswith("<br") else ""
    text = "".join(_plain(child) for child in node.children) if node.type != "image" else ""
    return f"**{text}**" if node.type == "strong" else text
