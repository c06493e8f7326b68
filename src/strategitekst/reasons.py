"""Why a pledge is in its state, in one sentence that a reader of the plan can check."""

from __future__ import annotations

from strategitekst.labels import Labels
from strategitekst.strategy import Pledge


def reason(pledge: Pledge, state: str, mentions: int, best: str | None, lang: str = "da") -> str:
    """Say why a pledge is in its state.

    Args:
        pledge: The pledge.
        state: One of ``status.STATES``, or ``uncertain``.
        mentions: The number of paragraphs that have the pledge as theme.
        best: The place of the paragraph that speaks most for it, such as ``12`` or ``12 i plan.pdf``; None if there is
            none.
        lang: ``da`` or ``en``.

    Returns:
        One sentence.

    Example:
        >>> reason(Pledge("P7", "Tydelig plan", 7), "intent_only", 4, "12")
        'Løfte 7 omtales i 4 afsnit, men ingen af dem er et konkret initiativ; tættest på er afsnit 12.'
    """
    t = Labels(lang)
    place = "" if best is None else t("reason.paragraph", number=best)
    name = pledge.id if pledge.number is None else pledge.number
    perhaps = state == "intent_only" and not mentions
    return t(
        "reason.perhaps" if perhaps else f"reason.{state}",
        pledge=t("reason.pledge", name=name),
        pledge_inside=t("reason.pledge_inside", name=name),
        mentions=t.count("unit.paragraph", mentions),
        best=place,
        nearest=t("reason.nearest", best=place) if place else "",
        read_first=t("reason.read_first", best=place) if place else t("reason.read_all"),
    )
