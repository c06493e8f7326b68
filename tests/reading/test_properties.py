from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from strategitekst.document import SEPARATOR, Document
from strategitekst.errors import StrategitekstError
from strategitekst.reading import read_document
from strategitekst.reading.text import read_text

LINES = st.one_of(
    st.just(""),
    st.text(alphabet="abcdeæøå ,.:-–•*#12345(){}|", max_size=90),
    st.sampled_from(
        [
            "Forord",
            "AKUT HJÆLP",
            "Sådan gør vi:",
            "- en ting",
            " • to ting",
            "1. Tre",
            "1.1 Fire",
            "#7: Fem",
            "Del",
            "sund-",
        ]
    ),
    st.lists(
        st.sampled_from(["vi", "vil", "ansætte", "læger", "på", "hospitalet", "og", "købe", "biler", "i", "2024"]),
        min_size=5,
        max_size=30,
    ).map(" ".join),
)
STARTS = [
    b"",
    b"%PDF-1.7\n",
    b"PK\x03\x04",
    b"<html><body>",
    b"# ",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xff\xd8\xff",
    b"---\n",
]


def check_offsets(document: Document) -> None:
    end = -len(SEPARATOR)
    for number, paragraph in enumerate(document.paragraphs):
        assert paragraph.number == number
        assert document.text[paragraph.start : paragraph.end] == paragraph.text
        assert paragraph.text == " ".join(paragraph.text.split()) != ""
        assert paragraph.start >= end + len(SEPARATOR)
        end = paragraph.end


@settings(deadline=None)
@given(st.lists(LINES, max_size=25))
def test_offsets_hold_for_any_text(lines: list[str]) -> None:
    try:
        document = read_document("\n".join(lines).encode(), name="plan")
    except StrategitekstError:
        return
    check_offsets(document)


@settings(deadline=None)
@given(st.lists(LINES, max_size=25))
def test_no_word_of_plain_text_is_lost(lines: list[str]) -> None:
    """Only the marks of lists may go: a letter or a number with a bracket or point, or an o."""
    blocks = read_text("\n".join(lines))
    left = "".join(sign for block in blocks for sign in block.text if sign.isalnum())
    rest = iter("".join(sign for line in lines for sign in line if sign.isalnum()))
    assert all(sign in rest for sign in left)
    assert len(left) >= sum(len("".join(filter(str.isalnum, line))) - 3 for line in lines if line.strip())


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(STARTS), st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(start: bytes, rest: bytes) -> None:
    try:
        document = read_document(start + rest, name="plan")
    except StrategitekstError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either outcome is right
    else:
        check_offsets(document)


def damaged(read: Callable[[bytes], Document], data: bytes, places: list[tuple[int, int]]) -> None:
    changed = bytearray(data)
    for place, value in places:
        changed[place % len(changed)] = value
    try:
        check_offsets(read(bytes(changed)))
    except StrategitekstError:
        return


DAMAGE = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=40)


@settings(deadline=None, max_examples=60)
@given(DAMAGE)
def test_damaged_files_are_read_or_refused(places: list[tuple[int, int]]) -> None:
    for data in _samples():
        damaged(lambda changed: read_document(changed, name="plan"), data, places)


def _samples() -> list[bytes]:
    from io import BytesIO

    import docx

    buffer = BytesIO()
    document = docx.Document()
    document.add_heading("Akut", 1)
    document.add_paragraph("Vi kommer.", style="List Bullet")
    document.save(buffer)
    pdf = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/"
        b"Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
        b"4 0 obj<</Length 44>>stream\nBT /F1 12 Tf 20 200 Td (Vi kommer hjem.) Tj ET\nendstream endobj\n"
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n"
    )
    return [buffer.getvalue(), pdf]
