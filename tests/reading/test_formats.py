from __future__ import annotations

import hashlib
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from strategitekst import errors
from strategitekst.reading import Limits, read_document

TEXT = "Forord\n\nBørnene på Ærø får “hjælp” – også i år.\n\n• Én ting til.\n"
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb004300")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_newlines_are_found_out(encoding: str, newline: str) -> None:
    document = read_document(TEXT.replace("\n", newline).encode(encoding), name="plan.txt")
    assert document.text == "Forord\n\nBørnene på Ærø får “hjælp” – også i år.\n\nÉn ting til."


@pytest.mark.parametrize("encoding", ["latin-1", "cp850"])
def test_old_encodings_are_found_out(encoding: str) -> None:
    assert read_document("Børn på Ærø får hjælp.".encode(encoding), name="x").text == "Børn på Ærø får hjælp."


def test_a_damaged_byte_does_not_make_utf8_another_encoding() -> None:
    assert "Børn på Ærø" in read_document("Børn på Ærø får hjælp også i år. ".encode() * 5 + b"\xe6.", name="x").text


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", errors.EmptyDocument),
        (b" \r\n\t ", errors.EmptyDocument),
        (b"\xef\xbb\xbf", errors.EmptyDocument),
        (b"# \n\n---\n", errors.EmptyDocument),
        (JPEG, errors.UnsupportedFormat),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", errors.UnsupportedFormat),
        (bytes(range(256)) * 4, errors.UnsupportedFormat),
        (b"<?xml version='1.0'?><rss></rss>", errors.UnsupportedFormat),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, errors.UnsupportedFormat),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), errors.EncryptedFile),
        (b"%PDF-1.7\nnot a pdf at all", errors.CorruptFile),
        (b"PK\x03\x04 not a zip", errors.CorruptFile),
    ],
)
def test_what_cannot_be_read_says_so_in_one_line(content: bytes, error: type[errors.ReadingError]) -> None:
    with pytest.raises(error) as caught:
        read_document(content, name="plan.pdf")
    message = str(caught.value)
    assert message.startswith("plan.pdf ")
    assert ":" in message
    assert "\n" not in message
    assert type(caught.value) is error


def test_other_zips_and_large_files_are_refused() -> None:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "hej" * 800_000)
    with pytest.raises(errors.UnsupportedFormat):
        read_document(buffer.getvalue(), name="a.docx")
    with pytest.raises(errors.TooLarge):
        read_document(buffer.getvalue(), name="a.docx", limits=Limits(size_mb=1))
    with pytest.raises(errors.TooLarge):
        read_document(b"hej" * 800_000, name="a.txt", limits=Limits(size_mb=1))


def test_a_broken_word_file_is_corrupt() -> None:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w:document")
        archive.writestr("[Content_Types].xml", "")
    with pytest.raises(errors.CorruptFile):
        read_document(buffer.getvalue(), name="a.docx")


def test_content_decides_and_not_the_ending(tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    path.write_text("<!DOCTYPE html><html><body><h1>Akut</h1><p>Vi kommer hurtigt.</p></body></html>", "utf-8")
    document = read_document(path)
    assert (document.format, document.name) == ("html", "plan.pdf")
    assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert read_document(str(path), name="mappe/plan").name == "mappe/plan"


def test_paths_that_lead_to_no_file(tmp_path: Path) -> None:
    for path in (tmp_path / "ingen.txt", "x" * 5000, "a\0b", tmp_path / "ingen" / "fil.txt"):
        with pytest.raises(errors.ReadingError):
            read_document(path)
    with pytest.raises(errors.FileMissing):
        read_document(tmp_path / "ingen.txt")
    with pytest.raises(errors.UnsupportedFormat):
        read_document(tmp_path)


def test_importing_loads_no_heavy_library() -> None:
    heavy = {"docx", "pypdfium2", "trafilatura", "selectolax", "markdown_it", "lxml", "numpy", "torch", "spacy"}
    code = f"import sys, strategitekst.reading; print(sorted({heavy!r} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
