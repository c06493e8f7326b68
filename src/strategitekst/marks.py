"""How a state is drawn wherever one is shown: a colour and a shape, so that either alone tells it.

The colours run from orange (no concrete initiative) over grey to blue (concrete): apart for every kind of colour
blindness. In grey print shape and hatching tell the states apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

UNREAD = "unread"
"""The state shown where there is none: the plan was not read, so nothing is known about it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How one state looks.

    Attributes:
        colour: Ground of bars, as ``#rrggbb``.
        glyph: One character of text that stands for it.
        marker: Its marker in matplotlib.
        hatch: Its hatching in matplotlib.
    """

    colour: str
    glyph: str
    marker: str
    hatch: str = ""


MARKS: Mapping[str, Mark] = {
    "unmentioned": Mark("#b4470c", "○", "o", ""),
    "intent_only": Mark("#f0b27a", "◔", "^", "//"),
    "uncertain": Mark("#c3c9ce", "?", "$?$", "xx"),
    "unanchored": Mark("#8dbbd2", "◑", "D", ".."),
    "concrete": Mark("#1b5a78", "●", "s", ""),
    UNREAD: Mark("#ffffff", "✕", "x", ""),
}
"""In the order in which they are shown: what is missing first."""


def in_order(states: Iterable[str]) -> list[str]:
    """Sort states as they are shown; those without a mark are left out.

    Example:
        >>> in_order({"concrete", "unmentioned"})
        ['unmentioned', 'concrete']
    """
    found = set(states)
    return [state for state in MARKS if state in found]
