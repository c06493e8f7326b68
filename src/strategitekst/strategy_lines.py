"""What each line of a strategy document is: a pledge, an initiative, the start of a list, a title or just text.

Example:
    >>> from strategitekst.document import Block, build_document
    >>> document = build_document("plan.md", [Block("heading", "Løfte 1: Rent vand", 2), Block("prose", "Det kommer.")])
    >>> [(line.role, line.number, line.text) for line in classify(document)]
    [('pledge', 1, 'Rent vand'), ('prose', None, 'Det kommer.')]
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal

from strategitekst.document import SEPARATOR, Document, Paragraph

Role = Literal["pledge", "initiative", "initiatives", "foundations", "lead", "chapter", "title", "item", "prose"]

_AFTER_NUMBER = r"\s*(?:[:.)–—-]\s*|\s)(?P<name>\S.*)"
# How pledges are numbered, most telling first: a document uses one way, and "Mål 1" under "Løfte 1" is no pledge.
_PLEDGE_WORDS = ("borgerløfte", "løfte", "strategisk mål", "målsætning", "mål", "pejlemærke")
_PLEDGES = (
    re.compile(rf"#\s*(?P<number>\d+){_AFTER_NUMBER}"),
    *(re.compile(rf"{word}\s*(?:nr\.?\s*)?(?P<number>\d+){_AFTER_NUMBER}", re.I) for word in _PLEDGE_WORDS),
    re.compile(r"(?P<number>\d+)[.)]\s*(?P<name>\S.*)"),
)
_NAMED_INITIATIVE = re.compile(rf"(?:indsats|initiativ|tiltag)\s*(?:nr\.?\s*)?[\d.]+{_AFTER_NUMBER}", re.I)
_NAMED_AMBITION = re.compile(
    rf"(?:ambition|tema|indsatsområde|fokusområde|strategispor|spor|vision)\s*(?:nr\.?\s*)?\d+{_AFTER_NUMBER}", re.I
)
_INITIATIVES = re.compile(
    r"(?:det|dette|sådan)\s+(?:vil\s+vi\s+gøre|gør\s+vi)(?:\s+det)?(?:\s+(?:ved|konkret|ved\s+at))?"
    r"|(?:(?:vores|konkrete|de|vigtigste|centrale|udvalgte)\s+)*(?:initiativer(?:ne)?|indsatser(?:ne)?|tiltag|handlinger)",
    re.I,
)
_FOUNDATIONS = re.compile(r"(?:vores\s+|strategiens\s+)?(?:grundlag|fundament|forudsætning)(?:et|er|erne)?\b.*", re.I)
_LEAD = re.compile(
    r"(?:vi\s+(?:skal|vil)\s+arbejde\s+for|(?:det|vi)\s+arbejder(?:\s+vi)?\s+for|vi\s+lover(?:\s+borgerne)?)(?:[\s,]+at\b.*)?"
    r"|(?:vores\s+|de\s+\w+\s+)?(?:borgerløfter|løfter|mål|målene|målsætninger)(?:ne)?",
    re.I,
)
# Chapters of any document, which are neither ambitions nor initiatives.
_CHAPTERS = re.compile(
    r"(?:forord|indledning|indhold(?:sfortegnelse)?|baggrund|opfølgning|evaluering|proces(?:sen)?|kontakt|læs\s+mere"
    r"|kilder|noter|bilag|ordliste|kolofon|(?:sådan\s+|hvordan\s+)?følger\s+vi\s+op|det\s+videre\s+arbejde)\b.{0,20}",
    re.I,
)
_CONTENTS_LINE = re.compile(r"(?:\.\s?){3,}\s*\d+$")
_BULLET = re.compile(r"^[-–•*·▪‣]\s+")
_LEAD_WORDS = 15
_TITLE_WORDS = 14
_PLEDGE_NAME_WORDS = 30
_RUNNING_HEADER_TIMES = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A heading or paragraph with what it is in the strategy.

    Attributes:
        text: The text without bullet, number or label (``Løfte 1:``).
        role: What it is.
        number: The official number of a pledge, else None.
        path: The headings above it, outermost first; None for a heading with nothing below it, whose level is unknown.
        original: The text as it stands in the document and in paths.
        labelled: Whether the document itself calls it an ambition or a theme (``Tema 2: …``).
    """

    text: str
    role: Role
    number: int | None = None
    path: tuple[str, ...] | None = None
    original: str = ""
    labelled: bool = False


