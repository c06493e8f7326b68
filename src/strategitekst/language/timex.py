"""Time expressions in Danish text, and the days that they name.

dateparser was tried: it reads single dates, but knows no quarters, half-years, seasons or limits ("inden
udgangen af"), and fills what a year leaves open with today's day. The forms of administrative Danish are few enough for
patterns.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from strategitekst.language.numerals import NUMBER
from strategitekst.language.rules import alternatives, compile_folded, fold, load_rules
from strategitekst.language.spans import Period

_RULES = load_rules("deadline")
_MONTHS: dict[str, int] = _RULES["months"]
_SEASONS: dict[str, list[int]] = _RULES["seasons"]
_WORDS: dict[str, list[str]] = _RULES["words"]
_QUARTERS = {"1": 1, "2": 2, "3": 3, "4": 4, "første": 1, "andet": 2, "tredje": 3, "fjerde": 4, "sidste": 4}

_YEAR = r"(?:19|20)\d\d(?![\d.,]?\d)"
_MONTH = alternatives(_MONTHS)
_SEASON = alternatives(_SEASONS)
_QUARTER = r"(?:[1-4]\.|første|andet|tredje|fjerde|sidste)"
_OF_YEAR = rf"(?:\s+(?:af\s+|i\s+)?(?P<{{0}}>{_YEAR}))"

_PARTS = (
    rf"(?:den\s+)?(?P<day>[0-3]?\d)\.\s?(?P<day_month>{_MONTH}){_OF_YEAR.format('day_year')}?",
    r"(?P<n_day>[0-3]?\d)[./-](?P<n_month>[01]?\d)[./ -](?P<n_year>20\d\d)",
    r"(?:(?<=den )|(?<=d\. )|(?<=pr\. ))(?P<s_day>[0-3]?\d)[./](?P<s_month>[01]?\d)[./-](?P<s_year>\d\d)(?!\d)",
    rf"(?:[1-4]\.(?:\s?[-–]\s?|\s+og\s+|\s+til\s+))?(?P<quarter>{_QUARTER})\s+kvartal(?:et)?{_OF_YEAR.format('quarter_year')}?",
    rf"[QK](?P<q>[1-4])(?:\s+(?P<q_year>{_YEAR}))?",
    rf"(?P<half>1\.|2\.|første|andet|sidste)\s+(?:halvår(?:et)?|halvdel(?=\s+af\s+(?:19|20)\d\d)){_OF_YEAR.format('half_year')}?",
    rf"(?P<from_month>{_MONTH})(?:\s?[-–]\s?|\s+(?:til|og)\s+)(?P<to_month>{_MONTH}){_OF_YEAR.format('month_range_year')}",
    rf"(?P<month>{_MONTH}){_OF_YEAR.format('month_year')}",
    rf"(?P<season>{_SEASON}){_OF_YEAR.format('season_year')}",
    rf"uge(?:rne)?\s(?P<week>[1-5]?\d)(?:\s?[-–]\s?(?P<to_week>[1-5]?\d))?(?:,?\s+(?:i\s+)?(?P<week_year>{_YEAR}))?",
    rf"(?:skoleåret|skoleår|sæsonen|årsskiftet|vinteren)\s+(?P<cross>{_YEAR})(?:\s?[-/–]\s?(?:20)?\d\d)?",
    rf"(?P<first_year>{_YEAR})(?:\s?[-–/]\s?|\s+(?:til(?:\s+og\s+med)?)\s+|(?<=\d{{4}})\s+og\s+)(?P<last_year>{_YEAR}|\d\d(?!\d))",
    rf"(?:år(?:et)?\s+)?(?P<year>{_YEAR})(?!\s?['’]?erne)",
    rf"(?P<bare>{alternatives(_WORDS['plan_periods'] + _WORDS['relative'])})",
    rf"(?P<repeated>{alternatives(_WORDS['recurring'])}|(?:en|én|{NUMBER})\s+gange?\s+(?:{alternatives(_WORDS['each_period'])}|årligt))",
    rf"(?<=\s)(?P<led_month>{_MONTH})(?:\s?(?:[-–]|til|og)\s?{_MONTH})?",
    rf"(?<=\s)(?P<led_season>{_SEASON})",
    rf"(?P<length>{NUMBER})(?:\s?(?:-|–|til|eller)\s?{NUMBER})?\s*-?(?:hele\s+|fulde\s+)?(?P<unit>{alternatives(_WORDS['time_units'])})",
    r"(?P<adjective>(?:et|to|tre|fire|fem|seks|syv|otte|ni|ti|\d+)-?årigt?e?)",
)
_TIME = compile_folded(rf"(?<![\w§])(?:{'|'.join(_PARTS)})(?![\wæøå])")
_LEADS = alternatives(
    [
        word
        for name in ("end_leads", "start_leads", "month_leads", "season_leads", "other_leads")
        for word in _WORDS[name]
    ]
)
_LEAD = compile_folded(rf"(?<![\wæøå]){_LEADS}\s+(?:den\s+|det\s+)?$")
_LAST_WEEK = 52  # the 53rd is in few years, and plans do not name it
_RANGES = ("last_year", "month_range_year")
_NARROW = {"primo": 0, "medio": 1, "ultimo": 2}


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A piece of text that names a time.

    Attributes:
        start: Offset of its first character, without the words that lead it in.
        end: Offset after its last character.
        form: Which pattern found it: the name of its last group, such as ``year``, ``length`` or ``repeated``.
        lead: The words before it that say how it bounds, in lower case: "senest", "i løbet af"; empty for none.
        lead_start: Offset of the first of these words; ``start`` where there are none.
        period: The days that it names.
    """

    start: int
    end: int
    form: str
    lead: str
    lead_start: int
    period: Period


