"""Tables that no text can be read from are counted, with their pages, and told beside the gaps."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from strategitekst.document_result import unread
from strategitekst.reading import read_document

TEXT = ["Vi ansætter ti nye læger i Nakskov i løbet af 2026, og", "de skal holde til på det nye sundhedshus i byen."]


def picture() -> BytesIO:
    buffer = BytesIO()
    Image.new("RGB", (300, 100), "lightgrey").save(buffer, "PNG")
    buffer.seek(0)
    return buffer


@pytest.fixture
def make_page() -> Callable[[Callable[[Any], object]], bytes]:
    """Make a PDF of one page with two lines of text, and what a function draws."""

    def make(draw: Callable[[Any], object]) -> bytes:
        buffer = BytesIO()
        page = canvas.Canvas(buffer, pagesize=(595, 842))
        page.setFont("Helvetica", 11)
        for place, text in enumerate(TEXT):
            page.drawString(60, 760 - 14 * place, text)
        draw(page)
        page.save()
        return buffer.getvalue()

    return make


Make = Callable[[Callable[[Any], object]], bytes]


def grid(page: Any) -> None:
    page.grid([60, 200, 340, 480], [600, 580, 560, 540])


def test_rules_without_text_are_an_unread_table(make_page: Make) -> None:
    assert read_document(make_page(grid), name="plan.pdf").unread_tables == (1,)


def test_a_grid_with_text_is_a_table_that_was_read(make_page: Make) -> None:
    def draw(page: Any) -> None:
        grid(page)
        for row in range(3):
            for column in range(3):
                page.drawString(65 + 140 * column, 585 - 20 * row, f"Celle {row}{column}")

    assert read_document(make_page(draw), name="plan.pdf").unread_tables == ()


@pytest.mark.parametrize(("caption", "tables"), [("Tabel 2. Indsatser", (1,)), ("Foto: Byens nye hus", ())])
def test_a_picture_is_a_table_where_its_caption_says_so(make_page: Make, caption: str, tables: tuple[int, ...]) -> None:
    def draw(page: Any) -> None:
        page.drawImage(ImageReader(picture()), 60, 480, 300, 100)
        page.drawString(60, 588, caption)

    assert read_document(make_page(draw), name="plan.pdf").unread_tables == tables


def test_word_pictures_with_a_caption_and_embedded_sheets(make_docx: Callable[..., bytes]) -> None:
    from docx.oxml import parse_xml

    def fill(document: Any) -> None:
        document.add_paragraph(" ".join(TEXT))
        document.add_picture(picture())
        document.add_paragraph("Tabel 1: Indsatser og frister")
        document.add_paragraph("Resten af planen står her, og den er lang nok.")
        document.add_picture(picture())
        sheet = parse_xml(
            '<w:object xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
            'xmlns:o="urn:schemas-microsoft-com:office:office"><o:OLEObject ProgID="Excel.Sheet.12"/></w:object>'
        )
        document.add_paragraph("Se arket.").add_run()._r.append(sheet)

    document = read_document(make_docx(fill), name="plan.docx")
    assert document.unread_tables == (0, 0)
    assert unread(document) == "der er 2 tabeller uden tekst, der kan læses"


def test_sheets_in_opendocument() -> None:
    odfdo = pytest.importorskip("odfdo", reason="odfdo, a development dependency, writes the file")
    document = odfdo.Document("text")
    document.body.clear()
    document.body.append(odfdo.Paragraph(" ".join(TEXT)))
    buffer = BytesIO()
    document.save(buffer)
    changed = BytesIO()
    frame = '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'
    entry = '<manifest:file-entry manifest:full-path="Object 1/" manifest:media-type="{}"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with ZipFile(buffer) as source, ZipFile(changed, "w") as target:
        for name in source.namelist():
            data = source.read(name).decode("utf-8", "surrogateescape")
            if name == "content.xml":
                data = data.replace("</text:p>", frame + "</text:p>", 1)
            if name == "META-INF/manifest.xml":
                data = data.replace("</manifest:manifest>", entry.format(kind) + "</manifest:manifest>")
            target.writestr(name, data.encode("utf-8", "surrogateescape"))
    assert read_document(changed.getvalue(), name="plan.odt").unread_tables == (0,)


def test_what_was_not_read_is_told_with_its_page(make_page: Make) -> None:
    assert unread(read_document(make_page(grid), name="plan.pdf")) == (
        "der er en tabel uden tekst, der kan læses (side 1)"
    )
    assert unread(read_document(b"Vi kommer hjem.", name="plan.txt")) == ""
