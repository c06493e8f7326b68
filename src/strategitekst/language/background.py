"""Which sentences of a paragraph are only background to the one that decides what it does.

"I nogle hjem kommer der 27 medarbejdere om måneden. Fra 2026 indføres faste teams." names a number, but
not one that anybody promises.
"""

from __future__ import annotations

import re

from strategitekst.language.rules import alternatives, compile_folded, fold, load_rules
from strategitekst.language.spans import Anchor, Interval, split_sentences

_RULES: dict[str, list[str]] = load_rules("background")
_BEHIND = compile_folded(rf"(?<![\wæøå-]){alternatives(_RULES['behind'])}(?![\wæøå-])")
_AHEAD = compile_folded(rf"(?<![\wæøå-]){alternatives(_RULES['ahead'])}(?![\wæøå-])")
_FROM_THEN_ON = re.compile(r"\s*(?:Fra|Inden|Senest|Frem til|Frem mod|Med virkning|Med start)\s")
_PERFECT = compile_folded(r"(?<!\w)har\s+(?:[\wæøå]+\s){0,3}?[\wæøå]{3,}(?:et|ået)(?!\w)")


def without_background(text: str, anchors: list[Anchor]) -> list[Anchor]:
    """Leave out the anchors that stand in background sentences, where another sentence looks ahead and has anchors too.

    Args:
        text: A paragraph.
        anchors: Its anchors.

    Returns:
        Those that stand in the sentences that decide what the paragraph does; all of them where no sentence stands out.

    Example:
        >>> from strategitekst.language.quantities import find_quantities
        >>> text = "I dag er der 27 medarbejdere. Fremover ansættes 12 sygeplejersker."
        >>> [anchor.text for anchor in without_background(text, find_quantities(text))]
        ['12 sygeplejersker']
    """
    sentences = list(split_sentences(text))
    if len(sentences) == 1:
        return anchors
    folded = fold(text)
    deadlines = [anchor for anchor in anchors if anchor.kind == "deadline"]
    ahead: list[Interval] = []
    behind: list[Interval] = []
    for sentence in sentences:
        told = any(pattern.search(folded, *sentence) for pattern in (_BEHIND, _PERFECT))
        dated = any(_inside(anchor, [sentence]) for anchor in deadlines)
        if _AHEAD.search(folded, *sentence) or (dated and (not told or _FROM_THEN_ON.match(text, sentence[0]))):
            ahead.append(sentence)
        elif told:
            behind.append(sentence)
    if not any(_inside(anchor, ahead) for anchor in anchors if anchor.kind != "actor"):
        return anchors
    return [anchor for anchor in anchors if not _inside(anchor, behind)]


def _inside(anchor: Anchor, intervals: list[Interval]) -> bool:
    return any(start <= anchor.start < end for start, end in intervals)
