"""Small documents, made while the tests run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import pytest

from strategitekst.document import Document
from strategitekst.reading import read_document

Placed = tuple[float, float, str, str, float]
"""Distance from the left and from the bottom of the page, text, font, size."""


@pytest.fixture
def read() -> Callable[[str], Document]:
    """Read text as a file of UTF-8 bytes."""
    return lambda text: read_document(text.encode(), name="plan")


@pytest.fixture
def make_pdf() -> Callable[..., bytes]:
    """Make a PDF with lines of text at given places."""
    canvas = pytest.importorskip(
        "reportlab.pdfgen.canvas", reason="reportlab, a development dependency, makes the PDFs"
    )

    def make(pages: Sequence[Sequence[Placed]], password: str | None = None) -> bytes:
        buffer = BytesIO()
        drawing = canvas.Canvas(buffer, pagesize=(595, 842), encrypt=password)
        for page in pages:
            drawing.rect(0, 0, 5, 5, fill=1)
            for left, bottom, text, font, size in page:
                drawing.setFont(font, size)
                drawing.drawString(left, bottom, text)
            drawing.showPage()
        drawing.save()
        return buffer.getvalue()

    return make


@pytest.fixture
def make_docx() -> Callable[[Callable[[Any], object]], bytes]:
    """Make a Word file with what a function adds to it."""
    import docx

    def make(fill: Callable[[Any], object]) -> bytes:
        document = docx.Document()
        fill(document)
        buffer = BytesIO()
        document.save(buffer)
        return buffer.getvalue()

    return make
