"""Which part of a web page is its text, and which stands around it: menus, banners, cookie notices, footers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from strategitekst.reading.pieces import Piece

_AROUND_TAGS = frozenset(["nav", "footer", "aside", "dialog"])
_AROUND_ROLES = frozenset(
    "navigation banner contentinfo search complementary dialog alertdialog alert menu menubar toolbar".split()  # noqa: SIM905
)
_AROUND_NAMES = re.compile(
    r"(?:^|[-_ ])(?:cookie\w*|cookies?banner|consent\w*|coi|cybot\w*|gdpr|breadcrumbs?|broedkrumme\w*|brødkrumme\w*"
    r"|menu|nav|navbar|navigation|sidebar|sidenav|skip\w*|share|sharing|social\w*|some|related|relateret|footer|sitefooter"
    r"|newsletter|nyhedsbrev|popup|modal|toolbar|pagination|sr-only|visually-hidden|visuallyhidden|screen-reader-text"
    r"|readspeaker\w*|print-only|advert\w*|annonce\w*|toc)(?:$|[-_ ])",
    re.IGNORECASE,
)
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ENDLESS_TAG = re.compile(r"<([a-z][a-z0-9]*)\s[^<>]{20000,}>", re.IGNORECASE)
_NESTING = re.compile(
    r"<(/?)(?:div|section|span|b|i|em|strong|font|a|ul|ol|li|table|tbody|tr|td|blockquote|center|form|fieldset)\b[^<>]*>",
    re.IGNORECASE,
)
_MOST_NESTED = 4000
"""Depth from which those elements are taken out: unclosed ones of sloppy pages do not reach it."""
_MOST = 0.4
"""Share of the page's text from which an element is never something around it, whatever it is called."""
_ENOUGH = 0.5
"""Share of the page's text that its main part must hold to be taken for it."""
_SENTENCE = 60
"""Characters from which a piece counts as running text."""
_LONGEST = 5_000_000
"""Characters of the largest page that trafilatura looks at."""


def tamed(text: str) -> str:
    """Take from a page what parsers need forever for: endless tags, and nesting that no page has.

    Example:
        >>> tamed("<div>" * 9000 + "Akut" + "</div>" * 9000).strip()
        'Akut'
    """
    text = _ENDLESS_TAG.sub(r"<\1>", text)
    depth = deepest = 0
    for match in _NESTING.finditer(text):
        depth = max(depth - 1, 0) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return _NESTING.sub(" ", text) if deepest > _MOST_NESTED else text


def is_web_page(tree: LexborHTMLParser) -> bool:
    """Say whether a file was made for the web, with things around its text, and not saved by a word processor."""
    return tree.css_first("nav, main, footer, form, button, aside, iframe, script[src], [role=main]") is not None


def main_part(tree: LexborHTMLParser) -> LexborNode | None:
    """Return the element that the page marks as its main part, if there is one that holds enough."""
    if tree.body is None:
        return None
    found = tree.css("main, [role=main]") or tree.css("article")
    if len(found) != 1:
        return None
    own, whole = (sum(len(part.text(deep=True)) for part in root.css("p, li, td")) for root in (found[0], tree.body))
    titled = found[0].css_first("h1") is not None or tree.css_first("h1") is None
    return found[0] if titled and own >= _ENOUGH * whole else None


def is_around(node: LexborNode, tag: str, all_text: int) -> bool:
    """Say whether an element stands around the text.

    Args:
        node: The element.
        tag: Its name.
        all_text: Characters of all text; what holds much of it is not around it.
    """
    attributes = node.attributes
    if attributes.get("aria-hidden") == "true" or _INVISIBLE.search(attributes.get("style") or ""):
        return True
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    header = tag == "header" and node.css_first("h1") is None
    if (
        tag in _AROUND_TAGS
        or header
        or (attributes.get("role") or "") in _AROUND_ROLES
        or (tag in ("div", "section", "ul", "ol", "p", "a", "span") and _AROUND_NAMES.search(names))
    ):
        return len(node.text(deep=True)) <= _MOST * all_text
    return False


def without_surroundings(text: str, pieces: list[Piece], containers: Sequence[int]) -> list[Piece]:
    """Cut off what comes before and after the text of a page that does not mark its main part.

    trafilatura tells where the text begins and ends; what lies between is kept whole, since it drops pieces of plans.

    Args:
        text: The page.
        pieces: All that was read.
        containers: For each piece, the element that it stands in; neighbours of kept pieces are kept.

    Returns:
        The pieces of the text; all where the extraction says too little.
    """
    if len(text) > _LONGEST:
        return pieces
    import trafilatura

    extracted = trafilatura.extract(text, output_format="txt", include_comments=False, favor_recall=True) or ""
    lines = {_key(line) for line in extracted.splitlines()}
    known = [place for place, piece in enumerate(pieces) if len(piece.text) >= _SENTENCE and _key(piece.text) in lines]
    long = [piece for piece in pieces if len(piece.text) >= _SENTENCE]
    if not known or len(known) < _ENOUGH * len(long):
        return pieces
    first, last = known[0], known[-1]
    while first > 0 and pieces[first - 1].kind == "heading":
        first -= 1
    title = next((place for place, piece in enumerate(pieces[:first]) if piece.level == 1), None)
    homes = {containers[place] for place in known}
    return [
        piece
        for place, piece in enumerate(pieces)
        if first <= place <= last or containers[place] in homes or place == title
    ]


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())
