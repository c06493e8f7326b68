"""Why a pledge is in its state, in one sentence that a reader of the plan can check."""

from __future__ import annotations

from strategitekst.labels import Labels
from strategitekst.strategy import Pledge

EVEN = 0.5
"""Probability under which a reason says why the state is shown all the same."""


def reason(
    pledge: Pledge,
    state: str,
    mentions: int,
    initiatives: int,
    best: str | None,
    lang: str = "da",
    confidence: float = 1.0,
) -> str:
    """Say why a pledge is in its state.

    Args:
        pledge: The pledge.
        state: One of ``status.STATES``, or ``uncertain``.
        mentions: The number of paragraphs that have the pledge as theme.
        initiatives: How many of them are initiatives.
        best: The place of the paragraph that speaks most for it, such as ``12`` or ``12 i plan.pdf``; None if there is
            none.
        lang: ``da`` or ``en``.
        confidence: Probability of the state, 0–1. Where another one, or the others together, are as probable, the
            sentence says why this one is shown: states are not chosen by probability alone.

    Returns:
        One sentence.

    Example:
        >>> reason(Pledge("P7", "Tydelig plan", 7), "intent_only", 4, 0, "12")
        'Løfte 7 omtales i 4 afsnit, men ingen af dem er et konkret initiativ; tættest på er afsnit 12.'
    """
    t = Labels(lang)
    place = "" if best is None else t("reason.paragraph", number=best)
    name = pledge.id if pledge.number is None else pledge.number
    return t(
        f"reason.{_sentence(state, mentions, initiatives)}",
        pledge=t("reason.pledge", name=name),
        pledge_inside=t("reason.pledge_inside", name=name),
        mentions=t.count("unit.paragraph", mentions),
        best=place,
        nearest=t("reason.nearest", best=place) if place else "",
        read_first=t("reason.read_first", best=place) if place else t("reason.read_all"),
        doubt=t(f"reason.doubt.{_doubt(state, mentions)}") if confidence < EVEN and state != "uncertain" else "",
    )


def _doubt(state: str, mentions: int) -> str:
    if state in ("unanchored", "concrete"):
        return "begun"
    if state == "intent_only":
        return "given" if mentions else "meant"
    return state


def _sentence(state: str, mentions: int, initiatives: int) -> str:
    """Choose the sentence that claims no more than the figures beside it show."""
    if state == "intent_only" and mentions < 2:
        return "intent_only_once" if mentions else "perhaps"
    # States weigh probabilities: several paragraphs that may be initiatives can make one sure that there is one.
    if state in ("unanchored", "concrete") and not initiatives:
        return f"{state}_together"
    return state
