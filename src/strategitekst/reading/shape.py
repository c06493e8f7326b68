"""What a line looks like: a heading, an item of a list, the end of a sentence. Pure string tests."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LONGEST_HEADING = 110
_MOST_WORDS = 14

_SIGN = re.compile(r"(?:[•◦‣▪▫●○■□➢➤►▶✓✔❖◆·∙\uf0b7\uf0a7\uf0d8\uf0fc\uf02d]\s*|[-*+–—−o]\s+|§\s+(?!\d))(?=\S)")
_ENUMERATOR = re.compile(r"\(?(?:(\d{1,2})[.)]|([a-zæøå])\)|[ivx]{1,4}\)|[IVX]{1,4}\.)\s+(?=\S)")
_DATE_OR_COUNT = re.compile(
    r"\d{1,2}\.\s+(januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december|jan|feb|mar|apr"
    r"|jun|jul|aug|sep|okt|nov|dec|kvartal|halvår|etape|fase|del|gang|generation|division|behandling|prioritet|klasse"
    r"|sal|semester|punkt|led|trin)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})(\.?)\s+(?=\S)")
_LABEL = re.compile(
    r"(?:#\s?\d+|(?:borger)?løfte\s+\d+|indsats(?:område)?\s+\d+|mål\s+\d+|pejlemærke\s+\d+|initiativ\s+\d+)\s*[:.–-]\s*\S",
    re.IGNORECASE,
)
_SECTION = re.compile(r"§ ?\d{1,3}\.? [A-ZÆØÅ]")
_SENTENCE_INSIDE = re.compile(r"[a-zæøå)]{2,}[.!?]\s+[A-ZÆØÅ]")
_ADDRESS = re.compile(r"@|https?:|www\.|\b\w+\.dk\b")
_FINAL = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\d{0,2}$")


@dataclass(frozen=True, slots=True)
class Bullet:
    """The mark at the start of an item.

    Attributes:
        length: Characters that the mark and the space behind it take.
        number: The number of an enumerated item, 0 for signs and letters.
        dash: The mark is a dash, which also stands inside sentences.
    """

    length: int
    number: int = 0
    dash: bool = False


def bullet(line: str) -> Bullet | None:
    """Find the mark that makes a line an item of a list.

    Args:
        line: A line without space in front.

    Returns:
        The mark, or None. A date or an ordinal ("1. oktober", "2. kvartal") is none.

    Example:
        >>> bullet("• Borgerne"), bullet("1. oktober åbner"), bullet("a) Borgerne").length
        (Bullet(length=2, number=0, dash=False), None, 3)
    """
    match = _SIGN.match(line)
    if match:
        return Bullet(match.end(), dash=line[0] in "-–—−")
    return None if _counts(line) else enumerator(line)


def enumerator(line: str) -> Bullet | None:
    """Find the number or letter in front of a line, though it may be a date: the lines around it tell.

    Example:
        >>> enumerator("1. November skrives planen"), enumerator("Planen")
        (Bullet(length=3, number=1, dash=False), None)
    """
    match = _ENUMERATOR.match(line)
    return None if match is None else Bullet(match.end(), number=int(match[1] or 0))


def _counts(line: str) -> bool:
    """Say whether the number in front is part of a date or a count, and no mark: "1. Oktober 2025", "2. halvår"."""
    match = _DATE_OR_COUNT.match(line)
    if match is None:
        return False
    sentence = match[1][0].isupper() and line[match.end() :].lstrip()[:1].islower()  # "2. Halvår lægges om"
    return not sentence


def number_depth(line: str) -> int:
    """Count the levels of the number in front of a heading: 1 for "1. Akut", 2 for "1.2 Akut", 0 for none.

    Example:
        >>> number_depth("1.2.3 Akut hjælp"), number_depth("1. oktober"), number_depth("2024 Akut")
        (3, 0, 0)
    """
    match = _NUMBER.match(line)
    if match is None or _counts(line):
        return 0
    depth = match[1].count(".") + 1
    rest = line[match.end() :]
    return depth if (match[2] or depth > 1) and rest[0].isupper() else 0


def is_labelled(line: str) -> bool:
    """Say whether a line starts with a label and a number, as the pledges of a strategy do.

    Example:
        >>> is_labelled("#7: Borgerne får en plan"), is_labelled("Løfte 3: Uddannelse"), is_labelled("Akut hjælp")
        (True, True, False)
    """
    return bool(_LABEL.match(line)) and len(line) <= 2 * _LONGEST_HEADING and not _SENTENCE_INSIDE.search(line)


def is_heading_like(line: str) -> bool:
    """Say whether a line of its own could be a heading: short, no final punctuation, starting like a title.

    Example:
        >>> is_heading_like("Akut hjælp"), is_heading_like("Det vil vi arbejde for:")
        (True, True)
        >>> is_heading_like("Vi kommer."), is_heading_like("og sammenhæng")
        (False, False)
    """
    if is_labelled(line):
        return True
    if len(line) > _LONGEST_HEADING or len(line.split()) > _MOST_WORDS or line.endswith((".", "!", ";", ",", "-", "…")):
        return False
    if (line.endswith("?") and len(line.split()) > 10) or "; " in line:
        return False
    signs = line.lstrip("”“\"'»«(–- ")
    starts = signs[:1].isupper() or signs[:1].isdigit() or re.match(r"[a-zæøå]{1,3}-", signs) or is_section(line)
    letters = sum(sign.isalpha() for sign in line)
    return bool(starts and letters >= 3 and not _SENTENCE_INSIDE.search(line) and not _ADDRESS.search(line))


def is_section(line: str) -> bool:
    """Say whether a line starts like a section of an agreement.

    Example:
        >>> is_section("§ 1. Formål"), is_section("§ 12 i loven")
        (True, False)
    """
    return bool(_SECTION.match(line))


def is_lead_in(line: str) -> bool:
    """Say whether a line announces what follows.

    Example:
        >>> is_lead_in("Sådan gør vi:")
        True
    """
    return line.endswith(":")


def is_capitals(line: str) -> bool:
    """Say whether a line is written in capitals.

    Example:
        >>> is_capitals("DET VIL VI OPNÅ:"), is_capitals("IT i 2024")
        (True, False)
    """
    return len(re.findall(r"[^\W\d_]", line)) >= 4 and line == line.upper()


def ends_sentence(line: str) -> bool:
    """Say whether a line ends as a sentence does; a colon does not.

    Example:
        >>> ends_sentence("Vi kommer.”"), ends_sentence("Vi kommer")
        (True, False)
    """
    return bool(_SENTENCE_END.search(line))


def ends_firmly(line: str) -> bool:
    """Say whether a line ends with punctuation that a paragraph may end with, a colon included.

    Example:
        >>> ends_firmly("Målene er:"), ends_firmly("børn og")
        (True, False)
    """
    return bool(_FINAL.search(line))
