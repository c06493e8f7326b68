"""What the pages of a PDF are made of: words, lines, rules, boxes. Data only, in points from the lower left corner."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple


class Box(NamedTuple):
    """A rectangle whose sides run along the page."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Distance between its left and right side."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Distance between its lower and upper side."""
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        """Height of its middle."""
        return (self.bottom + self.top) / 2

    def holds(self, other: Box, slack: float = 1.0) -> bool:
        """Say whether the middle of another box lies in this one."""
        across = (other.left + other.right) / 2
        return (
            self.left - slack <= across <= self.right + slack
            and self.bottom - slack <= other.middle <= self.top + slack
        )


def around(boxes: list[Box]) -> Box:
    """Return the smallest box around others.

    Example:
        >>> around([Box(0, 0, 1, 1), Box(2, 2, 3, 3)])
        Box(left=0, bottom=0, right=3, top=3)
    """
    return Box(
        min(box.left for box in boxes),
        min(box.bottom for box in boxes),
        max(box.right for box in boxes),
        max(box.top for box in boxes),
    )


class Word(NamedTuple):
    """Letters of one font without a space between, or words of one text object with nothing but spaces between.

    Attributes:
        text: What it says.
        box: Where it stands; as high as its font, whatever its letters.
        size: Font size in points.
        bold: Whether its font is bold.
        content: Number of the marked content that it belongs to, -1 for none.
        source: Which text object of the page it comes from.
        glued: No space parts it from the word before: a raised figure, or a change of font inside a word.
        raised: It stands above the line, as the number of a note does.
        spaced: The space in front stands in the file; otherwise only a distance parts it from the word before.
    """

    text: str
    box: Box
    size: float
    bold: bool
    content: int = -1
    source: int = 0
    glued: bool = False
    spaced: bool = False
    raised: bool = False


class PdfLine(NamedTuple):
    """A line of a page, or the part of it in one column or cell.

    Attributes:
        text: What it says.
        box: Where it stands.
        size: Font size of most of its text, in points.
        bold: Whether all of it is bold.
        page: The page, from 1.
        column: Which stretch of the reading order of its page it belongs to.
        frame: Number of the box on its page that it stands in, 0 for none.
        inner: Where its text starts behind a bullet, 0 where it has none.
        place: Its place among the lines of its page in the order of the file.
    """

    text: str
    box: Box
    size: float
    bold: bool
    page: int
    column: int = 0
    frame: int = 0
    inner: float = 0.0
    place: int = 0


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn on a page beside text.

    Attributes:
        across: Rules from left to right.
        down: Rules from top to bottom.
        areas: Rectangles, filled or not, that can hold text.
        dots: Small figures that can be bullets.
        pictures: Where pictures stand.
    """

    across: tuple[Box, ...] = ()
    down: tuple[Box, ...] = ()
    areas: tuple[Box, ...] = ()
    dots: tuple[Box, ...] = ()
    pictures: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class PdfTable:
    """A table, or the part of it on one page.

    Attributes:
        box: Where it stands.
        rows: The cells of each row, as many in each.
        edges: Where its columns begin, from the left side of the page.
        page: The page it starts on.
        has_header: Whether the first row names the columns; None where nothing tells.
        column: As in ``PdfLine``.
    """

    box: Box
    rows: tuple[tuple[str, ...], ...]
    edges: tuple[float, ...]
    page: int
    has_header: bool | None = None
    column: int = 0


Role = Literal["", "heading", "prose", "item", "note", "caption", "contents"]
"""What a group of lines is; empty where nothing has told yet."""


@dataclass(slots=True)
class Group:
    """Lines that make one paragraph, item or heading.

    Attributes:
        lines: Its lines, or its part on one page.
        role: What it is.
        level: For headings that the file marks: 1 for the highest; 0 where nothing has told.
        opens: It goes on behind the end of its page, as the file says.
        goes_on: It begins before the start of its page, as the file says.
        mark: A bullet that the file keeps apart from the text.
    """

    lines: list[PdfLine]
    role: Role = ""
    level: int = 0
    opens: bool = False
    goes_on: bool = False
    mark: str = ""
    text: str = ""

    @property
    def first(self) -> PdfLine:
        """Its first line."""
        return self.lines[0]

    @property
    def last(self) -> PdfLine:
        """Its last line."""
        return self.lines[-1]


@dataclass(slots=True)
class PdfPage:
    """A page, before it is known what repeats from page to page.

    Attributes:
        number: The page, from 1.
        area: What is seen of it.
        lines: Its lines in the order of the file; empty where ``tagged`` is set.
        drawing: What is drawn on it.
        tagged: Its groups and tables as the file's structure tree has them, or None.
        unread: How many tables there are on it that no text could be read from.
    """

    number: int
    area: Box
    lines: list[PdfLine] = field(default_factory=list)
    drawing: Drawing = field(default_factory=Drawing)
    tagged: list[Group | PdfTable] | None = None
    unread: int = 0
