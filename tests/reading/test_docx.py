from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from strategitekst.document import Document
from strategitekst.reading import read_document

Make = Callable[[Callable[[Any], object]], bytes]


def seen(document: Document) -> list[tuple[str, str]]:
    return [(paragraph.kind, paragraph.text) for paragraph in document.paragraphs]


def test_styles_make_headings_and_items(make_docx: Make) -> None:
    def fill(document: Any) -> None:
        document.add_heading("Plan 2024", 0)
        document.add_heading("Akut", 1)
        document.add_paragraph("Vi kommer.")
        document.add_paragraph("To biler", style="List Bullet")
        document.add_paragraph("En båd", style="List Number")
        document.add_paragraph("– et tog")
        document.add_heading("Nat", 2)
        document.add_paragraph("Også om natten.")
        document.add_heading("Busser", 1)
        document.add_paragraph().add_run("Lokale ruter").bold = True
        document.add_paragraph("De kører.")

    document = read_document(make_docx(fill), name="plan.docx")
    assert document.format == "docx"
    assert seen(document) == [
        ("prose", "Vi kommer."),
        ("item", "To biler"),
        ("item", "En båd"),
        ("item", "et tog"),
        ("prose", "Også om natten."),
        ("prose", "De kører."),
    ]
    assert [paragraph.heading for paragraph in document.paragraphs][-2:] == [
        ("Plan 2024", "Akut", "Nat"),
        ("Plan 2024", "Busser", "Lokale ruter"),
    ]


def test_headings_by_shape_where_no_style_is_used(make_docx: Make) -> None:
    def fill(document: Any) -> None:
        for text in ("Akut hjælp", "Vi kommer, når borgerne ringer.", "Busser", "De kører."):
            document.add_paragraph(text)

    document = read_document(make_docx(fill), name="plan.docx")
    assert [paragraph.heading for paragraph in document.paragraphs] == [("Akut hjælp",), ("Busser",)]


def test_tables_are_rows_and_boxes_are_text(make_docx: Make) -> None:
    def fill(document: Any) -> None:
        table = document.add_table(rows=3, cols=3)
        for place, row in enumerate(
            [("Indsats", "Ansvarlig", "Frist"), ("Ny bil", "Akut", "2025"), ("Kursus", "", "Q2")]
        ):
            for column, text in enumerate(row):
                table.cell(place, column).text = text
        table.cell(2, 0).merge(table.cell(2, 1))
        document.add_table(rows=1, cols=1).cell(0, 0).text = "Tekst i en boks."

    assert seen(read_document(make_docx(fill), name="plan.docx")) == [
        ("row", "Indsats: Ny bil; Ansvarlig: Akut; Frist: 2025"),
        ("row", "Indsats: Kursus; Frist: Q2"),
        ("prose", "Tekst i en boks."),
    ]


def test_tracked_changes_are_read_as_accepted(make_docx: Make) -> None:
    def fill(document: Any) -> None:
        paragraph = document.add_paragraph("Vi ansætter ")
        for tag, text in (("w:ins", "tolv"), ("w:del", "ti")):
            change = OxmlElement(tag)
            run = OxmlElement("w:r")
            part = OxmlElement("w:t" if tag == "w:ins" else "w:delText")
            part.text = text
            run.append(part)
            change.append(run)
            paragraph._p.append(change)
        paragraph.add_run(" læger.")

    assert seen(read_document(make_docx(fill), name="plan.docx")) == [("prose", "Vi ansætter tolv læger.")]


def test_content_controls_are_read_and_tables_of_contents_are_not(make_docx: Make) -> None:
    def fill(document: Any) -> None:
        document.add_paragraph("Uden for.")
        for text, gallery in (("Inde i feltet.", ""), ("Forord 3", "Table of Contents")):
            paragraph = document.add_paragraph(text)
            control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
            if gallery:
                properties, part, name = (OxmlElement(tag) for tag in ("w:sdtPr", "w:docPartObj", "w:docPartGallery"))
                name.set(qn("w:val"), gallery)
                part.append(name)
                properties.append(part)
                control.append(properties)
            paragraph._p.addprevious(control)
            content.append(paragraph._p)
            control.append(content)

    assert seen(read_document(make_docx(fill), name="plan.docx")) == [
        ("prose", "Uden for."),
        ("prose", "Inde i feltet."),
    ]
