"""What the styles of a Word file make of a paragraph: heading, item, entry of a table of contents, bold text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SUBTITLE_LEVEL = 9
"""Level of a subtitle: nothing stands under it."""

_HEADING = re.compile(r"(?:heading|overskrift)\s*([1-9])", re.IGNORECASE)
_LIST = re.compile(r"(?:list (?:bullet|number)|opstilling)\D*(\d?)", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|indholdsfortegnelse)\b", re.IGNORECASE)
_CAPTION = re.compile(r"(?:caption|billedtekst)\b", re.IGNORECASE)
_DEEPEST = 10
_FALSE = ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class Mark:
    """The place of a paragraph in a numbered or bulleted list.

    Attributes:
        list_id: The list's id; ``0`` takes a paragraph out of the list that its style puts it in.
        depth: 0 for the outermost items.
    """

    list_id: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class StyleFacts:
    """What a style makes of its paragraphs.

    Attributes:
        level: 1 to 9 for headings, else 0.
        title: It is the title of the document.
        mark: The list that it puts its paragraphs in.
        listed: Its name says that its paragraphs are items; the value is their depth plus 1, or 0.
        contents: Its paragraphs are entries of a table of contents.
        caption: Its paragraphs stand under a picture or over a table.
        bold: Its text is bold.
    """

    level: int = 0
    title: bool = False
    mark: Mark | None = None
    listed: int = 0
    contents: bool = False
    caption: bool = False
    bold: bool = False


class Styles:
    """The styles of a document, each looked at once.

    Args:
        root: Of ``styles.xml``, or None where the file has none.
    """

    def __init__(self, root: Any | None) -> None:
        styles = [] if root is None else root.iterchildren(f"{W}style")
        self._by_id = {style.get(f"{W}styleId"): style for style in styles}
        self._default = next(
            (
                name
                for name, style in self._by_id.items()
                if style.get(f"{W}type") == "paragraph" and is_on(style, "default")
            ),
            None,
        )
        self._facts: dict[str | None, StyleFacts] = {}

    def of(self, properties: Any | None) -> StyleFacts:
        """Return what the style of a paragraph makes of it.

        Args:
            properties: The paragraph's ``w:pPr``.
        """
        name = value(properties, "pStyle")
        name = name if name in self._by_id else self._default
        if name not in self._facts:
            self._facts[name] = _facts(self._chain(name))
        return self._facts[name]

    def _chain(self, name: str | None) -> list[Any]:
        chain: list[Any] = []
        while name in self._by_id and len(chain) < _DEEPEST:
            chain.append(self._by_id[name])
            name = value(chain[-1], "basedOn")
        return chain


def value(element: Any | None, child: str) -> str | None:
    """Return the value that a child of an element sets, or None."""
    found = None if element is None else element.find(f"{W}{child}")
    text = None if found is None else found.get(f"{W}val")
    return None if text is None else str(text)


def is_on(element: Any, attribute: str) -> bool:
    """Say whether an attribute is there and not switched off."""
    return element.get(f"{W}{attribute}", "0").lower() not in _FALSE


def switch(properties: Any | None, name: str) -> bool | None:
    """Return a switch such as bold: True, False, or None where the properties say nothing."""
    found = None if properties is None else properties.find(f"{W}{name}")
    return None if found is None else found.get(f"{W}val", "1").lower() not in _FALSE


def _facts(chain: list[Any]) -> StyleFacts:
    names = [value(style, "name") or "" for style in chain]
    first = names[0] if names else ""
    title = first.lower() in ("title", "titel")
    properties = [style.find(f"{W}pPr") for style in chain]
    marks = [mark for each in properties if (mark := list_mark(each)) is not None]
    bolds = [bold for style in chain if (bold := switch(style.find(f"{W}rPr"), "b")) is not None]
    lists = [match for name in names if (match := _LIST.match(name))]
    return StyleFacts(
        level=1 if title else _level(names, properties),
        title=title,
        mark=marks[0] if marks else None,
        listed=int(lists[0][1] or 1) if lists else 0,
        contents=bool(_CONTENTS.match(first)),
        caption=bool(_CAPTION.match(first)),
        bold=bool(bolds and bolds[0]),
    )


def _level(names: list[str], properties: list[Any]) -> int:
    for name, each in zip(names, properties, strict=True):
        match = _HEADING.match(name)
        if match:
            return int(match[1])
        if name.lower() in ("subtitle", "undertitel"):
            return SUBTITLE_LEVEL
        level = outline_level(each)
        if level:
            return level
    return 0


def outline_level(properties: Any | None) -> int:
    """Return the outline level that paragraph properties set, from 1, or 0."""
    text = value(properties, "outlineLvl") or ""
    level = int(text) if text.isdecimal() else SUBTITLE_LEVEL
    return level + 1 if level < SUBTITLE_LEVEL else 0


def list_mark(properties: Any | None) -> Mark | None:
    """Return the place in a list that paragraph properties set; None where they say nothing."""
    mark = None if properties is None else properties.find(f"{W}numPr")
    if mark is None:
        return None
    depth = value(mark, "ilvl") or "0"
    return Mark(value(mark, "numId") or "", int(depth) if depth.isdecimal() else 0)
