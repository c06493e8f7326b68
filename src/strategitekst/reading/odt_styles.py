"""What the styles of an OpenDocument text make of a paragraph, and how its lists are numbered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from strategitekst.reading.numbering import Counters, Level

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_HEADING = re.compile(r"(?:heading|overskrift)(?: |_20_)?([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:contents|toc|indholdsfortegnelse)\b", re.IGNORECASE)
_DEEPEST = 10
_LEVELS = 10


@dataclass(frozen=True, slots=True)
class StyleFacts:
    """What a style makes of its paragraphs.

    Attributes:
        level: 1 to 9 for headings, else 0.
        title: It is the title of the document.
        contents: Its paragraphs are entries of a table of contents.
        caption: Its paragraphs stand under a picture or over a table.
        bold: Its text is bold.
    """

    level: int = 0
    title: bool = False
    contents: bool = False
    caption: bool = False
    bold: bool = False


class Styles:
    """The paragraph styles of a document.

    Args:
        roots: Of ``content.xml`` and ``styles.xml``.
    """

    def __init__(self, roots: Sequence[Any]) -> None:
        self._by_name = {
            (style.get(f"{_STYLE}family"), style.get(f"{_STYLE}name")): style
            for root in reversed(roots)
            for style in root.iter(f"{_STYLE}style")
        }
        self._facts: dict[str | None, StyleFacts] = {}

    def of(self, element: Any) -> StyleFacts:
        """Return what the style of a paragraph makes of it; bold where all of its text stands in one bold span too."""
        name = element.get(f"{TEXT}style-name")
        if name not in self._facts:
            self._facts[name] = _facts(self._chain("paragraph", name))
        facts = self._facts[name]
        return facts if facts.bold or not self._spans_bold(element) else replace(facts, bold=True)

    def _spans_bold(self, element: Any) -> bool:
        if (element.text or "").strip() or not len(element):
            return False
        return all(
            child.tag == f"{TEXT}span"
            and not (child.tail or "").strip()
            and _is_bold(self._chain("text", child.get(f"{TEXT}style-name")))
            for child in element
        )

    def _chain(self, family: str, name: str | None) -> list[Any]:
        chain: list[Any] = []
        while (family, name) in self._by_name and len(chain) < _DEEPEST:
            chain.append(self._by_name[family, name])
            name = chain[-1].get(f"{_STYLE}parent-style-name")
        return chain


class Lists:
    """The lists of a document; counts their items in reading order.

    Args:
        roots: Of ``content.xml`` and ``styles.xml``.
    """

    def __init__(self, roots: Sequence[Any]) -> None:
        self._counters = Counters()
        self._levels = {
            style.get(f"{_STYLE}name"): _levels(style) for root in roots for style in root.iter(f"{TEXT}list-style")
        }

    def next(self, list_style: str | None, depth: int) -> str:
        """Count an item; return the number in front of it, or an empty string.

        Args:
            list_style: The style of the list that it stands in.
            depth: How deep it stands in it, -1 for outside.
        """
        return self._counters.next(list_style or "", self._levels.get(list_style, []), depth)


def _levels(style: Any) -> list[Level]:
    levels = [Level()] * _LEVELS
    for each in style.iterchildren(f"{TEXT}list-level-style-number"):
        place, shown = (whole(each.get(f"{TEXT}{name}"), 1) for name in ("level", "display-levels"))
        if 1 <= place <= _LEVELS:
            numbers = ".".join(f"%{number}" for number in range(max(place - shown, 0) + 1, place + 1))
            template = each.get(f"{_STYLE}num-prefix", "") + numbers + each.get(f"{_STYLE}num-suffix", "")
            start = whole(each.get(f"{TEXT}start-value"), 1)
            levels[place - 1] = Level(template, each.get(f"{_STYLE}num-format", ""), start)
    return levels


def _facts(chain: list[Any]) -> StyleFacts:
    names = [style.get(f"{_STYLE}display-name") or style.get(f"{_STYLE}name") or "" for style in chain]
    # An automatic style has a name of no meaning; the first with a meaning is its parent.
    title = any(name.lower() in ("title", "titel") for name in names[:2])
    heading = next((int(match[1]) for name in names if (match := _HEADING.match(name))), 0)
    outline = next((level for style in chain if (level := whole(style.get(f"{_STYLE}default-outline-level"), 0))), 0)
    return StyleFacts(
        level=1 if title else outline or heading,
        title=title,
        contents=any(_CONTENTS.match(name) for name in names[:2]),
        caption=any(name.lower() in ("caption", "billedtekst") for name in names),
        bold=_is_bold(chain),
    )


def _is_bold(chain: list[Any]) -> bool:
    for style in chain:
        properties = style.find(f"{_STYLE}text-properties")
        weight = None if properties is None else properties.get(f"{_FO}font-weight")
        if weight is not None:
            return weight in ("bold", "600", "700", "800", "900")
    return False


def whole(text: str | None, default: int) -> int:
    """Read a number; the default where it is missing or absurd.

    Example:
        >>> whole("12", 1), whole(None, 1), whole("9" * 30, 1)
        (12, 1, 1)
    """
    return int(text) if text and text.isdecimal() and len(text) < 7 else default
