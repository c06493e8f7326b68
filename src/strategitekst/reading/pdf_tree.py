"""The structure tree of a page of a tagged PDF → which marked content makes which paragraph, item or cell."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass, field, replace
from typing import Any

import pypdfium2.raw as pdfium

from strategitekst.reading.pdf_parts import Role

_HEADING = re.compile(r"H([1-6])?|Title")
_PARAGRAPHS = frozenset(("P", "BlockQuote", "Quote", "Code", "Formula", "Index", "BibEntry"))
_NOTES = frozenset(("Note", "FENote"))
_DEEPEST, _MOST_ELEMENTS = 60, 20_000


@dataclass(slots=True, eq=False)
class Leaf:
    """An element that text stands in: a paragraph, an item, a heading, a cell.

    Attributes:
        role: What it is.
        level: For headings.
        contents: The numbers of its marked content on this page, in order.
        goes_on: Its first part is on another page.
        opens: Its last part is on another page.
        header: It is a cell that names a column.
    """

    role: Role
    level: int = 0
    contents: list[int] = field(default_factory=list)
    goes_on: bool = False
    opens: bool = False
    header: bool = False


@dataclass(slots=True, eq=False)
class Grid:
    """A table: the cells of each row."""

    rows: list[list[Leaf]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the tree the walk is."""

    leaf: Leaf | None = None
    fixed: bool = False
    item: bool = False
    grid: Grid | None = None
    row: bool = False
    contents: bool = False


def page_tree(page: Any) -> list[Leaf | Grid]:
    """Walk through the structure tree of a page.

    Args:
        page: The page of pypdfium2.

    Returns:
        What stands on the page in the order of the tree; empty where the page has no tree.
    """
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return []
    walk = _Walk()
    try:
        for index in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            element = pdfium.FPDF_StructTree_GetChildAtIndex(tree, index)
            if element:
                walk.enter(element, _Place(), 0)
    finally:
        pdfium.FPDF_StructTree_Close(tree)
    return walk.found


class _Walk:
    def __init__(self) -> None:
        self.found: list[Leaf | Grid] = []
        self._count = 0

    def enter(self, element: Any, place: _Place, depth: int) -> None:
        self._count += 1
        if depth > _DEEPEST or self._count > _MOST_ELEMENTS:
            return
        kind = _kind(element)
        if kind in ("Artifact", "Figure"):
            return
        place = self._place(kind, place)
        for index in range(min(max(pdfium.FPDF_StructElement_CountChildren(element), 0), _MOST_ELEMENTS)):
            child = pdfium.FPDF_StructElement_GetChildAtIndex(element, index)
            if child:
                self.enter(child, place, depth + 1)
                continue
            content = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, index)
            if content >= 0:
                leaf = place.leaf or self._add(Leaf(_role(place)))
                place = replace(place, leaf=leaf, fixed=True)
                leaf.opens = False
                leaf.contents.append(content)
            elif place.row and place.grid is not None:
                place.grid.rows[-1].append(Leaf("prose"))  # a cell that is on another page
            elif kind != "Link" and place.leaf is not None:
                if place.leaf.contents:
                    place.leaf.opens = True
                else:
                    place.leaf.goes_on = True

    def _add(self, leaf: Leaf) -> Leaf:
        self.found.append(leaf)
        return leaf

    def _place(self, kind: str, place: _Place) -> _Place:
        """Say where the children of an element stand."""
        if place.grid is not None:
            if kind == "TR":
                place.grid.rows.append([])
                return replace(place, row=True)
            if place.row:  # whatever stands in a row is a cell: LibreOffice tags it as a paragraph
                cell = Leaf("prose", header=kind == "TH")
                place.grid.rows[-1].append(cell)
                return _Place(cell, True)
            return place
        if place.fixed and place.leaf is not None and kind not in ("L", "Table", "Note", "FENote"):
            if kind == "Lbl" and not place.leaf.contents and place.leaf.role in ("item", "note"):
                return _Place(Leaf("prose"), True)  # a bullet or number: what it says is not kept
            nested = place.item and kind == "P" and bool(place.leaf.contents)
            return _Place(self._add(Leaf("item")), True, True) if nested else place
        if kind == "Table":
            grid = Grid()
            self.found.append(grid)
            return _Place(grid=grid)
        heading = _HEADING.fullmatch(kind)
        if heading:
            return _Place(self._add(Leaf("heading", int(heading[1] or 1))), True)
        if kind == "Lbl":
            return _Place(Leaf("prose"), True)
        if kind in ("LI", "LBody"):
            return _Place(self._add(Leaf("contents" if place.contents else "item")), True, True)
        if kind in ("TOC", "TOCI"):
            leaf = self._add(Leaf("contents")) if kind == "TOCI" else None
            return _Place(leaf, leaf is not None, contents=True)
        if kind in _NOTES:
            return _Place(self._add(Leaf("note")), True)
        if kind == "Caption":
            return _Place(self._add(Leaf("caption")), True)
        if kind in _PARAGRAPHS:
            return _Place(self._add(Leaf(_role(place))), kind == "P", place.item, contents=place.contents)
        return _Place(item=place.item, contents=place.contents)


def _role(place: _Place) -> Role:
    return "contents" if place.contents else "item" if place.item else "prose"


def _kind(element: Any) -> str:
    buffer = ctypes.create_string_buffer(64)
    size = pdfium.FPDF_StructElement_GetType(element, buffer, 64)
    return buffer.raw[: min(size, 64)].decode("utf-16-le", "replace").rstrip("\x00")