def find_times(text: str) -> Iterator[TimeExpression]:
    """Find all that names a time: dates, years, periods, repetitions, lengths of time and ages.

    Args:
        text: A paragraph.

    Yields:
        The expressions in reading order, never overlapping.

    Example:
        >>> [found] = find_times("Klinikken åbner senest 1. juli 2026.")
        >>> found.lead, found.period
        ('senest', Period(start=None, end='2026-07-01'))
    """
    folded = fold(text)
    for match in _TIME.finditer(folded):
        form = match.lastgroup or ""
        before = _LEAD.search(folded, max(0, match.start() - 40), match.start())
        lead = " ".join(before[0].split()) if before else ""
        lead_start = before.start() if before else match.start()
        yield TimeExpression(match.start(), match.end(), form, lead, lead_start, _bounded(_days(match), lead, form))


def _bounded(days: tuple[str, str] | None, lead: str, form: str) -> Period:
    if days is None:
        return Period()
    bare = lead.removesuffix(" den").removesuffix(" det")
    for word, part in _NARROW.items():
        if bare.endswith(word):
            days = _narrow(days, part)
            bare = bare.removesuffix(word).strip()
    if form in _RANGES:
        return Period(*days)
    if bare in _WORDS["end_leads"]:
        return Period(None, days[1])
    if bare in _WORDS["start_leads"]:
        return Period(days[0], None)
    return Period(*days)


def _narrow(days: tuple[str, str], part: int) -> tuple[str, str]:
    """Cut a whole year down to what "primo", "medio" and "ultimo" say of it: its first, middle or last month."""
    year, first = int(days[0][:4]), int(days[0][5:7])
    if first == int(days[1][5:7]):
        return days
    last = int(days[1][5:7])
    month = (first, (first + last) // 2, last)[part]
    return _months(year, month, month)


def _days(match: re.Match[str]) -> tuple[str, str] | None:
    group = {name: value for name, value in match.groupdict().items() if value}
    if {"day", "n_day", "s_day"} & set(group):
        return _date(group)
    if "quarter" in group or "q" in group:
        year = group.get("quarter_year") or group.get("q_year")
        last = 3 * (int(group["q"]) if "q" in group else _QUARTERS[group["quarter"].rstrip(".")])
        first = 3 * int(match[0][0]) if match[0][0].isdigit() else last
        return _months(int(year), first - 2, last) if year else None
    if "half_year" in group:
        first = 1 if group["half"] in ("1.", "første") else 7
        return _months(int(group["half_year"]), first, first + 5)
    if "month" in group:
        return _months(int(group["month_year"]), _MONTHS[group["month"]], _MONTHS[group["month"]])
    if "to_month" in group:
        return _months(int(group["month_range_year"]), _MONTHS[group["from_month"]], _MONTHS[group["to_month"]])
    if "week_year" in group:
        return _weeks(int(group["week_year"]), int(group["week"]), int(group.get("to_week", group["week"])))
    if "season" in group:
        return _months(int(group["season_year"]), *_SEASONS[group["season"]])
    if "cross" in group:
        return _crossing(match[0], int(group["cross"]))
    if "first_year" in group:
        last_year = group["last_year"]
        return _months(int(group["first_year"]), 1, 12)[0], _months(
            int(group["first_year"][: 4 - len(last_year)] + last_year), 1, 12
        )[1]
    return _months(int(group["year"]), 1, 12) if "year" in group else None


def _date(group: dict[str, str]) -> tuple[str, str] | None:
    if "n_day" in group:
        year, month, day = int(group["n_year"]), int(group["n_month"]), int(group["n_day"])
    elif "s_day" in group:
        year, month, day = 2000 + int(group["s_year"]), int(group["s_month"]), int(group["s_day"])
    elif "day_year" in group:
        year, month, day = int(group["day_year"]), _MONTHS[group["day_month"]], int(group["day"])
    else:
        return None
    if not (1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return (f"{year}-{month:02}-{day:02}",) * 2


def _weeks(year: int, first: int, last: int) -> tuple[str, str] | None:
    if not 1 <= first <= last <= _LAST_WEEK:
        return None
    return date.fromisocalendar(year, first, 1).isoformat(), date.fromisocalendar(year, last, 7).isoformat()


def _crossing(text: str, year: int) -> tuple[str, str]:
    if text.startswith("årsskiftet"):
        return f"{year}-12-31", f"{year + 1}-01-01"
    first, last = (12, 14) if text.startswith("vinter") else (8, 18)
    return _months(year, first, last)


def _months(year: int, first: int, last: int) -> tuple[str, str]:
    """The first and last day of a run of months, where months over 12 lie in the year after."""
    last_year, last_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    return f"{year}-{first:02}-01", f"{last_year}-{last_month:02}-{monthrange(last_year, last_month)[1]}"
