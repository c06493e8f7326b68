"""Words of a page → lines, each in one column or cell, with the bullets that stand apart from them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from strategitekst.reading.pdf_initials import LARGE, with_initials
from strategitekst.reading.pdf_parts import Box, Drawing, PdfLine, Word
from strategitekst.reading.pdf_words import RAISED
from strategitekst.reading.shape import bullet

_NEAR, _FAR, _STEP = 0.75, 3.0, 0.45
"""Gaps between two words in sizes: below the first they are one line, above the second two; between, they are one line
where a space or one text object holds them together. The third is the first where words have spaces between."""
_APART, _TWICE = 0.55, 1.9
"""Sizes, and times the middle gap of its line, from which a gap parts a line of words without spaces."""
_MOSTLY = 0.6
_USUAL, _WIDER = 0.95, 2.2
"""Share of the gaps on a page that are no wider than those between words, and times that for the widest of these."""
_SPACED_OUT, _FEWEST_SPACED = re.compile(r"(?<!\S)(?:[^\W\d_] ){3,}[^\W\d_](?!\S)"), 4
_TIGHT_NUMBER = re.compile(r"^(\d{1,2}[.)])(?=[A-ZÆØÅ][a-zæøå])")
_NOTE_MARK = re.compile(r"[\d*]{1,3}")
_MARK_REACH, _NUMBER_REACH = 4.0, 1.5
"""Sizes between a bullet and its text, and between a number and text that is not written right behind it."""


def page_lines(words: Sequence[Word], drawing: Drawing, number: int) -> list[PdfLine]:
    """Gather the words of a page into lines.

    Args:
        words: The words in the order of the file.
        drawing: What is drawn on the page: rules between columns part lines, dots are bullets.
        number: The number of the page, from 1.

    Returns:
        Its lines in the order of the file.
    """
    runs: list[list[Word]] = []
    spaced = sum(word.spaced or " " in word.text for word in words) > _MOSTLY * len(words)
    near = _STEP if spaced else _distance(words)
    for word in words:
        if runs and _goes_on(runs[-1], word, drawing.down, near):
            runs[-1].append(word)
        else:
            runs.append([word])
    if not spaced:
        runs = [part for run in runs for part in _parted(run)]
    lines = [to_line(run, number, place) for place, run in enumerate(runs)]
    return with_marks(with_initials(lines), drawing.dots)


def _distance(words: Sequence[Word]) -> float:
    """Measure how far apart words can be on one line, in sizes, where the file writes no spaces between them."""
    gaps = sorted(
        gap
        for last, word in pairwise(words)
        if abs(last.box[1] - word.box[1]) < 1 and 0 < (gap := (word.box[0] - last.box[2]) / word.size) < _NEAR
    )
    return min(_NEAR, max(_STEP, _WIDER * gaps[int(_USUAL * len(gaps))])) if gaps else _NEAR


def _parted(run: list[Word]) -> list[list[Word]]:
    """Part a line where the gap is far wider than its others: justified words are as far apart as cells elsewhere."""
    gaps = [(word.box[0] - last.box[2]) / word.size for last, word in pairwise(run)]
    if len(gaps) < 2 or max(gaps) < _APART:
        return [run]
    limit = max(_APART, _TWICE * sorted(gaps)[(len(gaps) - 1) // 2])
    cuts = [place for place, gap in enumerate(gaps, start=1) if gap > limit]
    return [run[start:end] for start, end in pairwise([0, *cuts, len(run)])]


def _goes_on(run: list[Word], word: Word, rules: Sequence[Box], near: float) -> bool:
    last = run[-1]
    if word.glued:
        return True
    box, above = word.box, last.box
    left, bottom, _, top = box
    _, below, right, over = above
    middle = (bottom + top) / 2
    if last.text[-1] == "\ufffe" or (last.size > LARGE * word.size and len(last.text) == 1 == len(run)):
        return False
    if not (below < middle < over or bottom < (below + over) / 2 < top):
        return False
    height = max(over - below, top - bottom) / 1.15
    gap = left - right
    if gap < -0.6 * height or gap > _FAR * height:
        return False
    if gap > near * height and not word.spaced and word.source != last.source:
        return False
    return gap < 2 or not any(
        right - 1 <= rule.left <= left + 1 and rule.bottom <= middle <= rule.top for rule in rules
    )


def to_line(run: Sequence[Word], page: int, place: int = 0) -> PdfLine:
    """Put words together to a line; raised figures become signs of their own."""
    first = run[0]
    size, bold, (left, bottom, right, top) = first.size, first.bold, first.box
    alike = True
    for word in run:
        box = word.box
        if box[0] < left:
            left = box[0]
        if box[2] > right:
            right = box[2]
        alike = alike and word.size == size and word.bold == bold and not word.raised and box[3] == top
    if alike:
        texts = [word.text if word.glued else f" {word.text}" for word in run]
        bold = bold and any(map(_has_letter, run))
    else:
        size, bottom, top = _usual(run)
        texts = _texts(run, bottom, top)
        plain = [word for word in run if not word.bold]
        bold = len(plain) < len(run) and not any(map(_has_letter, plain)) and any(map(_has_letter, run))
    text = "".join(texts).lstrip(" ")
    if len(run) >= _FEWEST_SPACED and sum(len(word.text) == 1 for word in run) >= _FEWEST_SPACED:
        text = _SPACED_OUT.sub(lambda match: match[0].replace(" ", ""), text)
    if text[:1].isdigit():
        text = _TIGHT_NUMBER.sub(r"\1 ", text)
    inner = run[1].box.left if len(run) > 1 and _is_sign(first.text) else 0.0
    return PdfLine(text, Box(left, bottom, right, top), size, bold, page, inner=inner, place=place)


def _usual(run: Sequence[Word]) -> tuple[float, float, float]:
    """Return the size of most of a line, and where its longest word of full height begins and ends."""
    sizes: Counter[float] = Counter()
    for word in run:
        sizes[word.size] += len(word.text)
    tall = max(word.box.height for word in run)
    base = max((word for word in run if word.box.height > 0.9 * tall), key=_length).box
    return sizes.most_common(1)[0][0], base.bottom, base.top


def _texts(run: Sequence[Word], bottom: float, top: float) -> list[str]:
    """Return the words with the spaces before them; figures that are raised or smaller become signs of their own."""
    tall = max(word.box.height for word in run)
    raised = bottom + 0.4 * (top - bottom)
    texts = []
    for word in run:
        text = word.text
        if (word.raised or (word.box.height < 0.86 * tall and word.box.middle > raised)) and _NOTE_MARK.fullmatch(text):
            text = text.translate(RAISED)
        texts.append(text if word.glued else f" {text}")
    return texts


def _length(word: Word) -> int:
    return len(word.text)


def _has_letter(word: Word) -> bool:
    return word.text.isalnum() or any(sign.isalnum() for sign in word.text)


def with_marks(lines: Sequence[PdfLine], dots: Sequence[Box] = ()) -> list[PdfLine]:
    """Put bullets that stand apart in front of the line on their right.

    Args:
        lines: The lines of a page in the order of the file.
        dots: Small figures drawn on the page.

    Returns:
        The lines; a bullet without a line on its right stays one.
    """
    marks = [line for line in lines if _is_mark(line)]
    texts = [line for line in lines if not _is_mark(line)]
    if not marks and not dots:
        return texts
    taken: set[int] = set()
    for mark in marks:
        place = _beside(mark.box, texts, taken, max(mark.size, 8.0))
        if place is not None and _is_apart(mark, texts[place]):
            place = None
        if place is None:
            if any(sign.isalnum() for sign in mark.text):
                texts.append(mark)
        else:
            line = texts[place]
            taken.add(place)
            box = Box(mark.box.left, line.box.bottom, line.box.right, line.box.top)
            texts[place] = line._replace(text=f"{mark.text} {line.text}", box=box, inner=line.box.left)
    for dot in dots:
        place = _beside(dot, texts, taken, 8.0)
        if place is not None and bullet(texts[place].text) is None:
            line = texts[place]
            if dot.height < 0.75 * line.size:
                taken.add(place)
                box = Box(dot.left, line.box.bottom, line.box.right, line.box.top)
                texts[place] = line._replace(text=f"• {line.text}", box=box, inner=line.box.left)
    return texts


def _is_apart(mark: PdfLine, line: PdfLine) -> bool:
    """Say whether a number is none of a line on its right: of a formula at the end of the column on the left, say."""
    number = any(sign.isdigit() for sign in mark.text)
    far = line.box.left - mark.box.right > _NUMBER_REACH * mark.size
    return number and far and line.place != mark.place + 1


def _is_mark(line: PdfLine) -> bool:
    return _is_sign(line.text) or line.text == "o" or _is_private(line.text)


def _is_sign(text: str) -> bool:
    mark = bullet(f"{text} x") if len(text) < 6 else None
    return mark is not None and mark.length == len(text) + 1


def _is_private(text: str) -> bool:
    return len(text) == 1 and "\ue000" <= text <= "\uf8ff" and not "\ue030" <= text <= "\ue03a"


def _beside(mark: Box, texts: Sequence[PdfLine], taken: set[int], size: float) -> int | None:
    """Find the line that starts nearest on the right of a bullet."""
    best: tuple[float, int] | None = None
    for place, line in enumerate(texts):
        gap = line.box.left - mark.right
        if -1 <= gap < _MARK_REACH * size and line.box.bottom < mark.middle < line.box.top and place not in taken:
            best = min(best or (gap, place), (gap, place))
    return best[1] if best else None
