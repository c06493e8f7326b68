"""Plain text → blocks: lines to paragraphs, lists, headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from strategitekst.document import Block
from strategitekst.reading.outline import to_blocks
from strategitekst.reading.pieces import Piece, with_chunks
from strategitekst.reading.repair import clean, is_broken, join, repair
from strategitekst.reading.shape import (
    Bullet,
    bullet,
    ends_firmly,
    ends_sentence,
    enumerator,
    is_heading_like,
    number_depth,
)
from strategitekst.reading.tables import table_pieces
from strategitekst.reading.text_gaps import join_across_gaps
from strategitekst.reading.text_tables import split_tables

_NEWLINES = ("\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
_RULE = re.compile(r"\s*(?:([-*_=~])\s*)(?:\1\s*){2,}")
_SETEXT = {"=": 1, "-": 2}
_MARKED_HEADING = re.compile(r"(#{1,6})\s+(\S.*?)\s*#*")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.{1,500}?)(?<=\S)\1", re.DOTALL)
_ALL_BOLD = re.compile(r"\s*(\*\*|__)((?:(?!\1).)+)\1\s*:?\s*", re.DOTALL)
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])")

_NOTE = re.compile(r"^ {0,3}\[(\d{1,3})\]:? +(?=\S)", re.MULTILINE)
_REFERENCE = re.compile(r"(?<=\S)\[(\d{1,3})\]")

_NARROWEST, _WIDEST = 30, 130
"""Characters between which the width of hard-wrapped text lies; longer lines are paragraphs of their own."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    indent: int
    bullet: Bullet | None


def read_text(text: str) -> list[Block]:
    """Read plain text: empty lines and wrapped lines, bullets, headings by mark and by shape.

    Args:
        text: The decoded file.

    Returns:
        Its blocks in reading order.

    Example:
        >>> [(block.kind, block.text) for block in read_text("Akut hjælp\\n\\n- Vi kommer\\n  hurtigt.\\n- Altid.")]
        [('heading', 'Akut hjælp'), ('item', 'Vi kommer hurtigt.'), ('item', 'Altid.')]
    """
    pieces: list[Piece] = []
    for part in split_tables(without_note_marks(_with_newlines(text))):
        if isinstance(part, str):
            pieces += text_pieces(part)
        else:
            pieces += table_pieces(part[0], has_header=part[1])
    return to_blocks(with_chunks(pieces))


def _with_newlines(text: str) -> str:
    for end in _NEWLINES:
        text = text.replace(end, "\n")
    return text


def without_note_marks(text: str) -> str:
    """Take out the marks of notes, "[1]", where the notes stand in the text too.

    Example:
        >>> without_note_marks("Vi kommer.[1]\\n\\n[1] Om natten.")
        'Vi kommer.\\n\\nOm natten.'
    """
    notes = set(_NOTE.findall(text))
    if not notes or not notes <= set(_REFERENCE.findall(text)):
        return text
    return re.sub(rf"(?<=\S)\[(?:{'|'.join(notes)})\]", "", _NOTE.sub("", text))


def text_pieces(text: str) -> list[Piece]:
    """Split plain text into pieces without settling which lines are headings."""
    lines = clean(_with_newlines(text)).split("\n")
    width = wrap_width(lines)
    pieces: list[Piece] = []
    for chunk, (gap, block) in enumerate(_chunks(lines)):
        pieces += _chunk_pieces(block, gap, chunk, width)
    return [_repaired(piece) for piece in join_across_gaps(pieces)]


def _repaired(piece: Piece) -> Piece:
    text = repair(piece.text)
    return piece if text == piece.text else replace(piece, text=text)


def wrap_width(lines: list[str]) -> int:
    """Estimate at how many characters the lines of a text were broken.

    A line followed by one that starts with a small letter, and that is no item, was broken.

    Returns:
        The width, or 0 where the lines are paragraphs of their own.

    Example:
        >>> wrap_width(["Vi kommer hurtigt, når nogen ringer", "efter hjælp."])
        35
    """
    broken = sorted(
        len(line.rstrip())
        for line, following in pairwise(lines)
        if following.strip()[:1].islower() and not bullet(following.strip()) and not ends_sentence(line.rstrip())
    )
    broken = [length for length in broken if _NARROWEST <= length <= _WIDEST]
    return broken[int(len(broken) * 0.9)] if broken else 0


def _chunks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """Split lines at empty ones and rules; with each chunk, the number of empty lines before it."""
    chunks: list[tuple[int, list[str]]] = []
    gap, open_ = 0, False
    for line in lines:
        underline = _SETEXT.get(line.strip()[:1], 0) if open_ and _RULE.fullmatch(line) else 0
        if underline and len(chunks[-1][1]) == 1 and len(line.strip()) >= 3:
            chunks[-1][1][0] = f"{'#' * underline} {chunks[-1][1][0].strip()}"
            open_ = False
        elif not line.strip() or _RULE.fullmatch(line):
            gap, open_ = gap + 1, False
        elif open_:
            chunks[-1][1].append(line)
        else:
            chunks.append((gap, [line]))
            gap, open_ = 0, True
    return chunks


