"""Anchors of a paragraph: who, when, how many and for how much.

The rules are data in ``language/data``. Deadlines, quantities and sums are read from the text alone, so they are the
same with every pipeline; for actors, organisations that the pipeline's name recogniser finds come on top of the word
lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from strategitekst.language.actors import find_actors
from strategitekst.language.background import without_background
from strategitekst.language.budgets import find_budgets
from strategitekst.language.deadlines import find_deadlines
from strategitekst.language.quantities import find_quantities
from strategitekst.language.spans import ANCHOR_KINDS, Amount, Anchor, AnchorKind, Count, Interval, Period
from strategitekst.language.timex import find_times

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["ANCHOR_KINDS", "Amount", "Anchor", "AnchorKind", "Count", "Period", "find_anchors"]


def find_anchors(doc: Doc, own_names: Iterable[str] = ()) -> list[Anchor]:
    """Find all anchors of a paragraph.

    Args:
        doc: The paragraph, through any Danish pipeline; a blank one will do.
        own_names: Names of the one that the plan belongs to, such as "Region Sjælland".

    Returns:
        The anchors in reading order.

    Example:
        >>> import spacy
        >>> doc = spacy.blank("da")("I 2026 ansætter Movia 12 chauffører for 4 mio. kr.")
        >>> [(anchor.kind, anchor.text) for anchor in find_anchors(doc)]
        [('deadline', 'I 2026'), ('actor', 'Movia'), ('quantity', '12 chauffører'), ('budget', '4 mio. kr.')]
    """
    return anchors_of(doc.text, organisations_of(doc), own_names)


def organisations_of(doc: Doc) -> list[Interval]:
    """Give the pieces of a paragraph that a pipeline takes for organisations."""
    return [(entity.start_char, entity.end_char) for entity in doc.ents if entity.label_ == "ORG"]


def anchors_of(text: str, organisations: Sequence[Interval], own_names: Iterable[str] = ()) -> list[Anchor]:
    """Find all anchors of a paragraph whose organisations are known.

    Args:
        text: The paragraph.
        organisations: Pieces of it that a name recogniser takes for organisations.
        own_names: Names of the one that the plan belongs to.

    Returns:
        The anchors in reading order.
    """
    budgets = find_budgets(text)
    sums = [(anchor.start, anchor.end) for anchor in budgets]
    times = list(find_times(text))
    quantities = find_quantities(text, sums + [(time.start, time.end) for time in times])
    actors = find_actors(text, own_names, organisations)
    found = sorted(
        actors + find_deadlines(text, times) + quantities + budgets, key=lambda anchor: (anchor.start, anchor.end)
    )
    return without_background(text, found)
