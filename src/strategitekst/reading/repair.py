"""Text as its author wrote it: without what line breaks, layout and encodings did to words.

Three jobs, from the safest to the one that needs the word list: ``clean`` replaces characters that only layout needs,
``join`` puts two lines together, and ``repair`` mends words broken inside a line. None changes a letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from strategitekst.reading.words import SHORTEST_PART, is_listed, is_word, word_set

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_SPACES = dict.fromkeys(
    "\t\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
)
_NOTHING = dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\x00", "")
_HYPHENS = dict.fromkeys("\u2010\u2011\ufffe\x02", "-")  # the last two are what pdfium writes at the end of a line
_CONTROLS = {chr(code): " " if code in (9, 11, 12, 13) else "" for code in range(32) if code not in (2, 10)}
_CHARACTERS = str.maketrans({**_CONTROLS, **_LIGATURES, **_SPACES, **_NOTHING, **_HYPHENS})
_SOFT_HYPHEN_AT_END = re.compile("\xad[ \t]*$", re.MULTILINE)
_ODD = re.compile(
    "[\x00-\x09\x0b-\x1f\xa0\xad\u0301\u0308\u030a\u2000-\u2011\u202f\u205f\u2060\u3000\ufb00-\ufb06\ufeff\ufffe]"
)
"""All that ``clean`` replaces."""
_COMBINED = (("a\u030a", "å"), ("A\u030a", "Å"), ("e\u0301", "é"), ("E\u0301", "É"), ("o\u0308", "ö"), ("u\u0308", "ü"))

_BROKEN_END = re.compile(r"(?<![^\W\d_])([^\W\d_]+)-$")
_ONLY_BROKEN = re.compile(r"([^\W\d_]+)-")
SOFT, HARD = "\u2010", "\u2011"
"""Hyphens at the end of a line of which it is known who put them there: a program, or the author."""
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_KEEPS_HYPHEN = word_set("e it el tv cd dvd p d u pc ikt co app kost ikke non anti eks ex pro")
"""First parts that Danish writes with a hyphen: e-hospital, it-system, el-bil, ikke-ryger."""
_VOWEL = re.compile("[aeiouyæøåéüöä]", re.IGNORECASE)
_SHORT_HEAD = 3
_NAMES = word_set("femern kattegat covid ikke")
"""Listed words that keep their hyphen all the same: Femern-forbindelsen, ikke-universitære."""
_CONJUNCTIONS = word_set("og eller samt såvel til kontra versus")
"""A hyphen before one of these stands for the rest of the word: børne- og ungeområdet."""
_SHORTEST_MENDED = 6
"""Letters in the shortest word that a stray space is taken out of."""
_LONGEST_MENDED = 200_000
"""Characters of a line up to which words are looked up in the list."""

_WORDS = re.compile(r"[^\W\d_]+")
_SPACED_HYPHEN = re.compile(r"(?<![\w-])([^\W\d_]+)- ([a-zæøåéü]+)(?![\w-])")
_INNER_HYPHEN = re.compile(r"(?<![\w-])([^\W\d_]+)-([a-zæøåéü]{2,})(?![\w-])")
_STRAY_SPACE = re.compile(r"(?<![\w'’.-])([^\W\d_]+) (?=([a-zæøåéü]{2,})(?![\w'’-]))")
_ABBREVIATIONS = word_set(
    "kr mio mia pct ca fx bl hhv evt stk km kg nr tlf dvs osv mm pga ift mht iht jf kl vha inkl ekskl"
)


def clean(text: str) -> str:
    """Replace what only layout needs: ligatures, odd spaces and hyphens, soft hyphens, combining marks, controls.

    Args:
        text: Any text, of one or more lines.

    Returns:
        The text with the same lines; a soft hyphen at the end of a line has become a hyphen, others are gone.

    Example:
        >>> clean("e\\u2011hospitalet \\ufb01k sund\\u00adhed")
        'e-hospitalet fik sundhed'
    """
    if not _ODD.search(text):
        return text
    text = _SOFT_HYPHEN_AT_END.sub("-", text).replace("\xad", "").translate(_CHARACTERS)
    for pair, letter in _COMBINED:
        text = text.replace(pair, letter)
    return text


def is_broken(line: str, following: str) -> bool:
    """Say whether a line ends in the middle of a word that the next one goes on with.

    Example:
        >>> is_broken("Det er bor-", "gerens hus"), is_broken("børne-", "og ungeområdet")
        (True, False)
    """
    if not line.endswith("-"):
        return False  # spares a search through a long line
    end, start = _BROKEN_END.search(line), _FIRST_WORD.match(following)
    if end is None or start is None:
        return False
    capitals = end[1].isupper() and start[0].isupper() and len(end[1]) > 1 < len(start[0])
    return (start[0][0].islower() or capitals) and not _is_ellipsis(end[1], start[0])


def _is_ellipsis(head: str, tail: str) -> bool:
    """Say whether a hyphen stands for the rest of a word: "børne- og", but not "ind-" and "til"."""
    return tail.lower() in _CONJUNCTIONS and not is_listed(head + tail)


def join(line: str, following: str) -> str:
    """Put two lines of one paragraph together.

    Args:
        line: The line so far.
        following: The line after it.

    Returns:
        Both with a space between, or with none where a word was broken; its hyphen goes unless the word needs it.

    Example:
        >>> join("mere sund-", "hed i"), join("et e-", "hospital"), join("børne-", "og ungeområdet")
        ('mere sundhed i', 'et e-hospital', 'børne- og ungeområdet')
    """
    line, following = line.rstrip(), following.lstrip()
    if not line or not following:
        return line + following
    if not line.endswith("-"):
        return f"{line} {following}"
    broken = _BROKEN_END.search(line)
    if broken and is_broken(line, following):
        start = _FIRST_WORD.match(following)
        assert start is not None  # noqa: S101 - is_broken has looked
        before = line[: broken.start()]
        chained = before.endswith("-")  # mave-tarm-kirurgi
        rest = following[start.end() : start.end() + 1]
        return (line if _needs_hyphen(broken[1], start[0], rest, chained=chained) else line[:-1]) + following
    if re.search(r"\w-$", line):
        apart = _is_conjunction(following) or not following[0].isalnum()
        return f"{line} {following}" if apart else line + following
    return f"{line} {following}"


def _is_conjunction(text: str) -> bool:
    first = _FIRST_WORD.match(text)
    return first is not None and first[0].lower() in _CONJUNCTIONS


def join_lines(lines: Sequence[str]) -> str:
    """Put the lines of one paragraph together as they stand in a file, not yet cleaned.

    Unlike ``join``, it sees a word that is broken twice, and that U+2010 at the end of a line was put
    there by a program, U+2011 by the author.

    Args:
        lines: The lines, not yet cleaned.

    Returns:
        One line.

    Example:
        >>> join_lines(["Syge-", "husle-", "delserne har vide\u2010", "reført et e-", "hospital"])
        'Sygehusledelserne har videreført et e-hospital'
    """
    text = ""
    end = ""
    pending = [line.strip() for line in lines]
    for place, line in enumerate(pending):
        cleaned = clean(line)
        broken = _BROKEN_END.search(text) if text.endswith("-") else None
        middle = _ONLY_BROKEN.fullmatch(cleaned) if broken else None
        last = _FIRST_WORD.match(pending[place + 1]) if place + 1 < len(pending) else None
        thrice = broken and middle and last and is_word(broken[1] + middle[1] + last[0])
        if thrice or (end == SOFT and cleaned[:1].islower()):
            text = text[:-1] + cleaned
        elif end == HARD and cleaned[:1].isalnum() and not _is_conjunction(cleaned):
            text += cleaned
        else:
            text = join(text, cleaned)
        end = line[-1:] if line[-2:-1].isalpha() else ""
    return text


def _needs_hyphen(head: str, tail: str, after: str, *, chained: bool) -> bool:
    known, listed = is_word(head + tail), is_listed(head + tail)
    if not _VOWEL.search(head) or (
        not listed and (after == "-" or chained or len(head) == 1 or head.lower() in _NAMES)
    ):
        return True  # no syllable is without a vowel: cpr-nummer
    if head.lower() in _KEEPS_HYPHEN and not (listed if len(head) < _SHORT_HEAD else known):
        return True
    if head.isupper() and len(head) > 1:
        return not (tail.isupper() and known)
    name = head[0].isupper() and not is_word(head) and len(tail) > SHORTEST_PART  # Femern-forbindelsen
    parts = len(head) >= SHORTEST_PART <= len(tail) and is_word(tail)  # a shorter tail is an ending: enkel-tes
    return not known and parts and (name or is_word(head))


def repair(text: str) -> str:
    """Mend words that layout broke inside a line, where the word list makes it safe.

    A hyphen with a space behind goes where the joined form is a word. A hyphen inside a word goes only where one of its
    parts is none. A space goes where one of its neighbours is no word, but the list holds both together.
    A line of more than 200,000 characters is no paragraph, and stays as it is.

    Args:
        text: One line.

    Returns:
        The line with the same letters.

    Example:
        >>> repair("undgå u hensigts- mæssige ophold")
        'undgå uhensigtsmæssige ophold'
        >>> repair("børne- og ungeområdet, kerne-ydelser, videreud-vikling, en del tv-kanaler")
        'børne- og ungeområdet, kerne-ydelser, videreudvikling, en del tv-kanaler'
    """
    text = " ".join(text.split())
    if len(text) > _LONGEST_MENDED:
        return text
    if "-" in text:
        text = _INNER_HYPHEN.sub(_mend_inner_hyphen, _SPACED_HYPHEN.sub(_mend_spaced_hyphen, text))
    if all(map(is_word, _WORDS.findall(text))):
        return text  # a space is astray only beside what is no word
    return _STRAY_SPACE.sub(_mend_space, text)


def _mend_spaced_hyphen(match: re.Match[str]) -> str:
    head, tail = match[1], match[2]
    if tail in _CONJUNCTIONS or head.lower() in _KEEPS_HYPHEN or not is_word(head + tail):
        return match[0]
    return head + tail


def _mend_inner_hyphen(match: re.Match[str]) -> str:
    head, tail = match[1], match[2]
    kept = head.lower() in _KEEPS_HYPHEN or head.isupper() or len(head) < 2
    if kept or (is_word(head) and is_word(tail)) or not is_word(head + tail):
        return match[0]
    return head + tail


def _mend_space(match: re.Match[str]) -> str:
    """Take out a space only where the list itself holds the joined form: nearly any two words make some compound."""
    head, tail = match[1], match[2]
    one_word = head.islower() and len(head + tail) >= _SHORTEST_MENDED and (len(head) > 1 or len(tail) >= SHORTEST_PART)
    abbreviated = head in _ABBREVIATIONS or tail in _ABBREVIATIONS
    if not one_word or abbreviated or not is_listed(head + tail) or (is_word(head) and is_word(tail)):
        return match[0]
    return head
