"""The text of one document as paragraphs with offsets, page and heading path.

Example:
    >>> document = build_document("plan.md", [Block("heading", "Akut hjælp", level=1), Block("prose", "Vi kommer.")])
    >>> document.paragraphs[0].heading
    ('Akut hjælp',)
    >>> paragraph = document.paragraphs[0]
    >>> document.text[paragraph.start : paragraph.end]
    'Vi kommer.'
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["prose", "item", "row", "residue"]
"""What a paragraph is: running text, an item of a list, a row of a table, or what a web page leaves around its text."""


SEPARATOR = "\n\n"


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document in reading order, before headings become paths and pieces get offsets.

    Attributes:
        kind: ``heading`` or the kind of the paragraph that it becomes.
        text: The repaired text, on one line.
        level: 1 for the highest heading; 0 for everything that is no heading.
        page: The page it starts on, from 1, or None where the format has no pages.
        lead_in: For items and rows: the line that announces them, or the item that they stand under.
        language: Of a paragraph: ``da``, ``no``, ``sv``, ``en``, ``de``, or empty where nobody looked.
    """

    kind: Literal["heading"] | Kind
    text: str
    level: int = 0
    page: int | None = None
    lead_in: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One unit of analysis.

    Attributes:
        number: 0, 1, … in reading order.
        text: The text, on one line; equal to ``document.text[start:end]``.
        start: Offset of the first character in the document's text.
        end: Offset after the last character.
        heading: The headings above it, outermost first.
        page: The page it starts on, from 1, or None where the format has no pages.
        kind: See ``Kind``. Residue is never said to serve a theme.
        lead_in: For items and rows: the line that announces them ("Det vil vi:"), or the item that they stand under.
        language: ``da``, ``no``, ``sv``, ``en`` or ``de``; empty where nobody looked.
    """

    number: int
    text: str
    start: int
    end: int
    heading: tuple[str, ...] = ()
    page: int | None = None
    kind: Kind = "prose"
    lead_in: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read.

    Attributes:
        name: How results name it: its path relative to the folder given, or its file name.
        text: Headings and paragraphs in reading order, an empty line between them.
        paragraphs: The units of analysis; headings are none.
        format: ``text``, ``markdown``, ``html``, ``docx``, ``pdf``, …
        pages: The number of pages, or None where the format has none.
        sha256: Hash of the file's bytes, in hexadecimal; empty for text that came from no file.
        unread_tables: For each table that no text could be read from (a picture, rules without text, an embedded
            spreadsheet) its page; 0 where the format has no pages.

    Example:
        >>> Document("plan", "Vi kommer.", (Paragraph(0, "Vi kommer.", 0, 10),)).paragraphs[0].text
        'Vi kommer.'
    """

    name: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    format: str = "text"
    pages: int | None = None
    sha256: str = ""
    unread_tables: tuple[int, ...] = ()

    @property
    def language(self) -> str:
        """The language that most of the text is in, or an empty string where nobody looked.

        Example:
            >>> build_document("plan", [Block("prose", "Vi kommer.", language="da")]).language
            'da'
        """
        weights: Counter[str] = Counter()
        for paragraph in self.paragraphs:
            weights[paragraph.language] += len(paragraph.text)
        return max(weights, key=lambda language: weights[language]) if weights else ""

    def _repr_html_(self, lang: str = "da") -> str:
        from strategitekst import display

        first = self.paragraphs[: display.MOST_PARAGRAPHS]
        shown = [(each.number, each.page, each.heading, each.text) for each in first]
        return display.document(self.name, (self.format, self.pages, len(self.paragraphs)), shown, lang)


def build_document(
    name: str,
    blocks: Iterable[Block],
    *,
    format: str = "text",
    pages: int | None = None,
    sha256: str = "",
    unread_tables: tuple[int, ...] = (),
) -> Document:
    """Give blocks their offsets and heading paths.

    Args:
        name: How results name the document.
        blocks: Headings and pieces of text in reading order; empty ones are passed over.
        format: The format that they were read from.
        pages: The number of pages, if the format has pages.
        sha256: Hash of the file's bytes.
        unread_tables: The pages of tables that no text could be read from.

    Returns:
        The document; a heading closes all headings of its own level and below.

    Example:
        >>> build_document("a", [Block("prose", "Ét."), Block("item", "To.")]).text
        'Ét.\\n\\nTo.'
    """
    path: list[tuple[int, str]] = []
    pieces: list[str] = []
    paragraphs: list[Paragraph] = []
    offset = 0
    for block in blocks:
        text = " ".join(block.text.split())
        if not text:
            continue
        if block.kind == "heading":
            path = [(level, heading) for level, heading in path if level < block.level]
            path.append((block.level, text))
        else:
            paragraphs.append(
                Paragraph(
                    number=len(paragraphs),
                    text=text,
                    start=offset,
                    end=offset + len(text),
                    heading=tuple(heading for _, heading in path),
                    page=block.page,
                    kind=block.kind,
                    lead_in=block.lead_in,
                    language=block.language,
                )
            )
        pieces.append(text)
        offset += len(text) + len(SEPARATOR)
    return Document(name, SEPARATOR.join(pieces), tuple(paragraphs), format, pages, sha256, unread_tables)
