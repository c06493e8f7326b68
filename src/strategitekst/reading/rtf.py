"""RTF → blocks: text by striprtf, which knows no headings, tables or notes; marks put in beforehand tell them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from striprtf.striprtf import rtf_to_text

from strategitekst.document import Block
from strategitekst.errors import CorruptFile
from strategitekst.reading.collecting import Collector
from strategitekst.reading.outline import to_blocks
from strategitekst.reading.pieces import Piece, with_chunks
from strategitekst.reading.tables import table_pieces
from strategitekst.reading.text import text_pieces

# Characters for private use stand for what striprtf drops. A group of its own keeps them from eating what follows.
_LEVEL, _DEPTH, _ROW, _CELL, _END, _NOTE = 0xE010, 0xE020, 0xE030, 0xE031, 0xE032, 0xE033
_TABLE_MARKS = {"trowd": _ROW, "cell": _CELL, "row": _END}
_TABLE = re.compile(r"\\(trowd|cell|row)(?![a-z0-9])")
_MARKS = re.compile("[\ue000-\ue0ff]")
_STYLE = re.compile(r"\{\\s(\d+)\b[^{}]*?(?:heading|overskrift) ?([1-9])(?:;|,)", re.IGNORECASE)
_USED_STYLE = re.compile(r"\\s(\d+)(?!\d)")
_OUTLINE = re.compile(r"\\outlinelevel([0-8])(?!\d)")
_ILVL = re.compile(r"\\ilvl(\d)(?!\d)")
_FOOTNOTE = re.compile(r"\{\s*(?:\\\*)?\\footnote(?![a-z])")
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
_CODE_PAGE = re.compile(r"\\ansicpg(\d+)")


def read_rtf(data: bytes, name: str = "dokument") -> list[Block]:
    """Read an RTF file.

    Args:
        data: The content of the file.
        name: How messages name it.

    Returns:
        Its blocks in reading order; headings by outline level or style, notes behind their paragraph.

    Raises:
        CorruptFile: It cannot be read to the end.

    Example:
        >>> [block.text for block in read_rtf(b"{\\\\rtf1 {\\\\outlinelevel0 Akut\\\\par}Vi kommer.\\\\par}")]
        ['Akut', 'Vi kommer.']
    """
    source = data.decode("latin-1").replace("\x00", "")
    page = _CODE_PAGE.search(source)
    encoding = f"cp{page[1]}" if page and page[1] in ("1250", "1252", "850", "865") else "cp1252"
    source, notes = _without_notes(source)
    found = Collector()
    try:
        text, texts = _text(_with_marks(source), encoding), [_text(note, encoding) for note in notes]
    except (ValueError, OverflowError, LookupError) as error:
        raise CorruptFile(f"{name} er en beskadiget RTF-fil: gem den igen i det program, den kommer fra") from error
    for piece, own in _pieces(text, texts):
        found.add(piece, own)
    found.finish()
    pieces = with_chunks(found.pieces)
    return to_blocks(pieces, marked=any(piece.level for piece in pieces))


def _text(source: str, encoding: str) -> str:
    return str(rtf_to_text(source, encoding=encoding, errors="replace"))  # type: ignore[no-untyped-call]


def _mark(code: int) -> str:
    return f"{{\\uc0\\u{code}}}"


def _with_marks(source: str) -> str:
    levels = {number: int(level) for number, level in _STYLE.findall(source)}

    def style(match: re.Match[str]) -> str:
        return match[0] + (" " + _mark(_LEVEL + levels[match[1]]) if match[1] in levels else "")

    source = _USED_STYLE.sub(style, source)
    source = _OUTLINE.sub(lambda match: f"{match[0]} {_mark(_LEVEL + int(match[1]) + 1)}", source)
    source = _ILVL.sub(lambda match: f"{match[0]} {_mark(_DEPTH + int(match[1]))}", source)
    return _TABLE.sub(lambda match: _mark(_TABLE_MARKS[match[1]]) + match[0], source)


def _without_notes(source: str) -> tuple[str, list[str]]:
    """Cut the footnotes out, leaving a mark where each was."""
    parts: list[str] = []
    notes: list[str] = []
    place = 0
    while (match := _FOOTNOTE.search(source, place)) is not None:
        end = _group_end(source, match.start())
        parts += [source[place : match.start()], _mark(_NOTE)]
        notes.append("{\\rtf1 " + source[match.end() : end] + "}")
        place = end + 1
    return "".join([*parts, source[place:]]), notes


def _group_end(source: str, start: int) -> int:
    depth = 0
    for match in _BRACES.finditer(source, start):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.start()
    return len(source)


def _pieces(text: str, notes: list[str]) -> Iterator[tuple[list[Piece], list[str]]]:
    """Split the text at its rows of tables and its paragraphs; with each, the notes that it refers to."""
    waiting = iter(notes)
    row = re.compile(f"{chr(_ROW)}(.*?){chr(_END)}", re.DOTALL)
    place = 0
    rows: list[list[str]] = []
    for match in row.finditer(text):
        between = text[place : match.start()]
        if _MARKS.sub("", between).strip(" \n|"):
            yield table_pieces(rows), []
            rows = []
            yield from _paragraphs(between, waiting)
        cells = match[1].split(chr(_CELL))[:-1]
        rows.append([" ".join(_MARKS.sub("", cell.removeprefix("|")).split()) for cell in cells])
        place = match.end()
    yield table_pieces(rows), []
    yield from _paragraphs(text[place:], waiting)


def _paragraphs(text: str, notes: Iterator[str]) -> Iterator[tuple[list[Piece], list[str]]]:
    for line in text.split("\n"):
        own = [next(notes, "") for _ in range(line.count(chr(_NOTE)))]
        marks = {ord(mark) for mark in _MARKS.findall(line)}
        plain = _MARKS.sub("", line)
        level = next((mark - _LEVEL for mark in sorted(marks) if _LEVEL < mark <= _LEVEL + 9), 0)
        if level and plain.strip():
            yield [Piece(" ".join(plain.split()), "heading", level=level)], own
            continue
        depth = next((mark - _DEPTH for mark in marks if _DEPTH <= mark < _DEPTH + 9), 0)
        pieces = text_pieces(plain)
        if depth:
            pieces = [Piece(piece.text, "item", depth=depth) for piece in pieces]
        yield pieces, own
