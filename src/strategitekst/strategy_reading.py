"""Find the strategy in a strategy document: a draft of ambitions, pledges and initiatives to review and save as TOML.

What a line is, is told by its wording and its place among the others. Heading levels are only trusted in formats that
have them; in plain text and PDF they are somebody's guess.

Example:
    >>> from strategitekst.document import Block, build_document
    >>> blocks = [Block("heading", "Et grønnere liv", 1), Block("prose", "Mål 1: Rent vand"), Block("item", "Ny å")]
    >>> blocks.insert(2, Block("prose", "Indsatser:"))
    >>> find_strategy(build_document("vand.md", blocks)).pledges[0].initiatives
    ('Ny å',)
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from strategitekst.document import Document
from strategitekst.errors import StrategyError
from strategitekst.strategy import Ambition, Foundation, Initiative, Pledge, Strategy
from strategitekst.strategy_lines import Line, classify, fold

# Formats in which the author, not a reader's guess, said which heading stands under which.
_ITEM_NAME_WORDS = 12
_LEVELLED = frozenset({"markdown", "html", "docx", "odt"})
_PERIOD = re.compile(r"\b(20\d\d)\s*[-–]\s*(20\d\d|\d\d)\b")
_ORGANISATION = re.compile(r"\bRegion [A-ZÆØÅ]\w+|\b[A-ZÆØÅ][\wæøå-]+ Kommune\b")


def read_strategy(path: str | Path) -> Strategy:
    """Read a strategy document and draft the strategy that it holds.

    Args:
        path: A file in any format that ``read_document`` reads.

    Returns:
        A draft to review and save with ``to_toml``. Descriptions are cut from the document. An initiative is given to
        all pledges that stand before its list, since the document says no more than that: narrow them down.

    Raises:
        StrategyError: If the document numbers no pledges in a way that is known.
        ReadingError: If the file cannot be read.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "strategi.md"
        ...     _ = file.write_text("# Strategi\\n\\n## Løfte 1: Rent vand\\n\\nSøerne er rene.\\n", encoding="utf-8")
        ...     [pledge.name for pledge in read_strategy(file).pledges]
        ['Rent vand']
    """
    from strategitekst.reading import read_document

    return find_strategy(read_document(path))


def find_strategy(document: Document) -> Strategy:
    """Draft the strategy that a document holds; see ``read_strategy``.

    Args:
        document: A strategy document as read.

    Returns:
        The draft; ids are P1, P2, … for pledges, A1, … for ambitions and G1, … for foundations.

    Raises:
        StrategyError: If the document numbers no pledges in a way that is known.
    """
    lines = classify(document)
    title = next((line.text for line in lines if line.role == "title"), Path(document.name).stem)
    draft = _Draft(title, levelled=document.format in _LEVELLED)
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        draft.take(line, has_body=following is not None and following.role in ("prose", "item"))
    if not draft.ambitions:
        raise StrategyError(
            f'{document.name}: ingen løfter fundet; der blev ledt efter linjer som "#1: …", "Løfte 1: …" og "Mål 1: …" '
            'og overskrifter som "1. …"; giv løfterne numre, eller skriv strategien som TOML'
        )
    return _build(document, draft)


@dataclass(slots=True, eq=False)
class _Entry:
    """Something with a name that collects the text below it.

    An ambition has pledges and initiatives; an initiative serves pledges; a title may turn out to be either.
    """

    line: Line
    serves: tuple[_Entry, ...] = ()
    texts: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    pledges: list[_Entry] = field(default_factory=list)
    initiatives: list[_Entry] = field(default_factory=list)

    @property
    def description(self) -> str:
        return " ".join([*self.texts, *(text if text[-1] in ".!?" else f"{text}." for text in self.points)])


@dataclass(slots=True)
class _Draft:
    """What has been found so far, line by line.

    A title in a list of initiatives may be the next ambition; only the pledge below it tells. So the titles since the
    last pledge are kept, and one that turns out to be an ambition is taken out of the list again.
    """

    title: str
    levelled: bool
    ambitions: list[_Entry] = field(default_factory=list)
    foundations: list[_Entry] = field(default_factory=list)
    titles: list[_Entry] = field(default_factory=list)
    open: _Entry | None = None
    lead: bool = False
    # The list being filled, the line that began it, and what its first entry was like.
    into: list[_Entry] | None = None
    marker: Line | None = None
    style: tuple[str, int] | None = None
    # Pledges since the last list of initiatives, and those that the list in hand serves.
    fresh: list[_Entry] = field(default_factory=list)
    served: tuple[_Entry, ...] = ()

    def take(self, line: Line, *, has_body: bool) -> None:
        match line.role:
            case "pledge":
                self._pledge(line)
            case "initiatives" | "foundations":
                self._begin(line)
            case "initiative":
                self._initiative(line)
            case "title":
                self._title(line, has_body)
            case "chapter":
                self.open, self.into, self.titles = None, None, []
            case "item":
                self._item(line)
            case "prose" if self.open:
                self.open.texts.append(line.text)
        self.lead = line.role == "lead"

    def _pledge(self, line: Line) -> None:
        heading = self._heading_above(line)
        if heading is not None or not self.ambitions:
            self._begin_ambition(heading or _Entry(Line(self.title, "title")))
        entry = _Entry(line)
        self.ambitions[-1].pledges.append(entry)
        self.fresh.append(entry)
        self.open, self.into, self.titles = entry, None, []

    def _heading_above(self, pledge: Line) -> _Entry | None:
        """Find the title that is the ambition of a pledge; None where the ambition goes on."""
        last = self.titles[-1] if self.titles else None
        labelled = [entry for entry in self.titles if entry.line.labelled]
        if labelled:
            return labelled[-1]
        if self.lead and last:
            return last
        if self.levelled and pledge.path is not None:
            above = [entry for entry in self.titles if entry.line.original in pledge.path]
            if above or (self.ambitions and self.ambitions[-1].line.original in pledge.path):
                return above[-1] if above else None
            last = last if last and len(last.line.path or ()) <= len(pledge.path) else None
        return last if last and last not in (self.into or []) else None

    def _begin_ambition(self, entry: _Entry) -> None:
        if self.into and entry in self.into:
            self.into.remove(entry)
        same = [ambition for ambition in self.ambitions if fold(ambition.line.text) == fold(entry.line.text)]
        # The ambition in hand stands last, also when a document comes back to one it had left.
        self.ambitions = [ambition for ambition in self.ambitions if ambition not in same] + (same or [entry])
        self.fresh, self.served = [], ()

    def _begin(self, line: Line) -> None:
        if line.role == "foundations":
            self.into = self.foundations
        else:
            self.into = self.ambitions[-1].initiatives if self.ambitions else None
            self.served, self.fresh = tuple(self.fresh) or self.served, []
        self.marker, self.style, self.open, self.titles = line, None, None, []

    def _initiative(self, line: Line) -> None:
        self.open = _Entry(line, tuple(self.fresh) or self.served)
        if self.ambitions:
            self.ambitions[-1].initiatives.append(self.open)

    def _title(self, line: Line, has_body: bool) -> None:
        self.open = _Entry(line, self.served)
        self.titles.append(self.open)
        if self.into is None or self.marker is None:
            return
        # The first entry sets the level of its list, since in some documents it is that of the line that began it.
        floor = self.style[1] if self.style else len(self.marker.path or ()) if self.levelled else 0
        depth = len(line.path) if self.levelled and line.path is not None else floor
        style = ("with text" if has_body else "bare", depth)
        if depth < floor or line.labelled or (self.style and self.style[0] == "items"):
            self.into = None
        elif self.style in (None, style) and (has_body or self.into is not self.foundations):
            self.style = style
            self.into.append(self.open)
        elif self.style == ("bare", depth):
            self.into = None

    def _item(self, line: Line) -> None:
        takes_items = self.style is None or self.style[0] == "items"
        if takes_items and self.into is not None and self.into is not self.foundations:
            self.style = ("items", 0)
            self.into.append(_Entry(Line(_item_name(line.text), "item"), self.served))
        elif self.open:
            self.open.points.append(line.text)


def _item_name(text: str) -> str:
    """Cut an item down to the name that it begins with, if it begins with one."""
    head = re.split(r"[:.] | – ", text, maxsplit=1)[0]
    return (head if len(head.split()) <= _ITEM_NAME_WORDS else text).rstrip(".:")


def _key(entry: _Entry) -> tuple[int | None, str]:
    return entry.line.number, fold(entry.line.text)


def _build(document: Document, draft: _Draft) -> Strategy:
    # A table of contents names each pledge too; the place with the most text is the pledge itself.
    chosen: dict[tuple[int | None, str], _Entry] = {}
    for entry in (entry for ambition in draft.ambitions for entry in ambition.pledges):
        other = chosen.get(_key(entry))
        if other is None or len(entry.description) > len(other.description):
            chosen[_key(entry)] = entry
    ids = {key: f"P{number}" for number, key in enumerate(chosen, start=1)}
    ambitions = [
        (ambition, [entry for entry in ambition.pledges if chosen[_key(entry)] is entry])
        for ambition in draft.ambitions
    ]
    ambitions = [(ambition, pledges) for ambition, pledges in ambitions if pledges or ambition.initiatives]
    organisation, own_names = _organisation(document.text)
    period = _PERIOD.search(document.text)
    return Strategy(
        id=re.sub(r"[^\w]+", "-", Path(document.name).stem.lower()).strip("-") or "strategi",
        name=draft.title,
        ambitions=tuple(
            Ambition(
                f"A{number}",
                ambition.line.text,
                ambition.description,
                tuple(Pledge(ids[_key(e)], e.line.text, e.line.number, e.description) for e in pledges),
                tuple(Initiative(e.line.text, tuple(ids[_key(p)] for p in e.serves)) for e in ambition.initiatives),
            )
            for number, (ambition, pledges) in enumerate(ambitions, start=1)
        ),
        foundations=tuple(
            Foundation(f"G{number}", entry.line.text, " ".join(entry.texts), tuple(entry.points))
            for number, entry in enumerate(draft.foundations, start=1)
        ),
        organisation=organisation,
        period=f"{period[1]}-{period[2]}" if period else "",
        own_names=own_names,
    )


def _organisation(text: str) -> tuple[str, tuple[str, ...]]:
    """Find whose strategy it is, and what its plans will call it."""
    named = Counter(_ORGANISATION.findall(text)).most_common(1)
    if not named:
        return "", ("vi",)
    name = named[0][0]
    return name, (name, "kommunen" if name.endswith("Kommune") else "regionen", "vi")
