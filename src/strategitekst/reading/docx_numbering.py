"""The lists of a Word file: how each level is numbered, and the number of each paragraph."""

from __future__ import annotations

from typing import Any

from strategitekst.reading.docx_styles import Mark, W, value
from strategitekst.reading.numbering import Counters, Level

_STYLES = {
    "decimal": "1",
    "decimalZero": "1",
    "ordinal": "1",
    "lowerLetter": "a",
    "upperLetter": "A",
    "lowerRoman": "i",
    "upperRoman": "I",
}


class Numbering:
    """Knows the lists of a document and counts their items in reading order.

    Args:
        root: Of ``numbering.xml``, or None where the file has none.
    """

    def __init__(self, root: Any | None) -> None:
        self._counters = Counters()
        self._lists: dict[str, tuple[str, list[Level]]] = {}
        if root is None:
            return
        abstract = {each.get(f"{W}abstractNumId"): _levels(each) for each in root.iterchildren(f"{W}abstractNum")}
        for each in root.iterchildren(f"{W}num"):
            base = value(each, "abstractNumId") or ""
            levels, key = list(abstract.get(base, [])), base
            for change in each.iterchildren(f"{W}lvlOverride"):
                key = f"{base}/{each.get(f'{W}numId')}"  # it counts on its own
                for level in change.iterchildren(f"{W}lvl"):
                    _set(levels, level)
            self._lists[each.get(f"{W}numId")] = (key, levels)

    def is_bullet(self, mark: Mark) -> bool:
        """Say whether the items of a level carry a sign and no number."""
        levels = self._lists.get(mark.list_id, ("", []))[1]
        return mark.depth < len(levels) and not levels[mark.depth].style

    def next(self, mark: Mark) -> str:
        """Count a paragraph; return the number in front of it, or an empty string."""
        key, levels = self._lists.get(mark.list_id, ("", []))
        return self._counters.next(key, levels, mark.depth)


def _levels(abstract: Any) -> list[Level]:
    levels: list[Level] = []
    for level in abstract.iterchildren(f"{W}lvl"):
        _set(levels, level)
    return levels


def _set(levels: list[Level], level: Any) -> None:
    place = level.get(f"{W}ilvl", "0")
    if not place.isdecimal() or int(place) > 8:
        return
    levels += [Level()] * (int(place) + 1 - len(levels))
    start = value(level, "start") or "1"
    levels[int(place)] = Level(
        template=value(level, "lvlText") or "",
        style=_STYLES.get(value(level, "numFmt") or "", ""),
        start=int(start) if start.isdecimal() else 1,
    )