def _chunk_pieces(block: list[str], gap: int, chunk: int, width: int) -> list[Piece]:
    whole = "\n".join(block)
    bold = _ALL_BOLD.fullmatch(whole)
    if bold and len(whole) < 200 and all(is_heading_like(line.strip(" *_")) for line in block[:1]):
        return [Piece(" ".join(_without_marks(whole).split()), strong=True, gap=gap, chunk=chunk)]
    pieces: list[Piece] = []
    indents: list[int] = []
    for line, strong in _logical_lines(block, width):
        piece = _piece(line, strong)
        if piece.kind == "item":
            indents = [*(indent for indent in indents if indent < line.indent), line.indent]
            piece = replace(piece, depth=len(indents) - 1)
        pieces.append(replace(piece, gap=0 if pieces else gap, chunk=chunk))
    return pieces


def _piece(line: _Line, strong: bool) -> Piece:
    heading = _MARKED_HEADING.fullmatch(line.text)
    if heading:
        return Piece(heading[2], "heading", level=len(heading[1]))
    mark = line.bullet
    if mark is None:
        return Piece(line.text, strong=strong)
    if number_depth(line.text) > 1:
        return Piece(line.text)
    return Piece(line.text[mark.length :], "item", number=mark.number, mark=line.text[: mark.length])


def _logical_lines(block: list[str], width: int) -> list[tuple[_Line, bool]]:
    """Put the lines of a chunk together that one paragraph, item or heading was wrapped over."""
    bold_lines = [bool(_ALL_BOLD.fullmatch(line)) for line in block]
    lines = _counted([_line(line) for line in _without_marks("\n".join(block)).split("\n")], width)
    dashes = sum(line.bullet is not None and line.bullet.dash for line in lines)
    found: list[tuple[_Line, bool, list[str]]] = []
    last = ""
    for line, strong in zip(lines, bold_lines, strict=True):
        if found and not strong and not found[-1][1] and _goes_on(found[-1][0], last, line, width, dashes):
            _append(found[-1][2], line.text)
        else:
            found.append((line, strong, [line.text]))
        last = line.text
    return [
        (replace(line, text=" ".join(parts)) if len(parts) > 1 or parts[0] != line.text else line, strong)
        for line, strong, parts in found
    ]


def _append(parts: list[str], text: str) -> None:
    """Add a line to a paragraph in parts, of which only the last is looked at: a long one is not copied each time."""
    joined = join(parts[-1], text)
    if joined == f"{parts[-1]} {text}":
        parts.append(text)
    else:
        parts[-1] = joined


def _line(line: str) -> _Line:
    text = line.strip()
    return _Line(text, len(line) - len(line.lstrip()), bullet(text))


def _counted(lines: list[_Line], width: int) -> list[_Line]:
    """Make a line that starts like a date an item where those around it are numbered on: "1. November …", "2. Vi …"."""
    result = list(lines)
    for place, line in enumerate(lines):
        mark = None if line.bullet else enumerator(line.text)
        if (
            mark is None
            or not line.text[mark.length].isupper()
            or (place and not _may_end(lines[place - 1], line.text, width))
        ):
            continue
        before = [each.bullet.number for each in result[:place] if each.bullet]
        after = [each.bullet.number for each in lines[place + 1 :] if each.bullet]
        goes_on = mark.number - 1 in before[-1:] if mark.number > 1 else not before
        if goes_on and (mark.number + 1 in after[:1] or (mark.number > 1 and not after)):
            result[place] = replace(line, bullet=mark)
    return result


def _may_end(above: _Line, following: str, width: int) -> bool:
    return ends_firmly(above.text) or (above.bullet is not None and not _is_full(above.text, following, width))


def _without_marks(text: str) -> str:
    if "*" not in text and "__" not in text:
        return text
    return _EMPHASIS.sub(r"\1", _BOLD.sub(r"\2", text))


def _goes_on(above: _Line, last: str, line: _Line, width: int, dashes: int) -> bool:
    """Say whether a line goes on with the paragraph or item above it.

    Args:
        above: The first line of that paragraph or item.
        last: The line directly above.
        line: The line in question.
        width: The width that the text is wrapped at, 0 for none.
        dashes: How many lines of the chunk start with a dash.
    """
    if _MARKED_HEADING.fullmatch(line.text) or _MARKED_HEADING.fullmatch(above.text):
        return False
    if is_broken(last, line.text):
        return True
    if line.bullet is not None:
        # A dash or a number that a wrapped sentence happens to go on with makes no list.
        ambiguous = line.bullet.number or (line.bullet.dash and dashes == 1)
        inside_sentence = ambiguous and above.bullet is None and not ends_firmly(last)
        return bool(inside_sentence) and _is_full(last, line.text, width)
    if number_depth(line.text) > 1:
        return False
    if _is_full(last, line.text, width):
        return True
    if above.bullet is not None and line.indent > above.indent and not ends_sentence(last):
        return True
    figure = line.text[:1].isdigit() and len(last) > 0.75 * width > 0
    if ends_firmly(last) or not (line.text[:1].islower() or figure):
        return bool(above.bullet and line.indent > above.indent)
    return not width or len(last) > width / 2


def _is_full(last: str, following: str, width: int) -> bool:
    """Say whether the first word of the following line had no room on the last."""
    first = following.split(maxsplit=1)[0]
    return bool(width) and width < len(last) + 1 + len(first) and len(last) <= _WIDEST
