from __future__ import annotations

import base64
import hashlib
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from strategitekst.document import Document
from strategitekst.errors import EncryptedFile, UnsupportedFormat
from strategitekst.reading import read_document

ODF = "urn:oasis:names:tc:opendocument:xmlns"
NAMES = " ".join(
    f'xmlns:{short}="{ODF}:{name}:1.0"'
    for short, name in [
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("draw", "drawing"),
    ]
)
NAMES += f' xmlns:fo="{ODF}:xsl-fo-compatible:1.0"'
MIMETYPE = "application/vnd.oasis.opendocument.text"


def content(body: str, styles: str = "") -> str:
    return (
        f"<office:document-content {NAMES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )


def pack(parts: dict[str, str | bytes]) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def read(body: str, styles: str = "") -> Document:
    return read_document(pack({"mimetype": MIMETYPE, "content.xml": content(body, styles)}), name="plan")


def seen(document: Document) -> list[tuple[str, str]]:
    return [(paragraph.kind, paragraph.text) for paragraph in document.paragraphs]


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def x(tag: str, *inner: str, **attributes: str) -> str:
    """Write an element; its attributes are of the namespace that the tag is of."""
    space = tag.split(":")[0]
    own = "".join(f' {space}:{name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f"<{tag}{own}>{''.join(inner)}</{tag}>"


def listed(*items: str) -> str:
    return x("text:list", *(x("text:list-item", item) for item in items))


def test_headings_lists_and_notes() -> None:
    note = x("text:note", x("text:note-citation", "1"), x("text:note-body", p("En note.")))
    comment = x("office:annotation", p("Skjult."))
    document = read(
        x("text:h", "Plan", outline_level="1")
        + p(f"Vi  kommer{note} hurtigt.")
        + p("Vi vil:")
        + listed(p("købe biler") + listed(p("i Nakskov")), p("gå"))
        + x("text:h", "Akut", outline_level="2")
        + p(f"Én{x('text:s', c='3')}ting.{comment}")
    )
    assert document.format == "odt"
    assert seen(document) == [
        ("prose", "Vi kommer hurtigt."),
        ("prose", "En note."),
        ("prose", "Vi vil:"),
        ("item", "købe biler"),
        ("item", "i Nakskov"),
        ("item", "gå"),
        ("prose", "Én ting."),
    ]
    assert [paragraph.lead_in for paragraph in document.paragraphs][3:6] == ["Vi vil:", "købe biler", "Vi vil:"]
    assert document.paragraphs[-1].heading == ("Plan", "Akut")


def test_styles_that_make_headings() -> None:
    styles = (
        '<style:style style:family="paragraph" style:name="P1" style:parent-style-name="Heading_20_2"/>'
        '<style:style style:family="paragraph" style:name="Heading_20_2" style:display-name="Heading 2"/>'
        '<style:style style:family="paragraph" style:name="B"><style:text-properties fo:font-weight="bold"/>'
        "</style:style>"
    )
    body = '<text:p text:style-name="P1">Akut</text:p>' + p("Vi kommer.")
    document = read(body + '<text:p text:style-name="B">Om natten</text:p>' + p("Også da."), styles)
    assert [paragraph.heading for paragraph in document.paragraphs] == [("Akut",), ("Akut", "Om natten")]


def test_tables_text_boxes_and_tracked_changes() -> None:
    def row(*cells: str) -> str:
        return x("table:table-row", *(x("table:table-cell", p(cell)) for cell in cells))

    wide = x("table:table-cell", p("Samlet"), number_columns_spanned="2") + x("table:covered-table-cell")
    header = x("table:table-header-rows", row("Indsats", "Frist"))
    table = x("table:table", header, row("Ny bil", "2025"), x("table:table-row", wide))
    box = x("draw:frame", x("draw:text-box", p("Tekst i en boks.")))
    deleted = x("text:tracked-changes", x("text:changed-region", x("text:deletion", p("Slettet."))))
    contents = x("text:table-of-content", x("text:index-body", p("Akut 3")))
    assert seen(read(deleted + contents + table + p("Vi kommer." + box))) == [
        ("row", "Indsats: Ny bil; Frist: 2025"),
        ("row", "Indsats: Samlet"),
        ("prose", "Vi kommer."),
        ("prose", "Tekst i en boks."),
    ]


def test_a_spreadsheet_is_no_text() -> None:
    data = pack({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"})
    with pytest.raises(UnsupportedFormat):
        read_document(data, name="ark.ods")


def locked(password: str) -> bytes:
    """Encrypt as LibreOffice does: deflate, then AES in CBC mode with a key from PBKDF2."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(content(p("Vi kommer.")).encode()) + packer.flush()
    packed += b"\0" * (-len(packed) % 16)
    salt, vector = b"s" * 16, b"v" * 16
    key = hashlib.pbkdf2_hmac("sha1", hashlib.sha256(password.encode()).digest(), salt, 1000, 32)
    writer = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    check = base64.b64encode(hashlib.sha256(packed[:1024]).digest()).decode()
    start_vector, start_salt = (base64.b64encode(each).decode() for each in (vector, salt))
    cipher = x(
        "m:algorithm", algorithm_name="http://www.w3.org/2001/04/xmlenc#aes256-cbc", initialisation_vector=start_vector
    )
    derivation = x("m:key-derivation", key_size="32", iteration_count="1000", salt=start_salt)
    entry = x("m:encryption-data", cipher, derivation, x("m:start-key-generation", key_size="32"), checksum=check)
    file = x("m:file-entry", entry, full_path="content.xml")
    manifest = f'<m:manifest xmlns:m="{ODF}:manifest:1.0">{file}</m:manifest>'
    sealed = writer.update(packed) + writer.finalize()
    return pack({"mimetype": MIMETYPE, "content.xml": sealed, "META-INF/manifest.xml": manifest})


def test_a_password() -> None:
    word = "hemmelig"
    data = locked(word)
    assert seen(read_document(data, name="plan", password=word)) == [("prose", "Vi kommer.")]
    for password in (None, "forkert"):
        with pytest.raises(EncryptedFile, match=r"^plan .*adgangskode"):
            read_document(data, name="plan", password=password)
