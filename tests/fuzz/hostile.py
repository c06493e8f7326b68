"""Files that are made to hurt whoever reads them, made anew each time: ``python tests/fuzz/hostile.py`` tries all.

None is kept in the repository. ``hostile_files`` yields their names and content, ``hostile_paths`` makes those that
are about where a file lies.
"""

from __future__ import annotations

import io
import os
import sys
import time
import zipfile
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ODF = "urn:oasis:names:tc:opendocument:xmlns"
SENTENCE = "Vi ansætter ti nye læger i regionen inden udgangen af 2026."
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def pack(parts: dict[str, bytes | str], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def docx(body: str, **parts: bytes | str) -> bytes:
    document = f'<?xml version="1.0"?><w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    named = {name.replace("__", "/"): content for name, content in parts.items()}
    return pack({"[Content_Types].xml": TYPES, "word/document.xml": document, **named})


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def odt(body: str, manifest: str = "") -> bytes:
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{ODF}:office:1.0" xmlns:text="{ODF}:text:1.0" '
        f'xmlns:table="{ODF}:table:1.0"><office:body><office:text>{body}</office:text></office:body>'
        "</office:document-content>"
    )
    parts: dict[str, bytes | str] = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}
    return pack({**parts, "META-INF/manifest.xml": manifest} if manifest else parts)


def epub(chapter: str) -> bytes:
    container = '<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>'
    book = '<package><manifest><item id="a" href="a.xhtml"/></manifest><spine><itemref idref="a"/></spine></package>'
    parts: dict[str, bytes | str] = {"mimetype": "application/epub+zip", "META-INF/container.xml": container}
    return pack({**parts, "book.opf": book, "a.xhtml": chapter})


def pdf(objects: dict[int, bytes], root: int = 1, extra: bytes = b"") -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places: dict[int, int] = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
    return bytes(out + b"trailer<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (size, root, extra, start))


def stream(content: bytes, entries: bytes = b"", *, packed: int = 1) -> bytes:
    filters = b"/FlateDecode " * packed
    for _ in range(packed):
        content = zlib.compress(content, 9)
    return b"<<%s/Length %d/Filter[%s]>>stream\n%s\nendstream" % (entries, len(content), filters, content)


def bomb_stream(unit: bytes, megabytes: int, *, packed: int = 1) -> bytes:
    """A stream that unfolds to some MB, packed piece by piece: the test must not need what it tests."""
    packer = zlib.compressobj(9)
    block = unit * (1_000_000 // len(unit))
    content = b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()
    for _ in range(packed - 1):
        content = zlib.compress(content, 9)
    filters = b"/FlateDecode " * packed
    return b"<</Length %d/Filter[%s]>>stream\n%s\nendstream" % (len(content), filters, content)


def one_page(content: bytes, resources: bytes = b"/Font<</F 5 0 R>>", more: dict[int, bytes] | None = None) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>>>" % resources
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>", 3: page, 4: content}
    return pdf({**objects, 5: font, **(more or {})})


TEXT = b"BT /F 12 Tf 50 700 Td (Vi kommer hjem til borgeren hver dag.) Tj ET "


def many_pages(count: int, content: bytes = TEXT) -> bytes:
    kids = b" ".join(b"%d 0 R" % (10 + number) for number in range(count))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)}
    return pdf({**objects, 4: stream(content), 5: font, **{10 + number: page for number in range(count)}})


