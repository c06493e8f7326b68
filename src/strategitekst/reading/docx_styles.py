"""What the styles of a Word file make of a paragraph: heading, item, entry of a table of contents, bold text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

SUBTITLE_LEVEL = 9
"""Level of a subtitle: nothing stands under it."""

_HEADING = re.compile(r"(?:heading|overskrift)\s*([1-9])", re.IGNORECASE)
_LIST = re.compile(r"(?:list (?:bullet|number)|opstilling)", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|indholdsfortegnelse)\b", re.IGNORECASE)
_DEEPEST = 10


@dataclass(frozen=True, slots=True)
class StyleFacts:
    """What a style makes of its paragraphs.

    Attributes:
        level: 1 to 9 for headings, else 0.
        title: It is the title of the document.
        listed: Its paragraphs are items.
        contents: Its paragraphs are entries of a table of contents.
        bold: Its text is bold.
    """

    level: int = 0
    title: bool = False
    listed: bool = False
    contents: bool = False
    bold: bool = False


class Styles:
    """The styles of a document, each looked at once: python-docx searches the file for every question."""

    def __init__(self, document: Any) -> None:
        self._by_id: dict[str, Any] = {style.style_id: style for style in document.styles}
        self._default = next((style for style in self._by_id.values() if style.name == "Normal"), None)
        self._facts: dict[str | None, StyleFacts] = {}

    def of(self, paragraph: Paragraph) -> StyleFacts:
        """Return what the style of a paragraph makes of it."""
        name = paragraph._p.style
        if name not in self._facts:
            self._facts[name] = _facts(self._chain(name))
        return self._facts[name]

    def _chain(self, name: str | None) -> list[Any]:
        chain: list[Any] = []
        style = self._default if name is None else self._by_id.get(name, self._default)
        while style is not None and len(chain) < _DEEPEST:
            chain.append(style)
            base = style.element.basedOn
            style = None if base is None else self._by_id.get(base.val)
        return chain


def _facts(chain: list[Any]) -> StyleFacts:
    names = [style.name or "" for style in chain]
    title = bool(names) and names[0] in ("Title", "Titel")
    marks = [mark for style in chain if (mark := numbering(style.element.pPr)) is not None]
    bolds = [style.font.bold for style in chain if hasattr(style, "font") and style.font.bold is not None]
    return StyleFacts(
        level=1 if title else _level(names, chain),
        title=title,
        listed=marks[0] if marks else any(_LIST.match(name) for name in names),
        contents=bool(names) and bool(_CONTENTS.match(names[0])),
        bold=bool(bolds and bolds[0]),
    )


def _level(names: list[str], chain: list[Any]) -> int:
    for name, style in zip(names, chain, strict=True):
        match = _HEADING.match(name)
        if match:
            return int(match[1])
        if name in ("Subtitle", "Undertitel"):
            return SUBTITLE_LEVEL
        level = outline_level(style.element.pPr)
        if level:
            return level
    return 0


def outline_level(properties: Any) -> int:
    """Return the outline level that paragraph properties set, from 1, or 0."""
    outline = properties.find(qn("w:outlineLvl")) if properties is not None else None
    level = int(outline.get(qn("w:val"), "9")) if outline is not None else SUBTITLE_LEVEL
    return level + 1 if level < SUBTITLE_LEVEL else 0


def numbering(properties: Any) -> bool | None:
    """Say whether paragraph properties make an item; None where they say nothing."""
    mark = properties.find(qn("w:numPr")) if properties is not None else None
    if mark is None:
        return None
    number = mark.find(qn("w:numId"))
    return number is None or number.get(qn("w:val")) != "0"
