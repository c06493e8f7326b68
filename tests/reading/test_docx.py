from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from strategitekst.document import Document
from strategitekst.errors import EncryptedFile
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


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BASE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def package(body: str, parts: dict[str, str] | None = None, *, namespace: str = W) -> bytes:
    """Make a Word file with parts as they stand; the names of parts tell their relation."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>')
        relations = "".join(f'<Relationship Type="{BASE}/{name}" Target="{name}.xml"/>' for name in parts or {})
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>',
        )
        for name, content in (parts or {}).items():
            archive.writestr(f"word/{name}.xml", content)
    return buffer.getvalue()


def p(text: str, properties: str = "", end: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r>{end}</w:p>"


def test_notes_stand_behind_their_paragraph_or_list_and_comments_nowhere() -> None:
    def reference(number: int) -> str:
        return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'

    item = '<w:numPr><w:numId w:val="5"/></w:numPr>'
    body = p("Vi kommer.", end=reference(2)) + p("Det gør vi:", end=reference(3) + '<w:commentReference w:id="1"/>')
    body += p("kører", item) + p("går", item, reference(4)) + p("Slut på det.")
    notes = "".join(
        f'<w:footnote w:id="{number}"{kind}><w:p><w:r><w:footnoteRef/><w:t>{text}</w:t></w:r></w:p></w:footnote>'
        for number, kind, text in [
            (0, ' w:type="separator"', "streg"),
            (2, "", "Note to."),
            (3, "", "Note tre."),
            (4, "", "Note fire."),
        ]
    )
    comments = f'<w:comments xmlns:w="{W}"><w:comment w:id="1">{p("Hemmeligt.")}</w:comment></w:comments>'
    data = package(body, {"footnotes": f'<w:footnotes xmlns:w="{W}">{notes}</w:footnotes>', "comments": comments})
    document = read_document(data, name="plan")
    assert [paragraph.text for paragraph in document.paragraphs] == [
        "Vi kommer.",
        "Note to.",
        "Det gør vi:",
        "kører",
        "går",
        "Note tre.",
        "Note fire.",
        "Slut på det.",
    ]
    assert document.paragraphs[4].lead_in == "Det gør vi:"


def test_items_stand_under_each_other() -> None:
    def item(text: str, depth: int) -> str:
        return p(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="1"/></w:numPr>')

    document = read_document(package(item("en", 0) + item("en a", 1) + item("en b", 1) + item("to", 0)), name="plan")
    assert [paragraph.lead_in for paragraph in document.paragraphs] == ["", "en", "en", ""]


NUMBERING = f"""<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""


def test_numbered_headings_without_a_style() -> None:
    def numbered(text: str, depth: int, *, bold: bool = False) -> str:
        mark = f'<w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="7"/></w:numPr></w:pPr>'
        return f"<w:p>{mark}<w:r><w:rPr>{'<w:b/>' if bold else ''}</w:rPr><w:t>{text}</w:t></w:r></w:p>"

    body = numbered("Akut hjælp", 0, bold=True) + p("Vi kommer.") + numbered("Om natten", 1) + p("Også da.")
    body += numbered("Vi ansætter ti læger.", 0)
    document = read_document(package(body, {"numbering": NUMBERING}), name="plan")
    assert [paragraph.heading for paragraph in document.paragraphs[:2]] == [
        ("Akut hjælp",),
        ("Akut hjælp", "Om natten"),
    ]
    assert document.paragraphs[2].kind == "item"


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def test_merged_deleted_and_nested_cells() -> None:
    inner = "<w:tbl>" + row(cell(p("Mål")), cell(p("Tal"))) + row(cell(p("Akut")), cell(p("5"))) + "</w:tbl>"
    down = '<w:vMerge w:val="restart"/>'
    table = (
        "<w:tbl>"
        + row(cell(p("Ansvarlig")), cell(p("Indsats")), properties="<w:tblHeader/>")
        + row(cell(p("Regionen"), down), cell(p("Ny bil")))
        + row(cell(p(""), "<w:vMerge/>"), cell(p("Ny båd") + inner))
        + row(cell(p("Slettet")), cell(p("Væk")), properties="<w:del/>")
        + "</w:tbl>"
    )
    assert seen(read_document(package(table), name="plan")) == [
        ("row", "Ansvarlig: Regionen; Indsats: Ny bil"),
        ("row", "Ansvarlig: Regionen; Indsats: Ny båd"),
        ("row", "Mål: Akut; Tal: 5"),
    ]


def test_text_boxes_are_read_once() -> None:
    box = f"<w:txbxContent>{p('Tekst i en boks.')}</w:txbxContent>"
    compatible = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    both = (
        f'<mc:AlternateContent xmlns:mc="{compatible}"><mc:Choice>{box}</mc:Choice>'
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )
    assert seen(read_document(package(p("Vi kommer.", end=f"<w:r>{both}</w:r>")), name="plan")) == [
        ("prose", "Vi kommer."),
        ("prose", "Tekst i en boks."),
    ]


def test_a_deleted_end_of_a_paragraph_joins_it_to_the_next() -> None:
    body = p("Vi ansætter ", "<w:rPr><w:del/></w:rPr>") + p("ti læger.")
    assert seen(read_document(package(body), name="plan")) == [("prose", "Vi ansætter ti læger.")]


def test_strict_files_are_read() -> None:
    strict = package(p("Vi kommer."), namespace="http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert seen(read_document(strict, name="plan")) == [("prose", "Vi kommer.")]


def test_a_word_file_with_a_password(make_docx: Make) -> None:
    from msoffcrypto.format.ooxml import OOXMLFile

    word, locked = "hemmelig", BytesIO()
    OOXMLFile(BytesIO(make_docx(lambda document: document.add_paragraph("Vi kommer.")))).encrypt(word, locked)
    assert seen(read_document(locked.getvalue(), name="plan", password=word)) == [("prose", "Vi kommer.")]
    for password in (None, "forkert"):
        with pytest.raises(EncryptedFile, match=r"^plan .*adgangskode"):
            read_document(locked.getvalue(), name="plan", password=password)
