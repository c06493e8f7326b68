from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest

from strategitekst.document import Document
from strategitekst.errors import CorruptFile, EncryptedFile
from strategitekst.reading import read_document


def seen(document: Document) -> list[tuple[str, str]]:
    return [(paragraph.kind, paragraph.text) for paragraph in document.paragraphs]


RTF = r"""{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\stylesheet{\s0 Normal;}{\s1\b heading 1;}{\s2 heading 2;}}
{\header\pard L\'f8bende sidehoved\par}
\pard\s1 Plan for \'e6ldre\par\pard\s0 Vi kommer{\footnote\pard En note.} hurtigt.\par
\pard\s2 Akut\par\pard\s0 Vi vil:\par
\pard\ls1\ilvl0{\listtext\'b7\tab}k\u248 ?be biler\par\pard\ls1\ilvl1{\listtext o\tab}i Nakskov\par
\trowd\cellx1\cellx2\intbl Indsats\cell Frist\cell\row\trowd\cellx1\cellx2\intbl Ny bil\cell 2025\cell\row
\pard Slut p\'e5 det.\par}"""


def test_rtf_has_headings_lists_tables_and_notes() -> None:
    document = read_document(RTF.encode("ascii"), name="plan.rtf")
    assert document.format == "rtf"
    assert seen(document) == [
        ("prose", "Vi kommer hurtigt."),
        ("prose", "En note."),
        ("prose", "Vi vil:"),
        ("item", "købe biler"),
        ("item", "i Nakskov"),
        ("row", "Indsats: Ny bil; Frist: 2025"),
        ("prose", "Slut på det."),
    ]
    assert document.paragraphs[-1].heading == ("Plan for ældre", "Akut")


def test_a_damaged_rtf_is_corrupt() -> None:
    with pytest.raises(CorruptFile):
        read_document(b"{\\rtf1 \\u" + b"9" * 5000 + b" hej\\par}", name="plan")


def epub(encryption: str = "") -> bytes:
    buffer = BytesIO()
    items = "".join(
        f'<item id="{name}" href="tekst/{name}.xhtml"{extra}/>'
        for name, extra in [("to", ""), ("en", ""), ("nav", ' properties="nav"')]
    )
    order = "".join(f'<itemref idref="{name}"/>' for name in ("nav", "en", "to"))
    with ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml", '<container><rootfiles><rootfile full-path="bog/b.opf"/></rootfiles></container>'
        )
        archive.writestr("bog/b.opf", f"<package><manifest>{items}</manifest><spine>{order}</spine></package>")
        pages = {
            "en": "<h1>Akut</h1><p>Vi kommer.</p>",
            "to": "<h2>Nat</h2><p>Også da.</p>",
            "nav": "<p>Indhold her</p>",
        }
        for name, page in pages.items():
            # Closed the way of XML: read as HTML, the script would go on to the end.
            archive.writestr(f"bog/tekst/{name}.xhtml", f"<html><head><script/></head><body>{page}</body></html>")
        if encryption:
            archive.writestr("META-INF/encryption.xml", encryption)
    return buffer.getvalue()


def test_chapters_come_in_the_order_of_the_book() -> None:
    document = read_document(epub(), name="plan.epub")
    assert document.format == "epub"
    assert seen(document) == [("prose", "Vi kommer."), ("prose", "Også da.")]
    assert document.paragraphs[1].heading == ("Akut", "Nat")


def test_a_protected_book_says_so_and_one_with_hidden_fonts_is_read() -> None:
    with pytest.raises(EncryptedFile):
        read_document(epub("<e><CipherReference URI='bog/tekst/en.xhtml'/></e>"), name="plan")
    assert len(read_document(epub("<e><CipherReference URI='bog/skrift.otf'/></e>"), name="plan").paragraphs) == 2