def fold(text: str) -> str:
    """Reduce a name to what counts when two spellings of it are compared.

    Example:
        >>> fold("CO₂ / Klima") == fold("co2/klima")
        True
    """
    return re.sub(r"[\W_]+", "", text.replace("₂", "2").casefold())


def classify(document: Document) -> list[Line]:
    """Tell for each heading and paragraph what it is.

    Args:
        document: A strategy document as read.

    Returns:
        The lines in reading order, without tables of contents and running headers. No line is a pledge where
        pledges are not numbered in one of the ways known.
    """
    lines = [line for line in _lines(document) if not _CONTENTS_LINE.search(line.text)]
    times = Counter(fold(line.text) for line in lines if line.role == "title")
    pattern = _pledge_pattern(lines)
    lines = [_with_role(line, pattern) for line in lines]
    return [line for line in lines if line.role != "title" or times[fold(line.text)] < _RUNNING_HEADER_TIMES]


def _lines(document: Document) -> list[Line]:
    paragraphs = {paragraph.start: paragraph for paragraph in document.paragraphs}
    lines: list[Line] = []
    offset = 0
    for piece in document.text.split(SEPARATOR):
        paragraph = paragraphs.get(offset)
        offset += len(piece) + len(SEPARATOR)
        text = _BULLET.sub("", piece).strip("* ")
        if text and (paragraph is None or paragraph.kind != "residue"):
            path = None if paragraph is None else paragraph.heading
            lines.append(Line(text, _shape(text, piece, paragraph), path=path, original=piece))
    # A heading does not say what it stands under, but the paragraph that follows it does.
    below: tuple[str, ...] = ()
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if line.path is not None:
            below = line.path
        elif line.original in below:
            lines[index] = replace(line, path=below[: below.index(line.original)])
    return lines


def _shape(text: str, piece: str, paragraph: Paragraph | None) -> Role:
    if paragraph is None:
        return "title"
    if paragraph.kind == "item" or _BULLET.match(piece):
        return "item"
    short = len(text.split()) <= _TITLE_WORDS and not text.endswith((".", ":", ";", ",", "!", "?", "-"))
    return "title" if short and (text[0].isupper() or text[0].isdigit()) else "prose"


def _pledge_pattern(lines: list[Line]) -> re.Pattern[str] | None:
    for pattern in _PLEDGES:
        found = [match for line in lines if (match := _pledge(line, pattern))]
        # A bare number also counts chapters, so one of them says nothing.
        enough = 2 if pattern is _PLEDGES[-1] else 1
        if len(found) >= enough and any(match["number"] == "1" for match in found):
            return pattern
    return None


def _pledge(line: Line, pattern: re.Pattern[str]) -> re.Match[str] | None:
    if len(line.text.split()) > _PLEDGE_NAME_WORDS or (pattern is _PLEDGES[-1] and line.role != "title"):
        return None
    return pattern.match(line.text)


def _with_role(line: Line, pattern: re.Pattern[str] | None) -> Line:
    if pattern is not None and (match := _pledge(line, pattern)):
        return replace(line, role="pledge", number=int(match["number"]), text=match["name"].rstrip("."))
    if line.role != "prose" and (match := _NAMED_INITIATIVE.match(line.text)):
        return replace(line, role="initiative", text=match["name"])
    if line.role == "title" and (match := _NAMED_AMBITION.match(line.text)):
        return replace(line, text=match["name"], labelled=True)
    if line.role == "item":
        return line
    if _INITIATIVES.fullmatch(line.text.rstrip(": ")):
        return replace(line, role="initiatives")
    if line.role == "title" and _FOUNDATIONS.fullmatch(line.text):
        return replace(line, role="foundations")
    if line.role == "title" and _CHAPTERS.fullmatch(line.text):
        return replace(line, role="chapter")
    if _is_lead(line):
        return replace(line, role="lead")
    return line


def _is_lead(line: Line) -> bool:
    short = len(line.text.split()) <= _LEAD_WORDS
    return short and (line.text.endswith(":") or (line.role == "title" and bool(_LEAD.fullmatch(line.text))))
