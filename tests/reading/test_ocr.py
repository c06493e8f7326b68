"""Pages that are pictures: recognised where asked for, and told what is missing where that cannot be."""

from __future__ import annotations

from collections.abc import Callable
from importlib import util
from io import BytesIO

import pypdfium2
import pytest

from strategitekst.errors import NoTextLayer, OcrMissing, ReadingTimeout
from strategitekst.reading import Limits, read_document
from strategitekst.reading import ocr as module
from strategitekst.reading.ocr import language_data

Make = Callable[..., bytes]


def can_recognize() -> bool:
    try:
        return bool(language_data())
    except OcrMissing:
        return False


needs_tesseract = pytest.mark.skipif(not can_recognize(), reason="tesserocr or tesseract's Danish data is missing")

PARAGRAPH = ["Regionen ansætter ti nye læger i Nakskov, så borgerne", "kan få hjælp tæt på, hvor de bor."]
PLAN = [
    (60, 760, "Plan for akut hjælp", "Helvetica-Bold", 20),
    *[(60, 710 - 14 * place, text, "Helvetica", 11) for place, text in enumerate(PARAGRAPH)],
    (60, 660, "Vi køber to biler i 2026.", "Helvetica", 11),
]


def scanned(data: bytes) -> bytes:
    """Make a PDF of pictures of the pages of another one."""
    source, target = pypdfium2.PdfDocument(data), pypdfium2.PdfDocument.new()
    for page in source:
        picture = page.render(scale=200 / 72).to_pil()
        buffer = BytesIO()
        picture.convert("L").save(buffer, "JPEG", quality=85)
        buffer.seek(0)
        image = pypdfium2.PdfImage.new(target)
        image.load_jpeg(buffer, inline=True)
        image.set_matrix(pypdfium2.PdfMatrix().scale(*page.get_size()))
        new = target.new_page(*page.get_size())
        new.insert_obj(image)
        new.gen_content()
    result = BytesIO()
    target.save(result)
    return result.getvalue()


@needs_tesseract
def test_a_scanned_plan_is_read_where_asked_for(make_pdf: Make) -> None:
    scan = scanned(make_pdf([PLAN]))
    with pytest.raises(NoTextLayer, match="--ocr"):
        read_document(scan, name="scan.pdf")
    document = read_document(scan, name="scan.pdf", ocr=True)
    assert [paragraph.text for paragraph in document.paragraphs] == [" ".join(PARAGRAPH), "Vi køber to biler i 2026."]
    assert {paragraph.heading for paragraph in document.paragraphs} == {("Plan for akut hjælp",)}
    assert {paragraph.page for paragraph in document.paragraphs} == {1}


@needs_tesseract
def test_pages_with_text_keep_it_and_the_limits_hold(make_pdf: Make) -> None:
    text = make_pdf([PLAN])
    assert read_document(text, name="plan.pdf", ocr=True).text == read_document(text, name="plan.pdf").text
    with pytest.raises(ReadingTimeout):
        read_document(scanned(make_pdf([PLAN] * 30)), name="scan.pdf", ocr=True, limits=Limits(seconds=1))


@needs_tesseract
def test_an_empty_picture_gives_no_text(make_pdf: Make) -> None:
    with pytest.raises(NoTextLayer):
        read_document(scanned(make_pdf([[]])), name="tom.pdf", ocr=True)


def test_what_is_missing_is_said_before_anything_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FOLDERS", ())
    monkeypatch.delenv("TESSDATA_PREFIX", raising=False)
    if util.find_spec("tesserocr"):
        with pytest.raises(OcrMissing, match=r"dan\.traineddata"):
            Limits(ocr=True)
    monkeypatch.setattr(module.util, "find_spec", lambda name: None)
    with pytest.raises(OcrMissing, match="tesserocr"):
        read_document(b"Vi kommer.", name="plan.txt", ocr=True)
    assert read_document(b"Vi kommer.", name="plan.txt").text == "Vi kommer."
