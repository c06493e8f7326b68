"""Deadlines: which time expressions of a paragraph say when something is to be done or how long it may take."""

from __future__ import annotations

import re

from strategitekst.language.rules import alternatives, compile_folded, fold, load_rules
from strategitekst.language.spans import Anchor, Period
from strategitekst.language.timex import TimeExpression, find_times

_WORDS: dict[str, list[str]] = load_rules("deadline")["words"]


def _ends_with(words: list[str], tail: str = "") -> re.Pattern[str]:
    return compile_folded(rf"(?<![\wæøå]){alternatives(words)}{tail}[\s(]+$")


_DOCUMENT = compile_folded(rf"(?:{alternatives(_WORDS['document_heads'])}\s+(?:for\s+)?(?:perioden\s+)?)$")
_SOURCE = compile_folded(rf"(?<![\wæøå])[\wæøå]*{alternatives(_WORDS['source_heads'])}\s+(?:fra|af)\s+(?:den\s+)?$")
_LAW = compile_folded(
    rf"(?<![\wæøå])[\wæøå]*{alternatives(_WORDS['law_heads'])}\s+(?:nr\.\s?\d+\s+)?(?:af|fra)\s+(?:den\s+)?$"
)
_BUDGET_YEAR = compile_folded(r"(?<![\wæøå])(?:fra|med|til|i|inden|senest)\s+(?:og\s+med\s+)?(?:budget|budgetår)\s$")
_REACHED_IN = compile_folded(
    r"(?<![\wæøå])(?:fremme|ankomst|ankommer|nås|besvares|besvaret|svar|pct\.|procent|%)\s(?:\w+\s){0,2}på\s+$"
)
_BASELINE = _ends_with(_WORDS["baseline_leads"])
_NAME = re.compile(r"(?<![\w-])(?P<word>[A-ZÆØÅ][\wæøåÆØÅ-]*)\s$")
_FREE = {word.lower() for word in _WORDS["free_words"]}
_LIMIT = _ends_with(_WORDS["limit_leads"])
_LASTING = re.compile(r"\s+(?:fra|efter|før|senere)\b|s\s+(?:varighed|forsøg|frist|prøve|projekt|periode|pilot)")
_AGE_BEFORE = compile_folded(
    rf"(?<!\w){alternatives(_WORDS['aged'])}\s+(?:\w+\s+)?(?:{alternatives(_WORDS['age_bounds'])}\s+)?(?:\d+\s+(?:og|til)\s+)?$"
)
_AGE_AFTER = re.compile(
    r"(?:rige\b|s\s?alder|\s+og\s+(?:derover|opefter|ældre)|\s+eller\s+(?:derover|ældre|mere)|\s+(?:gammel|gamle)\b)"
)
_PER_YEAR_BEFORE = compile_folded(r"(?:kr\.?|kroner|mio\.?|mia\.?|DKK|,-)\s+(?:\w+\s+)?$")
_PROJECT = compile_folded(rf"\s+(?:[\w-]+\s+)?[\w-]*{alternatives(_WORDS['lasting_nouns'])}")

_PROJECT_IS = compile_folded(rf"[\w-]*{alternatives(_WORDS['lasting_nouns'])}(?:en|et|n|t)?\s+(?:er|bliver|gøres)\s+$")


def find_deadlines(text: str, times: list[TimeExpression] | None = None) -> list[Anchor]:
    """Find the deadlines and periods.

    Args:
        text: A paragraph.
        times: Its time expressions, where they are known already.

    Returns:
        Anchors of kind ``deadline`` in reading order, with a ``Period`` as value. The words that bind it
        ("senest", "inden udgangen af") belong to the anchor; a start and an end that stand side by side are one.

    Example:
        >>> [found] = find_deadlines("Ordningen løber fra august 2024 til maj 2025, jf. Sundhedsprofilen 2021.")
        >>> found.text, found.value
        ('fra august 2024 til maj 2025', Period(start='2024-08-01', end='2025-05-31'))
    """
    kept = [time for time in (list(find_times(text)) if times is None else times) if _is_deadline(text, time)]
    anchors: list[Anchor] = []
    for time in kept:
        start, value = time.lead_start, time.period
        previous = anchors[-1] if anchors else None
        if (
            previous is not None
            and not text[previous.end : start].strip()
            and time.lead.startswith(("til", "frem til", "indtil"))
        ):
            anchors.pop()
            assert isinstance(previous.value, Period)  # noqa: S101
            start, value = previous.start, Period(previous.value.start, value.end)
        anchors.append(Anchor("deadline", text[start : time.end], start, time.end, value))
    return anchors


def _is_deadline(text: str, time: TimeExpression) -> bool:
    folded = fold(text)
    before, after = folded[max(0, time.start - 60) : time.start], text[time.end : time.end + 40]
    if _LAW.search(before):
        return False
    if time.form in ("length", "unit"):
        return _is_limit(text, time, before, after)
    if time.form == "adjective":
        return bool(
            _PROJECT.match(folded[time.end : time.end + 40]) or _PROJECT_IS.search(before)
        ) and not _AGE_AFTER.match(after)
    if time.form == "led_month":
        return _led(time, _WORDS["month_leads"])
    if time.form == "led_season":
        return _led(time, _WORDS["season_leads"])
    if time.form == "repeated":
        return not _PER_YEAR_BEFORE.search(before)
    if time.form in ("year", "last_year"):
        return bool(_BUDGET_YEAR.search(before)) or not (
            _DOCUMENT.search(before)
            or _SOURCE.search(before)
            or _BASELINE.search(before)
            or _in_name(text, time)
            or after.startswith("-niveau")
        )
    return True


def _led(time: TimeExpression, leads: list[str]) -> bool:
    return time.lead.removesuffix(" den").removesuffix(" det") in leads or any(
        word in time.lead.split() for word in ("primo", "medio", "ultimo")
    )


def _in_name(text: str, time: TimeExpression) -> bool:
    """Tell whether the year is part of a name such as "Sundhed 2030"."""
    match = _NAME.search(text, max(0, time.start - 40), time.start)
    return match is not None and match["word"].lower() not in _FREE


def _is_limit(text: str, time: TimeExpression, before: str, after: str) -> bool:
    if _AGE_AFTER.match(after):
        return False
    if text[time.start : time.end].endswith("år") and _AGE_BEFORE.search(before):
        return False
    return bool(_LIMIT.search(before) or _LASTING.match(after) or _REACHED_IN.search(before))