def nested_forms(depth: int, fan: int) -> bytes:
    """Forms that draw each other: a few kB that ask for fan to the power of depth drawings."""
    more: dict[int, bytes] = {}
    for level in range(depth):
        number, below = 10 + level, 11 + level
        calls = b"/X Do " * fan if level + 1 < depth else TEXT
        resources = b"/XObject<</X %d 0 R>>/Font<</F 5 0 R>>" % below
        more[number] = stream(calls, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<%s>>" % resources)
    return one_page(stream(b"/X Do " * fan), b"/XObject<</X 10 0 R>>/Font<</F 5 0 R>>", more)


def encrypted_pdf() -> bytes:
    """A PDF whose encryption dictionary fits no password."""
    key = b"<" + b"41" * 32 + b">"
    cipher = b"<</Filter/Standard/V 1/R 2/O %s/U %s/P -44>>" % (key, key)
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>", 9: cipher}
    objects[3] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    return pdf(objects, extra=b"/Encrypt 9 0 R/ID[<00><00>]")


def encrypted_odt(rounds: int = 1000) -> bytes:
    algorithm = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"
    entry = (
        '<m:file-entry m:full-path="content.xml"><m:encryption-data m:checksum="AA==">'
        f'<m:algorithm m:algorithm-name="{algorithm}" m:initialisation-vector="AAAAAAAAAAAAAAAAAAAAAA=="/>'
        f'<m:key-derivation m:salt="AAAA" m:iteration-count="{rounds}" m:key-size="32"/>'
        "</m:encryption-data></m:file-entry>"
    )
    return odt("", f'<m:manifest xmlns:m="{ODF}:manifest:1.0">{entry}</m:manifest>')


def lying_zip() -> bytes:
    """A part that unpacks to far more than it declares."""
    data = bytearray(docx(paragraph("x" * 50_000_000)))
    for place in range(len(data) - 4):
        if data[place : place + 4] == b"PK\x01\x02" and data[place + 46 : place + 63] == b"word/document.xml":
            data[place + 24 : place + 28] = (500).to_bytes(4, "little")
    return bytes(data)


def overlapping_zip() -> bytes:
    """Many entries that share one packed stream."""
    inner = bytearray(pack({"word/document.xml": b"<a/>" * 1000}))
    start = inner.index(b"PK\x01\x02")
    end = inner.index(b"PK\x05\x06")
    entry = bytes(inner[start:end])
    count = 30_000
    tail = bytearray(inner[end:])
    tail[8:12] = count.to_bytes(2, "little") * 2
    tail[12:16] = (len(entry) * count).to_bytes(4, "little")
    return bytes(inner[:start]) + entry * count + bytes(tail)


def nested_zip(depth: int) -> bytes:
    data = b"hej"
    for _ in range(depth):
        data = pack({"indre.zip": data})
    return data


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(10))
    + "]>"
)


def laughs_docx() -> bytes:
    body = f'<w:document xmlns:w="{W}"><w:body>{paragraph("&k;")}</w:body></w:document>'
    return pack({"[Content_Types].xml": TYPES, "word/document.xml": LAUGHS + body})


def outside_entity(target: str) -> bytes:
    start = f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "{target}">]>'
    body = f'<w:document xmlns:w="{W}"><w:body>{paragraph("&x;")}</w:body></w:document>'
    return pack({"[Content_Types].xml": TYPES, "word/document.xml": start + body})


def external_relations() -> bytes:
    kinds = ("image", "attachedTemplate", "oleObject", "hyperlink", "footnotes", "styles")
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="r{number}" Type="{base}/{kind}" Target="http://127.0.0.1:9/x" TargetMode="External"/>'
        for number, kind in enumerate(kinds)
    )
    links += f'<Relationship Id="r9" Type="{base}/numbering" Target="../../../../../../etc/passwd"/>'
    return pack(
        {
            "[Content_Types].xml": TYPES,
            "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{paragraph(SENTENCE)}</w:body></w:document>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONS}">{links}</Relationships>',
        }
    )


