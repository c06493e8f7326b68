"""Running heads, running feet and page numbers: found by what recurs in the margins, and left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from strategitekst.reading.pdf_parts import Group, PdfLine, PdfPage
from strategitekst.reading.shape import ends_firmly

_PAGE_NUMBER = re.compile(
    r"\W*(?:side|s\.|page|p\.)?\s*(?:\d{1,4}|[ivxlc]{1,6})\s*(?:(?:af|of|/|\|)\s*\d{1,4})?\W*", re.IGNORECASE
)
_EDGE_LINES = 4
_LONGEST_LONE = 80
_MARGIN, _OUTER = 0.15, 0.06
"""Shares of the page's height at its top and bottom: where running lines stand, and where hardly anything else does."""
_MOST_PAGES = 0.5
"""Share of the pages on which a line of another size than the text stands in one place, for it to run along."""


def without_running_lines(pages: Sequence[PdfPage]) -> None:
    """Take page numbers, and what recurs at the top or bottom of pages, out of the pages.

    Args:
        pages: All pages of the document; they are changed.
    """
    every = [lines_of(page) for page in pages]
    body = body_size(line for lines in every for line in lines)
    edges = [_edges(lines, page) for lines, page in zip(every, pages, strict=True)]
    texts = Counter(key for edge in edges for key in {_text_key(line) for line in edge})
    places = Counter(key for edge in edges for key in {_place_key(line) for line in edge})
    least = 2 if len(pages) < 5 else 3
    numbered = _numbered_like_pages(edges, body)
    for page, edge in zip(pages, edges, strict=True):
        running = {
            id(line)
            for line in edge
            if (texts[_text_key(line)] >= least and not line.text.endswith(":"))
            or id(line) in numbered
            or (places[_place_key(line)] >= max(3, _MOST_PAGES * len(pages)) and _is_other(line, body))
            or _is_lone(line, page, body)
        }
        others = [line for line in lines_of(page) if id(line) not in running]
        running |= {id(line) for line in edge if _is_page_number(line, others)}
        if running:
            _take_out(page, running)


def body_size(lines: Iterable[PdfLine]) -> float:
    """Return the font size of most of the text, in points; 1 where there is none."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] or 1.0 if sizes else 1.0


def lines_of(page: PdfPage) -> list[PdfLine]:
    """Return the lines of a page, tables aside where the file tags them."""
    if page.tagged is None:
        return page.lines
    return [line for part in page.tagged if isinstance(part, Group) for line in part.lines]


def _take_out(page: PdfPage, running: set[int]) -> None:
    page.lines = [line for line in page.lines if id(line) not in running]
    if page.tagged is not None:
        for part in page.tagged:
            if isinstance(part, Group):
                part.lines = [line for line in part.lines if id(line) not in running]
        page.tagged = [part for part in page.tagged if not isinstance(part, Group) or part.lines]


def _is_page_number(line: PdfLine, others: Sequence[PdfLine]) -> bool:
    """Say whether a line is a page number: beside text that stays, only the page's own is; others are a table's."""
    if not _PAGE_NUMBER.fullmatch(line.text):
        return False
    beside = any(
        not _PAGE_NUMBER.fullmatch(other.text) and abs(other.box.middle - line.box.middle) < line.size / 2
        for other in others
    )
    return not beside or re.findall(r"\d+", line.text)[:1] == [str(line.page)]


def _is_other(line: PdfLine, body: float) -> bool:
    return abs(line.size - body) > 0.06 * body and not ends_firmly(line.text)


def _is_lone(line: PdfLine, page: PdfPage, body: float) -> bool:
    """Say whether a small line stands where nothing but running lines does."""
    outer = _OUTER * page.area.height
    outside = line.box.middle > page.area.top - outer or line.box.middle < page.area.bottom + outer
    return outside and line.size < 0.93 * body and len(line.text) <= _LONGEST_LONE and not ends_firmly(line.text)


def _numbered_like_pages(edges: Sequence[Sequence[PdfLine]], body: float) -> set[int]:
    """Find lines in the margins that start or end with the page's number, as running heads of chapters do."""
    found: dict[int, set[int]] = {}
    for line in (line for edge in edges for line in edge):
        if len(line.text) > _LONGEST_LONE or ends_firmly(line.text) or line.size > 1.02 * body:
            continue  # a note or a heading
        for number in re.findall(r"^\d{1,4}\b(?![.)])|\b\d{1,4}$", line.text):
            found.setdefault(int(number) - line.page, set()).add(id(line))
    most = max(found.values(), key=len, default=set())
    return most if len(most) >= max(3, len(edges) // 3) else set()


def _edges(lines: Sequence[PdfLine], page: PdfPage) -> list[PdfLine]:
    """Return the lines in the margins: a few at the top and bottom that white space parts from the rest."""
    ranked = sorted(lines, key=lambda line: -line.box.middle)
    margin = _MARGIN * page.area.height
    top = [line for line in ranked if line.box.middle > page.area.top - margin]
    bottom = [line for line in reversed(ranked) if line.box.middle < page.area.bottom + margin]
    return _before_gap(top, ranked) + _before_gap(bottom, ranked[::-1])


def _before_gap(margin: Sequence[PdfLine], ranked: Sequence[PdfLine]) -> list[PdfLine]:
    for place in range(min(len(margin), _EDGE_LINES), 0, -1):
        if place == len(ranked):
            return list(ranked[:place])
        gap = abs(ranked[place].box.middle - ranked[place - 1].box.middle)
        if gap > 1.8 * ranked[place - 1].size:
            return list(ranked[:place])
    return []


def _text_key(line: PdfLine) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text.casefold()), round(line.box.middle / 6)


def _place_key(line: PdfLine) -> tuple[int, float]:
    return round(line.box.middle / 2), line.size