def hostile_files() -> Iterator[tuple[str, bytes]]:
    """Yield hostile files one by one, with names that say what is wrong with them."""
    good = docx(paragraph(SENTENCE))
    page = one_page(stream(TEXT))
    yield "tom.pdf", b""
    yield "kun-nuller.txt", b"\0" * 100_000
    yield "kun-mellemrum.txt", b" \n\t" * 100_000
    yield "tilfældig.bin", bytes((number * 7919 + number // 251) % 256 for number in range(100_000))
    yield "forkert-endelse.pdf", good
    yield "forkert-endelse.docx", page
    yield "nuller-i-tekst.txt", (SENTENCE.encode() + b"\0\0\0") * 1000
    yield "én-linje.txt", ("ord " * 5_000_000).encode()
    yield "ét-ord.txt", b"a" * 20_000_000
    yield "mange-linjer.txt", b"a\n" * 2_000_000
    yield "kun-kolon.txt", b": |\t-\n" * 400_000
    yield "citater.md", b">" * 100_000 + b" hej"
    yield "lister.md", b"".join(b" " * number + b"- x\n" for number in range(2000))
    yield "links.md", b"# x\n\n" + b"[" * 50_000
    yield "tabel.md", b"|" + b"a|" * 20_000 + b"\n|" + b"-|" * 20_000 + b"\n|" + b"b|" * 20_000
    yield "200.000-divs.html", b"<html><body>" + b"<div>" * 200_000 + SENTENCE.encode() + b"</div>" * 200_000
    yield "200.000-tabeller.html", b"<html><body>" + b"<table><tr><td>" * 200_000 + SENTENCE.encode()
    yield "200.000-lister.html", b"<html><body>" + b"<ul><li>" * 200_000 + SENTENCE.encode()
    yield "200.000-spans.html", b"<html><body><p>" + b"<b>" * 200_000 + SENTENCE.encode()
    yield "spænd.html", b"<html><body><table>" + b"<tr><td rowspan=65534 colspan=1000>a<td>b" * 3000
    yield "attributter.html", b"<html><body><p " + b" ".join(b"a%d=1" % number for number in range(200_000)) + b">hej"
    yield "kun-script.html", b"<html><body><script>" + b"var a=1;" * 100_000 + b"</script></body></html>"
    yield (
        "entiteter.html",
        LAUGHS.replace("<!DOCTYPE l", "<!DOCTYPE html").encode() + b"<html><body><p>&k;</p></body></html>",
    )
    yield "afkortet.docx", good[: len(good) // 2]
    yield "afkortet.pdf", page[: len(page) // 2]
    yield "afkortet.html", b"<!DOCTYPE html><html><body><p>" + SENTENCE.encode() + b"</p><div cla"
    yield "entiteter.docx", laughs_docx()
    yield "fremmed-entitet.docx", outside_entity("file:///etc/passwd")
    yield "hentet-entitet.docx", outside_entity("http://127.0.0.1:9/x")
    yield "eksterne-links.docx", external_relations()
    yield "glidende-navne.docx", docx(paragraph(SENTENCE), **{"..__..__..__ud.txt": "ude", "__ud.txt": "ude"})
    yield "uden-tekst.docx", docx("")
    yield "dyb.docx", docx("<w:sdt><w:sdtContent>" * 100_000)
    yield "dybe-tabeller.docx", docx("<w:tbl><w:tr><w:tc>" * 80 + paragraph(SENTENCE) + "</w:tc></w:tr></w:tbl>" * 80)
    yield (
        "brede-celler.docx",
        docx(
            "<w:tbl>"
            + '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr>'
            * 2000
            + "</w:tbl>"
        ),
    )
    yield "pakket-1,8-GB.docx", bomb(1_800_000_000)
    yield "løgnagtig-størrelse.docx", lying_zip()
    yield "overlappende.docx", overlapping_zip()
    yield "zip-i-zip.docx", nested_zip(50)
    yield "krypteret.odt", encrypted_odt()
    yield "krypteret-dyrt.odt", encrypted_odt(2_000_000_000)
    yield "krypteret.pdf", encrypted_pdf()
    yield "krypteret.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    yield "dyb.odt", odt("<text:section>" * 100_000)
    yield (
        "gentagne-celler.odt",
        odt(
            "<table:table>" + '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
            'table:number-columns-repeated="1000000"><text:p>a</text:p></table:table-cell></table:table-row>'
            * 50
            + "</table:table>"
        ),
    )
    yield "uden-tekst.odt", odt("")
    yield "entiteter.epub", epub(LAUGHS + "<html><body><p>&k;</p></body></html>")
    yield "sig-selv.epub", epub("<html><body/></html>").replace(b"a.xhtml", b"../a.xh")
    yield "grupper.rtf", b"{\\rtf1 " + b"{" * 500_000 + b"hej"
    yield "binær.rtf", b"{\\rtf1 \\bin2000000000 hej"
    yield "tal.rtf", b"{\\rtf1 \\u" + b"9" * 100_000 + b" hej\\par}"
    yield "strøm-bombe.pdf", one_page(bomb_stream(b"q ", 1000))
    yield "dobbelt-strøm-bombe.pdf", one_page(bomb_stream(b"0 ", 800, packed=2))
    yield "skygge-former.pdf", nested_forms(12, 10)
    yield (
        "form-i-sig-selv.pdf",
        one_page(
            stream(b"/X Do"),
            b"/XObject<</X 10 0 R>>",
            {
                10: stream(
                    b"/X Do /X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 10 0 R>>>>"
                )
            },
        ),
    )
    yield (
        "side-i-ring.pdf",
        pdf({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000>>"}),
    )
    yield "10.000-sider.pdf", many_pages(10_000)
    yield "10.001-sider.pdf", many_pages(10_001)
    yield "løgn-om-sider.pdf", many_pages(3).replace(b"/Count 3", b"/Count 2000000000")
    yield "mange-tegn.pdf", one_page(stream(b"BT /F 1 Tf (" + b"a" * 30_000_000 + b") Tj ET"))
    yield "mange-streger.pdf", one_page(stream(b"0 0 m 9 9 l S " * 1_000_000 + TEXT))
    yield "uden-tekst.pdf", one_page(stream(b"0 0 100 100 re f"))
    yield "kæmpe-side.pdf", page.replace(b"[0 0 595 842]", b"[0 0 1e38 1e38]")
    yield "uendelig-xref.pdf", b"%PDF-1.7\n" + b"trailer<</Prev 9>>startxref\n9\n%%EOF" * 1000
    yield "dybe-lister.pdf", pdf({1: b"<</Type/Catalog/Pages 2 0 R/X " + b"[" * 100_000 + b">>", 2: b"<<>>"})


def bomb(size: int) -> bytes:
    """A Word file of some MB that unpacks to a size."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(f'<w:document xmlns:w="{W}"><w:body>'.encode())
            block = paragraph(SENTENCE).encode() * 20_000
            for _ in range(size // len(block)):
                part.write(block)
            part.write(b"</w:body></w:document>")
    return buffer.getvalue()


def hostile_paths(folder: Path) -> Iterator[tuple[str, Path]]:
    """Make things in a folder that are no plain files in it."""
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "kanal.txt")
        yield "kanal", folder / "kanal.txt"
        yield "enhed", Path("/dev/zero")
    (folder / "ring").symlink_to(folder / "ring")
    yield "link-i-ring", folder / "ring"
    (folder / "brudt").symlink_to(folder / "ingenting")
    yield "brudt-link", folder / "brudt"
    (folder / "mappe.pdf").mkdir()
    yield "mappe", folder / "mappe.pdf"
    yield "langt-navn", folder / ("x" * 5000)
    yield "nul-i-navn", Path(f"{folder}/a\0b")


def main() -> None:
    """Try all hostile files and print how each ends."""
    import resource
    import tempfile

    from strategitekst.errors import ReadingError
    from strategitekst.reading import read_document

    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for name, content in chain(hostile_files(), hostile_paths(Path(folder))):
            source = content
            if isinstance(content, bytes):
                source = Path(folder) / "fil"
                source.write_bytes(content)
            started = time.monotonic()
            try:
                document = read_document(source, name=name)
                status = f"ok ({len(document.paragraphs)} paragraphs, {len(document.text)} characters)"
            except ReadingError as error:
                status = f"{type(error).__name__}: {error}"
            seconds = time.monotonic() - started
            worst = max(worst, seconds)
            print(f"{seconds:6.2f} s  {name:28} {status[:130]}", flush=True)
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"slowest {worst:.1f} s; most memory held by a reading process {children} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
